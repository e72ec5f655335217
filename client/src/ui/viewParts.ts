// What the views besides the canvas consist of: each is fetched when it is first shown, or the page has come to rest.
import type { Component } from 'svelte';
import type { ViewName } from '../state/chrome.svelte';

export type ViewParts = Readonly<
  Record<Exclude<ViewName, 'board'>, () => Promise<{ default: Component<Record<string, never>> }>>
>;

export const viewParts: ViewParts = {
  list: () => import('./outline/Outline.svelte'),
  cards: () => import('./segments/SegmentCards.svelte'),
  matrix: () => import('./matrix/Matrix.svelte'),
  findings: () => import('./findings/Findings.svelte'),
  goals: () => import('./goals/Goals.svelte'),
  feedback: () => import('./wall/FeedbackWall.svelte'),
  experiments: () => import('./experiments/Experiments.svelte'),
  result: () => import('./report/Result.svelte'),
};
