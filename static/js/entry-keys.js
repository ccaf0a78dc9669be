// Moving about as in a spreadsheet. A cell that was just entered is moved out of by the arrows; F2, a double click or
// typing makes it one in which the arrows move the caret.
import { rowOf } from "./entry-rows.js";

const NONE = new Set(["n", "N", "无"]);
// The rows stay the same as long as the page stands: a form of 1 800 is not looked through at every key.
const bodies = [...document.querySelectorAll("tbody[data-row]")];
const places = new Map(bodies.map((body, place) => [body, place]));

export function watchKeys(form, saver) {
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isChanged(event.target)) {
      event.preventDefault();
      saver.undo();
      return;
    }
    if (!event.target.matches("td.in [data-kind]") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.isComposing) return;
    handle(event, saver);
  });
  form.addEventListener("dblclick", (event) => {
    if (event.target.matches("input[data-kind]")) event.target.dataset.editing = "1";
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("input[data-kind]")) event.target.dataset.editing = "1";
  });
  // The same key arrives as a character when an input method is on.
  form.addEventListener("compositionend", (event) => {
    if (NONE.has(event.data) && event.target.value === event.data) setNone(event.target, saver);
  });
}

function handle(event, saver) {
  const field = event.target;
  const isEditing = Boolean(field.dataset.editing);
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
  if (!isEditing) Object.assign(steps, { ArrowLeft: [0, -1], ArrowRight: [0, 1] });
  if (field.tagName === "SELECT" && event.key.startsWith("Arrow") && event.key.length > 8 && !event.shiftKey) {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") return step(event, field, steps[event.key]);
  }
  if (event.key in steps) return step(event, field, steps[event.key]);
  if (event.key === "F2") {
    event.preventDefault();
    field.dataset.editing = "1";
    field.setSelectionRange?.(field.value.length, field.value.length);
  } else if (event.key === "Escape" && field.dataset.before !== undefined) {
    field.value = field.dataset.before;
    delete field.dataset.editing;
    field.select?.();
    rowOf(field).markDirty();
    saver.judge(rowOf(field));
  } else if (NONE.has(event.key) && field.tagName === "INPUT") {
    event.preventDefault();
    setNone(field, saver);
  }
}

function step(event, field, [down, across]) {
  event.preventDefault();
  const target = findCell(field, down, across);
  if (target) {
    target.focus();
    target.closest("tr").scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter") {
    field.blur();
    field.focus();
  }
}

// The cell one step away; a value that spans both columns is met from either.
function findCell(field, down, across) {
  const row = field.closest("tbody[data-row]");
  const cells = cellsOf(row);
  const place = cells.indexOf(field);
  if (across) return cells[place + across] ?? findCell(across > 0 ? cells.at(-1) : cells[0], across, 0);
  let at = places.get(row);
  do at += down;
  while (bodies[at] && cellsOf(bodies[at]).length === 0);
  if (!bodies[at]) return null;
  const theirs = cellsOf(bodies[at]);
  return theirs[Math.min(place, theirs.length - 1)];
}

export function cellsOf(body) {
  return [...body.querySelectorAll("td.in [data-kind]:not([readonly]):not([disabled])")].filter(
    (cell) => !body.querySelector(".none :checked") || cell.dataset.kind !== "denominator",
  );
}

function setNone(field, saver) {
  const row = rowOf(field);
  const box = row.body.querySelector(".none [type='checkbox']");
  if (!box || box.disabled) return;
  box.checked = !box.checked;
  if (box.checked) row.fields.filter((one) => one.matches("input[data-kind]")).forEach((one) => (one.value = ""));
  saver.save(row);
  const next = findCell(field, 1, 0);
  if (box.checked && next) next.focus();
}

function isChanged(field) {
  return field.dataset?.before !== undefined && field.value !== field.dataset.before && field === document.activeElement;
}
