import { expect, type Page } from '@playwright/test';
import { test } from './jana';

test.use({ serviceWorkers: 'allow' });

/** Opens the page and waits until the worker answers for it. */
async function openKept(page: Page) {
  await page.goto('/');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
    });
  });
}

test('the page opens without a network, at every address', async ({ page, context }) => {
  await openKept(page);
  await context.setOffline(true);
  for (const address of ['/', '/b/some-board']) {
    await page.goto(address);
    await expect(page.locator('#app > *').first()).toBeVisible();
  }
});

test('the kept page stands in for a server that is just starting', async ({ page, context }) => {
  await openKept(page);
  await context.route('**/*', (route) => route.fulfill({ status: 502, body: 'bad gateway' }));
  await page.goto('/');
  await expect(page.locator('#app > *').first()).toBeVisible();
});

test('what the server alone knows is never answered by the shell', async ({ page, context }) => {
  await openKept(page);
  await context.setOffline(true);
  await expect(page.goto('/api/boards/x/export.json')).rejects.toThrow('ERR_INTERNET_DISCONNECTED');
});
