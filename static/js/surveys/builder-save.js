// Saves the draft by itself, one request at a time, and never over what somebody else has saved.
import { say, setup, words } from "./builder-dom.js";
import { paths, plain } from "./builder-items.js";

const PAUSE = 800;
const AGAIN = 5000;

export class Saver extends EventTarget {
  constructor(store, token) {
    super();
    this.store = store;
    this.token = token;
    this.revision = setup.revision;
    this.saved = JSON.stringify(plain(store.document));
    this.state = "saved";
    this.reasons = [];
    store.addEventListener("change", () => this.soon());
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
    addEventListener("online", () => this.now());
  }

  get isDirty() {
    return JSON.stringify(plain(this.store.document)) !== this.saved;
  }

  soon(pause = PAUSE) {
    if (this.state === "conflict") return;
    clearTimeout(this.timer);
    if (!this.isDirty) {
      if (!this.sending) this.become("saved");
      return;
    }
    if (this.state !== "failed") this.become("changed");
    this.timer = setTimeout(() => this.now(), pause);
  }

  async now() {
    clearTimeout(this.timer);
    if (this.sending || this.state === "conflict" || !this.isDirty) return;
    const body = JSON.stringify(plain(this.store.document));
    const keys = paths(this.store.document);
    const bytes = new TextEncoder().encode(body).length;
    if (bytes > setup.limit) {
      this.become("refused", [say(words.tooLarge, { size: Math.ceil(bytes / 1000), limit: setup.limit / 1000 })]);
      return;
    }
    this.sending = true;
    this.become("saving");
    try {
      await this.send(body, keys);
    } catch {
      this.become("failed", [words.offline]);
      this.timer = setTimeout(() => this.now(), AGAIN);
    } finally {
      this.sending = false;
      if (this.state === "saved" && this.isDirty) this.soon();
    }
  }

  async send(body, keys) {
    const response = await fetch(setup.urls.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: `{"revision": ${this.revision}, "document": ${body}}`,
      redirect: "manual",
    });
    if (response.type === "opaqueredirect") return this.become("refused", [words.signedOut]);
    const answer = await response.json().catch(() => ({}));
    if (response.ok) {
      this.revision = answer.revision;
      this.saved = body;
      this.store.take(answer.problems, keys);
      return this.become("saved");
    }
    if (response.status === 409) return this.become("conflict", answer.reasons ?? []);
    if (response.status >= 500) throw new Error(String(response.status));
    return this.become("refused", answer.reasons ?? [words.denied]);
  }

  become(state, reasons = []) {
    this.state = state;
    this.reasons = reasons;
    this.dispatchEvent(new Event("state"));
  }

  // One's own version as a file, where it cannot be saved.
  download() {
    const file = new Blob([JSON.stringify(plain(this.store.document), null, 2)], { type: "application/json" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `${setup.title}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}
