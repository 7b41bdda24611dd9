// A guest's order, found in another browser by its number and email.

import type { Page } from '@playwright/test';
import { NO_BACKEND_URL } from './support/addresses.ts';
import { giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { addToCart, checkOut, expectSignedIn, field, LEMONS, signIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const LOOKUP = '/api/orders/lookup';

const main = (page: Page) => page.getByRole('main');

async function lookUp(page: Page, number: string, email: string): Promise<void> {
  await field(page, 'Order number').fill(number);
  await field(page, 'Email').fill(email);
  await field(page, 'Email').press('Enter');
}

test('a guest finds the order elsewhere, is told what is wrong, and keeps it by signing in', { tag: '@phone' }, async ({ page, newGuest, shopper, watch }) => {
  await addToCart(page, LEMONS);
  const number = await checkOut(page, { email: shopper.email });

  const elsewhere = await newGuest();
  await visit(elsewhere, '/c/music', 'Music');
  await elsewhere.getByRole('contentinfo').getByRole('link', { name: 'Find your order' }).click();
  await arrive(elsewhere, 'Find your order');
  await elsewhere.getByRole('button', { name: 'Find order' }).click();
  await expect(field(elsewhere, 'Order number')).toBeFocused();
  await expect(field(elsewhere, 'Order number')).toHaveAccessibleDescription(/Enter the number from the confirmation/);
  await checkPage(elsewhere);

  watch.expectFailure(LOOKUP, 404);
  await lookUp(elsewhere, number.toLowerCase(), 'nobody@example.com');
  const refusal = elsewhere.getByRole('alert').filter({ hasText: 'No such order' });
  await expect(refusal).toContainText('Compare both with the confirmation.');
  await expect(elsewhere.locator(':focus').filter({ has: refusal })).toBeVisible();
  await checkPage(elsewhere);

  await lookUp(elsewhere, number.toLowerCase(), shopper.email.toUpperCase());
  await arrive(elsewhere, `Order ${number}`);
  await expect(main(elsewhere).getByRole('heading', { name: 'Where it is' })).toBeVisible();
  await expect(main(elsewhere)).toContainText(LEMONS.name);
  await expect(main(elsewhere).getByRole('button', { name: 'Cancel order' })).toHaveCount(0);
  await elsewhere.reload();
  await arrive(elsewhere, `Order ${number}`);

  await main(elsewhere).getByRole('link', { name: 'Sign in or create an account' }).click();
  await giveCredentials(elsewhere, shopper);
  await arrive(elsewhere, 'All Orders');
  await expectSignedIn(elsewhere, shopper);
  await main(elsewhere).getByRole('link', { name: new RegExp(number) }).click();
  await arrive(elsewhere, `Order ${number}`);
  await expect(main(elsewhere).getByRole('button', { name: 'Cancel order' })).toBeVisible();
});

test.describe('in the shop without a backend', () => {
  test.use({ baseURL: NO_BACKEND_URL });

  test('it is found without any cookie, and kept by whoever has signed in', async ({ page, newGuest, shopper }) => {
    await addToCart(page, LEMONS);
    const number = await checkOut(page, { email: shopper.email });
    const elsewhere = await newGuest();
    await visit(elsewhere, '/orders/find', 'Find your order');
    await lookUp(elsewhere, number, shopper.email);
    await arrive(elsewhere, `Order ${number}`);
    await elsewhere.reload();
    await arrive(elsewhere, `Order ${number}`);
    expect(await elsewhere.context().cookies()).toEqual([]);

    await visit(elsewhere, '/orders/find', 'Find your order');
    await signIn(elsewhere, shopper);
    await arrive(elsewhere, 'Find your order');
    await lookUp(elsewhere, number, shopper.email);
    await arrive(elsewhere, `Order ${number}`);
    await expect(elsewhere).toHaveURL(`${NO_BACKEND_URL}/account/orders/${number}`);
  });
});
