// The fields by which items refer to others: of schema.ts, and apart from it, since a board can be read without all that
// is there.
import type { ItemType } from './item';

const fields: Readonly<Record<ItemType, readonly string[]>> = {
  board: [],
  participant: ['link'],
  link: ['target'],
  axis: [],
  perspective: [],
  note: ['perspectiveId', 'groupId'],
  group: [],
  segment: ['groupId', 'needs', 'descriptions'],
  heading: [],
  category: [],
  service: ['categoryId', 'intendedSegmentIds'],
  assessment: ['serviceId', 'segmentId'],
  goal: ['serviceIds', 'segmentIds'],
  feedback: ['target'],
  experiment: ['serviceIds', 'segmentIds', 'goalIds'],
  vote: ['itemIds'],
  ballot: ['voteId'],
  proposal: [],
};

/** All types of items. */
export const itemTypes = Object.keys(fields) as readonly ItemType[];

/** Those of a type; none of one that a later version knows. */
export function referenceFields(type: string): readonly string[] {
  return Object.hasOwn(fields, type) ? fields[type as ItemType] : [];
}
