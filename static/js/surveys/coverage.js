// Keeps the coverage grid fresh while somebody looks at it: not in a hidden tab, not under somebody's hands.
const EVERY_MS = 10_000;

function refresh() {
  const grid = document.querySelector("#coverage[data-live]");
  if (!grid || document.hidden || grid.contains(document.activeElement) || document.querySelector("dialog[open]")) return;
  window.htmx.trigger(grid, "refresh");
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-township] select")) event.target.form.requestSubmit();
});
