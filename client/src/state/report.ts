// What the server says in the report, for pages that show it: the words and figures that its files have.
import type { ID, Language } from '$protocol/board/item';
import { report } from './api';

export type Block =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly string[] }
  | { readonly type: 'facts'; readonly rows: readonly (readonly [string, string])[] }
  | {
      readonly type: 'table';
      readonly head: readonly string[];
      /** Absent when there are none. */
      readonly rows?: readonly (readonly string[])[];
      /** How many columns say what the rows are about. */
      readonly headings: number;
    };

export interface Section {
  /** Names its subject in every language. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Report {
  readonly title: string;
  readonly kind: string;
  readonly date: string;
  readonly language: Language;
  readonly sections: readonly Section[];
}

export async function readReport(id: ID, key: string, language: Language): Promise<Report> {
  const response = await report(id, key, language);
  return (await response.json()) as Report;
}

/** The board whose report a path of this page names. */
export function reportOfPath(path: string): ID | undefined {
  return /^\/b\/([A-Za-z0-9_-]{1,40})\/report\/?$/.exec(path)?.[1];
}
