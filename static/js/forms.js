// Forms: sent once, never left by accident with something typed, errors reached at once.

export function watchForms(root) {
  root.addEventListener("submit", sendOnce);
  root.addEventListener("input", (event) => noteChange(event.target));
  root.addEventListener("change", (event) => noteChange(event.target));
  window.addEventListener("beforeunload", warnBeforeLeaving);
  window.addEventListener("pageshow", (event) => event.persisted && releaseAll(root));
  root.addEventListener("click", followErrorLink);
  root.querySelector("[data-error-summary]")?.focus();
}

const changed = new Set();

function noteChange(field) {
  const form = field.form;
  if (form?.matches("[data-guard]") && field.name) changed.add(form);
}

function sendOnce(event) {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  changed.delete(form);
  // After this turn of the loop: a disabled button would not send its own name and value.
  setTimeout(() => setBusy(form, true));
}

function setBusy(form, busy) {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.disabled = busy;
    button.setAttribute("aria-busy", String(busy));
  }
}

export function release(form) {
  delete form.dataset.sent;
  setBusy(form, false);
}

function releaseAll(root) {
  for (const form of root.querySelectorAll("[data-once][data-sent]")) release(form);
}

function warnBeforeLeaving(event) {
  const typed = [...changed].some((form) => form.isConnected && !form.dataset.sent);
  if (typed) event.preventDefault();
}

// A link to a field in a group or below the sticky header should put the cursor into the field.
function followErrorLink(event) {
  const link = event.target.closest?.("[data-error-summary] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}
