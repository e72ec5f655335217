// What a facilitator does with a room: freezes, groups, invites and sends away, has everyone write in private.
import { setTimeout } from 'node:timers/promises';
import { expect, type Page } from '@playwright/test';
import {
  centre,
  closeNamePrompt,
  come,
  drag,
  itemOf,
  itemsOf,
  makeBoard,
  note,
  uncovered,
  watchMotion,
  writeNotes,
  test,
} from './jana';

const laptop = { viewport: { width: 1280, height: 800 } };
const tablet = { viewport: { width: 1080, height: 810 }, hasTouch: true };

async function toGroups(boss: Page): Promise<void> {
  await boss.getByRole('button', { name: 'Seuraava: Ryhmittele' }).click();
  await expect(boss.getByRole('button', { name: /Vaihe: Ryhmittele/ })).toBeVisible();
}

async function freezeAll(boss: Page): Promise<void> {
  await boss.getByRole('button', { name: 'Jäädytä', exact: true }).click();
  await boss.getByRole('button', { name: /Jäädytä \d+ segmenttiä/ }).click();
}

/** As a hand does, ten times a second, however slow page and machine are: when a key was pressed is said with it. */
async function typeOn(page: Page, key: string, times: number): Promise<void> {
  const keyboard = await page.context().newCDPSession(page);
  const began = Date.now() / 1000;
  for (let i = 0; i < times; i++) {
    const press = { key, text: key, timestamp: began + i / 10 };
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', ...press });
    await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...press });
    await setTimeout(100);
  }
}

test('what is frozen stays, and what was being written is kept as a draft', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, laptop),
  ]);
  await closeNamePrompt(boss);
  await closeNamePrompt(guest);
  // In free work everyone may write on every note.
  await boss.getByRole('button', { name: /Valitse vaihe/ }).click();
  await boss.getByText('Vapaa työskentely').click();
  await boss.keyboard.press('Escape');
  await expect(guest.getByRole('heading', { name: 'Vapaa työskentely' })).toBeVisible();
  const items = await itemsOf(request, board);
  const frozen = new Set(items.flatMap(({ type, groupId }) => (type === 'segment' ? groupId : [])));
  const seen = (await uncovered(guest)).filter((it) =>
    frozen.has(items.find(({ id }) => id === it)?.groupId),
  );
  const [id = '', top = ''] = seen;
  await note(guest, id).dblclick();
  const field = guest.getByRole('textbox', { name: 'Lapun teksti' });
  await field.fill('Kesken jäänyt');
  await expect.poll(async () => (await itemOf(request, board, id)).text).toBe('Kesken jäänyt');
  const moved = await watchMotion(guest);
  await freezeAll(boss);
  await expect(guest.getByText(/Segmentit jäädytetty/)).toBeVisible();
  await expect.poll(moved, 'a wave passes over the notes').toBeGreaterThan(50);
  // In one go: the field closes with the first refusal. What is typed on is no command: n would make a note.
  await guest.keyboard.insertText(' ajatus');
  await typeOn(guest, 'n', 12);
  await expect(field).toBeHidden();
  const said = guest.getByText('Tämä segmentti on jäädytetty');
  await expect(said.first()).toBeVisible();
  await expect(guest.getByText('Kesken jäänyt teksti on tallessa')).toBeVisible();
  await expect(guest.getByText('Kesken jäänyt ajatus').first()).toBeVisible();
  expect((await itemOf(request, board, id)).text).toBe('Kesken jäänyt');

  // A frozen note glides back, and says by whom and since when.
  const place = await itemOf(request, board, top);
  await drag(guest, top, -90, -30);
  await expect(guest.getByText(/jäädytti segmentit klo/).first()).toBeVisible();
  expect(await itemOf(request, board, top)).toEqual(place);

  // The draft outlives a reload.
  await guest.reload();
  await expect(guest.getByText('Kesken jäänyt teksti on tallessa')).toBeVisible();
  await expect(guest.getByText('Kesken jäänyt ajatus').first()).toBeVisible();
});

