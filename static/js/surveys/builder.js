// The builder: a tree of questions, the panel of the chosen one, and a draft that saves itself.
import { button, h, say, setup, words } from "./builder-dom.js";
import * as dialogs from "./builder-dialogs.js";
import * as items from "./builder-items.js";
import { Properties } from "./builder-properties.js";
import { Saver } from "./builder-save.js";
import { Store } from "./builder-store.js";
import { Tree } from "./builder-tree.js";

const root = document.getElementById("builder");
const token = root.dataset.token;
const store = new Store(JSON.parse(document.getElementById("builder-document").textContent), setup.problems);
const saver = new Saver(store, token);
const panes = { tree: root.querySelector("[data-tree]"), panel: root.querySelector("[data-panel]") };

const acts = {
  open() { root.dataset.pane = "panel"; },
  close() {
    root.dataset.pane = "tree";
    tree.focus();
  },
  edit() {
    acts.open();
    panes.panel.querySelector("[data-key]")?.focus();
  },
  add(type) {
    let made;
    store.step((whole) => {
      made = items.newItem(whole, type);
      items.insert(whole, made, store.selected);
    });
    store.select(made._key);
    acts.edit();
  },
  take(entry) {
    let made;
    store.step((whole) => {
      made = items.fromBank(whole, entry);
      items.insert(whole, made, store.selected);
    });
    store.select(made._key);
    acts.open();
    announce(say(words.inserted, { name: entry.title }));
  },
  move(direction) {
    if (!store.item || !store.step((whole) => items.move(whole, store.selected, direction))) return;
    store.tell("select");
    announce(words.moved);
  },
  duplicate() {
    if (!store.item) return;
    let made;
    store.step((whole) => { made = items.duplicate(whole, store.selected); });
    store.select(made._key);
  },
  remove() {
    const { item } = store;
    if (!item) return;
    const name = items.labelOf(item, store.document, store.language) || item.name;
    let next;
    store.step((whole) => { next = items.remove(whole, store.selected); });
    store.select(next ?? "settings");
    root.dataset.pane = "tree";
    announce(say(words.deleted, { name }), button(words.undo, "arrow-counterclockwise", () => store.undo(), { quiet: false }));
    tree.focus();
  },
  keep() {
    if (store.item) dialogs.keep(store, store.item, token, () => announce(words.kept));
  },
};

const tree = new Tree(panes.tree, store, acts);
new Properties(panes.panel, store, acts);

// The bar: what can be done, and how the saving stands ---------------------------------------------------

const told = root.querySelector("[data-told]");

function announce(text, ...more) {
  told.replaceChildren(h("span", {}, text), ...more);
}

const state = root.querySelector("[data-state]");
const conflict = root.querySelector("[data-conflict]");

function drawState() {
  state.textContent = [words.states[saver.state], ...(saver.state === "saved" ? [] : saver.reasons)].join(" ");
  state.dataset.state = saver.state;
  conflict.hidden = saver.state !== "conflict";
  if (!conflict.hidden) {
    conflict.querySelector("[data-reasons]").textContent = saver.reasons.join(" ");
    conflict.querySelector("button").focus();
  }
}

const bar = {};
for (const name of ["undo", "redo", "problems"]) bar[name] = root.querySelector(`[data-act="${name}"]`);

function drawBar() {
  bar.undo.disabled = !store.past.length;
  bar.redo.disabled = !store.future.length;
  bar.problems.hidden = !store.problemCount;
  bar.problems.querySelector("[data-count]").textContent = say(words.problemCount, { count: store.problemCount });
}

// From one problem to the next, in the order of the list.
function nextProblem() {
  const keys = ["settings", ...[...items.walk(store.document.items)].map(({ item }) => item._key)].filter((key) => store.problemsOf(key).length);
  const next = keys[(keys.indexOf(store.selected) + 1) % keys.length];
  if (next) store.select(next);
  acts.open();
}

const doings = {
  add: () => dialogs.palette(acts.add),
  bank: () => dialogs.bank(acts.take),
  undo: () => store.undo(),
  redo: () => store.redo(),
  problems: nextProblem,
  shortcuts: dialogs.shortcuts,
  reload: () => {
    saver.saved = JSON.stringify(items.plain(store.document));
    location.reload();
  },
  download: () => saver.download(),
  copy: async () => {
    await navigator.clipboard.writeText(JSON.stringify(items.plain(store.document), null, 2));
    announce(words.copied);
  },
};

root.addEventListener("click", (event) => doings[event.target.closest("[data-act]")?.dataset.act]?.());
saver.addEventListener("state", drawState);
for (const name of ["change", "problems"]) store.addEventListener(name, drawBar);

// Leaving by one of the page's own links waits for what is still to be saved.
for (const link of root.querySelectorAll("[data-after-saving]")) {
  link.addEventListener("click", async (event) => {
    if (!saver.isDirty) return;
    event.preventDefault();
    await saver.now();
    if (!saver.isDirty) location.assign(link.href);
  });
}

// Keys that hold everywhere in the builder ---------------------------------------------------------------

addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const act = control && key === "z" ? (event.shiftKey ? "redo" : "undo")
    : control && key === "y" ? "redo"
      : control && key === "s" ? "save"
        : control && key === "d" ? "duplicate"
          : event.altKey && key === "n" ? "add"
            : event.altKey && key === "b" ? "bank"
              : event.key === "?" && !event.target.matches("input, textarea, select") ? "shortcuts" : "";
  if (!act) return;
  event.preventDefault();
  if (act === "save") saver.now();
  else if (act === "duplicate") acts.duplicate();
  else doings[act]();
});

// An address such as #0.2.1 leads to that question: from the logic view, from the list of problems.
function follow() {
  const key = items.paths(store.document).get(location.hash.slice(1));
  if (!key) return;
  store.select(key);
  acts.open();
}

addEventListener("hashchange", follow);
follow();
drawBar();
drawState();
