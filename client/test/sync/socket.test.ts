import type { ByeCode } from '$protocol/message';
import { closes } from '$protocol/message';
import { describe, expect, it } from 'vitest';
import { Link } from '../../src/sync/socket';
import type { Surroundings, Wire } from '../../src/sync/surroundings';
import { Time } from './time';

class FakeWire implements Wire {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  bufferedAmount = 0;
  readonly sent: { readonly type: string }[][] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { readonly type: string }[]);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.onopen?.(undefined as never);
  }

  say(...messages: readonly object[]): void {
    this.onmessage?.({ data: JSON.stringify(messages) });
  }

  types(): string[] {
    return this.sent.flatMap((frame) => frame.map(({ type }) => type));
  }
}

/** A link, its sockets, and what its user was told. */
class Bench {
  readonly time = new Time();
  readonly wires: FakeWire[] = [];
  readonly told: unknown[] = [];
  /** Of the whole time that a retry may take. */
  share = 0.5;
  readonly link: Link;

  constructor() {
    const around: Surroundings = {
      now: () => this.time.now(),
      after: (ms, run) => this.time.after(ms, run),
      connect: () => {
        const wire = new FakeWire();
        this.wires.push(wire);
        return wire;
      },
      fill: () => undefined,
      random: () => this.share,
      locks: null,
      ready: () => Promise.resolve(false),
    };
    this.link = new Link(
      'ws://test',
      {
        hello: () => [{ type: 'hello' }],
        receive: (messages) => this.told.push(...messages),
        lost: (bye) => this.told.push(['lost', bye]),
        stopped: (bye) => this.told.push(['stopped', bye]),
      },
      around,
    );
    this.link.start();
  }

  get wire(): FakeWire {
    const wire = this.wires.at(-1);
    if (wire === undefined) {
      throw new Error('no socket');
    }
    return wire;
  }

  /** Opened, and spoken to. */
  welcome(): void {
    this.wire.open();
    this.wire.say({ type: 'welcome' });
  }
}

