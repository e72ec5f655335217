import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ID, Item, Language } from '../board/item';
import { State } from '../board/state';
import { analyse } from './analyse';
import { findings } from './findings';
import { sentence } from './sentences';
import { boardOf } from './testing/fixture';
import { differences, only } from './testing/same';
import { unweighted } from './unweighted';

/** One file of vectors/, as vector_test.go reads it. */
interface Vector {
  readonly items?: readonly Item[];
  readonly fixture?: string;
  readonly hidden?: Readonly<Record<ID, readonly string[]>>;
  readonly want: object;
  /** The same of the board without weights. */
  readonly unweighted?: object;
  readonly findings?: readonly string[];
  readonly sentences?: Readonly<Partial<Record<Language, readonly string[]>>>;
}

const folder = new URL('./vectors/', import.meta.url);
const vectors = readdirSync(folder).map((name): [string, Vector] => [
  name.slice(0, -'.json'.length),
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector,
]);

function shown({ items = [], fixture, hidden = {} }: Vector): State {
  if (fixture !== undefined) {
    const file = new URL(`../board/fixture/${fixture}`, import.meta.url);
    return boardOf(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
  }
  const board = new State();
  for (const item of items.filter(({ id }) => !Object.hasOwn(hidden, id))) {
    board.set(item.id, item);
  }
  return board;
}

describe('vectors', () => {
  it.each(vectors)('%s', (_, vector) => {
    const board = shown(vector);
    const analysis = analyse(board);
    expect(differences('', only(analysis, vector.want), vector.want)).toEqual([]);
    if (vector.unweighted !== undefined) {
      const plain = only(analyse(unweighted(board)), vector.unweighted);
      expect(differences('unweighted', plain, vector.unweighted)).toEqual([]);
    }
    const found = findings(analysis);
    if (vector.findings !== undefined) {
      expect(found.map(({ id }) => id)).toEqual(vector.findings);
    }
    for (const [language, want] of Object.entries(vector.sentences ?? {})) {
      expect(found.map((one) => sentence(board, one, language as Language))).toEqual(want);
    }
  });
});