test('notes become a group with a name that everyone sees', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  await writeNotes(request, board, [
    { id: 'a', text: 'Kysyy tarkan kysymyksen', x: 3200, y: 2000 },
    { id: 'b', text: 'Soittaa itse', x: 5200, y: 2000 },
    { id: 'c', text: 'Auttaa muitakin', x: 7200, y: 2000 },
  ]);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, tablet),
  ]);
  await closeNamePrompt(boss);
  await closeNamePrompt(guest);
  await toGroups(boss);
  await note(boss, 'a').click();
  await note(boss, 'b').click({ modifiers: ['Shift'] });
  await boss.getByRole('button', { name: 'Uusi ryhmä' }).click();
  const name = boss.getByRole('textbox', { name: /Ryhmän 1 nimi/ });
  await name.fill('Solmujen avaajat');
  await name.press('Enter');
  await expect
    .poll(
      async () => (await itemsOf(request, board)).find(({ type }) => type === 'group')?.['name'],
    )
    .toBe('Solmujen avaajat');
  await expect(note(guest, 'a')).toHaveAttribute('aria-label', /Ryhmä Solmujen avaajat/);
  await expect(note(guest, 'c')).not.toHaveAttribute('aria-label', /Ryhmä/);

  // A participant drags a third note into the outline of the group.
  const into = await centre(guest, 'b');
  const from = await centre(guest, 'c');
  await drag(guest, 'c', into.x - from.x + 12, into.y - from.y + 12);
  await expect
    .poll(async () => (await itemOf(request, board, 'c')).groupId)
    .toBe((await itemOf(request, board, 'a')).groupId);
  expect((await itemOf(request, board, 'c')).x, 'it belongs there, and lies where it lay').toBe(
    7200,
  );

  // Undo takes back what I did, not what others did.
  await guest.keyboard.press('Control+z');
  await expect.poll(async () => (await itemOf(request, board, 'c')).groupId).toBeUndefined();
  expect((await itemOf(request, board, 'b')).groupId).toBeDefined();
});

test('a link is made for one remote table, and closed again', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const boss = await come(browser, board.links.facilitator, laptop);
  await closeNamePrompt(boss);
  await boss.getByRole('button', { name: 'Kutsu' }).click();
  const dialog = boss.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Uusi linkki' }).click();
  await dialog.getByRole('textbox', { name: 'Linkin nimi' }).fill('Etä 1');
  await dialog.getByRole('button', { name: 'Tee linkki' }).click();
  const row = dialog.getByRole('listitem').filter({ hasText: 'Etä 1' });
  await expect(row).toContainText('0 käytössä');
  const links = (await (
    await request.get(`/api/boards/${board.id}/links`, {
      headers: { authorization: `Bearer ${board.keys.facilitator}` },
    })
  ).json()) as { links: { name?: string; address?: string }[] };
  const address = links.links.find(({ name }) => name === 'Etä 1')?.address ?? '';
  const guest = await come(browser, new URL(address).pathname + new URL(address).hash, tablet);
  await closeNamePrompt(guest);
  await expect(row).toContainText('1 käytössä');
  const people = (await itemsOf(request, board)).filter(({ type }) => type === 'participant');

  await row.getByRole('button', { name: 'Sulje linkki: Etä 1' }).click();
  await row.getByRole('button', { name: 'Sulje linkki', exact: true }).click();
  await expect(guest.getByText('Tämä linkki on suljettu.')).toBeVisible();
  await expect(row).toBeHidden();
  await guest.reload();
  await expect(guest.getByText('Tämä linkki on suljettu.')).toBeVisible();
  const after = (await itemsOf(request, board)).filter(({ type }) => type === 'participant');
  expect(after.map(({ id }) => id).sort(), 'nobody was added by closing it').toEqual(
    people.map(({ id }) => id).sort(),
  );
});

test('what is written in private is seen by nobody else until it is revealed', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request, 'segmentation');
  const [boss, one, two] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, tablet),
    come(browser, board.links.participant, tablet),
  ]);
  for (const page of [boss, one, two]) await closeNamePrompt(page);
  await boss.getByRole('button', { name: 'Kirjoita rauhassa' }).click();
  await expect(one.getByText('Vain sinä näet omat lappusi.').first()).toBeVisible();
  for (const [page, text] of [
    [one, 'hän epäröi'],
    [two, 'hän soittaa'],
  ] as const) {
    await page.getByRole('button', { name: 'Uusi lappu' }).first().click();
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
    await expect(page.locator('[data-note]')).toHaveCount(1);
  }
  await expect(boss.getByText('Muut ovat kirjoittaneet 2.').first()).toBeVisible();
  await expect(one.locator('[data-note]')).toHaveCount(1);
  await expect(boss.locator('[data-note]')).toHaveCount(0);
  const dropped = await watchMotion(boss);
  await boss.getByRole('button', { name: 'Paljasta' }).first().click();
  await expect.poll(dropped, 'the notes drop in from the axis').toBe(2);
  for (const page of [boss, one, two]) {
    await expect(page.locator('[data-note]')).toHaveCount(2);
  }
});

test('the next phase and the lock are a key and a word away', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, tablet),
  ]);
  await closeNamePrompt(boss);
  await boss.getByRole('listbox').first().focus();
  await boss.keyboard.press('Alt+n');
  await expect(boss.getByRole('dialog')).toContainText('Siirrytäänkö vaiheeseen Ryhmittele?');
  await boss
    .getByRole('dialog')
    .getByRole('button', { name: /Seuraava/ })
    .click();
  await expect(guest.getByRole('heading', { name: 'Ryhmittele' })).toBeVisible();
  await boss.getByRole('listbox').first().focus();
  await boss.keyboard.press('Alt+l');
  await boss.getByRole('dialog').getByRole('button', { name: 'Lukitse' }).click();
  await expect(guest.getByText('Lukittu').first()).toBeVisible();
});
