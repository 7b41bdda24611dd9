// What must hold on every page: it has arrived, nothing for axe-core to find, no sideways scrolling.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Goes there as a person who types the address, waits until the page is all there, and checks it. Left any earlier, a
 * page breaks off what it was fetching, and says so in the console.
 */
export async function visit(page: Page, path: string, heading: string | RegExp, status = 200): Promise<void> {
  const response = await page.goto(path);
  expect(response?.status(), `${path} answers`).toBe(status);
  await arrive(page, heading);
}

/** From now on pages come without their first data, and ask for it. */
export async function withoutFirstData(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      for (const answer of document.querySelectorAll('script[data-api]')) answer.remove();
    });
  });
}

/**
 * For a page that a click led to, be it by a login that asks nothing: a page that needs a customer has its heading
 * before the browser leaves, too.
 */
export async function arrive(page: Page, heading: string | RegExp): Promise<void> {
  const arrived = page
    .locator('body')
    .filter({ has: page.getByRole('heading', { level: 1, name: heading, exact: true }) })
    .filter({ hasNot: page.locator('.skeleton'), hasNotText: 'Taking you to PeakCommerce ID' });
  await expect(arrived, `the page ${heading}`).toBeVisible().catch(async (error: Error) => {
    throw new Error(`${error.message}\n\nInstead, ${new URL(page.url()).pathname} says:\n${await page.locator('body').innerText()}`);
  });
  await checkPage(page);
}

/** Pages in a shape that this worker has checked before: the same kinds of elements in the same colours and width. */
const checked = new Set<string>();

export async function checkPage(page: Page): Promise<void> {
  // Behind another tab nothing is drawn anew: a control would keep the colours that it is changing from.
  await page.bringToFront();
  await settle(page);
  const shape = await page.evaluate(shapeOfPage);
  if (checked.has(shape)) return;
  // Without frames in our pages, nothing is gained by the newer way, which opens a window for each check.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  const findings = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })),
  }));
  expect(findings, `accessibility of ${page.url()}`).toEqual([]);
  // WCAG 2.2, 1.4.10 Reflow.
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(tooWide, `pixels by which ${page.url()} is wider than the screen`).toBeLessThanOrEqual(0);
  checked.add(shape);
}

/** Runs in the page. */
function shapeOfPage(): string {
  const kinds = new Set<string>();
  for (const element of document.querySelectorAll('*')) {
    kinds.add(`${element.localName}.${element.getAttribute('class')} ${element.getAttributeNames().join()}`);
  }
  const { theme } = document.documentElement.dataset;
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  return [location.pathname.split('/').slice(0, 3).join('/'), theme, isDark, innerWidth, ...[...kinds].sort()].join('\n');
}

/** Until nothing is a placeholder any more, nobody is asked for in a hidden frame, and nothing is between two colours. */
export async function settle(page: Page): Promise<void> {
  const isSettled = (): boolean => {
    const pending = document.querySelector('.skeleton, .skeleton-tile, .skeleton-line, .is-updating, [aria-busy="true"], iframe');
    return pending === null && document.getAnimations().every(({ playState }) => playState === 'finished');
  };
  // As long as `expect` waits, and also through a navigation.
  await page.waitForFunction(isSettled, undefined, { timeout: 20_000 });
}
