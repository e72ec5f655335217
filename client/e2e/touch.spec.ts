// What fingers and a pen do at a tablet on a table: two hands at once, a pinch, a tap, a loop drawn around notes.
import { expect, type APIRequestContext, type Browser, type Page } from '@playwright/test';
import {
  centre,
  closeNamePrompt,
  come,
  itemOf,
  itemsOf,
  makeBoard,
  note,
  writeNotes,
  test,
} from './jana';

const tablet = { viewport: { width: 1080, height: 810 }, hasTouch: true };

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Fingers on the glass, each of its own number. */
async function fingers(page: Page) {
  const session = await page.context().newCDPSession(page);
  const down = new Map<number, Place>();
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd') =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: [...down].map(([id, { x, y }]) => ({ id, x, y })),
    });
  return {
    async press(id: number, at: Place): Promise<void> {
      down.set(id, at);
      await send('touchStart');
    },
    /** All of them at once, in small steps. */
    async move(to: Readonly<Record<number, Place>>, steps = 10): Promise<void> {
      const from = new Map(down);
      for (let i = 1; i <= steps; i++) {
        for (const [id, end] of Object.entries(to)) {
          const start = from.get(Number(id));
          if (!start) throw new Error(`finger ${id} is not down`);
          const part = (a: number, b: number) => a + ((b - a) * i) / steps;
          down.set(Number(id), { x: part(start.x, end.x), y: part(start.y, end.y) });
        }
        await send('touchMove');
      }
    },
    async lift(id: number): Promise<void> {
      down.delete(id);
      await send('touchEnd');
    },
  };
}

/** A pen on the glass. */
async function penOf(page: Page) {
  const session = await page.context().newCDPSession(page);
  return (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', { x, y }: Place) =>
    session.send('Input.dispatchMouseEvent', {
      type,
      x,
      y,
      button: 'left',
      buttons: type === 'mouseReleased' ? 0 : 1,
      clickCount: 1,
      pointerType: 'pen',
    });
}

function beside(at: Place, dx: number, dy: number): Place {
  return { x: at.x + dx, y: at.y + dy };
}

/** A board with notes that lie apart, and a page of a tablet on it. */
async function tableWith(browser: Browser, request: APIRequestContext, steered = false) {
  const board = await makeBoard(request, 'segmentation');
  await writeNotes(request, board, [
    { id: 'a', text: 'Kysyy tarkan kysymyksen', x: 3200, y: 2000 },
    { id: 'b', text: 'Soittaa itse', x: 5200, y: 2000 },
    { id: 'c', text: 'Auttaa muitakin', x: 7200, y: 2000 },
  ]);
  const { links } = board;
  const page = await come(browser, steered ? links.facilitator : links.participant, tablet);
  await expect(note(page, 'c')).toBeVisible();
  await closeNamePrompt(page);
  return { board, page };
}

test('two hands drag two notes at once', async ({ browser, request }) => {
  const { board, page } = await tableWith(browser, request);
  const [a, c] = [await centre(page, 'a'), await centre(page, 'c')];
  const hands = await fingers(page);
  await hands.press(1, a);
  await hands.move({ 1: beside(a, 20, 20) });
  await hands.press(2, c);
  await hands.move({ 1: beside(a, 120, 40), 2: beside(c, -90, 120) });
  await expect(note(page, 'a')).toHaveClass(/is-lifted/);
  await expect(note(page, 'c')).toHaveClass(/is-lifted/);
  await hands.lift(1);
  await hands.lift(2);
  await expect.poll(async () => (await itemOf(request, board, 'a')).x).toBeGreaterThan(4200);
  await expect.poll(async () => (await itemOf(request, board, 'c')).x).toBeLessThan(6600);
  expect((await itemOf(request, board, 'b')).x).toBe(5200);
});

test('two fingers on the board zoom it, one pans it', async ({ browser, request }) => {
  const { board, page } = await tableWith(browser, request);
  const apart = async () => (await centre(page, 'c')).x - (await centre(page, 'a')).x;
  const before = await apart();
  const was = await itemsOf(request, board);
  // On empty board, between the axis and the first lane.
  const empty = { x: 540, y: 152 };
  const hands = await fingers(page);
  await hands.press(1, beside(empty, -40, 0));
  await hands.press(2, beside(empty, 40, 0));
  await hands.move({ 1: beside(empty, -70, 0), 2: beside(empty, 70, 0) });
  await hands.lift(1);
  await hands.lift(2);
  const zoomed = page.getByRole('button', { name: 'Loitonna' });
  await expect(zoomed).toBeEnabled();
  const middle = page.locator('.axis-edge:visible').first();
  await expect(middle, 'the axis is cut at an edge').toBeVisible();
  const edge = await middle.textContent();
  await hands.press(1, empty);
  await hands.move({ 1: beside(empty, -200, 0) });
  await hands.lift(1);
  await expect(page.locator('.axis-edge:visible').first()).not.toHaveText(edge ?? '');
  await page.getByRole('button', { name: 'Koko jana' }).tap();
  await expect.poll(apart).toBeCloseTo(before, 0);
  expect(await itemsOf(request, board), 'nobody moved anything').toEqual(was);
});

test('a tap on the axis writes a note there', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const page = await come(browser, board.links.participant, tablet);
  const line = await page.locator('.axis-line').boundingBox();
  if (!line) throw new Error('the axis is not in sight');
  await page.touchscreen.tap(line.x + line.width * 0.27, line.y);
  await page.keyboard.type('soittaa itse');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-note]').first()).toHaveAttribute(
    'aria-label',
    /soittaa itse.*Kohta 2[678]/,
  );
});

