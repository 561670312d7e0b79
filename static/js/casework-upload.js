// Documents: a chosen file goes up at once, with its progress, and the button then asks for another one; without this
// the button sends what was chosen.

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (form && event.target.files?.length) send(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form) return;
  event.preventDefault();
  const field = form.querySelector("input[type=file]");
  if (field.files.length) send(form);
  else field.click();
}, true);

function send(form) {
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  const progress = form.querySelector("progress");
  const request = new XMLHttpRequest();
  progress.hidden = false;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = Math.round((100 * event.loaded) / event.total);
  });
  request.addEventListener("load", () => arrive(form, request));
  request.addEventListener("error", () => giveBack(form));
  request.open("POST", form.action);
  request.send(new FormData(form));
}

// The answer is the page after the redirect: going there shows its messages and keeps the address right.
function arrive(form, request) {
  if (request.status >= 400) {
    document.documentElement.innerHTML = new DOMParser().parseFromString(request.responseText, "text/html").documentElement.innerHTML;
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  document.getElementById("main").replaceWith(page.getElementById("main"));
  const row = document.getElementById(form.closest("section").id);
  row?.querySelector("input[type=file]")?.focus({ preventScroll: true });
}

function giveBack(form) {
  delete form.dataset.sending;
  form.querySelector("progress").hidden = true;
  const words = document.getElementById("toasts").dataset.network;
  import("./requests.js").then(({ tell }) => tell(words));
}
