// What expressions compute with. Mirror of needs/surveys/expressions/values.py: same input, same output.
// Dates count as days since 1970-01-01 on the wall clock of Beijing (+08:00).

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
const DAY = 86_400_000;
const BEIJING = 8 * 3_600_000;
const FIRST_DAY = -719_162;
const AFTER_LAST_DAY = 2_932_897;

export function toText(value) {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (Array.isArray(value)) return value.length ? value[0] : "";
  return numberText(value);
}

function numberText(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return "0";
  const text = String(value);
  const [digits, exponent] = text.split("e");
  return exponent === undefined ? text : withoutExponent(digits, Number(exponent));
}

function withoutExponent(digits, exponent) {
  const sign = digits.startsWith("-") ? "-" : "";
  const [whole, fraction = ""] = digits.replace("-", "").split(".");
  const all = whole + fraction;
  const point = whole.length + exponent;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${all}`;
  if (point >= all.length) return sign + all + "0".repeat(point - all.length);
  return `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

export function toNumber(value) {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const text = toText(value).trim();
  return NUMBER.test(text) ? Number(text) : daysOf(text);
}

export function toBoolean(value) {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return !(value === 0 || Number.isNaN(value));
  return toText(value) !== "";
}

function daysOf(text) {
  const day = dayOf(text);
  if (day !== null) return day;
  const moment = momentOf(text);
  if (moment === null) return NaN;
  const days = Math.floor(moment / DAY);
  const rest = moment - days * DAY;
  const seconds = Math.floor(rest / 1000);
  return days + (seconds + ((rest % 1000) * 1000) / 1_000_000) / 86_400;
}

// Days since 1970-01-01 of `2026-11-25`, or null.
export function dayOf(text) {
  const match = DATE.exec(text);
  return match ? dayOfParts(Number(match[1]), Number(match[2]), Number(match[3])) : null;
}

function dayOfParts(year, month, day) {
  if (year < 1) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.getTime() / DAY : null;
}

// Milliseconds since 1970-01-01 on Beijing's wall clock of `2026-11-25T08:30:00+08:00`, or null.
export function momentOf(text) {
  const match = MOMENT.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = "00", fraction = "0", offset] = match;
  const days = dayOfParts(Number(year), Number(month), Number(day));
  if (days === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const shift = offsetOf(offset);
  if (shift === null) return null;
  const clock = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
  const moment = days * DAY + clock + Math.trunc(Number(fraction) * 1000) - shift + BEIJING;
  return moment >= FIRST_DAY * DAY && moment < AFTER_LAST_DAY * DAY ? moment : null;
}

function offsetOf(text) {
  if (!text) return BEIJING;
  if (text === "Z") return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  if (hours > 14 || minutes > 59) return null;
  return (text[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

export function dateText(value) {
  if (typeof value === "number" || typeof value === "boolean") return dateOfDays(toNumber(value));
  const text = toText(value).trim();
  if (NUMBER.test(text)) return dateOfDays(Number(text));
  if (dayOf(text) !== null) return text;
  const moment = momentOf(text);
  return moment === null ? "" : dateOfDays(Math.floor(moment / DAY));
}

function dateOfDays(days) {
  if (Number.isNaN(days) || !(days >= FIRST_DAY && days < AFTER_LAST_DAY)) return "";
  return new Date(Math.floor(days) * DAY).toISOString().slice(0, 10);
}

export function dateTimeText(value) {
  const number = toNumber(value);
  if (!Number.isFinite(number) || !(number >= FIRST_DAY && number < AFTER_LAST_DAY)) return "";
  return wallText(Math.floor(number * 86_400 * 1000 + 0.5));
}

function wallText(wall) {
  return `${new Date(wall).toISOString().slice(0, 23)}+08:00`;
}

// A moment of the device's clock as `2026-11-25T08:30:00.000+08:00`, wherever the device is.
export function momentText(date) {
  return wallText(date.getTime() + BEIJING);
}
