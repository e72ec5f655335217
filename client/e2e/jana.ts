// What the stories need: boards made over HTTP, pages opened by their links, notes found and moved as people do.
import {
  expect,
  test as base,
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from '@playwright/test';

const opened: BrowserContext[] = [];

/** Playwright's, after which everyone leaves: a browser with the pages of all stories before would grow slow. */
export const test = base.extend<{ leaving: undefined }>({
  leaving: [
    async ({ browserName }, use) => {
      void browserName;
      await use(undefined);
      await Promise.all(opened.splice(0).map((context) => context.close()));
    },
    { auto: true },
  ],
});

export interface Board {
  id: string;
  keys: { facilitator: string; participant: string; viewer: string };
  links: { facilitator: string; participant: string; viewer: string };
}

export interface Item {
  id: string;
  type: string;
  text?: string;
  x: number;
  y: number;
  groupId?: string;
  [field: string]: unknown;
}

export async function makeBoard(request: APIRequestContext, template = 'demo'): Promise<Board> {
  const answer = await request.post('/api/boards', {
    data: { title: 'Koe', language: 'fi', template },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()) as Board;
}

/** The board as the server has it. */
export async function itemsOf(
  request: APIRequestContext,
  board: Board,
  origin = '',
): Promise<Item[]> {
  const answer = await request.get(`${origin}/api/boards/${board.id}`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
  });
  expect(answer.status()).toBe(200);
  return ((await answer.json()) as { items: Item[] }).items;
}

export async function itemOf(
  request: APIRequestContext,
  board: Board,
  id: string,
  origin = '',
): Promise<Item> {
  const item = (await itemsOf(request, board, origin)).find((it) => it.id === id);
  if (!item) throw new Error(`${id} is not on the board`);
  return item;
}

/** Writes notes by HTTP, as a program does: an axis board's band is 500–5900 high, 200–10200 wide. */
export async function writeNotes(
  request: APIRequestContext,
  board: Board,
  notes: readonly { id: string; text: string; x: number; y: number }[],
): Promise<void> {
  const answer = await request.post(`/api/boards/${board.id}/ops`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
    data: {
      client: 'e2e',
      n: 1,
      me: 'ohjelma',
      ops: notes.map((it) => ({ do: 'create', item: { type: 'note', ...it } })),
    },
  });
  expect(await answer.json()).toMatchObject({ refused: [] });
}

/** Does something to the board as a facilitator's program, and says what was refused. */
export async function steer(
  request: APIRequestContext,
  board: Board,
  n: number,
  ...ops: object[]
): Promise<unknown> {
  const answer = await request.post(`/api/boards/${board.id}/ops`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
    data: { client: 'e2e', n, me: 'ohjelma', ops },
  });
  return ((await answer.json()) as { refused: unknown }).refused;
}

/** A person at a board, in a browser of their own. What the console says is a failure of the test. */
export async function come(
  browser: Browser,
  link: string,
  options: BrowserContextOptions & {
    quiet?: boolean;
    /** Before the page is asked for. */
    prepare?: (page: Page) => Promise<unknown>;
  } = {},
): Promise<Page> {
  const { quiet = true, prepare, ...rest } = options;
  const context = await browser.newContext({ serviceWorkers: 'block', ...rest });
  opened.push(context);
  const page = await context.newPage();
  if (quiet) beSilent(page);
  await prepare?.(page);
  await page.goto(link);
  await expect(page.getByRole('banner')).toBeVisible();
  return page;
}

/** Somebody who does not say their name now. */
export async function closeNamePrompt(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sulje' }).click();
}

/** Counts from now on how many notes move by themselves. */
export async function watchMotion(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const moved = new Set<string>();
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on its element
    const { animate } = Element.prototype;
    Object.assign(window, { moved });
    Element.prototype.animate = function (this: Element, ...args) {
      moved.add(this.getAttribute('data-note') ?? '');
      return Reflect.apply(animate, this, args);
    };
  });
  return () => page.evaluate(() => (window as unknown as { moved: Set<string> }).moved.size);
}

/** Fails the test on whatever the console says, but for what Playwright itself makes it say. */
export function beSilent(page: Page): void {
  page.on('console', (message) => {
    if (message.text().includes('blocked by Playwright')) return;
    expect.soft(`${message.type()}: ${message.text()}`, 'the console').toBe('');
  });
  page.on('pageerror', (error) => {
    expect.soft(error.stack ?? error.message, 'an error of the page').toBe('');
  });
}

export function note(page: Page, id: string) {
  return page.locator(`[data-note="${id}"]:not([aria-hidden])`);
}

export async function centre(page: Page, id: string): Promise<{ x: number; y: number }> {
  const box = await note(page, id).boundingBox();
  if (!box) throw new Error(`${id} is not in sight`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Takes a note up with the mouse and moves it; the button stays down. */
export async function takeUp(page: Page, id: string, dx: number, dy: number): Promise<void> {
  const from = await centre(page, id);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + dx, from.y + dy, { steps: 12 });
}

export async function drag(page: Page, id: string, dx: number, dy: number): Promise<void> {
  await takeUp(page, id, dx, dy);
  await page.mouse.up();
}

/** What the notes on the screen say, and where they are. */
export async function texts(page: Page): Promise<string[]> {
  const all = await page
    .locator('[data-note]:not([aria-hidden])')
    .evaluateAll((notes) =>
      notes.map(
        (n) => `${n.getAttribute('data-note') ?? ''} ${n.getAttribute('aria-label') ?? ''}`,
      ),
    );
  return all.sort();
}

/** Notes that a pointer meets at their centre. */
export async function uncovered(page: Page): Promise<string[]> {
  return page.locator('[data-note]:not([aria-hidden])').evaluateAll((notes) =>
    notes
      .filter((n) => {
        const box = n.getBoundingClientRect();
        return n.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
      })
      .map((n) => n.getAttribute('data-note') ?? ''),
  );
}
