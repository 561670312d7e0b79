// Runs a questionnaire in the browser, as needs/surveys/engine does on the server; see docs/surveys.md.
// tests/surveys/vectors hold both to one meaning.
import { fromText } from "./reading.js";
import { MOST_ENTRIES, Program, ROOT, Standing, State, filledIn, textIn } from "./state.js";
import { momentText, toBoolean, toText } from "./values.js";

const MOST_VALUES = 5_000;
const MOST_ROUNDS = 10;

// What the device knows of itself now, for `open` and `finish`.
export function deviceContext({ username = "", deviceId = "", language = "" } = {}) {
  const now = momentText(new Date());
  return { now, today: now.slice(0, 10), username, deviceId, language };
}

// `answers` of an earlier filling, or nothing for a new one, which begins with the defaults.
export function open(compiled, { answers, context, messages = {} }) {
  return new Run(compiled, answers, context, messages);
}

class Run {
  constructor(compiled, answers, context, messages) {
    this.program = new Program(compiled);
    this.state = new State(this.program, context);
    this.messages = messages;
    this.listeners = [];
    this.faults = [];
    if (answers === undefined || answers === null) this.begin(this.state.root);
    else this.fill(answers);
    this.state.settle();
  }

  // Reading -----------------------------------------------------------------------------------------------

  value(path) {
    const { node, instance } = this.find(path);
    return instance.values.get(node.i);
  }

  // What was typed, right or not.
  raw(path) {
    const { node, instance } = this.find(path);
    return instance.raws.get(node.i) ?? instance.values.get(node.i);
  }

  isRelevant(path) {
    const { node, instance } = this.find(path);
    return this.reached(instance) && instance.isRelevant(node.i);
  }

  isRequired(path) {
    return this.holds(path, "required");
  }

  isReadOnly(path) {
    return this.holds(path, "read_only") || Boolean(this.find(path).node.runs.calculation);
  }

  choices(path) {
    const { node, instance } = this.find(path);
    return this.offeredRows(node, instance);
  }

  text(path, property = "label", language = this.state.context.language) {
    const { node, instance } = this.find(path);
    return this.words(node, instance, property, language);
  }

  choiceText(choice, language = this.state.context.language) {
    return textIn(choice.label, language, this.program.data) || choice.name;
  }

  mistake(path) {
    const { node, instance } = this.find(path);
    if (!this.reached(instance) || !instance.isRelevant(node.i)) return null;
    return this.ofQuestion(node, instance)[0] ?? null;
  }

  count(path) {
    const { node, instance } = this.find(path);
    return (instance.entries.get(node.i) ?? []).length;
  }

  // Writing -----------------------------------------------------------------------------------------------

  set(path, value) {
    const { node, instance } = this.find(path);
    if (value === undefined || value === null || value === "") instance.raws.delete(node.i);
    else instance.raws.set(node.i, value);
    this.settle();
  }

  addRepeat(path) {
    const { node, instance } = this.find(path);
    const entries = instance.entries.get(node.i) ?? [];
    if (entries.length >= MOST_ENTRIES) return false;
    instance.spare.set(node.i, []);
    instance.resize(node.i, entries.length + 1);
    this.begin(instance.entries.get(node.i).at(-1));
    this.settle();
    return true;
  }

  removeRepeat(path, index) {
    const { node, instance } = this.find(path);
    const entries = instance.entries.get(node.i);
    entries.splice(index - 1, 1);
    entries.forEach((entry, place) => {
      entry.number = place + 1;
    });
    this.settle();
  }

  setLanguage(language) {
    this.state.context = { ...this.state.context, language };
    this.settle();
  }

  changed(callback) {
    this.listeners.push(callback);
  }

  // The end of filling: what the device says of the end is said now.
  finish(context) {
    this.state.context = { ...this.state.context, ...context };
    for (const node of this.program.nodes.filter((one) => one.type === "end")) {
      for (const instance of this.state.instances(node.repeat)) instance.raws.delete(node.i);
    }
    this.settle();
    return this.check();
  }

