import { describe, expect, it } from 'vitest';
import { move, note, Table } from './desk';

describe('a push', () => {
  it('is shown at once, ordered, and then saved', async () => {
    const table = new Table();
    table.room.saves = false;
    const seat = await table.sit('a');
    seat.session.push([move('n1', 700)]);
    expect(seat.note('n1')?.x).toBe(700);
    expect([...seat.session.waiting('n1')].sort()).toEqual(['x', 'z']);
    expect(seat.session.status).toMatchObject({ link: 'open', waiting: 1, saved: false });

    await table.time.pass(10);
    expect([...seat.session.waiting('n1')]).toEqual([]);
    expect(seat.session.status).toMatchObject({ waiting: 0, saved: false });

    table.room.save();
    await table.time.pass(10);
    expect(seat.session.status).toMatchObject({ waiting: 0, saved: true });
  });

  it('reaches the others, who are told what came from whom', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.session.push([{ do: 'create', item: note('n3', 300, 'kolme') }]);
    await table.time.pass(10);
    expect(b.note('n3')).toMatchObject({ text: 'kolme', authorId: 'pa', z: 2 });
    expect(b.told.items?.at(-1)).toEqual(new Set(['n3']));
    expect(b.told.entry?.at(-1)).toMatchObject({ own: false, entry: { by: 'pa' } });
    expect(a.told.entry?.at(-1)).toMatchObject({ own: true });
  });

  it('that comes as predicted changes nothing on screen', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.session.push([move('n1', 700)]);
    const shown = seat.note('n1');
    const told = seat.told.items?.length;
    await table.time.pass(10);
    expect(seat.session.status.saved).toBe(true);
    expect(seat.note('n1')).toBe(shown);
    expect(seat.told.items?.length).toBe(told);
  });

  it('gives way to what was ordered before it, and stands on top of it', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.tab.road.held = 'everything';
    a.session.push([move('n1', 700)]);
    b.session.push([{ do: 'edit', id: 'n1', fields: { perspectiveId: 'p1' } }, move('n1', 900)]);
    await table.time.pass(10);
    a.tab.road.release();
    await table.time.pass(10);
    for (const seat of [a, b]) {
      expect(seat.note('n1')).toMatchObject({ x: 700, perspectiveId: 'p1' });
    }
  });

  it('is sent while no more than eight are unanswered', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.tab.road.held = 'everything';
    for (let i = 0; i < 20; i++) {
      seat.session.push([{ do: 'create', item: note(`m${i}`, i) }]);
    }
    let most = 0;
    const { room } = table;
    const receive = room.receive.bind(room);
    room.receive = (wire, messages) => {
      most = Math.max(most, messages.length);
      receive(wire, messages);
    };
    await table.time.pass(10);
    expect(room.seq).toBe(0);
    seat.tab.road.release();
    expect(room.seq).toBe(8);
    await table.time.pass(20);
    expect(room.seq).toBe(20);
    expect(seat.session.status).toMatchObject({ waiting: 0, saved: true });
  });

  it('too large for one is sent as several, unless it is whole', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    const text = 'ä'.repeat(1000);
    const ops = Array.from(
      { length: 300 },
      (_, i) => ({ do: 'create', item: note(`m${i}`, i, text) }) as const,
    );
    seat.session.push(ops);
    await table.time.pass(1000);
    expect(table.room.items().filter(({ id }) => id.startsWith('m'))).toHaveLength(300);
    for (const { changes } of table.room.log) {
      expect(new TextEncoder().encode(JSON.stringify(changes)).length).toBeLessThan(80_000);
    }
    expect(table.room.log.length).toBeGreaterThan(9);
  });

  it('that is whole happens whole or not at all', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.session.push([move('n1', 700), move('nowhere', 1)], { whole: true });
    expect(seat.note('n1')?.x).toBe(100);
    await table.time.pass(10);
    expect(seat.note('n1')?.x).toBe(100);
    expect(seat.told.refused).toMatchObject([{ code: 'gone', reason: { id: 'nowhere' } }]);
  });

  it('carries its texts composed', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.session.push([{ do: 'create', item: note('n3', 1, 'a\u0308iti') }]);
    await table.time.pass(10);
    expect(table.room.state.itemOf('n3', 'note')?.text).toBe('äiti');
  });
});

