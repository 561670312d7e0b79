// Ticking rows for one decision on many; the bar follows what is ticked, also after the list was swapped.

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-bulk-all]")) {
    for (const box of boxes(form)) box.checked = event.target.checked;
  }
  show(form);
});

// The export takes what the list shows now: the filter changes the address without loading the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-export]");
  if (link) link.search = location.search;
});

document.addEventListener("htmx:afterSwap", showAll);
addEventListener("pageshow", showAll);

function showAll() {
  for (const form of document.querySelectorAll("[data-bulk]")) show(form);
}

function boxes(form) {
  return form.querySelectorAll("tbody input[type=checkbox]");
}

function show(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const ticked = [...boxes(form)].filter((box) => box.checked).length;
  bar.querySelector("[data-bulk-count]").textContent = ticked;
  bar.classList.toggle("is-active", ticked > 0);
  const all = form.querySelector("[data-bulk-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes(form).length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
}
