import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Presence } from '$protocol/message';
import { locale, t } from '../../state/locale.svelte';
import { previewMs } from '../../state/presence';
import { Doings, type PresenceSource } from './doings.svelte';

class Room implements PresenceSource {
  readonly presence = new Map<string, Presence>();
  readonly #listeners = new Set<(keys: ReadonlySet<string>) => void>();

  on(_: 'presence', listener: (keys: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(key: string, presence: Presence | null): void {
    if (presence) this.presence.set(key, presence);
    else this.presence.delete(key);
    for (const listener of this.#listeners) listener(new Set([key]));
  }
}

beforeAll(() => locale.whole());

describe('what others do to a note', () => {
  let room: Room;
  let doings: Doings;
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    room = new Room();
    doings = new Doings(room, (id) => (id === 'p5' ? 'Pöytä 5 B' : undefined));
    stop = doings.watch();
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  test('is said with the name of who does it', () => {
    room.tell('p5.tab1', { editing: 'n1' });
    room.tell('p9.tab1', { drag: [['n2', 1, 2]] });
    expect(doings.tag('n1')).toBe(t('note.writing', { name: 'Pöytä 5 B' }));
    expect(doings.tag('n2')).toBe(t('note.moving', { name: t('people.nameless') }));
    expect(doings.tag('n3')).toBeUndefined();
  });

  test('ends when they end it, or leave', () => {
    room.tell('p5.tab1', { editing: 'n1' });
    room.tell('p5.tab1', { editing: null });
    expect(doings.tag('n1')).toBeUndefined();
    room.tell('p5.tab1', { editing: 'n1' });
    room.tell('p5.tab1', null);
    expect(doings.tag('n1')).toBeUndefined();
  });

  test('that is a drag goes stale when nothing more is heard of it', () => {
    room.tell('p5.tab1', { drag: [['n2', 1, 2]] });
    vi.advanceTimersByTime(previewMs + 100);
    expect(doings.tag('n2')).toBeUndefined();
  });

  test('is known of what began before anybody listened', () => {
    room.presence.set('p5.tab2', { editing: 'n4' });
    const late = new Doings(room, () => 'x');
    late.watch()();
    expect(late.tag('n4')).toBe(t('note.writing', { name: 'x' }));
  });
});
