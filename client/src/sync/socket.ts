// A link that comes back by itself. It knows nothing of boards: frames are arrays of messages, of which it reads only
// ping, pong and bye.
import { closes, type ByeCode } from '$protocol/message';
import type { Surroundings, Wire } from './surroundings';

const pingInterval = 15_000;
const answerLimit = 5_000;
/** After the page came back: a socket that says nothing for so long is dead, whatever it pretends. */
const wakeLimit = 3_000;
const connectLimit = 10_000;
const firstRetry = 500;
const lastRetry = 30_000;
/** A board is full: when to try again if the server does not say. */
const fullRetry = 30_000;

interface Message {
  readonly type: string;
}

/** The user of a link. */
export interface LinkUser {
  /** What to say first on a new socket. */
  hello(): readonly Message[];
  /** Messages of one frame, without ping and bye. */
  receive(messages: readonly Message[]): void;
  /** It is lost, and comes back by itself. */
  lost(bye: ByeCode | undefined): void;
  /** It does not come back. */
  stopped(bye: ByeCode): void;
}

type State =
  | { readonly type: 'idle' }
  /** Waiting to try again. */
  | { readonly type: 'away'; readonly cancel: () => void }
  | { readonly type: 'connecting'; readonly wire: Wire; readonly since: number; cancel: () => void }
  | {
      readonly type: 'open';
      readonly wire: Wire;
      /** When the last frame came. */
      heard: number;
      /** When an answer is due; null while none is asked for. */
      due: number | null;
      cancel: () => void;
    }
  | { readonly type: 'stopped' };

export class Link {
  #state: State = { type: 'idle' };
  /** When the last question went out: ms of this device's clock. */
  asked = 0;
  /** Tries since the server last spoke to us. */
  #tries = 0;
  #bye: { readonly code: ByeCode; readonly retry: number | null } | undefined;

  constructor(
    private readonly url: string,
    private readonly user: LinkUser,
    private readonly around: Surroundings,
  ) {}

  /** Whether messages can be sent. */
  get open(): boolean {
    return this.#state.type === 'open';
  }

  /** Bytes that have not left yet. */
  get backlog(): number {
    return this.#state.type === 'open' ? this.#state.wire.bufferedAmount : 0;
  }

  start(): void {
    if (this.#state.type === 'idle') {
      this.#connect();
    }
  }

  /** Sends one frame; false if the link is not open. */
  send(messages: readonly Message[]): boolean {
    if (this.#state.type !== 'open') {
      return false;
    }
    this.#state.wire.send(JSON.stringify(messages));
    return true;
  }

  /** The page came back: a socket must prove quickly that it lives, and nobody waits for a retry. */
  wake(): void {
    const state = this.#state;
    switch (state.type) {
      case 'open':
        this.#ask(state, wakeLimit);
        break;
      case 'away':
        state.cancel();
        this.#connect();
        break;
      case 'connecting':
        // Timers may have stood still.
        if (this.around.now() - state.since > connectLimit) {
          this.#lose();
        }
        break;
      case 'idle':
      case 'stopped':
        break;
      default:
        state satisfies never;
    }
  }

  /** Asks for a pong. */
  ask(): void {
    if (this.#state.type === 'open') {
      this.#ask(this.#state, answerLimit);
    }
  }

  /** Gives the socket at hand up for another one. */
  renew(): void {
    if (this.#state.type === 'open') {
      this.#lose();
    }
  }

  /** Ends the link for good. */
  stop(): void {
    this.#leave();
    this.#state = { type: 'stopped' };
  }

  #connect(): void {
    const wire = this.around.connect(this.url);
    const state: State = {
      type: 'connecting',
      wire,
      since: this.around.now(),
      cancel: this.around.after(connectLimit, () => this.#lose()),
    };
    this.#state = state;
    this.#bye = undefined;
    // What an abandoned socket still says, its late close too, concerns nobody.
    const mine = (): boolean => 'wire' in this.#state && this.#state.wire === wire;
    wire.onopen = () => {
      if (mine()) {
        this.#opened(wire);
      }
    };
    wire.onmessage = ({ data }) => {
      if (mine()) {
        this.#receive(data);
      }
    };
    wire.onclose = ({ code }) => {
      if (mine()) {
        this.#closed(code);
      }
    };
    wire.onerror = () => undefined; // a close follows
  }

