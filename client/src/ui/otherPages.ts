// The pages that are not a board: fetched as one late part, so that a board's first load holds nothing of them.
import type { Component } from 'svelte';
import type { KnownBoards } from '../state/known';
import { wallOfPath } from '../state/link';
import { reportOfPath } from '../state/report';
import type { Settings } from '../state/settings.svelte';

export type Page = Component<{ known: KnownBoards; settings: Settings }>;

export function otherPage(path: string): Promise<{ default: Page }> {
  if (wallOfPath(path) !== undefined) return import('./feedback/FeedbackPage.svelte');
  if (reportOfPath(path) !== undefined) return import('./report/ReportPage.svelte');
  return import('./start/Start.svelte');
}
