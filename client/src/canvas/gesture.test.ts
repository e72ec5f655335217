import { describe, expect, test } from 'vitest';
import { abandoned, awaitsTick, step } from './gesture';
import { onScreen } from './point';
import { noGestures, type Act, type Gestures, type Ground, type Under } from './pointer';
import type { DropTarget, Mode, PointerKind } from './types';

const moving: Mode = {
  drag: 'move',
  holdToGroup: false,
  create: true,
  selectMore: false,
  placing: false,
};

/** Notes stand at x = 100, 300, 500 …, y < 200, each 100 wide; group g is right of 2000; above 0 is the axis, else empty board. */
class Table {
  mode: Mode = moving;
  selected = new Set<string>();
  open: string | null = null;
  takenNotes = new Set<string>();
  crowd: string[] = [];
  time = 0;
  acts: Act[] = [];
  private gestures: Gestures = noGestures;
  private held = { shift: false, space: false };

  private readonly ground: Ground = (() => {
    const table = () => this;
    return {
      get mode() {
        return table().mode;
      },
      get selected() {
        return table().selected;
      },
      get open() {
        return table().open;
      },
      under: (at): Under => {
        if (at.y < 0) return { type: 'axis' };
        const id = noteAt(at.x, at.y);
        if (id) return { type: 'note', id, crowd: table().crowd.length > 0 ? table().crowd : [id] };
        if (at.x > 2000 && at.y > 900) return { type: 'name', group: 'g', moves: ['n1', 'n2'] };
        return { type: 'board' };
      },
      place: (at) =>
        at.y < 0
          ? { on: 'axis', x: at.x }
          : { on: 'band', x: Math.round(at.x), y: Math.round(at.y) },
      target: (at, dragged): DropTarget | null => {
        const id = noteAt(at.x, at.y);
        if (id && !dragged.includes(id)) return { type: 'note', id };
        return at.x > 2000 ? { type: 'group', id: 'g' } : null;
      },
      taken: (id) => table().takenNotes.has(id),
      atEdge: (at) => at.x < 24,
    };
  })();

  with(held: Partial<{ shift: boolean; space: boolean }>): this {
    this.held = { ...this.held, ...held };
    return this;
  }

  down(pointer: number, x: number, y: number, kind: PointerKind = 'touch', more = {}): this {
    return this.feed({
      type: 'down',
      pointer,
      kind,
      at: onScreen(x, y),
      time: this.time,
      button: 'main',
      palm: false,
      ...this.held,
      ...more,
    });
  }

  move(pointer: number, x: number, y: number, kind: PointerKind = 'touch'): this {
    return this.feed({ type: 'move', pointer, kind, at: onScreen(x, y), time: this.time });
  }

  up(pointer: number, x = 0, y = 0): this {
    return this.feed({ type: 'up', pointer, at: onScreen(x, y), time: this.time });
  }

  cancel(pointer: number): this {
    return this.feed({ type: 'cancel', pointer });
  }

  wait(ms: number): this {
    this.time += ms;
    return this.feed({ type: 'tick', time: this.time });
  }

  tap(x: number, y: number, kind: PointerKind = 'touch'): this {
    return this.down(9, x, y, kind).up(9);
  }

  abandon(drag: number): this {
    this.gestures = abandoned(this.gestures, drag);
    return this;
  }

  get waits(): boolean {
    return awaitsTick(this.gestures);
  }

  /** The acts since last asked, named; carries folded into the last. */
  get told(): string[] {
    const names = this.acts.map((a) => ('id' in a ? `${a.type} ${a.id}` : a.type));
    this.acts = [];
    return names.filter((n, i) => n !== names[i - 1]);
  }

  private feed(event: Parameters<typeof step>[1]): this {
    const { next, acts } = step(this.gestures, event, this.ground);
    this.gestures = next;
    this.acts.push(...acts);
    return this;
  }
}

function noteAt(x: number, y: number): string | null {
  if (y < 0 || y > 200 || x < 50 || x > 1950) return null;
  const i = Math.round((x - 100) / 200);
  return Math.abs(x - 100 - i * 200) <= 50 ? `n${i + 1}` : null;
}

function table(mode: Partial<Mode> = {}): Table {
  const t = new Table();
  t.mode = { ...moving, ...mode };
  return t;
}

