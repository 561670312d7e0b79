// The panel beside the list: everything about the chosen question or group, or about the questionnaire itself.
import { button, check, dialog, field, h, icon, input, say, select, setup, words } from "./builder-dom.js";
import { changeLanguage, isSelect, languagesOf, newList, rename, textOf } from "./builder-items.js";
import { choicesEditor } from "./builder-choices.js";
import { conditionEditor } from "./builder-condition.js";

const unfolded = new Set(["answer"]);

export class Properties {
  constructor(root, store, acts) {
    this.root = root;
    this.store = store;
    this.acts = acts;
    store.addEventListener("select", () => this.render());
    store.addEventListener("change", (event) => event.detail.quiet || this.render());
    store.addEventListener("problems", () => this.drawProblems());
    this.render();
  }

  // What had the cursor keeps it, where it is still there.
  render() {
    const focused = this.root.contains(document.activeElement) ? document.activeElement : null;
    const key = focused?.dataset.key;
    const at = focused?.selectionStart;
    const { item } = this.store;
    this.root.replaceChildren(...(item ? this.ofItem(item) : this.ofDocument()).filter(Boolean));
    this.drawProblems();
    const again = key && this.root.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (again) {
      again.focus({ preventScroll: true });
      if (typeof at === "number") again.setSelectionRange?.(at, at);
    }
  }

  drawProblems() {
    const holder = this.root.querySelector("[data-problems]");
    const problems = this.store.problemsOf(this.store.selected);
    holder?.replaceChildren(...problems.map((problem) => h("li", {},
      icon("exclamation-triangle-fill"), h("span", {}, problem.part ? `${problem.part}: ` : "", problem.text))));
  }

  problemList() {
    return h("ul", { class: "builder-problems", "data-problems": "", role: "status" });
  }

  back() {
    return button(words.back, "arrow-left", () => this.acts.close(), { class: "btn btn-secondary btn-sm builder-back" });
  }

  put(item, key, { quiet = true } = {}) {
    return (value) => this.store.step(() => { item[key] = value; }, quiet ? { merge: `${key}:${item._key}`, quiet: true } : {});
  }

  plain(item, key, options = {}) {
    return field(words.keys[key], input(key, item[key], this.put(item, key), options), { help: words.help[key] ?? "" });
  }

  text(item, key, lines = 1) {
    const { store } = this;
    const { language } = store;
    return field(words.keys[key], input(key, item[key]?.[language], (value) => store.step(() => {
      item[key] = { ...item[key], [language]: value };
    }, { merge: `${key}:${language}:${item._key}`, quiet: true }), { lines, placeholder: textOf(item[key], store.document, language), lang: language.match(/\((\w+)\)/)?.[1] }), { help: words.help[key] ?? "" });
  }

  languages() {
    const { store } = this;
    const all = languagesOf(store.document);
    if (!all.includes(store.language)) [store.language] = all;
    if (all.length < 2) return null;
    return h("div", { class: "builder-languages", role: "group", "aria-label": words.language },
      all.map((language) => h("button", { type: "button", class: "btn btn-sm btn-secondary", "aria-pressed": String(language === store.language),
        onclick: () => { store.language = language; store.tell("change", { quiet: false }); } }, language || words.noLanguage)));
  }

  section(code, title, ...content) {
    return h("details", { class: "builder-section", open: unfolded.has(code), ontoggle: (event) => {
      if (event.target.open) unfolded.add(code);
      else unfolded.delete(code);
    } }, h("summary", {}, title), ...content);
  }

  ofItem(item) {
    const kind = item.kind === "question" ? item.type : item.kind;
    return [
      this.back(),
      h("div", { class: "builder-panel-head" }, h("h2", {}, icon(setup.types[kind].icon), setup.types[kind].label), this.tools()),
      this.problemList(),
      this.languages(),
      this.text(item, "label", 2),
      this.text(item, "hint"),
      this.section("answer", item.kind === "question" ? words.sectionAnswer : words.sectionGroup, ...this.answer(item)),
      this.section("relevant", words.keys.relevant, ...conditionEditor(this.store, item, [])),
      item.kind === "question" ? this.section("checks", words.sectionChecks, ...this.checks(item)) : null,
      this.section("more", words.sectionMore, ...this.more(item)),
    ];
  }

  tools() {
    const { acts } = this;
    const tool = (act, name, ...more) => button(words[act], name, () => acts[act === "remove" ? "remove" : "move"](...more), { wordless: true });
    return h("div", { class: "builder-tools", role: "toolbar", "aria-label": words.tools },
      tool("up", "chevron-up", "up"), tool("down", "chevron-down", "down"), tool("out", "chevron-bar-left", "out"), tool("in", "chevron-bar-right", "in"),
      button(words.duplicate, "copy", () => acts.duplicate(), { wordless: true }),
      button(words.keep, "bookmark-plus", () => acts.keep(), { wordless: true }),
      button(words.remove, "trash", () => acts.remove(), { wordless: true }));
  }

  answer(item) {
    const name = input("name", item.name, (value) => this.store.step(() => { item.name = value.trim(); }, { merge: `name:${item._key}`, quiet: true }), {
      code: true, onfocus: () => { this.nameBefore = item.name; }, onchange: (event) => this.named(item, event.target.value.trim()) });
    return [
      item.kind === "question" ? field(words.keys.type, select(
        Object.entries(setup.types).filter(([code]) => code !== "group" && code !== "repeat").map(([code, each]) => [code, each.label]),
        item.type, (type) => this.retype(item, type))) : null,
      item.kind === "question" ? null : this.kindOf(item),
      ...(isSelect(item.type) ? choicesEditor(this.store, item, []) : []),
      field(words.keys.name, name, { help: item.id && item.id !== item.name ? say(words.idKept, { id: item.id }) : words.help.name }),
      item.kind === "repeat" ? this.plain(item, "repeat_count", { code: true }) : null,
    ];
  }