describe('a lost link', () => {
  it('is told, comes back by itself, and what was done meanwhile arrives once and in order', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.tab.road.cut(true);
    expect(a.session.status.link).toBe('lost');
    for (let x = 1; x <= 5; x++) {
      a.session.push([{ do: 'create', item: note(`m${x}`, x) }]);
    }
    b.session.push([move('n2', 999)]);
    await table.time.pass(1000);
    expect(a.session.status).toMatchObject({ link: 'lost', waiting: 5 });
    a.tab.road.mend();
    await table.time.pass(60_000);
    expect(a.session.status).toMatchObject({ link: 'open', waiting: 0, saved: true });
    expect(a.note('n2')?.x).toBe(999);
    const made = table.room.log.flatMap(({ changes }) =>
      changes.changes.flatMap((change) => ('put' in change ? change.put.id : [])),
    );
    expect(made).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  });

  it('doubles nothing when the answer was lost on the way', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.tab.road.held = 'answers';
    a.session.push([{ do: 'text', id: 'n1', field: 'text', from: 'yksi', to: 'yksi lisää' }]);
    await table.time.pass(10);
    expect(table.room.seq).toBe(1);
    a.tab.road.cut(true);
    a.tab.road.mend();
    a.tab.road.release();
    const shown: (string | undefined)[] = [];
    a.session.on('items', () => shown.push(a.note('n1')?.text));
    await table.time.pass(2000);
    expect(table.room.seq).toBe(1);
    expect([a, b].map((seat) => seat.note('n1')?.text)).toEqual(['yksi lisää', 'yksi lisää']);
    expect(shown.filter((text) => text !== 'yksi lisää')).toEqual([]);
    expect(a.session.status.saved).toBe(true);
  });

  it('keeps a lock until it is held, wherever it comes to, and sends it again if it was lost', async () => {
    const table = new Table();
    const f = await table.sit('f');
    table.room.holds = false;
    f.session.push([{ do: 'lock', level: 'closed' }]);
    f.session.push([move('n1', 700)]);
    await table.time.pass(100);
    expect([table.room.saved, f.session.status.locking]).toEqual([2, true]);
    f.tab.road.cut(true);
    f.tab.road.mend();
    await table.time.pass(2000);
    expect(f.session.status).toMatchObject({ link: 'open', locking: true, saved: false });
    // It comes back without what it had called saved.
    table.room.saved = 0;
    table.room.holds = true;
    table.room.crash();
    await table.time.pass(5000);
    expect(f.session.status).toMatchObject({ link: 'open', locking: false, saved: true });
    expect(table.room.log.map(({ changes }) => changes.n)).toEqual([1]);
  });

  it('leaves a server that saves nothing as soon as another one could', async () => {
    const table = new Table();
    const a = await table.sit('a');
    table.room.disk(false);
    await table.time.pass(60_000);
    expect(table.room.joins, 'there is nobody else').toBe(1);
    table.room.ready = true;
    await table.time.pass(35_000);
    expect(table.room.joins).toBe(2);
    expect(a.session.status).toMatchObject({ link: 'open', disk: true });
    await table.time.pass(60_000);
    expect(table.room.joins, 'all is well').toBe(2);

    table.room.disk(false);
    table.room.disk(true);
    await table.time.pass(60_000);
    expect(table.room.joins, 'it was well again').toBe(2);
  });

  it('lets go of a lock that was refused, which nobody has to hold', async () => {
    const table = new Table();
    const a = await table.sit('a');
    table.room.holds = false;
    a.session.push([{ do: 'lock', level: 'closed' }]);
    a.session.push([{ do: 'freeze', segments: ['s1'], texts: false }, move('n1', 800)], {
      whole: true,
    });
    await table.time.pass(100);
    expect(a.told.refused).toHaveLength(2);
    expect(a.session.status).toMatchObject({ locking: false, freezing: false, saved: true });
  });

  it('again, before what was missed has come, leaves nothing predicted for good', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.tab.road.held = 'answers';
    // What comes is not quite what was predicted: another note has been laid on top before.
    b.session.push([move('n2', 300)]);
    await table.time.pass(10);
    a.session.push([move('n1', 700)]);
    await table.time.pass(10);
    a.tab.road.cut(true);
    a.tab.road.mend();
    a.tab.road.release();
    const stop = a.session.on('status', ({ link }) => {
      if (link === 'open') {
        // The welcome has told the fate of the push; its changes are in the next frame.
        stop();
        a.tab.road.cut(true);
      }
    });
    await table.time.pass(2000);
    a.tab.road.mend();
    b.session.push([move('n1', 900)]);
    await table.time.pass(10_000);
    expect(a.session.status).toMatchObject({ link: 'open', waiting: 0, saved: true });
    expect(a.note('n1')?.x).toBe(900);
    expect([...a.session.waiting('n1')]).toEqual([]);
  });

  it('that nobody told of is found out by silence', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.tab.road.cut(false);
    seat.tab.road.mend();
    await table.time.pass(14_000);
    expect(seat.session.status.link).toBe('open');
    await table.time.pass(7_000);
    expect(seat.told.status?.map(({ link }) => link)).toContain('lost');
    expect(seat.session.status.link).toBe('open');
  });

  it('after a sleep is found out as soon as the page comes back', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.tab.road.cut(false);
    seat.tab.road.mend();
    table.time.sleep(3_600_000);
    seat.session.wake();
    await table.time.pass(3_700);
    expect(seat.told.status?.map(({ link }) => link)).toContain('lost');
    expect(seat.session.status.link).toBe('open');
  });

  it('that never was is not called lost', async () => {
    const table = new Table();
    const browser = table.browser('a');
    const tab = browser.open();
    tab.road.cut(true);
    await table.time.pass(1000);
    expect(tab.session.status.link).toBe('connecting');
    tab.road.mend();
    await table.time.pass(10_000);
    expect(tab.session.status.link).toBe('open');
    await tab.session.close();
  });
});

