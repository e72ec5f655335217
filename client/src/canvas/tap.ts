// What a tap means: it depends on what is under it, on the tool and on what is open.

import { distance, type ScreenPoint } from './point';
import type { Ground, Under } from './pointer';
import type { Place, PointerKind } from './types';

export type TapAct =
  | { readonly type: 'select'; readonly id: string; readonly how: 'replace' | 'toggle' }
  | { readonly type: 'open'; readonly id: string }
  | { readonly type: 'openGroup'; readonly id: string }
  | { readonly type: 'edit'; readonly id: string }
  | { readonly type: 'value'; readonly id: string }
  /** Lays out notes that lie too close to be told apart. */
  | { readonly type: 'fan'; readonly ids: readonly string[]; readonly at: ScreenPoint }
  | { readonly type: 'dismiss' }
  | { readonly type: 'create'; readonly at: Place }
  | { readonly type: 'place'; readonly at: Place };

export interface Tap {
  readonly at: ScreenPoint;
  readonly time: number;
}

interface Tapped extends Tap {
  readonly kind: PointerKind;
  readonly on: Under;
  readonly shift: boolean;
}

const doubleTapMs = 400;
const doubleTapPx = 24;

/** `last`: a tap just before that this one may complete. Returns the one that a next may complete. */
export function tap(
  t: Tapped,
  last: Tap | null,
  ground: Ground,
): { readonly acts: readonly TapAct[]; readonly last: Tap | null } {
  const { mode, open } = ground;
  const done = (...acts: TapAct[]) => ({ acts, last: null });
  const first = (...acts: TapAct[]) => ({ acts, last: { at: t.at, time: t.time } });
  const twice =
    last !== null && t.time - last.time < doubleTapMs && distance(t.at, last.at) < doubleTapPx;

  if (mode.placing) return done({ type: 'place', at: ground.place(t.at) });
  const busy = open !== null || ground.selected.size > 0;

  switch (t.on.type) {
    case 'note': {
      const { id, crowd } = t.on;
      if (mode.selectMore || t.shift) return done({ type: 'select', id, how: 'toggle' });
      const fan: TapAct = { type: 'fan', ids: crowd, at: t.at };
      if (open === id) {
        // A finger means the text when it taps it again; a mouse says so by clicking twice, and asks for what lies under it
        // by another click.
        if (t.kind !== 'mouse' || twice) return done({ type: 'edit', id });
        return crowd.length > 1 ? done(fan) : first();
      }
      if (open !== null) return done({ type: 'dismiss' });
      // A mouse means what it points at; under a finger there may be several.
      if (crowd.length > 1 && t.kind !== 'mouse') return done(fan);
      return first({ type: 'select', id, how: 'replace' }, { type: 'open', id });
    }
    case 'bubble':
      return done({ type: 'value', id: t.on.id });
    case 'name':
      return open === null
        ? done({ type: 'openGroup', id: t.on.group })
        : done({ type: 'dismiss' });
    case 'axis':
      if (busy) return done({ type: 'dismiss' });
      return mode.create ? done({ type: 'create', at: ground.place(t.at) }) : done();
    case 'board':
      // The tap that only closes something is not the first of two that make a note.
      if (busy) return done({ type: 'dismiss' });
      if (!mode.create) return done();
      return twice ? done({ type: 'create', at: ground.place(t.at) }) : first();
    default:
      return t.on satisfies never;
  }
}
