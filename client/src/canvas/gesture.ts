// What fingers, pens and mice do, turned into acts. Pure: each pointer is in one named state, an event gives the next states and
// what is to be done. What lies under a point is asked of the ground; nothing here knows a camera or a page.

import { distance, type ScreenPoint } from './point';
import type {
  Act,
  Common,
  Dragging,
  Gestures,
  Ground,
  Ignored,
  Lassoing,
  Pinching,
  Pointer,
  PointerInput,
  Pressed,
  Step,
  Under,
} from './pointer';
import { tap } from './tap';
import type { DragID, DropTarget, PointerKind } from './types';

const slopPx: Readonly<Record<PointerKind, number>> = { touch: 6, pen: 4, mouse: 4 };
const pinchSlopPx = 6;
/** Two fingers that land within this time are one hand's, even where both find a note. */
const oneHandMs = 150;
const twoFingerTapMs = 300;
const penNearMs = 500;
const holdMs = 600;
const holdStillPx = 12;
const lassoStepPx = 3;

export function step(g: Gestures, event: PointerInput, ground: Ground): Step {
  switch (event.type) {
    case 'down': {
      // A pointer that is down already has lost its up.
      const fresh = cancel(g, event.pointer);
      const ready = event.kind === 'pen' ? withoutPalms(fresh, event.time) : fresh;
      return down(ready, event, ground);
    }
    case 'move':
      return move(event.kind === 'pen' ? { ...g, pen: event.time } : g, event, ground);
    case 'up':
      return up(g, event, ground);
    case 'cancel':
      return cancel(g, event.pointer);
    case 'tick':
      return tick(g, event.time, ground);
    default:
      return event satisfies never;
  }
}

/** Whether something is held that a tick may bring on. */
export function awaitsTick(g: Gestures): boolean {
  return g.pointers.some((p) => p.type === 'dragging' && p.over !== null && !p.over.held);
}

/** Ends a drag from outside: its pointer does nothing more until it is up. */
export function abandoned(g: Gestures, drag: DragID): Gestures {
  return {
    ...g,
    pointers: g.pointers.map((p) => (p.type === 'dragging' && p.drag === drag ? ignored(p) : p)),
  };
}

export function isMovingBoard(g: Gestures): boolean {
  return g.pointers.some((p) => p.type === 'panning' || p.type === 'pinching');
}

type Down = Extract<PointerInput, { type: 'down' }>;

function down({ next: g, acts }: Step, event: Down, ground: Ground): Step {
  const base: Common = { id: event.pointer, kind: event.kind, at: event.at };
  const pressed: Pressed = {
    ...base,
    type: 'pressed',
    on: ground.under(event.at),
    start: event.at,
    time: event.time,
    shift: event.shift,
  };
  const add = (p: Pointer, others = g.pointers): Step => ({
    next: { ...g, pointers: [...others.filter((o) => o.id !== p.id), p] },
    acts,
  });
  if (event.button === 'other') return add(ignored(base));
  if (event.kind === 'mouse') {
    return event.button === 'middle' || event.space
      ? add({ ...base, type: 'panning' })
      : add(pressed);
  }
  if (event.kind === 'pen') return add(pressed);
  if (event.palm || event.time - g.pen < penNearMs || g.pointers.some((p) => p.kind === 'pen')) {
    return add(ignored(base));
  }
  const fingers = g.pointers.filter((p) => p.kind === 'touch');
  if (fingers.some((p) => p.type === 'pinching')) return add(ignored(base));
  const partner = fingers.find((p) => pinchesWith(p, pressed, ground));
  if (!partner) return add(pressed);
  const lassoGone: Act[] = partner.type === 'lassoing' ? [{ type: 'lassoGone' }] : [];
  const both = [partner, pressed].map((p): Pinching => ({
    id: p.id,
    kind: p.kind,
    at: p.at,
    type: 'pinching',
    start: p.at,
    time: event.time,
  }));
  const others = g.pointers.filter((p) => p.id !== partner.id && p.id !== pressed.id);
  return {
    next: { ...g, pointers: [...others, ...both], lastTap: null },
    acts: [...acts, ...lassoGone],
  };
}

/** Whether a finger that is down and one that lands are a pinch, rather than two hands. */
function pinchesWith(first: Pointer, second: Pressed, ground: Ground): boolean {
  switch (first.type) {
    case 'panning':
    case 'lassoing':
      return true;
    case 'pressed': {
      if (second.time - first.time < oneHandMs) return true;
      const twoNotes =
        first.on.type === 'note' && second.on.type === 'note' && first.on.id !== second.on.id;
      return !(twoNotes && ground.mode.drag !== 'none');
    }
    case 'dragging':
    case 'pinching':
    case 'ignored':
      return false;
    default:
      return first satisfies never;
  }
}

