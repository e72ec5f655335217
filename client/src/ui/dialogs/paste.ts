// What a pasted list would become, before anything is made of it.
import { limits } from '$protocol/board/item';
import { textLength } from '$protocol/board/text';
import { readLines, type Line } from '../../state/list';

export interface Reading {
  /** Those that become notes, in their order. */
  readonly lines: readonly Line[];
  /** How many of them have a place on the axis. */
  readonly placed: number;
  /** How many lines are longer than a note may be: they are shown to be shortened, and nothing is made before. */
  readonly tooLong: number;
  /** How many notes there is no room for; 0 when all fit. */
  readonly over: number;
}

/** `room`: how many more items the board holds. */
export function readList(text: string, axis: boolean, room: number): Reading {
  const lines = readLines(text, axis);
  return {
    lines,
    placed: lines.filter(({ tenths }) => tenths !== undefined).length,
    tooLong: lines.filter((line) => textLength(line.text) > limits.noteText).length,
    over: Math.max(0, lines.length - room),
  };
}
