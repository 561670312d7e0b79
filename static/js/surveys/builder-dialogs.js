// What the builder asks in a dialog: which type to add, which question of the bank, how to keep one in it.
import { button, dialog, field, h, icon, input, setup, words } from "./builder-dom.js";
import { labelOf, plain } from "./builder-items.js";

export function palette(onchoose) {
  return dialog(words.addTitle, (close) => setup.groups.map(({ title, types }) => h("section", { class: "builder-palette" },
    h("h3", {}, title),
    h("div", {}, types.map((type) => h("button", { type: "button", class: "btn btn-secondary", "data-type": type, onclick: () => { close(); onchoose(type); } },
      icon(setup.types[type].icon), setup.types[type].label))))), { wide: true });
}

export async function bank(onchoose) {
  const list = h("ul", { class: "builder-bank", "aria-live": "polite" }, h("li", {}, words.loading));
  const search = input("bank-search", "", () => draw(), { type: "search" });
  const made = dialog(words.bankTitle, () => [field(words.bankSearch, search), list], { wide: true });
  search.focus();
  let items = [];
  try {
    items = (await (await fetch(setup.urls.bank)).json()).items;
  } catch {
    list.replaceChildren(h("li", {}, words.offline));
    return;
  }
  draw();

  function draw() {
    const wanted = search.value.trim().toLowerCase();
    const found = items.filter((each) => `${each.title} ${each.topic} ${each.asked.join(" ")}`.toLowerCase().includes(wanted));
    list.replaceChildren(...(found.length ? found.map(row) : [h("li", {}, items.length ? words.bankNothing : words.bankEmpty)]));
  }

  function row(entry) {
    return h("li", {}, h("div", {}, h("strong", {}, entry.title), h("span", { class: "muted" }, ` ${[entry.topic, entry.type].filter(Boolean).join(" · ")}`),
      entry.asked.length ? h("p", { class: "muted" }, entry.asked.join(" / ")) : null),
    button(words.insert, "plus-lg", () => { made.close(); onchoose(entry); }, { quiet: false, "aria-label": `${words.insert}: ${entry.title}` }));
  }
}

// `item` goes into the bank with the choice lists of the document; the server keeps those that it uses.
export function keep(store, item, token, ondone) {
  const title = input("keep-title", labelOf(item, store.document, store.language).slice(0, 120), () => {}, { maxlength: 120 });
  const topic = input("keep-topic", "", () => {}, { maxlength: 60 });
  const wrong = h("div", { class: "builder-problems", role: "alert" });
  const made = dialog(words.keepTitle, (close) => h("form", { onsubmit: send },
    field(words.keepName, title), field(words.keepTopic, topic, { help: words.keepHelp }), wrong,
    h("div", { class: "ask-buttons" },
      h("button", { type: "button", class: "btn btn-secondary", onclick: close }, words.cancel),
      h("button", { type: "submit", class: "btn btn-primary" }, words.keep))));
  title.focus();

  async function send(event) {
    event.preventDefault();
    const whole = plain({ ...store.document, items: [item] });
    try {
      const response = await fetch(setup.urls.keep, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ title: title.value, topic: topic.value, item: whole.items[0], choices: whole.choices }),
      });
      if (response.ok) {
        made.close();
        ondone();
        return;
      }
      const answer = await response.json().catch(() => ({}));
      wrong.replaceChildren(...(answer.reasons ?? [words.denied]).map((text) => h("p", { class: "builder-problem" }, text)));
    } catch {
      wrong.replaceChildren(h("p", { class: "builder-problem" }, words.offline));
    }
  }
}

export function shortcuts() {
  return dialog(words.shortcuts, h("dl", { class: "builder-keys" },
    setup.shortcuts.map(([keys, meaning]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, meaning)))));
}
