// The figures that people see in the matrix and in the report are those that a program reads of the board, for both workshops:
// as they are imported, taken home and brought back, and after the server was killed.
import { fileURLToPath } from 'node:url';
import { expect, type Browser, type Page } from '@playwright/test';
import { come, test, type Item } from './jana';
import { Server } from './server';

const laptop = { viewport: { width: 1440, height: 900 } };

interface Analysis {
  readonly cells: readonly {
    readonly serviceId: string;
    readonly segmentId: string;
    readonly state: 'served' | 'not_served' | 'unassessed';
    readonly score: number;
    readonly covers: boolean;
  }[];
  readonly segments: readonly {
    readonly segmentId: string;
    readonly status: string;
    readonly coverCount: number;
    readonly needShare: number;
    readonly supplyShare: number;
  }[];
  readonly findings: readonly { readonly sentence: string }[];
}

type Cell = Analysis['cells'][number];

interface Figures extends Analysis {
  readonly items: ReadonlyMap<string, Item>;
}

const statuses: Readonly<Record<string, string>> = {
  gap: 'Aukko',
  thin: 'Ohut tarjonta',
  balanced: 'Tasapainossa',
  pileup: 'Kasautuma',
  unknown: 'Ei tiedetä',
};

/** What a program reads of the board that a page shows. */
async function figuresOf(page: Page): Promise<Figures> {
  const { origin, pathname, hash } = new URL(page.url());
  const address = `${origin}/api/boards/${pathname.split('/')[2] ?? ''}`;
  const read = async (rest: string) => {
    const answer = await page.request.get(address + rest, {
      headers: { authorization: `Bearer ${hash.slice(1)}` },
    });
    expect(answer.status()).toBe(200);
    return (await answer.json()) as unknown;
  };
  const { items } = (await read('')) as { items: Item[] };
  return {
    ...((await read('/analysis')) as Analysis),
    items: new Map(items.map((item) => [item.id, item])),
  };
}

/** Half up, of a share that has four decimals. */
function percent(share: number): string {
  return String(Math.floor(Math.round(share * 1e4) / 100 + 0.5));
}

function nameOf({ items }: Figures, id: string): string {
  const name = items.get(id)?.['name'];
  if (typeof name !== 'string') throw new Error(`${id} has no name`);
  return name;
}

async function checkMatrix(page: Page, figures: Figures): Promise<void> {
  const said = (cell: Cell) => {
    const intended = figures.items.get(cell.serviceId)?.['intendedSegmentIds'] ?? [];
    const meant = (intended as string[]).includes(cell.segmentId) ? ', tarkoitettu heille' : '';
    const words = {
      served: `${cell.covers ? 'kattaa' : 'heikko'}, ${percent(cell.score)}`,
      not_served: 'ei palvele',
      unassessed: 'ei arvioitu',
    };
    const of = `${nameOf(figures, cell.serviceId)}, ${nameOf(figures, cell.segmentId)}`;
    return `${of}: ${words[cell.state]}${meant}`;
  };
  const cells = page.getByRole('gridcell').getByRole('button');
  await expect(cells).toHaveCount(figures.cells.length);
  const shown = await cells.evaluateAll((all) => all.map((it) => it.getAttribute('aria-label')));
  expect(shown.sort()).toEqual(figures.cells.map(said).sort());
  const heads = page.getByRole('columnheader');
  for (const [i, segment] of figures.segments.entries()) {
    const balance =
      `${statuses[segment.status] ?? ''} tarve ${percent(segment.needShare)}\\s% ` +
      `tarjonta ${percent(segment.supplyShare)}\\s%`;
    await expect(heads.nth(i)).toHaveAccessibleName(
      new RegExp(`^${nameOf(figures, segment.segmentId)} (Kohta \\S+ )?${balance}$`),
    );
  }
}

/** The page of the report; then back to the board. */
async function checkReport(page: Page, figures: Figures): Promise<void> {
  const board = page.url();
  const { origin, pathname } = new URL(board);
  await page.goto(`${origin}${pathname}/report`);
  const table = page.getByRole('region', { name: 'Palvelumatriisi' }).getByRole('table').first();
  await expect(table).toBeVisible();
  // As it is read aloud: what is drawn says the same again.
  const [head = [], ...rows] = await table.getByRole('row').evaluateAll((all) =>
    all.map((row) =>
      [...row.children].map((cell) => {
        const read = cell.cloneNode(true) as Element;
        for (const drawn of read.querySelectorAll('[aria-hidden=true]')) drawn.remove();
        return read.textContent.trim();
      }),
    ),
  );
  const number = (text: string | undefined) => Number(text?.replace(',', '.'));
  const [covering = [], supply = [], need = [], status = []] = rows.slice(-4);
  for (const cell of figures.cells) {
    const row = rows.find(([, service]) => service === nameOf(figures, cell.serviceId)) ?? [];
    const text = row[head.indexOf(nameOf(figures, cell.segmentId))] ?? 'missing';
    const score = `${percent(cell.score)} ${cell.covers ? '●' : '○'}`;
    const want = { served: score, not_served: '–', unassessed: '' }[cell.state];
    // What was said of the cell follows.
    expect(text === want || (want !== '' && text.startsWith(`${want} `)), text).toBe(true);
  }
  for (const segment of figures.segments) {
    const i = head.indexOf(nameOf(figures, segment.segmentId));
    expect(number(covering[i])).toBe(segment.coverCount);
    // To the tenth of a percent.
    for (const [text, share] of [
      [supply[i], segment.supplyShare],
      [need[i], segment.needShare],
    ] as const) {
      expect(Math.abs(number(text) - share * 100), text).toBeLessThan(0.0501);
    }
    expect(status[i]).toBe(statuses[segment.status]);
  }
  const findings = page.getByRole('region', { name: 'Mitä löytyi' }).getByRole('listitem');
  expect(await findings.allTextContents()).toEqual(
    figures.findings.map(({ sentence }) => sentence),
  );
  await page.goto(board);
}

async function bring(browser: Browser, server: Server, file: string): Promise<Page> {
  // The console tells of a server that is killed.
  const page = await come(browser, server.origin, { ...laptop, quiet: false });
  await page.locator('input[type=file]').setInputFiles(file);
  await page.waitForURL(/\/b\/.*#/);
  return page;
}

for (const workshop of ['keski-uusimaa', 'museum']) {
  test(`the figures of ${workshop} are the same on every page`, async ({ browser }) => {
    const server = await Server.make();
    try {
      const fixture = new URL(`../../protocol/board/fixture/${workshop}.json`, import.meta.url);
      const page = await bring(browser, server, fileURLToPath(fixture));
      const figures = await figuresOf(page);
      await checkMatrix(page, figures);
      await checkReport(page, figures);

      await page.getByRole('button', { name: 'Taulun valikko' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Lataa tulokset' }).click();
      const coming = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Lataa board.json' }).click();
      const again = await bring(browser, server, await (await coming).path());
      const { items, ...rest } = await figuresOf(again);
      expect({ ...rest, items: undefined }).toEqual({ ...figures, items: undefined });
      await checkMatrix(again, { ...rest, items });

      await server.kill();
      await server.start();
      await again.reload();
      await checkMatrix(again, figures);
      await checkReport(again, figures);
    } finally {
      await server.end();
    }
  });
}
