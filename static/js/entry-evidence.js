// Evidence files: drop them on a row, or choose them through its link. The row comes back from the server as HTML;
// without this file the link leads to a page with an ordinary form.
import { mergeRow } from "./entry-rows.js";

const form = document.getElementById("entry");
const saved = document.getElementById("saved");
const words = document.getElementById("words").content;

function say(word, value = "") {
  saved.textContent = words.querySelector(`[data-word='${word}']`).textContent.replace("%s", value);
}

function alert(text) {
  const place = document.getElementById("alert");
  place.replaceChildren();
  if (!text) return;
  const box = document.createElement("div");
  box.className = "notice error";
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  place.append(box);
  place.scrollIntoView({ block: "nearest" });
}

const bodyOf = (event) => event.target.closest?.("tbody[data-files]");
const bringsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

async function attach(body, files) {
  const names = [...files].map((file) => file.name).join(", ");
  if (!names) return;
  const sent = new FormData();
  for (const file of files) sent.append("evidence", file);
  sent.append("complete", "1"); // the last field: a request that was cut off lacks it
  say("attaching", names);
  try {
    const token = form.querySelector("[name='csrfmiddlewaretoken']").value;
    const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch" };
    const answer = await fetch(body.dataset.files, { method: "POST", body: sent, headers, redirect: "manual" });
    if (answer.type === "opaqueredirect") throw new Error("signed-out");
    const said = await answer.json();
    for (const [pk, html] of Object.entries(said.rows ?? {})) mergeRow(pk, html);
    alert(said.message);
    say(answer.ok ? "attached" : "not-attached", names);
  } catch (error) {
    say("not-attached");
    alert(words.querySelector(`[data-word='${error.message === "signed-out" ? "signed-out" : "offline"}']`).textContent);
  }
}

form.addEventListener("dragover", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault(); // a file that misses its row must not replace the page
  const body = bodyOf(event);
  event.dataTransfer.dropEffect = body ? "copy" : "none";
  for (const other of form.querySelectorAll(".dropping")) if (other !== body) other.classList.remove("dropping");
  body?.classList.add("dropping");
});

form.addEventListener("dragleave", (event) => {
  if (!form.contains(event.relatedTarget)) for (const body of form.querySelectorAll(".dropping")) body.classList.remove("dropping");
});

form.addEventListener("drop", (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  const body = bodyOf(event);
  for (const other of form.querySelectorAll(".dropping")) other.classList.remove("dropping");
  if (body) attach(body, event.dataTransfer.files);
});

form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-attach]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const chooser = Object.assign(document.createElement("input"), {
    type: "file",
    multiple: true,
    accept: ".pdf,.png,.jpg,.jpeg,.xlsx,.docx",
  });
  chooser.addEventListener("change", () => attach(link.closest("tbody"), chooser.files));
  chooser.click();
});
