// The link or the server goes away under a board: nothing that was called saved is lost, nothing is doubled, and what
// is being typed is still there.
import { expect, request as requests } from '@playwright/test';
import { come, drag, itemOf, itemsOf, makeBoard, note, texts, uncovered, test } from './jana';
import { Server } from './server';

const laptop = { viewport: { width: 1280, height: 800 } };
const top = 'n133';

test('the server is killed under two browsers and comes back: one board on all three sides', async ({
  browser,
}) => {
  const server = await Server.make();
  try {
    const request = await requests.newContext({ baseURL: server.origin });
    const board = await makeBoard(request);
    const [mine, theirs] = await Promise.all([
      come(browser, board.links.participant, { ...laptop, quiet: false }),
      come(browser, board.links.participant, { ...laptop, quiet: false }),
    ]);
    const was = await itemOf(request, board, top);
    await drag(mine, top, -120, -40);
    await expect.poll(async () => (await itemOf(request, board, top)).x).not.toBe(was.x);
    const saved = await itemOf(request, board, top);
    const saves = await itemsOf(request, board);

    await mine.getByRole('button', { name: 'Uusi lappu' }).first().click();
    await mine.keyboard.type('kesken jää');
    await server.kill();
    await mine.keyboard.type('nyt teksti');
    // Meanwhile the other goes on without a server.
    const [other = ''] = (await uncovered(theirs)).filter((id) => id !== top);
    const before = saves.find(({ id }) => id === other);
    await drag(theirs, other, 60, 20);
    await expect(theirs.getByText('Yhteys poikki.').first()).toBeVisible();
    await server.start();

    await expect(theirs.getByText('Yhteys poikki.')).toHaveCount(0, { timeout: 60_000 });
    await expect(mine.locator('textarea').first()).toHaveValue('kesken jäänyt teksti');
    await mine.keyboard.press('Escape');
    await expect
      .poll(
        async () =>
          (await itemsOf(request, board)).filter((it) => it.text === 'kesken jäänyt teksti').length,
        {
          timeout: 30_000,
        },
      )
      .toBe(1);
    expect((await itemOf(request, board, top)).x, 'what was saved before the kill').toBe(saved.x);
    await expect
      .poll(async () => (await itemOf(request, board, other)).x, 'what was moved without a server')
      .not.toBe(before?.x);
    const notes = (await itemsOf(request, board)).filter((it) => it.type === 'note');
    expect(notes.length).toBe(141);
    await expect.poll(() => texts(mine)).toEqual(await texts(theirs));
    expect((await texts(mine)).length).toBeGreaterThan(100);
  } finally {
    await server.end();
  }
});

test('what is written offline arrives once, when the network is back', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request, 'segmentation');
  const mine = await come(browser, board.links.participant, { ...laptop, quiet: false });
  const theirs = await come(browser, board.links.participant, laptop);
  await mine.context().setOffline(true);
  await mine.getByRole('button', { name: 'Uusi lappu' }).first().click();
  await mine.keyboard.type('ilman verkkoa');
  await mine.keyboard.press('Escape');
  await expect(mine.locator('[data-note]').first()).toContainText('ilman verkkoa');
  await expect(theirs.locator('[data-note]')).toHaveCount(0);
  await expect(mine.getByText('Yhteys poikki.').first()).toBeVisible({ timeout: 60_000 });
  await mine.context().setOffline(false);
  await expect(theirs.locator('[data-note]').first()).toContainText('ilman verkkoa', {
    timeout: 60_000,
  });
  await expect(theirs.locator('[data-note]')).toHaveCount(1);
  const written = (await itemsOf(request, board)).filter((it) => it.type === 'note');
  expect(written.map((it) => it.text)).toEqual(['ilman verkkoa']);
  await expect(note(mine, written[0]?.id ?? '')).toBeVisible();
});
