import { expect, test } from 'vitest';
import { everyDownload, nameIn, openedTo } from './downloads';

test('a file is saved under the name that the server gives it', () => {
  const both = `attachment; filename="Tyo-report.md"; filename*=UTF-8''Ty%C3%B6-report.md`;
  expect(nameIn(both, 'report.md')).toBe('Työ-report.md');
  expect(nameIn('attachment; filename="Taulu-report.md"', 'report.md')).toBe('Taulu-report.md');
  expect(nameIn('', 'report.md')).toBe('report.md');
});

test('a closed board gives others what was opened, and facilitators all', () => {
  const closed = { phase: 'closed', downloads: ['report.pdf', 'axis.svg'] } as const;
  expect(openedTo(closed, false)).toEqual(['report.pdf', 'axis.svg', 'axis.png']);
  expect(openedTo({ phase: 'closed' }, false)).toEqual([]);
  expect(openedTo(closed, true)).toEqual(everyDownload);
  expect(openedTo({ phase: 'assess' }, false)).toEqual(everyDownload);
});
