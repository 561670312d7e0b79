// A condition put together by choosing (question, operator, value), beside the expression that it writes.
import { button, field, h, input, say, select, setup, words } from "./builder-dom.js";
import { isSelect, labelOf, walk } from "./builder-items.js";

const REF = String.raw`\$\{\s*([A-Za-z_][\w.-]*)\s*\}`;
const TEXT = String.raw`'[^']*'|"[^"]*"`;
const SELECTED = String.raw`selected\(\s*${REF}\s*,\s*(${TEXT})\s*\)`;
const FORMS = [
  [new RegExp(`^not\\(\\s*${SELECTED}\\s*\\)`), ([, name, value]) => ({ name, operator: "excludes", value: bare(value) })],
  [new RegExp(`^${SELECTED}`), ([, name, value]) => ({ name, operator: "includes", value: bare(value) })],
  [new RegExp(`^${REF}\\s*(=|!=|<=|>=|<|>)\\s*(${TEXT}|-?\\d+(?:\\.\\d+)?)`), ([, name, operator, value]) => compared(name, operator, value)],
];
const NUMBERS = new Set(["integer", "decimal", "range"]);

const bare = (text) => (/^['"]/.test(text) ? text.slice(1, -1) : text);

function compared(name, operator, value) {
  if (value === "''" || value === '""') {
    if (operator === "=") return { name, operator: "empty", value: "" };
    if (operator === "!=") return { name, operator: "answered", value: "" };
  }
  return { name, operator, value: bare(value) };
}

// {joint: "and"|"or", terms} of a simple condition; null for one that was written by hand.
export function parse(expression) {
  let rest = expression.trim();
  const terms = [];
  let joint = "";
  while (rest) {
    const found = FORMS.map(([form, make]) => [rest.match(form), make]).find(([match]) => match);
    if (!found) return null;
    terms.push(found[1](found[0]));
    rest = rest.slice(found[0][0].length).trim();
    if (!rest) break;
    const next = rest.match(/^(and|or)\s+/);
    if (!next || (joint && joint !== next[1])) return null;
    joint = next[1];
    rest = rest.slice(next[0].length);
    if (!rest) return null;
  }
  return { joint: joint || "and", terms };
}

const quoted = (text) => (text.includes("'") ? `"${text.replaceAll('"', "")}"` : `'${text}'`);

export function written({ joint, terms }, types) {
  return terms.filter((term) => term.name).map(({ name, operator, value }) => {
    const ref = `\${${name}}`;
    if (operator === "answered") return `${ref} != ''`;
    if (operator === "empty") return `${ref} = ''`;
    if (operator === "includes") return `selected(${ref}, ${quoted(value)})`;
    if (operator === "excludes") return `not(selected(${ref}, ${quoted(value)}))`;
    const isNumber = NUMBERS.has(types.get(name)) && /^-?\d+(\.\d+)?$/.test(value);
    return `${ref} ${operator} ${isNumber ? value : quoted(value)}`;
  }).join(` ${joint} `);
}

// The editor of item.relevant: rows to choose from while it is simple, and always the expression itself.
export function conditionEditor(store, item, problems) {
  const holder = h("div", { class: "builder-condition" });
  const questions = [...walk(store.document.items)].map((place) => place.item)
    .filter((each) => each !== item && each.kind === "question" && each.name && each.type !== "note");
  const types = new Map(questions.map((each) => [each.name, each.type]));
  const raw = input("relevant", item.relevant, (text) => {
    store.step(() => { item.relevant = text; }, { merge: `relevant:${item._key}`, quiet: true });
    state = parse(text);
    draw();
  }, { lines: 2, code: true });
  let state = parse(item.relevant ?? "");

  const put = () => {
    const text = written(state, types);
    store.step(() => { item.relevant = text; }, { merge: `relevant:${item._key}`, quiet: true });
    raw.value = text;
  };
  const redraw = () => { put(); draw(); };

  function draw() {
    if (!state) {
      holder.replaceChildren(h("p", { class: "form-text" }, words.byHand));
      return;
    }
    holder.replaceChildren(
      state.terms.length > 1 ? select([["and", words.all], ["or", words.any]], state.joint,
        (joint) => { state.joint = joint; put(); }, { "aria-label": words.joint }) : null ?? "",
      ...state.terms.map(row),
      button(words.addCondition, "plus-lg", () => {
        state.terms.push({ name: "", operator: "=", value: "" });
        draw();
        holder.querySelector(".builder-term:last-of-type select")?.focus();
      }, { quiet: false }));
  }

  function row(term) {
    const question = questions.find((each) => each.name === term.name);
    const chosen = select(
      [["", words.chooseQuestion], ...questions.map((each) => [each.name, `${labelOf(each, store.document, store.language) || each.name} (${each.name})`])],
      term.name, (name) => { Object.assign(term, { name, value: "", operator: first(name) }); redraw(); }, { "aria-label": words.question });
    if (term.name && !question) {
      chosen.append(h("option", { value: term.name, selected: true }, term.name));
      chosen.value = term.name;
    }
    return h("div", { class: "builder-term" }, chosen, operatorOf(term, question), valueOf(term, question),
      button(say(words.removeCondition, { name: term.name }), "x-lg", () => {
        state.terms.splice(state.terms.indexOf(term), 1);
        redraw();
      }, { wordless: true }));
  }

  const first = (name) => (types.get(name) === "select_multiple" ? "includes" : "=");

  function operatorOf(term, question) {
    const offered = question?.type === "select_multiple" ? ["includes", "excludes", "answered", "empty"]
      : ["=", "!=", ">", ">=", "<", "<=", "answered", "empty"];
    if (!offered.includes(term.operator)) offered.push(term.operator);
    return select(offered.map((each) => [each, setup.operators[each]]), term.operator,
      (operator) => { term.operator = operator; redraw(); }, { "aria-label": words.operator });
  }

  function valueOf(term, question) {
    if (term.operator === "answered" || term.operator === "empty") return null;
    if (question && isSelect(question.type)) {
      const rows = store.document.choices[question.list] ?? [];
      const options = rows.map((each) => [each.name, labelOf(each, store.document, store.language) || each.name]);
      if (!options.some(([name]) => name === term.value)) options.unshift([term.value, term.value || words.chooseValue]);
      return select(options, term.value, (value) => { term.value = value; put(); }, { "aria-label": words.value });
    }
    return input("", term.value, (value) => { term.value = value; put(); }, { "aria-label": words.value });
  }

  draw();
  return [holder, field(words.asExpression, raw, { help: words.expressionHelp, problems })];
}
