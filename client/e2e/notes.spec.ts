// What people do with notes beyond dragging them, and how a board is taken home and comes back.
import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import {
  closeNamePrompt,
  come,
  drag,
  itemOf,
  itemsOf,
  makeBoard,
  note,
  writeNotes,
  test,
} from './jana';

const laptop = { viewport: { width: 1440, height: 900 } };

const written = [
  { id: 'a', text: 'Kysyy tarkan kysymyksen', x: 3200, y: 2000 },
  { id: 'b', text: 'Soittaa itse', x: 5200, y: 2000 },
];

/** Something of the selection that stands in its bar, or behind the dots. */
async function act(page: Page, name: string): Promise<void> {
  const bar = page.getByRole('toolbar', { name: 'Valitut laput' });
  await expect(bar).toBeVisible();
  const button = bar.getByRole('button', { name, exact: true });
  if (await button.isVisible()) {
    await button.click();
    return;
  }
  await bar.getByRole('button', { name: 'Lisää toimintoja' }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

async function menu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Taulun valikko' }).click();
  await page.getByRole('dialog').getByRole('button', { name }).click();
}

test('a note gets another perspective, a twin and a pin, and goes', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request, 'segmentation');
  await writeNotes(request, board, written);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, laptop),
  ]);
  for (const page of [boss, guest]) await closeNamePrompt(page);
  await note(boss, 'a').click();
  await act(boss, 'Näkökulma');
  await boss.getByRole('dialog').getByRole('button', { name: 'Minäkuva' }).click();
  await expect(note(guest, 'a')).toHaveAttribute('aria-label', /Minäkuva/);

  await act(boss, 'Asiakkaan sanoin');
  await expect(note(guest, 'a')).toHaveAttribute('aria-label', /Asiakkaan sanoin/);
  await expect(note(guest, 'a')).toContainText('”');
  await act(boss, 'Ei asiakkaan sanoin');
  await expect(note(guest, 'a')).not.toHaveAttribute('aria-label', /Asiakkaan sanoin/);

  // What others say to a note leaves it as it is.
  await note(guest, 'a').click();
  await guest.getByRole('button', { name: 'Kommentti' }).click();
  await guest.getByRole('textbox', { name: 'Mitä lapusta sanotaan' }).fill('Kenelle?');
  await guest.getByRole('dialog').getByRole('button', { name: 'Valmis' }).click();
  await expect(boss.getByText('Kenelle?')).toBeVisible();
  await expect(note(boss, 'a')).toHaveAttribute('aria-label', /Kommentoitu/);
  await guest.keyboard.press('Escape');

  await act(boss, 'Monista');
  await expect(guest.locator('[data-note]')).toHaveCount(3);
  await boss.keyboard.press('Escape');

  // A pinned note stays where it is, for everyone.
  await note(boss, 'b').click();
  await act(boss, 'Kiinnitä');
  await expect(note(guest, 'b')).toHaveAttribute('aria-label', /Kiinnitetty/);
  const place = await itemOf(request, board, 'b');
  await drag(guest, 'b', 60, 60);
  await expect(guest.getByText('Lappu on kiinnitetty paikalleen')).toBeVisible();
  expect(await itemOf(request, board, 'b')).toEqual(place);
  await act(boss, 'Irrota kiinnitys');
  await expect(note(guest, 'b')).not.toHaveAttribute('aria-label', /Kiinnitetty/);

  await act(boss, 'Poista');
  await expect(note(guest, 'b')).toHaveCount(0);
  await boss.keyboard.press('Control+z');
  await expect(note(guest, 'b')).toHaveAttribute('aria-label', /Soittaa itse/);
});

test('a pasted list becomes notes at the values it names', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const page = await come(browser, board.links.participant, laptop);
  await closeNamePrompt(page);
  await menu(page, 'Liitä luettelo lapuiksi');
  await page
    .getByRole('textbox', { name: 'Rivit' })
    .fill('27; Soittaa itse\n81; Auttaa muitakin\nEi vielä paikkaa\n=1+1');
  await page.getByRole('button', { name: 'Tee 4 lappua' }).click();
  await expect(page.locator('[data-note]')).toHaveCount(4);
  const labels = async () =>
    page
      .locator('[data-note]')
      .evaluateAll((notes) => notes.map((it) => it.getAttribute('aria-label') ?? '').sort());
  expect(await labels()).toEqual([
    expect.stringMatching(/^=1\+1.*Parkissa/),
    expect.stringMatching(/^Auttaa muitakin.*Kohta 81/),
    expect.stringMatching(/^Ei vielä paikkaa.*Parkissa/),
    expect.stringMatching(/^Soittaa itse.*Kohta 27/),
  ]);
  // All of it is one step to take back.
  await page.keyboard.press('Control+z');
  await expect(page.locator('[data-note]')).toHaveCount(0);
});

