// The page's side of the offline shell (src/sw.js). It needs a secure context; on plain http in a LAN there is no
// service worker, and Jana works without one.

/** A newer version of Jana that waits. Calling apply loads it: the page starts anew, so the caller picks the moment. */
export interface WaitingUpdate {
  apply: () => void;
}

interface ScriptUrlPolicy {
  createScriptURL: (url: string) => string;
}

interface TrustedTypes {
  createPolicy: (name: string, rules: ScriptUrlPolicy) => ScriptUrlPolicy;
}

declare global {
  interface Window {
    trustedTypes?: TrustedTypes;
  }
}

/** The worker's address, as a trusted one where the browser asks for that. The policy knows no other address. */
function workerUrl(): string {
  const rules = { createScriptURL: () => '/sw.js' };
  return (window.trustedTypes?.createPolicy('app-sw', rules) ?? rules).createScriptURL('');
}

/**
 * Keeps the page for offline use and tells, once per version, when a newer one waits. Call it once per page: a second
 * policy of the same name is refused by the browser. Never throws; returns what stops it from listening.
 */
export function keepShell(onWaiting: (update: WaitingUpdate) => void): () => void {
  // In a context that is not secure the property is missing, whatever its type says.
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return () => undefined;
  const stop = new AbortController();
  const { signal } = stop;
  const container = navigator.serviceWorker;
  let applied = false;

  container.addEventListener(
    'controllerchange',
    () => {
      // The first visit is taken over as well, and so is a page whose neighbour updated: neither asked for a reload.
      if (applied) window.location.reload();
    },
    { signal },
  );

  function offer(worker: ServiceWorker) {
    onWaiting({
      apply: () => {
        applied = true;
        worker.postMessage('skip-waiting');
      },
    });
  }

  function watch(registration: ServiceWorkerRegistration) {
    if (signal.aborted) return;
    if (registration.waiting && container.controller) offer(registration.waiting);
    registration.addEventListener(
      'updatefound',
      () => {
        const worker = registration.installing;
        worker?.addEventListener(
          'statechange',
          () => {
            // Without a controller this is the first install: nothing older is in use.
            if (worker.state === 'installed' && container.controller) offer(worker);
          },
          { signal },
        );
      },
      { signal },
    );
  }

  container.register(workerUrl(), { updateViaCache: 'none' }).then(
    // Browsers that are told to have no workers answer with nothing.
    (registration?: ServiceWorkerRegistration) => {
      if (registration) watch(registration);
    },
    () => {
      // Private windows and managed tablets may refuse: then there is no offline start, and all else works.
    },
  );
  return () => {
    stop.abort();
  };
}
