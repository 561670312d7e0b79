// The words of the page, handed over by the template in the language of the account.
let words = null;

export function useTexts(given) {
  words = given;
}

// What the engine says of an answer, by its code.
export function engineMessages() {
  t("");
  return words.messages ?? {};
}

export function t(key, values = {}) {
  words ??= JSON.parse(document.getElementById("survey-texts").textContent);
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function localTime(iso) {
  const when = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())} ${two(when.getHours())}:${two(when.getMinutes())}`;
}

// The moment with the offset of the device, as the wire has it: the server then knows the device's day.
export function isoNow(date = new Date()) {
  const two = (number) => String(Math.abs(number)).padStart(2, "0");
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const local = new Date(date.getTime() + offset * 60000).toISOString().slice(0, 19);
  return `${local}${sign}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
}