describe('dragging a note', () => {
  test.each([
    ['touch', 6],
    ['mouse', 4],
    ['pen', 4],
  ] as const)('a %s drags after %i px and not before', (kind, px) => {
    const t = table()
      .down(1, 100, 100, kind)
      .move(1, 100 + px - 0.5, 100, kind);
    expect(t.told).toEqual([]);
    t.move(1, 100 + px, 100, kind)
      .move(1, 180, 100, kind)
      .up(1);
    expect(t.told).toEqual(['lift', 'carry', 'drop']);
  });

  test('it is lifted from where it was pressed, so that it does not jump', () => {
    const t = table().down(1, 120, 90).move(1, 160, 90);
    expect(t.acts).toEqual([
      { type: 'lift', drag: 1, ids: ['n1'], at: onScreen(120, 90) },
      { type: 'carry', drag: 1, at: onScreen(160, 90), target: null },
    ]);
  });

  test('a selected note takes the selection along, itself first', () => {
    const t = table();
    t.selected = new Set(['n3', 'n1', 'n2']);
    t.down(1, 300, 50).move(1, 300, 80);
    expect(t.acts[0]).toMatchObject({ ids: ['n2', 'n3', 'n1'] });
    const other = table();
    other.selected = new Set(['n3']);
    other.down(1, 300, 50).move(1, 300, 80);
    expect(other.acts[0]).toMatchObject({ ids: ['n2'] });
  });

  test('a note that somebody else moves is not taken up, and left out of a selection', () => {
    const t = table();
    t.takenNotes.add('n1');
    expect(t.down(1, 100, 100).move(1, 150, 100).up(1).told).toEqual(['taken n1']);
    t.selected = new Set(['n1', 'n2']);
    t.down(1, 300, 100).move(1, 350, 100);
    expect(t.acts[0]).toMatchObject({ type: 'lift', ids: ['n2'] });
  });

  test('two hands drag two notes', () => {
    const t = table()
      .down(1, 100, 100)
      .move(1, 130, 100)
      .down(2, 500, 100)
      .move(2, 500, 150)
      .move(1, 140, 100);
    t.up(2).up(1);
    expect(t.acts.map((a) => [a.type, 'drag' in a ? a.drag : 0])).toEqual([
      ['lift', 1],
      ['carry', 1],
      ['lift', 2],
      ['carry', 2],
      ['carry', 1],
      ['drop', 2],
      ['drop', 1],
    ]);
  });

  test('two hands that land one after the other drag two notes as well', () => {
    const t = table()
      .down(1, 100, 100)
      .wait(200)
      .down(2, 500, 100)
      .move(1, 130, 100)
      .move(2, 540, 100);
    expect(t.told).toEqual(['lift', 'carry', 'lift', 'carry']);
  });

  test('a second finger cannot take a note out of the first one’s hand', () => {
    const t = table().down(1, 100, 100).move(1, 110, 100).down(2, 110, 100).move(2, 160, 100).up(2);
    expect(t.told).toEqual(['lift', 'carry']);
  });

  test('a cancelled pointer puts the note back', () => {
    expect(table().down(1, 100, 100).move(1, 150, 100).cancel(1).up(1).told).toEqual([
      'lift',
      'carry',
      'putBack',
    ]);
  });

  test('a drag that is ended from outside stays ended', () => {
    const t = table().down(1, 100, 100).move(1, 150, 100);
    expect(t.told).toEqual(['lift', 'carry']);
    expect(t.abandon(1).move(1, 200, 100).up(1).told).toEqual([]);
  });

  test('from the edge of the screen a finger’s drag is the system’s, a tap is ours', () => {
    expect(table().down(1, 20, 400).move(1, 80, 400).up(1).told).toEqual([]);
    expect(table().down(1, 20, 400, 'mouse').move(1, 80, 400, 'mouse').told).toEqual(['lasso']);
    expect(table().tap(20, 400).tap(20, 400).told).toEqual(['create']);
  });

  test('where nothing may be moved a drag pans', () => {
    const t = table({ drag: 'none' });
    expect(t.down(1, 100, 100).move(1, 150, 100).up(1).told).toEqual(['pan', 'rest']);
    expect(t.down(1, 100, 100, 'mouse').move(1, 150, 100, 'mouse').up(1).told).toEqual([
      'pan',
      'rest',
    ]);
  });

  test('dragging a group’s name moves its notes', () => {
    const t = table().down(1, 2100, 950).move(1, 2150, 950);
    expect(t.acts[0]).toMatchObject({ type: 'lift', ids: ['n1', 'n2'] });
  });
});

