// One control for each kind of answer. A widget is {element, focus(), show(value), lock(yes), problem()?, isField}: it
// shows a value and calls `q.set(value, {done})` with what the person gave; null is no answer.
import { h, freshId, icon } from "./dom.js";
import { choiceWidget } from "./widgets-choice.js";
import { geopointWidget, fileWidget } from "./widgets-media.js";
import { rankWidget } from "./widgets-rank.js";

const WIDGETS = {
  text: textWidget,
  barcode: textWidget,
  integer: (q) => numberWidget(q, /^[-+]?\d{1,15}$/, "numeric", "bad_integer"),
  decimal: (q) => numberWidget(q, /^[-+]?(\d{1,15}([.。]\d*)?|[.。]\d+)$/, "decimal", "bad_decimal"),
  range: rangeWidget,
  date: (q) => momentWidget(q, "date"),
  time: (q) => momentWidget(q, "time"),
  dateTime: (q) => momentWidget(q, "datetime-local"),
  select_one: choiceWidget,
  select_multiple: choiceWidget,
  rank: rankWidget,
  acknowledge: acknowledgeWidget,
  geopoint: geopointWidget,
  image: fileWidget,
  file: fileWidget,
};

export function widgetFor(q) {
  return (WIDGETS[q.node.type] ?? textWidget)(q);
}

function textWidget(q) {
  const isLong = q.node.type === "text" && q.looks("multiline");
  const input = h(isLong ? "textarea" : "input", {
    class: "form-control", id: freshId(), autocomplete: "off", maxlength: 10000,
    rows: isLong ? 4 : null, type: isLong ? null : "text", inputmode: q.looks("numbers") ? "numeric" : null,
    oninput: () => q.set(input.value.trim() === "" ? null : input.value),
    onchange: () => q.done(),
  });
  return field(input, (value) => { input.value = value ?? ""; });
}

function field(input, show, more = {}) {
  return {
    element: input, isField: true, id: input.id, focus: () => input.focus(), show,
    lock: (yes) => { input.disabled = yes; },
    ...more,
  };
}

// Not `type=number`: that one says nothing of what cannot be read, and its wheel changes answers.
function numberWidget(q, pattern, inputmode, wrong) {
  let unread = false;
  const input = h("input", {
    class: "form-control sq-number", id: freshId(), type: "text", inputmode, autocomplete: "off", maxlength: 40,
    oninput: () => {
      const typed = input.value.normalize("NFKC").replace(/[,\s]/g, "");
      unread = typed !== "" && !pattern.test(typed);
      q.set(typed === "" || unread ? null : Number(typed.replace("。", ".")));
    },
    onchange: () => q.done(),
  });
  return field(input, (value) => { unread = false; input.value = value ?? ""; }, { problem: () => (unread ? wrong : ""), keeps: () => unread });
}

function rangeWidget(q) {
  const { start = 0, end = 10, step = 1 } = q.node.parameters ?? {};
  const [from, to, by] = [Number(start), Number(end), Math.abs(Number(step)) || 1];
  return q.looks("picker") ? rangePicker(q, from, to, by) : rangeSlider(q, from, to, by);
}

function rangePicker(q, from, to, by) {
  const places = Math.max(0, ...[from, by].map((number) => (String(number).split(".")[1] ?? "").length));
  const count = Math.min(1000, Math.floor(Math.abs(to - from) / by + 1e-9));
  const values = Array.from({ length: count + 1 }, (_each, index) => Number((from + Math.sign(to - from) * by * index).toFixed(places)));
  const select = h("select", { class: "form-select sq-number", id: freshId(), onchange: () => { q.set(select.value === "" ? null : Number(select.value)); q.done(); } },
    h("option", { value: "" }, q.t("choose")), values.map((value) => h("option", { value: String(value) }, String(value))));
  return field(select, (value) => { select.value = value === null ? "" : String(value); });
}

// A slider always stands somewhere: until it is touched there is no answer, and it says so.
function rangeSlider(q, from, to, by) {
  const id = freshId();
  const shown = h("output", { class: "sq-range-value", for: id }, q.t("not_answered"));
  const input = h("input", {
    class: "form-range", id, type: "range", min: Math.min(from, to), max: Math.max(from, to), step: by,
    oninput: () => { shown.textContent = input.value; q.set(Number(input.value)); },
    onchange: () => q.done(), onclick: () => { shown.textContent = input.value; q.set(Number(input.value)); },
  });
  const clear = h("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: () => { q.set(null); show(null); input.focus(); } }, q.t("clear"));
  const show = (value) => {
    const isEmpty = value === null || value === undefined;
    input.value = String(isEmpty ? Math.min(from, to) : value);
    shown.textContent = isEmpty ? q.t("not_answered") : String(value);
    input.classList.toggle("is-empty", isEmpty);
    clear.hidden = isEmpty;
  };
  show(null);
  const element = h("div", { class: "sq-range" }, shown, input,
    h("div", { class: "sq-range-ends" }, h("span", {}, String(Math.min(from, to))), clear, h("span", {}, String(Math.max(from, to)))));
  return { ...field(input, show), element, described: input };
}

function momentWidget(q, type) {
  const input = h("input", {
    class: "form-control sq-moment", id: freshId(), type, step: type === "date" ? null : 60,
    max: type === "date" ? "9999-12-31" : type === "datetime-local" ? "9999-12-31T23:59" : null,
    oninput: () => q.set(fromInput(type, input.value)), onchange: () => q.done(),
  });
  return field(input, (value) => { input.value = toInput(type, value); }, {
    problem: () => (input.validity.badInput ? "wrong" : ""), keeps: () => input.validity.badInput,
  });
}

function fromInput(type, value) {
  if (value === "") return null;
  if (type === "date") return value;
  if (type === "time") return value.slice(0, 5);
  const offset = -new Date(value).getTimezoneOffset();
  const two = (number) => String(Math.abs(number)).padStart(2, "0");
  return `${value.slice(0, 16)}:00${offset < 0 ? "-" : "+"}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
}

function toInput(type, value) {
  if (!value) return "";
  return String(value).slice(0, { date: 10, time: 5, "datetime-local": 16 }[type]);
}

function acknowledgeWidget(q) {
  const input = h("input", { class: "form-check-input", type: "checkbox", id: freshId(), onchange: () => { q.set(input.checked ? "OK" : null); q.done(); } });
  const element = h("div", { class: "form-check sq-choice" }, input, h("label", { class: "form-check-label", for: input.id }, icon("check-lg"), q.t("acknowledge")));
  return { element, described: input, focus: () => input.focus(), show: (value) => { input.checked = value === "OK"; }, lock: (yes) => { input.disabled = yes; } };
}
