// A board's sheet: what it is about, for whom and where, as a form has it. The report begins with it.
import { limits, type Board } from '$protocol/board/item';
import type { Fields } from '$protocol/board/op';

/** Texts of the sheet in the order of the form. */
export const sheetTexts = ['description', 'targetGroup', 'place', 'region', 'organiser'] as const;
export type SheetText = (typeof sheetTexts)[number];

export type BoardStage = NonNullable<Board['stage']>;
export const stages: readonly BoardStage[] = ['draft', 'inUse', 'closed'];

/** What is typed; topics stand in one line with commas between. */
export interface Sheet {
  readonly texts: Readonly<Record<SheetText, string>>;
  readonly tags: string;
  readonly stage: BoardStage | undefined;
  /** Participants are asked on which side they are. */
  readonly sides: boolean;
}

export function sheetOf(board: Board | undefined): Sheet {
  const texts = Object.fromEntries(sheetTexts.map((name) => [name, board?.[name] ?? '']));
  return {
    texts: texts as Record<SheetText, string>,
    tags: (board?.tags ?? []).join(', '),
    stage: board?.stage,
    sides: board?.sides === true,
  };
}

/** The topics of a line, each once. */
export function readTags(line: string): string[] {
  const tags = new Map<string, string>();
  for (const tag of line.split(/[,;]/)) {
    const text = tag.trim();
    const same = text.toLocaleLowerCase();
    if (text !== '' && !tags.has(same)) tags.set(same, text);
  }
  return [...tags.values()];
}

/** Whether a board can have all of these topics. */
export function holds(tags: readonly string[]): boolean {
  return tags.length <= limits.tags && tags.every((tag) => Array.from(tag).length <= limits.name);
}

/** What of a sheet is to be set, after it was opened as it was before: others may have changed the rest meanwhile. */
export function changesOf(before: Sheet, after: Sheet): Fields {
  const fields: Record<string, Fields[string]> = {};
  for (const name of sheetTexts) {
    const text = after.texts[name].trim();
    if (text !== before.texts[name]) fields[name] = text === '' ? null : text;
  }
  const tags = readTags(after.tags);
  if (tags.join() !== readTags(before.tags).join()) fields['tags'] = tags.length > 0 ? tags : null;
  if (after.stage !== undefined && after.stage !== before.stage) fields['stage'] = after.stage;
  if (after.sides !== before.sides) fields['sides'] = after.sides || null;
  return fields;
}
