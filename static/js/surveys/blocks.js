// What stands on a page: a question with its words and control, a group, a matrix, a repeat. Each knows how to follow
// what the engine says after an answer: whether it is asked, its words, its choices, its value.
import { ask, h, freshId, icon } from "./dom.js";
import { isSeen, isTable } from "./pages.js";
import { pick } from "./text-template.js";
import { box } from "./widgets-choice.js";
import { widgetFor } from "./widgets.js";

export function blockFor(form, node, prefix) {
  if (node.kind === "repeat") return new Repeat(form, node, prefix);
  if (node.kind === "group") return isMatrix(form, node) ? new Matrix(form, node, prefix) : new Group(form, node, prefix);
  return new Question(form, node, prefix);
}

function isMatrix(form, node) {
  const rows = node.children.map((child) => form.nodes[child]);
  const lists = new Set(rows.map((row) => row.list));
  return isTable(node) && lists.size === 1
    && rows.every((row) => ["select_one", "select_multiple"].includes(row.type) && !row.choice_filter);
}

class Question {
  constructor(form, node, prefix) {
    Object.assign(this, { form, node, path: prefix + node.id, isTouched: false, shown: undefined, wording: "" });
    this.label = h("span", { class: "sq-label-text" });
    this.star = h("span", { class: "sq-star", "aria-hidden": "true" }, "*");
    this.hint = h("p", { class: "form-text sq-hint", id: freshId() });
    this.error = h("p", { class: "invalid-feedback sq-error", id: freshId() });
    this.element = this.build();
    this.refresh();
  }

  get isNote() { return this.node.type === "note"; }

  build() {
    if (this.isNote) return h("div", { class: "sq sq-note", "data-path": this.path }, this.label, this.hint);
    this.widget = widgetFor(this);
    const star = [this.star, this.starWord = h("span", { class: "visually-hidden" }, ` (${this.t("required")})`)];
    const picture = this.mediaUrl(this.node.media?.image);
    const parts = [picture && h("img", { src: picture, alt: "", class: "sq-picture" }), this.hint, this.guidance(), this.widget.element, this.error];
    const attributes = { class: `sq sq-${this.node.type}`, "data-path": this.path };
    this.starParts = star;
    if (this.widget.isField) return h("div", attributes, h("label", { class: "form-label", for: this.widget.id }, this.label, star), parts);
    return h("fieldset", { ...attributes, "data-plain": true }, h("legend", { class: "form-label" }, this.label, star), parts);
  }

  guidance() {
    const text = this.text("guidance_hint");
    return text && h("details", { class: "sq-guidance" }, h("summary", {}, this.t("more")), h("p", {}, text));
  }

  // What widgets ask of the question.
  t(key, values) { return this.form.t(key, values); }
  looks(...words) { return words.some((word) => this.node.appearance?.includes(word)); }
  value() { return this.form.run.value(this.path) ?? null; }
  choices() { return this.form.run.choices(this.path); }
  choiceText(choice) { return this.form.run.choiceText(choice, this.form.language); }
  mediaUrl(media) { return media ? this.form.mediaUrl(pick(media, this.form.language, this.form.compiled.default_language)) : ""; }
  keepFile(blob, name) { return this.form.files.keep(blob, name); }
  getFile(uuid) { return this.form.files.get(uuid); }

  set(value) {
    this.shown = JSON.stringify(value);
    this.form.set(this.path, value);
  }

  done() {
    this.isTouched = true;
    this.refresh();
  }

  quick() {
    if (this.looks("quick", "quickcompact") && !this.problem()) this.form.goOn(this);
  }

  text(key) {
    return this.form.run.text(this.path, key, this.form.language) ?? "";
  }

  problem() {
    if (this.isNote || !this.isAsked()) return "";
    const own = this.widget.problem?.();
    if (own) return this.t(own);
    const mistake = this.form.run.mistake(this.path) ?? this.form.told(this.path);
    if (!mistake) return "";
    return pick(mistake.text ?? mistake, this.form.language) || this.t(mistake.code === "required" ? "missing" : "wrong");
  }

  isAsked() { return this.form.run.isRelevant(this.path); }

  refresh() {
    const isAsked = this.isAsked();
    this.element.hidden = !isAsked;
    if (!isAsked) return;
    setText(this.label, this.text("label") || (this.text("hint") ? "" : this.node.name));
    setText(this.hint, this.text("hint"));
    this.hint.hidden = !this.hint.textContent;
    if (!this.isNote) this.follow();
  }

  follow() {
    const isRequired = this.form.run.isRequired(this.path);
    for (const part of this.starParts) part.hidden = !isRequired;
    if (this.widget.redraw && this.node.choice_filter) this.followChoices();
    const value = JSON.stringify(this.value());
    if (value !== this.shown && !this.widget.keeps?.()) {
      this.shown = value;
      this.widget.show(this.value());
    }
    this.widget.lock(Boolean(this.form.run.isReadOnly(this.path) || this.form.isLocked));
    this.mark(this.isTouched ? this.problem() : "");
  }

  followChoices() {
    const wording = this.choices().map((choice) => choice.name).join("\n");
    if (wording === this.wording) return;
    this.wording = wording;
    this.widget.redraw();
  }

  mark(problem) {
    setText(this.error, problem);
    this.element.classList.toggle("is-wrong", Boolean(problem));
    for (const control of this.controls()) {
      control.classList.toggle("is-invalid", Boolean(problem));
      if (problem) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
      const words = [this.hint.textContent && this.hint.id, problem && this.error.id].filter(Boolean).join(" ");
      if (words) control.setAttribute("aria-describedby", words);
      else control.removeAttribute("aria-describedby");
    }
  }

