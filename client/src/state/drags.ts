// The reader's own drags, of two hands or the keyboard: shown to others while they last.
import type { DragID, Move } from '../canvas/types';
import type { Presence } from '$protocol/message';

export class Drags {
  readonly #going = new Map<DragID, readonly Move[]>();
  readonly #present: (part: Presence) => void;

  constructor(present: (part: Presence) => void) {
    this.#present = present;
  }

  move(drag: DragID, moves: readonly Move[]): void {
    this.#going.set(drag, moves);
    this.#tell();
  }

  end(drag: DragID): void {
    if (this.#going.delete(drag)) this.#tell();
  }

  #tell(): void {
    this.#present({ drag: [...this.#going.values()].flat() });
  }
}
