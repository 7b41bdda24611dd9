// Whatever is not as it should be: said in words, with a way on.

import { IDP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit, withoutFirstData } from './support/page_check.ts';
import { ada } from './support/people.ts';
import { type SessionView, silentAnswer } from './support/sessions.ts';
import { bannerLink, CARDS, checkOut, addToCart, expectSignedIn, expectSignedOut, LEMONS } from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.describe('nothing there', () => {
  test('an address that leads nowhere says so', { tag: '@phone' }, async ({ page, watch }) => {
    watch.expectFailure('/no/such/page', 404);
    await visit(page, '/no/such/page', 'Page not found', 404);
    await page.getByRole('link', { name: 'Search all products' }).click();
    await arrive(page, 'All products');
  });

  test('a product that is not sold says so', async ({ page, watch }) => {
    watch.expectFailure('/api/products/no-such-product', 404);
    watch.expectFailure('/p/no-such-product', 404);
    await visit(page, '/p/no-such-product', 'Page not found', 404);
    watch.expectFailure('/c/no-such-category', 404);
    await visit(page, '/c/no-such-category', 'Page not found', 404);
  });

  test('an empty cart cannot be checked out, and says so', async ({ page }) => {
    await visit(page, '/checkout', 'Check out');
    await expect(page.getByText('Your cart is empty')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Go to the cart' }).click();
    await arrive(page, 'Cart');
  });

  test('missing files and unknown API addresses are not pages', async ({ page }) => {
    for (const path of ['/pkg/0000/frontend.js', '/pictures/none.webp', '/api/none', '/none.png']) {
      expect((await page.request.get(path)).status(), path).toBe(404);
    }
  });
});

test.describe('no answer', () => {
  test('without a connection a page says so, and tries again', { tag: '@phone' }, async ({ page, context, watch }) => {
    // A page without pictures, which would fail as well.
    const answered = silentAnswer(page);
    watch.expectFailure('/no/such/page', 404);
    await visit(page, '/no/such/page', 'Page not found', 404);
    await expectSignedOut(page);
    await answered;
    watch.expectFailure('/api/products', 'no answer');
    watch.expectFailure('/api/categories', 'no answer');
    await context.setOffline(true);
    await page.getByRole('banner').getByRole('link', { name: 'storezero' }).click();
    const told = page.getByRole('alert').filter({ hasText: 'The shop could not be reached.' });
    await expect(told).toHaveCount(2);
    await checkPage(page);
    await context.setOffline(false);
    await told.first().getByRole('button', { name: 'Try again' }).click();
    await expect(told).toHaveCount(1);
    await told.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: 'Music' })).toBeVisible();
    await expect(page.getByRole('article')).toHaveCount(12);
  });

  test('without a connection a page that has not been opened before says so, and opens later', async ({
    page,
    context,
    watch,
  }) => {
    const answered = silentAnswer(page);
    watch.expectFailure('/no/such/page', 404);
    await visit(page, '/no/such/page', 'Page not found', 404);
    await expectSignedOut(page);
    await answered;
    watch.expectFailure(/\.(bin|wasm)$/, 'no answer');
    watch.expectFailure('/', 'no answer');
    watch.expectMessage(/Failed to fetch/);
    await context.setOffline(true);
    await bannerLink(page, 'Sessions').click();
    await arrive(page, 'This page did not load');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('button', { name: 'Try again' })).toBeEnabled();
    await expect(page).toHaveURL('/sessions');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await arrive(page, 'Sessions');
  });

  test('an error of the server is said so, and the next try helps', async ({ page, watch }) => {
    await withoutFirstData(page);
    watch.expectFailure('/api/products/stoneware-teacup', 500);
    await page.route('**/api/products/stoneware-teacup', (route) => route.fulfill({ status: 500, body: '<h1>Oops</h1>' }), { times: 1 });
    await visit(page, '/p/stoneware-teacup', 'Product');
    await expect(page.getByRole('alert')).toContainText('The shop does not answer as it should. Try again in a moment.');
    await page.getByRole('button', { name: 'Try again' }).click();
    await arrive(page, 'Stoneware Teacup');
  });

  test('a list in flight shows placeholders and says that it loads', async ({ page }) => {
    await withoutFirstData(page);
    let letGo = () => {};
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    await page.route('**/api/products?*', async (route) => {
      await gone;
      await route.continue();
    });
    await page.goto('/c/music');
    await expect(page.getByText('Loading products…')).toBeAttached();
    letGo();
    await arrive(page, 'Music');
  });

  test('a browser in which the app cannot start is told so', async ({ page, watch }) => {
    watch.expectFailure(/\/frontend_bg\.wasm$/, 'no answer');
    watch.expectMessage(/TypeError/);
    await page.route('**/frontend_bg.wasm', (route) => route.abort('connectionrefused'));
    await page.goto('/');
    await expect(page.getByRole('alert')).toContainText('The shop could not start in this browser.');
  });

  for (const [what, file] of [
    ['whose first script is kept away', '**/boot.js'],
    ['whose start takes for ever', '**/frontend_bg.wasm'],
  ] as const) {
    test(`a page ${what} says so after a while, and can be loaded anew`, { tag: '@phone' }, async ({ page, watch }) => {
      if (file === '**/boot.js') watch.expectFailure(/\/boot\.js$/, 'no answer');
      let isKeptAway = true;
      await page.route(file, (route) => {
        if (!isKeptAway) return route.continue();
        if (file === '**/boot.js') return route.abort('blockedbyclient');
      });
      await page.goto('/c/music', { waitUntil: 'domcontentloaded' });
      const told = page.getByText('The shop is still loading.');
      await expect(told).toBeAttached();
      await expect(told).toBeHidden();
      // Without waiting the while.
      await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
      await expect(told).toBeVisible();
      isKeptAway = false;
      await told.getByRole('link', { name: 'Reload the page' }).click();
      await arrive(page, 'Music');
      await expect(told).toHaveCount(0);
    });
  }
});

