// What a phone measures or photographs.
import { h, freshId, icon } from "./dom.js";
import { jpegName, shrunk } from "./pictures.js";

const MOST_BYTES = 10 * 1024 * 1024;
const WAIT = 30000;
const DOCUMENTS = "image/jpeg,image/png,image/webp,application/pdf";

export function geopointWidget(q) {
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => h("input", {
    class: "form-control sq-number", id: freshId(), type: "text", inputmode: "decimal", autocomplete: "off", maxlength: 20,
    oninput: () => typed(), onchange: () => q.done(), "data-part": name,
  }));
  const status = h("p", { class: "form-text", role: "status" });
  const take = h("button", { type: "button", class: "btn btn-secondary", onclick: () => locate() }, icon("geo-alt"), h("span", {}, q.t("position")));
  let wrong = false;
  const typed = () => {
    const parts = [latitude, longitude].map((input) => input.value.normalize("NFKC").trim());
    const [north, east] = parts.map(Number);
    const isEmpty = parts.every((part) => part === "");
    wrong = !isEmpty && !(parts.every((part) => part !== "") && Math.abs(north) <= 90 && Math.abs(east) <= 180);
    status.textContent = "";
    q.set(isEmpty || wrong ? null : [north, east, null, null]);
  };
  const locate = () => {
    status.textContent = q.t("position_waiting");
    if (!navigator.geolocation) return failed();
    return navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: WAIT, maximumAge: 0 });
  };
  const failed = () => { status.textContent = q.t("position_failed"); latitude.closest("details").open = true; };
  const found = ({ coords }) => {
    const value = [round(coords.latitude, 6), round(coords.longitude, 6), round(coords.altitude, 1), round(coords.accuracy, 1)];
    wrong = false;
    q.set(value);
    show(value);
    q.done();
  };
  const show = (value) => {
    [latitude.value, longitude.value] = [value?.[0] ?? "", value?.[1] ?? ""];
    take.lastChild.textContent = q.t(value ? "position_again" : "position");
    const within = value?.[3] ? ` · ${q.t("position_within", { metres: Math.round(value[3]) })}` : "";
    status.textContent = value ? `${value[0]}, ${value[1]}${within}` : "";
  };
  const element = h("div", { class: "sq-place" }, take, status,
    h("details", {}, h("summary", {}, q.t("by_hand")),
      h("div", { class: "sq-place-fields" }, [latitude, longitude].map((input) => h("div", {}, h("label", { class: "form-label", for: input.id }, q.t(input.dataset.part)), input)))));
  return {
    element, show, focus: () => take.focus(), problem: () => (wrong ? "bad_position" : ""), keeps: () => wrong,
    lock: (yes) => { for (const each of [take, latitude, longitude]) each.disabled = yes; },
  };
}

function round(number, places) {
  return number === null || number === undefined ? null : Number(number.toFixed(places));
}

/** What the browser says of a file, which it does not always know; the server looks into it. */
function isOfKind(file, accept) {
  return !file.type || accept.split(",").some((kind) => (kind.endsWith("/*") ? file.type.startsWith(kind.slice(0, -1)) : kind === file.type));
}

export function fileWidget(q) {
  const isPicture = q.node.type === "image";
  const accept = isPicture ? "image/*" : (q.node.parameters?.accept ?? DOCUMENTS);
  let problem = "";
  const input = h("input", {
    class: "visually-hidden", id: freshId(), type: "file", tabindex: "0", accept,
    capture: isPicture && !q.looks("annotate", "draw", "signature") ? "environment" : null,
    onchange: () => choose(input.files[0]),
  });
  const words = h("span", {}, q.t(isPicture ? "picture" : "file"));
  const button = h("label", { class: "btn btn-secondary", for: input.id }, icon(isPicture ? "camera" : "paperclip"), words);
  const shown = h("div", { class: "sq-file" });
  const choose = async (file) => {
    if (!file) return;
    problem = "";
    try {
      if (!isPicture && !isOfKind(file, accept)) throw Object.assign(new Error("kind"), { problem: "bad_kind" });
      const blob = isPicture ? await shrunk(file) : file;
      if (blob.size > MOST_BYTES) throw Object.assign(new Error("size"), { problem: "too_large" });
      const name = isPicture ? jpegName(file.name) : file.name.slice(0, 100);
      const value = { file: await q.keepFile(blob, name), name };
      q.set(value);
      await show(value);
    } catch (error) {
      problem = error.problem ?? (error.constructor.name === "NoRoom" ? "no_room" : "bad_picture");
    }
    input.value = "";
    q.done();
  };
  const show = async (value) => {
    if (!value) return shown.replaceChildren();
    const blob = await q.getFile(value.file);
    const clear = h("button", { type: "button", class: "btn btn-quiet btn-sm", onclick: () => { q.set(null); show(null); q.done(); input.focus(); } }, icon("x-lg"), q.t("clear"));
    const preview = blob && isPicture ? h("img", { src: URL.createObjectURL(blob), alt: value.name, class: "sq-photo", onload: (event) => URL.revokeObjectURL(event.target.src) }) : null;
    return shown.replaceChildren(...[preview, h("span", {}, value.name), clear].filter(Boolean));
  };
  return {
    element: h("div", { class: "sq-media" }, input, button, shown), described: input, show,
    focus: () => input.focus(), problem: () => problem, lock: (yes) => { input.disabled = yes; },
  };
}