test('a snapshot is made, and the board goes back to it', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  await writeNotes(request, board, written);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, laptop),
  ]);
  for (const page of [boss, guest]) await closeNamePrompt(page);
  await menu(boss, 'Tilannekuvat');
  await boss.getByRole('textbox', { name: 'Tilannekuvan nimi' }).fill('Ennen taukoa');
  await boss.getByRole('button', { name: 'Tee tilannekuva' }).click();
  const row = boss.getByRole('listitem').filter({ hasText: 'Ennen taukoa' });
  await expect(row).toBeVisible();
  await boss.keyboard.press('Escape');

  const was = await itemOf(request, board, 'a');
  await drag(guest, 'a', 200, 100);
  await expect.poll(async () => (await itemOf(request, board, 'a')).x).toBeGreaterThan(was.x);

  await menu(boss, 'Tilannekuvat');
  await row.getByRole('button', { name: /Palauta tilannekuvaan/ }).click();
  await row.getByRole('button', { name: 'Palauta tähän' }).last().click();
  await expect
    .poll(async () => {
      const { x, y } = await itemOf(request, board, 'a');
      return { x, y };
    })
    .toEqual({ x: was.x, y: was.y });
});

test('an erased text is gone from everyone, and stays gone', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  await writeNotes(request, board, [{ id: 'a', text: 'Matti Meikäläinen', x: 3200, y: 2000 }]);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, laptop),
  ]);
  for (const page of [boss, guest]) await closeNamePrompt(page);
  await note(boss, 'a').click();
  await boss.getByRole('button', { name: 'Poista sisältö kaikilta, myös historiasta' }).click();
  await boss.getByRole('button', { name: 'Poista sisältö', exact: true }).click();
  await expect(guest.getByText('Matti Meikäläinen')).toHaveCount(0);
  expect((await itemOf(request, board, 'a')).text ?? '').toBe('');
  await boss.keyboard.press('Control+z');
  await guest.reload();
  await expect(note(guest, 'a')).toHaveAttribute('aria-label', /Tyhjä lappu/);
});

test('a board is taken home as a file, and opened again from it', async ({ browser, request }) => {
  const board = await makeBoard(request);
  // Chromium itself tells the console of an answer that is a refusal.
  const page = await come(browser, board.links.facilitator, { ...laptop, quiet: false });
  await closeNamePrompt(page);
  const coming = page.waitForEvent('download');
  await menu(page, 'Lataa tulokset');
  await page.getByRole('dialog').getByRole('button', { name: 'Lataa board.json' }).click();
  const path = await (await coming).path();
  const notes = (items: { type: string }[]) => items.filter(({ type }) => type === 'note').length;
  expect(notes((JSON.parse(await readFile(path, 'utf8')) as { items: [] }).items)).toBe(140);

  await page.goto('/');
  await page.locator('input[type=file]').setInputFiles(path);
  await page.waitForURL(/\/b\//);
  const id = new URL(page.url()).pathname.split('/')[2] ?? '';
  expect(id).not.toBe(board.id);
  await expect(page.locator('[data-note]').first()).toBeVisible();
  expect(notes(await itemsOf(request, board))).toBe(140);

  // A broken file says what is wrong in it and where, and makes no board.
  await page.goto('/');
  await page.locator('input[type=file]').setInputFiles({
    name: 'rikki.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"format":"jana","items":[{"id":"n1","type":"note","x":"1"}]}'),
  });
  await expect(page.getByRole('alert')).toContainText(/rikki\.json|korjattavaa/);
  expect(new URL(page.url()).pathname).toBe('/');
});

test('arrows that come faster than frames all count', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  await writeNotes(
    request,
    board,
    [3200, 5200, 7200].map((x, i) => ({ id: `n${i}`, text: `Lappu ${i}`, x, y: 2000 })),
  );
  const page = await come(browser, board.links.participant, laptop);
  await closeNamePrompt(page);
  await note(page, 'n0').focus();
  await page.keyboard.press('ArrowRight');
  await expect(note(page, 'n1')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(note(page, 'n0')).toBeFocused();
  await note(page, 'n0').evaluate((it) => {
    for (let i = 0; i < 2; i++) {
      it.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    }
  });
  await expect(note(page, 'n2')).toBeFocused();
});
