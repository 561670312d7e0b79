// What is done to a document, without any screen: find, add, move, rename, take from the bank.

let made = 0;

// Every item gets a key of the browser's own, by which tree and panel know it; it is never stored.
export function keyed(items) {
  for (const item of items) {
    item._key ??= `k${(made += 1)}`;
    if (item.items) keyed(item.items);
  }
  return items;
}

export function opened(document) {
  const copy = { settings: {}, languages: [], items: [], choices: {}, ...structuredClone(document) };
  keyed(copy.items);
  return copy;
}

const isEmpty = (value) => value === "" || value === false || value === null || value === undefined
  || (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0);

// The document as it is stored: no keys, nothing that is empty.
export function plain(document) {
  return { ...document, settings: filled(document.settings), items: document.items.map(plainItem),
    choices: Object.fromEntries(Object.entries(document.choices).map(([name, rows]) => [name, rows.map(plainChoice)])) };
}

function plainItem(item) {
  const { _key, items, ...rest } = item;
  const kept = { ...filled(rest), name: item.name ?? "" };
  return items ? { ...kept, items: items.map(plainItem) } : kept;
}

const plainChoice = (choice) => ({ ...filled(choice), name: choice.name ?? "" });

function filled(object) {
  const kept = {};
  for (const [key, value] of Object.entries(object)) {
    const inner = value && typeof value === "object" && !Array.isArray(value) ? filled(value) : value;
    if (!isEmpty(inner)) kept[key] = inner;
  }
  return kept;
}

export function* walk(items, parents = []) {
  for (const [index, item] of items.entries()) {
    yield { item, siblings: items, index, parents };
    if (item.items) yield* walk(item.items, [...parents, item]);
  }
}

export function find(document, key) {
  for (const place of walk(document.items)) if (place.item._key === key) return place;
  return null;
}

// "0.2.1": the third item of the first group's … as the server names places.
export function paths(document) {
  const found = new Map();
  const visit = (items, before) => items.forEach((item, index) => {
    const path = before ? `${before}.${index}` : String(index);
    found.set(path, item._key);
    if (item.items) visit(item.items, path);
  });
  visit(document.items, "");
  return found;
}

export const languagesOf = (document) => (document.languages.length ? document.languages : [""]);

export function labelOf(thing, document, language) {
  return textOf(thing.label, document, language);
}

/** In the language, else as a respondent would read it: in the questionnaire's own, else in any. */
export function textOf(texts, document, language) {
  const said = texts ?? {};
  return said[language] || said[document.settings.default_language] || Object.values(said).find(Boolean) || "";
}

export function names(document) {
  return new Set([...walk(document.items)].map(({ item }) => (item.name ?? "").toLowerCase()));
}

