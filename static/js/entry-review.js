// Reviewing by keyboard: ↑ ↓ move between figures, C checks one off, R writes a remark, Escape leaves it.
const rows = () => [...document.querySelectorAll(".reviewed[open] tbody.row")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const inField = event.target.matches("input, textarea");
  const row = event.target.closest?.("tbody.row");
  if (event.key === "Escape" && inField && row) return row.focus();
  if (event.key === "Enter" && event.target.matches(".remark")) {
    event.preventDefault();
    return row.focus();
  }
  if (inField) return;
  const place = rows().indexOf(row);
  if (event.key === "ArrowDown" || event.key === "j") move(event, rows()[place + 1]);
  if (event.key === "ArrowUp" || event.key === "k") move(event, rows()[Math.max(place - 1, 0)]);
  if ((event.key === "c" || event.key === "C") && row) {
    event.preventDefault();
    row.querySelector("[data-check]")?.click();
  }
  if ((event.key === "r" || event.key === "R") && row) {
    event.preventDefault();
    row.querySelector(".remark")?.focus();
  }
});

function move(event, row) {
  if (!row) return;
  event.preventDefault();
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

// A figure is checked off in its place: the page that answers says what stands, remarks being typed stay. Keys may come
// faster than answers, so that marks wait in line, and whoever has moved on stays there.
let line = Promise.resolve();
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.target.id !== "check" || !button) return;
  event.preventDefault();
  if (button.dataset.sent) return;
  button.dataset.sent = "1";
  line = line.then(() => checkOff(button));
});

async function checkOff(button) {
  const form = document.getElementById("check"); // every answer brings a new one, with a new key
  const row = button.closest("tbody.row");
  const answer = await send(form, button).catch(() => null);
  if (!answer?.ok) return HTMLFormElement.prototype.submit.call(withValue(form, button));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(row.id);
  const wasHere = document.activeElement === button;
  row.className = fresh.className;
  button.replaceWith(fresh.querySelector(".checkmark"));
  document.getElementById("progress").replaceWith(page.getElementById("progress"));
  if (wasHere) row.focus();
}

function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  return fetch(form.action, { method: "POST", body });
}

function withValue(form, button) {
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  return form;
}

// One press is one act: the second click of a double click finds the button resting.
for (const form of document.querySelectorAll(".foot form, .hurry form:not(#check)")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
