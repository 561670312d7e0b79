// The page behind a public link: who answers by themselves, once and without an account. Once loaded it needs no
// network; the answers wait in this browser until there is one.
import { Api } from "./api.js";
import { alertBox, h, freshId, icon } from "./dom.js";
import { deviceContext, open } from "./engine.js";
import { installWorker, watchTextSize } from "./frame.js";
import { freshResponse, Queue } from "./queue.js";
import { renderForm } from "./render.js";
import { openStore } from "./store.js";
import { engineMessages, isoNow, t } from "./texts.js";

const app = document.getElementById("app");
const { root, token, title } = document.body.dataset;

class Answering {
  constructor() {
    this.api = new Api(root);
    this.invitation = "";
  }

  async open() {
    watchTextSize();
    installWorker(root);
    try {
      this.store = await openStore(`l${token}`);
    } catch {
      return app.replaceChildren(alertBox("bad", t("no_store")));
    }
    this.queue = new Queue(this.store, this.api, { extra: () => (this.invitation ? { invitation: this.invitation } : {}) });
    this.queue.addEventListener("change", () => this.onQueue());
    this.invitation = (await this.store.meta("invitation")) ?? "";
    const answer = await this.api.state();
    if (answer.kind === "ok") await this.store.setMeta("state", answer.body);
    this.isClosed = answer.kind === "refused";
    this.state = await this.store.meta("state");
    return this.show();
  }

  async show() {
    app.removeAttribute("aria-busy");
    const rows = await this.store.responses();
    const waiting = rows.find((row) => row.state !== "draft");
    const draft = rows.find((row) => row.state === "draft");
    if (waiting) return this.showWaiting(waiting);
    if (this.isClosed) return app.replaceChildren(h("h1", {}, title), alertBox("wait", t("closed")));
    if (!this.state) return app.replaceChildren(h("h1", {}, title), alertBox("bad", t("no_campaign")), this.tryAgain());
    const hasAnswered = (await this.store.receipts()).length > 0;
    if (hasAnswered && this.state.one_each !== "any" && !draft) return this.showThanks(true);
    return draft ? this.fill(draft) : this.showStart();
  }

  tryAgain() {
    return h("button", { type: "button", class: "btn btn-secondary", onclick: () => location.reload() }, icon("arrow-repeat"), t("try_again"));
  }

  // Consent, place and proof come first, so that nobody fills in what cannot be taken.
  showStart() {
    const agree = h("input", { type: "checkbox", class: "form-check-input", id: freshId() });
    const problem = h("div", { role: "alert" });
    const place = this.placeField();
    const proof = this.proofField();
    const begin = async (event) => {
      event.preventDefault();
      const wrong = [[!agree.checked, "need_consent", agree], [place.value() === null, "need_place", place.input], [!(await proof.isRight()), proof.problem, proof.input]].find(([isWrong]) => isWrong);
      problem.replaceChildren(...(wrong ? [alertBox("bad", t(wrong[1]))] : []));
      if (wrong) wrong[2].focus();
      else await this.begin(place.value());
    };
    app.replaceChildren(h("h1", {}, title), h("form", { class: "sform-page", novalidate: true, onsubmit: begin },
      h("p", {}, t("consent")), problem,
      h("div", { class: "form-check sq-choice" }, agree, h("label", { class: "form-check-label", for: agree.id }, t("agree"))),
      place.element, proof.element,
      h("div", { class: "sform-buttons" }, h("button", { type: "submit", class: "btn btn-primary" }, t("begin"), icon("arrow-right")))));
  }

  placeField() {
    const { places } = this.state;
    const only = places.length === 1 ? { township: places[0].id, name: places[0].name } : null;
    if (only) return { element: null, value: () => only };
    const input = h("select", { class: "form-select", id: freshId() }, h("option", { value: "" }, t("choose")), places.map((each) => h("option", { value: String(each.id) }, each.name)));
    const value = () => (input.value ? { township: Number(input.value), name: input.selectedOptions[0].textContent } : null);
    return { input, value, element: h("div", { class: "sq" }, h("label", { class: "form-label", for: input.id }, t("live_in")), input) };
  }

  proofField() {
    if (this.state.one_each === "mobile" && !this.state.is_confirmed) return this.mobileField();
    if (this.state.one_each === "invitation") return this.invitationField();
    return { element: null, isRight: async () => true };
  }

  invitationField() {
    const input = h("input", { class: "form-control", id: freshId(), type: "text", autocomplete: "off", autocapitalize: "characters", maxlength: 40, value: this.invitation });
    const isRight = async () => {
      this.invitation = input.value.trim();
      await this.store.setMeta("invitation", this.invitation);
      return this.invitation !== "";
    };
    return { input, isRight, problem: "need_invitation", element: h("div", { class: "sq" }, h("label", { class: "form-label", for: input.id }, t("invitation")), h("p", { class: "form-text" }, t("invitation_hint")), input) };
  }

