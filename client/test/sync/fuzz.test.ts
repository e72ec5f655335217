// Random peers over links that are held, cut and released, tabs that are killed and opened again, a server that crashes:
// in the end all show the same, nothing that was called saved is lost, and nothing is doubled.
import type { ID, Item, Role } from '$protocol/board/item';
import type { Op } from '$protocol/board/op';
import { describe, expect, it } from 'vitest';
import type { Session, Typing } from '../../src/sync/types';
import { Browser, type Tab } from './browser';
import { generator, seedOf } from './random';
import { Room } from './room';
import { settled, Time } from './time';

const roleOf = (me: string): Role => (me.startsWith('f') ? 'facilitator' : 'participant');

const items: readonly Item[] = [
  { id: 'board', type: 'board', title: 'Koe', phase: 'free' },
  { id: 'ax', type: 'axis', x0: 0, x1: 10_000, bandTop: 0, bandBottom: 6000, zones: 5 },
  { id: 'p1', type: 'perspective', name: 'Itsenäisyys', order: 1 },
  { id: 's1', type: 'segment', name: 'Segmentti', order: 1 },
  { id: 'v1', type: 'service', name: 'Palvelu', order: 1 },
];

/** A person at a browser: one tab, now and then another. */
class Peer {
  tab: Tab;
  /** Words typed into notes, each said by nobody else and only once: they show what is lost and what is doubled. */
  readonly words = new Map<string, ID>();
  #typing: { readonly note: ID; readonly text: Typing } | undefined;
  readonly #browser: Browser;

  constructor(
    readonly name: string,
    room: Room,
    time: Time,
    private readonly random: () => number,
    me: string,
    secure: boolean,
    /** Takes back what they did, words too. */
    private readonly undoes: boolean,
  ) {
    this.#browser = new Browser(me, room, time, random, secure);
    this.tab = this.#open();
  }

  get session(): Session {
    return this.tab.session;
  }

  get kept(): number {
    return this.#browser.kept;
  }

  endTyping(): void {
    this.#typing?.text.end();
    this.#typing = undefined;
  }

  /** Kills the tab and opens another. What was typed is on the disk by then. */
  async reopen(): Promise<void> {
    await settled();
    this.#typing = undefined;
    this.tab.kill();
    this.tab = this.#open();
  }

  /** Words that are neither on the board nor kept as drafts, though their note is there. */
  lost(room: Room): string[] {
    const drafts = this.session.drafts
      .all()
      .map(({ text }) => text)
      .join(' ');
    return [...this.words]
      .filter(([word, note]) => {
        const item = room.state.itemOf(note, 'note');
        return item !== undefined && !(item.text ?? '').includes(word) && !drafts.includes(word);
      })
      .map(([word]) => word);
  }

  /** Does something that people do. How many ops that are. */
  act(): number {
    const { session } = this;
    if (session.me === undefined) {
      return 0;
    }
    const notes = [...session.board.idsOf('note')];
    const note = this.#pick(notes);
    const dice = this.random();
    if (dice < 0.3) {
      return this.#type(this.#pick(notes.filter((id) => id.startsWith(this.name))));
    }
    if (dice < 0.36 && this.undoes) {
      return (dice < 0.34 ? session.undo.undo() : session.undo.redo()) ? 1 : 0;
    }
    const op = this.#op(note);
    if (op === undefined) {
      return 0;
    }
    const ops = this.random() < 0.1 ? [op, this.#op(note) ?? op] : [op];
    session.push(ops, this.random() < 0.05 ? { whole: true } : {});
    return ops.length;
  }

  /** Writes in a note of one's own: where two write in one, the merge may keep a word twice. */
  #type(note: ID | undefined): number {
    if (this.#typing !== undefined && this.random() < 0.3) {
      this.endTyping();
    }
    if (note === undefined) {
      return 0;
    }
    this.#typing ??= { note, text: this.session.type(note, 'text', () => undefined) };
    const { note: into, text: typing } = this.#typing;
    const word = `<${this.name}.${this.words.size}>`;
    if (typing.text.length < 900) {
      this.words.set(word, into);
      typing.input(typing.text + word);
    }
    return 1;
  }

