// Menus are <details>: they open and close without this. Here: one open at a time, Escape and a click elsewhere close.
const MENUS = "details.menu";

function closeOthers(kept) {
  for (const menu of document.querySelectorAll(`${MENUS}[open]`)) {
    if (menu !== kept) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeOthers(event.target.closest(MENUS)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest(`${MENUS}[open]`);
  closeOthers(null);
  open?.querySelector("summary").focus();
});
