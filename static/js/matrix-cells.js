// The cells of the wide matrix: unpacked once, then filtered and sorted in memory.
const SEVERITY = "xdwGAncR";

// Whole numbers as they are sent: four bytes each, the lowest first, as base64.
function read(text) {
  const bytes = new DataView(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
  return Array.from({ length: bytes.byteLength / 4 }, (_, place) => bytes.getInt32(place * 4, true));
}

export function unpack(packed, names) {
  const rows = new Map(names.regions.map((region, place) => [region.id, place]));
  const columns = new Map(names.targets.map((target, place) => [target.id, place]));
  const width = names.targets.length;
  const cells = new Array(names.regions.length * width).fill(null);
  const targets = read(packed.targets);
  const allocations = read(packed.allocations);
  const ratios = read(packed.ratios);
  read(packed.regions).forEach((region, place) => {
    const row = rows.get(region);
    const column = columns.get(targets[place]);
    // A region or target that came after the page was made is shown after the next load.
    if (row === undefined || column === undefined) return;
    const letter = packed.letters[place];
    const at = row * width + column;
    if (cells[at] && SEVERITY.indexOf(cells[at].letter) > SEVERITY.indexOf(letter)) return;
    cells[at] = { letter, id: allocations[place], ratio: ratios[place] };
  });
  return { names, cells, width };
}

export const cellAt = (grid, row, column) => grid.cells[row * grid.width + column];

function count(grid, places, at) {
  const counts = { G: 0, A: 0, R: 0 };
  for (const place of places) {
    const cell = at(place);
    if (cell && cell.letter in counts) counts[cell.letter] += 1;
  }
  return counts;
}

function sort(places, order, countOf) {
  if (!order) return places;
  const key = order === "worst" ? (c) => [-c.R, -c.A] : (c) => [-c.G, -c.A];
  const keys = new Map(places.map((place) => [place, key(countOf(place))]));
  return places.toSorted((a, b) => keys.get(a)[0] - keys.get(b)[0] || keys.get(a)[1] - keys.get(b)[1] || a - b);
}

const bears = (name, words) => words.every((word) => name.toLowerCase().includes(word));

// What is shown of the grid: the places of rows and columns, in order.
export function choose(grid, choice) {
  const words = (text) => (text || "").toLowerCase().split(/\s+/).filter(Boolean);
  const places = (list, fits) => list.map((item, place) => (fits(item) ? place : -1)).filter((place) => place >= 0);
  let rows = places(grid.names.regions, (region) => bears(region.name, words(choice.row)));
  let columns = places(
    grid.names.targets,
    (target) => bears(target.name, words(choice.column)) && (!choice.domain || target.domain === choice.domain),
  );
  if (choice.only) {
    const holds = (row, column) => cellAt(grid, row, column)?.letter === choice.only;
    columns = columns.filter((column) => rows.some((row) => holds(row, column)));
    rows = rows.filter((row) => columns.some((column) => holds(row, column)));
  }
  return {
    rows: sort(rows, choice.rows, (row) => count(grid, columns, (column) => cellAt(grid, row, column))),
    columns: sort(columns, choice.columns, (column) => count(grid, rows, (row) => cellAt(grid, row, column))),
  };
}

export function describe(grid, row, column) {
  const { signs, words } = grid.names;
  const cell = cellAt(grid, row, column);
  const ratio = cell?.ratio >= 0 ? ` ${(cell.ratio / 10).toFixed(1)}%` : "";
  return cell ? `${signs[cell.letter][0]} ${signs[cell.letter][1]}${ratio}` : words.none;
}
