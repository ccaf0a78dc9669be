// The visible part of the wide matrix as a real table over the canvas, for keyboard, pointer and screen reader.
import { CELL, HEAD } from "./matrix-canvas.js";
import { cellAt, describe } from "./matrix-cells.js";

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const hidden = (text) => element("span", { class: "visually-hidden" }, text);

// Only whole cells: what the heads cover in part is reached by scrolling on.
export function measure(box, view) {
  const left = Math.ceil(box.scrollLeft / CELL.width);
  const top = Math.ceil(box.scrollTop / CELL.height);
  const across = Math.max(1, Math.floor((box.clientWidth - HEAD.width) / CELL.width));
  const down = Math.max(1, Math.floor((box.clientHeight - HEAD.height) / CELL.height));
  return {
    left, top, across, down,
    right: Math.min(view.columns.length, left + across),
    bottom: Math.min(view.rows.length, top + down),
    dx: left * CELL.width - box.scrollLeft,
    dy: top * CELL.height - box.scrollTop,
  };
}

function makeCell(grid, view, row, column, here) {
  const cell = cellAt(grid, view.rows[row], view.columns[column]);
  const text = describe(grid, view.rows[row], view.columns[column]);
  const isHere = row === here.row && column === here.column;
  const made = element("td", {
    "data-row": row, "data-column": column, tabindex: isHere ? "0" : "-1", style: `height:${CELL.height}px`,
  });
  made.append(
    cell
      ? element("a", { href: grid.names.cell.replace("{id}", cell.id), tabindex: "-1" }, hidden(text))
      : hidden(text),
  );
  return made;
}

export function fill(table, grid, view, area, here) {
  const { regions, targets, words } = grid.names;
  const head = element("tr", {}, element("th", { scope: "col", style: `width:${HEAD.width}px;height:${HEAD.height}px` }, hidden(words.region)));
  for (let column = area.left; column < area.right; column += 1) {
    const target = targets[view.columns[column]];
    head.append(element("th", { scope: "col", style: `width:${CELL.width}px`, title: `${target.name} ${target.bound}` }, hidden(target.name)));
  }
  const body = element("tbody");
  for (let row = area.top; row < area.bottom; row += 1) {
    const region = regions[view.rows[row]];
    const name = element("th", { scope: "row" }, element("a", { href: grid.names.region.replace("{code}", region.code), tabindex: "-1" }, hidden(region.name)));
    const line = element("tr", { "aria-rowindex": row + 2 }, name);
    for (let column = area.left; column < area.right; column += 1) line.append(makeCell(grid, view, row, column, here));
    body.append(line);
  }
  table.replaceChildren(element("thead", {}, head), body);
  table.setAttribute("aria-rowcount", view.rows.length + 1);
  table.setAttribute("aria-colcount", view.columns.length + 1);
  table.style.setProperty("--dx", `${area.dx}px`);
  table.style.setProperty("--dy", `${area.dy}px`);
}

// Paper takes plain tables, as many columns each as fit on a page.
export function fillPaper(place, grid, view, columnsEach = 24) {
  place.replaceChildren();
  for (let start = 0; start < view.columns.length; start += columnsEach) {
    const part = view.columns.slice(start, start + columnsEach);
    const head = element("tr", {}, element("th", {}, grid.names.words.region));
    head.append(...part.map((column) => element("th", {}, grid.names.targets[column].name)));
    const body = element("tbody");
    for (const row of view.rows) {
      const line = element("tr", {}, element("th", {}, grid.names.regions[row].name));
      for (const column of part) {
        const sign = grid.names.signs[cellAt(grid, row, column)?.letter];
        line.append(element("td", { class: sign ? sign[2] : "void" }, sign ? sign[0] : ""));
      }
      body.append(line);
    }
    place.append(element("table", { class: "signs" }, element("thead", {}, head), body));
  }
}