  kindOf(item) {
    return check(words.repeats, item.kind === "repeat", (repeats) => this.store.step(() => {
      item.kind = repeats ? "repeat" : "group";
      if (!repeats) delete item.repeat_count;
    }));
  }

  // The letters were taken as they came; the references follow once the name stands.
  named(item, name) {
    const before = this.nameBefore;
    if (before === undefined || before === name) return;
    this.nameBefore = name;
    this.store.step((document) => { item.name = before; rename(document, item._key, name); }, { merge: `name:${item._key}` });
  }

  retype(item, type) {
    this.store.step((document) => {
      item.type = type;
      if (isSelect(type) && !item.list) item.list = newList(document, item.name || "choices");
      if (!isSelect(type)) for (const key of ["list", "or_other", "choice_filter"]) delete item[key];
      if (type !== "range") delete item.parameters;
    });
  }

  checks(item) {
    const always = /^(yes|true|true\(\))$/i.test((item.required ?? "").trim());
    return [
      check(words.required, always, (checked) => this.store.step(() => { item.required = checked ? "yes" : ""; })),
      always ? null : this.plain(item, "required", { code: true }),
      item.required ? this.text(item, "required_message") : null,
      this.plain(item, "constraint", { lines: 2, code: true }),
      this.text(item, "constraint_message"),
      this.plain(item, "read_only", { code: true }),
    ];
  }

  more(item) {
    const isQuestion = item.kind === "question";
    return [
      isQuestion ? this.text(item, "guidance_hint") : null,
      isQuestion ? field(words.keys.role, select([["", words.noRole], ...Object.entries(setup.roles)], item.role ?? "", this.put(item, "role", { quiet: false })), { help: words.help.role }) : null,
      isQuestion ? check(words.keys.personal, item.personal, this.put(item, "personal", { quiet: false }), words.help.personal) : null,
      isQuestion ? this.plain(item, "default", { code: true }) : null,
      isQuestion ? this.plain(item, "calculation", { lines: 2, code: true }) : null,
      isSelect(item.type) ? this.plain(item, "choice_filter", { code: true }) : null,
      this.plain(item, "appearance", { code: true, list: "builder-appearances" }),
      isQuestion ? this.parameters(item) : null,
    ];
  }

  parameters(item) {
    const shown = Object.entries(item.parameters ?? {}).map(([name, value]) => `${name}=${value}`).join(" ");
    return field(words.keys.parameters, input("parameters", shown, (text) => this.store.step(() => {
      item.parameters = Object.fromEntries([...text.matchAll(/([\w-]+)\s*=\s*([^\s,;]+)/g)].map(([, name, value]) => [name, value]));
    }, { merge: `parameters:${item._key}`, quiet: true }), { code: true }), { help: words.help.parameters });
  }

  ofDocument() {
    const { store } = this;
    const { settings } = store.document;
    const put = (key) => (value) => store.step((document) => { document.settings[key] = value; }, { merge: `settings:${key}`, quiet: true });
    return [
      this.back(),
      h("div", { class: "builder-panel-head" }, h("h2", {}, icon("gear"), words.settings)),
      this.problemList(),
      field(words.keys.title, input("title", settings.title, put("title"))),
      field(words.keys.style, select([["", words.styleAll], ["pages", words.stylePages]], (settings.style ?? "").includes("pages") ? "pages" : "",
        (value) => store.step((document) => { document.settings.style = value; }))),
      h("fieldset", { class: "builder-section" }, h("legend", {}, words.languages), ...this.languageRows()),
      field(words.keys.instance_name, input("instance_name", settings.instance_name, put("instance_name"), { code: true }), { help: words.help.instance_name }),
      field("form_id", input("form_id", settings.form_id, put("form_id"), { code: true }), { help: words.help.form_id }),
    ];
  }

  languageRows() {
    const { store } = this;
    const { languages, settings } = store.document;
    return [
      ...languages.map((language) => h("div", { class: "builder-language" },
        h("span", {}, language || words.noLanguage, language === settings.default_language ? h("span", { class: "muted" }, ` · ${words.mainLanguage}`) : null),
        language === settings.default_language ? null : button(words.makeMain, null, () => store.step((document) => { document.settings.default_language = language; })),
        languages.length > 1 ? button(say(words.deleteOf, { name: language }), "trash", () => this.removeLanguage(language), { wordless: true }) : null)),
      this.addLanguage(),
    ];
  }

  addLanguage() {
    const text = input("new-language", "", () => {}, { list: "builder-known-languages" });
    const add = () => {
      const name = text.value.trim();
      if (!name || this.store.document.languages.includes(name)) return;
      this.store.step((document) => {
        if (document.languages.length) document.languages.push(name);
        else {
          document.languages = [""];
          changeLanguage(document, "", name);
          document.settings.default_language = name;
        }
      });
    };
    return h("div", { class: "builder-language" }, field(words.newLanguage, text), button(words.add, "plus-lg", add, { quiet: false }));
  }

  removeLanguage(language) {
    const drop = () => this.store.step((document) => changeLanguage(document, language, null));
    dialog(say(words.removeLanguage, { name: language }), (close) => [h("p", {}, words.removeLanguageText),
      h("div", { class: "ask-buttons" },
        h("button", { type: "button", class: "btn btn-secondary", onclick: close }, words.cancel),
        h("button", { type: "button", class: "btn btn-danger", onclick: () => { close(); drop(); } }, words.remove))]);
  }
}
