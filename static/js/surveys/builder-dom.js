// Small helpers to make elements; words and icons come from the page.

export const setup = JSON.parse(document.getElementById("builder-setup").textContent);
export const words = setup.words;

// "{count} questions" with {count: 3} becomes "3 questions".
export function say(text, values) {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (["value", "checked", "selected", "disabled"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// The drawings come from our own server, never from a questionnaire.
export function icon(name) {
  const holder = document.createElement("span");
  holder.innerHTML = setup.icons[name];
  return holder.firstElementChild;
}

export function button(label, iconName, onclick, more = {}) {
  const { quiet = true, wordless = false, ...attributes } = more;
  const kind = quiet ? "btn btn-quiet btn-sm" : "btn btn-secondary btn-sm";
  const spoken = wordless ? { "aria-label": label, title: label } : {};
  return h("button", { type: "button", class: kind, onclick, ...spoken, ...attributes },
    iconName ? icon(iconName) : null, wordless ? null : label);
}

let fields = 0;

// A label above an input; `input` is an element or a function that makes it from its id.
export function field(label, input, { help = "", problems = [] } = {}) {
  fields += 1;
  const id = `f${fields}`;
  input.id = id;
  if (help || problems.length) input.setAttribute("aria-describedby", `${id}-help`);
  if (problems.length) input.classList.add("is-invalid");
  return h("div", { class: "builder-field" },
    h("label", { for: id }, label), input,
    help || problems.length ? h("div", { id: `${id}-help` },
      problems.map((text) => h("p", { class: "builder-problem" }, text)),
      help ? h("p", { class: "form-text" }, help) : null) : null);
}

export function check(label, checked, onchange, help = "") {
  fields += 1;
  const id = `f${fields}`;
  return h("div", { class: "form-check" },
    h("input", { type: "checkbox", class: "form-check-input", id, checked, onchange: (event) => onchange(event.target.checked) }),
    h("label", { class: "form-check-label", for: id }, label),
    help ? h("p", { class: "form-text" }, help) : null);
}

export function select(options, value, onchange, attributes = {}) {
  const made = h("select", { class: "form-select", onchange: (event) => onchange(event.target.value), ...attributes },
    options.map(([code, label]) => h("option", { value: code }, label)));
  made.value = value;
  return made;
}

// `key` names the input across renderings, so that the cursor can be put back into it.
export function input(key, value, oninput, { lines = 1, code = false, ...attributes } = {}) {
  const given = {
    class: `form-control${code ? " builder-code" : ""}`, "data-key": key, autocomplete: "off",
    spellcheck: code ? "false" : null, oninput: (event) => oninput(event.target.value), ...attributes,
  };
  const made = lines > 1 ? h("textarea", { ...given, rows: lines }) : h("input", { type: "text", ...given });
  made.value = value ?? "";
  return made;
}

// A dialog of the browser's own, gone from the page when it is closed. `body` may be a function of `close`.
export function dialog(title, body, { wide = false } = {}) {
  const made = h("dialog", { class: `ask${wide ? " builder-wide" : ""}`, "aria-labelledby": "builder-dialog-title" });
  const close = () => made.close();
  const content = typeof body === "function" ? body(close) : body;
  made.append(
    h("div", { class: "builder-dialog-head" }, h("h2", { id: "builder-dialog-title" }, title),
      button(words.close, "x-lg", close, { wordless: true })),
    ...[content].flat());
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
  return made;
}
