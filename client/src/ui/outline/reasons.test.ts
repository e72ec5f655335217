import { beforeAll, expect, test } from 'vitest';
import { locale, t } from '../../state/locale.svelte';
import { reasonText } from './reasons';

beforeAll(() => locale.whole());

const set = Date.UTC(2026, 10, 21, 12, 32);

test('a reason names the rule, who set it and since when', () => {
  const frozen = reasonText({ op: 0, code: 'frozen', by: 'p1', set }, 'Maija Lehto');
  expect(frozen).toContain('Maija Lehto');
  expect(frozen).toContain(locale.time(set));
  expect(reasonText({ op: 0, code: 'board_locked', by: 'p1', set }, 'Maija Lehto')).toBe(
    t('lock.since', { name: 'Maija Lehto', t: locale.time(set) }),
  );
});

test('a reason that nobody known has set says so', () => {
  expect(reasonText({ op: 0, code: 'pinned', set }, undefined)).toContain(t('refuse.someone'));
});

test('a reason without a time says the rule alone', () => {
  expect(reasonText({ op: 0, code: 'frozen' }, 'Maija')).toBe(t('refuse.frozen'));
  expect(reasonText({ op: 0, code: 'not_yours' }, undefined)).toBe(t('refuse.own'));
});
