import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyse } from './analyse';
import { boardOf } from './testing/fixture';
import { differences } from './testing/same';

function read(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
}

describe('fixtures', () => {
  it.each(['keski-uusimaa'])('%s is analysed as expected', (name) => {
    const { fixture, ...want } = read(`../board/fixture/${name}.expected.json`);
    expect(fixture).toBe(name);
    const got = analyse(boardOf(read(`../board/fixture/${name}.json`)));
    expect(differences(name, got, want)).toEqual([]);
  });
});