  #opened(wire: Wire): void {
    this.#leaveTimer();
    const state: State = {
      type: 'open',
      wire,
      heard: this.around.now(),
      due: this.around.now() + connectLimit,
      cancel: () => undefined,
    };
    this.#state = state;
    this.asked = this.around.now();
    this.send(this.user.hello());
    this.#watch(state);
  }

  /** Sees to it that the link is asked when it is silent, and given up when it does not answer. */
  #watch(state: Extract<State, { type: 'open' }>): void {
    state.cancel();
    const now = this.around.now();
    const next = state.due ?? state.heard + pingInterval;
    state.cancel = this.around.after(Math.max(0, next - now), () => {
      if (this.#state !== state) {
        return;
      }
      const late = this.around.now();
      if (state.due !== null && late >= state.due) {
        this.#lose();
      } else if (state.due === null && late >= state.heard + pingInterval) {
        this.#ask(state, answerLimit);
      } else {
        this.#watch(state);
      }
    });
  }

  #ask(state: Extract<State, { type: 'open' }>, limit: number): void {
    const due = this.around.now() + limit;
    state.due = state.due === null ? due : Math.min(state.due, due);
    this.asked = this.around.now();
    this.send([{ type: 'ping' }]);
    this.#watch(state);
  }

  #receive(data: unknown): void {
    const messages = parse(data);
    const state = this.#state;
    if (state.type !== 'open') {
      return;
    }
    if (messages === undefined) {
      this.#lose();
      return;
    }
    state.heard = this.around.now();
    const asked = state.due !== null;
    state.due = null;
    if (asked) {
      this.#watch(state);
    }
    const rest: Message[] = [];
    for (const message of messages) {
      switch (message.type) {
        case 'ping':
          this.send([{ type: 'pong' }]);
          break;
        case 'bye':
          this.#bye = message as unknown as { code: ByeCode; retry: number | null };
          break;
        default:
          this.#tries = 0;
          rest.push(message);
      }
    }
    if (rest.length > 0) {
      this.user.receive(rest);
    }
  }

  #closed(status: number): void {
    const bye = this.#bye ?? byeOf(status);
    this.#leave();
    if (
      bye !== undefined &&
      Object.hasOwn(closes, bye.code) &&
      closes[bye.code].then !== 'return'
    ) {
      this.#state = { type: 'stopped' };
      this.user.stopped(bye.code);
      return;
    }
    this.#away(bye);
  }

  /** The link does not answer: away with it. */
  #lose(): void {
    this.#leave();
    this.#away(undefined);
  }

  #away(bye: { readonly code: ByeCode; readonly retry: number | null } | undefined): void {
    // Full jitter: a room of tablets does not come back at once.
    const most = Math.min(lastRetry, firstRetry * 2 ** this.#tries);
    const told = bye?.retry ?? (bye?.code === 'full' ? fullRetry : null);
    this.#tries++;
    this.#state = {
      type: 'away',
      cancel: this.around.after(told ?? this.around.random() * most, () => this.#connect()),
    };
    this.user.lost(bye?.code);
  }

  #leaveTimer(): void {
    if ('cancel' in this.#state) {
      this.#state.cancel();
    }
  }

  #leave(): void {
    this.#leaveTimer();
    if ('wire' in this.#state) {
      const { wire } = this.#state;
      this.#state = { type: 'idle' };
      wire.close();
    }
  }
}

/** A close whose bye was lost on the way. */
function byeOf(status: number): { readonly code: ByeCode; readonly retry: null } | undefined {
  for (const [code, close] of Object.entries(closes)) {
    if (close.status === status) {
      return { code: code as ByeCode, retry: null };
    }
  }
  return undefined;
}

/** The messages of a frame; undefined if it is none. */
function parse(data: unknown): readonly Message[] | undefined {
  if (typeof data !== 'string') {
    return undefined;
  }
  try {
    const messages: unknown = JSON.parse(data);
    const ok =
      Array.isArray(messages) &&
      messages.every((m: unknown) => typeof m === 'object' && m !== null && 'type' in m);
    return ok ? (messages as readonly Message[]) : undefined;
  } catch {
    return undefined;
  }
}
