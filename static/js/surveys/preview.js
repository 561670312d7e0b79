// The preview: the form itself at the width of a phone. What is typed in stays in this page.
import { deviceContext, open } from "./engine.js";
import { renderForm } from "./render.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const compiled = read("preview-compiled");
const words = read("preview-words");
const host = document.getElementById("preview-form");
const answers = document.getElementById("preview-answers");
const mistakes = document.getElementById("preview-mistakes");
const told = document.getElementById("preview-told");
const labels = new Map(compiled.nodes.filter((node) => node.id).map((node) => [node.id, node]));
let run;

function start() {
  const context = deviceContext({ username: words.username, deviceId: "preview", language: compiled.default_language });
  run = open(compiled, { context, messages: words.messages });
  told.textContent = "";
  host.replaceChildren();
  renderForm(host, compiled, { run, texts: read("survey-texts"), onChange: draw, onFinish: () => { told.textContent = words.finished; draw(); } });
  draw();
}

const textOf = (id) => {
  const label = labels.get(id)?.label ?? {};
  return label[compiled.default_language] || Object.values(label).find(Boolean) || id;
};

function row(...cells) {
  const line = document.createElement("tr");
  cells.forEach((cell, index) => {
    const made = document.createElement("td");
    made.textContent = cell;
    made.dataset.label = words.columns[index];
    line.append(made);
  });
  return line;
}

// A choice by its text, a file by its name, a list joined: what a reader makes of the stored value.
function shown(id, value) {
  const node = labels.get(id);
  const choices = new Map((compiled.lists[node?.list] ?? []).map((choice) => [choice.name, choice.label?.[compiled.default_language] || choice.name]));
  const one = (each) => (each && typeof each === "object" ? each.name ?? JSON.stringify(each) : choices.get(each) ?? String(each));
  return Array.isArray(value) ? value.map(one).join(", ") : one(value);
}

function* rows(all, before = "") {
  for (const [id, value] of Object.entries(all)) {
    if (labels.get(id)?.kind === "repeat") {
      for (const [index, each] of value.entries()) yield* rows(each, `${before}${textOf(id)} ${index + 1} · `);
    } else {
      yield row(`${before}${textOf(id)}`, id, shown(id, value));
    }
  }
}

function draw() {
  const given = [...rows(run.answers())];
  answers.replaceChildren(...(given.length ? given : [row(words.none, "", "")]));
  const wrong = run.check();
  mistakes.replaceChildren(...wrong.map(({ path, text }) => {
    const item = document.createElement("li");
    item.textContent = `${textOf(path.split("/").at(-1).replace(/\[\d+\]$/, ""))}: ${text}`;
    return item;
  }));
  document.getElementById("preview-count").textContent = String(wrong.length);
}

document.getElementById("preview-again").addEventListener("click", () => {
  start();
  host.querySelector("h2")?.focus();
});
start();
