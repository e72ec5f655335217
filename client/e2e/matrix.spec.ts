// Services × segments: what a table votes and a facilitator agrees on, at once and for everyone to see.
import { readFile } from 'node:fs/promises';
import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { check } from './everyone';
import { closeNamePrompt, come, itemsOf, makeBoard, steer, test, type Board } from './jana';

const laptop = { viewport: { width: 1440, height: 900 } };
const tablet = { viewport: { width: 1080, height: 810 }, hasTouch: true };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

const service = 'Matalan kynnyksen neuvontapiste';
const segment = 'Omin siivin etenevät';

/** A board of the example workshop where services are assessed. */
async function assessed(request: APIRequestContext): Promise<Board> {
  const board = await makeBoard(request);
  expect(await steer(request, board, 1, { do: 'phase', to: 'assess' })).toEqual([]);
  return board;
}

function cell(page: Page, of = service, to = segment) {
  return page.getByRole('button', { name: `${of}, ${to}:` });
}

function answers(page: Page, criterion: string) {
  return page.getByRole('radiogroup', { name: criterion });
}

test('a table votes by finger, the facilitator agrees by keyboard, and both see it', async ({
  browser,
  request,
}) => {
  const board = await assessed(request);
  const [boss, table] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, tablet),
  ]);
  for (const page of [boss, table]) await closeNamePrompt(page);
  await expect(cell(boss)).toHaveAccessibleName(`${service}, ${segment}: ei arvioitu`);

  await cell(table).tap();
  await answers(table, 'Saatavuus').getByRole('radio', { name: /^3/ }).tap();
  await expect(cell(boss)).toHaveAccessibleName(`${service}, ${segment}: kattaa, 75`);
  await expect(cell(boss)).toHaveText('75');
  await expect(
    answers(table, 'Saatavuus').getByRole('radio', { name: '3, hyvin, 1 ääni, oma äänesi' }),
  ).toBeChecked();

  // Enter opens the cell, digits answer one criterion after the other, Escape goes back to the cell.
  await cell(boss).focus();
  await boss.keyboard.press('Enter');
  await expect(answers(boss, 'Saatavuus').getByRole('radio', { name: /^3.*1 ääni/ })).toBeVisible();
  await boss.keyboard.type('21010');
  await expect(cell(boss)).toHaveAccessibleName(`${service}, ${segment}: heikko, 20`);
  await expect(boss.getByRole('button', { name: 'Seuraava solu' })).toBeFocused();
  await expect(cell(table)).toHaveAccessibleName(`${service}, ${segment}: heikko, 20`);
  await expect(
    answers(table, 'Saatavuus').getByRole('radio', { name: /^2, osittain, sovittu/ }),
  ).toBeVisible();
  await boss.keyboard.press('Escape');
  await expect(cell(boss)).toBeFocused();

  // Undo takes back one's own answers only.
  await boss.keyboard.press('Control+z');
  await expect(cell(table)).toHaveAccessibleName(`${service}, ${segment}: heikko, 25`);
});

test('two tables vote on one cell at once, and both count', async ({ browser, request }) => {
  const board = await assessed(request);
  const [one, two, boss] = await Promise.all([
    come(browser, board.links.participant, tablet),
    come(browser, board.links.participant, phone),
    come(browser, board.links.facilitator, laptop),
  ]);
  for (const page of [one, two, boss]) await closeNamePrompt(page);
  await Promise.all([cell(one).tap(), cell(two).tap()]);
  await Promise.all([
    answers(one, 'Riittävyys').getByRole('radio', { name: /^1/ }).tap(),
    answers(two, 'Riittävyys').getByRole('radio', { name: /^4/ }).tap(),
  ]);
  // (1 + 4) / 2 / 4
  await expect(cell(boss)).toHaveAccessibleName(`${service}, ${segment}: kattaa, 63`);
  const comment = (page: Page) => page.getByRole('textbox', { name: 'Kommentti' });
  await comment(one).pressSequentially('Jonossa ');
  await comment(two).pressSequentially('viikko');
  await expect(comment(one)).toHaveValue(/Jonossa.*viikko|viikko.*Jonossa/);
  await expect(comment(two)).toHaveValue(await comment(one).inputValue());

  // The facilitator sees the middle, and takes it over in one go.
  await cell(boss).click();
  await expect(boss.getByText('keskikohta 2,5')).toBeVisible();
  await boss.getByRole('button', { name: 'Sovi äänten keskikohdat' }).click();
  await expect(
    answers(boss, 'Riittävyys').getByRole('radio', { name: /^3, hyvin, sovittu/ }),
  ).toBeChecked();
  const made = (await itemsOf(request, board)).find((item) => {
    const votes = item['votes'] as Record<string, object> | undefined;
    return Object.keys(votes?.['sufficiency'] ?? {}).length === 2;
  });
  expect(made).toMatchObject({ serves: true, ratings: { sufficiency: 3 } });
});

