import { expect, test } from 'vitest';
import { letters } from './letters';

const of = (...names: string[]) =>
  letters(names.map((name, i) => ({ type: 'perspective', id: `p${i}`, name })));

test('are the shortest beginnings that tell the names apart', () => {
  expect(
    of(
      'Itsenäisyys',
      'Minäkuva',
      'Perhesuhteet',
      'Arjen sujuvuus',
      'Talous ja asuminen',
      'Työ ja osaaminen',
    ),
  ).toEqual(['I', 'M', 'P', 'A', 'Ta', 'Ty']);
});

test('are numbered where names begin alike', () => {
  expect(of('Talous tänään', 'Talous huomenna')).toEqual(['T1', 'T2']);
});

test('are those that somebody chose', () => {
  expect(
    letters([
      { type: 'perspective', id: 'a', name: 'Työ', letters: 'W' },
      { type: 'perspective', id: 'b', name: 'Talous' },
    ]),
  ).toEqual(['W', 'Ta']);
});
