// The wide matrix: fetches the cells once, then draws, filters, sorts and moves without asking the server again.
import { CELL, draw, HEAD } from "./matrix-canvas.js";
import { choose, describe, unpack } from "./matrix-cells.js";
import { fill, fillPaper, measure } from "./matrix-window.js";

const box = document.querySelector("[data-matrix]");
const space = box.querySelector(".wide-space");
const stage = box.querySelector(".wide-stage");
const canvas = box.querySelector("canvas");
const table = box.querySelector("table");
const form = document.querySelector("[data-matrix-filter]");
const counted = document.getElementById("matrix-count");
const told = document.querySelector("[data-matrix-here]");
const names = JSON.parse(document.getElementById("matrix-names").textContent);
const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -Infinity], End: [0, Infinity],
};
let grid;
let view;
let here = { row: 0, column: 0 };
let waiting = 0;
let asked = false;

const clamp = (value, most) => Math.min(Math.max(value, 0), Math.max(most - 1, 0));

function paint() {
  asked = false;
  draw(canvas, grid, view, { left: box.scrollLeft, top: box.scrollTop });
}

// While the view moves only the canvas follows; the table comes when it rests.
function follow() {
  if (!asked) {
    asked = true;
    requestAnimationFrame(paint);
  }
  clearTimeout(waiting);
  waiting = setTimeout(rest, 120);
}

function rest() {
  const area = measure(box, view);
  const hadFocus = table.contains(document.activeElement);
  here = {
    row: Math.min(Math.max(here.row, area.top), Math.max(area.bottom - 1, 0)),
    column: Math.min(Math.max(here.column, area.left), Math.max(area.right - 1, 0)),
  };
  fill(table, grid, view, area, here);
  if (hadFocus) table.querySelector("td[tabindex='0']")?.focus({ preventScroll: true });
}

function resize() {
  const width = HEAD.width + view.columns.length * CELL.width;
  const height = HEAD.height + view.rows.length * CELL.height;
  space.style.width = `${width}px`;
  space.style.height = `${height}px`;
  stage.style.width = `${Math.min(box.clientWidth, width)}px`;
  stage.style.height = `${Math.min(box.clientHeight, height)}px`;
  canvas.style.width = stage.style.width;
  canvas.style.height = stage.style.height;
}

function show() {
  const choice = Object.fromEntries(new FormData(form));
  view = choose(grid, choice);
  const isEmpty = !view.rows.length || !view.columns.length;
  box.hidden = isEmpty;
  told.textContent = "";
  counted.textContent = isEmpty
    ? names.words.nothing
    : names.words.count.replace("{rows}", view.rows.length).replace("{columns}", view.columns.length);
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(choice)) value ? query.set(name, value) : query.delete(name);
  history.replaceState(null, "", `?${query}`);
  box.scrollTo(0, 0);
  here = { row: 0, column: 0 };
  resize();
  paint();
  rest();
}

function tell(row, column) {
  const region = names.regions[view.rows[row]];
  const target = names.targets[view.columns[column]];
  const text = describe(grid, view.rows[row], view.columns[column]);
  told.textContent = ` · ${region.name} · ${target.clause} ${target.name} ${target.bound} · ${text}`;
}

function move(event) {
  const step = MOVES[event.key];
  if (event.key === "Enter") event.target.querySelector?.("a")?.click();
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  here = { row: clamp(here.row + step[0], view.rows.length), column: clamp(here.column + step[1], view.columns.length) };
  const { left, top, across, down } = measure(box, view);
  if (here.column < left) box.scrollLeft = here.column * CELL.width;
  if (here.column >= left + across) box.scrollLeft = (here.column - across + 1) * CELL.width;
  if (here.row < top) box.scrollTop = here.row * CELL.height;
  if (here.row >= top + down) box.scrollTop = (here.row - down + 1) * CELL.height;
  paint();
  rest();
}

function listen() {
  box.addEventListener("scroll", follow, { passive: true });
  table.addEventListener("keydown", move);
  for (const name of ["focusin", "mouseover"]) {
    table.addEventListener(name, (event) => {
      const cell = event.target.closest("td");
      if (!cell) return;
      const place = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
      if (name === "focusin") here = place;
      tell(place.row, place.column);
    });
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  new ResizeObserver(() => { resize(); follow(); }).observe(box);
  globalThis.addEventListener("beforeprint", () => {
    const paper = document.querySelector("[data-matrix-print]");
    if (box.hidden) paper.replaceChildren(counted.textContent);
    else fillPaper(paper, grid, view);
  });
}

async function start() {
  for (const [code, name] of Object.entries(names.domains)) form.elements.domain.add(new Option(name, code));
  const query = new URLSearchParams(location.search);
  for (const field of form.elements) if (query.has(field.name)) field.value = query.get(field.name);
  const answer = await fetch(names.cells, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  grid = unpack(await answer.json(), names);
  show();
  listen();
}

start().catch(() => { counted.textContent = names.words.failed; });
