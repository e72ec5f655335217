// A workshop as it is held: three people write, group, describe, assess and try something out, all in their pages, and take
// home files that say what they came to.
import { readFile } from 'node:fs/promises';
import {
  expect,
  type APIRequestContext,
  type Browser,
  type Locator,
  type Page,
} from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import { extractText } from 'unpdf';
import { come, test } from './jana';

const tablet = { viewport: { width: 1080, height: 810 }, hasTouch: true };
const laptop = { viewport: { width: 1440, height: 900 } };

/** Who is there: a facilitator and a table with tablets, another table with a laptop of which only the keys are used. */
interface Room {
  readonly boss: Page;
  readonly touch: Page;
  readonly keys: Page;
}

const near = 'Rinnallakulkua tarvitsevat';
const far = 'Omin siivin etenevät';

/** A facilitator makes the board from a template; the others come by the link that its page may be copied from. */
async function gather(browser: Browser): Promise<Room> {
  const boss = await come(browser, '/', tablet);
  await boss.getByRole('button', { name: /^Asiakassegmentointi/ }).tap();
  await boss.keyboard.type('Nuorten palvelut');
  await boss.getByRole('button', { name: 'Luo taulu' }).tap();
  await boss.waitForURL(/\/b\/.*#/);
  await boss.getByRole('button', { name: 'Tallenna tiedostoon' }).tap();
  const [touch, keys] = await Promise.all([
    come(browser, boss.url(), tablet),
    come(browser, boss.url(), laptop),
  ]);
  for (const [page, name] of [
    [boss, 'Minna'],
    [touch, 'Pöytä 1'],
    [keys, 'Pöytä 2'],
  ] as const) {
    await page.getByRole('textbox', { name: 'Nimi tai pöytä' }).fill(name);
    await page.keyboard.press('Enter');
  }
  await boss.getByRole('button', { name: 'Mukana 3 henkilöä' }).tap();
  await expect(boss.getByRole('listitem').filter({ hasText: 'Pöytä 2' })).toBeVisible();
  await boss.getByRole('button', { name: 'Sulje' }).tap();
  return { boss, touch, keys };
}

async function next(boss: Page, phase: string): Promise<void> {
  await boss.getByRole('button', { name: `Seuraava: ${phase}` }).tap();
  await expect(boss.getByRole('button', { name: `Vaihe: ${phase}.` })).toBeVisible();
}

async function look(page: Page, view: string): Promise<void> {
  await page.getByRole('button', { name: /^Näkymä: / }).tap();
  await page.getByRole('dialog').getByRole('button', { name: view, exact: true }).tap();
}

function note(page: Page, text: string) {
  return page.getByRole('option', { name: text });
}

async function writeByKeys(page: Page, perspective: string, text: string, value: number) {
  await page.getByRole('radio', { name: perspective }).press('Space');
  await page.getByRole('listbox').first().focus();
  await page.keyboard.press('n');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.keyboard.type(String(value));
  await page.keyboard.press('Enter');
  await expect(note(page, text)).toHaveAccessibleName(
    `${text}. ${perspective}. Kohta ${String(value)}`,
  );
}

async function writeByTap(page: Page, perspective: string, text: string, value: number) {
  const line = await page.locator('.axis-line').boundingBox();
  if (!line) throw new Error('the axis is not in sight');
  await page.getByRole('radio', { name: perspective }).tap();
  await page.touchscreen.tap(line.x + (line.width * value) / 100, line.y);
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await expect(note(page, text)).toHaveAccessibleName(new RegExp(`${perspective}. Kohta `));
}

async function describe({ touch, keys }: Room): Promise<void> {
  await Promise.all([
    (async () => {
      await writeByKeys(keys, 'Itsenäisyys', 'Ei saa kirjettä auki yksin', 8);
      await writeByKeys(keys, 'Työ ja osaaminen', 'Haluaa takaisin kouluun', 66);
      await writeByKeys(keys, 'Arjen sujuvuus', 'Hoitaa arjen itse', 72);
    })(),
    (async () => {
      await writeByTap(touch, 'Minäkuva', 'Sanoo ettei osaa mitään', 14);
      await writeByTap(touch, 'Talous ja asuminen', 'Vuokra on myöhässä', 11);
      await writeByTap(touch, 'Perhesuhteet', 'Isä auttaa hakemuksissa', 78);
    })(),
  ]);
  for (const page of [touch, keys]) await expect(page.getByRole('option')).toHaveCount(6);
}

/** Each table makes a group of what it sees at one end of the axis, and names it. */
async function group({ touch, keys }: Room): Promise<void> {
  await note(touch, 'Ei saa kirjettä').tap();
  await touch.getByRole('button', { name: 'Valitse lisää' }).tap();
  await note(touch, 'Sanoo ettei').tap();
  await note(touch, 'Vuokra').tap();
  await touch.getByRole('button', { name: 'Uusi ryhmä' }).tap();
  await expect(touch.getByRole('textbox', { name: 'Ryhmän 1 nimi' })).toBeFocused();
  await touch.keyboard.type(near);
  await touch.keyboard.press('Enter');
  await expect(touch.getByRole('complementary'), 'the board is free again').toHaveCount(0);

  await note(keys, 'Isä auttaa').focus();
  await keys.keyboard.press('Shift+ArrowDown');
  await keys.keyboard.press('Shift+ArrowDown');
  await expect(keys.getByText('3 lappua valittu')).toBeVisible();
  await keys.keyboard.press('g');
  await keys.getByRole('dialog').getByRole('button', { name: 'Uusi ryhmä' }).press('Enter');
  await expect(keys.getByRole('textbox', { name: 'Ryhmän 2 nimi' })).toBeFocused();
  await keys.keyboard.type(far);
  await keys.keyboard.press('Enter');
  await expect(keys.getByRole('option').and(keys.locator(':focus'))).toBeVisible();
  for (const page of [touch, keys]) {
    await expect(note(page, `Ryhmä ${near}`)).toHaveCount(3);
    await expect(note(page, `Ryhmä ${far}`)).toHaveCount(3);
  }
}

/** What is said of a segment under a heading: a tap opens the place to write, Escape leaves it. */
async function writeCards({ boss, touch, keys }: Room): Promise<void> {
  const place = (page: Page, heading: string, segment: string) =>
    page.getByRole('button', { name: `${heading}, ${segment}` });
  await place(touch, 'Tuen tarve', near).tap();
  await touch.keyboard.type('Joku avaa kirjeet yhdessä');
  await place(keys, 'Motivaatio', far).press('Enter');
  await keys.keyboard.type('Haluaa ammatin');
  await keys.keyboard.press('Escape');
  await expect(place(keys, 'Motivaatio', far)).toBeFocused();
  await expect(boss.getByText('2 / 8 kuvattu. 6 kohtaa täydentyy.')).toBeVisible();
  await expect(place(boss, 'Tuen tarve', near)).toContainText('Joku avaa kirjeet yhdessä');
}

async function freeze({ boss, touch }: Room): Promise<void> {
  await expect(touch.getByText('Kohta 11 · 3 lappua')).toBeAttached();
  await boss.getByRole('button', { name: 'Jäädytä', exact: true }).tap();
  await boss.getByRole('button', { name: 'Jäädytä 2 segmenttiä' }).tap();
  await expect(touch.getByText(/Segmentit jäädytetty/)).toBeVisible();
}

async function addServices({ boss, keys }: Room): Promise<void> {
  const dialog = boss.getByRole('dialog');
  await boss.getByRole('main').getByRole('button', { name: 'Lisää toimintoja' }).tap();
  await dialog.getByRole('button', { name: 'Palveluluokat' }).tap();
  await dialog.getByRole('textbox', { name: 'Uusi luokka' }).fill('Valmennus');
  await dialog.getByRole('button', { name: 'Lisää luokka' }).tap();
  await boss.keyboard.press('Escape');
  await boss.getByRole('button', { name: 'Lisää palvelu' }).tap();
  await boss.keyboard.type('Etsivä nuorisotyö');
  await dialog.getByRole('combobox', { name: 'Palveluluokka' }).selectOption('Uusi luokka…');
  await dialog.getByRole('button', { name: 'Tallenna' }).tap();
  await dialog.getByRole('textbox', { name: 'Uusi luokka' }).fill('Neuvonta');
  await dialog.getByRole('checkbox', { name: near }).check();
  await dialog.getByText('Raskas').tap();
  await dialog.getByRole('button', { name: 'Tallenna' }).tap();

  // The other table brings a list.
  await keys.getByRole('main').getByRole('button', { name: 'Lisää toimintoja' }).press('Enter');
  await keys.getByRole('button', { name: 'Liitä palvelut luettelona' }).press('Enter');
  const lines = keys.getByRole('textbox', { name: 'Rivit' });
  await lines.fill('Neuvonta; Velkaneuvonta\nValmenus; Työpaja');
  await expect(keys.getByText('Luokkaa ei ole: Valmenus.')).toBeVisible();
  await lines.fill('Neuvonta; Velkaneuvonta\nValmennus; Työpaja');
  await keys.getByRole('button', { name: 'Lisää 2 palvelua' }).press('Enter');
  await boss.getByRole('button', { name: 'Työpaja', exact: true }).tap();
  await dialog.getByRole('checkbox', { name: far }).check();
  await dialog.getByRole('button', { name: 'Tallenna' }).tap();

  for (const [segment, customers, factor] of [
    [near, '120', '2'],
    [far, '60', '1'],
  ] as const) {
    await boss
      .getByRole('columnheader', { name: new RegExp(segment) })
      .getByRole('button')
      .tap();
    await dialog.getByRole('textbox', { name: 'Asiakasmäärä' }).fill(customers);
    await dialog.getByRole('textbox', { name: 'Tarvekerroin' }).fill(factor);
    if (segment === near) await dialog.getByRole('checkbox', { name: 'Valmennus' }).check();
    await dialog.getByRole('button', { name: 'Tallenna' }).tap();
  }
}

function cell(page: Page, service: string, segment: string) {
  return page.getByRole('button', { name: `${service}, ${segment}:` });
}

function answer(page: Page, criterion: string, rating: number) {
  return page
    .getByRole('radiogroup', { name: criterion })
    .getByRole('radio', { name: new RegExp(`^${String(rating)}`) });
}

const criteria = ['Saatavuus', 'Riittävyys', 'Oikea-aikaisuus', 'Kohdentuminen', 'Resurssointi'];

async function assess({ boss, touch, keys }: Room): Promise<void> {
  // Both tables vote on one cell at once: (1 + 4) / 2 / 4.
  await cell(touch, 'Etsivä nuorisotyö', near).tap();
  await cell(keys, 'Etsivä nuorisotyö', near).press('Enter');
  await expect(answer(keys, 'Saatavuus', 0)).toBeFocused();
  await Promise.all([answer(touch, 'Saatavuus', 1).tap(), keys.keyboard.press('4')]);
  await expect(cell(boss, 'Etsivä nuorisotyö', near)).toHaveAccessibleName(/: kattaa, 63,/);

  // One goes down by keys, the other from cell to cell by hand.
  await keys.keyboard.press('Escape');
  await keys.keyboard.press('ArrowDown');
  await keys.keyboard.press('Enter');
  await expect(answer(keys, 'Saatavuus', 0)).toBeFocused();
  await keys.keyboard.type('11110');
  await keys.keyboard.press('Enter'); // the next cell
  await expect(answer(keys, 'Saatavuus', 0)).toBeFocused();
  await keys.keyboard.type('33333');
  await keys.keyboard.press('Escape');
  await touch.getByRole('button', { name: 'Seuraava solu' }).tap();
  await touch.getByText('Ei palvele heitä').tap();
  await touch.getByRole('button', { name: 'Sulje' }).tap();
  await cell(touch, 'Työpaja', near).tap();
  await touch.getByText('Ei palvele heitä').tap();
  await touch.getByRole('button', { name: 'Seuraava solu' }).tap();
  for (const [i, rating] of [4, 4, 3, 3, 3].entries()) {
    await answer(touch, criteria[i] ?? '', rating).tap();
  }
  await touch.getByRole('button', { name: 'Sulje' }).tap();
  await expect(boss.getByText('6 / 6 arvioitu')).toBeVisible();
}

async function readFindings({ boss, touch }: Room): Promise<void> {
  await look(touch, 'Löydökset');
  await touch.getByRole('button', { name: `${near}: 1 kattava palvelu` }).tap();
  const trace = touch.getByRole('region', { name: 'Mihin löydös perustuu' });
  await expect(trace.getByRole('heading', { level: 3 })).toHaveText(
    `Segmentin ${near} tarjonta on ohut: 1 kattava palvelu, 44 % tarjonnasta, 80 % tarpeesta.`,
  );
  await expect(trace.getByText('Joku avaa kirjeet yhdessä')).toBeVisible();
  await expect(trace.getByText('Vuokra on myöhässä')).toBeVisible();
  await next(boss, 'Aseta tavoitteet');
}

async function setGoal({ boss, touch }: Room): Promise<void> {
  await touch.getByRole('button', { name: 'Lisää tavoite' }).first().tap();
  await touch.keyboard.type('Kukaan ei jää yksin');
  const card = touch.getByRole('article', { name: 'Kukaan ei jää yksin' });
  await expect(card).toContainText('Tavoite ilman keinoa');
  for (const [what, name] of [
    ['Keinot', 'Etsivä nuorisotyö'],
    ['Ryhmät, joita se koskee', near],
  ] as const) {
    await card.getByRole('button', { name: `Valitse: ${what}` }).tap();
    await touch.getByRole('dialog').getByLabel(name).check();
    await touch.getByRole('dialog').getByRole('button', { name: 'Valmis' }).tap();
  }
  await expect(card).toContainText('1 / 1 ryhmä');
  await next(boss, 'Kerää palaute');
  await next(boss, 'Kokeile');
}

/** The table plans what it tries, from the finding; the facilitator moves it on. */
async function tryOut({ boss, touch }: Room): Promise<void> {
  await look(touch, 'Löydökset');
  await touch.getByRole('button', { name: `${near}: 1 kattava palvelu` }).tap();
  await touch.getByRole('button', { name: 'Tee tästä kokeilu' }).tap();
  const dialog = touch.getByRole('dialog');
  const field = (name: string) => dialog.getByRole('textbox', { name });
  await field('Oletus').fill('Jos kirje avataan yhdessä, vuokra maksetaan');
  await field('Onnistumisen raja').fill('Kahdeksan kymmenestä');
  await dialog.getByRole('button', { name: 'Valmis' }).tap();
  const card = (page: Page) => page.getByRole('article', { name: near });
  await expect(card(boss)).toContainText('Kahdeksan kymmenestä');
  await card(boss).getByRole('button', { name: 'Aloita kokeilu' }).tap();
  await expect(card(boss).getByRole('button', { name: near })).toBeFocused();
  await card(touch).getByRole('button', { name: near }).tap();
  await field('Mitä opittiin').fill('Kirje kannattaa avata heti');
  await dialog.getByText('Jatketaan', { exact: true }).tap();
  await dialog.getByRole('button', { name: 'Valmis' }).tap();
  await expect(card(boss)).toContainText('Jatketaan');
  await card(boss).getByRole('button', { name: 'Merkitse valmiiksi' }).tap();
  await expect(boss.getByRole('region', { name: 'Valmis' })).toContainText(near);
  await next(boss, 'Valmis');
}

async function download(page: Page, place: Locator, file: string): Promise<Buffer> {
  const coming = page.waitForEvent('download');
  await place.getByRole('button', { name: `Lataa ${file}` }).tap();
  const got = await coming;
  expect(got.suggestedFilename()).toMatch(new RegExp(`^Nuorten-palvelut-.*-${file}$`));
  return readFile(await got.path());
}

/** The words of a Word document, a line for each of its paragraphs. */
function wordsOf(docx: Buffer): string {
  const { 'word/document.xml': xml } = unzipSync(docx);
  if (!xml) throw new Error('no Word document');
  return strFromU8(xml)
    .replaceAll('</w:p>', '\n')
    .replaceAll(/<[^>]*>/g, '');
}

/** What all of it has come to, as every file says it. */
const sentences = [
  `Segmentin ${near} tarjonta on ohut: 1 kattava palvelu, 44 % tarjonnasta, 80 % tarpeesta.`,
  `Palvelut kasautuvat segmenttiin ${far}: 2 kattavaa palvelua, 56 % tarjonnasta, 20 % tarpeesta.`,
  `Tarpeeseen Valmennus ei ole palvelua segmentissä ${near}.`,
  'Joku avaa kirjeet yhdessä',
  'Kukaan ei jää yksin',
  'Kahdeksan kymmenestä',
  'Kirje kannattaa avata heti',
];

/** The facilitator takes two files, and opens a third to everyone. */
async function takeHome({ boss, touch }: Room): Promise<void> {
  const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
  await expect(touch.getByText('Fasilitaattori ei ole avannut tiedostoja.')).toBeVisible();
  await boss.getByRole('button', { name: 'Lataa tulokset' }).tap();
  const dialog = boss.getByRole('dialog');
  const words = plain(wordsOf(await download(boss, dialog, 'report.docx')));
  for (const sentence of sentences) expect(words).toContain(sentence);

  await dialog.getByRole('checkbox', { name: 'report.pdf' }).check();
  const pdf = new Uint8Array(await download(touch, touch.getByRole('main'), 'report.pdf'));
  const { text } = await extractText(pdf, { mergePages: true });
  for (const sentence of sentences) expect(plain(text)).toContain(sentence);

  const sheets = await readWorkbook(await download(boss, dialog, 'matrix.xlsx'));
  expect(sheets.find(({ sheet }) => sheet === 'Matriisi')?.data).toEqual([
    ['palveluluokka', 'palvelu', near, far],
    ['Valmennus', 'Työpaja', '–', 85],
    ['Neuvonta', 'Etsivä nuorisotyö', 62.5, '–'],
    ['Neuvonta', 'Velkaneuvonta', 20, 75],
    [null, 'kattavia palveluja', 1, 2],
    [null, 'osuus tarjonnasta', expect.closeTo(0.4386, 4), expect.closeTo(0.5614, 4)],
    [null, 'osuus tarpeesta', 0.8, 0.2],
    [null, 'tila', 'Ohut tarjonta', 'Kasautuma'],
  ]);
  const notes = sheets.find(({ sheet }) => sheet === 'Laput')?.data ?? [];
  expect(notes.map(([, words, , value, group]) => [words, value, group])).toContainEqual([
    'Hoitaa arjen itse',
    72,
    far,
  ]);
}

async function analysis(request: APIRequestContext, link: string): Promise<unknown> {
  const { pathname, hash } = new URL(link);
  const answer = await request.get(`/api/boards/${pathname.split('/')[2] ?? ''}/analysis`, {
    headers: { authorization: `Bearer ${hash.slice(1)}` },
  });
  expect(answer.status()).toBe(200);
  return answer.json();
}

test('a workshop is held in the page, from an empty board to the files taken home', async ({
  browser,
  request,
}) => {
  const room = await gather(browser);
  const { boss, touch } = room;
  const link = boss.url();
  await describe(room);
  await next(boss, 'Ryhmittele');
  await group(room);
  await next(boss, 'Nimeä');
  await next(boss, 'Kuvaa segmentit');
  await writeCards(room);
  await next(boss, 'Sijoita janalle');
  await freeze(room);
  await next(boss, 'Arvioi palvelut');
  await addServices(room);
  await assess(room);
  await readFindings(room);
  await setGoal(room);
  await tryOut(room);

  expect(await analysis(request, link)).toMatchObject({
    noteCounts: { total: 6, onAxis: 6, ungrouped: 0 },
    segments: [
      { status: 'thin', needShare: 0.8, supply: 1.25, weakSupply: 0.2, supplyShare: 0.4386 },
      { status: 'pileup', needShare: 0.2, supply: 1.6, coverCount: 2, supplyShare: 0.5614 },
    ],
    imbalance: 0.3614,
    impactGoals: [{ reach: 1, withoutMeans: false }],
  });
  // The result is what everyone sees then.
  for (const page of [boss, touch]) {
    const row = page.getByRole('row', { name: /^Neuvonta Etsivä/ });
    await expect(row.getByRole('cell', { name: '63 ●' })).toBeVisible();
    await expect(row.getByRole('cell', { name: '–', exact: true })).toBeVisible();
    await expect(page.getByText('Kukaan ei jää yksin').first()).toBeVisible();
  }
  await takeHome(room);
});
