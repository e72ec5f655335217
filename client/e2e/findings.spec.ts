// From an assessment to a finding, from there to the notes behind it, to goals and to an experiment.
import { expect, type APIRequestContext, type Page } from '@playwright/test';
import { check } from './everyone';
import { closeNamePrompt, come, itemOf, itemsOf, makeBoard, steer, test, type Board } from './jana';

const laptop = { viewport: { width: 1440, height: 900 } };
const tablet = { viewport: { width: 1080, height: 810 }, hasTouch: true };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };

async function inPhase(request: APIRequestContext, phase: string): Promise<Board> {
  const board = await makeBoard(request);
  expect(await steer(request, board, 1, { do: 'phase', to: phase })).toEqual([]);
  return board;
}

async function look(page: Page, view: string): Promise<void> {
  const views = page.getByRole('button', { name: /^Näkymä: / });
  await views
    .or(page.getByRole('button', { name: 'Taulun valikko' }))
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: view, exact: true }).click();
}

function finding(page: Page, name: string | RegExp) {
  return page.getByRole('button', { name });
}

const peers = /^Solmujen avaajat: Osallisuus ja vertaistuki/;

test('a rating makes a finding, which is traced to the notes and becomes an experiment', async ({
  browser,
  request,
}) => {
  const board = await inPhase(request, 'assess');
  const [boss, table] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, tablet),
  ]);
  for (const page of [boss, table]) await closeNamePrompt(page);
  await look(table, 'Löydökset');
  await expect(finding(table, /^Solmujen avaajat: Talous ja asuminen/)).toBeVisible();
  await expect(finding(table, peers)).toHaveCount(0);

  await boss.getByRole('button', { name: 'Vertaisryhmä, Solmujen avaajat:' }).click();
  await boss.keyboard.type('11111');
  await expect(finding(table, peers)).toContainText('Palvelu on, mutta se ei toimi: Vertaisryhmä');

  // One column on the tablet: the finding opens over the list, with a way back.
  await finding(table, peers).tap();
  const trace = table.getByRole('region', { name: 'Mihin löydös perustuu' });
  await expect(trace.getByRole('heading', { level: 3 })).toBeFocused();
  await expect(trace.getByRole('heading', { level: 3 })).toHaveText(
    'Tarpeeseen Osallisuus ja vertaistuki segmentissä Solmujen avaajat palvelu on, mutta se ei toimi: Vertaisryhmä.',
  );
  await expect(trace.getByRole('button', { name: /Vertaisryhmä/ })).toContainText('Saatavuus 1');
  await expect(trace.getByText('Tuen tarve')).toBeVisible();
  await expect(trace.getByText(/puolet lapuista välillä/)).toBeAttached();
  const notes = (await itemsOf(request, board)).filter(
    ({ type, groupId }) => type === 'note' && groupId === 'g2',
  );
  await expect(trace.getByRole('heading', { name: `${notes.length} lappua` })).toBeVisible();
  await trace.getByRole('button', { name: `Näytä kaikki ${notes.length}` }).tap();
  await expect(trace.getByText(notes.at(-1)?.text ?? '')).toBeVisible();
  // A participant plans no experiments while services are assessed.
  await expect(table.getByRole('button', { name: 'Tee tästä kokeilu' })).toHaveCount(0);
  await table.getByRole('button', { name: 'Löydöksiin' }).tap();
  await expect(finding(table, peers)).toBeFocused();

  // Two taps: the finding, and the experiment that names what it is about.
  await boss.keyboard.press('Escape');
  await look(boss, 'Löydökset');
  await finding(boss, /^Rinnallakulkua tarvitsevat: Talous ja asuminen/).click();
  await expect(boss.getByText('Viisi viikkoa on liian pitkä aika')).toBeVisible();
  await boss.getByRole('button', { name: 'Tee tästä kokeilu' }).click();
  const dialog = boss.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: 'Kokeilun nimi' })).toHaveValue(
    'Rinnallakulkua tarvitsevat: Talous ja asuminen',
  );
  await expect(dialog.getByRole('button', { name: 'Talous- ja velkaneuvonta' })).toBeVisible();
  await expect
    .poll(async () => (await itemsOf(request, board)).filter(({ type }) => type === 'experiment'))
    .toContainEqual(
      expect.objectContaining({
        status: 'planned',
        serviceIds: ['svc06'],
        segmentIds: ['seg1'],
        goalIds: ['goal2'],
      }),
    );

  // What is found no more goes from the list.
  const better = { criterion: 'availability', rating: 4 };
  const ops = ['sufficiency', 'timeliness'].map((criterion) => ({ ...better, criterion }));
  expect(
    await steer(
      request,
      board,
      2,
      ...[better, ...ops].map((op) => ({ do: 'assess', service: 'svc13', segment: 'seg2', ...op })),
    ),
  ).toEqual([]);
  await expect(finding(table, peers)).toHaveCount(0);
});

