// A link that the test can hold, cut and release. What one side sends arrives at the other in the order in which it was
// sent, as JSON, when time passes; or never, when the link is cut.
import type { ClientMessage, ServerMessage } from '$protocol/message';
import type { Wire as BrowserWire } from '../../src/sync/surroundings';
import type { Room, Wire as ServerWire } from './room';
import type { Time } from './time';

/** How a browser reaches the server. */
export class Road {
  /** What does not arrive for now, and is not lost. */
  held: 'nothing' | 'answers' | 'everything' = 'nothing';
  /** Sockets open and frames arrive. */
  passable = true;
  /** One way, ms. */
  delay: () => number = () => 1;
  readonly #sockets = new Set<Socket>();

  constructor(
    readonly room: Room,
    readonly time: Time,
  ) {}

  connect(): BrowserWire {
    const socket: Socket = new Socket(this, () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
    return socket;
  }

  /** Every socket breaks; told: the browser learns of it, else it has to find out. */
  cut(told: boolean): void {
    this.passable = false;
    for (const socket of [...this.#sockets]) {
      socket.break(told);
    }
  }

  mend(): void {
    this.passable = true;
  }

  /** What was held arrives. */
  release(): void {
    this.held = 'nothing';
    for (const socket of this.#sockets) {
      socket.arrive();
    }
  }
}

interface Parcel {
  readonly due: number;
  readonly arrive: () => void;
}

class Socket implements BrowserWire {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly bufferedAmount = 0;
  #state: 'connecting' | 'open' | 'broken' = 'connecting';
  #up: Parcel[] = [];
  #down: Parcel[] = [];
  readonly #server: ServerWire;

  constructor(
    private readonly road: Road,
    private readonly gone: () => void,
  ) {
    this.#server = {
      send: (messages: readonly ServerMessage[]) => {
        const data = JSON.stringify(messages);
        this.#travel(this.#down, () => this.onmessage?.({ data }));
      },
      close: (code) => {
        this.#travel(this.#down, () => {
          this.#end();
          this.onclose?.({ code });
        });
      },
    };
    this.#travel(this.#down, () => {
      if (!road.passable) {
        this.#end();
        this.onclose?.({ code: 1006 });
        return;
      }
      this.#state = 'open';
      this.onopen?.(undefined as never);
    });
  }

  send(text: string): void {
    const messages = JSON.parse(text) as readonly ClientMessage[];
    if (this.#state === 'open') {
      this.#travel(this.#up, () => this.road.room.receive(this.#server, messages));
    }
  }

  close(): void {
    this.#end();
    // Late, as browsers do it.
    this.road.time.after(5_000, () => this.onclose?.({ code: 1006 }));
  }

  break(told: boolean): void {
    this.#end();
    if (told) {
      this.onclose?.({ code: 1006 });
    }
  }

  /** What is due arrives. */
  arrive(): void {
    for (const way of [this.#up, this.#down]) {
      while (!this.#holds(way)) {
        const next = way[0];
        if (next === undefined || next.due > this.road.time.now()) {
          break;
        }
        way.shift();
        next.arrive();
      }
    }
  }

  #holds(way: Parcel[]): boolean {
    const { held } = this.road;
    return held === 'everything' || (held === 'answers' && way === this.#down);
  }

  #travel(way: Parcel[], arrive: () => void): void {
    if (this.#state === 'broken') {
      return;
    }
    // No frame overtakes another.
    const due = Math.max(way.at(-1)?.due ?? 0, this.road.time.now() + this.road.delay());
    way.push({ due, arrive });
    this.road.time.after(due - this.road.time.now(), () => this.arrive());
  }

  #end(): void {
    if (this.#state !== 'broken') {
      this.#state = 'broken';
      this.#up = [];
      this.#down = [];
      this.road.room.left(this.#server);
      this.gone();
    }
  }
}
