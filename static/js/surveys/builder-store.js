// The draft as it stands in the browser. Every change is a step; steps can be undone and done again.
import { find, opened, paths } from "./builder-items.js";

const STEPS = 200;
const LETTERS = 40_000_000;

export class Store extends EventTarget {
  constructor(document, problems) {
    super();
    this.document = opened(document);
    this.selected = this.document.items[0]?._key ?? "settings";
    this.language = this.document.settings.default_language || this.document.languages[0] || "";
    this.closed = new Set();
    this.past = [];
    this.future = [];
    this.problems = new Map();
    this.take(problems, paths(this.document));
  }

  get item() {
    return find(this.document, this.selected)?.item ?? null;
  }

  // `merge` names what is being typed in: the letters of one word are one step. `quiet` leaves the panel as it is.
  step(change, { merge = "", quiet = false } = {}) {
    const before = { document: JSON.stringify(this.document), selected: this.selected };
    if (change(this.document) === false) return false;
    if (!merge || merge !== this.merging) this.past.push(before);
    this.merging = merge;
    this.future = [];
    this.forget();
    this.tell("change", { quiet });
    return true;
  }

  forget() {
    let letters = 0;
    const kept = this.past.slice(-STEPS).reverse();
    const enough = kept.findIndex((step) => (letters += step.document.length) > LETTERS);
    this.past = (enough > 0 ? kept.slice(0, enough) : kept).reverse();
  }

  undo() { this.turn(this.past, this.future); }
  redo() { this.turn(this.future, this.past); }

  turn(from, to) {
    const step = from.pop();
    if (!step) return;
    to.push({ document: JSON.stringify(this.document), selected: this.selected });
    this.document = JSON.parse(step.document);
    this.selected = step.selected;
    this.merging = "";
    if (this.selected !== "settings" && !this.item) this.selected = "settings";
    this.tell("change", { quiet: false });
  }

  select(key) {
    if (key === this.selected) return;
    this.selected = key;
    this.merging = "";
    for (const parent of find(this.document, key)?.parents ?? []) this.closed.delete(parent._key);
    this.tell("select");
  }

  // What the server found wrong, by the item it belongs to; `keys` are the places of the document that was sent.
  take(problems, keys) {
    this.problems = new Map();
    for (const problem of problems) {
      const key = keys.get(problem.path) ?? "settings";
      this.problems.set(key, [...(this.problems.get(key) ?? []), problem]);
    }
    this.tell("problems");
  }

  problemsOf(key, part = null) {
    const all = this.problems.get(key) ?? [];
    return part === null ? all : all.filter((problem) => problem.key === part).map((problem) => problem.text);
  }

  get problemCount() {
    return [...this.problems.values()].reduce((sum, each) => sum + each.length, 0);
  }

  tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
