// The answers as a tree of repeat instances, and how an expression sees them from where it stands.
// Mirror of needs/surveys/engine/state.py and settling.py. Here raw answers are kept beside what is settled from them,
// so that what becomes irrelevant or too many while somebody types comes back when it is wanted again.
import { build } from "./evaluator.js";
import { Unfit, fromText, read } from "./reading.js";
import { toBoolean, toNumber, toText } from "./values.js";

export const ROOT = -1;
export const MOST_ENTRIES = 500;
const EXPRESSIONS = [
  "relevant", "required", "constraint", "read_only", "default", "calculation", "choice_filter", "repeat_count",
];
const METADATA = new Set(["start", "end", "today", "deviceid", "username"]);

export class Program {
  constructor(data) {
    this.data = data;
    this.nodes = data.nodes.map((node) => prepared(node, data.lists));
    this.steps = data.order.map((index) => this.nodes[index]);
    this.members = new Map([[ROOT, new Map()]]);
    for (const node of this.nodes) {
      if (node.kind === "repeat" && !this.members.has(node.i)) this.members.set(node.i, new Map());
      if (node.kind === "repeat" || (node.kind === "question" && node.type !== "note")) {
        this.members.get(node.repeat).set(node.id, node);
      }
    }
  }
}

function prepared(data, lists) {
  const runs = {};
  for (const name of EXPRESSIONS) if (data[name]) runs[name] = build(data[name]);
  const rows = lists[data.list] ?? [];
  // Where a cascade repeats a name, its first row speaks for it.
  const choices = new Map();
  rows.forEach((row) => choices.has(row.name) || choices.set(row.name, row));
  return { ...data, runs, rows, choices, isVolatile: speaksOf(data.calculation, new Set(["uuid", "random"])) };
}

function speaksOf(ast, functions) {
  if (!Array.isArray(ast) || !ast.length) return false;
  return (ast[0] === "call" && functions.has(ast[1])) || ast.some((part) => speaksOf(part, functions));
}

export class Instance {
  constructor(repeat, parent, number) {
    Object.assign(this, { repeat, parent, number });
    this.raws = new Map();
    this.entries = new Map();
    this.spare = new Map();
    this.forget();
  }

  forget() {
    this.values = new Map();
    this.texts = new Map();
    this.unfit = new Map();
    this.relevant = new Map();
  }

  put(node, answer) {
    if (answer === null) {
      this.values.delete(node);
      this.texts.delete(node);
    } else {
      this.values.set(node, answer[0]);
      this.texts.set(node, answer[1]);
    }
  }

  upTo(repeat) {
    let instance = this;
    while (instance && instance.repeat !== repeat) instance = instance.parent;
    return instance;
  }

  isRelevant(node) {
    return this.relevant.get(node) ?? true;
  }

  resize(repeat, count) {
    const entries = this.entries.get(repeat) ?? [];
    const spare = this.spare.get(repeat) ?? [];
    while (entries.length > count) spare.push(entries.pop());
    while (entries.length < count) entries.push(spare.pop() ?? new Instance(repeat, this, entries.length + 1));
    this.entries.set(repeat, entries);
    this.spare.set(repeat, spare);
  }
}

export class State {
  constructor(program, context) {
    this.program = program;
    this.nodes = program.nodes;
    this.context = context;
    this.root = new Instance(ROOT, null, 1);
  }

  instances(repeat, within = this.root) {
    if (within.repeat === repeat) return [within];
    const outer = this.instances(this.nodes[repeat].repeat, within);
    return outer.flatMap((instance) => instance.entries.get(repeat) ?? []);
  }

  // Read every raw answer anew, then settle relevance, counts and calculations.
  settle() {
    this.readAll(this.root);
    for (const node of this.program.steps) {
      for (const instance of this.instances(node.repeat)) this.settleNode(node, instance);
    }
  }

  readAll(instance) {
    instance.forget();
    for (const [index, raw] of instance.raws) {
      try {
        instance.put(index, read(this.nodes[index], raw));
      } catch (error) {
        if (!(error instanceof Unfit)) throw error;
        instance.unfit.set(index, error);
      }
    }
    for (const entries of [...instance.entries.values(), ...instance.spare.values()]) {
      entries.forEach((entry) => this.readAll(entry));
    }
  }

  settleNode(node, instance) {
    const relevant = this.relevance(node, instance);
    instance.relevant.set(node.i, relevant);
    if (node.kind === "repeat") this.settleCount(node, instance, relevant);
    if (node.kind !== "question") return;
    if (!relevant) instance.put(node.i, null);
    else if (node.runs.calculation) this.calculate(node, instance);
    else if (METADATA.has(node.type) || node.type === "hidden") this.supply(node, instance);
  }

  relevance(node, instance) {
    const { parent } = node;
    if (parent !== ROOT && parent !== instance.repeat && !instance.isRelevant(parent)) return false;
    return !node.runs.relevant || toBoolean(node.runs.relevant(new Standing(this, node, instance)));
  }