  mobileField() {
    const mobile = h("input", { class: "form-control sq-number", id: freshId(), type: "tel", inputmode: "tel", autocomplete: "tel", maxlength: 20 });
    const code = h("input", { class: "form-control sq-number", id: freshId(), type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 10 });
    const told = h("div", { role: "status" });
    let isConfirmed = false;
    const post = async (fields) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      const answer = await this.api.post("code/", form);
      const text = answer.body?.text ?? answer.body?.reasons?.[0]?.text ?? t("no_campaign");
      const shown = answer.body?.code ? ` ${t("demo_code", { code: answer.body.code })}` : "";
      told.replaceChildren(alertBox(answer.kind === "ok" ? "good" : "bad", text + shown));
      return answer.kind === "ok";
    };
    const confirm = async () => { isConfirmed = isConfirmed || (await post({ mobile: mobile.value, code: code.value })); };
    const isRight = async () => {
      if (!isConfirmed && code.value.trim()) await confirm();
      return isConfirmed;
    };
    const element = h("fieldset", { class: "sq", "data-plain": true },
      h("legend", { class: "form-label" }, t("mobile")),
      h("label", { class: "visually-hidden", for: mobile.id }, t("mobile")), mobile,
      h("button", { type: "button", class: "btn btn-secondary", onclick: () => post({ mobile: mobile.value }) }, t("send_code")), told,
      h("label", { class: "form-label", for: code.id }, t("code")), code,
      h("button", { type: "button", class: "btn btn-secondary", onclick: confirm }, t("confirm")));
    return { input: mobile, isRight, problem: "need_mobile", element };
  }

  async begin(place) {
    const row = await freshResponse(this.store, { campaign: this.state.campaign, place, user: null });
    await this.store.save(row);
    await this.fill(row);
  }

  async version(id) {
    const kept = await this.store.version(id);
    if (kept) return kept;
    const answer = await this.api.get(`versions/${id}/`);
    if (answer.kind !== "ok") return null;
    await this.store.keepVersion(id, answer.body);
    return answer.body;
  }

  async fill(row) {
    const compiled = await this.version(row.version);
    if (!compiled) return app.replaceChildren(h("h1", {}, title), alertBox("bad", t("no_version")), this.tryAgain());
    row.language ||= compiled.default_language;
    const context = () => deviceContext({ deviceId: row.device, language: row.language });
    const run = open(compiled, { answers: row.answers && structuredClone(row.answers), context: context(), messages: engineMessages() });
    const host = h("div");
    const save = async (fields) => {
      Object.assign(row, fields);
      try {
        await this.store.save(row, { only: ["draft"] });
      } catch {
        app.append(alertBox("bad", t("no_room")));
      }
    };
    const reasons = (row.reasons ?? []).map((reason) => alertBox("wait", reason.text));
    app.replaceChildren(h("h1", {}, title), ...reasons, host);
    renderForm(host, compiled, {
      run, page: row.page ?? 0, language: row.language, mistakes: row.mistakes, finishText: t("send_answers"), finishContext: context,
      files: { keep: (blob, name) => this.keepFile(row.uuid, blob, name), get: async (file) => (await this.store.file(file))?.blob },
      onChange: (answers) => save({ answers }), onPage: (page) => save({ page }), onLanguage: (language) => save({ language }),
      onFinish: async () => {
        await save({ answers: run.answers(), finished_at: isoNow(), reasons: [], mistakes: [] });
        await this.store.change(row.uuid, { state: "ready" });
        await this.show();
      },
    });
    return undefined;
  }

  async keepFile(response, blob, name) {
    const uuid = crypto.randomUUID();
    await this.store.keepFile({ uuid, response, blob, name, sent: false });
    return uuid;
  }

  showWaiting(row) {
    if (row.state === "ready" || row.state === "sending") {
      this.showThanks(false);
      if (!this.isWatching) {
        this.isWatching = true;
        this.queue.watch();
      } else this.queue.send();
      return;
    }
    const reasons = row.reasons.map((reason) => alertBox("bad", reason.text));
    const correct = h("button", { type: "button", class: "btn btn-primary", onclick: async () => { await this.store.change(row.uuid, { state: "draft" }); await this.show(); } }, icon("pencil"), t("correct"));
    app.replaceChildren(h("h1", {}, title), h("h2", {}, t("not_yet_sent")), ...reasons, correct);
  }

  async onQueue() {
    const [row] = (await this.store.responses()).filter((each) => each.state !== "draft");
    if (!row) return this.showThanks(true);
    if (["refused", "conflict"].includes(row.state)) return this.showWaiting(row);
    return this.showThanks(false, row.reasons);
  }

  showThanks(isSent, reasons = []) {
    app.replaceChildren(h("div", { class: "empty sapp-finished" }, icon(isSent ? "check-circle-fill" : "phone"),
      h("h1", {}, t("thanks")), h("p", { role: "status" }, t(isSent ? "thanks_text" : "thanks_later")),
      reasons.map((reason) => h("p", {}, reason.text)),
      isSent ? null : h("button", { type: "button", class: "btn btn-secondary", onclick: () => this.queue.send() }, icon("send"), t("send"))));
  }
}

new Answering().open();
