// Survey responses that wait on this device: said before somebody signs out, and kept apart from who comes next.
// The surveys' own pages write down whose they are and how many (static/js/surveys/device.js).

const KEY = "talentmap.surveys";

export function watchUnsent(dialog) {
  if (!dialog) return;
  const user = document.body.dataset.user;
  const known = read();
  if (known && user) recognise(known, user);
  if (known?.unsent && location.pathname === "/sign-in/") note(dialog, known);
  document.addEventListener("submit", (event) => onSubmit(event, dialog), true);
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

// Another person is signed in: the form will ask whose it is before it shows anything.
function recognise(known, user) {
  if (known.partition !== `u${user}`) localStorage.removeItem(KEY);
  else if (known.unconfirmed) localStorage.setItem(KEY, JSON.stringify({ ...known, unconfirmed: undefined }));
}

function words(dialog, known) {
  return dialog.dataset.text.replace("{name}", known.name).replace("{count}", String(known.unsent));
}

// After the idle time-out, on the sign-in page.
function note(dialog, known) {
  const copy = document.getElementById("unsent-note").content.cloneNode(true);
  copy.querySelector("[data-words]").textContent = words(dialog, known);
  document.getElementById("messages")?.append(copy);
}

function onSubmit(event, dialog) {
  const path = new URL(event.target.action, location.href).pathname;
  if (path === "/sign-in/") doubt();
  if (path !== "/sign-out/") return;
  const known = read();
  if (!known?.unsent || event.target.dataset.sure) return void localStorage.removeItem(KEY);
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.querySelector("[data-words]").textContent = words(dialog, known);
  dialog.querySelector("[data-out]").onclick = () => leave(event.target);
  dialog.showModal();
}

function leave(form) {
  localStorage.removeItem(KEY);
  form.dataset.sure = "1";
  form.requestSubmit();
}

// Somebody signs in, and it is not known yet who.
function doubt() {
  const known = read();
  if (known) localStorage.setItem(KEY, JSON.stringify({ ...known, unconfirmed: true }));
}