describe('a link', () => {
  it('says hello first, and sends nothing before it is open', () => {
    const bench = new Bench();
    expect(bench.link.send([{ type: 'push' }])).toBe(false);
    bench.wire.open();
    expect(bench.link.send([{ type: 'push' }])).toBe(true);
    expect(bench.wire.sent).toEqual([[{ type: 'hello' }], [{ type: 'push' }]]);
  });

  it('asks after 15 s of silence, and is lost when there is no answer in 5 s', async () => {
    const bench = new Bench();
    bench.welcome();
    await bench.time.pass(14_900);
    expect(bench.wire.types()).toEqual(['hello']);
    await bench.time.pass(200);
    expect(bench.wire.types()).toEqual(['hello', 'ping']);
    await bench.time.pass(4_800);
    expect(bench.told).toEqual([{ type: 'welcome' }]);
    await bench.time.pass(200);
    expect(bench.told.at(-1)).toEqual(['lost', undefined]);
    expect(bench.wires[0]?.closed).toBe(true);
  });

  it('takes any frame for life', async () => {
    const bench = new Bench();
    bench.welcome();
    for (let i = 0; i < 10; i++) {
      await bench.time.pass(10_000);
      bench.wire.say({ type: 'saved', seq: i });
    }
    expect(bench.wire.types()).toEqual(['hello']);
    await bench.time.pass(16_000);
    bench.wire.say({ type: 'saved', seq: 11 });
    await bench.time.pass(10_000);
    expect(bench.wires).toHaveLength(1);
  });

  it('answers pings', () => {
    const bench = new Bench();
    bench.welcome();
    bench.wire.say({ type: 'ping' });
    expect(bench.wire.types()).toEqual(['hello', 'pong']);
  });

  it('gives up a socket that does not open, or opens and says nothing', async () => {
    const bench = new Bench();
    await bench.time.pass(10_000);
    expect(bench.told).toEqual([['lost', undefined]]);
    await bench.time.pass(250);
    expect(bench.wires).toHaveLength(2);
    bench.wire.open();
    await bench.time.pass(10_000);
    expect(bench.told).toHaveLength(2);
  });

  it('comes back after longer and longer, with full jitter, up to 30 s', async () => {
    const bench = new Bench();
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      const from = bench.time.now();
      const before = bench.wires.length;
      bench.wire.onclose?.({ code: 1006 });
      while (bench.wires.length === before) {
        await bench.time.pass(50);
      }
      waits.push(bench.time.now() - from);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    bench.welcome();
    bench.share = 0;
    bench.wire.onclose?.({ code: 1006 });
    await bench.time.pass(1);
    expect(bench.wires).toHaveLength(11);
  });

  it.each(Object.entries(closes))('after %s goes on as its code says', async (code, close) => {
    const bench = new Bench();
    bench.welcome();
    bench.wire.say({ type: 'bye', code, retry: close.then === 'return' ? 700 : null });
    bench.wire.onclose?.({ code: close.status });
    if (close.then === 'return') {
      expect(bench.told.at(-1)).toEqual(['lost', code]);
      await bench.time.pass(690);
      expect(bench.wires).toHaveLength(1);
      await bench.time.pass(20);
      expect(bench.wires).toHaveLength(2);
    } else {
      expect(bench.told.at(-1)).toEqual(['stopped', code]);
      bench.link.wake();
      await bench.time.pass(100_000);
      expect(bench.wires).toHaveLength(1);
    }
  });

  it.each<[number, ByeCode]>([
    [4403, 'revoked'],
    [4410, 'deleted'],
    [4404, 'unknown'],
    [4010, 'version'],
  ])('takes a close with %i for its bye, if that was lost', (status, code) => {
    const bench = new Bench();
    bench.welcome();
    bench.wire.onclose?.({ code: status });
    expect(bench.told.at(-1)).toEqual(['stopped', code]);
  });

  it('waits 30 s for a full board that does not say how long', async () => {
    const bench = new Bench();
    bench.welcome();
    bench.wire.say({ type: 'bye', code: 'full', retry: null });
    bench.wire.onclose?.({ code: 4029 });
    await bench.time.pass(29_900);
    expect(bench.wires).toHaveLength(1);
    await bench.time.pass(200);
    expect(bench.wires).toHaveLength(2);
  });

  it('is asked at once when the page comes back, and must answer in 3 s', async () => {
    const bench = new Bench();
    bench.welcome();
    bench.link.wake();
    expect(bench.wire.types()).toEqual(['hello', 'ping']);
    await bench.time.pass(2_000);
    bench.wire.say({ type: 'pong', time: 1 });
    await bench.time.pass(5_000);
    expect(bench.wires).toHaveLength(1);
    bench.link.wake();
    await bench.time.pass(3_001);
    expect(bench.told.at(-1)).toEqual(['lost', undefined]);
  });

  it('does not wait for its retry when the page comes back', () => {
    const bench = new Bench();
    bench.wire.onclose?.({ code: 1006 });
    bench.link.wake();
    expect(bench.wires).toHaveLength(2);
    bench.link.wake();
    expect(bench.wires).toHaveLength(2);
  });

  it('does not trust a socket that was opening when the device fell asleep', () => {
    const bench = new Bench();
    bench.time.sleep(60_000);
    bench.link.wake();
    expect(bench.told).toEqual([['lost', undefined]]);
  });

  it('does not care what a socket that was given up still says', async () => {
    const bench = new Bench();
    bench.welcome();
    const [old] = bench.wires;
    bench.link.wake();
    await bench.time.pass(3_001);
    await bench.time.pass(250);
    bench.welcome();
    const told = bench.told.length;
    old?.say({ type: 'saved', seq: 1 });
    old?.onclose?.({ code: 4403 });
    expect(bench.told).toHaveLength(told);
    expect(bench.link.open).toBe(true);
  });

  it.each(['{', '{}', '[1]', 7, '[{}]'])('is broken by a frame that is none: %s', (data) => {
    const bench = new Bench();
    bench.welcome();
    bench.wire.onmessage?.({ data });
    expect(bench.told.at(-1)).toEqual(['lost', undefined]);
  });

  it('that was ended stays so', async () => {
    const bench = new Bench();
    bench.welcome();
    bench.link.stop();
    bench.link.wake();
    await bench.time.pass(100_000);
    expect(bench.wires).toHaveLength(1);
    expect(bench.wire.closed).toBe(true);
    expect(bench.told).toEqual([{ type: 'welcome' }]);
  });
});
