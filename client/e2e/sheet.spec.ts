// A board's sheet: written once, it finds the board among others and begins its report.
import { expect } from '@playwright/test';
import { check } from './everyone';
import { closeNamePrompt, come, itemOf, itemsOf, makeBoard, test } from './jana';

test('a facilitator writes the sheet, and the start page finds the board by it', async ({
  browser,
  request,
}) => {
  const [other, board] = [
    await makeBoard(request, 'blank'),
    await makeBoard(request, 'segmentation'),
  ];
  const page = await come(browser, other.links.facilitator, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  await page.goto(board.links.facilitator);
  await closeNamePrompt(page);
  await page.getByRole('button', { name: 'Taulun valikko' }).tap();
  await page.getByRole('button', { name: 'Taulun tiedot' }).tap();
  const sheet = page.getByRole('dialog', { name: 'Taulun tiedot' });
  await sheet.getByLabel('Mistä on kyse').fill('Keski-Uudenmaan työikäiset');
  await sheet.getByLabel('Kohderyhmä').fill('Työikäiset');
  await sheet.getByLabel('Paikka').fill('Järvenpää');
  await sheet.getByLabel('Alue').fill('Keski-Uusimaa');
  await sheet.getByLabel('Järjestäjä').fill('Hyvinvointialue');
  await sheet.getByLabel('Aiheet').fill('x,'.repeat(2) + 'ä'.repeat(121));
  await expect(sheet.getByText('Aiheita voi olla 20')).toBeVisible();
  await sheet.getByLabel('Aiheet').fill('työllisyys, Työllisyys, ohjaus');
  await sheet.getByText('Käytössä').tap();
  await sheet.getByText('Osallistujilta kysytään rooli').tap();
  await check(page, 'taulun tiedot');
  await sheet.getByRole('button', { name: 'Tallenna' }).tap();
  await expect
    .poll(async () => itemOf(request, board, 'board'))
    .toMatchObject({
      description: 'Keski-Uudenmaan työikäiset',
      targetGroup: 'Työikäiset',
      place: 'Järvenpää',
      region: 'Keski-Uusimaa',
      organiser: 'Hyvinvointialue',
      tags: ['työllisyys', 'ohjaus'],
      stage: 'inUse',
      sides: true,
    });

  // Who comes is asked on which side they are, and may leave it unsaid.
  const guest = await come(browser, board.links.participant);
  await guest.getByLabel('Nimi tai pöytä').fill('Pari B');
  await guest.getByText('Asiakas', { exact: true }).click();
  await guest.getByRole('button', { name: 'Tallenna' }).click();
  await expect(guest.getByText('Missä roolissa olet mukana?')).toHaveCount(0);
  const sides = async () =>
    (await itemsOf(request, board)).flatMap(({ name, side }) => (side ? [[name, side]] : []));
  await expect.poll(sides).toEqual([['Pari B', 'customer']]);

  await page.goto('/');
  const recent = page.getByRole('region', { name: 'Viimeksi avatut' });
  await expect(recent.getByRole('link')).toHaveCount(2);
  await check(page, 'etusivu');
  await expect(recent.getByRole('link').first()).toContainText('Työikäiset · työllisyys · ohjaus');
  await expect(recent.getByRole('link').first()).toContainText('Käytössä');
  await recent.getByLabel('Aihe tai kohderyhmä').selectOption('ohjaus');
  await expect(recent.getByRole('link')).toHaveCount(1);
  await recent.getByLabel('Aihe tai kohderyhmä').selectOption('Kaikki');
  await recent.getByLabel('Taulun tila').selectOption('Käytössä');
  await expect(recent.getByRole('link')).toHaveAttribute('href', `/b/${board.id}`);
});
