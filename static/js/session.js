// Warns before the idle time-out, and asks the server to go on only when the person says so.
// All tabs of one browser share the time of the last activity.

const WARN_SECONDS = 120;
const KEY = "talentmap.active";

export function watchIdleness(dialog) {
  if (!dialog) return;
  const limit = Number(dialog.dataset.seconds);
  const warn = Math.min(WARN_SECONDS, Math.floor(limit / 2));
  noteActivity();
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.requestConfig?.headers["X-Passive"]) noteActivity();
  });
  dialog.querySelector("[data-stay]").addEventListener("click", () => stay(dialog));
  dialog.addEventListener("cancel", () => stay(dialog));
  setInterval(() => look(dialog, limit, warn), 1000);
}

function noteActivity() {
  localStorage.setItem(KEY, String(Date.now()));
}

function secondsLeft(limit) {
  const last = Number(localStorage.getItem(KEY)) || Date.now();
  return Math.ceil(limit - (Date.now() - last) / 1000);
}

function look(dialog, limit, warn) {
  const left = secondsLeft(limit);
  if (left <= 0) return leave(dialog);
  if (left > warn) return dialog.open && dialog.close();
  if (!dialog.open) dialog.showModal();
  // Said every half minute, shown every second: a screen reader is not to count along.
  const words = dialog.querySelector("[data-countdown]");
  words.setAttribute("aria-live", left % 30 === 0 ? "polite" : "off");
  words.textContent = dialog.dataset.text.replace("{seconds}", String(left));
  return undefined;
}

async function stay(dialog) {
  dialog.close();
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  try {
    const answer = await fetch(dialog.dataset.keep, { method: "POST", headers, redirect: "manual" });
    if (answer.status === 204) noteActivity();
    else leave(dialog);
  } catch {
    // No network: the warning comes back in a second, and the person can try again.
  }
}

function leave(dialog) {
  const target = new URL(dialog.dataset.leave, location.href);
  target.searchParams.set("next", location.pathname + location.search);
  location.assign(target);
}