test('a goal without means is flagged until it has some, and a viewer reads who is reached', async ({
  browser,
  request,
}) => {
  const board = await inPhase(request, 'goals');
  const [table, other, viewer] = await Promise.all([
    come(browser, board.links.participant, tablet),
    come(browser, board.links.participant, laptop),
    come(browser, board.links.viewer, laptop),
  ]);
  for (const page of [table, other]) await closeNamePrompt(page);
  await expect(viewer.getByRole('columnheader', { name: 'Ei tavoita' })).toBeVisible();
  await table.getByRole('button', { name: 'Lisää tavoite' }).first().tap();
  await table.keyboard.type('Kukaan ei jää yksin');
  const card = (page: Page) => page.getByRole('article', { name: 'Kukaan ei jää yksin' });
  await expect(card(other)).toContainText('Tavoite ilman keinoa');
  await expect(other.getByText('1 tavoite on ilman keinoa.')).toBeVisible();
  await expect(viewer.getByRole('row', { name: /Kukaan ei jää yksin/ })).toContainText(
    'Tavoite ilman keinoa',
  );

  // Both write one text at once.
  const text = (page: Page) => card(page).getByRole('textbox', { name: 'Mittari' });
  await text(table).fill('Yhteydenotot');
  await expect(text(other)).toHaveValue('Yhteydenotot');
  await text(other).press('End');
  await other.keyboard.type(' viikossa');
  await expect(text(table)).toHaveValue('Yhteydenotot viikossa');

  const choose = async (page: Page, what: string, ...names: string[]) => {
    await card(page)
      .getByRole('button', { name: `Valitse: ${what}` })
      .click();
    for (const name of names) await page.getByRole('dialog').getByLabel(name).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Valmis' }).click();
  };
  await choose(other, 'Keinot', 'Vertaisryhmä');
  await choose(other, 'Ryhmät, joita se koskee', 'Rinnallakulkua tarvitsevat', 'Solmujen avaajat');
  await expect(card(table)).toContainText('1 / 2 ryhmää');
  await expect(card(table)).toContainText('Ei tavoita: Rinnallakulkua tarvitsevat');
  await expect(card(table)).not.toContainText('Tavoite ilman keinoa');

  // A service that no goal names is given one.
  await table.getByRole('button', { name: 'Liitä tavoitteeseen: Digiklinikka' }).tap();
  await table.getByRole('dialog').getByLabel('Kukaan ei jää yksin').check();
  await table.getByRole('dialog').getByRole('button', { name: 'Valmis' }).tap();
  await expect(
    other.getByRole('button', { name: 'Liitä tavoitteeseen: Digiklinikka' }),
  ).toHaveCount(0);
  await expect(card(other).getByRole('button', { name: 'Digiklinikka' })).toBeVisible();

  // Deleted, and brought back.
  await card(table)
    .getByRole('button', { name: /^Poista tavoite/ })
    .tap();
  await expect(card(other)).toHaveCount(0);
  await table.getByRole('button', { name: 'Kumoa' }).first().tap();
  await expect(card(other)).toContainText('1 / 2 ryhmää');
});

