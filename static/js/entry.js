// The entry grid: keys, autosave, live rating, paste, undo. Everything shown comes from the server as HTML; without
// this file the page is an ordinary form.
import { Row, rowOf, fieldsOf, mergeRow } from "./entry-rows.js";
import { Saver } from "./entry-saving.js";
import { watchKeys } from "./entry-keys.js";
import { watchPaste } from "./entry-paste.js";

const form = document.getElementById("entry");
const words = Object.fromEntries(
  [...document.getElementById("words").content.querySelectorAll("[data-word]")].map((p) => [p.dataset.word, p.textContent]),
);
const saver = new Saver(form, { words, show, alert });
let liveTimer = 0;
let summaryTimer = 0;

function show(answer) {
  for (const [pk, html] of Object.entries(answer.rows ?? {})) mergeRow(pk, html);
  window.clearTimeout(summaryTimer);
  summaryTimer = window.setTimeout(refreshSummary, 700);
}

async function refreshSummary() {
  const answer = await fetch(form.dataset.summaryUrl, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const { lede, filled } = await answer.json();
  document.querySelector("[data-summary='lede']").innerHTML = lede;
  document.querySelector("[data-summary='filled']").textContent = filled;
}

function alert(text) {
  const place = document.getElementById("alert");
  place.replaceChildren();
  if (!text) return;
  const box = document.createElement("div");
  box.className = "notice error";
  box.append(Object.assign(document.createElement("p"), { textContent: text }));
  place.append(box);
}

// A cell is saved when it is left; while it is typed in, its rating is judged without being kept.
form.addEventListener("input", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  row.isKept = false;
  row.markDirty();
  window.clearTimeout(liveTimer);
  if (event.target.dataset.kind !== "explanation") liveTimer = window.setTimeout(() => saver.judge(row), 300);
});

form.addEventListener("change", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  window.clearTimeout(liveTimer);
  saver.save(row);
});

form.addEventListener("focusin", (event) => {
  if (event.target.matches("input[data-kind]")) Row.enter(event.target);
});
form.addEventListener("focusout", (event) => {
  if (event.target.matches("input[data-kind]")) Row.leave(event.target);
});

form.addEventListener("click", (event) => {
  if (!event.target.closest("[data-dispute] button")) return;
  event.preventDefault();
  if ("keep" in event.target.dataset) saver.keepTheirs(rowOf(event.target));
  else saver.takeTyped(rowOf(event.target));
});

// Save draft and check: what is on its way arrives first; a double click sends one form.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const then = event.submitter?.value ?? "stay";
  document.activeElement?.blur();
  const clean = await saver.flush();
  if (clean && then === "check") window.location.assign(`${form.action}check/`);
});

window.addEventListener("beforeunload", (event) => {
  if (saver.isBusy) event.preventDefault();
});

for (const input of fieldsOf(form)) Row.leave(input);
watchKeys(form, saver);
watchPaste(form, saver, { show, alert });
