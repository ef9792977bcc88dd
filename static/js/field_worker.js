// The service worker of the field app: keeps the page, its scripts and its words, all of one version, and nothing
// of any person. FIELD (address, version, what is kept) stands in /field/<mission>/worker.js, which loads this.
const { base, version, kept } = self.FIELD;
const PREFIX = `eom-field:${base}:`;
const NAME = PREFIX + version;

// What has the hash of its content in its address never changes.
const isLasting = (address) => /\?v=|\/part-\w+\.js$/.test(address);

self.addEventListener("install", (event) => {
  // The browser answers from what is kept by itself, where it can: this worker need not be woken for that.
  const route = (pathname) => ({ condition: { urlPattern: new URLPattern({ pathname }), requestMethod: "GET" }, source: { cacheName: NAME } });
  if (event.addRoutes) {
    const routes = kept.map((each) => route(new URL(each, self.location).pathname));
    event.waitUntil(event.addRoutes(routes).catch(() => {}));
  }
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    await Promise.all(kept.map(async (address) => {
      // What lasts and is here already, from the version before or from an attempt that failed, costs no line; nor
      // does what the page has just fetched.
      const had = isLasting(address) && (await caches.match(address, { ignoreVary: true }));
      const how = isLasting(address) ? "default" : address.startsWith("/static/") ? "no-cache" : "reload";
      const answer = had || (await fetch(address, { credentials: "same-origin", cache: how }));
      // A page that leads to the sign-in is not the app: this version is taken up another time.
      if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
      await cache.put(address, answer);
    }));
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const isOurs = pathname === base || pathname === `${base}/words.json` || pathname.startsWith("/static/");
  if (!isOurs) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    const found = await cache.match(request, { ignoreVary: true });
    // All that is kept is of one version, under whatever hash a page asks for it.
    return found || (await cache.match(request, { ignoreSearch: true, ignoreVary: true })) || fetch(request);
  })());
});
