// @ts-check
/**
 * The site's service worker: it keeps every file of this version, so that the site works without a network, and adds the
 * headers without which browsers share no memory between workers. `mg-grade site` writes the version.
 */

const VERSION = "VERSION";
const PREFIX = "mg-grade-";
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** @type {any} */
const scope = self;

scope.addEventListener("install", (/** @type {any} */ event) => {
  if (!scope.registration.active) event.waitUntil(scope.skipWaiting()); // else when the page says so
});

scope.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "take over") event.waitUntil(scope.skipWaiting());
});

scope.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX + scope.registration.scope));
      await Promise.all(old.filter((name) => name !== cacheName()).map((name) => caches.delete(name)));
      await scope.clients.claim();
    })(),
  );
});

scope.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(scope.registration.scope)) event.respondWith(answer(request));
});

const cacheName = () => `${PREFIX}${scope.registration.scope}-${VERSION}`;

/** @param {Request} request */
async function answer(request) {
  const cache = await caches.open(cacheName());
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  // Not what the browser itself has kept: it may be of another version.
  const response = await fetch(request.url, { cache: "no-cache", credentials: "same-origin" });
  if (response.redirected) return Response.redirect(response.url);
  if (response.status !== 200) return response;
  const answered = withHeaders(response);
  await cache.put(request, answered.clone());
  return answered;
}

/** @param {Response} response */
function withHeaders(response) {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