  calculate(node, instance) {
    if (node.isVolatile && instance.texts.get(node.i)) return;
    const answer = fromText(node, toText(node.runs.calculation(new Standing(this, node, instance))));
    instance.put(node.i, answer);
    instance.unfit.delete(node.i);
    if (answer === null) instance.raws.delete(node.i);
    else instance.raws.set(node.i, answer[0]);
  }

  supply(node, instance) {
    if (instance.values.has(node.i)) return;
    const given = node.runs.default;
    const text = node.type === "hidden"
      ? (given ? toText(given(new Standing(this, node, instance))) : "")
      : this.ofDevice(node.type);
    const answer = fromText(node, text);
    instance.put(node.i, answer);
    if (answer !== null) instance.raws.set(node.i, answer[0]);
  }

  ofDevice(type) {
    const { today, username, deviceId, now } = this.context;
    return { today, username, deviceid: deviceId }[type] ?? (type === "username" || type === "deviceid" ? "" : now);
  }

  settleCount(node, instance, relevant) {
    if (!relevant) return instance.resize(node.i, 0);
    const count = node.runs.repeat_count;
    if (!count) return this.restore(node, instance);
    const number = toNumber(count(new Standing(this, node, instance)));
    const wanted = Number.isFinite(number) ? Math.max(0, Math.min(MOST_ENTRIES, Math.trunc(number))) : 0;
    return instance.resize(node.i, wanted);
  }

  // A repeat that was irrelevant has its entries again; one of a fixed count keeps its spare ones.
  restore(node, instance) {
    const spare = instance.spare.get(node.i) ?? [];
    if (spare.length) instance.resize(node.i, (instance.entries.get(node.i) ?? []).length + spare.length);
  }
}

// The scope of an expression: one node in one instance.
export class Standing {
  constructor(state, node, instance, choice = null) {
    Object.assign(this, { state, node, instance, choice });
  }

  get today() {
    return this.state.context.today;
  }

  get now() {
    return this.state.context.now;
  }

  get language() {
    return this.state.context.language ?? "";
  }

  nodes(index) {
    const target = this.state.nodes[index];
    if (target.kind === "question") return this.answers(target);
    if (target.kind === "group") return [""];
    return this.around(target.repeat)
      .filter((outer) => outer.isRelevant(index))
      .flatMap((outer) => (outer.entries.get(index) ?? []).map(() => ""));
  }

  answers(target) {
    const instances = this.around(target.repeat);
    if (instances.length === 1 && instances[0] === this.instance.upTo(target.repeat)) {
      return [instances[0].texts.get(target.i) ?? ""];
    }
    return instances.filter((one) => one.isRelevant(target.i)).map((one) => one.texts.get(target.i) ?? "");
  }

  // Inside the repeat its own instance; else all that lie in the nearest instance around both.
  around(repeat) {
    let outer = repeat;
    while (!this.instance.upTo(outer)) outer = this.state.nodes[outer].repeat;
    return this.state.instances(repeat, this.instance.upTo(outer));
  }

  own() {
    return this.instance.texts.get(this.node.i) ?? "";
  }

  column(name) {
    if (name === "name") return this.choice?.name ?? "";
    return this.choice?.filter?.[name];
  }

  positionUp(levels) {
    let index = this.node.i;
    for (let level = 0; level < levels; level += 1) index = index >= 0 ? this.state.nodes[index].parent : ROOT;
    return index >= 0 ? this.positionIn(index) : 1;
  }

  positionIn(repeat) {
    return this.state.nodes[repeat].kind === "repeat" ? (this.instance.upTo(repeat)?.number ?? 1) : 1;
  }

  indexed(index, wanted) {
    const chain = [];
    for (let repeat = this.state.nodes[index].repeat; repeat !== ROOT; repeat = this.state.nodes[repeat].repeat) {
      chain.unshift(repeat);
    }
    let instance = this.state.root;
    for (const repeat of chain) {
      const number = wanted.get(repeat) ?? this.instance.upTo(repeat)?.number ?? 1;
      instance = (instance.entries.get(repeat) ?? [])[number - 1];
      if (!instance) return "";
    }
    return instance.texts.get(index) ?? "";
  }

  choiceLabel(index, value) {
    const choice = this.state.nodes[index].choices.get(value);
    return choice ? textIn(choice.label, this.language, this.state.program.data) : "";
  }
}

// The text in a language; else in the questionnaire's own, else in any.
export function textIn(texts, language, data) {
  const known = texts ?? {};
  return known[language] || known[data.default_language] || known[""] || Object.values(known).find(Boolean) || "";
}

export function filledIn(parts, scope) {
  return parts.map((part) => (typeof part === "string" ? part : toText(build(part)(scope)))).join("");
}
