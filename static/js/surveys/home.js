// The overview: what may be filled in, what was returned, what lies on this device and how it stands.
import { alertBox, ask, h, icon } from "./dom.js";
import { download, queueFile } from "./queue-file.js";
import { localTime, t } from "./texts.js";

const PILLS = {
  draft: ["neutral", "pencil"], ready: ["info", "clock"], sending: ["info", "arrow-repeat"],
  accepted: ["good", "check-circle-fill"], refused: ["bad", "x-circle-fill"], conflict: ["wait", "exclamation-triangle-fill"],
};

export async function showHome(work, app) {
  const [rows, receipts] = await Promise.all([work.store.responses(), work.store.receipts()]);
  const parts = [
    h("h1", { tabindex: "-1" }, t("home")),
    campaigns(work),
    ...returned(work, rows),
    onDevice(work, rows),
    receiptList(receipts),
    h("p", { class: "muted sapp-foot" }, work.state.at ? t("updated", { time: localTime(work.state.at) }) : "", work.isPersistent === false ? ` · ${t("storage_asked")}` : ""),
  ];
  app.replaceChildren(...parts.filter(Boolean));
}

function campaigns(work) {
  const found = work.state.campaigns;
  const paused = work.state.paused ?? []; // a device may still hold a state from before this was told
  if (!found.length && !paused.length) {
    return h("div", { class: "empty" }, h("h2", {}, t("no_campaigns")), h("p", {}, t("no_campaigns_hint")));
  }
  return h("div", { class: "sapp-campaigns" }, found.map((campaign) => h("section", { class: "card-box sapp-campaign" },
    h("h2", {}, campaign.title),
    h("p", { class: "muted" }, t("until", { day: campaign.ends_on })),
    h("div", { class: "sapp-buttons" },
      h("a", { class: "btn btn-primary", href: `#/new/${campaign.id}/interview` }, icon("plus-lg"), t("start")),
      work.state.is_desk && h("a", { class: "btn btn-secondary", href: `#/new/${campaign.id}/desk` }, icon("keyboard"), t("start_desk"))))),
    paused.map((title) => h("section", { class: "card-box sapp-campaign" },
      h("h2", {}, title),
      h("p", {}, h("span", { class: "pill pill-wait" }, icon("clock"), t("paused"))),
      h("p", { class: "muted" }, t("paused_hint")))));
}

function returned(work, rows) {
  const here = new Set(rows.map((row) => row.uuid));
  const open = work.state.returned.filter((each) => !here.has(each.uuid));
  if (!open.length) return [];
  return [h("section", { class: "card-box" }, h("h2", {}, t("returned")), h("ul", { class: "sapp-rows" }, open.map((each) => h("li", {},
    h("div", { class: "sapp-words" }, h("strong", {}, each.title), h("span", { class: "muted" }, t("answered_at", { time: localTime(each.finished_at) })), each.comment && h("span", {}, each.comment)),
    h("button", { type: "button", class: "btn btn-secondary", onclick: (event) => correct(work, each, event.currentTarget) }, icon("pencil"), t("correct"))))))];
}

// Fetches the whole response; from then on it lies on this device like any other.
async function correct(work, each, button) {
  button.disabled = true;
  const answer = await work.api.get(`responses/${each.uuid}/`);
  button.disabled = false;
  if (answer.kind !== "ok") return button.before(alertBox("bad", t("no_campaign")));
  await work.store.save({
    ...answer.body, title: each.title, place: "", device: "", username: work.user.username, state: "draft",
    reasons: each.comment ? [{ code: "returned", text: each.comment }] : [], mistakes: [],
  });
  location.hash = `#/r/${each.uuid}`;
  return undefined;
}

function onDevice(work, rows) {
  const waiting = rows.filter((row) => row.state !== "draft").length;
  const words = rows.length ? (waiting ? t("unsent", { count: waiting }) : "") : t("on_device_none");
  return h("section", { class: "card-box", id: "queue" },
    h("h2", {}, t("on_device")),
    words && h("p", { role: "status" }, words),
    rows.length ? h("ul", { class: "sapp-rows" }, rows.map((row) => rowOf(work, row))) : null,
    h("div", { class: "sapp-buttons" },
      waiting ? h("button", { type: "button", class: "btn btn-primary", id: "send", onclick: () => work.queue.send() }, icon("send"), t("send")) : null,
      rows.some((row) => row.finished_at) ? h("button", { type: "button", class: "btn btn-secondary", id: "export", onclick: () => exportQueue(work) }, icon("download"), t("export")) : null,
      h("a", { class: "btn btn-quiet", href: document.body.dataset.import }, icon("upload"), t("import"))));
}

async function exportQueue(work) {
  const day = new Date().toISOString().slice(0, 10);
  download(await queueFile(work.store), `surveys-${work.user.username}-${day}.json`);
}

function rowOf(work, row) {
  const [tone, drawing] = PILLS[row.state];
  const time = row.finished_at ? t("answered_at", { time: localTime(row.finished_at) }) : t("begun_at", { time: localTime(row.started_at) });
  const open = { draft: "continue", ready: "review" }[row.state] ?? "correct";
  return h("li", { "data-uuid": row.uuid, "data-state": row.state },
    h("div", { class: "sapp-words" },
      h("strong", {}, row.title), h("span", { class: "muted" }, [row.place, time].filter(Boolean).join(" · ")),
      h("span", {}, h("span", { class: `pill pill-${tone}` }, icon(drawing), t(`state_${row.state}`))),
      (row.reasons ?? []).map((reason) => h("span", { class: "sapp-reason" }, reason.text))),
    h("div", { class: "sapp-buttons" },
      row.state !== "sending" && h("a", { class: "btn btn-secondary", href: `#/r/${row.uuid}` }, t(open)),
      row.state === "draft" && h("button", { type: "button", class: "btn btn-quiet", onclick: () => discard(work, row) }, icon("trash"), t("discard"))));
}

async function discard(work, row) {
  if (!(await ask(t("discard_sure"), t("yes_discard"), t("cancel")))) return;
  await work.store.discard(row.uuid);
  await work.queue.tell();
}

function receiptList(receipts) {
  if (!receipts.length) return null;
  return h("details", { class: "card-box", id: "receipts" }, h("summary", {}, `${t("receipts")} (${receipts.length})`),
    h("ul", { class: "sapp-rows" }, receipts.map((each) => h("li", {}, h("div", { class: "sapp-words" },
      h("strong", {}, each.title), h("span", { class: "muted" }, [each.place, localTime(each.accepted_at)].filter(Boolean).join(" · ")),
      h("span", { class: "pill pill-good" }, icon("check-circle-fill"), t("state_accepted")))))));
}
