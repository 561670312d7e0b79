// Coding open answers by keyboard: J and K walk, X chooses, 1 to 9 give the theme of that number to what is chosen.
const form = () => document.querySelector("[data-coding]");
const boxes = () => [...form().querySelectorAll("[name=answers]")];

function walk(step) {
  const all = boxes();
  const here = all.indexOf(document.activeElement);
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  next?.focus();
  next?.closest("li").scrollIntoView({ block: "nearest" });
}

function give(number) {
  const select = form().elements.theme;
  const option = select.options[number];
  if (!option) return;
  const all = boxes();
  if (!all.some((box) => box.checked) && all.includes(document.activeElement)) document.activeElement.checked = true;
  select.value = option.value;
  form().requestSubmit(form().querySelector("[type=submit]:not([name])"));
}

const isTyping = (target) => target.matches("select, textarea, input:not([type=checkbox])");

document.addEventListener("keydown", (event) => {
  if (!form()?.elements.theme || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
  else if (key === "x" && boxes().includes(document.activeElement)) document.activeElement.click();
  else if (/^[1-9]$/.test(key)) give(Number(key));
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-all]")) return;
  const all = boxes();
  const wanted = !all.every((box) => box.checked);
  for (const box of all) box.checked = wanted;
});
