// An interviewer's page: works with what lies on the device, and asks the server whenever there is one.
import { Api } from "./api.js";
import { askToPersist, current, forgetCurrent, partitionOf, setCurrent } from "./device.js";
import { alertBox, h, icon } from "./dom.js";
import { showHome } from "./home.js";
import { showInterview } from "./interview.js";
import { showPlaces } from "./places.js";
import { Queue } from "./queue.js";
import { openStore } from "./store.js";
import { t } from "./texts.js";
import { installWorker, watchTextSize } from "./frame.js";

const app = document.getElementById("app");
const banner = document.getElementById("banner");

class Work {
  constructor() {
    this.root = document.body.dataset.root;
    this.api = new Api(this.root);
    this.session = "unknown"; // in, out, forbidden, unknown (no network)
    this.leave = null; // what the view on show wants to do before another one comes
  }

  async open() {
    watchTextSize();
    installWorker(this.root);
    app.replaceChildren(h("p", { class: "muted" }, t("working")));
    const known = current();
    const asking = this.ask();
    // The device knows its person, and a village has no network: do not wait long. Not where somebody signs in anew.
    if (known && !known.unconfirmed) {
      await Promise.race([asking, new Promise((go) => setTimeout(go, navigator.onLine ? 2500 : 0))]);
      if (!this.store) await this.use(current());
    } else {
      await asking;
    }
    if (!this.store) return this.showNobody();
    addEventListener("hashchange", () => this.route());
    addEventListener("online", () => this.ask());
    if (!location.hash && this.campaignInPath()) history.replaceState(null, "", `#/new/${this.campaignInPath()}`);
    await this.route();
    this.isPersistent = await askToPersist();
    return this.queue.watch();
  }

  campaignInPath() { return /\/c\/(\d+)\/$/.exec(location.pathname)?.[1] ?? ""; }

  // Who is signed in, and what they may fill in; kept for the way without a network.
  async ask() {
    const answer = await this.api.state();
    this.session = { ok: "in", signed_out: "out", forbidden: "forbidden" }[answer.kind] ?? "unknown";
    if (answer.kind === "ok") await this.welcome(answer.body);
    this.showBanner();
  }

  async welcome(state) {
    const partition = partitionOf(state.user.id);
    if (this.store && this.store.partition !== partition) {
      setCurrent(state.user);
      location.reload(); // another person: nothing of the first one's may stay on show
      return;
    }
    setCurrent(state.user);
    await this.use(current());
    this.user = state.user;
    await this.store.setMeta("state", { ...state, csrf: undefined, at: new Date().toISOString() });
    this.state = await this.store.meta("state");
    await this.fetchVersions();
    if (this.isHome) this.route();
  }

  async use(person) {
    if (!person || this.store) return;
    try {
      this.store = await openStore(person.partition);
    } catch {
      app.replaceChildren(alertBox("bad", t("no_store")));
      return;
    }
    this.user = { id: person.partition, name: person.name, username: person.username };
    this.state = (await this.store.meta("state")) ?? { campaigns: [], returned: [] };
    this.queue = new Queue(this.store, this.api);
    this.queue.addEventListener("change", (event) => this.onQueue(event.detail));
    document.getElementById("who").textContent = person.name;
  }

  async fetchVersions() {
    const known = new Set(await this.store.versionIds());
    const wanted = [...this.state.campaigns, ...this.state.returned].map((each) => each.version);
    for (const id of new Set(wanted)) if (!known.has(id)) await this.version(id);
  }

  async version(id) {
    const kept = await this.store.version(id);
    if (kept) return kept;
    const answer = await this.api.get(`versions/${id}/`);
    if (answer.kind !== "ok") return null;
    await this.store.keepVersion(id, answer.body);
    return answer.body;
  }

  onQueue(detail) {
    if (detail.problem === "signed_out") this.session = "out";
    else if (detail.problem === "forbidden") this.session = "forbidden";
    else if (detail.sent) this.session = "in";
    this.progress = detail.progress;
    this.showBanner();
    if (this.isHome && !detail.progress) this.route();
    this.onSent?.();
  }

  async route() {
    const [, view = "", first = "", second = ""] = location.hash.split("/");
    await this.leave?.();
    this.leave = null;
    this.onSent = null;
    this.isHome = !["new", "r"].includes(view);
    app.removeAttribute("aria-busy");
    if (view === "new") await showPlaces(this, app, Number(first), second || "interview");
    else if (view === "r") await showInterview(this, app, first);
    else await showHome(this, app);
    this.showBanner();
  }

  async showBanner() {
    if (!this.store) return;
    const parts = [];
    if (this.session === "out") parts.push(this.signInBox(t("signed_out")));
    if (this.session === "forbidden") parts.push(alertBox("wait", t("not_allowed")));
    if (!navigator.onLine) parts.push(alertBox("info", t("offline")));
    else if (this.queue.problem === "later") parts.push(alertBox("wait", t("retry_in", { seconds: this.queue.seconds })));
    if (this.progress) parts.push(alertBox("info", t("sending", this.progress)));
    banner.replaceChildren(...parts);
  }

  signInBox(text) {
    const address = `${document.body.dataset.signIn}?next=${encodeURIComponent(this.root)}`;
    return alertBox("wait", text, " ", h("a", { href: address }, icon("box-arrow-in-right"), t("sign_in")));
  }

  showNobody() {
    const box = this.session === "forbidden" ? alertBox("wait", t("not_allowed")) : this.signInBox(t("signed_out_empty"));
    app.replaceChildren(h("h1", {}, t("home")), box);
    app.removeAttribute("aria-busy");
    if (this.session === "out" && current()?.unconfirmed) forgetCurrent();
  }
}

const work = new Work();
addEventListener("beforeunload", (event) => {
  if (work.isDirty?.()) event.preventDefault();
});
work.open();
