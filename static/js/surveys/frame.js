// What the interviewer's page and the public one share around the form.
import { t } from "./texts.js";

export function installWorker(root) {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: document.body.dataset.scope ?? root }).catch(() => {
    // Without one the page works as long as the network does.
  });
}

// The same switch and cookie as on every other page, but without a request.
export function watchTextSize() {
  const button = document.getElementById("text-size");
  const root = document.documentElement;
  const show = () => {
    const isLarge = root.classList.contains("large-text");
    button.setAttribute("aria-pressed", String(isLarge));
    button.querySelector("[data-words]").textContent = t(isLarge ? "normal_text" : "large_text");
  };
  root.classList.toggle("large-text", /(^|; )large_text=1/.test(document.cookie));
  button.addEventListener("click", () => {
    const isLarge = root.classList.toggle("large-text");
    document.cookie = `large_text=1; path=/; samesite=lax; max-age=${isLarge ? 31536000 : 0}`;
    show();
  });
  show();
}
