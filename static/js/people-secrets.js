// A sensitive value that was shown is masked again after a while, or at once on demand.
const SHOWN_FOR = 60_000;
const masked = new Map();

document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (target?.matches(".secret-value") && event.detail.shouldSwap) masked.set(target.id, target.cloneNode(true));
});

document.addEventListener("htmx:afterSettle", (event) => {
  const shown = event.detail.elt;
  if (shown?.matches?.("[data-unmasked]")) setTimeout(() => maskAgain(shown), SHOWN_FOR);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-mask-again]");
  if (button) maskAgain(button.closest(".secret-value"));
});

function maskAgain(shown) {
  const before = masked.get(shown.id);
  if (!shown.isConnected || !before) return;
  before.querySelector("details")?.removeAttribute("open");
  before.querySelector("form")?.reset();
  for (const button of before.querySelectorAll("button")) button.disabled = false;
  shown.replaceWith(before);
  window.htmx.process(before);
  before.querySelector("summary, button")?.focus();
}