test('an experiment starts with a criterion and ends with what was learnt', async ({
  browser,
  request,
}) => {
  const board = await inPhase(request, 'experiment');
  const [boss, table] = await Promise.all([
    come(browser, board.links.facilitator, laptop),
    come(browser, board.links.participant, phone),
  ]);
  for (const page of [boss, table]) await closeNamePrompt(page);
  await boss.getByRole('button', { name: 'Lisää kokeilu' }).first().click();
  const dialog = (page: Page) => page.getByRole('dialog');
  const field = (page: Page, name: string) => dialog(page).getByRole('textbox', { name });
  await field(boss, 'Kokeilun nimi').fill('Aamukahvit');
  await dialog(boss).getByRole('button', { name: 'Valmis' }).click();
  const card = boss.getByRole('article', { name: 'Aamukahvit' });
  await expect(card).toContainText('Kokeilu alkaa, kun onnistumisen raja on kirjoitettu.');
  await card.getByRole('button', { name: 'Aloita kokeilu' }).click();
  await expect(boss.getByRole('alert')).toContainText('onnistumisen raja');
  const made = async () => {
    const all = await itemsOf(request, board);
    return all.find(({ title }) => title === 'Aamukahvit')?.id ?? '';
  };
  await expect.poll(made).not.toBe('');
  const id = await made();
  expect(
    await steer(request, board, 2, { do: 'edit', id, fields: { status: 'running' } }),
  ).toMatchObject([{ code: 'invalid', reason: { id, field: 'successCriterion' } }]);

  // The table writes it, the facilitator starts.
  await table.getByRole('button', { name: 'Aamukahvit' }).tap();
  await field(table, 'Onnistumisen raja').fill('Kymmenen kävijää');
  await expect(card).toContainText('Kymmenen kävijää');
  await card.getByRole('button', { name: 'Aloita kokeilu' }).click();
  await expect(boss.getByRole('region', { name: 'Käynnissä' }).getByRole('article')).toBeVisible();
  await expect(dialog(table)).toContainText('Kokeilu päättyy, kun opittu on kirjoitettu.');
  await expect(dialog(table)).toContainText('Päätös tehdään, kun opittu on kirjoitettu.');
  await field(table, 'Mitä opittiin').fill('Aamu on liian aikainen');
  await dialog(table).getByText('Muutetaan').tap();
  await expect(card).toContainText('Muutetaan');
  await card.getByRole('button', { name: 'Merkitse valmiiksi' }).click();
  await expect(boss.getByRole('region', { name: 'Valmis' })).toContainText('Aamukahvit');
  await expect
    .poll(async () => itemOf(request, board, id))
    .toMatchObject({ status: 'done', decision: 'adapt', learnt: 'Aamu on liian aikainen' });
});

test('findings are gone through by keyboard, and lead to their cells', async ({
  browser,
  request,
}) => {
  const board = await inPhase(request, 'assess');
  const page = await come(browser, board.links.facilitator, laptop);
  await closeNamePrompt(page);
  await look(page, 'Löydökset');
  const row = (name: RegExp) => finding(page, name);
  await row(/^Rinnallakulkua tarvitsevat: Talous/).focus();
  await page.keyboard.press('ArrowDown');
  await expect(row(/^Rinnallakulkua tarvitsevat: Terveys/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(row(/^Rinnallakulkua tarvitsevat: Terveys/)).toHaveAttribute('aria-current', 'true');
  await expect(
    page.getByRole('heading', { level: 3, name: /Terveys ja hyvinvointi/ }),
  ).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await expect(row(/^Rinnallakulkua tarvitsevat: Talous/)).toBeFocused();

  // What weights do is marked.
  const before = await page.locator('[data-row]').count();
  await page.getByRole('switch', { name: /Yhtä suurin painoin/ }).check();
  await expect(page.getByText(/^vain (näin|painoin)$/).first()).toBeVisible();
  await page.getByRole('switch', { name: /Yhtä suurin painoin/ }).uncheck();
  await expect(page.locator('[data-row]')).toHaveCount(before);

  await page
    .getByRole('button', { name: /^Jalkautuva päihde/ })
    .last()
    .click();
  await expect(page.getByRole('grid')).toBeVisible();
  await expect(page.getByRole('radiogroup', { name: 'Saatavuus' })).toBeVisible();

  // The head of the service's row leads to all that is known of it.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Talous- ja velkaneuvonta', exact: true }).click();
  await page.getByRole('button', { name: 'Mitä palvelusta tiedetään' }).click();
  const known = page.getByRole('dialog', { name: 'Talous- ja velkaneuvonta' });
  await expect(known).toContainText('Viisi viikkoa on liian pitkä aika');
  await expect(known).toContainText(
    'Voisiko velkaneuvoja käydä neuvontapisteessä kerran viikossa?',
  );
  await expect(known).toContainText('Velkaneuvoja neuvontapisteessä');
  await known.getByRole('button', { name: /^Talouden solmut avataan/ }).click();
  await expect(page.getByRole('heading', { name: 'Vaikuttavuustavoitteet' })).toBeVisible();
});

for (const [colorScheme, size, name] of [
  ['light', laptop, 'laptop'],
  ['dark', phone, 'phone'],
] as const) {
  test(`everyone can use findings, goals and experiments on a ${name}, ${colorScheme}`, async ({
    browser,
    request,
  }) => {
    const board = await inPhase(request, 'experiment');
    const page = await come(browser, board.links.facilitator, { ...size, colorScheme });
    await closeNamePrompt(page);
    for (const view of ['Löydökset', 'Tavoitteet', 'Kokeilut']) {
      await look(page, view);
      await expect(page.getByRole('main').getByRole('heading', { level: 2 })).toBeVisible();
      await check(page, `${view}, ${name}`);
    }
    await page.getByRole('button', { name: 'Muistutus samana aamuna' }).click();
    await check(page, `kokeilu, ${name}`);
  });
}
