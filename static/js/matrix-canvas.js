// Draws the visible part of the wide matrix: heads that stay, cells with colour and shape.
import { cellAt } from "./matrix-cells.js";

export const CELL = { width: 30, height: 26 };
export const HEAD = { height: 150, width: 136 };

const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(`--${name}`).trim();
const NAMES = { G: "green", A: "amber", R: "red", N: "grey" };
const COLOURS = Object.fromEntries(
  Object.entries(NAMES).map(([letter, name]) => [letter, { soft: token(`${name}-soft`), ink: token(`${name}-ink`) }]),
);
const FONT = token("font");

function fit(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end -= 1;
  return `${text.slice(0, end)}…`;
}

// A long name takes two lines; what does not fit there ends in an ellipsis.
function breakInTwo(context, text, width) {
  let end = text.length;
  while (end > 1 && context.measureText(text.slice(0, end)).width > width) end -= 1;
  if (end === text.length) return [text];
  const space = text.lastIndexOf(" ", end);
  const cut = space > end / 2 ? space : end;
  return [text.slice(0, cut), fit(context, text.slice(cut).trim(), width)];
}

function drawCell(context, grid, cell, x, y) {
  const [shape, , kind] = grid.names.signs[cell.letter];
  context.fillStyle = COLOURS[kind].soft;
  context.fillRect(x + 1, y + 1, CELL.width - 2, CELL.height - 2);
  context.fillStyle = COLOURS[kind].ink;
  context.fillText(shape, x + CELL.width / 2, y + CELL.height / 2 + 1);
}

function drawColumnHead(context, lines, x) {
  context.save();
  context.translate(x + CELL.width / 2, HEAD.height - 6);
  context.rotate(-Math.PI / 2);
  lines.forEach((line, place) => context.fillText(line, 0, (place - (lines.length - 1) / 2) * 13));
  context.restore();
}

export function draw(canvas, grid, view, scroll) {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const scale = globalThis.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = token("paper");
  context.fillRect(0, 0, width, height);
  context.textBaseline = "middle";
  const columns = range(scroll.left, CELL.width, width - HEAD.width, view.columns.length);
  const rows = range(scroll.top, CELL.height, height - HEAD.height, view.rows.length);
  drawBody(context, grid, view, { scroll, columns, rows, width, height });
  drawHeads(context, grid, view, { scroll, columns, rows, width, height });
}

function range(offset, size, room, most) {
  const first = Math.floor(offset / size);
  return [first, Math.min(most, first + Math.ceil(room / size) + 1)];
}

function clip(context, x, y, width, height, paint) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  paint();
  context.restore();
}

function drawBody(context, grid, view, { scroll, columns, rows, width, height }) {
  context.textAlign = "center";
  context.font = `12px ${FONT}`;
  clip(context, HEAD.width, HEAD.height, width, height, () => {
    for (let row = rows[0]; row < rows[1]; row += 1) {
      for (let column = columns[0]; column < columns[1]; column += 1) {
        const cell = cellAt(grid, view.rows[row], view.columns[column]);
        const x = HEAD.width + column * CELL.width - scroll.left;
        if (cell) drawCell(context, grid, cell, x, HEAD.height + row * CELL.height - scroll.top);
      }
    }
  });
}

function drawHeads(context, grid, view, { scroll, columns, rows, width, height }) {
  const { regions, targets, words } = grid.names;
  context.textAlign = "left";
  context.fillStyle = token("ink-2");
  context.font = `12px ${FONT}`;
  clip(context, HEAD.width, 0, width, HEAD.height, () => {
    for (let column = columns[0]; column < columns[1]; column += 1) {
      const target = targets[view.columns[column]];
      target.lines ??= breakInTwo(context, target.name, HEAD.height - 14);
      drawColumnHead(context, target.lines, HEAD.width + column * CELL.width - scroll.left);
    }
  });
  context.font = `13px ${FONT}`;
  clip(context, 0, HEAD.height, HEAD.width, height, () => {
    for (let row = rows[0]; row < rows[1]; row += 1) {
      const name = fit(context, regions[view.rows[row]].name, HEAD.width - 20);
      context.fillText(name, 14, HEAD.height + (row + 0.5) * CELL.height - scroll.top);
    }
  });
  context.fillText(words.region, 14, HEAD.height - 14);
  context.fillStyle = token("line-2");
  context.fillRect(0, HEAD.height - 1, width, 1);
  context.fillRect(HEAD.width - 1, 0, 1, height);
}