describe('a server that crashes', () => {
  it('gets again what it had ordered and not saved', async () => {
    const table = new Table();
    table.room.saves = false;
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    a.session.push([move('n1', 700)]);
    await table.time.pass(10);
    expect(b.note('n1')?.x).toBe(700);
    expect(a.session.status).toMatchObject({ waiting: 0, saved: false });
    table.room.crash();
    await table.time.pass(10);
    expect(a.note('n1')?.x).toBe(700);
    table.room.saves = true;
    await table.time.pass(5000);
    expect([a, b].map((seat) => seat.note('n1')?.x)).toEqual([700, 700]);
    expect(table.room.state.itemOf('n1', 'note')?.x).toBe(700);
    expect(a.session.status.saved).toBe(true);
  });

  it('is not told again what it had saved', async () => {
    const table = new Table();
    const a = await table.sit('a');
    a.session.push([move('n1', 700)]);
    await table.time.pass(10);
    table.room.crash();
    await table.time.pass(5000);
    expect(table.room.seq).toBe(1);
  });
});

describe('a whole board that comes in between', () => {
  it('replaces what is confirmed and keeps what waits', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('f')];
    const unchanged = a.note('n2');
    a.tab.road.held = 'everything';
    a.session.push([move('n1', 700)]);
    b.session.push([{ do: 'delete', ids: ['p1'] }]);
    await table.time.pass(10);
    table.room.welcomeAll();
    a.tab.road.release();
    await table.time.pass(10);
    expect(a.note('n1')?.x).toBe(700);
    expect(a.session.board.item('p1')).toBeUndefined();
    expect(a.note('n2'), 'what did not change is the very object').toBe(unchanged);
    expect(table.room.state.itemOf('n1', 'note')?.x).toBe(700);
  });
});