test.describe('no sign-in', () => {
  test('an identity provider that does not answer is said so, and the shop goes on selling', async ({ page }) => {
    let isDown = true;
    await page.route('**/api/session', async (route) => {
      const response = await route.fetch();
      const view = (await response.json()) as SessionView;
      await route.fulfill({ response, json: { ...view, sign_in_available: !isDown } });
    });
    await visit(page, '/account/orders', 'All Orders');
    await expect(page.getByRole('heading', { name: 'Signing in is not possible right now' })).toBeVisible();
    await addToCart(page, LEMONS);
    await checkOut(page, { email: 'guest@example.com', card: CARDS.approved });

    await visit(page, '/account/orders', 'All Orders');
    isDown = false;
    await page.getByRole('button', { name: 'Check again' }).click();
    await expectLoginPage(page);
  });

  test('each reason has a page with a way on', { tag: '@phone' }, async ({ page }) => {
    const pages = [
      ['identity_provider_unavailable', 'PeakCommerce ID does not answer'],
      ['refused', 'We could not sign you in'],
      ['unknown_attempt', 'This sign-in has run out'],
    ] as const;
    for (const [problem, heading] of pages) {
      await visit(page, `/sign-in-problem?problem=${problem}&return_to=/checkout`, heading);
      await expect(page.getByRole('link', { name: 'Try again' })).toBeVisible();
      await expect(page.getByRole('link', { name: 'Continue shopping' })).toBeVisible();
    }
    await page.getByRole('link', { name: 'Back to where you were' }).click();
    await arrive(page, 'Check out');
  });

  test('who turns back at the login page is told that nothing happened, and may try again', async ({ page }) => {
    await page.goto('/account/orders?status=placed');
    await expectLoginPage(page);
    await page.getByRole('button', { name: 'Back to storezero' }).click();
    await arrive(page, 'You did not sign in');
    await page.getByRole('link', { name: 'Try again' }).click();
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    await expect(page).toHaveURL('/account/orders?status=placed');
  });

  test('an answer that nobody asked for signs in nobody', async ({ page }) => {
    await page.goto('/auth/callback?code=stolen&state=unknown');
    await arrive(page, 'This sign-in has run out');
    await expectSignedOut(page);
  });

  test('a login page that was bookmarked leads to a fresh one', async ({ page, newGuest }) => {
    await page.goto('/account');
    await expectLoginPage(page);
    const bookmark = page.url();
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    await page.goto(bookmark);
    await expectSignedIn(page, ada);

    const elsewhere = await newGuest();
    await elsewhere.goto(bookmark);
    await giveCredentials(elsewhere, ada);
    await expectSignedIn(elsewhere, ada);
  });

  test("an address of the identity provider that makes no sense gets a page", async ({ page, watch }) => {
    watch.expectFailure('/auth', 400);
    await page.goto(`${IDP_URL}/auth?client_id=nobody`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await checkPage(page);
    await page.goto('/');
    await expect(bannerLink(page, 'Cart')).toBeVisible();
  });
});
