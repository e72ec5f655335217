// What lies behind the notes of an axis board: zones, lanes with their names, the strip of the parked.

import { made, place } from './dom';
import type { LaneView } from './types';
import type { BoardView } from './view';

export class Backdrop {
  private readonly zones: HTMLElement;
  private readonly lines: HTMLElement;
  private readonly names: HTMLElement;
  private readonly strip: HTMLElement;
  private zoneElements: HTMLElement[] = [];
  private lineElements: HTMLElement[] = [];
  private ghostElements: HTMLElement[] = [];
  private lanes: readonly LaneView[] = [];
  private ghosts: readonly number[] = [];
  private drawn = '';

  /** `behind` lies under the notes, `before` over them. */
  constructor(behind: Element, before: Element) {
    this.zones = made(behind, 'div', 'board-zones');
    this.lines = made(behind, 'div', 'board-lanes');
    this.strip = made(this.lines, 'span', 'board-strip');
    this.names = made(before, 'div', 'board-lane-names');
  }

  setLanes(lanes: readonly LaneView[]): void {
    this.lanes = lanes;
    this.drawn = '';
  }

  /** Values at which groups could be parted. */
  setGhosts(values: readonly number[]): void {
    this.ghosts = values;
    this.drawn = '';
  }

  setParked(words: string): void {
    this.strip.textContent = words;
  }

  update(view: BoardView): void {
    const { axis, camera } = view;
    for (const layer of [this.zones, this.lines, this.names]) layer.hidden = axis === null;
    if (!axis) return;
    const start = view.toScreen({ x: axis.x0, y: axis.bandTop });
    const width = (axis.x1 - axis.x0) * camera.scaleX;
    const height = (axis.bandBottom - axis.bandTop) * camera.scaleY;
    this.lay(view, width, height);
    place(this.zones, Math.round(start.x), 0);
    place(this.lines, 0, Math.round(start.y));
    place(this.names, view.page.insets.left, Math.round(start.y));
  }

  /** Only a zoom or another page comes this far. */
  private lay(view: BoardView, width: number, height: number): void {
    const { axis } = view;
    if (!axis) return;
    const k = this.lanes.length;
    const key = [width, height, axis.zones, k, view.column.names, view.column.width].join(' ');
    if (key === this.drawn) return;
    this.drawn = key;
    const tinted = Math.ceil(axis.zones / 2);
    this.zoneElements = sized(this.zoneElements, tinted, () => made(this.zones, 'i', 'board-zone'));
    for (const [i, zone] of this.zoneElements.entries()) {
      const from = Math.round((width * 2 * i) / axis.zones);
      const to = Math.round((width * (2 * i + 1)) / axis.zones);
      place(zone, from, 0);
      zone.style.width = `${to - from}px`;
    }
    const { ghosts } = this;
    this.ghostElements = sized(this.ghostElements, ghosts.length, () =>
      made(this.zones, 'i', 'board-ghost'),
    );
    for (const [i, ghost] of this.ghostElements.entries()) {
      place(ghost, Math.round((width * (ghosts[i] ?? 0)) / 100), 0);
    }
    // Between the lanes, and under the last.
    this.lineElements = sized(this.lineElements, k, () => made(this.lines, 'i', 'board-lane'));
    for (const [i, line] of this.lineElements.entries()) {
      place(line, 0, Math.round((height * (i + 1)) / k));
      line.classList.toggle('is-floor', i === k - 1);
    }
    place(this.strip, view.column.width, Math.round(height));
    this.names.replaceChildren();
    this.names.classList.toggle('has-names', view.column.names);
    for (const [i, lane] of this.lanes.entries()) {
      const name = made(this.names, 'div', 'lane-name');
      name.dataset['colour'] = String(lane.colour);
      name.title = lane.name;
      made(name, 'b', 'lane-disc').textContent = lane.letters;
      made(name, 'span', 'lane-word').textContent = lane.name;
      place(name, 0, Math.round((height * (i + 0.5)) / k));
    }
  }
}

/** So many elements, made or removed at the end of the list. */
function sized(elements: HTMLElement[], count: number, make: () => HTMLElement): HTMLElement[] {
  for (const extra of elements.splice(count)) extra.remove();
  while (elements.length < count) elements.push(make());
  return elements;
}
