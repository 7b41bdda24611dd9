// What must hold on every page: it has arrived, nothing serious for axe-core to find, no sideways scrolling.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Goes there as a person who types the address, waits until the page is all there, and checks it. */
export async function visit(page: Page, path: string, heading: string | RegExp): Promise<void> {
  const response = await page.goto(path);
  expect(response?.status(), `${path} answers`).toBe(200);
  await arrive(page, heading);
}

/** For a page that a click led to. */
export async function arrive(page: Page, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: heading, exact: true })).toBeVisible();
  await checkPage(page);
}

export async function checkPage(page: Page): Promise<void> {
  await settle(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) }));
  expect(grave, `accessibility of ${page.url()}`).toEqual([]);
  // WCAG 2.2, 1.4.10 Reflow.
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(tooWide, `pixels by which ${page.url()} is wider than the screen`).toBeLessThanOrEqual(0);
}

/** Until nothing is a placeholder any more. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('.skeleton, .skeleton-tile, .skeleton-line, [aria-busy="true"]')).toHaveCount(0);
}