describe('what a drag says', () => {
  const target = (t: Table) => t.acts.findLast((a) => a.type === 'carry' || a.type === 'drop');

  test('in the phases of grouping it belongs to what it is over, at once', () => {
    const t = table({ drag: 'belongs' }).down(1, 100, 100).move(1, 300, 100);
    expect(target(t)).toMatchObject({ target: { type: 'note', id: 'n2' } });
    t.move(1, 400, 500);
    expect(target(t)).toMatchObject({ target: null });
    t.move(1, 2100, 500).up(1);
    expect(target(t)).toMatchObject({ type: 'drop', target: { type: 'group', id: 'g' } });
  });

  test('in a moving phase it never belongs', () => {
    const t = table().down(1, 100, 100).move(1, 300, 100).wait(5000).up(1);
    expect(target(t)).toMatchObject({ type: 'drop', target: null });
  });

  test('in phase free it belongs once it was held for 600 ms', () => {
    const t = table({ holdToGroup: true }).down(1, 100, 100).move(1, 300, 100);
    expect(t.waits).toBe(true);
    t.wait(599);
    expect(target(t)).toMatchObject({ target: null });
    t.wait(1);
    expect(target(t)).toMatchObject({ target: { type: 'note', id: 'n2' } });
    expect(t.waits).toBe(false);
    t.move(1, 330, 100);
    expect(target(t)).toMatchObject({ target: { type: 'note', id: 'n2' } });
    t.move(1, 400, 500).up(1);
    expect(target(t)).toMatchObject({ type: 'drop', target: null });
  });

  test('moving on over the same thing starts the hold anew', () => {
    const t = table({ holdToGroup: true })
      .down(1, 100, 100)
      .move(1, 270, 100)
      .wait(500)
      .move(1, 320, 100)
      .wait(500);
    expect(target(t)).toMatchObject({ target: null });
    t.wait(100).up(1);
    expect(target(t)).toMatchObject({ type: 'drop', target: { type: 'note', id: 'n2' } });
  });
});

describe('the board', () => {
  test('one finger pans it, by as much as it moves', () => {
    const t = table().down(1, 400, 500).move(1, 410, 500).move(1, 430, 490).up(1);
    const pans = t.acts.filter((a) => a.type === 'pan');
    expect(pans.reduce((sum, p) => sum + p.dx, 0)).toBe(30);
    expect(t.told).toEqual(['pan', 'rest']);
  });

  test('two fingers zoom and pan it, wherever they land', () => {
    for (const [x, y] of [
      [400, 500],
      [100, 100],
    ] as const) {
      const t = table()
        .down(1, x, y)
        .wait(50)
        .down(2, x + 200, y)
        .move(1, x - 50, y)
        .move(2, x + 250, y);
      const zooms = t.acts.filter((a) => a.type === 'zoom');
      expect(zooms.reduce((product, z) => product * z.factor, 1)).toBeCloseTo(1.5);
      t.up(1)
        .move(2, x + 300, y)
        .up(2);
      expect(t.told).toEqual(['zoom', 'pan', 'rest']);
    }
  });

  test('a finger that pans makes room for a second one', () => {
    const t = table().down(1, 400, 500).move(1, 430, 500).down(2, 100, 100).move(2, 60, 60);
    expect(t.told).toEqual(['pan', 'zoom']);
  });

  test('while one hand drags, a finger on the empty board pans', () => {
    const t = table().down(1, 100, 100).move(1, 130, 100).down(2, 400, 500).move(2, 440, 500);
    expect(t.told).toEqual(['lift', 'carry', 'pan']);
  });

  test('a third finger does nothing', () => {
    const t = table().down(1, 400, 500).down(2, 600, 500).down(3, 100, 100).move(3, 200, 100).up(3);
    expect(t.told).toEqual([]);
  });

  test('a tap with two fingers undoes; two that stay longer do not', () => {
    expect(table().down(1, 400, 500).down(2, 500, 500).up(1).up(2).told).toEqual(['rest', 'undo']);
    expect(table().down(1, 400, 500).down(2, 500, 500).wait(400).up(1).up(2).told).toEqual([
      'rest',
    ]);
  });

  test('a mouse draws a lasso on it, and pans with space or the middle button', () => {
    expect(table().down(1, 400, 500, 'mouse').move(1, 450, 560, 'mouse').up(1).told).toEqual([
      'lasso',
      'lassoDone',
    ]);
    const space = table().with({ space: true });
    expect(space.down(1, 100, 100, 'mouse').move(1, 150, 100, 'mouse').up(1).told).toEqual([
      'pan',
      'rest',
    ]);
    const middle = table()
      .down(1, 100, 100, 'mouse', { button: 'middle' })
      .move(1, 150, 100, 'mouse');
    expect(middle.told).toEqual(['pan']);
    const right = table()
      .down(1, 100, 100, 'mouse', { button: 'other' })
      .move(1, 150, 100, 'mouse')
      .up(1);
    expect(right.told).toEqual([]);
  });

  test('a finger draws a lasso only after "select more", and then it adds', () => {
    const t = table({ selectMore: true }).down(1, 400, 500).move(1, 450, 560).up(1);
    expect(t.acts.at(-1)).toMatchObject({ type: 'lassoDone', add: true });
  });
});