test('what is not assessed, not served and worth nothing differ by more than colour', async ({
  browser,
  request,
}) => {
  const board = await assessed(request);
  const page = await come(browser, board.links.facilitator, laptop);
  await closeNamePrompt(page);
  const mark = (name: string) => page.getByRole('button', { name }).locator('.mark');
  const look = (name: string) =>
    mark(name).evaluate((it) => {
      const { borderTopStyle, borderTopLeftRadius, height } = getComputedStyle(it);
      return { style: borderTopStyle, round: borderTopLeftRadius, height, text: it.textContent };
    });
  await cell(page).click();
  await page.keyboard.type('0');
  await expect(cell(page)).toHaveAccessibleName(`${service}, ${segment}: heikko, 0`);
  const nothing = await look(`${service}, ${segment}`);
  const unassessed = await look('Työttömän terveystarkastus, Omin siivin etenevät: ei arvioitu');
  const unserved = await look('Sosiaaliohjaus, Omin siivin etenevät: ei palvele');
  expect(nothing).toMatchObject({ style: 'solid', round: '50%', text: '0' });
  expect(unassessed).toMatchObject({ style: 'dashed', text: '' });
  expect(unserved).toMatchObject({ height: '3px', text: '' });

  await page.getByText('Ei palvele heitä').click();
  await expect(cell(page)).toHaveAccessibleName(`${service}, ${segment}: ei palvele`);
  await expect(answers(page, 'Saatavuus')).toHaveCount(0);
});

test('the phase brings everyone to the services, and each may look elsewhere', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  expect(await steer(request, board, 1, { do: 'phase', to: 'place' })).toEqual([]);
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, phone),
  ]);
  for (const page of [boss, guest]) await closeNamePrompt(page);
  await expect(guest.getByRole('grid')).toHaveCount(0);
  await boss.getByRole('button', { name: 'Seuraava: Arvioi palvelut' }).click();
  for (const page of [boss, guest]) {
    await expect(page.getByRole('grid', { name: 'Palvelut segmenteittäin' })).toBeVisible();
  }
  await guest.getByRole('button', { name: 'Näkymä: Palvelut' }).tap();
  await guest.getByRole('dialog').getByRole('button', { name: 'Luettelo' }).tap();
  await expect(guest.getByRole('heading', { name: 'Ryhmät ja laput' })).toBeVisible();
  await expect(boss.getByRole('grid')).toBeVisible();
});

