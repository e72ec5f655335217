// The offline shell: the page and its files, kept so that Jana opens without a network. It never touches /api, and knows
// nothing of boards. The build puts `const shell = { version, files }` before this text (build/service-worker.ts).

const cacheName = `shell-${shell.version}`;

// A Wi-Fi that swallows packets is no better than none: after this the kept page is shown.
const patienceMs = 4000;

self.addEventListener('install', (event) => {
  const fresh = shell.files.map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(fresh)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOlder().then(() => self.clients.claim()));
});

// Only when the page asks, which it does when nobody is in the middle of something.
self.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/')) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request, url));
});

async function dropOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith('shell-') && name !== cacheName) await caches.delete(name);
  }
}

function kept(request) {
  // Vary names only the encoding, which the cache has already undone.
  return caches.match(request, { cacheName, ignoreVary: true });
}

// The network's page is first, since it names the newest files; the kept one stands in for a network that is away or
// slow and for a server that is just starting.
async function page(request) {
  const shellPage = await kept('/');
  if (!shellPage) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, patienceMs));
  try {
    const answer = await Promise.race([fetch(request), late]);
    return answer && answer.status < 500 ? answer : shellPage;
  } catch {
    return shellPage;
  }
}

// What is named by its content is as good from the cache. A file that install left out is kept once it was asked for.
async function file(request, url) {
  const found = await kept(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && url.pathname.startsWith('/assets/')) {
    const cache = await caches.open(cacheName);
    await cache.put(request, answer.clone());
  }
  return answer;
}