describe('pen and palm', () => {
  test('a pen drags notes and draws lassos, and never pans', () => {
    expect(table().down(1, 100, 100, 'pen').move(1, 150, 100, 'pen').up(1).told).toEqual([
      'lift',
      'carry',
      'drop',
    ]);
    expect(table().down(1, 400, 500, 'pen').move(1, 450, 500, 'pen').up(1).told).toEqual([
      'lasso',
      'lassoDone',
    ]);
  });

  test('a hand that lies down while the pen is near does nothing', () => {
    const t = table().move(5, 300, 500, 'pen').wait(300).down(1, 400, 500).move(1, 460, 500).up(1);
    expect(t.told).toEqual([]);
    const writing = table()
      .down(5, 400, 700, 'pen')
      .wait(5000)
      .down(1, 400, 500)
      .move(1, 460, 500)
      .up(1);
    expect(writing.told).toEqual([]);
  });

  test('a hand that lay down before the pen lets go of what it had begun', () => {
    const t = table()
      .down(1, 400, 500)
      .move(1, 410, 500)
      .down(5, 100, 100, 'pen')
      .move(1, 500, 500);
    t.move(5, 150, 100, 'pen').up(5).up(1);
    expect(t.told).toEqual(['pan', 'rest', 'lift', 'carry', 'drop']);
  });

  test('a finger works again once the pen is away', () => {
    const t = table().move(5, 300, 500, 'pen').wait(501).down(1, 400, 500).move(1, 460, 500);
    expect(t.told).toEqual(['pan']);
  });

  test('a contact too large for a finger is a palm', () => {
    expect(table().down(1, 100, 100, 'touch', { palm: true }).move(1, 200, 100).up(1).told).toEqual(
      [],
    );
  });

  test('a pen and a finger never pinch', () => {
    const t = table().down(5, 400, 700, 'pen').down(1, 600, 700).move(1, 700, 700);
    expect(t.told).toEqual([]);
  });
});