  controls() { return this.element.querySelectorAll("input, select, textarea"); }
  questions() { return [this]; }
  focus() { this.widget?.focus(); }
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

class Container {
  constructor(form, node, prefix) {
    Object.assign(this, { form, node, prefix, blocks: [] });
  }

  heading() { return this.form.groupText(this.node, this.prefix); }
  // Where the page is this group's own, its heading says it already.
  title() { return this.form.pages[this.form.index]?.group === this.node ? "" : this.heading(); }
  questions() { return this.blocks.flatMap((block) => block.questions()); }

  refresh() {
    for (const block of this.blocks) block.refresh();
    this.element.hidden = !this.questions().some((question) => question.isAsked());
  }
}

class Group extends Container {
  constructor(form, node, prefix) {
    super(form, node, prefix);
    this.blocks = node.children.map((child) => form.nodes[child]).filter(isSeen).map((child) => blockFor(form, child, prefix));
    const title = this.title();
    this.element = h("fieldset", { class: "sq-group", "data-plain": true }, title && h("legend", {}, title), this.blocks.map((block) => block.element));
    this.refresh();
  }
}

// One row a question and one column a choice; on a phone each row is a question of its own.
class Matrix extends Container {
  constructor(form, node, prefix) {
    super(form, node, prefix);
    this.blocks = node.children.map((child) => new MatrixRow(form, form.nodes[child], prefix));
    const choices = this.blocks[0]?.choices() ?? [];
    const head = h("div", { class: "sq-matrix-head", "aria-hidden": "true" }, h("span"), choices.map((choice) => h("span", {}, this.blocks[0].choiceText(choice))));
    const title = this.title();
    this.element = h("fieldset", { class: "sq-group sq-matrix", "data-plain": true }, title && h("legend", {}, title), head, this.blocks.map((block) => block.element));
    this.element.style.setProperty("--columns", String(choices.length));
    this.refresh();
  }
}

class MatrixRow extends Question {
  build() {
    const isOne = this.node.type === "select_one";
    const name = freshId("row");
    const id = freshId();
    const boxes = h("div", { class: "sq-choices sq-matrix-cells" }, this.choices().map((choice) => box(this, choice, { isOne, name, hidesLabel: true })));
    this.starParts = [this.star, h("span", { class: "visually-hidden" }, ` (${this.t("required")})`)];
    this.widget = {
      element: boxes, focus: () => (boxes.querySelector("input:checked") ?? boxes.querySelector("input"))?.focus(),
      show: (value) => { for (const input of boxes.querySelectorAll("input")) input.checked = isOne ? input.value === value : (value ?? []).includes(input.value); },
      lock: (yes) => { for (const input of boxes.querySelectorAll("input")) input.disabled = yes; },
    };
    return h("div", { class: "sq sq-matrix-row", "data-path": this.path, role: isOne ? "radiogroup" : "group", "aria-labelledby": id },
      h("div", { class: "sq-matrix-label" }, h("span", { id }, this.label, this.starParts), this.hint), boxes, this.error);
  }
}

class Repeat extends Container {
  constructor(form, node, prefix) {
    super(form, node, prefix);
    this.path = prefix + node.id;
    this.list = h("div", { class: "sq-instances" });
    this.add = h("button", { type: "button", class: "btn btn-secondary", onclick: () => this.addOne() }, icon("plus-lg"), h("span"));
    this.instances = [];
    const title = this.title();
    this.element = h("div", { class: "sq-repeat", "data-path": this.path }, title && h("h3", {}, title), this.list, node.repeat_count ? null : this.add);
    this.redraw();
    this.refresh();
  }

  name(index) { return `${this.heading() || this.node.name} ${index + 1}`; }

  redraw() {
    const children = this.node.children.map((child) => this.form.nodes[child]).filter(isSeen);
    this.instances = Array.from({ length: this.form.run.count(this.path) }, (_each, index) => this.instance(index, children));
    this.blocks = this.instances.flatMap((instance) => instance.blocks);
    this.list.replaceChildren(...this.instances.map((instance) => instance.element));
    this.add.lastChild.textContent = `${this.form.t(this.instances.length ? "add" : "add_first")}: ${this.heading() || this.node.name}`;
  }

  instance(index, children) {
    const blocks = children.map((child) => blockFor(this.form, child, `${this.path}[${index + 1}]/`));
    const remove = this.node.repeat_count ? null : h("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: () => this.removeOne(index) }, icon("trash"), this.form.t("remove"), h("span", { class: "visually-hidden" }, this.name(index)));
    const element = h("fieldset", { class: "sq-group sq-instance", "data-plain": true }, h("legend", {}, this.name(index)), blocks.map((block) => block.element), remove);
    return { blocks, element };
  }

  addOne() {
    this.form.run.addRepeat(this.path);
    this.form.changed();
    this.redraw();
    this.instances.at(-1)?.blocks[0]?.questions()[0]?.focus();
  }

  async removeOne(index) {
    const { form } = this;
    if (!(await ask(form.t("remove_sure", { name: this.name(index) }), form.t("yes_remove"), form.t("cancel")))) return;
    form.run.removeRepeat(this.path, index + 1);
    form.changed();
    this.redraw();
    this.add.focus();
  }

  refresh() {
    if (this.form.run.count(this.path) !== this.instances.length) this.redraw();
    for (const block of this.blocks) block.refresh();
    this.element.hidden = !this.form.isRepeatAsked(this.path);
  }
}