export function freeName(base, taken) {
  if (!taken.has(base.toLowerCase())) return base;
  const stem = base.replace(/_\d+$/, "");
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${stem}_${number}`.toLowerCase())) return `${stem}_${number}`;
  }
}

const STEMS = { select_one: "choice", select_multiple: "choices", dateTime: "moment", start: "start", end: "end",
  today: "today", group: "group", repeat: "repeat" };
const SELECTS = new Set(["select_one", "select_multiple", "rank"]);
export const isSelect = (type) => SELECTS.has(type);

export function newItem(document, type) {
  const name = freeName(STEMS[type] ?? type, names(document));
  const [item] = keyed([type === "group" || type === "repeat"
    ? { kind: type, name, label: {}, items: [] }
    : { kind: "question", type, name, label: {} }]);
  if (isSelect(type)) item.list = newList(document, name);
  return item;
}

export function newList(document, base) {
  const name = freeName(base, new Set(Object.keys(document.choices).map((each) => each.toLowerCase())));
  document.choices[name] = [{ name: "1", label: {} }, { name: "2", label: {} }];
  return name;
}

// After the chosen one; into the chosen group when it is open for it.
export function insert(document, item, key) {
  const place = key && find(document, key);
  if (!place) document.items.push(item);
  else if (place.item.items) place.item.items.push(item);
  else place.siblings.splice(place.index + 1, 0, item);
}

export function remove(document, key) {
  const place = find(document, key);
  if (!place) return null;
  place.siblings.splice(place.index, 1);
  const next = place.siblings[place.index] ?? place.siblings[place.index - 1] ?? place.parents.at(-1);
  return next ? next._key : null;
}

// Whether it could be moved: "up", "down", "in" (to the group above), "out" (behind its own group).
export function move(document, key, direction) {
  const { item, siblings, index, parents } = find(document, key);
  const target = {
    up: () => index > 0 && [siblings, index - 1],
    down: () => index < siblings.length - 1 && [siblings, index + 1],
    in: () => siblings[index - 1]?.items && [siblings[index - 1].items, siblings[index - 1].items.length],
    out: () => parents.length > 0 && behind(document, parents.at(-1)),
  }[direction]();
  if (!target) return false;
  siblings.splice(index, 1);
  target[0].splice(target[1], 0, item);
  return true;
}

function behind(document, group) {
  const place = find(document, group._key);
  return [place.siblings, place.index + 1];
}

// Drag and drop: `where` is before, after or inside of the target. A group never goes into itself.
export function moveTo(document, key, targetKey, where) {
  const moved = find(document, key);
  const target = find(document, targetKey);
  if (!moved || !target || key === targetKey || target.parents.some((each) => each._key === key)) return false;
  moved.siblings.splice(moved.index, 1);
  const place = find(document, targetKey);
  if (where === "inside") place.item.items.push(moved.item);
  else place.siblings.splice(place.index + (where === "after" ? 1 : 0), 0, moved.item);
  return true;
}

export function duplicate(document, key) {
  const { item, siblings, index } = find(document, key);
  const [copy] = renamed(document, structuredClone(item));
  siblings.splice(index + 1, 0, copy);
  return copy;
}

// Fresh keys, no ids, free names; what the copy says about its own questions follows the new names.
function renamed(document, item) {
  const taken = names(document);
  const changed = [];
  for (const { item: each } of walk([item])) {
    const name = freeName(each.name || "question", taken);
    taken.add(name.toLowerCase());
    if (name !== each.name) changed.push([each.name, name]);
    each.name = name;
    delete each.id;
    delete each._key;
  }
  for (const [from, to] of changed) follow([item], from, to);
  return keyed([item]);
}

const EXPRESSIONS = ["relevant", "constraint", "required", "read_only", "default", "calculation", "choice_filter", "repeat_count"];
const TEXTS = ["label", "hint", "guidance_hint", "required_message", "constraint_message"];

// Everything that refers to ${from} refers to ${to}.
export function follow(items, from, to) {
  const pattern = new RegExp(`\\$\\{\\s*${from.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*\\}`, "g");
  const replace = (text) => (typeof text === "string" ? text.replace(pattern, () => `\${${to}}`) : text);
  for (const { item } of walk(items)) {
    for (const key of EXPRESSIONS) if (item[key]) item[key] = replace(item[key]);
    for (const key of TEXTS) {
      for (const language of Object.keys(item[key] ?? {})) item[key][language] = replace(item[key][language]);
    }
  }
}

// A new name, and the document's references with it, as long as it is plain which question they mean.
export function rename(document, key, name) {
  const { item } = find(document, key);
  const before = item.name;
  const same = [...walk(document.items)].filter((place) => place.item.name === before);
  item.name = name;
  if (before && name && same.length === 1) {
    follow(document.items, before, name);
    const instance = document.settings.instance_name;
    if (instance) document.settings.instance_name = instance.replaceAll(`\${${before}}`, `\${${name}}`);
  }
}

// A bank entry becomes an item of this document: free names, its choice lists brought along.
export function fromBank(document, entry) {
  const item = structuredClone(entry.item);
  for (const { item: each } of walk([item])) {
    if (each.list) each.list = takeList(document, each.list, entry.choices[each.list] ?? []);
    for (const key of TEXTS) if (each[key]) each[key] = inLanguages(document, each[key]);
  }
  return renamed(document, item)[0];
}

// The same list is shared; another one of that name comes under a new name.
function takeList(document, name, rows) {
  const wanted = rows.map((row) => ({ ...row, label: inLanguages(document, row.label ?? {}) }));
  const there = document.choices[name];
  if (there && JSON.stringify(there) === JSON.stringify(wanted)) return name;
  const free = freeName(name, new Set(Object.keys(document.choices).map((each) => each.toLowerCase())));
  document.choices[free] = wanted;
  return free;
}

// Texts in the document's own languages; where it has none of theirs, their first one fills the main language.
function inLanguages(document, texts) {
  const languages = languagesOf(document);
  const kept = Object.fromEntries(Object.entries(texts).filter(([language]) => languages.includes(language)));
  if (Object.keys(kept).length || !Object.keys(texts).length) return kept;
  const main = languages.includes(document.settings.default_language) ? document.settings.default_language : languages[0];
  return { [main]: Object.values(texts)[0] };
}

// A language under another name, or gone (`to` is null), in every text.
export function changeLanguage(document, from, to) {
  document.languages = document.languages.map((each) => (each === from ? to : each)).filter((each) => each !== null);
  const all = [...[...walk(document.items)].map(({ item }) => item), ...Object.values(document.choices).flat()];
  for (const thing of all) {
    for (const texts of [...TEXTS.map((key) => thing[key]), ...Object.values(thing.media ?? {})]) {
      if (!texts || !(from in texts)) continue;
      if (to !== null) texts[to] = texts[from];
      delete texts[from];
    }
  }
  if (document.settings.default_language === from) document.settings.default_language = to ?? document.languages[0] ?? "";
}

// One choice a line: "label", or "name<tab>label" as pasted from a spreadsheet.
export function pastedChoices(text, rows, language) {
  const taken = new Set(rows.map((row) => row.name));
  let number = rows.length;
  return text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean).map((line) => {
    const [first, ...rest] = line.split("\t");
    let name = rest.length ? first.trim() : "";
    if (!name || taken.has(name) || /\s/.test(name)) {
      do name = String((number += 1)); while (taken.has(name));
    }
    taken.add(name);
    return { name, label: { [language]: rest.length ? rest.join(" ").trim() : first.trim() } };
  });
}
