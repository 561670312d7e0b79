// The functions of expressions. Mirror of needs/surveys/expressions/functions.py.
import { dateText, dateTimeText, dayOf, momentOf, toBoolean, toNumber, toText } from "./values.js";

const words = (value) => toText(value).split(/\s+/).filter(Boolean);
const strip = (text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
const letters = (value) => Array.from(toText(value));
const texts = (values) => values.flatMap((value) => (Array.isArray(value) ? value : [toText(value)]));
const numbers = (values) => values.flatMap((value) => (Array.isArray(value) ? value.map(toNumber) : [toNumber(value)]));
const halfUp = (number) => Math.floor(number + 0.5) + 0;

function selectedAt(scope, chosen, index) {
  const found = words(chosen);
  const at = toNumber(index);
  return Number.isFinite(at) && at >= 0 && Math.trunc(at) < found.length ? found[Math.trunc(at)] : "";
}

const patterns = new Map();

function pattern(text) {
  if (!patterns.has(text)) {
    let compiled;
    try {
      compiled = new RegExp(`^(?:${text})$`, "u");
    } catch {
      compiled = new RegExp(`^(?:${text})$`);
    }
    patterns.set(text, compiled);
  }
  return patterns.get(text);
}

function round(scope, value, decimals = 0) {
  const number = toNumber(value);
  const places = toNumber(decimals);
  if (!Number.isFinite(places)) return NaN;
  if (!Number.isFinite(number)) return number;
  const scale = Number(`1e${Math.min(Math.abs(Math.trunc(places)), 15)}`);
  return places < 0 ? halfUp(number / scale) * scale : halfUp(number * scale) / scale;
}

function extreme(choose) {
  return (scope, ...values) => {
    const found = numbers(values);
    return found.length && !found.some(Number.isNaN) ? found.reduce((a, b) => choose(a, b)) : NaN;
  };
}

function substr(scope, text, start, end) {
  const whole = letters(text);
  const first = toNumber(start);
  const last = end === undefined ? whole.length : toNumber(end);
  if (Number.isNaN(first) || Number.isNaN(last)) return "";
  return whole.slice(bounded(first, whole.length), bounded(last, whole.length)).join("");
}

function bounded(index, length) {
  const at = Math.trunc(Math.max(-1e9, Math.min(1e9, index)));
  return Math.max(0, Math.min(length, at < 0 ? at + length : at));
}

function substring(scope, text, start, length) {
  const first = halfUp(toNumber(start));
  const end = length === undefined ? Infinity : first + halfUp(toNumber(length));
  return letters(text).filter((letter, index) => first <= index + 1 && index + 1 < end).join("");
}

function substringBefore(scope, text, part) {
  const at = toText(part) ? toText(text).indexOf(toText(part)) : -1;
  return at < 0 ? "" : toText(text).slice(0, at);
}

function substringAfter(scope, text, part) {
  const wanted = toText(part);
  if (!wanted) return toText(text);
  const at = toText(text).indexOf(wanted);
  return at < 0 ? "" : toText(text).slice(at + wanted.length);
}

function translate(scope, text, old, replacement) {
  const table = new Map();
  const instead = letters(replacement);
  letters(old).forEach((letter, index) => table.has(letter) || table.set(letter, instead[index] ?? ""));
  return letters(text).map((letter) => (table.has(letter) ? table.get(letter) : letter)).join("");
}

function uuid(scope, length) {
  if (length === undefined) return newUuid();
  const wanted = toNumber(length);
  const count = Number.isFinite(wanted) && wanted > 0 && wanted <= 100 ? Math.trunc(wanted) : 0;
  const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
  return Array.from({ length: count }, () => alphabet[Math.floor(Math.random() * 36)]).join("");
}

// crypto.randomUUID is there on https and localhost only; an office's own address may be neither.
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const CHINESE_DAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

function formatDate(scope, value, form) {
  const day = dayOf(dateText(value));
  return day === null ? "" : formatted(new Date(day * 86_400_000), form, scope.language);
}

function formatDateTime(scope, value, form) {
  const moment = momentOf(dateTimeText(value));
  return moment === null ? "" : formatted(new Date(moment), form, scope.language);
}

// The wall clock is read as if it were UTC: momentOf has moved it already.
function formatted(date, form, language) {
  const chinese = isChinese(language);
  const two = (number) => String(number).padStart(2, "0");
  const month = date.getUTCMonth() + 1;
  const parts = {
    Y: String(date.getUTCFullYear()).padStart(4, "0"),
    y: two(date.getUTCFullYear() % 100),
    m: two(month),
    n: String(month),
    b: chinese ? `${month}月` : MONTHS[month - 1],
    d: two(date.getUTCDate()),
    e: String(date.getUTCDate()),
    a: (chinese ? CHINESE_DAYS : DAYS)[date.getUTCDay()],
    H: two(date.getUTCHours()),
    h: String(date.getUTCHours()),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    3: String(date.getUTCMilliseconds()).padStart(3, "0"),
    "%": "%",
  };
  return toText(form).replace(/%(.)/g, (whole, letter) => parts[letter] ?? whole);
}

function isChinese(language) {
  const lower = language.toLowerCase();
  return language.includes("中") || language.includes("汉") || lower.includes("(zh") || lower.startsWith("zh");
}

function power(scope, base, exponent) {
  const a = toNumber(base);
  const b = toNumber(exponent);
  if (b === 0) return 1;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return NaN;
  if (Number.isInteger(b) && Math.abs(b) <= 1024) return multiplied(a, b);
  return a > 0 ? Number(Math.pow(a, b).toPrecision(14)) : NaN;
}

function multiplied(base, exponent) {
  let result = 1;
  let factor = base;
  for (let left = Math.abs(exponent); left; left = Math.floor(left / 2)) {
    if (left % 2) result *= factor;
    factor *= factor;
  }
  return exponent > 0 ? result : 1 / result;
}

export const FUNCTIONS = {
  selected: (scope, chosen, value) => words(chosen).includes(strip(toText(value))),
  "count-selected": (scope, chosen) => words(chosen).length,
  "selected-at": selectedAt,
  coalesce: (scope, ...values) => values.map(toText).find(Boolean) ?? "",
  regex: (scope, text, form) => pattern(toText(form)).test(toText(text)),
  today: (scope) => scope.today,
  now: (scope) => scope.now,
  date: (scope, value) => dateText(value),
  "date-time": (scope, value) => dateTimeText(value),
  "decimal-date-time": (scope, value) => toNumber(value),
  "format-date": formatDate,
  "format-date-time": formatDateTime,
  // + 0: the server knows no negative zero.
  int: (scope, value) => Math.trunc(toNumber(value)) + 0,
  round,
  abs: (scope, value) => Math.abs(toNumber(value)),
  pow: power,
  floor: (scope, value) => Math.floor(toNumber(value)) + 0,
  ceiling: (scope, value) => Math.ceil(toNumber(value)) + 0,
  count: (scope, nodes) => (Array.isArray(nodes) ? nodes.length : 0),
  "count-non-empty": (scope, nodes) => (Array.isArray(nodes) ? nodes.filter((text) => text !== "").length : 0),
  sum: (scope, nodes) => numbers([nodes]).reduce((a, b) => a + b, 0),
  min: extreme(Math.min),
  max: extreme(Math.max),
  string: (scope, value) => toText(value),
  "string-length": (scope, value) => letters(value).length,
  concat: (scope, ...values) => texts(values).join(""),
  join: (scope, separator, ...values) => texts(values).join(toText(separator)),
  contains: (scope, text, part) => toText(text).includes(toText(part)),
  "starts-with": (scope, text, part) => toText(text).startsWith(toText(part)),
  "ends-with": (scope, text, part) => toText(text).endsWith(toText(part)),
  substr,
  substring,
  "substring-before": substringBefore,
  "substring-after": substringAfter,
  translate,
  "normalize-space": (scope, text) => strip(toText(text)).split(/[ \t\r\n]+/).join(" "),
  number: (scope, value) => toNumber(value),
  boolean: (scope, value) => toBoolean(value),
  "boolean-from-string": (scope, text) => ["true", "1"].includes(toText(text)),
  true: () => true,
  false: () => false,
  not: (scope, value) => !toBoolean(value),
  uuid,
  random: () => Math.random(),
};
