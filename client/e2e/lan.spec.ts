// Plain http under a host name is no secure context: no crypto.randomUUID, clipboard, service worker or locks.
import { chromium, expect } from '@playwright/test';
import { beSilent, drag, itemOf, makeBoard, uncovered, test } from './jana';

test('a board works on plain http under a name of the local network', async ({
  request,
  baseURL,
}, info) => {
  const port = new URL(baseURL ?? '').port;
  const { launchOptions } = info.project.use;
  const browser = await chromium.launch({
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--host-resolver-rules=MAP taulu.test 127.0.0.1'],
  });
  try {
    const board = await makeBoard(request);
    const context = await browser.newContext({
      locale: 'fi-FI',
      viewport: { width: 1280, height: 800 },
    });
    const page = await context.newPage();
    beSilent(page);
    await page.goto(`http://taulu.test:${port}/b/${board.id}#${board.keys.participant}`);
    await expect(page.locator('[data-note]').first()).toBeVisible();
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
    const [id = ''] = await uncovered(page);
    const was = await itemOf(request, board, id);
    await drag(page, id, -60, 20);
    await expect.poll(async () => (await itemOf(request, board, id)).x).not.toBe(was.x);
  } finally {
    await browser.close();
  }
});
