// The queue as a file that can be carried to a desk: responses, their files, and a checksum over both.
import { onWire } from "./queue.js";

const FORMAT = "talentmap-survey-queue";

export async function queueFile(store) {
  const rows = (await store.responses()).filter((row) => row.finished_at);
  const entries = [];
  for (const row of rows) {
    const files = [];
    for (const file of await store.filesOf(row.uuid)) {
      files.push({ uuid: file.uuid, name: file.name, content: await base64(file.blob) });
    }
    entries.push({ uuid: row.uuid, title: row.title, state: row.state, response: onWire(row), files });
  }
  const responses = JSON.stringify(entries);
  const sha256 = await digest(responses);
  return new Blob([JSON.stringify({ format: FORMAT, made_at: new Date().toISOString(), sha256, responses })], { type: "application/json" });
}

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
