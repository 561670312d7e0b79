// On a phone a filter shows its first field; the others unfold on demand, or when they are in force.

export function foldFilters(root) {
  for (const form of root.querySelectorAll("form[data-filter]")) {
    const button = form.querySelector("[data-fold]");
    if (!button) continue;
    const fold = (folded) => {
      form.classList.toggle("is-folded", folded);
      button.setAttribute("aria-expanded", String(!folded));
    };
    fold(!("filtered" in form.dataset));
    button.addEventListener("click", () => fold(!form.classList.contains("is-folded")));
  }
}
