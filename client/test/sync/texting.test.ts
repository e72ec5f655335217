import { describe, expect, it } from 'vitest';
import { note, Table, type Seat } from './desk';

/** An editor as a page has one: it shows what it is told, with the caret where it belongs. */
class Editor {
  text: string;
  caret = 0;
  readonly #typing;

  constructor(seat: Seat, id: string, field = 'text') {
    this.#typing = seat.session.type(id, field, (text, moved) => {
      this.caret = moved(this.caret);
      this.text = text;
    });
    this.text = this.#typing.text;
    this.caret = this.text.length;
  }

  type(what: string): void {
    this.text = this.text.slice(0, this.caret) + what + this.text.slice(this.caret);
    this.caret += what.length;
    this.#typing.input(this.text);
  }

  become(text: string): void {
    this.text = text;
    this.#typing.input(text);
  }

  compose(on: boolean): void {
    this.#typing.compose(on);
  }

  end(): void {
    this.#typing.end();
  }
}

describe('typing', () => {
  it('goes out every 400 ms at most, and when it ends', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    const editor = new Editor(a, 'n1');
    for (const letter of ' ja kaksi') {
      editor.type(letter);
      await table.time.pass(100);
    }
    expect(table.room.seq).toBe(2);
    editor.type('!');
    editor.end();
    await table.time.pass(10);
    expect(table.room.seq).toBe(3);
    expect(b.note('n1')?.text).toBe('yksi ja kaksi!');
  });

  it('of two in one text comes together in both editors', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    const [left, right] = [new Editor(a, 'n1'), new Editor(b, 'n1')];
    left.caret = 0;
    for (let i = 0; i < 10; i++) {
      left.type('x');
      right.type('y');
      await table.time.pass(170);
    }
    await table.time.pass(1000);
    expect(left.text).toBe('xxxxxxxxxxyksiyyyyyyyyyy');
    expect(right.text).toBe(left.text);
    expect(table.room.state.itemOf('n1', 'note')?.text).toBe(left.text);
    expect([left.caret, right.caret]).toEqual([10, left.text.length]);
  });

  it('keeps the editor still while an input method composes', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    const editor = new Editor(a, 'n1');
    editor.compose(true);
    editor.type('こ');
    b.session.push([{ do: 'text', id: 'n1', field: 'text', from: 'yksi', to: 'no yksi' }]);
    await table.time.pass(1000);
    expect(editor.text).toBe('yksiこ');
    editor.compose(false);
    expect(editor.text).toBe('no yksiこ');
    await table.time.pass(1000);
    expect(table.room.state.itemOf('n1', 'note')?.text).toBe('no yksiこ');
  });

  it('a name takes spaces as they come, though names end in none', async () => {
    const table = new Table([{ id: 'g1', type: 'group', name: 'Solmut', order: 1 }]);
    const seat = await table.sit('a');
    const editor = new Editor(seat, 'g1', 'name');
    editor.type(' ');
    await table.time.pass(1000);
    expect(editor.text).toBe('Solmut ');
    editor.type('auki');
    await table.time.pass(1000);
    expect(editor.text).toBe('Solmut auki');
    expect(table.room.state.itemOf('g1', 'group')?.name).toBe('Solmut auki');
  });

  it('too long a text stays in the editor until it is short enough', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    const editor = new Editor(seat, 'n1');
    editor.become('ö'.repeat(1001));
    await table.time.pass(1000);
    expect(seat.told.refused).toBeUndefined();
    expect(seat.note('n1')?.text).toBe('yksi');
    editor.become('ö'.repeat(1000));
    await table.time.pass(1000);
    expect(table.room.state.itemOf('n1', 'note')?.text).toBe('ö'.repeat(1000));
    editor.become('ö'.repeat(1001));
    editor.end();
    expect(seat.told.refused).toMatchObject([{ code: 'too_long', draft: { item: 'n1' } }]);
  });

  it('says nothing of a text that did not change', async () => {
    const table = new Table();
    const seat = await table.sit('a');
    const editor = new Editor(seat, 'n1');
    editor.type('x');
    editor.become('yksi');
    editor.end();
    await table.time.pass(1000);
    expect(table.room.seq).toBe(0);
  });

  it('caught by a lock stays in the editor and as a draft, all of it', async () => {
    const table = new Table();
    const browser = table.browser('a');
    const [f, a] = [await table.sit('f'), await table.sit(browser)];
    const editor = new Editor(a, 'n1');
    a.tab.road.held = 'everything';
    f.session.push([{ do: 'lock', level: 'closed' }]);
    await table.time.pass(10);
    for (const word of [' yksi', ' kaksi', ' kolme']) {
      editor.type(word);
      await table.time.pass(500);
    }
    a.tab.road.release();
    await table.time.pass(10);
    editor.type(' neljä');
    await table.time.pass(1000);
    const all = 'yksi yksi kaksi kolme neljä';
    expect(editor.text).toBe(all);
    expect(a.told.refused).toMatchObject([{ code: 'board_locked', draft: { from: 'yksi' } }]);
    expect(a.session.drafts.all()).toMatchObject([{ from: 'yksi', text: all }]);
    expect(table.room.state.itemOf('n1', 'note')?.text).toBe('yksi');
    editor.end();

    f.session.push([
      { do: 'lock', level: 'open' },
      { do: 'text', id: 'n1', field: 'text', from: 'yksi', to: 'no yksi' },
    ]);
    await table.time.pass(10);
    const [draft] = a.session.drafts.all();
    a.session.drafts.retry(draft?.key ?? '');
    await table.time.pass(10);
    expect(table.room.state.itemOf('n1', 'note')?.text).toBe(`no ${all}`);
    expect(a.session.drafts.all()).toEqual([]);
  });

  it('caught by a lock that is seen first loses nothing of what is on its way', async () => {
    const table = new Table();
    const [f, a] = [await table.sit('f'), await table.sit('a')];
    const editor = new Editor(a, 'n1');
    f.session.push([{ do: 'lock', level: 'closed' }]);
    // The text goes out before the lock is seen, and comes after it in the order.
    await table.time.pass(1);
    editor.type(' matkalla');
    a.session.pause();
    await table.time.pass(1);
    editor.type(' vasta');
    await table.time.pass(1000);
    expect(editor.text).toBe('yksi matkalla vasta');
    expect(a.session.drafts.all()).toMatchObject([{ from: 'yksi', text: 'yksi matkalla vasta' }]);
    const [draft] = a.session.drafts.all();
    expect(draft?.op).toMatchObject({ from: 'yksi', to: 'yksi matkalla vasta' });
    expect(a.told.refused).toHaveLength(1);
  });

  it('in a note whose making was refused can be tried again with the note', async () => {
    const table = new Table();
    const [f, a] = [await table.sit('f'), await table.sit('a')];
    a.tab.road.held = 'everything';
    f.session.push([{ do: 'lock', level: 'closed' }]);
    await table.time.pass(10);
    a.session.push([{ do: 'create', item: note('n3', 300) }]);
    const editor = new Editor(a, 'n3');
    editor.type('uusi');
    await table.time.pass(500);
    editor.type(' ajatus');
    a.tab.road.release();
    await table.time.pass(1000);
    expect(a.note('n3')).toBeUndefined();
    editor.end();
    expect(a.told.refused).toMatchObject([{ code: 'board_locked' }]);
    const [draft] = a.session.drafts.all();
    expect(draft).toMatchObject({ item: 'n3', text: 'uusi ajatus' });
    f.session.push([{ do: 'lock', level: 'open' }]);
    await table.time.pass(10);
    a.session.drafts.retry(draft?.key ?? '');
    await table.time.pass(10);
    expect(table.room.state.itemOf('n3', 'note')).toMatchObject({ x: 300, text: 'uusi ajatus' });
  });

  it('in a note that somebody deletes is kept as a draft', async () => {
    const table = new Table();
    const [a, b] = [await table.sit('a'), await table.sit('b')];
    const editor = new Editor(a, 'n1');
    editor.type(' kesken');
    b.session.push([{ do: 'delete', ids: ['n1'] }]);
    await table.time.pass(1000);
    expect(a.told.refused).toMatchObject([{ code: 'gone', draft: { text: 'yksi kesken' } }]);
    editor.end();
    expect(a.session.drafts.all()).toHaveLength(1);
  });

  it('of a comment makes its cell', async () => {
    const table = new Table([
      { id: 's1', type: 'segment', name: 'S', order: 1 },
      { id: 'v1', type: 'service', name: 'P', order: 1 },
    ]);
    const seat = await table.sit('a');
    const editor = new Editor(seat, 'a.v1.s1', 'comment');
    editor.type('Tulee myöhässä');
    editor.end();
    await table.time.pass(10);
    expect(table.room.state.itemOf('a.v1.s1', 'assessment')?.comment).toBe('Tulee myöhässä');
  });
});
