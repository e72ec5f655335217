import { expect, test } from 'vitest';
import { atOrigin, hostOf } from './addresses';

test('a link is the same link at another origin', () => {
  expect(atOrigin('http://localhost:8080/b/abc#key', 'http://192.168.1.20:8080')).toBe(
    'http://192.168.1.20:8080/b/abc#key',
  );
});

test('a link without an origin gets one', () => {
  expect(atOrigin('/b/abc#key', 'https://jana.kunta.fi')).toBe('https://jana.kunta.fi/b/abc#key');
});

test('a host is said without its scheme, with a port that is not the usual one', () => {
  expect(hostOf('https://jana.kunta.fi/b/abc#key')).toBe('jana.kunta.fi');
  expect(hostOf('http://192.168.1.20:8080')).toBe('192.168.1.20:8080');
});
