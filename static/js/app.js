// What every page does. Nothing here is needed to finish a task: without it forms and links still work.
import { foldFilters } from "./filters.js";
import { watchForms } from "./forms.js";
import { watchDialogs } from "./dialogs.js";
import { watchRequests } from "./requests.js";
import { watchIdleness } from "./session.js";
import { watchSide } from "./side.js";
import { watchUnsent } from "./unsent.js";

watchForms(document);
foldFilters(document);
watchDialogs(document);
watchRequests(document);
watchIdleness(document.getElementById("idle"));
watchSide(document.getElementById("side"));
watchUnsent(document.getElementById("unsent"));

for (const button of document.querySelectorAll("[data-back]")) {
  button.addEventListener("click", () => history.back());
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
