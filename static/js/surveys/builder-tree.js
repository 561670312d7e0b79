// The list of questions as a tree: chosen, moved and deleted with mouse, thumb or keyboard.
import { h, icon, say, setup, words } from "./builder-dom.js";
import { labelOf, moveTo, walk } from "./builder-items.js";

// Nobody reads these, so that they have no text.
const SILENT = new Set(["calculate", "hidden", "start", "end", "today", "deviceid", "username"]);
const MOVES = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

export class Tree {
  constructor(root, store, acts) {
    this.root = root;
    this.store = store;
    this.acts = acts;
    root.addEventListener("keydown", (event) => this.onKey(event));
    root.addEventListener("click", (event) => this.onClick(event));
    for (const name of ["dragstart", "dragover", "dragleave", "drop", "dragend"]) {
      root.addEventListener(name, (event) => this[name](event));
    }
    store.addEventListener("change", () => this.render());
    store.addEventListener("select", () => this.render());
    store.addEventListener("problems", () => this.render());
    this.render();
  }

  render() {
    const focused = this.root.contains(document.activeElement);
    this.root.replaceChildren(this.row({ _key: "settings", kind: "settings" }, 1), ...this.rows(this.store.document.items, 1));
    if (!this.store.document.items.length) {
      this.root.append(h("li", { role: "none", class: "builder-none" }, words.noQuestions));
    }
    if (focused) this.focus();
    this.chosen()?.scrollIntoView({ block: "nearest" });
  }

  rows(items, level) {
    return items.map((item) => this.row(item, level));
  }

  row(item, level) {
    const { store } = this;
    const key = item._key;
    const selected = store.selected === key;
    const open = item.items && !store.closed.has(key);
    return h("li", { role: "treeitem", class: "builder-row", "data-item": key, "aria-level": level, "aria-selected": String(selected),
      "aria-expanded": item.items ? String(open) : null, tabindex: selected ? "0" : "-1",
      "aria-labelledby": `line-${key}` },
    this.line(item), open && item.items.length ? h("ul", { role: "group" }, this.rows(item.items, level + 1)) : null);
  }

  line(item) {
    const { store } = this;
    const count = store.problemsOf(item._key).length;
    const kind = item.kind === "question" ? item.type : item.kind;
    return h("div", { class: "builder-line", id: `line-${item._key}`, draggable: item.kind === "settings" ? null : "true" },
      item.items ? h("span", { class: "builder-fold", "data-fold": "" }, icon(store.closed.has(item._key) ? "chevron-right" : "chevron-down")) : null,
      icon(kind === "settings" ? "gear" : setup.types[kind].icon),
      h("span", { class: "builder-words" }, h("span", { class: "builder-label" }, this.words(item)),
        item.kind === "settings" ? null : [" ", h("code", {}, item.name), h("span", { class: "visually-hidden" }, ` ${setup.types[kind].label} `)]),
      item.relevant ? h("span", { class: "builder-mark", title: words.hasCondition }, icon("signpost-split")) : null,
      item.required ? h("span", { class: "builder-mark", title: words.required }, icon("asterisk")) : null,
      count ? h("span", { class: "builder-count", title: say(words.problemCount, { count }) }, String(count)) : null);
  }

  words(item) {
    if (item.kind === "settings") return words.settings;
    const label = labelOf(item, this.store.document, this.store.language);
    return label || (SILENT.has(item.type) ? setup.types[item.type].label : `(${words.noText})`);
  }

  chosen() {
    return this.root.querySelector('[aria-selected="true"]');
  }

  focus() {
    this.chosen()?.focus({ preventScroll: true });
  }

  visible() {
    return [...this.root.querySelectorAll("[data-item]")].map((row) => row.dataset.item);
  }

  onClick(event) {
    const row = event.target.closest("[data-item]");
    if (!row) return;
    if (event.target.closest("[data-fold]")) {
      this.fold(row.dataset.item);
      return;
    }
    this.store.select(row.dataset.item);
    this.focus();
    this.acts.open();
  }

  fold(key, closed = !this.store.closed.has(key)) {
    if (closed) this.store.closed.add(key);
    else this.store.closed.delete(key);
    this.render();
  }

  onKey(event) {
    const { store } = this;
    if (event.altKey && MOVES[event.key]) this.acts.move(MOVES[event.key]);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.go(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Home") store.select(this.visible()[0]);
    else if (event.key === "End") store.select(this.visible().at(-1));
    else if (event.key === "ArrowRight") this.inwards();
    else if (event.key === "ArrowLeft") this.outwards();
    else if (event.key === "Enter" || event.key === " ") this.acts.edit();
    else if (event.key === "Delete" || event.key === "Backspace") this.acts.remove();
    else return;
    event.preventDefault();
  }

  go(step) {
    const keys = this.visible();
    const next = keys[keys.indexOf(this.store.selected) + step];
    if (next) this.store.select(next);
  }

  inwards() {
    const { item } = this.store;
    if (!item?.items) return;
    if (this.store.closed.has(item._key)) this.fold(item._key, false);
    else if (item.items.length) this.store.select(item.items[0]._key);
  }

  outwards() {
    const { item, document: whole, closed } = this.store;
    if (item?.items?.length && !closed.has(item._key)) return this.fold(item._key, true);
    const parent = [...walk(whole.items)].find((place) => place.item === item)?.parents.at(-1);
    if (parent) this.store.select(parent._key);
    return undefined;
  }

  dragstart(event) {
    const row = event.target.closest("[data-item]");
    this.dragged = row?.dataset.item;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.dragged ?? "");
  }

  dragover(event) {
    const target = this.targetOf(event);
    if (!target) return;
    event.preventDefault();
    this.unmark();
    target.line.dataset.drop = target.where;
  }

  dragleave(event) {
    event.target.closest?.(".builder-line")?.removeAttribute("data-drop");
  }

  drop(event) {
    const target = this.targetOf(event);
    const dragged = this.dragged;
    this.dragend();
    if (!target) return;
    event.preventDefault();
    this.store.step((whole) => moveTo(whole, dragged, target.key, target.where));
    this.store.select(dragged);
  }

  dragend() {
    this.dragged = null;
    this.unmark();
  }

  unmark() {
    for (const line of this.root.querySelectorAll("[data-drop]")) line.removeAttribute("data-drop");
  }

  // The upper third of a line means before it, the lower after it, the middle of a group inside of it.
  targetOf(event) {
    const line = event.target.closest?.(".builder-line");
    const key = line?.closest("[data-item]")?.dataset.item;
    if (!this.dragged || !key || key === "settings") return null;
    const box = line.getBoundingClientRect();
    const part = (event.clientY - box.top) / box.height;
    const isGroup = [...walk(this.store.document.items)].find(({ item }) => item._key === key)?.item.items;
    const where = isGroup && part > 0.3 && part < 0.7 ? "inside" : part < 0.5 ? "before" : "after";
    return { line, key, where };
  }
}
