import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyse } from './analyse';
import { findings } from './findings';
import { boardOf } from './testing/fixture';
import { trace } from './trace';

describe('findings', () => {
  const file = new URL('../board/fixture/keski-uusimaa.json', import.meta.url);
  const board = boardOf(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>);
  const found = findings(analyse(board));

  it.each([
    ['thin.seg1', ['svc05 seg1', 'svc07 seg1'], ['g1'], 28],
    ['need.seg1.talous', ['svc06 seg1'], ['g1'], 28],
    [
      'mistargeted.svc06',
      ['svc06 seg1', 'svc06 seg2', 'svc06 seg3', 'svc06 seg4'],
      ['g1', 'g2', 'g3', 'g4'],
      28 + 29 + 29 + 25,
    ],
    ['unreached.svc09', ['svc09 seg1'], ['g1'], 28],
    ['overlap.seg5.tyollistyminen', ['svc03 seg5', 'svc11 seg5'], ['g5'], 21],
  ])('%s leads back to what people wrote', (id, cells, groups, notes) => {
    const finding = found.find((one) => one.id === id);
    expect(finding).toBeDefined();
    if (finding !== undefined) {
      const { cells: on, groupIds, noteIds } = trace(board, finding);
      expect(on.map(({ serviceId, segmentId }) => `${serviceId} ${segmentId}`)).toEqual(cells);
      expect(groupIds).toEqual(groups);
      expect(noteIds).toHaveLength(notes);
    }
  });
});