  #pick<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.random() * all.length)];
  }

  #op(note: ID | undefined): Op | undefined {
    const place = (): number => Math.floor(this.random() * 10_000);
    const id = (): ID => `${this.name}${Math.floor(this.random() * 1e12).toString(36)}`;
    const dice = this.random();
    if (dice < 0.2 || note === undefined) {
      return {
        do: 'create',
        item: { type: 'note', id: id(), x: place(), y: place() },
      };
    }
    if (dice < 0.6) {
      return { do: 'move', moves: [[note, place(), place()]] };
    }
    if (dice < 0.7) {
      const group = this.#pick([...this.session.board.idsOf('group'), id()]) ?? id();
      return { do: 'group', notes: [note], group };
    }
    if (dice < 0.75) {
      return { do: 'ungroup', notes: [note] };
    }
    if (dice < 0.8) {
      return { do: 'delete', ids: [note] };
    }
    if (dice < 0.83) {
      const group = this.#pick([...this.session.board.idsOf('group')]);
      return group === undefined
        ? undefined
        : { do: 'edit', id: group, fields: { name: `Ryhmä ${Math.floor(this.random() * 9)}` } };
    }
    if (dice < 0.9) {
      return { do: 'edit', id: note, fields: { perspectiveId: this.random() < 0.5 ? 'p1' : null } };
    }
    if (dice < 0.95) {
      const vote = Math.floor(this.random() * 5);
      return { do: 'assess', service: 'v1', segment: 's1', criterion: 'timeliness', vote };
    }
    const level = this.random() < 0.1 ? 'closed' : 'open';
    return { do: 'lock', level };
  }

  #open(): Tab {
    const tab = this.#browser.open();
    tab.road.delay = () => Math.floor(this.random() * 80);
    return tab;
  }
}

describe('random peers', () => {
  const seed = seedOf();

  it(`end with one board (JANA_SEED=${seed})`, { timeout: 600_000 }, async () => {
    const random = generator(seed);
    const time = new Time();
    const room = new Room(items, roleOf, () => time.now());
    room.saves = false;
    // Two of them share a participant, as two tablets with one name do.
    const peers = ['f', 'a', 'a', 'b', 'c', 'd'].map(
      (me, i) => new Peer(`${me}${i}`, room, time, random, me, i % 2 === 0, i % 3 === 0),
    );
    let ops = 0;
    while (ops < 10_000) {
      const peer = peers[Math.floor(random() * peers.length)];
      ops += peer?.act() ?? 0;
      const dice = random();
      if (dice < 0.5) {
        await time.pass(Math.floor(random() * 30));
      }
      if (dice < 0.1) {
        room.save();
      }
      await trouble(peer, room, random);
    }
    for (const peer of peers) {
      peer.endTyping();
      peer.tab.road.mend();
      peer.tab.road.release();
      peer.session.wake();
    }
    // What killed tabs left is looked for every 30 s; what was sent too fast goes out within minutes.
    for (let i = 0; i < 40; i++) {
      await time.pass(30_000);
      room.save();
    }
    await time.pass(1_000);
    const want = room.items();
    for (const { session, name, kept } of peers) {
      const shown = [...session.board.items()].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(shown, name).toEqual(want);
      expect({ ...session.status, since: 0 }, name).toMatchObject({
        link: 'open',
        waiting: 0,
        saved: true,
      });
      expect(kept, `${name} has let go of all that is saved`).toBe(0);
    }
    expect(doubled(room), 'words that stand twice').toEqual([]);
    for (const peer of peers.filter((_, i) => i % 3 !== 0)) {
      expect(peer.lost(room), `words of ${peer.name} that are nowhere`).toEqual([]);
    }
    await Promise.all(peers.map(({ session }) => session.close()));
  });
});

async function trouble(peer: Peer | undefined, room: Room, random: () => number): Promise<void> {
  const dice = random();
  if (peer === undefined) {
    return;
  }
  const { road } = peer.tab;
  if (dice < 0.01) {
    road.cut(random() < 0.5);
  } else if (dice < 0.05) {
    road.mend();
    if (random() < 0.3) {
      peer.session.wake();
    }
  } else if (dice < 0.055) {
    road.held = random() < 0.5 ? 'answers' : 'everything';
  } else if (dice < 0.08) {
    road.release();
  } else if (dice < 0.0825) {
    await peer.reopen();
  } else if (dice < 0.0835) {
    room.crash();
  } else if (dice < 0.085) {
    room.welcomeAll();
  }
}

/** Words that stand on the board more than once. */
function doubled(room: Room): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const item of room.items()) {
    for (const word of item.type === 'note' ? (item.text?.match(/<[\w.]+>/g) ?? []) : []) {
      if (seen.has(word)) {
        twice.push(word);
      }
      seen.add(word);
    }
  }
  return twice;
}
