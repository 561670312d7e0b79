// Neither an ID number nor a whole phone typed into the search box must reach the address: the number is sent by the
// form made for it, of a phone the last four digits are enough.
const search = document.querySelector("[data-filter] input[type=search]");
const find = document.querySelector("[data-find-by-id]");

function divert(event) {
  const typed = search.value.replace(/[\s-]/g, "");
  if (/^\d{8,14}$/.test(typed)) {
    // Only when done: the beginning of an ID number can look like a phone.
    if (["change", "submit"].includes(event.type) && /^1[3-9]\d{9}$/.test(typed)) {
      search.value = typed.slice(-4);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (!/^\d{15,17}[\dXx]?$/.test(typed)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!find || typed.length < 18) return;
  find.closest("details").open = true;
  find.querySelector("input:not([type=hidden])").value = typed.toUpperCase();
  search.value = "";
  find.requestSubmit();
}

if (search) {
  for (const kind of ["keyup", "change", "input"]) search.addEventListener(kind, divert, true);
  search.form.addEventListener("submit", divert, true);
}

// Exports repeat the filter that is on the page, which changes without a reload.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-follows-list]");
  if (link) link.search = location.search;
});