test('the arrows go from cell to cell, and Tab leads into the table once', async ({
  browser,
  request,
}) => {
  const board = await assessed(request);
  const page = await come(browser, board.links.participant, laptop);
  await closeNamePrompt(page);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await expect(cell(page)).toBeVisible();
  await expect(page.locator('table [tabindex="0"]')).toHaveCount(1);
  await page.locator('table [tabindex="0"]').focus();
  expect(await focused()).toMatch(/^Matalan kynnyksen neuvontapiste, Rinnallakulkua tarvitsevat/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toMatch(/^Sähköinen itsepalvelukanava, Solmujen avaajat/);
  await page.keyboard.press('End');
  expect(await focused()).toMatch(/^Sähköinen itsepalvelukanava, Omin siivin etenevät/);
  await page.keyboard.press('Control+End');
  expect(await focused()).toMatch(/^Digiklinikka, Omin siivin etenevät/);
  await page.keyboard.press('Home');
  expect(await focused()).toBe('Digiklinikka');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('Digiklinikka');
});

test('a museum adds a customer group and a list of services', async ({ browser, request }) => {
  const file = await readFile(new URL('../../protocol/board/fixture/museum.json', import.meta.url));
  const answer = await request.post('/api/boards/import', {
    headers: { 'content-type': 'application/json' },
    data: file,
  });
  const board = (await answer.json()) as Board;
  const page = await come(browser, board.links.facilitator, laptop);
  await closeNamePrompt(page);
  await expect(page.getByRole('grid', { name: 'Palvelut asiakasryhmittäin' })).toBeVisible();
  const more = async (name: string) => {
    await page.getByRole('main').getByRole('button', { name: 'Lisää toimintoja' }).click();
    await page.getByRole('dialog').getByRole('button', { name }).click();
  };
  await more('Lisää asiakasryhmä');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Tarvekerroin' }).fill('-2');
  await dialog.getByRole('button', { name: 'Tallenna' }).click();
  await expect(dialog.getByText('Kirjoita nimi.')).toBeVisible();
  await expect(dialog.getByText('Kirjoita luku, joka on suurempi kuin 0.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Asiakasryhmän nimi' }).fill('Vapaaehtoiset');
  await dialog.getByRole('textbox', { name: 'Tarvekerroin' }).fill('1,5');
  await dialog.getByRole('button', { name: 'Tallenna' }).click();
  await expect(page.getByRole('columnheader', { name: /Vapaaehtoiset/ })).toBeVisible();

  await more('Liitä palvelut luettelona');
  await dialog.getByRole('textbox', { name: 'Rivit' }).fill('- Opastukset; Iltaopastus\nTalkoot');
  await dialog.getByRole('button', { name: 'Lisää 2 palvelua' }).click();
  await expect(cell(page, 'Iltaopastus', 'Vapaaehtoiset')).toBeVisible();
  await expect(cell(page, 'Talkoot', 'Vapaaehtoiset')).toBeVisible();

  await page.getByRole('button', { name: 'Talkoot', exact: true }).click();
  await dialog.getByText('Raskas').click();
  await dialog.getByRole('checkbox', { name: 'Vapaaehtoiset' }).check();
  await dialog.getByRole('button', { name: 'Tallenna' }).click();
  await expect(cell(page, 'Talkoot', 'Vapaaehtoiset')).toHaveAccessibleName(
    'Talkoot, Vapaaehtoiset: ei arvioitu, tarkoitettu heille',
  );
  const made = async () => (await itemsOf(request, board)).find(({ name }) => name === 'Talkoot');
  await expect.poll(made).toMatchObject({ weight: 2 });

  await page.getByRole('button', { name: 'Talkoot', exact: true }).click();
  await dialog.getByRole('button', { name: 'Poista palvelu' }).click();
  await expect(cell(page, 'Talkoot', 'Vapaaehtoiset')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(cell(page, 'Talkoot', 'Vapaaehtoiset')).toBeVisible();
});

test('a lock is said before anyone tries, and stops a vote', async ({ browser, request }) => {
  const board = await assessed(request);
  const page = await come(browser, board.links.participant, tablet);
  await closeNamePrompt(page);
  expect(await steer(request, board, 2, { do: 'lock', level: 'closed' })).toEqual([]);
  await expect(page.getByText('Taulu on lukittu').first()).toBeVisible();
  await cell(page).tap();
  await answers(page, 'Saatavuus').getByRole('radio', { name: /^3/ }).tap();
  await expect(page.getByRole('alert')).toContainText('Taulu on lukittu');
  await expect(cell(page)).toHaveAccessibleName(`${service}, ${segment}: ei arvioitu`);
});

for (const { name, options } of [
  { name: 'a laptop', options: laptop },
  { name: 'a tablet in the dark', options: { ...tablet, colorScheme: 'dark' as const } },
  { name: 'a phone', options: phone },
]) {
  test(`the matrix is for everyone on ${name}`, async ({ browser, request }) => {
    test.slow();
    const board = await assessed(request);
    const page = await come(browser, board.links.participant, options);
    await closeNamePrompt(page);
    await expect(cell(page)).toBeVisible();
    await check(page, 'matrix');
    await cell(page).click();
    await expect(answers(page, 'Saatavuus')).toBeVisible();
    await check(page, 'cell');
    await page.getByRole('button', { name: 'Sulje' }).click();
    await page.getByRole('button', { name: service, exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await check(page, 'service');
  });
}
