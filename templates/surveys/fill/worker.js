// Keeps the form's own parts, so that it opens without a network. Answers are none of its business: they lie in the
// page's database and are sent by the page.
const { version, assets, home } = {{ values|safe }};
const KEPT = `surveys-${version}`;
const PAGES = "surveys-pages";
const PATIENCE = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

async function keep() {
  const cache = await caches.open(KEPT);
  await cache.addAll([...assets, home].map((url) => new Request(url, { cache: "no-cache", credentials: "same-origin" })));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

// Parts of older releases go; a page that still runs one has loaded all of it.
async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("surveys-") && ![KEPT, PAGES].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith(home)) event.respondWith(page(request, url));
  else if (assets.includes(url.pathname)) event.respondWith(part(request));
});

async function part(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request)) ?? fetch(request);
}

// The network's page while it answers in time; else the one that was kept.
async function page(request, url) {
  const isShell = url.pathname === home || url.pathname.startsWith(`${home}c/`);
  const isOwn = isShell || /^[\w-]{16,32}\/$/.test(url.pathname.slice(home.length));
  if (!isOwn) return fetch(request);
  const cache = await caches.open(isShell ? KEPT : PAGES);
  const key = isShell ? home : url.pathname;
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(key, answer.clone());
    return answer;
  });
  const kept = await cache.match(key);
  if (!kept) return fresh;
  const late = new Promise((give) => setTimeout(() => give(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), late]);
}
