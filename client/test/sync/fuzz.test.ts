// Random peers over links that are held, cut and released, tabs that are killed and opened again, a server that crashes:
// in the end all show the same, nothing that was called saved is lost, and nothing is doubled.
import type { Item, Role } from '$protocol/board/item';
import { describe, expect, it } from 'vitest';
import { Browser, type Tab } from './browser';
import { doubled, Person } from './person';
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
class Peer extends Person {
  tab: Tab;
  readonly #browser: Browser;

  constructor(
    name: string,
    browser: Browser,
    random: () => number,
    private readonly time: Time,
    undoes: boolean,
  ) {
    const tab = Peer.#open(browser, random, time);
    super(name, tab.session, random, undoes);
    this.#browser = browser;
    this.tab = tab;
  }

  get kept(): number {
    return this.#browser.kept;
  }

  override act(): number {
    return this.tab.writes ? super.act() : 0;
  }

  /** Kills the tab and opens another. What was typed is on the disk by then. */
  async reopen(): Promise<void> {
    await settled();
    this.tab.kill();
    this.tab = Peer.#open(this.#browser, this.random, this.time);
    this.moveTo(this.tab.session);
  }

  static #open(browser: Browser, random: () => number, time: Time): Tab {
    const tab = browser.open();
    // What writing takes comes when the board has been looked at for a while, or before it is there.
    time.after(Math.floor(random() * 300), () => tab.write());
    tab.road.delay = () => Math.floor(random() * 80);
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
    const peers = ['f', 'a', 'a', 'b', 'c', 'd'].map((me, i) => {
      const browser = new Browser(me, room, time, random, i % 2 === 0);
      return new Peer(`${me}${i}`, browser, random, time, i % 3 === 0);
    });
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
    expect(doubled(room.items(), peers), 'words that stand twice').toEqual([]);
    for (const peer of peers.filter(({ undoes }) => !undoes)) {
      expect(peer.lost(room.items()), `words of ${peer.name} that are nowhere`).toEqual([]);
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
