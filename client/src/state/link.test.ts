import { describe, expect, test } from 'vitest';
import { boardAddress, boardOfPath, keyOfFragment, readLink } from './link';

const here = 'https://jana.kunta.fi';
const key = 'AbC-_9012345678901234x';

describe('a pasted link', () => {
  test.each([
    ['as it is copied', `https://jana.kunta.fi/b/t1#${key}`],
    ['without its scheme', `jana.kunta.fi/b/t1#${key}`],
    ['without its host', `/b/t1#${key}`],
    ['by the plain address of the same host', `http://jana.kunta.fi/b/t1#${key}`],
    ['within a message', `Tervetuloa!\n<https://jana.kunta.fi/b/t1#${key}> klo 9`],
  ])('%s leads to its board', (_, pasted) => {
    expect(readLink(pasted, here)).toEqual({ id: 't1', key });
  });

  test('of another Jana keeps its address', () => {
    expect(readLink(`https://jana.toinen.fi/b/t1#${key}`, here)).toEqual({
      id: 't1',
      key,
      origin: 'https://jana.toinen.fi',
    });
  });

  test.each([
    ['empty', ''],
    ['without the key', 'https://jana.kunta.fi/b/t1'],
    ['to another page', `https://jana.kunta.fi/report/t1#${key}`],
    ['that runs script', `javascript:alert(1)//b/t1#${key}`],
    ['with an id that is none', `https://jana.kunta.fi/b/t 1#${key}`],
  ])('%s leads nowhere', (_, pasted) => {
    expect(readLink(pasted, here)).toBeUndefined();
  });
});

test('an address says which board it is and what the key is', () => {
  const url = new URL(boardAddress('t1', key), here);
  expect(boardOfPath(url.pathname)).toBe('t1');
  expect(keyOfFragment(url.hash)).toBe(key);
});

test('a fragment that could be no key is none', () => {
  expect(keyOfFragment('#näin')).toBe('');
  expect(keyOfFragment('#short')).toBe('');
});
