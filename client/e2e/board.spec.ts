import { expect } from '@playwright/test';
import { centre, come, drag, itemOf, makeBoard, note, takeUp, test } from './jana';

const laptop = { viewport: { width: 1280, height: 800 } };
const tablet = { viewport: { width: 1080, height: 810 }, hasTouch: true };

// A note on top of the others, so that a pointer meets it.
const top = 'n133';

test('a drag in one browser is followed in the other while it happens', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  const [mine, theirs] = await Promise.all([
    come(browser, board.links.participant, laptop),
    come(browser, board.links.participant, tablet),
  ]);
  const before = await centre(theirs, top);
  const was = await itemOf(request, board, top);
  await takeUp(mine, top, -120, -40);
  await expect(note(theirs, top)).toHaveClass(/is-moving/);
  await expect
    .poll(async () => (await centre(theirs, top)).x, 'the preview')
    .toBeLessThan(before.x - 40);
  expect((await itemOf(request, board, top)).x, 'nothing is ordered yet').toBe(was.x);
  await mine.mouse.up();
  await expect
    .poll(async () => (await itemOf(request, board, top)).x, 'the place on the server')
    .not.toBe(was.x);
  await expect(note(theirs, top)).not.toHaveClass(/is-moving/);
  const now = await itemOf(request, board, top);
  expect(now.x).toBeLessThan(was.x);
  // Both show the same place: what the other sees does not jump back.
  const there = await centre(theirs, top);
  expect(there.x).toBeLessThan(before.x - 40);
});

test('a lock stops the participant, says why and gives the note back', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, tablet),
  ]);
  await boss.getByRole('button', { name: /^Lukitse/ }).click();
  await boss.getByRole('radio', { name: /^Kiinni/ }).click();
  await expect(guest.getByText('Lukittu').first()).toBeVisible();
  const was = await itemOf(request, board, top);
  const before = await centre(guest, top);
  await drag(guest, top, -100, -30);
  await expect(guest.getByText('Taulu on lukittu').first()).toBeVisible();
  await expect.poll(async () => Math.abs((await centre(guest, top)).x - before.x)).toBeLessThan(2);
  expect(await itemOf(request, board, top)).toEqual(was);
  // The facilitator is free all the while.
  await boss.keyboard.press('Escape');
  await drag(boss, top, -100, -30);
  await expect.poll(async () => (await itemOf(request, board, top)).x).toBeLessThan(was.x);
});

test('a note is written in place, seen by the others and kept over a reload', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request, 'segmentation');
  const [mine, theirs] = await Promise.all([
    come(browser, board.links.participant, tablet),
    come(browser, board.links.participant, laptop),
  ]);
  await mine.getByRole('button', { name: 'Uusi lappu' }).first().click();
  await mine.keyboard.type('Tarvitsee apua ääneen 😀');
  await expect(theirs.locator('[data-note]')).toContainText('Tarvitsee apua');
  await mine.keyboard.press('Escape');
  await expect(theirs.locator('[data-note]')).toHaveCount(1);
  await mine.reload();
  await expect(mine.locator('[data-note]').first()).toContainText('Tarvitsee apua');
});

test('undo takes back what I did, and redo does it again', async ({ browser, request }) => {
  const board = await makeBoard(request);
  const mine = await come(browser, board.links.participant, laptop);
  const was = await itemOf(request, board, top);
  await drag(mine, top, -120, -40);
  await expect.poll(async () => (await itemOf(request, board, top)).x).not.toBe(was.x);
  const moved = await itemOf(request, board, top);
  await mine.getByRole('button', { name: /^Kumoa/ }).click();
  await expect.poll(async () => (await itemOf(request, board, top)).x).toBe(was.x);
  await mine.getByRole('button', { name: /^Tee uudelleen/ }).click();
  await expect.poll(async () => (await itemOf(request, board, top)).x).toBe(moved.x);
});

test('who comes to look sees everything as it happens, and moves nothing', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  const [writer, viewer] = await Promise.all([
    come(browser, board.links.participant, laptop),
    come(browser, board.links.viewer, laptop),
  ]);
  await expect(viewer.getByText('Katselet taulua')).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Uusi lappu' })).toHaveCount(0);
  const was = await itemOf(request, board, top);
  await drag(viewer, top, -120, -40);
  await expect(note(viewer, top)).not.toHaveClass(/is-lifted/);
  const before = await centre(viewer, top);
  await drag(writer, top, -120, -40);
  await expect.poll(async () => (await itemOf(request, board, top)).x).toBeLessThan(was.x);
  await expect.poll(async () => (await centre(viewer, top)).x).toBeLessThan(before.x - 40);
});

test('a page at rest asks for nothing and draws nothing', async ({ browser, request }) => {
  const board = await makeBoard(request, 'museum');
  const boss = await come(browser, board.links.facilitator, laptop);
  const asked: string[] = [];
  boss.on('request', (it) => asked.push(it.url()));
  const cdp = await boss.context().newCDPSession(boss);
  await cdp.send('Performance.enable');
  const drawn = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.filter(({ name }) => name === 'RecalcStyleCount' || name === 'LayoutCount');
  };
  // What comes later comes within seconds, once: what goes on being asked or drawn never rests.
  await expect(async () => {
    asked.length = 0;
    const before = await drawn();
    await boss.waitForTimeout(2000);
    expect(asked).toEqual([]);
    expect(await drawn()).toEqual(before);
  }).toPass({ timeout: 60_000 });
});
