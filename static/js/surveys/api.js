// Talks to the server. Every answer is one of: {kind: "ok", body, status}, "refused" (409, 422, 400, 413: the response
// stays here with the reasons), "signed_out", "later" (no network, busy, too many; `seconds` to wait where it was told).

const TIMEOUT = 30000;

export class Api {
  constructor(root) {
    this.root = root; // ends with a slash
    this.token = "";
  }

  // What the page asks on its own keeps no session alive; what a person sends does.
  async get(path) {
    return read(await this.ask(path, { headers: { "X-Passive": "1" } }));
  }

  async state() {
    const answer = await this.get("state/");
    if (answer.kind === "ok") this.token = answer.body.csrf;
    return answer;
  }

  // The token belongs to the session: after a new sign-in the page asks for the new one and tries once more.
  async post(path, body) {
    if (!this.token) {
      const state = await this.state();
      if (state.kind !== "ok") return state;
    }
    const first = await this.send(path, body);
    if (first.status !== 403 || first.body?.reasons) return first;
    const state = await this.state();
    return state.kind === "ok" ? this.send(path, body) : state;
  }

  async send(path, body) {
    const isForm = body instanceof FormData;
    const headers = { "X-CSRFToken": this.token, ...(isForm ? {} : { "Content-Type": "application/json" }) };
    return read(await this.ask(path, { method: "POST", headers, body: isForm ? body : JSON.stringify(body) }));
  }

  async ask(path, options) {
    const headers = { Accept: "application/json", ...options.headers };
    try {
      return await fetch(this.root + path, {
        ...options, headers, redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch {
      return null; // cut, refused or too slow: whether it arrived is not known, and sending again does no harm
    }
  }
}

async function read(response) {
  if (response === null) return { kind: "later", status: 0 };
  if (response.type === "opaqueredirect" || response.status === 401) return { kind: "signed_out", status: 401 };
  const body = await response.json().catch(() => null);
  const answer = { status: response.status, body };
  if (response.ok && body !== null) return { kind: "ok", ...answer };
  if (response.ok || response.status >= 500 || response.status === 429) {
    return { kind: "later", seconds: Number(response.headers.get("Retry-After")) || 0, ...answer };
  }
  return { kind: response.status === 403 ? "forbidden" : "refused", ...answer };
}