  check() {
    const found = this.faults.map((fault) => this.told(fault.node, fault.instance, fault.code, fault.values));
    for (const node of this.program.nodes) {
      if (node.kind !== "question" || node.type === "note") continue;
      for (const instance of this.state.instances(node.repeat)) {
        if (instance.isRelevant(node.i)) found.push(...this.ofQuestion(node, instance));
      }
    }
    return found;
  }

  answers() {
    return this.cleaned(this.state.root);
  }

  // Within ------------------------------------------------------------------------------------------------

  settle() {
    this.faults = [];
    this.state.settle();
    for (let round = 0; round < MOST_ROUNDS && this.dropFiltered(); round += 1) this.state.settle();
    this.listeners.forEach((listener) => listener());
  }

  // An answer that its filter no longer offers goes, and with it those that hang on it.
  dropFiltered() {
    let dropped = false;
    for (const node of this.program.nodes.filter((one) => one.runs.choice_filter)) {
      for (const instance of this.state.instances(node.repeat)) {
        const text = instance.texts.get(node.i) ?? "";
        if (!text) continue;
        const offered = new Set(this.offered(node, instance));
        const kept = text.split(" ").filter((name) => offered.has(name));
        if (kept.length === text.split(" ").length) continue;
        dropped = true;
        if (node.type === "select_one" || !kept.length) instance.raws.delete(node.i);
        else instance.raws.set(node.i, kept);
      }
    }
    return dropped;
  }

  begin(instance) {
    for (const node of this.program.members.get(instance.repeat).values()) {
      if (node.kind === "repeat") {
        if (!node.runs.repeat_count) {
          instance.resize(node.i, 1);
          this.begin(instance.entries.get(node.i)[0]);
        }
      } else if (node.runs.default && node.type !== "hidden") {
        const answer = fromText(node, toText(node.runs.default(new Standing(this.state, node, instance))));
        if (answer) {
          instance.raws.set(node.i, answer[0]);
          instance.put(node.i, answer);
        }
      }
    }
  }

  fill(answers) {
    if (!isObject(answers)) {
      this.faults.push({ node: null, instance: this.state.root, code: "answers_shape", values: {} });
      return;
    }
    const budget = { left: MOST_VALUES };
    this.fillInstance(this.state.root, answers, budget);
    if (budget.left < 0) {
      this.faults.push({ node: null, instance: this.state.root, code: "values_many", values: { most: MOST_VALUES } });
    }
  }

  fillInstance(instance, answers, budget) {
    const members = this.program.members.get(instance.repeat);
    for (const [key, raw] of Object.entries(answers)) {
      budget.left -= 1;
      if (budget.left < 0) return;
      const node = members.get(key);
      if (!node) this.faults.push({ node: null, instance, code: "unknown_question", values: { key: key.slice(0, 80) } });
      else if (node.kind === "repeat") this.fillRepeat(node, instance, raw, budget);
      else if (raw !== null && raw !== "") instance.raws.set(node.i, raw);
    }
  }

  fillRepeat(node, instance, raw, budget) {
    if (raw === null) return;
    if (!Array.isArray(raw) || !raw.every(isObject)) {
      this.faults.push({ node, instance, code: "repeat_shape", values: {} });
      return;
    }
    if (raw.length > MOST_ENTRIES) {
      this.faults.push({ node, instance, code: "repeat_many", values: { most: MOST_ENTRIES } });
    }
    instance.resize(node.i, Math.min(raw.length, MOST_ENTRIES));
    instance.entries.get(node.i).forEach((entry, index) => this.fillInstance(entry, raw[index], budget));
  }

