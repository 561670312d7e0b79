// One or several of a list: radios or ticks, a drop-down where that is asked for, a search where the list is long.
import { h, freshId } from "./dom.js";

const LONG_LIST = 30;

export function choiceWidget(q) {
  return q.node.type === "select_one" && q.looks("minimal") ? dropDown(q) : boxes(q);
}

function dropDown(q) {
  const select = h("select", { class: "form-select", id: freshId(), onchange: () => { q.set(select.value || null); q.done(); q.quick(); } });
  const redraw = () => {
    select.replaceChildren(h("option", { value: "" }, q.t("choose")), ...q.choices().map((choice) => h("option", { value: choice.name }, q.choiceText(choice))));
    select.value = q.value() ?? "";
  };
  redraw();
  return {
    element: select, isField: true, id: select.id, redraw, focus: () => select.focus(),
    show: (value) => { select.value = value ?? ""; }, lock: (yes) => { select.disabled = yes; },
  };
}

function boxes(q) {
  const isOne = q.node.type === "select_one";
  const name = freshId("choice");
  const list = h("div", { class: `sq-choices ${layout(q)}` });
  const nothing = h("p", { class: "muted", hidden: true }, q.t("nothing_found"));
  const search = h("input", {
    class: "form-control sq-search", type: "search", "aria-label": q.t("search"), placeholder: q.t("search"), autocomplete: "off",
    oninput: () => filter(list, search.value, nothing),
  });
  const redraw = () => {
    const choices = q.choices();
    search.hidden = choices.length <= LONG_LIST && !q.looks("autocomplete", "search");
    list.classList.toggle("is-long", !search.hidden);
    list.replaceChildren(...choices.map((choice) => box(q, choice, { isOne, name })));
    show(q.value());
    filter(list, search.value, nothing);
  };
  const show = (value) => {
    const chosen = new Set(isOne ? [value] : value ?? []);
    for (const input of list.querySelectorAll("input")) input.checked = chosen.has(input.value);
  };
  redraw();
  return {
    element: h("div", {}, search, list, nothing), redraw, show,
    focus: () => (search.hidden ? list.querySelector("input:checked") ?? list.querySelector("input") : search)?.focus(),
    lock: (yes) => { for (const input of list.querySelectorAll("input")) input.disabled = yes; },
    inputs: () => list.querySelectorAll("input"),
  };
}

function layout(q) {
  if (q.looks("likert")) return "is-likert";
  if (q.looks("columns-pack", "horizontal-compact")) return "is-packed";
  return q.looks("columns", "horizontal", "compact", "quickcompact") || q.node.appearance?.some((word) => /^(columns|compact)-/.test(word)) ? "is-columns" : "";
}

export function box(q, choice, { isOne, name, hidesLabel = false }) {
  const input = h("input", {
    class: "form-check-input", type: isOne ? "radio" : "checkbox", id: freshId(), name, value: choice.name,
    onchange: () => choose(q, input, isOne),
    // A radio cannot be unticked by itself: chosen once more, or by Backspace, it takes the answer back.
    onkeydown: (event) => { if (isOne && ["Backspace", "Delete"].includes(event.key)) takeBack(q, input); },
  });
  const picture = q.mediaUrl(choice.media?.image);
  const label = h("label", { class: "form-check-label", for: input.id },
    picture && h("img", { src: picture, alt: "", class: "sq-picture", loading: "lazy" }),
    h("span", { class: hidesLabel ? "sq-matrix-word" : null }, q.choiceText(choice)));
  return h("div", { class: "form-check sq-choice" }, input, label);
}

function choose(q, input, isOne) {
  if (isOne) {
    q.set(input.value);
  } else {
    const chosen = [...input.closest(".sq-choices").querySelectorAll("input:checked")].map((each) => each.value);
    q.set(chosen.length ? chosen : null);
  }
  q.done();
  if (isOne) q.quick();
}

function takeBack(q, input) {
  input.checked = false;
  q.set(null);
  q.done();
}

function filter(list, typed, nothing) {
  const wanted = typed.normalize("NFKC").trim().toLowerCase();
  let found = 0;
  for (const row of list.children) {
    const input = row.querySelector("input");
    const fits = input.checked || row.textContent.toLowerCase().includes(wanted);
    row.hidden = !fits;
    found += fits ? 1 : 0;
  }
  nothing.hidden = found > 0 || wanted === "";
}
