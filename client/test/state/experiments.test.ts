import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Experiment, Goal, Item } from '$protocol/board/item';
import { decide, lacks, setStatus, statusBeside } from '../../src/state/experiments';
import { Goals } from '../../src/state/goals.svelte';
import { linksIn, makeExperiment, makeGoal, optionsOf, setLinks } from '../../src/state/links';
import { locale } from '../../src/state/locale.svelte';
import { MatrixActions } from '../../src/state/matrixActions';
import { refusalWords } from '../../src/state/refusal';
import { Table } from '../sync/desk';
import { inPhase, open, type Page } from './page';

beforeAll(() => locale.whole());
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const workshop: readonly Item[] = [
  { id: 'i1', type: 'service', name: 'Velkaneuvonta', order: 1 },
  { id: 's1', type: 'segment', name: 'Solmut', order: 1 },
  { id: 's2', type: 'segment', name: 'Omin siivin', order: 2 },
  { id: 'v1', type: 'goal', text: 'Velat selviävät', segmentIds: ['s1', 's2'], order: 1 },
];

const room = (phase: string, ...more: Item[]) => new Table([inPhase(phase), ...workshop, ...more]);

function experimentIn({ board }: Page, id: string): Experiment {
  const found = board.items.itemOf(id, 'experiment');
  if (!found) throw new Error(`there is no ${id}`);
  return found;
}

/** What the newest card says that something did not happen for. */
function refusedFor({ board }: Page): string | undefined {
  const refused = board.refusals.cards.at(-1)?.refused;
  return (
    refused &&
    refusalWords({
      op: refused.op.do,
      code: refused.code,
      reason: refused.reason,
      viewer: false,
      undo: false,
      draft: false,
      back: 0,
    }).title
  );
}

describe('an experiment', () => {
  test('says what it lacks before anybody tries, and a refusal says the same', async () => {
    const page = await open(room('experiment'), 'f');
    const id = makeExperiment(page.board, 'Torstait') ?? '';
    const now = () => experimentIn(page, id);
    expect(now()).toMatchObject({ status: 'planned', title: 'Torstait' });
    expect(lacks(now())).toBe('successCriterion');
    setStatus(page.board, now(), 'running');
    expect(now().status).toBe('planned');
    expect(refusedFor(page)).toBe('Kokeilu alkaa, kun onnistumisen raja on kirjoitettu.');

    const write = (field: string, to: string) =>
      page.board.actions.attempt({ do: 'text', id, field, from: '', to });
    write('successCriterion', 'Puolet');
    setStatus(page.board, now(), 'running');
    expect(now().status).toBe('running');
    expect(lacks(now())).toBe('learnt');
    decide(page.board, now(), 'adapt');
    expect(now().decision).toBeUndefined();
    write('learnt', 'Aamu on huono');
    expect(lacks(now())).toBe('decision');
    decide(page.board, now(), 'adapt');
    expect(lacks(now())).toBeUndefined();
    setStatus(page.board, now(), 'done');
    expect(now().status).toBe('done');
    expect(statusBeside(now(), 1)).toBeUndefined();
    page.board.actions.undo();
    expect(now().status).toBe('running');
  });

  test('is planned by participants in its phase, and not before', async () => {
    const early = await open(room('assess'), 'a');
    expect(makeExperiment(early.board)).toBeUndefined();
    expect(early.board.can).toMatchObject({ goals: true, experiment: false });
    const late = await open(room('experiment'), 'a');
    expect(makeExperiment(late.board)).toBeDefined();
    expect(late.board.can).toMatchObject({ goals: true, experiment: true });
  });
});

describe('a goal', () => {
  test('is flagged until it has means, and says whom these reach', async () => {
    const page = await open(room('goals'), 'f');
    const goals = new Goals(page.board);
    const stop = goals.watch();
    const goal = () => page.board.items.itemOf('v1', 'goal') as Goal;
    expect(goals.of('v1')).toMatchObject({ withoutMeans: true, reached: [] });
    expect(goals.aimless).toEqual(['i1']);
    setLinks(page.board, goal(), 'serviceIds', ['i1']);
    new MatrixActions(page.board).answer({ service: 'i1', segment: 's1' }, 'availability', 3);
    vi.advanceTimersByTime(100);
    const aim = goals.of('v1');
    expect(aim.withoutMeans).toBe(false);
    expect([aim.reached, aim.unreached].map((some) => some.map(({ name }) => name))).toEqual([
      ['Solmut'],
      ['Omin siivin'],
    ]);
    expect(goals.aimless).toEqual([]);
    setLinks(page.board, goal(), 'serviceIds', []);
    expect(linksIn(goal(), 'serviceIds')).toEqual([]);
    stop();
  });

  test('that nothing is said of has a name all the same', async () => {
    const page = await open(room('goals'), 'a');
    makeGoal(page.board);
    expect(optionsOf(page.board, 'goalIds').map(({ name }) => name)).toEqual([
      'Velat selviävät',
      'Kirjoittamaton tavoite',
    ]);
  });
});
