// Where the notes fall apart by themselves, and where nobody has written yet.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { closeNamePrompt, come, itemsOf, makeBoard, test, writeNotes } from './jana';

const laptop = { viewport: { width: 1440, height: 900 } };

test('a suggestion is looked at, taken as one deed, and undone', async ({ browser, request }) => {
  const board = await makeBoard(request, 'segmentation');
  // Three heaps: around 10, 50 and 90 of the axis.
  const places = [8, 10, 12, 48, 50, 51, 53, 88, 90, 91];
  await writeNotes(
    request,
    board,
    places.map((value, i) => ({
      id: `n${i}`,
      text: i < 2 ? 'Vuokrarästi on viety ulosottoon' : `Lappu ${i}`,
      x: 200 + value * 100,
      y: 900 + (i % 3) * 900,
    })),
  );
  const boss = await come(browser, board.links.facilitator, laptop);
  await closeNamePrompt(boss);
  // While people write, everyone sees where it is empty.
  await boss.getByRole('button', { name: 'Kattavuus' }).click();
  await expect(boss.getByText(/kohtaa on tyhjiä/)).toBeVisible();
  await expect(
    boss.getByRole('row', { name: /Perhesuhteet/ }).getByText('tyhjä', { exact: true }),
  ).toHaveCount(5);
  await boss.getByRole('button', { name: 'Seuraava: Ryhmittele' }).click();
  await boss.getByRole('button', { name: 'Ryhmät' }).click();
  await boss.getByRole('button', { name: 'Ryhmäehdotus' }).click();
  const panel = boss.getByRole('complementary');
  await expect(panel.getByText('3 ryhmää', { exact: true })).toBeVisible();
  await expect(panel.getByText('Selkein jako.')).toBeVisible();
  await expect(boss.locator('.board-ghost')).toHaveCount(2);
  expect((await new AxeBuilder({ page: boss }).analyze()).violations).toEqual([]);
  // Another number by the keyboard.
  await panel.getByRole('slider').press('ArrowRight');
  await expect(panel.getByText('4 ryhmää', { exact: true })).toBeVisible();
  await expect(boss.locator('.board-ghost')).toHaveCount(3);
  await panel.getByRole('slider').press('ArrowLeft');
  await expect(panel.getByText('Vuokrarästi on viety ulosottoon').first()).toBeVisible();
  await panel.getByRole('button', { name: 'Ryhmittele näin' }).click();
  const sizes = async () => {
    const groups = new Map<unknown, number>();
    for (const { type, groupId } of await itemsOf(request, board)) {
      if (type === 'note' && groupId) groups.set(groupId, (groups.get(groupId) ?? 0) + 1);
    }
    return [...groups.values()].sort();
  };
  await expect.poll(sizes).toEqual([3, 3, 4]);
  await expect(panel.getByText(/Kaikki laput ovat jo ryhmissä/)).toBeVisible();
  await boss.getByRole('button', { name: 'Kumoa' }).click();
  await expect.poll(sizes).toEqual([]);
  await panel.getByRole('button', { name: 'Ryhmäehdotus' }).click();
  await expect(boss.locator('.board-ghost')).toHaveCount(0);
});
