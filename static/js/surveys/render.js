// Shows a questionnaire page by page, on top of the engine that decides what is asked.
//
//   const form = renderForm(element, compiled, {
//     run,                      // from engine.js
//     texts,                    // words of the page, see needs/surveys/form_texts.py; without them those of #survey-texts
//     language,                 // in which the questions are asked; default: the questionnaire's own
//     onChange(answers), onFinish(), onLanguage(language), onPage(index),   // all may be left out
//     files: {keep(blob, name) -> uuid, get(uuid) -> blob}, mediaUrl(name) -> address,
//     mistakes: [{path, code, text}],   // what the server said
//     page, isLocked, finishText, finishContext() -> what engine.js' `finish` takes,
//   });
//   form.showLanguage(language); form.showPage(index); form.destroy();
import { blockFor } from "./blocks.js";
import { h, freshId, icon } from "./dom.js";
import { pagesOf, questionsIn } from "./pages.js";
import { languageCode, languageName, pick } from "./text-template.js";
import { t, useTexts } from "./texts.js";

export function renderForm(element, compiled, options) {
  return new Form(element, compiled, options);
}

const inMemory = () => {
  const kept = new Map();
  return {
    keep: async (blob) => { const uuid = crypto.randomUUID(); kept.set(uuid, blob); return uuid; },
    get: async (uuid) => kept.get(uuid),
  };
};

class Form {
  constructor(element, compiled, options) {
    if (options.texts) useTexts(options.texts);
    this.t = t;
    this.root = element;
    this.compiled = compiled;
    this.nodes = compiled.nodes;
    this.run = options.run;
    this.options = options;
    this.files = options.files ?? inMemory();
    this.isLocked = options.isLocked ?? false;
    this.language = compiled.languages?.includes(options.language) ? options.language : compiled.default_language;
    this.pages = pagesOf(compiled);
    this.visited = new Set();
    this.server = new Map((options.mistakes ?? []).map((mistake) => [mistake.path, mistake]));
    this.build();
    this.showPage(this.nearest(options.page ?? 0));
  }

  mediaUrl(name) { return this.options.mediaUrl?.(name) ?? (name?.startsWith("/") ? name : ""); }
  told(path) { return this.server.get(path) ?? null; }

  groupText(node, prefix) {
    return this.run.text(prefix + (node.id ?? node.name), "label", this.language);
  }

  // The frame around the pages.
  build() {
    this.live = h("p", { class: "visually-hidden", "aria-live": "polite" });
    this.bar = h("progress", { class: "sform-bar", max: 100, "aria-label": t("contents") });
    this.where = h("span", { class: "sform-where" });
    this.contents = h("details", { class: "sform-contents" }, h("summary", {}, icon("list-ol"), this.where), this.list = h("ol"));
    this.top = h("div", { class: "sform-top" }, this.contents, this.languages(), this.bar);
    this.heading = h("h2", { tabindex: "-1" });
    this.summary = h("div", { class: "sform-summary", role: "alert" });
    this.body = h("div", { class: "sform-body" });
    this.back = h("button", { type: "button", class: "btn btn-secondary", onclick: () => this.go(-1) }, icon("arrow-left"), t("back"));
    this.next = h("button", { type: "submit", class: "btn btn-primary" });
    const page = h("form", { class: "sform-page", novalidate: true, autocomplete: "off", onsubmit: (event) => { event.preventDefault(); this.goNext(); }, onkeydown: (event) => this.onKey(event) },
      this.heading, this.summary, this.body, h("div", { class: "sform-buttons" }, this.back, this.next));
    this.element = h("div", { class: "sform" }, this.top, page, this.live);
    this.root.replaceChildren(this.element);
  }

  languages() {
    const all = this.compiled.languages ?? [];
    if (all.length < 2) return null;
    const id = freshId();
    const select = h("select", { class: "form-select", id, onchange: () => { this.showLanguage(select.value); this.root.querySelector(`#${id}`)?.focus(); } },
      all.map((language) => h("option", { value: language, lang: languageCode(language) }, languageName(language))));
    select.value = this.language;
    return h("div", { class: "sform-language" }, h("label", { class: "visually-hidden", for: id }, t("language")), select);
  }

  showLanguage(language) {
    this.language = language;
    this.run.setLanguage(language);
    this.options.onLanguage?.(language);
    this.drawPage();
  }

  // Which pages there are now.
  questionsOf(page) { return page.nodes.flatMap((node) => questionsIn(this.nodes, node, this.run)); }
  isPageAsked(page) {
    return page.nodes.some((node) => node.kind === "repeat" && this.isRepeatAsked(node.id))
      || this.questionsOf(page).some(({ path }) => this.run.isRelevant(path));
  }
  isRepeatAsked(path) { return this.run.isRelevant(path); }
  asked() { return this.pages.filter((page) => this.isPageAsked(page)); }
  nearest(index) { return this.asked().find((page) => page.index >= index)?.index ?? this.asked().at(-1)?.index ?? 0; }
  titleOf(page) { return (page.group && this.groupText(page.group, "")) || pick(this.compiled.title, this.language) || t("loose"); }

