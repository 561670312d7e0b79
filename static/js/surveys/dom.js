// Makes elements: h("label", { for: id, class: "form-label" }, text, child). `on…` listens, true sets a bare attribute,
// what is false, null or undefined is left out. Text is always text, never markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// The page's icons lie in one hidden sheet, so that each is sent once.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("fill", "currentColor");
  svg.setAttribute("viewBox", "0 0 16 16");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

let lastId = 0;

export function freshId(prefix = "s") {
  lastId += 1;
  return `${prefix}${lastId}`;
}

export function alertBox(tone, ...content) {
  return h("div", { class: `alert alert-${tone}`, role: tone === "bad" ? "alert" : "status" }, h("div", {}, ...content));
}

// A question that must be answered before something is lost. Resolves to whether it was.
export function ask(text, yes, no) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { class: "ask", "aria-label": text, onclose: () => { dialog.remove(); resolve(dialog.returnValue === "yes"); } },
      h("p", {}, text),
      h("form", { method: "dialog", class: "ask-buttons" },
        h("button", { class: "btn btn-secondary", value: "no", autofocus: true }, no),
        h("button", { class: "btn btn-danger", value: "yes" }, yes)),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
