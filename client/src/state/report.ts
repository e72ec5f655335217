// What the server says in the report, for pages that show it: the words and figures that its files have.
import type { ID, Language } from '$protocol/board/item';
import type { NoteColour, Spread } from '../canvas/types';
import { report } from './api';

/** A text as a shape in a colour: a kind of finding, the status of a segment, the state of a cell, or the number of a group. */
export interface Mark {
  readonly kind?: string;
  readonly figure?: string;
  readonly note?: string;
  /** Of a group. */
  readonly colour?: number;
}

/** An axis with what lies on it. Values are 0–100. */
export interface Drawn {
  readonly minLabel: string;
  readonly maxLabel: string;
  readonly bars: readonly {
    readonly name: string;
    /** Of its group; 0 without one. */
    readonly colour: number;
    readonly place: number;
    /** Counted upwards from the axis. */
    readonly row: number;
    readonly spread?: Spread;
  }[];
  readonly notes: readonly { readonly value: number; readonly colour: NoteColour }[];
}

export type Block =
  | { readonly type: 'heading'; readonly text: string; readonly mark?: Mark }
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
      /** What cells are drawn as: as many rows, those without marks null. */
      readonly marks?: readonly (readonly Mark[] | null)[];
    }
  | { readonly type: 'axis'; readonly axis: Drawn; readonly items: readonly string[] };

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
  readonly lead?: string;
  /** What is seen first: a figure, and what it counts. */
  readonly figures?: readonly (readonly [string, string])[];
  readonly foot?: string;
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
