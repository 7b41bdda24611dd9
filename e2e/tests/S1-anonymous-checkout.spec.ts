// "When checking out, a storezero.io user isn't required to log in to the site."

import { SHOP_URL } from './support/addresses.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { CART_COOKIE, sessionView, SHOP_COOKIE, silentAnswer } from './support/sessions.ts';
import {
  addToCart,
  bannerLink,
  CARDS,
  checkOut,
  expectInCart,
  expectSignedOut,
  expectThanks,
  field,
  fillCard,
  fillContactAndAddress,
  LEMONS,
  placeOrder,
} from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.describe('S1 anonymous checkout', { tag: '@phone' }, () => {
  test('a guest finds a product, buys it and is thanked, and nobody asks for an account', async ({ page, context }) => {
    const asked: string[] = [];
    page.on('request', (request) => {
      // The hidden question whom the identity provider knows asks nothing of the guest.
      const { origin, pathname } = new URL(request.url());
      const isElsewhere = origin !== SHOP_URL && request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (isElsewhere || (pathname.startsWith('/auth/') && !pathname.startsWith('/auth/silent'))) asked.push(request.url());
    });

    await visit(page, '/', 'Good things, zero fuss.');
    await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: 'Books & Stationery' }).click();
    await arrive(page, 'Books & Stationery');
    await page.getByRole('main').getByRole('link', { name: 'Folded World Map' }).click();
    await arrive(page, 'Folded World Map');
    await page.getByRole('button', { name: 'Add to cart', exact: true }).click();
    await expectInCart(page, 1);

    await bannerLink(page, 'Cart').click();
    await arrive(page, 'Cart');
    await expect(page.getByRole('main').getByRole('link', { name: 'Folded World Map' })).toBeVisible();
    await page.getByRole('link', { name: 'Check out' }).click();
    await arrive(page, 'Check out');
    await fillContactAndAddress(page, 'guest@example.com');
    await field(page, 'Country').selectOption({ label: 'Austria' });
    await field(page, 'Postcode').fill('1010');
    await field(page, 'City').fill('Wien');
    await page.getByRole('group', { name: 'Delivery' }).getByRole('radio', { name: 'Express' }).check();
    await fillCard(page, CARDS.approved);
    // 16.90 and 9.90 for express.
    await expect(page.getByRole('main')).toContainText('Total€26.80');
    await placeOrder(page);

    const number = await expectThanks(page);
    await expect(page.getByRole('main')).toContainText('1010 Wien');
    await expect(page.getByRole('main')).toContainText('Visa ending in 4242');
    await expectInCart(page, 0);
    await expectSignedOut(page);
    expect(asked, 'requests to sign in').toEqual([]);

    await page.reload();
    expect(await expectThanks(page)).toBe(number);
    const cookies = await context.cookies();
    expect(cookies.map(({ name }) => name).sort()).toEqual([SHOP_COOKIE, CART_COOKIE].sort());

    await page.getByRole('link', { name: 'mailbox' }).click();
    const letter = page.getByRole('article').filter({ has: page.getByRole('heading', { name: `Your order ${number}` }) });
    await expect(letter).toContainText('1 × Folded World Map');
    await expect(letter).toContainText('Total: €26.80');
    await checkPage(page);
  });

  test('a guest who browses gets no session and no cookie; the first line item begins one', async ({ page, context }) => {
    const answered = silentAnswer(page);
    await visit(page, '/', 'Good things, zero fuss.');
    await answered;
    await visit(page, '/c/music', 'Music');
    await visit(page, '/search?q=teapot', 'Results for “teapot”');
    await visit(page, '/sessions', 'Sessions');
    await expectSignedOut(page);
    expect(await context.cookies()).toEqual([]);
    expect((await sessionView(page)).state).toBe('none');

    await addToCart(page, LEMONS);
    const view = await sessionView(page);
    expect(view.state).toBe('anonymous');
    expect(view.customer).toBeUndefined();
  });

  test('the page that says thanks is for the browser that placed the order', async ({ page, newGuest, watch }) => {
    await addToCart(page, LEMONS);
    const number = await checkOut(page, { email: 'guest@example.com' });

    const stranger = await newGuest();
    watch.expectFailure(`/api/checkout/done/${number}`, 404);
    await visit(stranger, `/checkout/done/${number}`, 'Order not found');
    await expect(stranger.getByRole('main')).not.toContainText('Berlin');
    await expect(stranger.getByRole('main').getByRole('link', { name: 'Find your order' })).toHaveAttribute('href', '/orders/find');
  });
});
