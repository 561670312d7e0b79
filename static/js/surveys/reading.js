// What one answer may look like, by type of question. Mirror of needs/surveys/engine/reading.py.
import { dayOf, momentOf, toNumber, toText } from "./values.js";

const MOST_CHARACTERS = 10_000;
const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER;
const LARGEST = 1e15;
const WHITE = /^[ \t\r\n\u00a0\u3000]+|[ \t\r\n\u00a0\u3000]+$/g;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?$/;
const UNSTORABLE = /[\0\ud800-\udfff]/u;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export class Unfit extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

// [value, text for expressions], or null where there is no answer. Throws Unfit.
export function read(node, raw) {
  if (raw === undefined || raw === null || raw === "" || (Array.isArray(raw) && !raw.length)) return null;
  return READERS[node.type](node, raw);
}

// The answer that a calculation or default gives; what does not fit the type is none.
export function fromText(node, text) {
  if (text === "" || text === "NaN") return null;
  try {
    return read(node, (RAW[node.type] ?? String)(text));
  } catch (error) {
    if (error instanceof Unfit) return null;
    throw error;
  }
}

function text(node, raw) {
  if (typeof raw !== "string") throw new Unfit("type_text");
  if (UNSTORABLE.test(raw)) throw new Unfit("text_nul");
  const trimmed = raw.replace(WHITE, "");
  if (Array.from(trimmed).length > MOST_CHARACTERS) throw new Unfit("text_length", { most: MOST_CHARACTERS });
  return trimmed ? [trimmed, trimmed] : null;
}

function number(raw, code) {
  if (typeof raw !== "number") throw new Unfit(code);
  if (Math.abs(raw) > LARGEST_WHOLE) throw new Unfit("number_size");
  if (!Number.isFinite(raw)) throw new Unfit(code);
  return raw === 0 ? 0 : raw;
}

function integer(node, raw) {
  const value = number(raw, "type_integer");
  if (!Number.isInteger(value)) throw new Unfit("type_integer");
  return [value, String(value)];
}

function decimal(node, raw) {
  const value = number(raw, "type_number");
  if (Math.abs(value) >= LARGEST) throw new Unfit("number_size");
  return [value, toText(value)];
}

function range(node, raw) {
  const answer = decimal(node, raw);
  const [start, end, step] = rangeOf(node.parameters ?? {});
  if (!(Math.min(start, end) <= answer[0] && answer[0] <= Math.max(start, end))) {
    throw new Unfit("range_bounds", { start: toText(start), end: toText(end) });
  }
  const steps = (answer[0] - start) / step;
  if (Math.abs(steps - Math.round(steps)) > 1e-9) throw new Unfit("range_step", { step: toText(Math.abs(step)) });
  return answer;
}

export function rangeOf(parameters) {
  const of = (name, standard) => {
    const value = toNumber(String(parameters[name] ?? ""));
    return Number.isFinite(value) ? value : standard;
  };
  const start = of("start", 1);
  const end = of("end", 10);
  const step = Math.abs(of("step", 1)) || 1;
  return [start, end, end >= start ? step : -step];
}

function date(node, raw) {
  if (typeof raw !== "string" || dayOf(raw) === null) throw new Unfit("type_date");
  return [raw, raw];
}

function time(node, raw) {
  const match = typeof raw === "string" ? TIME.exec(raw) : null;
  if (!match || Number(match[1]) > 23 || Number(match[2]) > 59 || Number(match[3] ?? 0) > 59) throw new Unfit("type_time");
  const value = match[3] ? `${match[1]}:${match[2]}:${match[3]}` : `${match[1]}:${match[2]}`;
  return [value, value];
}

function moment(node, raw) {
  if (typeof raw !== "string" || momentOf(raw) === null) throw new Unfit("type_moment");
  return [raw, raw];
}

function choice(node, raw) {
  if (typeof raw !== "string") throw new Unfit("type_choice");
  if (!node.choices.has(raw)) throw new Unfit("choice_unknown");
  return [raw, raw];
}

function choices(node, raw) {
  if (!Array.isArray(raw) || !raw.every((name) => typeof name === "string")) throw new Unfit("type_choice");
  if (!raw.every((name) => node.choices.has(name))) throw new Unfit("choice_unknown");
  if (new Set(raw).size < raw.length) throw new Unfit("choice_twice");
  const chosen = node.type === "rank" ? [...raw] : [...node.choices.keys()].filter((name) => raw.includes(name));
  return [chosen, chosen.join(" ")];
}

function acknowledge(node, raw) {
  if (raw !== "OK") throw new Unfit("type_acknowledge");
  return ["OK", "OK"];
}

function geopoint(node, raw) {
  if (!Array.isArray(raw) || raw.length < 2 || raw.length > 4) throw new Unfit("type_geopoint");
  const numbers = [...raw, null, null].slice(0, 4);
  [90, 180, 1e6, 1e7].forEach((bound, index) => {
    const value = numbers[index];
    if (value === null && bound > 180) return;
    if (typeof value !== "number" || !(Math.abs(value) <= bound)) throw new Unfit("type_geopoint");
  });
  return [numbers, numbers.map((value) => toText(value ?? 0)).join(" ")];
}

function file(node, raw) {
  const isFile = raw !== null && typeof raw === "object" && !Array.isArray(raw);
  if (!isFile || Object.keys(raw).sort().join() !== "file,name") throw new Unfit("type_file");
  if (typeof raw.file !== "string" || !UUID.test(raw.file) || typeof raw.name !== "string") throw new Unfit("type_file");
  const length = Array.from(raw.name).length;
  if (!length || length > 120 || UNSTORABLE.test(raw.name)) throw new Unfit("type_file");
  return [{ file: raw.file, name: raw.name }, raw.name];
}

const READERS = {
  text, barcode: text, hidden: text, calculate: text, username: text, deviceid: text,
  integer, decimal, range, date, today: date, time, dateTime: moment, start: moment, end: moment,
  select_one: choice, select_multiple: choices, rank: choices, acknowledge, geopoint, image: file, file,
};

const words = (value) => value.split(/\s+/).filter(Boolean);
const RAW = {
  integer: toNumber, decimal: toNumber, range: toNumber, select_multiple: words, rank: words,
  geopoint: (value) => words(value).map(Number), date: (value) => value.slice(0, 10), image: () => null, file: () => null,
};
