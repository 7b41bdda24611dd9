// A session that ran out while nobody was here: whoever comes next, be it to a shared computer, finds nothing of the
// customer, only what was typed without being signed in, and can be rid of that too.

import type { Page } from '@playwright/test';
import { giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { ageSession } from './support/sessions.ts';
import { addToCart, endedNotice, expectInCart, field, LEMONS, MAP, signIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const kept = (page: Page) => page.getByRole('status').filter({ hasText: 'A session has ended in this browser.' });
const FIELDS = ['Email', 'Full name', 'Address', 'Postcode', 'City'];

async function typed(page: Page): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of FIELDS) values[name] = await field(page, name).inputValue();
  return values;
}

test.describe('after an unattended end', () => {
  test('the form has what was typed as a guest and nothing of the customer; it says so, and forgets it @phone', async ({ page, shopper }) => {
    await addToCart(page, LEMONS);
    await visit(page, '/checkout', 'Check out');
    await field(page, 'City').fill('Potsdam');
    await signIn(page, shopper);
    await arrive(page, 'Check out');
    await expect(field(page, 'Email')).toHaveValue(shopper.email);
    await expect(field(page, 'City')).toHaveValue('Potsdam');
    await field(page, 'Address').fill('Lindenallee 7');
    await field(page, 'City').fill('Berlin');
    await field(page, 'Card number').fill('4242 4242 4242 4242');
    const tab = await page.context().newPage();
    await tab.goto('/');
    await ageSession(tab, 31);

    await expect(endedNotice(page)).toContainText('Nobody used the shop for a while');
    await expect(endedNotice(page)).not.toContainText('still here');
    // The cart was the customer's.
    await expectInCart(page, 0);
    await expect(page.getByText('Your cart is empty')).toBeVisible();
    await addToCart(tab, MAP);
    await visit(page, '/checkout', 'Check out');
    await expect(kept(page)).toContainText('what was typed without being signed in: City.');
    expect(await typed(page)).toEqual({ Email: '', 'Full name': '', Address: '', Postcode: '', City: 'Potsdam' });
    await expect(field(page, 'Card number')).toHaveValue('');
    const [shown, stored] = await page.evaluate(() => [document.body.innerText, JSON.stringify({ ...sessionStorage })]);
    for (const trace of [shopper.email, 'Lindenallee', 'Berlin']) expect(shown + stored).not.toContain(trace);
    // On the screen it is one of the sandbox's cards.
    expect(stored).not.toContain('4242');
    await checkPage(page);

    await kept(page).getByRole('button', { name: 'Forget what was typed' }).click();
    await expect(kept(page)).toHaveCount(0);
    await expect(field(page, 'City')).toHaveValue('');
    await page.reload();
    await arrive(page, 'Check out');
    await expect(field(page, 'City')).toHaveValue('');
  });

  test('a form that was filled by the customer alone is empty, also in a page that is opened later', async ({ page, shopper }) => {
    await page.goto('/auth/login?return_to=/');
    await giveCredentials(page, shopper);
    await addToCart(page, LEMONS);
    await visit(page, '/checkout', 'Check out');
    await field(page, 'Address').fill('Lindenallee 7');
    await page.goto('/');
    await ageSession(page, 31);
    await addToCart(page, MAP);
    await visit(page, '/checkout', 'Check out');
    expect(await typed(page)).toEqual(Object.fromEntries(FIELDS.map((name) => [name, ''])));
    await expect(kept(page)).toHaveCount(0);
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('Lindenallee');
  });

  test('cart and wishlist of the customer leave the screen, and are back after the next login', async ({ page, context, shopper }) => {
    await page.goto('/auth/login?return_to=/');
    await giveCredentials(page, shopper);
    await addToCart(page, LEMONS);
    await page.getByRole('button', { name: 'Add to wishlist' }).click();
    await visit(page, '/cart', 'Cart');
    const tab = await context.newPage();
    await visit(tab, '/wishlist', 'Wishlist');
    await expect(tab.getByRole('main')).toContainText(LEMONS.name);
    await ageSession(tab, 31);
    await expect(endedNotice(page)).toBeVisible();
    await expect(page.getByText('Your cart is empty')).toBeVisible();
    await expect(tab.getByRole('main')).not.toContainText(LEMONS.name);
    await endedNotice(page).getByRole('link', { name: `Continue as ${shopper.name}` }).click();
    await arrive(page, 'Cart');
    await expectInCart(page, 1);
  });
});
