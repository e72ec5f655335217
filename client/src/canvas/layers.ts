// The surface's layers, from the lowest to the topmost. What lies in board places moves together by one transform.

import { drawn, made } from './dom';

export interface Layers {
  /** Zones and lanes. */
  readonly behind: HTMLElement;
  /** Moved with the camera: outlines; notes and number discs. */
  readonly under: HTMLElement;
  readonly hulls: SVGSVGElement;
  readonly far: HTMLCanvasElement;
  readonly world: HTMLElement;
  readonly marks: SVGSVGElement;
  /** In places of the surface. */
  readonly hands: HTMLElement;
  readonly cursors: HTMLElement;
  readonly lasso: SVGPathElement;
  readonly over: HTMLElement;
  readonly names: HTMLElement;
  readonly axis: HTMLElement;
  readonly fringe: HTMLCanvasElement;
  readonly gauges: HTMLElement;
  readonly edit: HTMLElement;
}

export function makeLayers(root: HTMLElement): Layers {
  root.classList.add('board-surface');
  const behind = made(root, 'div', 'board-behind');
  const under = made(root, 'div', 'board-world is-under');
  const hulls = drawn(under, 'svg', { class: 'board-hulls', 'aria-hidden': 'true' });
  const far = made(root, 'canvas', 'board-far');
  far.width = 0;
  far.height = 0;
  const world = made(root, 'div', 'board-world');
  world.setAttribute('role', 'listbox');
  world.setAttribute('aria-multiselectable', 'true');
  const marks = drawn(world, 'svg', { class: 'board-marks', 'aria-hidden': 'true' });
  const hands = made(root, 'div', 'board-hands');
  const cursors = made(root, 'div', 'board-cursors');
  const lassoSvg = drawn(root, 'svg', { class: 'board-lasso', 'aria-hidden': 'true' });
  const lasso = drawn(lassoSvg, 'path');
  const over = made(root, 'div', 'board-over');
  const names = made(root, 'div', 'board-names');
  const axis = made(root, 'div', 'board-axis-layer');
  const fringe = made(axis, 'canvas', 'axis-fringe');
  const gauges = made(root, 'div', 'board-gauges');
  const edit = made(root, 'div', 'board-edit');
  for (const layer of [behind, hands, cursors, over, names, gauges]) {
    layer.setAttribute('aria-hidden', 'true');
  }
  for (const canvas of [far, fringe]) canvas.setAttribute('aria-hidden', 'true');
  return {
    behind,
    under,
    hulls,
    far,
    world,
    marks,
    hands,
    cursors,
    lasso,
    over,
    names,
    axis,
    fringe,
    gauges,
    edit,
  };
}
