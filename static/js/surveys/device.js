// Whose work lies on this device, told to all pages through localStorage, where the sign-out form looks too.
// No answers here: only who, and how much waits.

const KEY = "talentmap.surveys";

export function current() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? null;
  } catch {
    return null;
  }
}

export function setCurrent(user) {
  const partition = partitionOf(user.id);
  const before = current();
  const unsent = before?.partition === partition ? before.unsent : 0;
  localStorage.setItem(KEY, JSON.stringify({ partition, name: user.name, username: user.username, unsent }));
}

export function setUnsent(partition, unsent) {
  const before = current();
  if (before?.partition === partition) localStorage.setItem(KEY, JSON.stringify({ ...before, unsent }));
}

export function forgetCurrent() {
  localStorage.removeItem(KEY);
}

export async function deviceId(store) {
  const known = await store.meta("device");
  if (known) return known;
  const fresh = crypto.randomUUID();
  await store.setMeta("device", fresh);
  return fresh;
}

// Asks the browser not to delete what is kept when space gets short; tells whether it promised.
export async function askToPersist() {
  if (!navigator.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

export function partitionOf(userId) {
  return `u${userId}`;
}