test('a note is tapped, and put where the next tap is', async ({ browser, request }) => {
  const { board, page } = await tableWith(browser, request);
  const from = await centre(page, 'a');
  await page.touchscreen.tap(from.x, from.y);
  await page.getByRole('button', { name: 'Siirrä', exact: true }).tap();
  await page.touchscreen.tap(from.x + 20, from.y + 150);
  await expect.poll(async () => (await itemOf(request, board, 'a')).y).toBeGreaterThan(2800);
});

test('a pen draws a loop around notes and makes a group of them', async ({ browser, request }) => {
  const { board, page } = await tableWith(browser, request, true);
  await page.getByRole('button', { name: 'Seuraava: Ryhmittele' }).click();
  await expect(page.getByRole('button', { name: /Vaihe: Ryhmittele/ })).toBeVisible();
  const pen = await penOf(page);
  const [a, b] = [await centre(page, 'a'), await centre(page, 'b')];
  const start = beside(a, -90, -80);
  const corners = [beside(b, 85, -80), beside(b, 85, 80), beside(a, -90, 80), start];
  let at = start;
  await pen('mousePressed', at);
  for (const to of corners) {
    for (let step = 1; step <= 8; step++) {
      await pen('mouseMoved', beside(at, ((to.x - at.x) * step) / 8, ((to.y - at.y) * step) / 8));
    }
    at = to;
  }
  await pen('mouseReleased', at);
  await expect(page.getByText('2 lappua valittu')).toBeVisible();
  await page.getByRole('button', { name: 'Uusi ryhmä' }).click();
  await expect
    .poll(async () => (await itemsOf(request, board)).filter(({ type }) => type === 'group'))
    .toHaveLength(1);
  const [group] = (await itemsOf(request, board)).filter(({ type }) => type === 'group');
  expect((await itemOf(request, board, 'a')).groupId).toBe(group?.id);
  expect((await itemOf(request, board, 'b')).groupId).toBe(group?.id);
  expect((await itemOf(request, board, 'c')).groupId).toBeUndefined();
});

test('a palm beside the pen moves nothing', async ({ browser, request }) => {
  const { board, page } = await tableWith(browser, request);
  const [a, c] = [await centre(page, 'a'), await centre(page, 'c')];
  const pen = await penOf(page);
  await pen('mousePressed', a);
  for (let i = 1; i <= 6; i++) await pen('mouseMoved', beside(a, i * 10, i * 10));
  const palm = await fingers(page);
  await palm.press(1, c);
  await palm.move({ 1: beside(c, 60, 60) });
  await palm.lift(1);
  await pen('mouseReleased', beside(a, 60, 60));
  await expect.poll(async () => (await itemOf(request, board, 'a')).x).toBeGreaterThan(3400);
  expect(await itemOf(request, board, 'c')).toMatchObject({ x: 7200, y: 2000 });
});
