// The choice list of a question, edited where the question is. Several questions may share one list.
import { button, check, dialog, field, h, input, say, select, words } from "./builder-dom.js";
import { freeName, labelOf, languagesOf, newList, pastedChoices, walk } from "./builder-items.js";

export function choicesEditor(store, item, problems) {
  const whole = store.document;
  const lists = Object.keys(whole.choices);
  const users = [...walk(whole.items)].filter((place) => place.item.list === item.list && place.item !== item);
  const options = [...lists.map((name) => [name, `${name} (${whole.choices[name].length})`]), ["+", words.newList]];
  if (!lists.includes(item.list ?? "")) options.unshift([item.list ?? "", item.list || words.noList]);
  return [
    field(words.list, select(options, item.list ?? "", (name) => store.step((document) => {
      item.list = name === "+" ? newList(document, item.name || "choices") : name;
    })), { problems, help: users.length ? say(words.shared, { count: users.length }) : "" }),
    users.length ? button(words.ownList, "copy", () => store.step((document) => {
      const name = freeName(item.list, new Set(Object.keys(document.choices)));
      document.choices[name] = structuredClone(document.choices[item.list]);
      item.list = name;
    }), { quiet: false }) : null,
    whole.choices[item.list] ? table(store, item.list) : null,
    item.type === "rank" ? null : check(words.orOther, item.or_other, (checked) => store.step(() => { item.or_other = checked; })),
  ];
}

function table(store, name) {
  const whole = store.document;
  const rows = whole.choices[name];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.filter ?? {})))];
  const language = languagesOf(whole).includes(store.language) ? store.language : languagesOf(whole)[0];
  const change = (edit, focus = null) => {
    store.step(() => { edit(); });
    if (focus) document.querySelector(`[data-key="${focus}"]`)?.focus();
  };
  return h("div", { class: "builder-choices" },
    h("div", { class: "builder-choices-scroll" }, h("table", {},
      h("thead", {}, h("tr", {}, [words.choiceText, words.choiceName, ...columns, words.order].map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, rows.map((row, index) => line(store, { rows, row, index, columns, language, name, change }))))),
    h("div", { class: "builder-buttons" },
      button(words.addChoice, "plus-lg", () => change(() => {
        rows.push({ name: freeName(String(rows.length + 1), new Set(rows.map((row) => row.name))), label: {} });
      }, `choice:${name}:${rows.length}`), { quiet: false }),
      button(words.paste, "clipboard-plus", () => pasteDialog(store, name, language), { quiet: false }),
      button(words.addColumn, "layout-three-columns", () => columnDialog(store, rows), { quiet: false })));
}

function line(store, { rows, row, index, columns, language, name, change }) {
  const type = (key, put) => (text) => store.step(() => { put(text); }, { merge: `${key}:${name}:${index}`, quiet: true });
  const swap = (to) => change(() => { [rows[index], rows[to]] = [rows[to], rows[index]]; }, `choice:${name}:${to}`);
  const text = labelOf(row, store.document, language) || row.name;
  return h("tr", {},
    h("td", {}, input(`choice:${name}:${index}`, row.label?.[language], type("text", (value) => {
      row.label = { ...row.label, [language]: value };
    }), { placeholder: labelOf(row, store.document, language), "aria-label": say(words.choiceTextOf, { number: index + 1 }), onkeydown: (event) => onKey(event, { rows, index, name, change, swap }) })),
    h("td", {}, input(`choice-name:${name}:${index}`, row.name, type("name", (value) => { row.name = value.trim(); }),
      { code: true, "aria-label": say(words.choiceNameOf, { number: index + 1 }) })),
    columns.map((column) => h("td", {}, input(`choice-${column}:${name}:${index}`, row.filter?.[column], type(column, (value) => {
      row.filter = { ...row.filter, [column]: value };
    }), { code: true, "aria-label": `${column} ${index + 1}` }))),
    h("td", { class: "builder-nowrap" },
      button(say(words.upOf, { name: text }), "chevron-up", () => swap(index - 1), { wordless: true, disabled: index === 0 }),
      button(say(words.downOf, { name: text }), "chevron-down", () => swap(index + 1), { wordless: true, disabled: index === rows.length - 1 }),
      button(say(words.duplicateOf, { name: text }), "copy", () => change(() => {
        rows.splice(index + 1, 0, { ...structuredClone(row), name: freeName(row.name, new Set(rows.map((each) => each.name))) });
      }, `choice:${name}:${index + 1}`), { wordless: true }),
      button(say(words.deleteOf, { name: text }), "trash", () => change(() => { rows.splice(index, 1); }), { wordless: true })));
}

// Enter adds the next choice, Alt and the arrows move one: a list is typed without the mouse.
function onKey(event, { rows, index, name, change, swap }) {
  if (event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    change(() => {
      rows.splice(index + 1, 0, { name: freeName(String(rows.length + 1), new Set(rows.map((row) => row.name))), label: {} });
    }, `choice:${name}:${index + 1}`);
  } else if (event.altKey && event.key === "ArrowUp" && index > 0) {
    event.preventDefault();
    swap(index - 1);
  } else if (event.altKey && event.key === "ArrowDown" && index < rows.length - 1) {
    event.preventDefault();
    swap(index + 1);
  }
}

function pasteDialog(store, name, language) {
  const text = input("", "", () => {}, { lines: 10 });
  dialog(words.paste, (close) => [
    field(words.pasteLabel, text, { help: words.pasteHelp }),
    h("div", { class: "ask-buttons" },
      h("button", { type: "button", class: "btn btn-secondary", onclick: close }, words.cancel),
      h("button", { type: "button", class: "btn btn-secondary", onclick: () => put(true) }, words.pasteReplace),
      h("button", { type: "button", class: "btn btn-primary", onclick: () => put(false) }, words.pasteAdd)),
  ]);
  function put(replace) {
    store.step((document) => {
      const kept = replace ? [] : document.choices[name];
      document.choices[name] = [...kept, ...pastedChoices(text.value, kept, language)];
    });
    text.closest("dialog").close();
  }
  text.focus();
}

function columnDialog(store, rows) {
  const text = input("", "", () => {}, { code: true });
  dialog(words.addColumn, (close) => [
    field(words.columnName, text, { help: words.columnHelp }),
    h("div", { class: "ask-buttons" },
      h("button", { type: "button", class: "btn btn-secondary", onclick: close }, words.cancel),
      h("button", { type: "button", class: "btn btn-primary", onclick: () => {
        const column = text.value.trim();
        if (/^[A-Za-z_][\w.-]*$/.test(column)) store.step(() => { for (const row of rows) row.filter = { ...row.filter, [column]: row.filter?.[column] ?? "" }; });
        close();
      } }, words.addColumn)),
  ]);
  text.focus();
}
