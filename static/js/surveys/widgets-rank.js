// An order of choices: by arrows for thumbs and keyboards, by dragging for a mouse.
import { h, icon } from "./dom.js";

export function rankWidget(q) {
  const list = h("ol", { class: "sq-rank" });
  const keep = h("button", { type: "button", class: "btn btn-secondary btn-sm", onclick: () => { q.set(order()); q.done(); refresh(); } }, icon("check-lg"), q.t("rank_keep"));
  const hint = h("p", { class: "form-text" }, q.t("rank_hint"));
  let locked = false;
  const order = () => [...list.children].map((row) => row.dataset.name);
  const refresh = () => {
    keep.hidden = locked || q.value() !== null;
    list.classList.toggle("is-open", q.value() === null);
    [...list.children].forEach((row, index) => {
      row.querySelector("[data-up]").disabled = locked || index === 0;
      row.querySelector("[data-down]").disabled = locked || index === list.children.length - 1;
    });
  };
  const moved = (row, button) => {
    q.set(order());
    q.done();
    refresh();
    const target = row.querySelector(button);
    (target.disabled ? row.querySelector("button:not(:disabled)") : target)?.focus();
  };
  const redraw = () => {
    const choices = q.choices();
    const wanted = q.value() ?? choices.map((choice) => choice.name);
    const sorted = [...choices].sort((a, b) => place(wanted, a.name) - place(wanted, b.name));
    list.replaceChildren(...sorted.map((choice) => rowOf(q, choice, list, moved)));
    refresh();
  };
  redraw();
  return {
    element: h("div", {}, hint, list, keep), redraw, show: redraw,
    focus: () => list.querySelector("button:not(:disabled)")?.focus(),
    lock: (yes) => { locked = yes; refresh(); },
  };
}

function place(names, name) {
  const found = names.indexOf(name);
  return found === -1 ? names.length : found;
}

function rowOf(q, choice, list, moved) {
  const name = q.choiceText(choice);
  const row = h("li", { "data-name": choice.name, draggable: "true" },
    h("span", { class: "sq-rank-word" }, icon("grip-vertical"), name),
    h("button", { type: "button", class: "btn btn-quiet", "data-up": true, "aria-label": q.t("up", { name }), onclick: () => { row.previousElementSibling?.before(row); moved(row, "[data-up]"); } }, icon("arrow-up")),
    h("button", { type: "button", class: "btn btn-quiet", "data-down": true, "aria-label": q.t("down", { name }), onclick: () => { row.nextElementSibling?.after(row); moved(row, "[data-down]"); } }, icon("arrow-down")));
  row.addEventListener("dragstart", (event) => { row.classList.add("is-dragged"); event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", choice.name); });
  row.addEventListener("dragend", () => { row.classList.remove("is-dragged"); moved(row, "[data-down]"); });
  row.addEventListener("dragover", (event) => {
    const dragged = list.querySelector(".is-dragged");
    if (!dragged || dragged === row) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY > top + height / 2) row.after(dragged);
    else row.before(dragged);
  });
  return row;
}
