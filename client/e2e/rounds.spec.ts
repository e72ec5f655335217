// The same group meets again: a round is kept, the next one assesses anew, and everyone reads what has changed.
import { expect, type APIRequestContext } from '@playwright/test';
import { check } from './everyone';
import { closeNamePrompt, come, itemsOf, makeBoard, test, type Board, type Item } from './jana';

const laptop = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const opsPerPush = 200;

/** Does something to the board as a facilitator's program. */
async function steer(
  request: APIRequestContext,
  board: Board,
  n: number,
  ops: readonly object[],
): Promise<void> {
  const answer = await request.post(`/api/boards/${board.id}/ops`, {
    headers: { authorization: `Bearer ${board.keys.facilitator}` },
    data: { client: 'e2e', n, me: 'ohjelma', ops },
  });
  expect(await answer.json()).toMatchObject({ refused: [] });
}

/** What it takes to assess a cell as it was; one segment fares better in the next round. */
function assessed(cell: Item, better: string): object[] {
  const at = { do: 'assess', service: cell['serviceId'], segment: cell['segmentId'] };
  const ratings = Object.entries((cell['ratings'] ?? {}) as Record<string, number>);
  return cell['serves'] === false
    ? [{ ...at, serves: false }]
    : ratings.map(([criterion, rating]) => ({
        ...at,
        criterion,
        rating: cell['segmentId'] === better ? 4 : rating,
      }));
}

test('a round is kept, the next one is assessed from the start, and what changed is read', async ({
  browser,
  request,
}) => {
  const board = await makeBoard(request);
  await steer(request, board, 1, [{ do: 'phase', to: 'assess' }]);
  const before = (await itemsOf(request, board)).filter(({ type }) => type === 'assessment');
  const boss = await come(browser, board.links.facilitator, laptop);
  const person = await come(browser, board.links.participant, phone);
  for (const page of [boss, person]) await closeNamePrompt(page);

  await boss.getByRole('button', { name: 'Valikko' }).click();
  await boss.getByRole('button', { name: 'Tilannekuvat' }).click();
  await boss.getByRole('button', { name: 'Uusi kierros' }).click();
  const round = boss.getByRole('dialog', { name: 'Uusi kierros' });
  await expect(round.getByLabel('Päättyvän kierroksen nimi')).toHaveValue('Kierros 1');
  await expect(round.getByText(`${before.length} arviota tyhjenee`)).toBeVisible();
  await check(boss, 'a new round');
  await boss.keyboard.press('Enter');
  await expect(boss.getByRole('group', { name: /Edellinen on tallessa: Kierros 1/ })).toBeVisible();
  await expect
    .poll(async () => (await itemsOf(request, board)).filter(({ type }) => type === 'assessment'))
    .toEqual([]);
  const told = person.getByRole('group', { name: `tyhjensi ${before.length} arviota` });
  await expect(told).toBeVisible();
  await told.getByRole('button', { name: 'Sulje' }).tap();

  const ops = [
    ...before.flatMap((cell) => assessed(cell, 'seg1')),
    { do: 'move', moves: [['n003', 9000, 2000]] },
  ];
  for (let i = 0; i < ops.length; i += opsPerPush) {
    await steer(request, board, 2 + i, ops.slice(i, i + opsPerPush));
  }

  // Everyone reads it, from the findings; a phone as well as a laptop.
  await person.getByRole('button', { name: 'Taulun valikko' }).tap();
  await person.getByRole('dialog').getByRole('button', { name: 'Löydökset', exact: true }).tap();
  await person.getByRole('button', { name: 'Vertaa aiempaan' }).tap();
  const turns = person.getByRole('dialog', { name: 'Mikä on muuttunut' });
  await expect(turns.getByLabel('Ennen', { exact: true })).toContainText('Kierros 1');
  const segment = turns.getByRole('listitem').filter({ hasText: 'Rinnallakulkua tarvitsevat' });
  await expect(segment.first()).toContainText('Ohut tarjonta');
  await expect(segment.first()).toContainText('kattavia palveluja');
  await expect(turns.getByText('1 lappu siirtynyt janalla')).toBeVisible();
  await check(person, 'what has changed, on a phone');
  await turns.getByRole('button', { name: 'Sulje' }).tap();
  await expect(person.getByRole('button', { name: 'Vertaa aiempaan' })).toBeFocused();

  // By keyboard, from the snapshots; and between two of them.
  await steer(request, board, 900, [{ do: 'milestone', name: 'Kierros 2' }]);
  await boss.getByRole('button', { name: 'Valikko' }).click();
  await boss.getByRole('button', { name: 'Tilannekuvat' }).click();
  await boss
    .getByRole('button', { name: 'Vertaa nykyistä tilannekuvaan Kierros 1' })
    .press('Enter');
  const wide = boss.getByRole('dialog', { name: 'Mikä on muuttunut' });
  await expect(wide.getByLabel('Ennen', { exact: true })).toBeFocused();
  await wide.getByLabel('Jälkeen').press('ArrowDown');
  await expect(wide.getByLabel('Jälkeen')).toHaveValue(/^m/);
  await expect(wide.getByText('1 lappu siirtynyt janalla')).toBeVisible();
  await check(boss, 'what has changed');
  await wide.getByLabel('Ennen', { exact: true }).press('ArrowUp');
  await expect(wide.getByText('Laput ovat ennallaan.')).toBeVisible();
  await boss.keyboard.press('Escape');
  await expect(wide).toHaveCount(0);
});
