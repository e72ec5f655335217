// A table of browsers at one board, for stories.
import type { ID, Item, Note, Role } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { afterEach } from 'vitest';
import type { Events, Session } from '../../src/sync/types';
import { Browser, type Tab } from './browser';
import { generator } from './random';
import { Room } from './room';
import { Time } from './time';

export const items: readonly Item[] = [
  { id: 'board', type: 'board', title: 'Koe', phase: 'free' },
  { id: 'ax', type: 'axis', x0: 0, x1: 10_000, bandTop: 0, bandBottom: 6000, zones: 5 },
  { id: 'p1', type: 'perspective', name: 'Itsenäisyys', order: 1 },
  note('n1', 100, 'yksi'),
  note('n2', 200, 'kaksi'),
];

export function note(id: ID, x: number, text?: string): Note {
  return { type: 'note', id, x, y: 500, z: 1, authorId: 'pa', ...(text ? { text } : {}) };
}

export function move(id: ID, x: number): Op {
  return { do: 'move', moves: [[id, x, 500]] };
}

/** A tab, and all that it told. */
export class Seat {
  readonly told: { [E in keyof Events]?: Events[E][] } = {};

  constructor(readonly tab: Tab) {
    const events: readonly (keyof Events)[] = [
      'items',
      'waiting',
      'status',
      'me',
      'people',
      'presence',
      'refused',
      'drafts',
      'undo',
      'entry',
    ];
    for (const event of events) {
      tab.session.on(event, (value) => {
        ((this.told[event] ??= []) as unknown[]).push(value);
      });
    }
  }

  get session(): Session {
    return this.tab.session;
  }

  note(id: ID): Note | undefined {
    return this.session.board.itemOf(id, 'note');
  }
}

/** Facilitators are those whose secret begins with f, viewers those with v. */
function roleOf(me: string): Role {
  if (me.startsWith('v')) {
    return 'viewer';
  }
  return me.startsWith('f') ? 'facilitator' : 'participant';
}

export class Table {
  readonly time = new Time();
  readonly room: Room;
  readonly #seats: Seat[] = [];
  readonly #random = generator(7);

  constructor(more: readonly Item[] = []) {
    this.room = new Room([...items, ...more], roleOf, () => this.time.now());
    afterEach(async () => {
      await Promise.all(this.#seats.map(({ session }) => session.close()));
      this.#seats.length = 0;
    });
  }

  browser(me: string, secure = true): Browser {
    return new Browser(me, this.room, this.time, this.#random, secure);
  }

  /** A tab that has been welcomed, and that writes. */
  async sit(browser: Browser | string): Promise<Seat> {
    const seat = this.open(browser);
    seat.tab.write();
    await this.time.pass(50);
    return seat;
  }

  /** A tab that only reads, as long as nobody tells it to write. */
  open(browser: Browser | string): Seat {
    const at = typeof browser === 'string' ? this.browser(browser) : browser;
    const seat = new Seat(at.open());
    this.#seats.push(seat);
    return seat;
  }
}
