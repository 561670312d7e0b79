// One response: open, save at every change, finish. Its draft lies on the device from the first moment on.
import { deviceId } from "./device.js";
import { alertBox, h, icon } from "./dom.js";
import { deviceContext, open } from "./engine.js";
import { renderForm } from "./render.js";
import { NoRoom } from "./store.js";
import { engineMessages, isoNow, localTime, t } from "./texts.js";

export async function showInterview(work, app, uuid) {
  const row = await work.store.response(uuid);
  if (!row) return showGone(work, app, uuid);
  const compiled = await work.version(row.version);
  if (!compiled) return app.replaceChildren(h("h1", {}, row.title), alertBox("wait", t("no_version"), " ", toHome()));
  const free = await claim(work, uuid);
  if (!free) return app.replaceChildren(h("h1", {}, row.title), alertBox("wait", t("other_tab"), " ", toHome()));
  // What waits is looked through as it is; changing it takes it out of the queue first.
  if (["refused", "conflict"].includes(row.state)) await take(work, row);
  return fill(work, app, row, compiled);
}

const toHome = () => h("a", { href: "#/" }, t("to_home"));

async function showGone(work, app, uuid) {
  const receipt = (await work.store.receipts()).find((each) => each.uuid === uuid);
  if (!receipt) {
    location.replace("#/");
    return;
  }
  showFinished(work, app, receipt, true);
}

// Only one window at a time writes a response.
function claim(work, uuid) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`surveys-edit-${work.store.partition}-${uuid}`, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(false);
      return new Promise((release) => {
        work.release = release;
        resolve(true);
      });
    });
  });
}

async function take(work, row) {
  row.state = "draft";
  await work.store.change(row.uuid, { state: "draft" });
}

async function fill(work, app, row, compiled) {
  row.device ||= await deviceId(work.store);
  row.language ||= compiled.default_language;
  const run = open(compiled, { answers: row.answers && structuredClone(row.answers), context: contextOf(row), messages: engineMessages() });
  const saver = new Saver(work.store, row);
  work.isDirty = () => saver.isBusy;
  work.leave = async () => { await saver.done(); work.isDirty = null; work.release?.(); };
  const isLocked = row.state !== "draft";
  const host = h("div");
  const edit = isLocked ? h("button", { type: "button", class: "btn btn-secondary", onclick: async () => { await take(work, row); await work.leave(); await showInterview(work, app, row.uuid); } }, icon("pencil"), t("correct")) : null;
  app.replaceChildren(
    h("div", { class: "sapp-head" }, h("a", { class: "btn btn-quiet", href: "#/", "aria-label": t("to_home") }, icon("arrow-left")), h("h1", {}, row.title), h("span", { class: "muted" }, row.place ?? ""), edit),
    ...(row.reasons?.length && !isLocked ? [alertBox("wait", row.reasons.map((reason) => h("span", { class: "sapp-reason" }, reason.text)))] : []),
    host, saver.element,
  );
  renderForm(host, compiled, {
    run, isLocked, page: row.page ?? 0, language: row.language, mistakes: row.mistakes,
    files: { keep: (blob, name) => keepFile(work.store, row.uuid, blob, name), get: async (file) => (await work.store.file(file))?.blob },
    mediaUrl: (name) => (name?.startsWith("/") ? name : ""),
    onChange: (answers) => saver.save({ answers }),
    onPage: (page) => { row.page = page; if (!isLocked) saver.save({ page }); },
    onLanguage: (language) => saver.save({ language }),
    onFinish: () => (isLocked ? (location.hash = "#/") : finish(work, app, row, run, saver)),
    finishContext: () => contextOf(row),
    finishText: isLocked ? t("to_home") : t("finish"),
  });
  app.querySelector(".sform h2")?.focus();
}

const contextOf = (row) => deviceContext({ username: row.username, deviceId: row.device, language: row.language });

async function keepFile(store, response, blob, name) {
  const uuid = crypto.randomUUID();
  await store.keepFile({ uuid, response, blob, name, sent: false });
  return uuid;
}

// Writes one state after the other, and only the newest of those that came meanwhile.
class Saver {
  constructor(store, row) {
    Object.assign(this, { store, row, isBusy: false, isWanted: false, writing: Promise.resolve() });
    this.element = h("p", { class: "sapp-saved muted", role: "status" });
  }

  save(fields) {
    Object.assign(this.row, fields);
    this.isWanted = true;
    if (!this.isBusy) this.writing = this.write();
    return this.writing;
  }

  async write() {
    this.isBusy = true;
    while (this.isWanted) {
      this.isWanted = false;
      try {
        await this.store.save(this.row, { only: ["draft"] });
        this.tell(t("saved"), false);
      } catch (error) {
        this.tell(t("not_saved", { reason: error instanceof NoRoom ? t("no_room") : error.message }), true);
      }
    }
    this.isBusy = false;
  }

  tell(text, isBad) {
    if (this.element.textContent !== text) this.element.textContent = text;
    this.element.classList.toggle("is-wrong", isBad);
  }

  done() { return this.writing; }
}

async function finish(work, app, row, run, saver) {
  await saver.save({ answers: run.answers(), finished_at: isoNow(), reasons: [], mistakes: [] });
  await saver.done();
  await work.store.change(row.uuid, { state: "ready" });
  work.release?.();
  work.isDirty = null;
  work.leave = null;
  await work.queue.tell();
  await remember(work, row);
  showFinished(work, app, row, false);
  work.onSent = async () => {
    if (!(await work.store.response(row.uuid))) showFinished(work, app, row, true);
    else if ((await work.store.response(row.uuid)).state === "refused") location.hash = "#/";
  };
  work.queue.send();
}

// So that the next interview starts in the language of this one.
function remember(work, row) { return work.store.setMeta(`language-${row.campaign}`, row.language); }

function showFinished(work, app, row, isSent) {
  if (app.querySelector("[data-finished]")?.dataset.finished === `${row.uuid}${isSent}`) return;
  const again = row.channel === "desk" ? "next_desk" : "next_interview";
  app.replaceChildren(h("div", { class: "empty sapp-finished", "data-finished": `${row.uuid}${isSent}` },
    icon(isSent ? "check-circle-fill" : "phone"),
    h("h1", { tabindex: "-1" }, t(isSent ? "state_accepted" : "finished")),
    h("p", { role: "status" }, t(isSent ? "finished_sent" : "finished_text")),
    h("p", { class: "muted" }, [row.title, row.place, row.finished_at && localTime(row.finished_at)].filter(Boolean).join(" · ")),
    h("div", { class: "sapp-buttons" },
      h("a", { class: "btn btn-primary", href: `#/new/${row.campaign}/${row.channel ?? "interview"}` }, icon("plus-lg"), t(again)),
      h("a", { class: "btn btn-secondary", href: "#/" }, t("to_home")))));
  app.querySelector("h1").focus();
}