/** A pen comes down: what fingers had begun without dragging anything was the palm. */
function withoutPalms({ next: g, acts: before }: Step, time: number): Step {
  const acts = [...before];
  const pointers = g.pointers.map((p) => {
    if (p.kind !== 'touch' || p.type === 'dragging' || p.type === 'ignored') return p;
    if (p.type === 'lassoing') acts.push({ type: 'lassoGone' });
    if (p.type === 'panning' || p.type === 'pinching') acts.push({ type: 'rest' });
    return ignored(p);
  });
  return { next: { ...g, pointers, pen: time }, acts };
}

type Moved = Extract<PointerInput, { type: 'move' }>;

function move(g: Gestures, event: Moved, ground: Ground): Step {
  const pointer = g.pointers.find((p) => p.id === event.pointer);
  if (!pointer) return { next: g, acts: [] };
  switch (pointer.type) {
    case 'ignored':
      return { next: g, acts: [] };
    case 'pressed': {
      if (distance(pointer.start, event.at) < slopPx[pointer.kind]) return { next: g, acts: [] };
      const begun = begin(g, pointer, ground);
      const moved = move(begun.next, event, ground);
      return { next: moved.next, acts: [...begun.acts, ...moved.acts] };
    }
    case 'dragging':
      return carry(g, pointer, event.at, event.time, ground);
    case 'panning':
      return {
        next: replaced(g, { ...pointer, at: event.at }),
        acts: [{ type: 'pan', dx: event.at.x - pointer.at.x, dy: event.at.y - pointer.at.y }],
      };
    case 'pinching':
      return pinch(g, pointer, event.at);
    case 'lassoing': {
      const last = pointer.path.at(-1);
      if (last && distance(last, event.at) < lassoStepPx) return { next: g, acts: [] };
      const path = [...pointer.path, event.at];
      return {
        next: replaced(g, { ...pointer, at: event.at, path }),
        acts: [{ type: 'lasso', path }],
      };
    }
    default:
      return pointer satisfies never;
  }
}

/** The press has become a drag of something: of notes, of the board, or a lasso. */
function begin(g: Gestures, p: Pressed, ground: Ground): Step {
  const base: Common = { id: p.id, kind: p.kind, at: p.start };
  const to = (next: Pointer, acts: Act[] = []): Step => ({
    next: { ...replaced(g, next), lastTap: null },
    acts,
  });
  if (p.kind === 'touch' && ground.atEdge(p.start)) return to(ignored(base));
  const { mode } = ground;
  if (
    mode.drag !== 'none' &&
    (p.on.type === 'note' || (p.on.type === 'name' && mode.drag === 'move'))
  ) {
    if (p.on.type === 'note' && ground.taken(p.on.id)) {
      return to(ignored(base), [{ type: 'taken', id: p.on.id }]);
    }
    const held = new Set(g.pointers.flatMap((o) => (o.type === 'dragging' ? o.ids : [])));
    const ids = dragged(p.on, ground).filter((id) => !held.has(id) && !ground.taken(id));
    const drag = g.drags + 1;
    if (ids.length > 0) {
      const dragging: Dragging = { ...base, type: 'dragging', drag, ids, over: null };
      return {
        next: { ...replaced(g, dragging), lastTap: null, drags: drag },
        acts: [{ type: 'lift', drag, ids, at: p.start }],
      };
    }
    if (p.on.type === 'note') return to(ignored(base));
  }
  const lassoing: Lassoing = {
    ...base,
    type: 'lassoing',
    path: [p.start],
    add: p.shift || mode.selectMore,
  };
  switch (p.kind) {
    case 'touch':
      return to(mode.selectMore ? lassoing : { ...base, type: 'panning' });
    case 'mouse':
      return to(
        mode.drag === 'none' && p.on.type === 'note' ? { ...base, type: 'panning' } : lassoing,
      );
    case 'pen':
      return to(lassoing);
    default:
      return p.kind satisfies never;
  }
}

/** The note under the pointer first. */
function dragged(on: Under, ground: Ground): readonly string[] {
  if (on.type === 'name') return on.moves;
  if (on.type !== 'note') return [];
  const { id } = on;
  return ground.selected.has(id) ? [id, ...[...ground.selected].filter((s) => s !== id)] : [id];
}

function carry(g: Gestures, p: Dragging, at: ScreenPoint, time: number, ground: Ground): Step {
  const { mode } = ground;
  const target = mode.drag === 'belongs' || mode.holdToGroup ? ground.target(at, p.ids) : null;
  let over: Dragging['over'] = null;
  if (target) {
    const same =
      p.over?.target.type === target.type && p.over.target.id === target.id ? p.over : null;
    if (same?.held) over = { ...same, at };
    else if (same && distance(same.at, at) <= holdStillPx)
      over = { ...same, held: time - same.since >= holdMs };
    else over = { target, since: time, at, held: mode.drag === 'belongs' };
  }
  const next: Dragging = { ...p, at, over };
  return {
    next: replaced(g, next),
    acts: [{ type: 'carry', drag: p.drag, at, target: aimed(next) }],
  };
}

