import { expect, test } from 'vitest';
import { referenceFields } from './references';
import { schemas } from './schema';

test.each(Object.entries(schemas))('the references of a %s are those of its schema', (type, s) => {
  const own = [...s.fields.values()].filter(
    ({ of, kind, name }) => of !== undefined || kind === 'refs' || name === 'target',
  );
  expect(referenceFields(type)).toEqual(own.map(({ name }) => name));
});

test('a type that no schema knows refers to nothing', () => {
  expect(referenceFields('constructor')).toEqual([]);
});