describe('taps', () => {
  test('a tap selects the note and opens it; tapping it again means its text', () => {
    const t = table().tap(100, 100);
    expect(t.told).toEqual(['select n1', 'open n1']);
    t.open = 'n1';
    t.selected = new Set(['n1']);
    expect(t.tap(100, 100).told).toEqual(['edit n1']);
  });

  test('a mouse writes after two clicks, not after one on an open note', () => {
    const t = table();
    t.open = 'n1';
    t.selected = new Set(['n1']);
    expect(t.tap(100, 100, 'mouse').told).toEqual([]);
    expect(t.wait(300).tap(100, 100, 'mouse').told).toEqual(['edit n1']);
    expect(t.wait(1000).tap(100, 100, 'mouse').told).toEqual([]);
  });

  test('while a card is open a tap elsewhere only closes it', () => {
    const t = table();
    t.open = 'n1';
    t.selected = new Set(['n1']);
    for (const [x, y] of [
      [300, 100],
      [400, 500],
      [500, -10],
    ] as const) {
      expect(t.wait(10).tap(x, y).told).toEqual(['dismiss']);
    }
  });

  test('with nothing selected a tap on the axis makes a note', () => {
    expect(table().tap(640, -10).acts).toEqual([{ type: 'create', at: { on: 'axis', x: 640 } }]);
    expect(table({ create: false }).tap(640, -10).told).toEqual([]);
  });

  test('a double tap on the empty board makes a note, two slow or distant ones do not', () => {
    expect(table().tap(400, 500).wait(300).tap(402, 500).told).toEqual(['create']);
    expect(table().tap(400, 500).wait(500).tap(400, 500).told).toEqual([]);
    expect(table().tap(400, 500).wait(100).tap(440, 500).told).toEqual([]);
  });

  test('the tap that ended a selection is not the first of two', () => {
    const t = table();
    t.selected = new Set(['n1', 'n2']);
    expect(t.tap(400, 500).told).toEqual(['dismiss']);
    t.selected = new Set();
    expect(t.wait(100).tap(400, 500).told).toEqual([]);
  });

  test('after "move" the next tap places, whatever is there', () => {
    for (const [x, y] of [
      [100, 100],
      [400, 500],
      [500, -10],
    ] as const) {
      const t = table({ placing: true });
      t.selected = new Set(['n2']);
      expect(t.tap(x, y).told).toEqual(['place']);
    }
  });

  test('after "select more", or with shift, taps toggle', () => {
    const t = table({ selectMore: true });
    t.selected = new Set(['n2']);
    expect(t.tap(100, 100).acts).toEqual([{ type: 'select', id: 'n1', how: 'toggle' }]);
    expect(table().with({ shift: true }).tap(100, 100, 'mouse').told).toEqual(['select n1']);
  });

  test('notes too close to tell apart are fanned out', () => {
    const t = table();
    t.crowd = ['n1', 'n7'];
    expect(t.tap(100, 100).acts).toEqual([
      { type: 'fan', ids: ['n1', 'n7'], at: onScreen(100, 100) },
    ]);
  });

  test('a mouse takes the note that it points at, writes by two clicks, and fans out by another', () => {
    const t = table();
    t.crowd = ['n1', 'n7'];
    expect(t.tap(100, 100, 'mouse').told).toEqual(['select n1', 'open n1']);
    t.open = 'n1';
    expect(t.wait(100).tap(100, 100, 'mouse').told).toEqual(['edit n1']);
    expect(t.wait(900).tap(100, 100, 'mouse').told).toEqual(['fan']);
  });

  test('a tap on a group’s name is the group’s', () => {
    expect(table().tap(2100, 950).told).toEqual(['openGroup g']);
  });
});

test('whatever happens, all pointers up means nothing is going on', () => {
  const seed = Date.now() % 1e9;
  let state = seed || 1;
  const random = (n: number) => (state = (state * 48_271) % 2_147_483_647) % n;
  for (let round = 0; round < 300; round++) {
    const t = table({
      drag: (['move', 'belongs', 'none'] as const)[random(3)] ?? 'move',
      holdToGroup: random(2) === 0,
      selectMore: random(4) === 0,
    });
    const kinds: PointerKind[] = ['touch', 'touch', 'pen', 'mouse', 'touch'];
    for (let i = 0; i < 60; i++) {
      const pointer = random(kinds.length);
      const kind = kinds[pointer] ?? 'touch';
      const [x, y] = [random(2400), random(1000) - 100];
      const deed = random(10);
      if (deed < 3) t.down(pointer, x, y, kind);
      else if (deed < 7) t.move(pointer, x, y, kind);
      else if (deed < 8) t.up(pointer, x, y);
      else if (deed < 9) t.cancel(pointer);
      else t.wait(random(400));
    }
    for (const pointer of kinds.keys()) t.up(pointer);
    const count = (type: Act['type']) => t.acts.filter((a) => a.type === type).length;
    const context = `seed ${seed}, round ${round}`;
    expect(count('drop') + count('putBack'), context).toBe(count('lift'));
    expect(t.waits, context).toBe(false);
    t.acts = [];
    t.wait(2000).down(1, 400, 500).move(1, 460, 500).up(1);
    expect(['pan', 'lasso'], context).toContain(t.told[0]);
  }
});
