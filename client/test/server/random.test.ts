// The browser's side and the real server: random people over sockets that break, and a server that is killed under them.
import { phases, type ID, type Item, type ItemType } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Wire } from '../../src/sync/surroundings';
import { doubled, Person } from '../sync/person';
import { generator, seedOf } from '../sync/random';
import { Jana, type Made } from './jana';
import { nodeSession } from './node';

const jana = new Jana();
beforeAll(() => jana.start(), 120_000);
afterAll(() => jana.end());

/** A person, and the socket they are on. */
class Caller extends Person {
  readonly #socket: { wire?: Wire };

  constructor(board: Made, name: string, key: string, random: () => number, undoes: boolean) {
    const socket: { wire?: Wire } = {};
    const opened = (wire: Wire): void => {
      socket.wire = wire;
    };
    const session = nodeSession({ origin: jana.origin, board: board.id, key, name, opened });
    super(name, session, random, undoes);
    this.#socket = socket;
  }

  /** The socket breaks; it is noticed at once. */
  cut(): void {
    this.#socket.wire?.close();
  }
}

describe('random people at the real server', () => {
  const seed = seedOf();

  it(`end with one board (JANA_SEED=${seed})`, { timeout: 300_000 }, async () => {
    const random = generator(seed);
    const board = await jana.makeBoard('blank');
    const people = Array.from({ length: 6 }, (_, i) => {
      const key = i === 0 ? board.keys.facilitator : board.keys.participant;
      return new Caller(board, `t${i}`, key, random, i % 3 === 0);
    });
    await until(() => people.every(({ session }) => session.status.link === 'open'));
    people[0]?.session.push(furniture);
    let ops = 0;
    for (let round = 0; ops < 2_000; round++) {
      for (const person of people) {
        ops += person.act();
        if (random() < 0.01) {
          person.cut();
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 20 * random()));
      if (round === 150) {
        await jana.kill();
        await jana.start();
        for (const { session } of people) {
          session.wake();
        }
      }
    }
    for (const person of people) {
      person.endTyping();
    }
    await until(() =>
      people.every(({ session: { status } }) => status.link === 'open' && status.saved),
    );
    const want = content(await jana.items(board));
    await until(() =>
      people.every(({ session }) => same(content([...session.board.items()]), want)),
    );
    for (const { session, name } of people) {
      expect(content([...session.board.items()]), name).toEqual(want);
    }
    expect(doubled(want, people), 'words that stand twice').toEqual([]);
    for (const person of people.filter(({ undoes }) => !undoes)) {
      expect(person.lost(want), `words of ${person.name} that are nowhere`).toEqual([]);
    }
    await Promise.all(people.map(({ session }) => session.close()));
  });

  it(
    `alone see what they did as they foresaw it (JANA_SEED=${seed})`,
    { timeout: 300_000 },
    async () => {
      const random = generator(seed);
      const board = await jana.makeBoard('segmentation');
      const person = new Facilitator(board, 'f', board.keys.facilitator, random, true);
      const { session } = person;
      await until(() => session.status.link === 'open');
      session.push(furniture);
      let own = 0;
      session.on('entry', (told) => {
        own += told.own ? 1 : 0;
      });
      const surprises: unknown[] = [];
      for (let i = 0; i < 400; i++) {
        person.act();
        person.endTyping();
        const foreseen = new Map([...session.board.items()].map((item) => [item.id, item]));
        const stop = session.on('items', (ids) => {
          for (const id of ids) {
            const pair = [foreseen.get(id), session.board.item(id)].map(timeless);
            if (!same(pair[0], pair[1])) {
              surprises.push(pair);
            }
          }
        });
        await until(() => session.status.saved);
        stop();
      }
      expect(content([...session.board.items()])).toEqual(content(await jana.items(board)));
      expect(surprises).toEqual([]);
      expect(own).toBeGreaterThan(200);
      await session.close();
    },
  );
});

/** What grouping and assessing needs. */
const furniture: readonly Op[] = [
  { do: 'create', item: { type: 'perspective', id: 'p1', name: 'Itsenäisyys' } },
  { do: 'create', item: { type: 'segment', id: 's1', name: 'Segmentti' } },
  { do: 'create', item: { type: 'service', id: 'v1', name: 'Palvelu' } },
];

/** Does what only facilitators may as well. */
class Facilitator extends Caller {
  override act(): number {
    if (this.random() < 0.7) {
      return super.act();
    }
    const { session } = this;
    const pick = (type: ItemType): ID => {
      const ids = [...session.board.idsOf(type)];
      return ids[Math.floor(this.random() * ids.length)] ?? 'none';
    };
    const id = `x${Math.floor(this.random() * 1e12).toString(36)}`;
    const ops: readonly Op[] = [
      { do: 'phase', to: phases[Math.floor(this.random() * phases.length)] ?? 'free' },
      { do: 'phase', to: 'segment' },
      { do: 'rights', rights: { move: 'own', add: this.random() < 0.5 ? 'all' : null } },
      { do: 'pin', ids: [pick('note')], on: this.random() < 0.3 },
      { do: 'board', fields: { title: id, 'thresholds/minNotes': 2, region: null } },
      { do: 'create', item: { type: 'perspective', id, name: id } },
      { do: 'create', item: { type: 'heading', id, name: id } },
      { do: 'create', item: { type: 'category', id, name: id } },
      {
        do: 'create',
        item: { type: 'service', id, name: id, intendedSegmentIds: [pick('segment')] },
      },
      { do: 'create', item: { type: 'goal', id, text: id, serviceIds: [pick('service')] } },
      { do: 'edit', id: pick('segment'), fields: { position: 500, customers: 7.5 } },
      { do: 'edit', id: pick('note'), fields: { perspectiveId: pick('perspective') } },
      {
        do: 'text',
        id: pick('segment'),
        field: `descriptions/${pick('heading')}`,
        from: '',
        to: id,
      },
      { do: 'assess', service: pick('service'), segment: pick('segment'), serves: false },
      { do: 'delete', ids: [pick('perspective')] },
      { do: 'delete', ids: [pick('heading')] },
      { do: 'delete', ids: [pick('service')] },
      { do: 'delete', ids: [pick('segment')] },
      { do: 'delete', ids: [pick('group')] },
      { do: 'blank', id: pick('note') },
      { do: 'unfreeze', segments: [] },
      { do: 'link', id, role: 'viewer', name: 'Seinä', as: 'Näyttö' },
      { do: 'rename', name: id },
    ];
    const op = ops[Math.floor(this.random() * ops.length)];
    if (op !== undefined) {
      session.push([op]);
    }
    return 1;
  }
}

/** Without the times of stamps, which the server's clock tells. */
function timeless(item: Item | undefined): unknown {
  return JSON.parse(JSON.stringify(item ?? null), (key, value: unknown) =>
    key === 'time' ? 0 : value,
  );
}

/** What everyone sees, in one order. */
function content(items: readonly Item[]): Item[] {
  return items.filter(({ type }) => type !== 'link').sort((a, b) => (a.id < b.id ? -1 : 1));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** Keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.map(([key, child]) => [key, sorted(child)]);
  }
  return value;
}

/** Waits for it; the test's own limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
