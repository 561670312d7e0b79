// Dialogs of the browser's own: <button data-opens="id">, and inside <button data-closes>.

export function watchDialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.opens)?.showModal();
    }
    const closer = event.target.closest?.("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
  });
}
