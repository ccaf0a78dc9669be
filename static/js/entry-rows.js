// One row of the grid: what is in its fields, what the server last said, and how the server's answer is merged in.

const known = new WeakMap();
const GROUPS = /[\u00a0\u2009\u202f]/g;
const PLAIN = /^-?\d{4,}(\.\d+)?$/;

export function fieldsOf(place) {
  return place.querySelectorAll("input[data-kind]");
}

export function rowOf(element) {
  const body = element.closest?.("tbody[data-row]");
  if (!body) return null;
  if (!known.has(body)) known.set(body, new Row(body));
  return known.get(body);
}

export function rowByKey(pk) {
  return rowOf(document.getElementById(`r${pk}`));
}

function presentValue(field) {
  if (field.type === "checkbox") return field.checked ? field.value : null;
  return field.value.replace(GROUPS, "");
}

function renderedValue(field) {
  if (field.type === "checkbox") return field.defaultChecked ? field.value : null;
  if (field.tagName === "SELECT") return [...field.options].find((option) => option.defaultSelected)?.value ?? "";
  return field.defaultValue.replace(GROUPS, "");
}

export class Row {
  constructor(body) {
    this.body = body;
    this.saved = this.read(renderedValue); // not what stands there now: the first key may be in already
    this.isSaving = false;
    this.isStale = false;
  }

  get pk() {
    return this.body.dataset.row;
  }

  get fields() {
    return [...this.body.querySelectorAll("[data-kind], .none [type='checkbox']")];
  }

  get version() {
    return this.body.querySelector(`[name='${this.pk}-version']`);
  }

  // The version of the figure that someone else saved, in a row with two values.
  get stands() {
    return this.body.querySelector("[data-take]")?.value.split(":")[1];
  }

  // The text beside the row that was not saved, as the page shows it.
  get unsaved() {
    return this.body.querySelector(`[name='${this.pk}-typed']`);
  }

  // What would be sent, by the names of the form; digits without the spaces that only help reading.
  read(valueOf = presentValue) {
    const values = this.fields.map((field) => [field.name, valueOf(field)]);
    return Object.fromEntries(values.filter(([, value]) => value !== null));
  }

  get sent() {
    const seen = [this.version, this.unsaved].map((field) => [field.name, field.value]);
    return { ...this.read(), ...Object.fromEntries(seen) };
  }

  // This row was saved while what a colleague typed waits beside it: until one is chosen, saving goes on as before.
  passBy() {
    if (!this.stands) return;
    this.version.value = this.stands;
    this.offered = this.unsaved.value;
    this.unsaved.value = "0";
  }

  get isDirty() {
    return JSON.stringify(this.read()) !== JSON.stringify(this.saved);
  }

  markDirty() {
    this.body.classList.toggle("dirty", this.isDirty);
  }

  mark(state) {
    this.body.querySelector("[data-mark]").dataset.mark = state;
    this.body.classList.toggle("dirty", state !== "saved" && this.isDirty);
  }

  // Put values (by name) into the fields, as undo and "keep theirs" do.
  write(values) {
    for (const field of this.fields) {
      if (field.type === "checkbox") field.checked = field.name in values;
      else if (field.name in values) field.value = values[field.name];
      if (field !== document.activeElement && field.matches("input[data-kind]")) Row.leave(field);
    }
  }

  // Digits stand in groups while they are only read, and together while they are typed.
  static enter(input) {
    input.value = input.value.replace(GROUPS, "");
    input.dataset.before = input.value;
    input.select();
  }

  static leave(input) {
    delete input.dataset.editing;
    if (!PLAIN.test(input.value)) return;
    const [whole, decimals] = input.value.split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
    input.value = decimals === undefined ? grouped : `${grouped}.${decimals}`;
  }
}

// Everything that the server computed replaces what stands there; fields are left to whoever is typing in them. A row
// that was only judged keeps the choice between two values, until it is saved.
export function mergeRow(pk, html, { isJudged = false } = {}) {
  const box = document.createElement("template");
  box.innerHTML = html;
  const fresh = box.content.querySelector("tbody");
  const row = rowByKey(pk);
  if (!fresh || !row) return;
  const old = row.body;
  const stays = isJudged && old.querySelector("[data-dispute]");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    if (part.dataset.part === "notes" || (stays && part.dataset.part === "said")) continue;
    old.querySelector(`[data-part='${part.dataset.part}']`)?.replaceWith(part.cloneNode(true));
  }
  old.querySelector(".notes").hidden = fresh.querySelector(".notes").hidden && !stays && !isFocusedIn(old.querySelector(".notes"));
  const explain = fresh.querySelector("[data-part-shown='explain']");
  const shown = old.querySelector("[data-part-shown='explain']");
  shown.hidden = explain.hidden && !isFocusedIn(shown);
  if (!isJudged) {
    const said = new Row(fresh);
    row.version.value = said.version.value;
    row.unsaved.value = said.unsaved.value;
    row.typed = said.stands ? said.saved : null;
    row.offered = null;
  }
  for (const field of fresh.querySelectorAll("input[data-kind]")) {
    const mine = old.querySelector(`[name='${field.name}']`);
    mine.toggleAttribute("aria-invalid", field.hasAttribute("aria-invalid"));
    mine.closest("td").classList.toggle("bad", field.closest("td").classList.contains("bad"));
  }
  const states = ["empty", "filled", "bad", "word"];
  old.classList.remove(...states);
  old.classList.add(...states.filter((state) => fresh.classList.contains(state)));
  return fresh;
}

// What the server says stands in the fields of a row, by name.
export function readFresh(pk, html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return new Row(box.content.querySelector("tbody")).saved;
}

function isFocusedIn(place) {
  return place.contains(document.activeElement);
}
