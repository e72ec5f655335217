// What people are doing at the moment: one's own goes out at most 20 times a second, that of others comes in merged.
import { limits } from '$protocol/board/item';
import type { Presence } from '$protocol/message';
import type { Timers } from './surroundings';

const sendInterval = 50;
/** More than this waiting in the socket: what was sent a moment ago has not even left. */
const maxBacklog = 64 << 10;
const maxDragged = 200;
const maxSelected = 500;
const maxView = 10 * limits.coordinate;

/** The way out. */
export interface Way {
  readonly backlog: number;
  send(messages: readonly ({ readonly type: 'presence' } & Presence)[]): boolean;
}

export class Presences {
  /** Of others, by "<participant>.<client>". */
  readonly others = new Map<string, Presence>();
  #own: Presence = {};
  #dirty = false;
  #sent = -Infinity;
  #cancel: (() => void) | null = null;

  constructor(
    private readonly way: Way,
    private readonly timers: Timers,
  ) {}

  /** Merges into what was said before. A part that is null or empty takes it back. */
  present(part: Presence): void {
    this.#own = { ...this.#own, ...part };
    this.#dirty = true;
    this.#soon();
  }

  /** On a new link: nobody knows what we do, and what others did is over. Tells whose presence went. */
  renew(): Set<string> {
    const gone = new Set(this.others.keys());
    this.others.clear();
    this.#dirty = Object.keys(this.#own).length > 0;
    this.#soon();
    return gone;
  }

  /** Takes in what others do, and tells whose changed. */
  take(people: Readonly<Record<string, Presence | null>>, own: string): Set<string> {
    const changed = new Set<string>();
    for (const [key, presence] of Object.entries(people)) {
      if (key === own) {
        continue;
      }
      changed.add(key);
      if (presence === null) {
        this.others.delete(key);
      } else {
        this.others.set(key, presence);
      }
    }
    return changed;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #soon(): void {
    if (this.#cancel !== null || !this.#dirty) {
      return;
    }
    const wait = Math.max(0, this.#sent + sendInterval - this.timers.now());
    if (wait === 0) {
      this.#send();
    } else {
      this.#cancel = this.timers.after(wait, () => {
        this.#cancel = null;
        this.#send();
      });
    }
  }

  #send(): void {
    if (this.way.backlog > maxBacklog) {
      this.#sent = this.timers.now();
      this.#soon();
      return;
    }
    // On a closed link nothing is lost: renew says it all again.
    this.#sent = this.timers.now();
    this.#dirty = false;
    this.way.send([{ type: 'presence', ...sendable(this.#own) }]);
  }
}

/** What the server takes: whole numbers within bounds, lists that are not endless; nothing that says nothing. */
function sendable({ cursor, drag, selected, editing, view, lead }: Presence): Presence {
  return {
    ...(cursor == null ? {} : { cursor: [whole(cursor[0]), whole(cursor[1])] as const }),
    ...(drag === undefined || drag.length === 0
      ? {}
      : { drag: drag.slice(0, maxDragged).map(([id, x, y]) => [id, whole(x), whole(y)] as const) }),
    ...(selected === undefined || selected.length === 0
      ? {}
      : { selected: selected.slice(0, maxSelected) }),
    ...(editing == null ? {} : { editing }),
    ...(view === undefined
      ? {}
      : {
          view: [
            whole(view[0], maxView),
            whole(view[1], maxView),
            whole(view[2], maxView),
            whole(view[3], maxView),
          ] as const,
        }),
    ...(lead === true ? { lead } : {}),
  };
}

function whole(n: number, limit: number = limits.coordinate): number {
  return Math.max(-limit, Math.min(limit, Math.round(n)));
}
