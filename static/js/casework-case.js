// The case page: pictures turn and grow in the viewer, and the open decision takes the cursor.

// Why a decision was refused stands beside it: on a phone far below the top, where the page begins anew.
const refused = document.querySelector("#decision [role=alert], #decision .is-invalid");
refused?.scrollIntoView({ block: "center" });
refused?.focus({ preventScroll: true });

document.addEventListener("click", (event) => {
  const picture = document.querySelector("#viewer .viewer-picture");
  if (event.target.closest("[data-turn]")) {
    picture.dataset.turned = (Number(picture.dataset.turned || 0) + 1) % 4;
  }
  const zoom = event.target.closest("[data-zoom]");
  if (zoom) zoom.setAttribute("aria-pressed", String(picture.classList.toggle("is-full")));
});

document.addEventListener("toggle", (event) => {
  const choice = event.target;
  if (choice.matches?.("details.choice") && choice.open && choice.contains(document.activeElement)) {
    choice.querySelector("textarea, input[type=text]")?.focus();
  }
}, true);
