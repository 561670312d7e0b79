// Turns an expression's tree into a function of a scope. Mirror of needs/surveys/expressions/evaluator.py.
import { FUNCTIONS } from "./functions.js";
import { toBoolean, toNumber, toText } from "./values.js";

export function build(ast) {
  const [kind, first] = ast;
  if (kind === "n") return () => first;
  if (kind === "s") return () => first;
  if (kind === "ref") return (scope) => scope.nodes(first);
  if (kind === "self") return (scope) => scope.own();
  if (kind === "col") return (scope) => scope.column(first) ?? [];
  if (kind === "neg") return negated(build(first));
  if (kind === "call") return call(first, ast.slice(2));
  return binary(kind, build(first), build(ast[2]));
}

function negated(inner) {
  return (scope) => -toNumber(inner(scope));
}

function binary(kind, left, right) {
  if (kind === "and") return (scope) => toBoolean(left(scope)) && toBoolean(right(scope));
  if (kind === "or") return (scope) => toBoolean(left(scope)) || toBoolean(right(scope));
  const compute = ARITHMETIC[kind];
  if (compute) return (scope) => compute(toNumber(left(scope)), toNumber(right(scope)));
  const compare = COMPARISONS[kind];
  return (scope) => compare(left(scope), right(scope));
}

const ARITHMETIC = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,
};

function equal(a, b) {
  if (typeof a === "boolean" || typeof b === "boolean") return toBoolean(a) === toBoolean(b);
  if (typeof a === "number" || typeof b === "number") return toNumber(a) === toNumber(b);
  return toText(a) === toText(b);
}

// A node set compares true when any of its values does; with a boolean it is compared as a whole.
function any(test) {
  return (a, b) => {
    if (!Array.isArray(a) && !Array.isArray(b)) return test(a, b);
    if (typeof a === "boolean" || typeof b === "boolean") return test(toBoolean(a), toBoolean(b));
    const right = Array.isArray(b) ? b : [b];
    return (Array.isArray(a) ? a : [a]).some((x) => right.some((y) => test(x, y)));
  };
}

const COMPARISONS = {
  "=": any(equal),
  "!=": any((a, b) => !equal(a, b)),
  "<": any((a, b) => toNumber(a) < toNumber(b)),
  "<=": any((a, b) => toNumber(a) <= toNumber(b)),
  ">": any((a, b) => toNumber(a) > toNumber(b)),
  ">=": any((a, b) => toNumber(a) >= toNumber(b)),
};

function call(name, parts) {
  const special = SPECIAL[name];
  if (special) return special(parts);
  const run = FUNCTIONS[name];
  const built = parts.map(build);
  return (scope) => run(scope, ...built.map((argument) => argument(scope)));
}

const SPECIAL = {
  if: (parts) => {
    const [test, then, otherwise] = parts.map(build);
    return (scope) => (toBoolean(test(scope)) ? then(scope) : otherwise(scope));
  },
  once: ([part]) => {
    const inner = build(part);
    return (scope) => scope.own() || toText(inner(scope));
  },
  position: ([[kind, number]]) =>
    kind === "up" ? (scope) => scope.positionUp(number) : (scope) => scope.positionIn(number),
  "indexed-repeat": (parts) => {
    const repeats = parts.filter((_part, index) => index % 2 === 1).map((repeat) => repeat[1]);
    const places = parts.filter((_part, index) => index && index % 2 === 0).map(build);
    return (scope) => {
      const wanted = places.map((place) => toNumber(place(scope)));
      if (!wanted.every((number) => Number.isFinite(number) && number >= 1)) return "";
      return scope.indexed(parts[0][1], new Map(repeats.map((repeat, index) => [repeat, Math.trunc(wanted[index])])));
    };
  },
  "jr:choice-name": ([part, question]) => {
    const value = build(part);
    return (scope) => scope.choiceLabel(question[1], toText(value(scope)));
  },
};
