// A person's own few colours in the place of all others: what is chosen, and what is but an icon, can still be seen.

import type { Locator, Page } from '@playwright/test';
import { giveCredentials } from './support/idp.ts';
import { settle } from './support/page_check.ts';
import { bannerLink, expectSignedIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

type Part = '::before' | '::after' | undefined;

const style = (element: Locator, property: string, part?: Part): Promise<string> =>
  element.evaluate((element, [property, part]) => getComputedStyle(element, part).getPropertyValue(property!), [property, part] as const);

/** What an edge, an underline and a background say. */
const look = (element: Locator): Promise<string[]> =>
  Promise.all(['border-top-color', 'border-top-width', 'text-decoration-line', 'background-color'].map((name) => style(element, name)));

async function expectToldApart(chosen: Locator, other: Locator): Promise<void> {
  expect(await look(chosen)).not.toEqual(await look(other));
}

async function expectDrawn(element: Locator, part?: Part): Promise<void> {
  const paper = await style(element.page().locator('html'), 'background-color');
  expect(await style(element, 'background-color', part)).not.toBe(paper);
  expect(await style(element, 'background-color', part)).not.toBe('rgba(0, 0, 0, 0)');
}

/** Without axe-core: it compares the colours that the shop wrote, and not those that are painted. */
async function open(page: Page, path: string, heading: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
  await settle(page);
}

test.describe('with forced colours', { tag: '@phone' }, () => {
  test.beforeEach(async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active' });
  });

  test('the chosen variant, the icons and the message can be seen', async ({ page, isMobile }) => {
    await open(page, '/p/organic-cotton-t-shirt', 'Organic Cotton T-Shirt');
    const colours = page.getByRole('group', { name: 'Colour' }).locator('label');
    const [chosen, other] = [colours.filter({ has: page.locator('input:checked') }), colours.filter({ has: page.locator('input:not(:checked)') })];
    await expectToldApart(chosen, other.first());
    await chosen.getByRole('radio').focus();
    expect(await style(chosen, 'outline-style')).toBe('solid');
    const wish = page.getByRole('button', { name: 'Add to wishlist' });
    await expectDrawn(wish, '::before');
    await expectDrawn(page.getByRole('search'), '::before');
    await expectDrawn(bannerLink(page, 'Wishlist'), '::before');
    if (isMobile) await expectDrawn(bannerLink(page, 'Cart'), '::before');
    await wish.click();
    const message = page.locator('.toast').filter({ hasText: 'is on your wishlist' });
    expect(await style(message, 'border-top-style')).toBe('solid');
    await open(page, '/c/music', 'Music');
    await expectToldApart(
      page.getByRole('navigation', { name: 'Categories' }).locator('[aria-current="page"]'),
      page.getByRole('navigation', { name: 'Categories' }).locator('a:not([aria-current])').first(),
    );
    await expectDrawn(page.locator('.quick-add').first(), '::before');
  });

  test('the page Sessions shows where one is, how long a session lives, and how a fact is known', async ({ page, isMobile, shopper }) => {
    await page.emulateMedia({ forcedColors: 'none' });
    await page.goto('/auth/login?return_to=/sessions');
    await giveCredentials(page, shopper);
    await expectSignedIn(page, shopper);
    await page.emulateMedia({ forcedColors: 'active' });
    await open(page, '/sessions', 'Sessions');
    await expectToldApart(bannerLink(page, 'Sessions'), bannerLink(page, 'All Orders'));
    await expectToldApart(page.locator('.tour-step.is-next'), page.locator('.tour-step:not(.is-next)').first());
    await expectDrawn(page.locator('.kind').first(), '::before');
    await expectDrawn(page.locator('.lane-state.is-alive').first(), '::before');
    expect(await style(page.locator('.countdown-bar').first(), 'border-top-style')).toBe('solid');
    const record = page.getByRole('switch', { name: 'Record page views' });
    await expectDrawn(record, '::before');
    const flows = page.getByRole('list', { name: 'Flows, the newest first' }).getByRole('listitem');
    expect(await style(flows.and(page.locator('.is-shown')), 'border-top-width')).toBe('3px');
    if (isMobile) await expectToldApart(page.getByRole('tab', { selected: true }), page.getByRole('tab', { selected: false }).first());
  });
});
