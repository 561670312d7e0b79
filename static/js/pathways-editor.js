// The editor of a pathway: moved by keyboard, a part keeps the cursor; of what a milestone's record asks, only what fits.

let pressed = "";

document.addEventListener("htmx:beforeRequest", () => {
  pressed = document.activeElement?.id ?? "";
});
document.addEventListener("htmx:afterSettle", () => {
  const button = pressed && document.getElementById(pressed);
  if (!button) return;
  if (button.disabled) button.closest("[tabindex]")?.focus();
  else button.focus();
});

const record = document.getElementById("id_record");
const kinds = ["skill", "enterprise", "rural", "application", "deed"];

function show() {
  for (const kind of kinds) {
    const field = document.getElementById(`div_id_${kind}`);
    if (field) field.hidden = record.value !== kind;
  }
  const needs = document.getElementById("div_id_needs");
  if (needs) needs.hidden = record.value !== "";
}

if (record) {
  record.addEventListener("change", show);
  show();
}
