// What a device keeps: one database for each person (or public link), so that nobody finds another's answers.
//
//   meta       who, the campaigns, the device's id            by name
//   versions   questionnaires as they are run                 by id
//   responses  drafts and what waits, until the server confirmed   by uuid
//   files      pictures and files of those                    by uuid
//   receipts   that something arrived; no answers             by uuid
import { openDB } from "../../vendor/idb/idb.js";

const MOST_RECEIPTS = 200;

export async function openStore(partition) {
  const db = await openDB(`talentmap-surveys-${partition}`, 1, {
    upgrade(fresh) {
      for (const name of ["meta", "versions"]) fresh.createObjectStore(name);
      for (const name of ["responses", "receipts"]) fresh.createObjectStore(name, { keyPath: "uuid" });
      fresh.createObjectStore("files", { keyPath: "uuid" }).createIndex("response", "response");
    },
    blocking(_old, _new, event) { event.target.close(); },
  });
  return new Store(db, partition);
}

export class NoRoom extends Error {}

async function kept(write) {
  try {
    return await write();
  } catch (error) {
    if (error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError") throw new NoRoom();
    throw error;
  }
}

class Store {
  constructor(db, partition) {
    this.db = db;
    this.partition = partition;
  }

  meta(name) { return this.db.get("meta", name); }
  setMeta(name, value) { return kept(() => this.db.put("meta", value, name)); }
  version(id) { return this.db.get("versions", id); }
  versionIds() { return this.db.getAllKeys("versions"); }
  keepVersion(id, compiled) { return kept(() => this.db.put("versions", compiled, id)); }
  response(uuid) { return this.db.get("responses", uuid); }

  async responses() {
    const rows = await this.db.getAll("responses");
    return rows.sort((a, b) => a.started_at.localeCompare(b.started_at));
  }

  async receipts() {
    const rows = await this.db.getAll("receipts");
    return rows.sort((a, b) => b.accepted_at.localeCompare(a.accepted_at));
  }

  // Not over one that is further on: a slow autosave must not bring back what was confirmed or is being sent.
  async save(response, { only = null } = {}) {
    return kept(async () => {
      const write = this.db.transaction("responses", "readwrite");
      const before = await write.store.get(response.uuid);
      const fits = only === null || (before && only.includes(before.state));
      if (fits) await write.store.put(response);
      await write.done;
      return fits;
    });
  }

  // Changes a few fields of what is there; nothing when it is gone.
  async change(uuid, fields) {
    const write = this.db.transaction("responses", "readwrite");
    const before = await write.store.get(uuid);
    if (before) await write.store.put({ ...before, ...fields });
    await write.done;
  }

  file(uuid) { return this.db.get("files", uuid); }
  filesOf(response) { return this.db.getAllFromIndex("files", "response", response); }
  keepFile(file) { return kept(() => this.db.put("files", file)); }

  // Only after the server confirmed: answers go and the receipt comes, both or neither.
  async confirm(uuid, receipt) {
    const write = this.db.transaction(["responses", "files", "receipts"], "readwrite");
    await write.objectStore("responses").delete(uuid);
    await this.forgetFiles(write, uuid);
    await write.objectStore("receipts").put(receipt);
    await write.done;
    await this.trimReceipts();
  }

  // By the person, of a draft that nobody was sent.
  async discard(uuid) {
    const write = this.db.transaction(["responses", "files"], "readwrite");
    const row = await write.objectStore("responses").get(uuid);
    if (row?.state === "draft") {
      await write.objectStore("responses").delete(uuid);
      await this.forgetFiles(write, uuid);
    }
    await write.done;
  }

  async forgetFiles(write, response) {
    for (const key of await write.objectStore("files").index("response").getAllKeys(response)) {
      await write.objectStore("files").delete(key);
    }
  }

  async trimReceipts() {
    for (const old of (await this.receipts()).slice(MOST_RECEIPTS)) await this.db.delete("receipts", old.uuid);
  }
}
