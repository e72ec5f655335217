// Segment cards: the same headings for all, two writers in one text, a place moved by hand.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { closeNamePrompt, come, itemOf, itemsOf, makeBoard, test } from './jana';

const laptop = { viewport: { width: 1440, height: 900 } };
const tablet = { viewport: { width: 1080, height: 810 }, hasTouch: true };

function cell(page: Page, heading: string, segment: string) {
  return page.getByRole('button', { name: `${heading}, ${segment}` });
}

test('two describe a segment at once, and both keep their words', async ({ browser, request }) => {
  const board = await makeBoard(request);
  await request.post(`/api/boards/${board.id}/ops`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
    data: { client: 'test', n: 1, ops: [{ do: 'phase', to: 'place' }] },
  });
  const [boss, guest] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, tablet),
  ]);
  await closeNamePrompt(boss);
  await closeNamePrompt(guest);
  // The phase brings everyone to the cards; what is missing is seen.
  await expect(guest.getByText('19 / 20 kuvattu. 1 kohta täydentyy.')).toBeVisible();
  expect((await new AxeBuilder({ page: guest }).analyze()).violations).toEqual([]);
  const missing = cell(guest, 'Läheissuhteet', 'Omin siivin etenevät');
  await expect(missing).toContainText('Täydentyy');
  await missing.tap();
  await guest.getByRole('textbox', { name: 'Läheissuhteet, Omin siivin etenevät' }).fill('Puoliso');
  await expect(boss.getByText(/kirjoittaa$/)).toBeVisible();
  await expect(cell(boss, 'Läheissuhteet', 'Omin siivin etenevät')).toContainText('Puoliso');
  await cell(boss, 'Läheissuhteet', 'Omin siivin etenevät').click();
  await boss.keyboard.type(' ja ystävät');
  const field = guest.getByRole('textbox', { name: 'Läheissuhteet, Omin siivin etenevät' });
  await expect(field).toHaveValue('Puoliso ja ystävät');
  await field.press('Home');
  await guest.keyboard.type('Oma ');
  await expect
    .poll(
      async () => ((await itemOf(request, board, 'seg5'))['descriptions'] as { h2?: string }).h2,
    )
    .toBe('Oma Puoliso ja ystävät');
  await guest.keyboard.press('Escape');
  await boss.keyboard.press('Escape');
  await expect(guest.getByText('20 / 20 kuvattu.')).toBeVisible();

  // A heading more is a place more in every segment.
  await boss.getByRole('button', { name: 'Otsikot' }).click();
  await boss.getByLabel('Uusi otsikko').fill('Unelmat');
  await boss.getByRole('button', { name: 'Lisää otsikko' }).click();
  await boss.keyboard.press('Escape');
  await expect(guest.getByText('20 / 25 kuvattu. 5 kohtaa täydentyy.')).toBeVisible();
  await expect(cell(guest, 'Unelmat', 'Solmujen avaajat')).toBeVisible();

  // A place moved by hand says so, and the order follows it.
  await guest.getByRole('button', { name: 'Omin siivin etenevät', exact: true }).tap();
  await guest.getByLabel('Kohta 0–100').fill('101');
  await guest.getByRole('button', { name: 'Tallenna' }).tap();
  await expect(guest.getByText('Kohta on luku välillä 0–100.')).toBeVisible();
  await guest.getByLabel('Kohta 0–100').fill('20,5');
  await guest.getByRole('button', { name: 'Tallenna' }).tap();
  await expect(boss.getByText('siirretty käsin')).toBeVisible();
  expect(await itemOf(request, board, 'seg5')).toMatchObject({ position: 205, byHand: true });
  const names = async () =>
    boss.getByRole('region').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  expect((await names()).slice(0, 3)).toEqual([
    'Rinnallakulkua tarvitsevat',
    'Omin siivin etenevät',
    'Solmujen avaajat',
  ]);

  // What is frozen with its texts is read, not written.
  const segments = (await itemsOf(request, board)).filter(({ type }) => type === 'segment');
  await request.post(`/api/boards/${board.id}/ops`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
    data: {
      client: 'test',
      n: 2,
      ops: [{ do: 'freeze', segments: segments.map(({ id }) => id), texts: true }],
    },
  });
  await expect(guest.getByText('Jäädytetty').first()).toBeVisible();
  await expect(cell(guest, 'Motivaatio', 'Solmujen avaajat')).toHaveCount(0);
  await expect(guest.getByText('Haluaa päästä eteenpäin').first()).toBeVisible();
});
