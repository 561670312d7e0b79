// A roadmap: questions open in a dialog over the road, and after a change the cursor goes where it happened.

const dialog = document.getElementById("ask");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "ask-body") return;
  const first = dialog.querySelector("[data-error-summary], textarea, select, input:not([type=hidden])");
  first?.focus();
});

document.addEventListener("roadmap-changed", (event) => {
  dialog.close();
  reveal(document.getElementById(event.detail.place));
});

// A stage is folded: what somebody goes to is shown first.
function reveal(place) {
  if (!place) return;
  place.closest("details")?.setAttribute("open", "");
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".step a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  reveal(place);
});

dialog.addEventListener("close", () => document.getElementById("ask-body").replaceChildren());

if (location.hash) reveal(document.getElementById(location.hash.slice(1)));
