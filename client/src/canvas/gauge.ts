// The value of a note under hand, at the axis: the bubble on the line, the plumb line down to the peg, and from where it came.

import { made, place } from './dom';

export interface GaugeState {
  /** px on the surface. */
  readonly x: number;
  readonly lineY: number;
  /** What the bubble says. */
  readonly words: string;
  /** For a note that is only looked at. */
  readonly hollow: boolean;
  /** y of the note's upper edge, null where no line leads down to it. */
  readonly pegY: number | null;
  /** x of the value it had, null where it has none or stays. */
  readonly fromX: number | null;
  /** The accessible name of the bubble as a button, null while it can't be typed. */
  readonly label: string | null;
}

export class Gauge {
  private readonly root: HTMLElement;
  private readonly bubble: HTMLElement;
  private readonly plumb: HTMLElement;
  private readonly track: HTMLElement;
  private readonly ring: HTMLElement;

  constructor(parent: Element) {
    this.root = made(parent, 'div', 'gauge');
    this.track = made(this.root, 'i', 'gauge-track');
    this.ring = made(this.root, 'i', 'gauge-from');
    this.plumb = made(this.root, 'i', 'gauge-plumb');
    this.bubble = made(this.root, 'span', 'gauge-bubble');
  }

  show(state: GaugeState): void {
    const { x, lineY, words, hollow, pegY, fromX, label } = state;
    if (this.bubble.textContent !== words) this.bubble.textContent = words;
    this.bubble.classList.toggle('is-hollow', hollow);
    if (label !== null) this.bubble.title = label;
    place(this.bubble, Math.round(x), lineY);
    this.plumb.hidden = pegY === null || pegY <= lineY;
    if (pegY !== null) {
      this.plumb.style.transform = `translate(${Math.round(x)}px,${lineY}px) scaleY(${Math.max(0, pegY - lineY)})`;
    }
    this.track.hidden = fromX === null;
    this.ring.hidden = fromX === null;
    if (fromX !== null) {
      this.track.style.transform = `translate(${Math.min(x, fromX)}px,${lineY}px) scaleX(${Math.abs(x - fromX)})`;
      place(this.ring, fromX, lineY);
    }
  }

  remove(): void {
    this.root.remove();
  }
}

/** Whether a place of the surface is on the bubble: reckoned, since measuring it would lay the page out. */
export function onBubble(state: GaugeState, x: number, y: number): boolean {
  return Math.abs(x - state.x) <= 22 + 6 * state.words.length && Math.abs(y - state.lineY) <= 24;
}
