import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Item } from '$protocol/board/item';
import { Findings, isWeighted } from '../../src/state/findings.svelte';
import { rowOf, saying } from '../../src/state/findingWords';
import { groundsOf, linksOf, relatedTo } from '../../src/state/grounds';
import { locale } from '../../src/state/locale.svelte';
import { MatrixActions } from '../../src/state/matrixActions';
import { note, Table } from '../sync/desk';
import { inPhase, open } from './page';

beforeAll(() => locale.whole());
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const votes = { pa: 0, pb: 2, pc: 4 };
const workshop: readonly Item[] = [
  { id: 'k1', type: 'category', name: 'Talous' },
  { id: 'i1', type: 'service', name: 'Velkaneuvonta', categoryId: 'k1', order: 1 },
  { id: 'i2', type: 'service', name: 'Ohjaus', intendedSegmentIds: ['s1'], weight: 3, order: 2 },
  { id: 'g1', type: 'group', name: 'Solmut', order: 1 },
  { ...note('m1', 2000), groupId: 'g1' },
  { ...note('m2', 3000), groupId: 'g1' },
  { id: 's1', type: 'segment', name: 'Solmut', groupId: 'g1', needs: ['k1'] },
  {
    id: 'a.i2.s1',
    type: 'assessment',
    serviceId: 'i2',
    segmentId: 's1',
    serves: true,
    votes: { timeliness: votes },
    ratings: { availability: 4 },
  },
  { id: 'v1', type: 'goal', text: 'Velat selviävät', serviceIds: ['i1'], segmentIds: ['s1'] },
  { id: 'v2', type: 'goal', text: 'Ilman keinoa' },
  {
    id: 'f1',
    type: 'feedback',
    kind: 'minus',
    text: 'Jono',
    target: { type: 'service', id: 'i1' },
  },
  { id: 'e1', type: 'experiment', title: 'Torstait', serviceIds: ['i1'] },
];

async function room(phase = 'assess') {
  const { board } = await open(new Table([inPhase(phase), ...workshop]), 'f');
  return { board, items: board.items.board, findings: new Findings(board) };
}

const ids = (findings: Findings) => findings.all.map(({ entry }) => entry.id);

describe('findings', () => {
  test('come in the order of the method, then what no goal names and what is disputed', async () => {
    const { findings } = await room();
    expect(findings.sections.map(({ name }) => name)).toEqual([
      'need',
      'thin',
      'goal',
      'aimless',
      'discuss',
    ]);
    expect(ids(findings)).toEqual([
      'need.s1.k1',
      'thin.s1',
      'goal.v2',
      'aimless.i2',
      'ratings.i2.s1',
    ]);
  });

  test('follow an assessment within 100 ms', async () => {
    const { board, findings, items } = await room();
    const stop = findings.watch();
    const need = () => findings.all.find(({ entry }) => entry.id === 'need.s1.k1')?.entry;
    const before = need();
    expect(before && rowOf(items, before).more).toBe('Arvioimatta: Velkaneuvonta');
    new MatrixActions(board).answer({ service: 'i1', segment: 's1' }, 'availability', 1);
    vi.advanceTimersByTime(100);
    const after = need();
    expect(after && rowOf(items, after).more).toBe('Palvelu on, mutta se ei toimi: Velkaneuvonta');
    stop();
  });

  test('say what weights do to them', async () => {
    const { board, findings } = await room();
    expect(isWeighted(board)).toBe(true);
    expect(findings.all.every(({ weighing }) => weighing === undefined)).toBe(true);
    findings.weigh(true);
    expect(findings.equal).toBe(true);
    expect(ids(findings)).toContain('need.s1.k1');
  });

  test('say nothing of services without a goal before there is any goal', async () => {
    const items = workshop.filter(({ type }) => type !== 'goal');
    const { board } = await open(new Table([inPhase('assess'), ...items]), 'f');
    expect(ids(new Findings(board))).not.toContain('aimless.i2');
  });
});

describe('a finding', () => {
  test('rests on cells, segments, groups and notes', async () => {
    const { findings, items } = await room();
    const [first] = findings.all;
    if (!first) throw new Error('nothing was found');
    expect(saying(items, first.entry)).toMatch(/^Ei tiedetä, onko tarpeeseen Talous palvelua/);
    expect(groundsOf(items, first.entry)).toEqual({
      cells: [{ serviceId: 'i1', segmentId: 's1' }],
      segmentIds: ['s1'],
      groupIds: ['g1'],
      noteIds: ['m1', 'm2'],
    });
  });

  test('knows what was said, aimed at and tried, and what an experiment would name', async () => {
    const { findings, items } = await room();
    const [first] = findings.all;
    if (!first) throw new Error('nothing was found');
    const { feedback, goals, experiments } = relatedTo(items, first.entry);
    expect([...feedback, ...goals, ...experiments].map(({ id }) => id)).toEqual(['f1', 'v1', 'e1']);
    expect(linksOf(items, first.entry)).toEqual({
      services: ['i1'],
      segments: ['s1'],
      goals: ['v1'],
    });
  });

  test('about a goal without means leads to that goal', async () => {
    const { findings, items } = await room();
    const goal = findings.all.find(({ entry }) => entry.id === 'goal.v2')?.entry;
    if (!goal) throw new Error('the goal has means');
    expect(linksOf(items, goal)).toEqual({ services: [], segments: [], goals: ['v2'] });
  });
});
