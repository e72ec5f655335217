import { beforeAll, expect, test } from 'vitest';
import { changedServices, type Comparison, type ServiceAt } from '../../state/comparison';
import { locale } from '../../state/locale.svelte';
import { figure, percent, whole } from './figures';

beforeAll(() => locale.whole());

test.each([
  ['what differs', 2, 5, '2 → 5', true],
  ['what is the same to who reads it', 2.4, 1.6, '2', false],
  ['what came to have one', null, 5, '– → 5', true],
  ['what has none any more', 2, null, '2 → –', true],
])('a figure of %s', (_, before, after, text, changed) => {
  const turn = { before: { of: before }, after: { of: after } };
  expect(figure('kohta', turn, ({ of }) => whole(of))).toEqual([{ name: 'kohta', text, changed }]);
});

test('what is on one board alone has one figure, and none where there is none', () => {
  const at = { of: 0.285 };
  expect(figure('x', { before: null, after: at }, ({ of }) => percent(of))[0]?.text).toBe('29 %');
  expect(figure('x', { before: at, after: null }, ({ of }) => percent(of))[0]?.text).toBe('29 %');
  expect(figure('x', { before: null, after: { of: null } }, ({ of }) => whole(of))).toEqual([]);
});

test('services that are assessed as they were are left out', () => {
  const at: ServiceAt = { name: 'N', score: 0.5, coverCount: 1, targetStatus: 'on_target' };
  const services = [
    { serviceId: 'same', before: at, after: { ...at, name: 'Uusi nimi' } },
    { serviceId: 'score', before: at, after: { ...at, score: null } },
    { serviceId: 'target', before: at, after: { ...at, targetStatus: 'mistargeted' } },
    { serviceId: 'new', before: null, after: at },
    { serviceId: 'gone', before: at, after: null },
  ] as const;
  const comparison: Comparison = {
    segments: [],
    services,
    notes: { new: [], gone: [], moved: [], regrouped: [] },
    findings: { new: [], ended: [], staying: [] },
  };
  expect(changedServices(comparison).map(({ serviceId }) => serviceId)).toEqual([
    'score',
    'target',
    'new',
    'gone',
  ]);
});
