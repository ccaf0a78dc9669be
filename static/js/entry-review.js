// Reviewing by keyboard: ↑ ↓ move between figures, R writes a remark, Escape leaves it.
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

// One press is one act: the second click of a double click finds the button resting.
for (const form of document.querySelectorAll(".foot form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
