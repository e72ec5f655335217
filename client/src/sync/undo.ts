// Undo and redo of one's own pushes, as ordinary ops.
import type { Landed } from '$protocol/board/apply';
import type { Op } from '$protocol/board/op';
import { fold } from './fold';
import { inverse } from './inverse';

const maxSteps = 200;

/** Ops that the undo button takes back. Phases, locks and the like have their own way back. */
const undoable: ReadonlySet<Op['do']> = new Set<Op['do']>([
  'create',
  'edit',
  'text',
  'move',
  'group',
  'ungroup',
  'delete',
  'restore',
  'assess',
  'board',
]);

/** One push of a step. */
interface Part {
  readonly n: number;
  readonly ops: readonly Op[];
  /** As predicted, then as it was. */
  readonly landed: readonly Landed[];
}

/** What one tap takes back. */
interface Step {
  /** Pushes with the same key become one step. */
  readonly key: string | undefined;
  parts: readonly Part[];
}

/** What a push is to the history. */
export type Kind = 'do' | 'undo' | 'redo';

export class History {
  #done: Step[] = [];
  #undone: Step[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** A push of ours, with what it is predicted to do. */
  record(part: Part, kind: Kind, key?: string): void {
    if (!part.ops.every((op) => undoable.has(op.do))) {
      return;
    }
    if (kind === 'do') {
      this.#undone = [];
    }
    const stack = kind === 'undo' ? this.#undone : this.#done;
    const last = stack.at(-1);
    if (kind === 'do' && key !== undefined && last?.key === key) {
      last.parts = [...last.parts, part];
      return;
    }
    stack.push({ key, parts: [part] });
    if (stack.length > maxSteps) {
      stack.shift();
    }
  }

  /** The push was amended while it waited. */
  amend(part: Part): void {
    this.#replace(part.n, () => part);
  }

  /** What the push did, now that it has its place. Of nothing, nothing can be taken back. */
  confirm(n: number, landed: readonly Landed[]): void {
    this.#replace(n, (part) => (landed.length > 0 ? { ...part, landed } : undefined));
  }

  /** None of the push happened. */
  refuse(n: number): void {
    this.#replace(n, () => undefined);
  }

  /** Takes off the step that is to be undone or redone, as the ops that do so. */
  take(kind: 'undo' | 'redo'): readonly Op[] | undefined {
    const stack = kind === 'undo' ? this.#done : this.#undone;
    for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
      const ops = takeBack(step.parts);
      if (ops.length > 0) {
        return ops;
      }
    }
    return undefined;
  }

  #replace(n: number, change: (part: Part) => Part | undefined): void {
    const full = ({ parts }: Step): boolean => parts.length > 0;
    for (const stack of [this.#done, this.#undone]) {
      for (const step of stack) {
        step.parts = step.parts.flatMap((part) => (part.n === n ? (change(part) ?? []) : part));
      }
    }
    this.#done = this.#done.filter(full);
    this.#undone = this.#undone.filter(full);
  }
}

/** The ops that take pushes back, the last first. What was typed in several goes back in one. */
function takeBack(parts: readonly Part[]): readonly Op[] {
  const out: Op[] = [];
  for (const { ops, landed } of [...parts].reverse()) {
    for (const op of inverse(ops, landed)) {
      const last = out.at(-1);
      out.splice(-1, 1, ...(last === undefined ? [op] : (fold([last], [op]) ?? [last, op])));
    }
  }
  return out;
}
