// The facilitator's card of a phase: what to say, to look for and to do then, in the board's own words if it has some.
import { expect } from '@playwright/test';
import { closeNamePrompt, come, itemOf, makeBoard, test } from './jana';

test('a facilitator reads the card of a phase and writes it anew', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const boss = await come(browser, board.links.facilitator, {
    viewport: { width: 1280, height: 800 },
  });
  await closeNamePrompt(boss);
  await boss.getByRole('button', { name: /Valitse vaihe/ }).click();
  const card = boss.getByRole('dialog');
  await expect(card.getByText(/Kirjoittakaa asiakkaista, ei nimiä/)).toBeVisible();
  await card.getByRole('button', { name: 'Muokkaa tekstejä' }).click();
  await card.getByLabel('Sano').fill('Kirjoittakaa nuorista.');
  await card.getByRole('button', { name: 'Tallenna tekstit' }).click();
  await expect(card.getByText('Kirjoittakaa nuorista.')).toBeVisible();
  await expect
    .poll(async () => (await itemOf(request, board, 'board'))['cards'])
    .toEqual({ 'describe.say': 'Kirjoittakaa nuorista.' });
  await card.getByRole('button', { name: 'Muokkaa tekstejä' }).click();
  await card.getByLabel('Sano').fill('');
  await card.getByRole('button', { name: 'Tallenna tekstit' }).click();
  await expect(card.getByText(/Kirjoittakaa asiakkaista, ei nimiä/)).toBeVisible();
});
