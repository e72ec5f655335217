// A visitor's note at the feedback wall: by a phone, without an account, seen once a facilitator approves of it.
import AxeBuilder from '@axe-core/playwright';
import { expect, type APIRequestContext } from '@playwright/test';
import { itemsOf, makeBoard, test, type Board } from './jana';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'fi-FI' };

async function wallOf(request: APIRequestContext, board: Board): Promise<string> {
  const answer = await request.post(`/api/boards/${board.id}/links`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
    data: { role: 'visitor', question: 'Mitä jäi mieleen perusnäyttelystä?' },
  });
  expect(answer.status()).toBe(201);
  return ((await answer.json()) as { address: string }).address;
}

test('a visitor writes a note on a phone, without a network for a while', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  await page.goto(await wallOf(request, board));
  await expect(
    page.getByRole('heading', { name: 'Mitä jäi mieleen perusnäyttelystä?' }),
  ).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole('button', { name: 'Lähetä lappu' }).tap();
  await expect(page.getByText('Valitse ensin, millainen lappu on.')).toBeVisible();
  await page.getByRole('radio', { name: 'Idea' }).tap();
  const field = page.getByRole('textbox');
  await field.fill('å'.repeat(301));
  await page.getByRole('button', { name: 'Lähetä lappu' }).tap();
  await expect(page.getByText('Lyhennä 1 merkki.')).toBeVisible();
  await field.fill('Yksi vitriini');
  // Nothing that is sent arrives; the page may even be left meanwhile.
  await page.route('**/wall', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await page.getByRole('button', { name: 'Lähetä lappu' }).tap();
  await expect(page.getByText(/Yhteys poikki\. Lappusi on tallessa/)).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue('Yksi vitriini');
  await expect(page.getByText(/Yhteys poikki\. Lappusi on tallessa/)).toBeVisible();
  await page.unroute('**/wall');
  await expect(page.getByRole('heading', { name: 'Kiitos! Lappusi on perillä.' })).toBeVisible();
  const waiting = async () =>
    (await itemsOf(request, board)).filter(({ waiting }) => waiting === true);
  expect(await waiting()).toMatchObject([{ kind: 'idea', text: 'Yksi vitriini' }]);
  await page.getByRole('button', { name: 'Kirjoita toinen' }).tap();
  await page.getByText('Katso muiden lappuja').tap();
  await expect(page.getByText('Yksi vitriini')).toHaveCount(0);
  const [note] = await waiting();
  await request.post(`/api/boards/${board.id}/ops`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
    data: { client: 'test', n: 1, ops: [{ do: 'approve', ids: [note?.id] }] },
  });
  await page.reload();
  await page.getByText('Katso muiden lappuja').tap();
  await expect(page.getByText('Yksi vitriini')).toBeVisible();
  await page.getByRole('button', { name: 'English' }).tap();
  await expect(page.getByRole('button', { name: 'Send the note' })).toBeVisible();
  await context.close();
});

test('a wall that is closed says so', async ({ page, request }) => {
  const board = await makeBoard(request);
  const address = await wallOf(request, board);
  const headers = { authorization: `Bearer ${board.keys.facilitator}` };
  const { links } = (await (
    await request.get(`/api/boards/${board.id}/links`, { headers })
  ).json()) as { links: { id: string; role: string }[] };
  const link = links.find(({ role }) => role === 'visitor');
  await request.delete(`/api/boards/${board.id}/links/${link?.id ?? ''}`, { headers });
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'Palautteen keruu on päättynyt' })).toBeVisible();
});
