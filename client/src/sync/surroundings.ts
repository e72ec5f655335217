// What sync needs of where it runs: a page, or node in a test.
import type { Fill } from './ids';

/** Timers of the surroundings. They are not to be trusted while a page is hidden: the clock is asked as well. */
export interface Timers {
  /** ms since 1970 by this device. */
  now(): number;
  after(ms: number, run: () => void): () => void;
}

/** The part of a WebSocket that is used. */
export interface Wire {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  onerror: ((event: never) => void) | null;
  /** Bytes that have not left yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number): void;
}

/** The part of the Web Locks API that is used; a page without a secure context has none. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: boolean },
    held: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

export interface Surroundings extends Timers {
  /** Opens a WebSocket. */
  connect(url: string): Wire;
  /** Of secrets and ids. */
  readonly fill: Fill;
  /** In [0, 1): only spreads retries. */
  random(): number;
  readonly locks: Locks | null;
  /** Whether some server at our address can save what people do. */
  ready(): Promise<boolean>;
}

/** A browser keeps some connections open, each of which leads to one server; one that is not ready closes its own. */
const keptConnections = 8;

async function ready(): Promise<boolean> {
  for (let i = 0; i < keptConnections; i++) {
    const answer = await fetch('/readyz', { cache: 'no-store' }).catch(() => undefined);
    if (answer?.ok !== false) {
      return answer?.ok === true;
    }
  }
  return false;
}

/** Those of a page, or of a node that has a WebSocket (from 22 on; 20 with --experimental-websocket). */
export function surroundings(): Surroundings {
  const { navigator } = globalThis as { navigator?: { locks?: Locks } };
  return {
    now: () => Date.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    connect: (url) => new WebSocket(url) as unknown as Wire,
    fill: (bytes) => crypto.getRandomValues(bytes),
    random: () => Math.random(),
    locks: navigator?.locks ?? null,
    ready,
  };
}
