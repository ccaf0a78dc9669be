// Saves rows one request at a time each, in order; keeps trying while the server is away; never loses what was typed.
import { mergeRow, readFresh, rowOf } from "./entry-rows.js";

const RETRY = [2000, 5000, 10000, 30000];

export class Saver {
  constructor(form, { words, show, alert }) {
    this.form = form;
    this.words = words;
    this.show = show;
    this.alert = alert;
    this.undone = [];
    this.waiting = new Set();
    this.failures = 0;
    this.judged = 0;
  }

  // Whether something typed is nowhere but on this page.
  get isBusy() {
    const row = rowOf(document.activeElement);
    return [...this.waiting].some((one) => !one.isKept) || Boolean(row?.isDirty && !row.isKept);
  }

  say(word, value = "") {
    document.getElementById("saved").textContent = (this.words[word] ?? "").replace("%s", value);
  }

  async post(address, sent, { again = true } = {}) {
    const body = new URLSearchParams(sent);
    const token = this.form.querySelector("[name='csrfmiddlewaretoken']");
    const headers = { "X-CSRFToken": token.value };
    const answer = await fetch(address, { method: "POST", body, headers, redirect: "manual" });
    if (answer.type === "opaqueredirect") throw new SignedOut();
    // Whoever signed in again in another tab has a new token: the page fetches it once, and what was typed is saved.
    const isForged = answer.status === 403 && !answer.headers.get("Content-Type")?.includes("json");
    if (!isForged || !again) return answer;
    const page = await (await fetch(this.form.action)).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("#entry [name='csrfmiddlewaretoken']");
    if (!fresh) throw new SignedOut();
    token.value = fresh.value;
    return this.post(address, sent, { again: false });
  }

  // Judge a row without keeping it; an answer that was overtaken by a newer one is dropped.
  async judge(row) {
    const turn = ++this.judged;
    try {
      const answer = await this.post(this.form.dataset.live, row.sent);
      if (!answer.ok || turn !== this.judged || row.isSaving) return;
      const said = await answer.json();
      for (const [pk, html] of Object.entries(said.rows)) mergeRow(pk, html, { isJudged: true });
    } catch {
      // The rating comes with the save; nothing is lost without it.
    }
  }

  async save(row, { again = false } = {}) {
    if (!row.isDirty && !again) {
      row.mark("saved");
      this.waiting.delete(row);
      return;
    }
    this.waiting.add(row);
    if (row.isSaving) {
      row.isWanted = true;
      return;
    }
    row.isSaving = true;
    row.isWanted = row.isKept = false;
    row.mark("saving");
    this.say("saving");
    const [read, sent] = [row.read(), row.sent];
    let goOn = false;
    try {
      goOn = await this.settle(row, read, await this.post(this.form.dataset.cells, sent));
      this.failures = 0;
    } catch (error) {
      this.fail(row, error);
    } finally {
      row.isSaving = false;
    }
    const isNewer = JSON.stringify(row.read()) !== JSON.stringify(read);
    if (goOn ? row.isWanted || row.isDirty : row.isKept && isNewer) await this.save(row);
  }

  // Take the answer in; true if the row stands as it was sent.
  async settle(row, read, answer) {
    if (answer.status >= 500) throw new Error("The server is away.");
    const said = await answer.json();
    this.show(said);
    if (answer.ok) {
      this.remember(row, row.saved);
      row.saved = read;
      row.passBy();
      row.mark("saved");
      if (!row.isDirty) this.waiting.delete(row);
      this.say("saved", new Date().toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" }));
      this.alert("");
      return true;
    }
    row.isKept = row.pk in said.rows; // the server holds what was typed, and shows it again
    row.mark("unsaved");
    this.say("unsaved");
    if (!row.isKept) this.alert(said.message);
    return false;
  }

  fail(row, error) {
    row.mark("unsaved");
    this.say("unsaved");
    this.alert(error instanceof SignedOut ? this.words["signed-out"] : this.words.offline);
    if (this.timer) return; // many rows that fail at once are one failure
    const delay = RETRY[Math.min(this.failures++, RETRY.length - 1)];
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      [...this.waiting].forEach((one) => this.save(one));
    }, delay);
  }

  // Let the other person's value stand: the server says which it is now.
  async keepTheirs(row) {
    try {
      await this.rest(row);
      const answer = await this.post(this.form.dataset.cells, { keep: row.pk });
      const said = await answer.json();
      if (!answer.ok) return this.alert(said.message);
      this.show(said);
      row.write(readFresh(row.pk, said.rows[row.pk]));
      row.saved = row.read();
      row.mark("saved");
      this.waiting.delete(row);
      this.alert("");
    } catch (error) {
      this.alert(error instanceof SignedOut ? this.words["signed-out"] : this.words.offline);
    }
  }

  // Save what was typed after all: what stands in the cells, or beside them if a colleague typed it.
  async takeTyped(row) {
    await this.rest(row);
    if (row.typed && !row.isDirty) row.write(row.typed);
    row.version.value = row.stands ?? row.version.value;
    row.unsaved.value = row.offered ?? row.unsaved.value;
    await this.save(row, { again: true });
  }

  async rest(row) {
    while (row.isSaving) await new Promise((done) => window.setTimeout(done, 50));
  }

  // Save what is still open; true when nothing is left.
  async flush() {
    await Promise.all([...this.waiting].filter((row) => !row.isSaving).map((row) => this.save(row)));
    while ([...this.waiting].some((row) => row.isSaving)) await new Promise((done) => window.setTimeout(done, 50));
    const left = [...this.waiting][0];
    if (left) left.body.scrollIntoView({ block: "center" });
    return !left;
  }

  remember(row, values) {
    this.undone.push({ row, values });
    if (this.undone.length > 200) this.undone.shift();
  }

  // Take back the last saved change; what stood there before is saved in turn.
  async undo() {
    const last = this.undone.pop();
    if (!last) return this.say("nothing-to-undo");
    last.row.write(last.values);
    await this.save(last.row);
    this.undone.pop();
    this.say("undone");
  }
}

class SignedOut extends Error {}
