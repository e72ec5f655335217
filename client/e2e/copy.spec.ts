// A board for another group: as this one, without its notes and its people.
import { expect } from '@playwright/test';
import { come, closeNamePrompt, makeBoard, test } from './jana';

test('a facilitator makes a new board from an old one', async ({ browser, request }) => {
  const board = await makeBoard(request);
  const page = await come(browser, board.links.facilitator, {
    viewport: { width: 1280, height: 800 },
  });
  await closeNamePrompt(page);
  await page.getByRole('button', { name: 'Valikko' }).click();
  await page.getByRole('button', { name: 'Uusi taulu tästä taulusta' }).click();
  const dialog = page.getByRole('dialog', { name: 'Uusi taulu tästä taulusta' });
  await dialog.getByLabel('Taulun nimi').fill('Toinen ryhmä');
  await dialog.getByLabel('Palvelut ja niiden luokat').check();
  await dialog.getByRole('button', { name: 'Luo taulu' }).click();
  await page.waitForURL((url) => !url.pathname.includes(board.id));
  await expect(page).toHaveTitle(/Toinen ryhmä/);
  await expect(page.getByText('Jana on vielä tyhjä.')).toBeVisible();
});
