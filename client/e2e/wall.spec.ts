// A visitor's note at the feedback wall: by a phone, without an account, seen once a facilitator approves of it.
import AxeBuilder from '@axe-core/playwright';
import { expect, type APIRequestContext } from '@playwright/test';
import { closeNamePrompt, come, itemsOf, makeBoard, test, type Board } from './jana';

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

test('a facilitator asks visitors, reads what they say, and shows it', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, { viewport: { width: 1280, height: 800 } }),
    come(browser, board.links.participant, { viewport: { width: 1080, height: 810 } }),
  ]);
  await closeNamePrompt(boss);
  await closeNamePrompt(guest);
  await boss.getByRole('button', { name: /Valitse vaihe/ }).click();
  await boss.getByText('Kerää palaute').click();
  await boss.keyboard.press('Escape');
  // The phase brings everyone to the wall.
  await expect(guest.getByRole('heading', { name: 'Palauteseinä' })).toBeVisible();
  await boss.getByRole('button', { name: 'Kysy kävijöiltä' }).click();
  await boss.getByRole('textbox', { name: 'Kysymys' }).fill('Mitä jäi mieleen neuvonnasta?');
  await boss.getByRole('dialog').getByLabel('Mistä').selectOption({ label: 'Sosiaaliohjaus' });
  await boss.getByRole('button', { name: 'Tee linkki ja koodi' }).click();
  const address = await boss
    .getByRole('textbox', { name: /Mitä jäi mieleen neuvonnasta/ })
    .inputValue();
  await boss.keyboard.press('Escape');
  const visitor = await (await browser.newContext(phone)).newPage();
  await visitor.goto(new URL(address).pathname + new URL(address).hash);
  for (const [kind, text] of [
    ['Hyvää', 'Sain ajan heti'],
    ['Huonoa', 'Törkeyksiä'],
  ] as const) {
    await visitor.getByRole('radio', { name: kind }).tap();
    await visitor.getByRole('textbox').fill(text);
    await visitor.getByRole('button', { name: 'Lähetä lappu' }).tap();
    await visitor.getByRole('button', { name: 'Kirjoita toinen' }).tap();
  }
  await expect(boss.getByRole('heading', { name: '2 lappua odottaa' })).toBeVisible();
  expect((await new AxeBuilder({ page: boss }).analyze()).violations).toEqual([]);
  await expect(guest.getByText('12 lappua')).toBeVisible();
  const waiting = boss.getByRole('region', { name: /odottaa/ });
  const rude = waiting.getByRole('listitem').filter({ hasText: 'Törkeyksiä' });
  await rude.getByRole('button', { name: 'Poista' }).click();
  await waiting.getByRole('button', { name: 'Näytä seinällä' }).click();
  const good = guest.getByRole('region', { name: 'Hyvää' });
  await expect(good.getByText('Sain ajan heti')).toBeVisible();
  await expect(good.getByText('Sosiaaliohjaus').first()).toBeVisible();
  await expect(guest.getByText('Törkeyksiä')).toHaveCount(0);
  // Who is at the board says it without waiting.
  await guest.getByRole('button', { name: 'Anna palautetta' }).click();
  await guest.getByRole('dialog').getByText('Idea', { exact: true }).click();
  await guest.getByLabel('Lapun teksti').fill('Kahvia odottaville');
  await guest.getByRole('button', { name: 'Lähetä lappu' }).click();
  await expect(
    boss.getByRole('region', { name: 'Idea' }).getByText('Kahvia odottaville'),
  ).toBeVisible();
  await visitor.context().close();
});