function aimed(p: Dragging): DropTarget | null {
  return p.over?.held ? p.over.target : null;
}

function pinch(g: Gestures, p: Pinching, at: ScreenPoint): Step {
  const other = g.pointers.find((o): o is Pinching => o.type === 'pinching' && o.id !== p.id);
  const next = replaced(g, { ...p, at });
  if (!other) return { next, acts: [] };
  const still =
    distance(p.start, at) < pinchSlopPx && distance(other.start, other.at) < pinchSlopPx;
  if (still) return { next: g, acts: [] };
  const middle = (a: ScreenPoint, b: ScreenPoint): ScreenPoint => ({
    space: 'screen',
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
  });
  const factor = Math.max(1, distance(at, other.at)) / Math.max(1, distance(p.at, other.at));
  return {
    next,
    acts: [{ type: 'zoom', factor, from: middle(p.at, other.at), to: middle(at, other.at) }],
  };
}

function up(g: Gestures, event: Extract<PointerInput, { type: 'up' }>, ground: Ground): Step {
  const pointer = g.pointers.find((p) => p.id === event.pointer);
  if (!pointer) return { next: g, acts: [] };
  const rest = without(g, pointer.id);
  switch (pointer.type) {
    case 'pressed': {
      const { kind, on, at, shift } = pointer;
      const tapped = tap({ kind, on, at, shift, time: event.time }, g.lastTap, ground);
      return { next: { ...rest, lastTap: tapped.last }, acts: tapped.acts };
    }
    case 'dragging':
      return { next: rest, acts: [{ type: 'drop', drag: pointer.drag, target: aimed(pointer) }] };
    case 'panning':
      return { next: rest, acts: [{ type: 'rest' }] };
    case 'pinching':
      return pinchEnd(g, pointer, event.time);
    case 'lassoing':
      return { next: rest, acts: [{ type: 'lassoDone', path: pointer.path, add: pointer.add }] };
    case 'ignored':
      return { next: rest, acts: [] };
    default:
      return pointer satisfies never;
  }
}

/** One finger of a pinch is up: it was a tap of two, or the other goes on panning. */
function pinchEnd(g: Gestures, p: Pinching, time: number | null): Step {
  const other = g.pointers.find((o): o is Pinching => o.type === 'pinching' && o.id !== p.id);
  const rest = without(g, p.id);
  if (!other) return { next: rest, acts: [{ type: 'rest' }] };
  const still =
    distance(p.start, p.at) < pinchSlopPx && distance(other.start, other.at) < pinchSlopPx;
  if (time !== null && still && time - p.time < twoFingerTapMs) {
    return { next: replaced(rest, ignored(other)), acts: [{ type: 'rest' }, { type: 'undo' }] };
  }
  return {
    next: replaced(rest, { id: other.id, kind: other.kind, at: other.at, type: 'panning' }),
    acts: [],
  };
}

function cancel(g: Gestures, id: number): Step {
  const pointer = g.pointers.find((p) => p.id === id);
  if (!pointer) return { next: g, acts: [] };
  const rest = without(g, id);
  switch (pointer.type) {
    case 'dragging':
      return { next: rest, acts: [{ type: 'putBack', drag: pointer.drag }] };
    case 'lassoing':
      return { next: rest, acts: [{ type: 'lassoGone' }] };
    case 'panning':
      return { next: rest, acts: [{ type: 'rest' }] };
    case 'pinching':
      return pinchEnd(g, pointer, null);
    case 'pressed':
    case 'ignored':
      return { next: rest, acts: [] };
    default:
      return pointer satisfies never;
  }
}

function tick(g: Gestures, time: number, ground: Ground): Step {
  let result: Step = { next: g, acts: [] };
  for (const p of g.pointers) {
    if (p.type !== 'dragging' || !p.over || p.over.held || time - p.over.since < holdMs) continue;
    const carried = carry(result.next, p, p.at, time, ground);
    result = { next: carried.next, acts: [...result.acts, ...carried.acts] };
  }
  return result;
}

function ignored({ id, kind, at }: Common): Ignored {
  return { id, kind, at, type: 'ignored' };
}

function replaced(g: Gestures, p: Pointer): Gestures {
  return { ...g, pointers: g.pointers.map((o) => (o.id === p.id ? p : o)) };
}

function without(g: Gestures, id: number): Gestures {
  return { ...g, pointers: g.pointers.filter((p) => p.id !== id) };
}
