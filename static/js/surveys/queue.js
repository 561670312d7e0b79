// Sends what waits, oldest first, one at a time and in one window only. Nothing leaves this device before the server
// confirmed it; what the server refused stays with its reasons.
import { deviceId, setUnsent } from "./device.js";
import { isoNow } from "./texts.js";

const FIRST_WAIT = 5;
const LONGEST_WAIT = 300;
// The server may take it later: it waits on, and is tried at each sending.
const WAITING = new Set(["paused", "not_open", "busy"]);
const WIRE = ["uuid", "campaign", "version", "township", "village", "device", "started_at", "finished_at", "language", "username", "answers", "revises", "channel"];

export function onWire(response) {
  return Object.fromEntries(WIRE.map((name) => [name, response[name] ?? null]).filter(([name, value]) => value !== null || name === "village"));
}

export class Queue extends EventTarget {
  constructor(store, api, { extra = null } = {}) {
    super();
    this.store = store;
    this.api = api;
    this.extra = extra; // more than the response itself, such as an invitation code
    this.wait = FIRST_WAIT;
    this.timer = null;
    this.running = null;
    this.isAsked = false;
    this.problem = "";
    // What one window sends, the others show.
    this.others = new BroadcastChannel(`surveys-${store.partition}`);
    this.others.onmessage = () => this.dispatchEvent(new CustomEvent("change", { detail: {} }));
  }

  watch() {
    addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.send());
    return this.send();
  }

  async unsent() {
    const rows = await this.store.responses();
    return rows.filter((row) => row.state !== "draft").length;
  }

  async tell(detail = {}) {
    const rows = await this.store.responses();
    setUnsent(this.store.partition, rows.length);
    this.others.postMessage("");
    this.dispatchEvent(new CustomEvent("change", { detail: { problem: this.problem, ...detail } }));
  }

  // One sending at a time over all windows of this browser. What is asked for meanwhile, because the network came back
  // or another response was finished, is done once more after it.
  send() {
    clearTimeout(this.timer);
    if (this.running) this.isAsked = true;
    else this.running = this.sendWhileAsked().finally(() => { this.running = null; });
    return this.running;
  }

  async sendWhileAsked() {
    let sent = 0;
    do {
      this.isAsked = false;
      clearTimeout(this.timer);
      sent += (await this.sendAlone()) ?? 0;
    } while (this.isAsked);
    return sent;
  }

  sendAlone() {
    if (!navigator.locks) return this.sendAll();
    return navigator.locks.request(`surveys-send-${this.store.partition}`, { ifAvailable: true }, (lock) => (lock ? this.sendAll() : null));
  }

  async sendAll() {
    // "sending" was cut by a closed window or a dead battery: whether it arrived only the server knows.
    const waiting = (await this.store.responses()).filter((row) => row.state === "ready" || row.state === "sending");
    this.problem = "";
    let sent = 0;
    for (const [index, row] of waiting.entries()) {
      const outcome = await this.sendOne(row, { number: index + 1, count: waiting.length });
      if (outcome === "accepted") sent += 1;
      if (["signed_out", "forbidden", "later"].includes(outcome)) break;
    }
    if (this.problem !== "later") this.wait = FIRST_WAIT;
    await this.tell({ sent });
    return sent;
  }

  async sendOne(row, progress) {
    await this.store.change(row.uuid, { state: "sending" });
    await this.tell({ progress });
    const answer = (await this.sendFiles(row)) ?? (await this.api.post("sync/", { ...onWire(row), ...(this.extra?.() ?? {}) }));
    if (answer.kind === "ok") return this.accepted(row, answer);
    if (answer.kind === "refused") return this.refused(row, answer);
    await this.store.change(row.uuid, { state: "ready" });
    this.problem = answer.kind;
    if (answer.kind === "later") this.again(answer.seconds);
    return answer.kind;
  }

  // The first answer that is no success; null when all are there.
  async sendFiles(row) {
    for (const file of await this.store.filesOf(row.uuid)) {
      if (file.sent || !JSON.stringify(row.answers).includes(file.uuid)) continue;
      const form = new FormData();
      form.append("uuid", file.uuid);
      form.append("campaign", String(row.campaign));
      form.append("file", file.blob, file.name);
      const answer = await this.api.post("files/", form);
      if (answer.kind !== "ok") return answer;
      await this.store.keepFile({ ...file, sent: true });
    }
    return null;
  }

  async accepted(row, answer) {
    if (answer.body.uuid !== row.uuid) throw new Error("the server confirmed another response");
    await this.store.confirm(row.uuid, {
      uuid: row.uuid, campaign: row.campaign, title: row.title, place: row.place, accepted_at: isoNow(), finished_at: row.finished_at,
    });
    return "accepted";
  }

  async refused(row, answer) {
    const reasons = answer.body?.reasons ?? [{ code: "refused", text: String(answer.status) }];
    const mistakes = answer.body?.mistakes ?? [];
    if (reasons.some((reason) => WAITING.has(reason.code))) {
      await this.store.change(row.uuid, { state: "ready", reasons });
      return "waiting";
    }
    if (mistakes.some((mistake) => mistake.code === "unknown_file")) await this.forgetSent(row);
    await this.store.change(row.uuid, { state: answer.status === 409 ? "conflict" : "refused", reasons, mistakes });
    return "refused";
  }

  async forgetSent(row) {
    for (const file of await this.store.filesOf(row.uuid)) await this.store.keepFile({ ...file, sent: false });
  }

  again(seconds) {
    this.seconds = Math.max(seconds || 0, this.wait);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    this.timer = setTimeout(() => this.send(), this.seconds * 1000);
  }
}

export async function freshResponse(store, { campaign, place, language = "", user, channel = "interview" }) {
  return {
    uuid: crypto.randomUUID(),
    campaign: campaign.id,
    title: campaign.title,
    version: campaign.version,
    township: place.township,
    village: place.village ?? null,
    place: place.name,
    device: await deviceId(store),
    started_at: isoNow(),
    finished_at: null,
    language,
    username: user?.username ?? "",
    answers: null, // not begun: the engine puts its defaults
    revises: null,
    channel,
    state: "draft",
    reasons: [],
    mistakes: [],
  };
}