describe('a refusal', () => {
  it('takes back what was shown, and says who set the rule', async () => {
    const table = new Table();
    const [f, a] = [await table.sit('f'), await table.sit('a')];
    a.tab.road.held = 'everything';
    f.session.push([{ do: 'lock', level: 'closed' }]);
    await table.time.pass(10);
    a.session.push([move('n1', 700)]);
    expect(a.note('n1')?.x).toBe(700);
    a.tab.road.release();
    await table.time.pass(10);
    expect(a.note('n1')?.x).toBe(100);
    expect(a.told.refused).toMatchObject([
      { code: 'board_locked', by: 'pf', op: { do: 'move' }, undo: false },
    ]);
    expect(a.session.may(move('n1', 1))).toMatchObject({ code: 'board_locked', by: 'pf' });
    expect(a.session.status.saved).toBe(true);
  });

  it('keeps what was written, to be tried again', async () => {
    const table = new Table();
    const browser = table.browser('a');
    const [f, a] = [await table.sit('f'), await table.sit(browser)];
    a.tab.road.held = 'everything';
    f.session.push([{ do: 'lock', level: 'closed' }]);
    await table.time.pass(10);
    a.session.push([{ do: 'create', item: note('n3', 300, 'ajatus') }]);
    a.tab.road.release();
    await table.time.pass(10);
    const [draft] = a.session.drafts.all();
    expect(draft).toMatchObject({ item: 'n3', text: 'ajatus', refused: { code: 'board_locked' } });
    expect(a.told.refused?.[0]?.draft).toEqual(draft);

    a.tab.kill();
    const again = await table.sit(browser);
    expect(again.session.drafts.all()).toMatchObject([{ text: 'ajatus' }]);
    f.session.push([{ do: 'lock', level: 'open' }]);
    await table.time.pass(10);
    again.session.drafts.retry(draft?.key ?? '');
    await table.time.pass(10);
    expect(table.room.state.itemOf('n3', 'note')?.text).toBe('ajatus');
    expect(again.session.drafts.all()).toEqual([]);
  });

  it('without a place is final', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    const { room } = table;
    const receive = room.receive.bind(room);
    room.receive = (wire, messages) => {
      const [message] = messages;
      if (message?.type === 'push') {
        wire.send([{ type: 'refused', n: message.n, op: 0, code: 'forbidden' }]);
      } else {
        receive(wire, messages);
      }
    };
    seat.session.push([move('n1', 5), move('n2', 5)]);
    await table.time.pass(10);
    expect([seat.note('n1')?.x, seat.note('n2')?.x]).toEqual([100, 200]);
    expect(seat.told.refused?.map(({ code, op }) => [code, op.do])).toEqual([
      ['forbidden', 'move'],
      ['forbidden', 'move'],
    ]);
    expect(seat.session.status).toMatchObject({ waiting: 0, saved: true });
    expect(seat.session.undo.canUndo).toBe(false);
  });

  it('for being too fast is a pause', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    const { room } = table;
    const receive = room.receive.bind(room);
    let first = true;
    room.receive = (wire, messages) => {
      const [message] = messages;
      if (message?.type === 'push' && first) {
        first = false;
        wire.send([{ type: 'refused', n: message.n, op: 0, code: 'too_fast' }]);
      } else {
        receive(wire, messages);
      }
    };
    seat.session.push([move('n1', 5)]);
    await table.time.pass(1000);
    expect(room.seq).toBe(0);
    expect(seat.note('n1')?.x).toBe(5);
    await table.time.pass(2000);
    expect(room.seq).toBe(1);
    expect(seat.told.refused).toBeUndefined();
  });
});

describe('what waits', () => {
  it('is folded: moves of one note, and text that goes on', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.tab.road.cut(true);
    seat.session.push([move('n1', 1)]);
    seat.session.push([move('n1', 2)]);
    seat.session.push([move('n1', 3)]);
    const text = (from: string, to: string) =>
      seat.session.push([{ do: 'text', id: 'n1', field: 'text', from, to }]);
    text('yksi', 'yksi k');
    text('yksi k', 'yksi ka');
    text('yksi', 'eri');
    expect(seat.session.status.waiting).toBe(3);
    expect(seat.note('n1')).toMatchObject({ x: 3, text: 'eri ka' });
    seat.tab.road.mend();
    await table.time.pass(10_000);
    expect(table.room.seq).toBe(3);
    expect(table.room.state.itemOf('n1', 'note')).toMatchObject({ x: 3, text: 'eri ka' });
  });

  it('is limited, and what finds no room is told and kept', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    seat.tab.road.cut(true);
    const many = Array.from(
      { length: 5000 },
      (_, i) => ({ do: 'create', item: note(`m${i}`, 1) }) as const,
    );
    seat.session.push(many);
    expect(seat.session.status).toMatchObject({ full: true, waiting: 5000 });
    const n = seat.session.push([{ do: 'create', item: note('n9', 1, 'vielä') }]);
    expect(n).toBe(0);
    expect(seat.told.refused).toMatchObject([{ code: 'full', draft: { text: 'vielä' } }]);
    seat.tab.road.mend();
    await table.time.pass(120_000);
    expect(seat.session.status).toMatchObject({ full: false, waiting: 0, saved: true });
  });
});

