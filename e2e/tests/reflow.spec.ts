// Nothing is cut off or scrolls sideways where the screen is narrow or the text is large (WCAG 2.2, 1.4.4 and 1.4.10),
// whatever people are called and wherever they live.

import type { Page } from '@playwright/test';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, settle } from './support/page_check.ts';
import { newShopper } from './support/people.ts';
import { addToCart, CARDS, expectThanks, field, fillCard, IDP_TOO, LEMONS, placeOrder, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const NAME = 'Hubert Wolfeschlegelsteinhausenbergerdorff';
const STREET = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkstraße 128';
const CITY = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch';

const SCREENS = [
  { width: 320, text: '100%' },
  { width: 640, text: '200%' },
];

async function expectToFit(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await settle(page);
  for (const { width, text } of SCREENS) {
    await page.setViewportSize({ width, height: 800 });
    const sticksOut = (): Promise<string[]> =>
      page.evaluate((text) => {
        const root = document.documentElement;
        root.style.fontSize = text;
        if (root.scrollWidth <= root.clientWidth) return [];
        const all = [...document.querySelectorAll('body *')];
        return all.filter((element) => element.getBoundingClientRect().right > root.clientWidth).map(({ outerHTML }) => outerHTML.slice(0, 160));
      }, text);
    await expect.soft.poll(sticksOut, { message: `${page.url()} on ${width} px with text of ${text}` }).toEqual([]);
  }
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
}

test('every page fits a narrow screen and large text, with long names too', async ({ page, watch }) => {
  test.slow();
  const person = await newShopper(NAME);
  await page.goto('/account/orders');
  await expectLoginPage(page);
  await expectToFit(page);
  await giveCredentials(page, person);
  await arrive(page, 'All Orders');
  await expectToFit(page);
  for (const path of ['/', '/c/books-stationery', '/search', `/search?q=${STREET}`, '/p/organic-cotton-t-shirt', '/cart']) {
    await page.goto(path);
    await expectToFit(page);
  }
  await addToCart(page, LEMONS);
  await page.goto('/cart');
  await expectToFit(page);
  await page.goto('/checkout');
  await field(page, 'Address').fill(STREET);
  await field(page, 'Postcode').fill('10115');
  await field(page, 'City').fill(CITY);
  await placeOrder(page);
  await expect(page.getByRole('alert').filter({ hasText: 'need your attention' })).toBeVisible();
  await expectToFit(page);
  await fillCard(page, CARDS.approved);
  await placeOrder(page);
  const number = await expectThanks(page);
  await expectToFit(page);
  await page.goto('/p/stoneware-teacup');
  await page.getByRole('button', { name: 'Add to wishlist' }).click();
  await expect(page.locator('.toast')).toBeVisible();
  await expectToFit(page);
  for (const path of ['/wishlist', '/account', '/account/orders', `/account/orders/${number}`, '/orders/find', `/orders/${number}`, '/account/sessions', '/sessions']) {
    await page.goto(path);
    await expectToFit(page);
  }
  for (const details of await page.locator('summary').all()) if (await details.isVisible()) await details.click();
  await expectToFit(page);
  watch.expectFailure('/no/such/page', 404);
  for (const path of ['/sign-in-problem?problem=unknown_attempt&return_to=/checkout', '/no/such/page']) {
    await page.goto(path);
    await expectToFit(page);
  }
  await signOut(page, person, IDP_TOO);
  await arrive(page, 'Signed out');
  await expectToFit(page);
});
