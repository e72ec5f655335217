// Everyone can use it: axe finds nothing, controls are large enough for a finger and within reach of the keyboard.
import { expect, type Page } from '@playwright/test';
import { check, outOfReach, tooSmall } from './everyone';
import { beSilent, come, makeBoard, test } from './jana';

test('the checks see what axe does not', async ({ page }) => {
  await page.setContent(`
    <button style="width:14px;height:14px;padding:0">a</button>
    <div role="button" style="width:50px;height:50px">b</div>
    <button style="width:50px;height:50px">c</button>`);
  expect(await tooSmall(page)).toEqual([expect.stringContaining('14×14')]);
  expect(await outOfReach(page)).toEqual([expect.stringContaining('role="button"')]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the start page is for everyone, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, serviceWorkers: 'block' });
    const page = await context.newPage();
    beSilent(page);
    await page.goto('/');
    await expect(page.getByRole('heading').first()).toBeVisible();
    await check(page, 'start');
  });

  test(`a facilitator's board is for everyone, ${colorScheme}`, async ({ browser, request }) => {
    test.slow();
    const board = await makeBoard(request);
    const page = await come(browser, board.links.facilitator, {
      colorScheme,
      viewport: { width: 1440, height: 900 },
    });
    await expect(page.locator('[data-note]').first()).toBeVisible();
    await check(page, 'board');
  });
}

test('the share dialog is for everyone', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const page = await come(browser, board.links.facilitator, {
    viewport: { width: 1280, height: 800 },
  });
  await page.getByRole('button', { name: 'Kutsu' }).click();
  await expect(page.getByRole('dialog').getByRole('img').first()).toBeVisible();
  await check(page, 'share');
});

test('the outline is for everyone', async ({ browser, request }) => {
  test.slow();
  const board = await makeBoard(request);
  const page = await come(browser, board.links.participant, {
    viewport: { width: 1280, height: 800 },
  });
  await page.getByRole('button', { name: /^Näkymä/ }).click();
  await page.getByRole('button', { name: 'Luettelo' }).click();
  await expect(page.getByRole('heading', { name: 'Ryhmät ja laput' }).first()).toBeVisible();
  await check(page, 'outline');
});

for (const { name, width, height } of [
  { name: 'an upright tablet', width: 810, height: 1080 },
  { name: 'a phone', width: 390, height: 844 },
]) {
  test(`a participant's board is for everyone on ${name}`, async ({ browser, request }) => {
    test.slow();
    const board = await makeBoard(request);
    const page = await come(browser, board.links.participant, {
      viewport: { width, height },
      hasTouch: true,
    });
    await expect(
      page.getByRole('button', { name: /Uusi lappu|Lisää lappu/ }).first(),
    ).toBeVisible();
    await check(page, name);
  });
}

/** Keeps a part of the page on its way until it is let go. */
function heldBack(part: string) {
  const held = new EventTarget();
  const once = (name: string) =>
    new Promise((resolve) => held.addEventListener(name, resolve, { once: true }));
  const [asked, released] = [once('asked'), once('released')];
  return {
    asked,
    hold: (page: Page) =>
      page.route(new RegExp(`/${part}-[^/]*\\.js$`), async (route) => {
        held.dispatchEvent(new Event('asked'));
        await released;
        await route.continue();
      }),
    release: () => held.dispatchEvent(new Event('released')),
  };
}

test('a board works by the keyboard alone', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const page = await come(browser, board.links.participant, {
    viewport: { width: 1280, height: 800 },
  });
  const surface = page.getByRole('listbox').first();
  const value = page.getByRole('textbox', { name: 'Kohta janalla, 0–100' });
  await surface.focus();
  await page.keyboard.press('n');
  await page.keyboard.type('nopeasti');
  await page.keyboard.press('Enter');
  const note = page.locator('[data-note]').first();
  await expect(note).toContainText('nopeasti');
  // Its value is asked for, and the note has the keys again.
  await expect(value).toBeFocused();
  await page.keyboard.type('30');
  await page.keyboard.press('Enter');
  await expect(note).toHaveAttribute('aria-label', /Kohta 30/);
  await expect(note).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(note).toHaveAttribute('aria-label', /Kohta 41/);
  await expect(note).toBeFocused();
  await page.keyboard.press('=');
  await expect(value).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(note).toBeFocused();
  await expect(note).toHaveAttribute('aria-label', /Kohta 41/);
  // The same in the outline.
  await page.keyboard.press('o');
  const row = page.locator('[data-row]').first();
  await row.focus();
  await page.keyboard.type('77');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: /Kohta janalla/ })).toHaveValue('77');
  await expect(row).toBeFocused();
});

// What writing takes is fetched after the first picture: a quick hand is faster than a slow line.
for (const { part, notes } of [
  { part: 'input', notes: 0 },
  { part: 'writer', notes: 0 },
  // The note is there, and waits for its value.
  { part: 'ValueEntry', notes: 1 },
]) {
  test(`letters pressed before the page's ${part} has come are not lost`, async ({
    browser,
    request,
  }) => {
    const board = await makeBoard(request, 'segmentation');
    const { asked, hold, release } = heldBack(part);
    const page = await come(browser, board.links.participant, { prepare: hold });
    await asked;
    await page.getByRole('listbox').first().focus();
    await page.keyboard.type('nsoittax');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('a ITSE');
    await page.keyboard.press('Enter');
    await page.keyboard.type('3');
    await expect(page.locator('[data-note]')).toHaveCount(notes);
    release();
    await page.keyboard.type('0');
    await page.keyboard.press('Enter');
    const note = page.locator('[data-note]').first();
    await expect(note).toHaveAttribute('aria-label', /soittaa ITSE.*Kohta 30/);
    await expect(note).toBeFocused();
    await expect(page.locator('[data-note]')).toHaveCount(1);
  });
}
