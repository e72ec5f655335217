import { expect, test } from 'vitest';
import { limits } from '$protocol/board/item';
import { readServices } from './services';

test('a line is a service, with its category before a semicolon or a tab', () => {
  const { lines, tooLong } = readServices(
    'Neuvonta; Sosiaaliohjaus\n\n- Digiklinikka\nKoulutus\tOpo\n;',
  );
  expect(lines).toEqual([
    { category: 'Neuvonta', name: 'Sosiaaliohjaus' },
    { name: 'Digiklinikka' },
    { category: 'Koulutus', name: 'Opo' },
  ]);
  expect(tooLong).toBeUndefined();
});

test('a line that lacks one of both is a name', () => {
  expect(readServices('; Talkoot\nKirjasto;').lines).toEqual([
    { name: 'Talkoot' },
    { name: 'Kirjasto' },
  ]);
});

test('a name that is too long is told', () => {
  const long = 'a'.repeat(limits.name + 1);
  expect(readServices(`Talkoot\n${long}`).tooLong).toBe(long);
});
