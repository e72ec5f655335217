// What a workshop has come to: the page of a closed board, and the report to read and print.
import { expect } from '@playwright/test';
import { check } from './everyone';
import { closeNamePrompt, come, makeBoard, steer, test } from './jana';

const laptop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

for (const [colorScheme, size, name] of [
  ['light', laptop, 'laptop'],
  ['dark', phone, 'phone'],
] as const) {
  test(`everyone can read result and report on a ${name}, ${colorScheme}`, async ({
    browser,
    request,
  }) => {
    const board = await makeBoard(request);
    expect(await steer(request, board, 1, { do: 'phase', to: 'closed' })).toEqual([]);
    const page = await come(browser, board.links.participant, { ...size, colorScheme });
    await closeNamePrompt(page);
    for (const where of ['the result', 'the report']) {
      await expect(page.getByRole('heading', { name: 'Segmentit janalla' })).toBeVisible();
      const axis = page.getByRole('region', { name: 'Segmentit janalla' });
      await expect(axis.getByRole('listitem')).toHaveCount(5);
      await expect(axis.getByText('Rinnallakulkua tarvitsevat: 10 (')).toBeAttached();
      await expect(page.getByRole('heading', { name: 'Ohut tarjonta' })).toBeVisible();
      const matrix = page.getByRole('region', { name: 'Palvelumatriisi' }).getByRole('table');
      await expect(matrix.getByRole('rowheader', { name: 'Vertaisryhmä' })).toBeVisible();
      await check(page, `${where}, ${name}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, `${where} is as wide as the ${name}`).toBeLessThanOrEqual(0);
      if (where === 'the result') {
        await page.getByRole('link', { name: 'Raportti' }).click();
        await expect(page).toHaveURL(/\/report$/);
      }
    }
  });
}