  ofQuestion(node, instance) {
    const unfit = instance.unfit.get(node.i);
    if (unfit) return [this.told(node, instance, unfit.code, unfit.values)];
    const text = instance.texts.get(node.i) ?? "";
    if (!text) return this.asked(node, instance, "required") ? [this.told(node, instance, "required", {})] : [];
    const found = [];
    if (node.runs.choice_filter || node.type === "rank") {
      const offered = this.offered(node, instance);
      const chosen = text.split(" ");
      if (!chosen.every((name) => offered.includes(name))) found.push(this.told(node, instance, "choice_unknown", {}));
      else if (node.type === "rank" && chosen.length !== offered.length) {
        found.push(this.told(node, instance, "rank_incomplete", {}));
      }
    }
    if (node.runs.constraint && !this.asked(node, instance, "constraint")) {
      found.push(this.told(node, instance, "constraint", {}));
    }
    return found;
  }

  asked(node, instance, name) {
    const run = node.runs[name];
    return Boolean(run) && toBoolean(run(new Standing(this.state, node, instance)));
  }

  holds(path, name) {
    const { node, instance } = this.find(path);
    return this.asked(node, instance, name);
  }

  offered(node, instance) {
    return this.offeredRows(node, instance).map((row) => row.name);
  }

  offeredRows(node, instance) {
    const keep = node.runs.choice_filter;
    if (!keep) return [...node.choices.values()];
    const kept = new Map();
    for (const row of node.rows) {
      const passes = !kept.has(row.name) && toBoolean(keep(new Standing(this.state, node, instance, row)));
      if (passes) kept.set(row.name, row);
    }
    return [...kept.values()];
  }

  told(node, instance, code, values) {
    const path = [this.pathOf(instance), node ? node.id : values.key].filter(Boolean).join("/");
    const own = node && (code === "required" || code === "constraint")
      ? this.words(node, instance, `${code}_message`, this.state.context.language)
      : "";
    const sentence = (this.messages[code] ?? code).replace(/%\((\w+)\)s/g, (_whole, name) => String(values[name]));
    return { path, code, text: own || sentence };
  }

  words(node, instance, property, language) {
    const texts = node[property] ?? {};
    const own = this.program.data.default_language;
    const template = node.texts?.[property]?.[texts[language] ? language : own];
    if (template) return filledIn(template, new Standing(this.state, node, instance));
    return textIn(texts, language, this.program.data);
  }

  pathOf(instance) {
    if (instance.repeat === ROOT) return "";
    const own = `${this.program.nodes[instance.repeat].id}[${instance.number}]`;
    return [this.pathOf(instance.parent), own].filter(Boolean).join("/");
  }

  // An entry is reached when it and all around it still stand.
  reached(instance) {
    if (instance.repeat === ROOT) return true;
    const { parent } = instance;
    return (parent.entries.get(instance.repeat) ?? []).includes(instance) && this.reached(parent);
  }

  find(path) {
    let instance = this.state.root;
    let node = null;
    for (const part of path.split("/")) {
      const [, id, number] = /^([^[]+)(?:\[(\d+)\])?$/.exec(part);
      node = this.program.members.get(instance.repeat).get(id) ?? this.unanswered(id, instance);
      if (!node) throw new Error(`no question ${path}`);
      if (number) instance = instance.entries.get(node.i)[Number(number) - 1];
    }
    return { node, instance };
  }

  // Notes and groups have no answers, but texts and relevance: groups go by their name.
  unanswered(id, instance) {
    return this.program.nodes.find((node) => (node.id ?? node.name) === id && node.repeat === instance.repeat);
  }

  cleaned(instance) {
    const found = {};
    for (const [key, node] of this.program.members.get(instance.repeat)) {
      if (!instance.isRelevant(node.i)) continue;
      if (node.kind === "repeat") {
        const entries = (instance.entries.get(node.i) ?? []).map((entry) => this.cleaned(entry));
        if (entries.length) found[key] = entries;
      } else if (instance.values.has(node.i)) {
        found[key] = instance.values.get(node.i);
      }
    }
    return found;
  }
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
