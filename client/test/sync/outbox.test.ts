// The outbox on a real database, as far as node has one.
import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../src/sync/outbox';
import type { Outgoing } from '../../src/sync/replica';
import { Memory, openStore, type Store, type Write } from '../../src/sync/store';
import type { Draft } from '../../src/sync/types';
import { move } from './desk';
import { Time } from './time';

let count = 0;
/** A database of its own for each test. */
function name(): string {
  count++;
  return `test ${count}`;
}

function push(client: string, n: number): Outgoing {
  return { client, n, ops: [move('n1', n)], time: n };
}

function draft(key: string, more: Partial<Draft> = {}): Draft {
  return {
    key,
    item: 'n1',
    field: 'text',
    from: '',
    text: key,
    time: 1,
    op: { do: 'text', id: 'n1', field: 'text', from: '', to: key },
    ...more,
  };
}

class Told {
  times = 0;
}

/** Long enough for a tab that said nothing to be closed. */
const closed = 16_000;

function open(store: Store | Promise<Store>, client: string, time = new Time(), told = new Told()) {
  return new Outbox('b1', client, Promise.resolve(store), null, time, () => {
    told.times++;
  });
}

describe('an outbox', () => {
  it('keeps pushes until they are saved, and drafts until they are dropped', async () => {
    const at = name();
    const time = new Time();
    const first = open(await openStore(at), 'a', time);
    const [one, two, three] = [1, 2, 3].map((n) => first.add(push('a', n), 'p1'));
    first.keepDraft(draft('typed'));
    first.keepDraft(draft('refused', { refused: { op: 0, code: 'phase' } }));
    first.keepDraft(draft('dropped'));
    first.dropDraft('dropped');
    for (const parcel of [one, two]) {
      if (parcel) first.ordered(parcel, parcel.push.n + 40);
    }
    first.saved(41, 0);
    expect(first.all().map((parcel) => parcel.push.n)).toEqual([2, 3]);
    expect([first.waiting, first.empty, three?.state]).toEqual([1, false, 'waiting']);
    await first.settled();

    time.sleep(closed);
    const second = open(await openStore(at), 'b', time);
    const adopted = await second.adopt('p1');
    expect(adopted.pushes).toEqual([push('a', 2), push('a', 3)]);
    expect(adopted.typed).toMatchObject([{ key: 'typed' }]);
    expect(adopted.drafts).toBe(true);
    expect(second.drafts()).toEqual([draft('refused', { refused: { op: 0, code: 'phase' } })]);
    expect(await second.adopt('p1')).toEqual({ pushes: [], typed: [], drafts: false });
    await Promise.all([first.close(), second.close()]);
  });

  it('writes what was amended, once', async () => {
    const at = name();
    const time = new Time();
    const first = open(await openStore(at), 'a', time);
    first.add(push('a', 1), 'p1');
    first.amend({ ...push('a', 1), ops: [move('n1', 77)] });
    expect(first.waiting).toBe(1);
    await first.settled();
    time.sleep(closed);
    const second = open(await openStore(at), 'b', time);
    expect((await second.adopt('p1')).pushes).toEqual([{ ...push('a', 1), ops: [move('n1', 77)] }]);
    await Promise.all([first.close(), second.close()]);
  });

  it('takes nothing from another participant or board', async () => {
    const at = name();
    const time = new Time();
    const first = open(await openStore(at), 'a', time);
    first.add(push('a', 1), 'p1');
    await first.settled();
    time.sleep(closed);
    const elsewhere = new Outbox('b2', 'c', openStore(at), null, time, () => undefined);
    expect((await elsewhere.adopt('p1')).pushes).toEqual([]);
    const second = open(await openStore(at), 'b', time);
    expect((await second.adopt('p2')).pushes).toEqual([]);
    expect((await second.adopt('p1')).pushes).toHaveLength(1);
    await Promise.all([first.close(), second.close(), elsewhere.close()]);
  });

  it('lets go of what was saved by the tab that took it over', async () => {
    const at = name();
    const time = new Time();
    const first = open(await openStore(at), 'a', time);
    first.add(push('a', 1), 'p1');
    first.add(push('a', 2), 'p1');
    await first.settled();
    time.sleep(closed);
    const second = open(await openStore(at), 'b', time);
    await second.adopt('p1');
    for (const parcel of second.all()) {
      second.ordered(parcel, parcel.push.n);
    }
    second.saved(1, 0);
    await second.settled();
    time.sleep(closed);
    const third = open(await openStore(at), 'c', time);
    expect((await third.adopt('p1')).pushes).toEqual([push('a', 2)]);
    await Promise.all([first.close(), second.close(), third.close()]);
  });

  it('leaves a tab that shows that it is open alone, until it has been silent for long', async () => {
    const at = name();
    const time = new Time();
    const first = open(await openStore(at), 'a', time);
    first.add(push('a', 1), 'p1');
    await first.settled();
    const second = open(await openStore(at), 'b', time);
    await time.pass(1);
    expect((await second.adopt('p1')).pushes).toEqual([]);
    time.sleep(closed);
    expect((await second.adopt('p1')).pushes).toHaveLength(1);
    await Promise.all([first.close(), second.close()]);
  });

  it('goes on in memory when the database fails, and says so', async () => {
    const told = new Told();
    class Full extends Memory {
      override readonly lasting = true as never;
      override write(_writes?: readonly Write[]): Promise<void> {
        return Promise.reject(new Error('QuotaExceededError'));
      }
    }
    const outbox = open(new Full(), 'a', new Time(), told);
    outbox.add(push('a', 1), 'p1');
    await outbox.settled();
    expect(outbox.lasting).toBe(false);
    expect(told.times).toBeGreaterThan(0);
    expect(outbox.all()).toHaveLength(1);
    await outbox.close();
  });

  it('is full at 5,000 ops or 5 MB', () => {
    const outbox = open(new Memory(), 'a');
    const ops = Array.from({ length: 200 }, (_, i) => move('n1', i));
    for (let n = 1; n <= 25; n++) {
      expect(outbox.full).toBe(false);
      outbox.add({ ...push('a', n), ops }, 'p1');
    }
    expect(outbox.full).toBe(true);
    const [first] = outbox.all();
    if (first) outbox.drop(first);
    expect(outbox.full).toBe(false);

    const wordy = open(new Memory(), 'b');
    const to = 'x'.repeat(1 << 20);
    for (let n = 1; n <= 5; n++) {
      const op = { do: 'text', id: 'n1', field: 'text', from: '', to } as const;
      wordy.add({ ...push('b', n), ops: [op] }, 'p1');
    }
    expect(wordy.full).toBe(true);
  });
});

describe('the database', () => {
  it('that a browser refuses is memory, which does not last', async () => {
    const { indexedDB } = globalThis;
    const refused = new Proxy(indexedDB, {
      get: (db, key) =>
        key === 'open'
          ? () => {
              throw new DOMException('refused', 'SecurityError');
            }
          : (Reflect.get(db, key) as unknown),
    });
    globalThis.indexedDB = refused;
    try {
      expect((await openStore(name())).lasting).toBe(false);
    } finally {
      globalThis.indexedDB = indexedDB;
    }
  });

  it('whose connection is lost is opened again', async () => {
    const at = name();
    const store = await openStore(at);
    await store.write([{ put: 'tabs', value: { board: 'b1', client: 'a', beat: 1 } }]);
    store.close();
    await store.write([{ put: 'tabs', value: { board: 'b1', client: 'b', beat: 2 } }]);
    expect((await store.load('b1')).tabs.map(({ client }) => client)).toEqual(['a', 'b']);
    store.close();
  });
});