  showPage(index) {
    this.index = index;
    this.visited.add(index);
    this.options.onPage?.(index);
    this.drawPage();
  }

  drawPage() {
    const page = this.pages[this.index];
    this.element.lang = languageCode(this.language) ?? "";
    this.heading.textContent = page ? page.trail.map((group) => this.groupText(group, "")).filter(Boolean).join(" · ") || this.titleOf(page) : "";
    this.summary.replaceChildren();
    this.blocks = (page?.nodes ?? []).map((node) => blockFor(this, node, ""));
    // The page's own group and repeat have their words in the heading already.
    this.body.replaceChildren(...this.blocks.map((block) => block.element));
    this.refresh();
  }

  refresh() {
    for (const block of this.blocks) block.refresh();
    const asked = this.asked();
    const at = asked.findIndex((page) => page.index === this.index);
    this.bar.value = asked.length ? Math.round((100 * (at + 1)) / asked.length) : 100;
    this.where.textContent = t("page_of", { page: at + 1, pages: asked.length });
    this.back.hidden = at <= 0;
    this.nameNext(at === asked.length - 1);
    this.list.replaceChildren(...asked.map((page) => this.entry(page)));
  }

  // Only when it changes: a click on what is taken away under the finger would be lost.
  nameNext(isLast) {
    if (this.isLast === isLast) return;
    this.isLast = isLast;
    this.next.replaceChildren(...(isLast ? [icon("check-lg"), this.options.finishText ?? t("finish")] : [t("next"), icon("arrow-right")]));
  }

  entry(page) {
    const isHere = page.index === this.index;
    const problems = this.visited.has(page.index) && !isHere && this.questionsOf(page).some(({ path }) => this.run.isRelevant(path) && (this.run.mistake(path) || this.told(path)));
    const state = problems ? t("has_mistakes") : this.visited.has(page.index) && !isHere ? t("is_done") : "";
    return h("li", {}, h("button", {
      type: "button", class: "btn btn-quiet", "aria-current": isHere ? "step" : null,
      onclick: () => { this.contents.open = false; this.showPage(page.index); this.heading.focus(); },
    }, this.titleOf(page), state && h("span", { class: `sform-state ${problems ? "is-wrong" : ""}` }, icon(problems ? "exclamation-triangle-fill" : "check-lg"), state)));
  }

  // Answers.
  set(path, value) {
    this.server.delete(path);
    this.run.set(path, value);
    this.changed();
  }

  changed() {
    this.refresh();
    this.options.onChange?.(this.run.answers());
  }

  questions() { return this.blocks.flatMap((block) => block.questions()).filter((question) => !question.isNote && question.isAsked()); }

  // Moving.
  go(step) {
    const asked = this.asked();
    const at = asked.findIndex((page) => page.index === this.index);
    const target = asked[at + step];
    if (!target) return;
    this.showPage(target.index);
    this.heading.focus();
    scrollTo({ top: 0 });
  }

  goNext() {
    if (!this.isPageRight()) return;
    if (this.asked().at(-1)?.index !== this.index) this.go(1);
    else this.finish();
  }

  isPageRight() {
    const wrong = this.questions().filter((question) => { question.isTouched = true; question.refresh(); return question.problem(); });
    this.summary.replaceChildren(...(wrong.length ? [h("div", { class: "alert alert-bad" }, icon("x-circle-fill"), h("div", {}, t("mistakes_here", { count: wrong.length })))] : []));
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  finish() {
    const mistakes = [...this.run.finish(this.options.finishContext?.() ?? {}), ...this.server.values()];
    if (!mistakes.length) return this.options.onFinish?.();
    return this.showMistake(mistakes[0].path);
  }

  showMistake(path) {
    const page = this.pages.find((each) => this.questionsOf(each).some((question) => question.path === path || question.path.startsWith(`${path}[`)));
    if (page) this.showPage(page.index);
    if (this.isPageRight()) this.summary.replaceChildren(h("div", { class: "alert alert-bad" }, t("wrong"), ` ${path}`));
  }

  // After an answer that needs no more thought.
  goOn(question) {
    const all = this.questions();
    const following = all[all.indexOf(question) + 1];
    if (following) following.focus();
    else this.goNext();
  }

  // Enter goes to the next question, and from the last one to the next page; never in a text of several lines.
  onKey(event) {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, select")) return;
    event.preventDefault();
    const question = this.questions().find((each) => each.element.contains(event.target));
    if (!question) return;
    question.done();
    if (question.problem()) question.focus();
    else this.goOn(question);
  }

  destroy() { this.root.replaceChildren(); }
}
