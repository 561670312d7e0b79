// Partial updates: what went wrong is said aloud, and a sign-in page never lands inside a list.
import { release } from "./forms.js";

export function watchRequests(root) {
  root.addEventListener("htmx:responseError", (event) => explain(event.detail.xhr.status));
  root.addEventListener("htmx:sendError", () => explain(0));
  root.addEventListener("htmx:timeout", () => explain(0));
  root.addEventListener("htmx:beforeSwap", leaveWhenSignedOut);
  root.addEventListener("htmx:beforeHistoryUpdate", noteOnce);
  root.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-once]");
    if (form) release(form);
  });
  root.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "list") keepPlace();
  });
}

// A redirect to the sign-in page is followed by the browser before htmx sees it.
function leaveWhenSignedOut(event) {
  const address = new URL(event.detail.xhr.responseURL || location.href);
  const asked = new URL(event.detail.pathInfo.finalRequestPath, location.href);
  const elsewhere = address.pathname !== asked.pathname;
  if (elsewhere && document.getElementById("idle")?.dataset.leave === address.pathname) {
    event.detail.shouldSwap = false;
    location.assign(address);
  }
}

// Enter in a search box both changes and sends it: the same answer twice is one step back, not two.
function noteOnce(event) {
  const step = event.detail.history;
  if (step.type === "push" && new URL(step.path, location.href).href === location.href) step.type = "replace";
}

// A sort or a page is chosen by keyboard: the same control keeps the cursor after the swap.
function keepPlace() {
  const list = document.getElementById("list");
  if (list && document.activeElement === document.body) list.focus({ preventScroll: true });
  if (list && list.getBoundingClientRect().top < 0) list.scrollIntoView();
}

function explain(status) {
  const words = document.getElementById("toasts").dataset;
  if (status === 0) tell(words.network);
  else tell(status === 403 || status === 404 || status === 409 ? words.denied : words.failed);
}

export function tell(text, tone = "bad") {
  const toasts = document.getElementById("toasts");
  const toast = document.createElement("div");
  toast.className = `alert alert-${tone} alert-dismissible`;
  const words = document.createElement("div");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", toasts.dataset.close);
  close.addEventListener("click", () => toast.remove());
  toast.append(words, close);
  toasts.append(toast);
}
