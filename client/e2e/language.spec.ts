// The page speaks Finnish, Swedish and English: as the browser asks, or as its reader chooses.
import { expect } from '@playwright/test';
import { beSilent, come, makeBoard, test } from './jana';

const languages = [
  { locale: 'fi-FI', lang: 'fi', lead: 'Kuvatkaa asiakkaat janalle', note: 'Uusi lappu' },
  { locale: 'sv-FI', lang: 'sv', lead: 'Beskriv kunderna på axeln', note: 'Ny lapp' },
  { locale: 'en-GB', lang: 'en', lead: 'Describe your customers on the axis', note: 'New note' },
] as const;

for (const { locale, lang, lead, note } of languages) {
  test(`start page and board speak ${lang}`, async ({ browser, request }) => {
    const board = await makeBoard(request, 'segmentation');
    const context = await browser.newContext({ locale, serviceWorkers: 'block' });
    const start = await context.newPage();
    beSilent(start);
    await start.goto('/');
    await expect(start.getByText(lead).first()).toBeVisible();
    await expect(start.locator('html')).toHaveAttribute('lang', lang);
    const page = await come(browser, board.links.participant, { locale });
    await expect(page.getByRole('button', { name: note }).first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
  });
}

test('a reader chooses the language, and it stays', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const page = await come(browser, board.links.participant);
  await page.getByRole('button', { name: 'Taulun valikko' }).click();
  await page.getByText('Svenska').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'sv');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Ny lapp' }).first()).toBeVisible();
});
