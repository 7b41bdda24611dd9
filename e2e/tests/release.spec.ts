// A new release takes the place of the one that a tab has loaded: what that tab has not fetched yet is gone.

import type { Page } from '@playwright/test';
import { arrive } from './support/page_check.ts';
import { addToCart, bannerLink, expectInCart, field, LEMONS } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const CHUNKS = /\/pkg\/[^/]+\/(group|split)[^/]*\.(bin|wasm)$/;

/** Until the page is loaded anew `times` times, as a server of the next release answers: no such file. */
async function chunksAreGone(page: Page, times: number): Promise<() => number> {
  let loads = 0;
  await page.route('/**', async (route) => {
    const request = route.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) loads += 1;
    if (CHUNKS.test(request.url()) && loads < times) await route.fulfill({ status: 404, body: 'There is no such file.' });
    else await route.continue();
  });
  return () => loads;
}

test.describe('a new release while a tab is open', () => {
  test('what the tab has goes on, and a page that it has not loads after one reload', async ({ page, watch }) => {
    await page.goto(`/p/${LEMONS.slug}`);
    await arrive(page, LEMONS.name);
    const loads = await chunksAreGone(page, 1);
    watch.expectFailure(CHUNKS, 404);
    watch.expectMessage(/TypeError|wasm|WebAssembly/);
    await page.getByRole('button', { name: 'Add to cart', exact: true }).click();
    await expectInCart(page, 1);
    expect(loads()).toBe(0);
    await bannerLink(page, 'Cart').click();
    await arrive(page, 'Cart');
    await expect(page).toHaveURL('/cart');
    await expect(page.getByRole('main')).toContainText(LEMONS.name);
    expect(loads()).toBe(1);
    await page.goBack();
    await arrive(page, LEMONS.name);
  });

  test('what was typed at the checkout survives that reload', async ({ page, watch }) => {
    await addToCart(page, LEMONS);
    await page.goto('/checkout');
    await arrive(page, 'Check out');
    await field(page, 'Email').fill('katherine@example.com');
    await field(page, 'Address').fill('Lindenallee 7');
    const loads = await chunksAreGone(page, 1);
    watch.expectFailure(CHUNKS, 404);
    watch.expectMessage(/TypeError|wasm|WebAssembly/);
    await bannerLink(page, 'Cart').click();
    await arrive(page, 'Cart');
    expect(loads()).toBe(1);
    await page.goBack();
    await arrive(page, 'Check out');
    await expect(field(page, 'Email')).toHaveValue('katherine@example.com');
    await expect(field(page, 'Address')).toHaveValue('Lindenallee 7');
    await expectInCart(page, 1);
  });

  test('a reload that does not help is not repeated', async ({ page, watch }) => {
    await page.goto(`/p/${LEMONS.slug}`);
    await arrive(page, LEMONS.name);
    const loads = await chunksAreGone(page, Infinity);
    watch.expectFailure(CHUNKS, 404);
    watch.expectMessage(/TypeError|wasm|WebAssembly/);
    await bannerLink(page, 'Cart').click();
    await arrive(page, 'This page did not load');
    await expect(page).toHaveURL('/cart');
    expect(loads()).toBe(1);
    // The rest of the shop is there.
    await page.getByRole('link', { name: 'storezero', exact: true }).click();
    await arrive(page, 'Good things, zero fuss.');
    expect(loads()).toBe(1);
    await page.unroute('/**');
    await bannerLink(page, 'Cart').click();
    await arrive(page, 'Cart');
  });
});
