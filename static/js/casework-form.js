// Autosave of a form page: says how it stands, and sends what is still typed when the page is left.

const form = document.querySelector("form[data-autosave]");
const saved = document.getElementById("saved");
let unsaved = false;

form.addEventListener("input", () => { unsaved = true; });
form.addEventListener("change", () => { unsaved = true; });
form.addEventListener("submit", () => { unsaved = false; });

form.addEventListener("htmx:beforeRequest", () => {
  unsaved = false;
  saved.textContent = saved.dataset.saving;
  document.getElementById("conditions").setAttribute("aria-busy", "true");
});
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  form.addEventListener(failure, () => {
    unsaved = true;
    saved.textContent = saved.dataset.failed;
  });
}

// The pending delay would be lost with the page: what was typed last goes out on its own.
addEventListener("pagehide", () => {
  if (!unsaved || form.dataset.sent) return;
  fetch(form.getAttribute("hx-post"), { method: "POST", body: new FormData(form), keepalive: true });
});