describe('a tab that only reads', () => {
  it('follows the board, and nothing may be done in it', async () => {
    const table = new Table();
    const reader = table.open('a');
    const writer = await table.sit('b');
    writer.session.push([move('n1', 700)]);
    await table.time.pass(50);
    expect(reader.note('n1')?.x).toBe(700);
    expect(reader.session.may(move('n1', 800))).toMatchObject({ code: 'forbidden' });
    expect(reader.session.status).toMatchObject({ link: 'open', saved: true, waiting: 0 });
  });

  it('shows and sends what a closed tab left once it writes', async () => {
    const table = new Table();
    const browser = table.browser('a');
    const first = await table.sit(browser);
    first.tab.road.cut(true);
    first.session.push([move('n1', 700)]);
    await table.time.pass(1);
    first.tab.kill();

    const second = table.open(browser);
    await table.time.pass(50);
    expect(second.note('n1')?.x).toBe(100);
    second.tab.write();
    await table.time.pass(50);
    expect(second.note('n1')?.x).toBe(700);
    expect(table.room.seq).toBe(1);
    expect(second.session.status.saved).toBe(true);
    expect(browser.kept).toBe(0);
  });

  it('knows what was saved before it wrote', async () => {
    const table = new Table();
    table.room.saves = false;
    const browser = table.browser('a');
    const first = await table.sit(browser);
    first.session.push([move('n1', 700)]);
    await table.time.pass(10);
    first.tab.kill();
    table.room.save();
    const second = table.open(browser);
    await table.time.pass(50);
    second.tab.write();
    await table.time.pass(50);
    expect(table.room.seq).toBe(1);
    expect(second.session.status.saved).toBe(true);
    expect(browser.kept).toBe(0);
  });
});

describe('a closed tab', () => {
  it.each([true, false])('leaves what it had to the next (locks: %s)', async (secure) => {
    const table = new Table();
    const browser = table.browser('a', secure);
    const first = await table.sit(browser);
    first.tab.road.cut(true);
    first.session.push([{ do: 'create', item: note('n3', 300, 'kolme') }]);
    first.session.push([move('n1', 700)]);
    await table.time.pass(1);
    first.tab.kill();
    expect(browser.kept).toBe(2);

    const second = await table.sit(browser);
    await table.time.pass(50_000);
    expect(second.note('n3')?.text).toBe('kolme');
    expect(table.room.state.itemOf('n1', 'note')?.x).toBe(700);
    expect(second.session.status.saved).toBe(true);
    expect(browser.kept).toBe(0);
  });

  it('leaves the text that was being typed', async () => {
    const table = new Table();
    const browser = table.browser('a');
    const first = await table.sit(browser);
    first.session.type('n1', 'text', () => undefined).input('yksi ja puo');
    await table.time.pass(1);
    first.tab.kill();
    const second = await table.sit(browser);
    await table.time.pass(10);
    expect(second.note('n1')?.text).toBe('yksi ja puo');
    expect(table.room.state.itemOf('n1', 'note')?.text).toBe('yksi ja puo');
  });

  it('that had been answered leaves nothing to be done twice', async () => {
    const table = new Table();
    table.room.saves = false;
    const browser = table.browser('a');
    const first = await table.sit(browser);
    first.session.push([{ do: 'text', id: 'n1', field: 'text', from: 'yksi', to: 'yksi!' }]);
    await table.time.pass(10);
    first.tab.kill();
    const second = await table.sit(browser);
    await table.time.pass(10);
    table.room.save();
    await table.time.pass(10);
    expect(table.room.seq).toBe(1);
    expect(second.note('n1')?.text).toBe('yksi!');
    expect(browser.kept).toBe(0);
  });

  it('is not taken over while it is open', async () => {
    const table = new Table();
    const browser = table.browser('a');
    const first = await table.sit(browser);
    first.tab.road.cut(true);
    first.session.push([move('n1', 700)]);
    await table.time.pass(10);
    await table.sit(browser);
    await table.time.pass(100_000);
    expect(table.room.seq).toBe(0);
    first.tab.road.mend();
    await table.time.pass(60_000);
    expect(table.room.seq).toBe(1);
  });
});

describe('presence', () => {
  it('is merged, sent at most 20 times a second, and said again on a new link', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    const key = `pa.${a.session.client}`;
    a.session.present({ selected: ['n1'] });
    for (let x = 0; x < 100; x++) {
      a.session.present({ cursor: [x + 0.4, 0] });
      await table.time.pass(10);
    }
    await table.time.pass(60);
    expect(b.session.presence.get(key)).toEqual({ cursor: [99, 0], selected: ['n1'] });
    expect(b.told.presence?.length).toBeLessThanOrEqual(22);
    expect(a.session.presence.size).toBe(0);

    b.tab.road.cut(true);
    b.tab.road.mend();
    a.tab.road.cut(true);
    a.tab.road.mend();
    await table.time.pass(5000);
    expect(b.session.presence.get(key)).toEqual({ cursor: [99, 0], selected: ['n1'] });
  });
});
