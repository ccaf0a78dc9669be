// A block from Excel or WPS: laid on the grid from the cell it was pasted in, shown first, taken over when confirmed.
import { readFresh, rowByKey, rowOf } from "./entry-rows.js";
import { cellsOf } from "./entry-keys.js";

export function watchPaste(form, saver, { show, alert }) {
  form.addEventListener("paste", async (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field.matches("td.in [data-kind]") || !/[\t\n]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const { sent, overflow } = layOut(field, parseBlock(text));
    if (!Object.keys(sent).length) return;
    const answer = await saver.post(form.dataset.paste, { ...sent, overflow }).catch(() => null);
    if (!answer) return enter(saver, sent); // without a server no preview: each row is sent as soon as it is back
    if (!answer.ok) return alert(await answer.text());
    const dialog = document.getElementById("paste");
    dialog.innerHTML = await answer.text();
    dialog.addEventListener("close", () => dialog.returnValue === "apply" && apply(form, saver, sent, { show, alert }), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });
}

// Rows of cells; a cell in quotes may hold line ends and doubled quotes.
export function parseBlock(text) {
  const rows = [[]];
  const cell = /(?:^|\t|\r\n|\n|\r)(?:"((?:[^"]|"")*)"(?=\t|\r|\n|$)|([^\t\r\n]*))/g;
  let first = true;
  for (const match of text.replace(/(\r\n|\n|\r)+$/, "").matchAll(cell)) {
    if (!first && !match[0].startsWith("\t")) rows.push([]);
    first = false;
    rows.at(-1).push((match[1]?.replaceAll('""', '"') ?? match[2]).trim());
  }
  return rows;
}

// The block's cells by the names of the form; each touched row also sends what it already holds.
function layOut(start, block) {
  const bodies = [...document.querySelectorAll("tbody[data-row]")].filter((body) => cellsOf(body).length);
  const top = bodies.indexOf(start.closest("tbody[data-row]"));
  const left = cellsOf(bodies[top]).indexOf(start);
  const sent = {};
  let overflow = 0;
  block.forEach((cells, down) => {
    const body = bodies[top + down];
    const row = body && rowOf(body);
    if (row) Object.assign(sent, row.sent);
    cells.forEach((text, across) => {
      const field = body && [...body.querySelectorAll("td.in [data-kind]")][left + across];
      if (field) sent[field.name] = text;
      else if (text) overflow += 1;
      if (field && text) delete sent[`${body.dataset.row}-nothing`];
    });
  });
  return { sent, overflow };
}

// Put the block into its cells as if it were typed: nothing of it is lost while the server is away.
function enter(saver, sent) {
  for (const pk of new Set(Object.keys(sent).map((name) => name.split("-")[0]))) {
    rowByKey(pk).write(sent);
    saver.save(rowByKey(pk));
  }
}

async function apply(form, saver, sent, { show, alert }) {
  const answer = await saver.post(form.dataset.cells, sent).catch(() => null);
  if (!answer) return enter(saver, sent);
  const said = await answer.json();
  show(said);
  if (!Object.keys(said.rows).length) return alert(said.message);
  for (const pk of Object.keys(said.rows)) {
    const row = rowOf(document.getElementById(`r${pk}`));
    const isSaved = !row.typed && !row.body.querySelector("[aria-invalid]");
    if (isSaved) saver.remember(row, row.saved);
    if (answer.ok) row.passBy();
    row.write(readFresh(pk, said.rows[pk]));
    row.saved = row.read();
    row.mark(isSaved ? "saved" : "unsaved");
  }
}
