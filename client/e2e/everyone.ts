// Whether everyone can use what a page shows: axe, and what axe does not see.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function check(page: Page, where: string): Promise<void> {
  // What still fades in has no contrast yet.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((a) => a.finished.catch(() => null))),
  );
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const found = violations.map(
    (v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`,
  );
  expect.soft(found, `axe: ${where}`).toEqual([]);
  expect.soft(await tooSmall(page), `controls under 44 px: ${where}`).toEqual([]);
  expect.soft(await outOfReach(page), `controls that Tab does not reach: ${where}`).toEqual([]);
}

const controls =
  'button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button], [role=radio], [role=switch], [role=tab], [role=menuitem]';

export function tooSmall(page: Page): Promise<string[]> {
  return page.locator(controls).evaluateAll((all) =>
    all.flatMap((el) => {
      // A checkbox or radio is as large as the label around it.
      const target = el.closest('label') ?? el;
      const box = target.getBoundingClientRect();
      const shown = el.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      const style = getComputedStyle(el);
      const hidden = !shown || box.width <= 1 || box.height <= 1 || style.clipPath !== 'none';
      const inline = el.tagName === 'A' && style.display === 'inline';
      if (hidden || inline || (box.width >= 43.5 && box.height >= 43.5)) return [];
      return [`${el.outerHTML.slice(0, 120)} ${box.width.toFixed(0)}×${box.height.toFixed(0)}`];
    }),
  );
}

export function outOfReach(page: Page): Promise<string[]> {
  return page.locator(controls).evaluateAll((all) =>
    all.flatMap((el) => {
      if (!(el instanceof HTMLElement) || !el.checkVisibility({ visibilityProperty: true }))
        return [];
      if (el.closest('[inert], [aria-hidden=true]') || el.matches(':disabled')) return [];
      // One of a group takes the Tab, arrow keys go on from there.
      const group = el.closest(
        '[role=radiogroup], [role=menu], [role=tablist], [role=listbox], [role=toolbar], [role=grid]',
      );
      const reached = group
        ? group.querySelector('[tabindex="0"], button:not([tabindex="-1"]), input')
        : null;
      // Rows of a list take it in turns: arrow keys go from row to row, and the row that has it lets Tab into it.
      const row = el.closest('li')?.querySelector('[data-row]');
      const turn = row && el.closest('main')?.querySelector('[data-row][tabindex="0"]');
      if (el.tabIndex >= 0 || reached || turn) return [];
      return [el.outerHTML.slice(0, 120)];
    }),
  );
}
