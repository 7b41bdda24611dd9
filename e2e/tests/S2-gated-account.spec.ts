// "However, to view the "My Account" pages, the user must log in. Suppose that, before checking out, a user wants to
// view their previous orders. They navigate to the "All Orders" section in the "My Account" pages."

import type { Page } from '@playwright/test';
import { expectLoginPage, giveCredentials, notePrompts } from './support/idp.ts';
import { arrive, visit } from './support/page_check.ts';
import { ada } from './support/people.ts';
import {
  addToCart,
  ADDRESS,
  bannerLink,
  CARDS,
  checkOut,
  expectInCart,
  expectSignedIn,
  expectThanks,
  field,
  fillCard,
  LEMONS,
  MAP,
  placeOrder,
  signIn,
} from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.describe('S2 gated My Account', { tag: '@phone' }, () => {
  test('a half-filled checkout survives the login on the way to All Orders', async ({ page, shopper }) => {
    await addToCart(page, LEMONS);
    await addToCart(page, MAP);
    await expectInCart(page, 2);
    await bannerLink(page, 'Cart').click();
    await page.getByRole('link', { name: 'Check out' }).click();
    await arrive(page, 'Check out');
    await field(page, 'Full name').fill(ADDRESS.fullName);
    await field(page, 'Address').fill(ADDRESS.street);
    await field(page, 'Country').selectOption({ label: 'Austria' });
    await page.getByRole('radio', { name: 'Express' }).check();
    await field(page, 'Card number').fill(CARDS.approved);

    await bannerLink(page, 'All Orders').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'All Orders');
    await expectSignedIn(page, shopper);
    await expect(page.getByText('No orders yet')).toBeVisible();

    await expectInCart(page, 2);
    await bannerLink(page, 'Cart').click();
    await arrive(page, 'Cart');
    await page.getByRole('link', { name: 'Check out' }).click();
    await arrive(page, 'Check out');
    await expect(field(page, 'Full name')).toHaveValue(ADDRESS.fullName);
    await expect(field(page, 'Address')).toHaveValue(ADDRESS.street);
    await expect(field(page, 'Country')).toHaveValue('AT');
    await expect(page.getByRole('radio', { name: 'Express' })).toBeChecked();
    // From the account, since it was still empty; and a card is never kept.
    await expect(field(page, 'Email')).toHaveValue(shopper.email);
    await expect(field(page, 'Card number')).toHaveValue('');

    await field(page, 'Postcode').fill('1010');
    await field(page, 'City').fill('Wien');
    await fillCard(page, CARDS.approved);
    await placeOrder(page);
    const number = await expectThanks(page);

    await page.getByRole('main').getByRole('link', { name: 'All Orders' }).click();
    await arrive(page, `Order ${number}`);
    await bannerLink(page, 'All Orders').click();
    await arrive(page, 'All Orders');
    await expect(page.getByRole('main').getByRole('link', { name: `Order ${number}` })).toBeVisible();
    await expect(page.getByText('1 order', { exact: true })).toBeVisible();
  });

  test('the checkout signs in and comes back to itself with what was typed', async ({ page, shopper }) => {
    await addToCart(page, MAP);
    await page.goto('/checkout');
    await field(page, 'Email').fill('somebody.else@example.com');
    await field(page, 'City').fill(ADDRESS.city);
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await giveCredentials(page, shopper);
    await expect(page).toHaveURL('/checkout');
    await expect(page.getByText(`Signed in as ${shopper.name}`)).toBeVisible();
    await expect(field(page, 'Email')).toHaveValue('somebody.else@example.com');
    await expect(field(page, 'City')).toHaveValue(ADDRESS.city);
    await expectInCart(page, 1);
  });

  test('a deep link is kept through the login with path, query and fragment', async ({ page }) => {
    const deepLink = '/account/orders?status=delivered&q=a#bottom';
    await page.goto(deepLink);
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    await expect(page).toHaveURL(deepLink);
    await expect(page.getByRole('searchbox', { name: 'Search your orders' })).toHaveValue('a');
    await expect(page.getByRole('link', { name: 'Delivered', exact: true })).toHaveAttribute('aria-current', 'true');
  });

  test('My Account asks for a login and shows the account afterwards', async ({ page }) => {
    await visit(page, '/', 'Good things, zero fuss.');
    await bannerLink(page, 'My Account').click();
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    await expect(page.getByRole('main')).toContainText('Ada Lovelace');
    await expect(page.getByRole('main')).toContainText('ada@example.com ✓ verified');
    await expect(page.getByRole('heading', { name: 'Recent orders' })).toBeVisible();
  });

  test('the Back button leads from the login page to where the visitor was', async ({ page }) => {
    await page.goto('/c/music');
    await expect(page.getByRole('heading', { level: 1, name: 'Music' })).toBeVisible();
    await bannerLink(page, 'All Orders').click();
    await expectLoginPage(page);
    await page.goBack();
    await expect(page).toHaveURL('/c/music');
    await expect(page.getByRole('heading', { level: 1, name: 'Music' })).toBeVisible();
  });

  test('after a login Back stays where the visitor was, and then leads to where they came from', async ({ page }) => {
    await visit(page, '/c/music', 'Music');
    await bannerLink(page, 'All Orders').click();
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/auth/callback') callbacks.push(request.url());
    });
    await page.goBack();
    await expect(page).toHaveURL('/account/orders');
    await arrive(page, 'All Orders');
    await page.goBack();
    await arrive(page, 'Music');
    expect(callbacks).toEqual([]);
  });

  test('whoever is signed in by now and goes back to a login that failed stays where the other one ended', async ({ page }) => {
    await page.goto('/sign-in-problem?problem=unknown_attempt&return_to=%2Faccount%2Forders');
    await page.getByRole('link', { name: 'Try again' }).click();
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    const prompts = notePrompts(page);
    // The step leaves the page, which may be gone before it answers.
    await page.evaluate(() => history.go(-2)).catch(() => {});
    await expect(page).toHaveURL('/account/orders');
    await arrive(page, 'All Orders');
    expect(prompts).toEqual([]);
  });
});

test.describe('S2 gated My Account', () => {
  test('a reload of any deep link shows that page again, and never a login', async ({ page, shopper }) => {
    const prompts = notePrompts(page);
    await addToCart(page, MAP);
    await signIn(page, shopper);
    const number = await checkOut(page, { email: shopper.email });
    await addToCart(page, MAP);
    const deepLinks: [string, string][] = [
      ['/account', 'My Account'],
      ['/account/orders?status=placed', 'All Orders'],
      [`/account/orders/${number}`, `Order ${number}`],
      [`/checkout/done/${number}`, 'Thank you'],
      ['/c/music?sort=price-ascending', 'Music'],
      ['/search?q=teapot&in_stock=true', 'Results for “teapot”'],
      ['/p/stoneware-teacup?sku=HK-TEACUP-BLUE', 'Stoneware Teacup'],
      ['/cart', 'Cart'],
      ['/checkout', 'Check out'],
      ['/sessions', 'Sessions'],
    ];
    expect(prompts).toHaveLength(1);
    for (const [path, heading] of deepLinks) {
      await visit(page, path, heading);
      const response = await page.reload();
      expect(response?.status(), path).toBe(200);
      await expect(page.getByRole('heading', { level: 1, name: heading, exact: true })).toBeVisible();
      await expect(page).toHaveURL(path);
      await expectSignedIn(page, shopper);
    }
    expect(prompts, 'only the login in the beginning').toHaveLength(1);
  });

  test('while nobody knows who is looking, the page waits and offers no login', async ({ page, context }) => {
    await context.addInitScript(noteOffersToSignIn);
    await page.goto('/account/orders');
    await expectLoginPage(page);
    await page.goto('/');
    await expect(bannerLink(page, 'Sign in')).toBeVisible();
    expect(await offersToSignIn(page), 'the observer sees a link to sign in').toBeGreaterThan(0);
    await signIn(page, ada);

    const session = await holdBack(page, '**/api/session');
    const reloaded = page.goto('/account/orders');
    await session.asked;
    await expect(page.getByText('Checking who is signed in…')).toBeAttached();
    await expect(page.getByRole('heading', { level: 1, name: 'All Orders' })).toBeVisible();
    session.letGo();
    await reloaded;
    await arrive(page, 'All Orders');
    await expectSignedIn(page, ada);
    await expect(page.getByText(/^\d+ orders$/)).toBeVisible();
    expect(await offersToSignIn(page), 'times that the page offered to sign in').toBe(0);
  });

  test("another customer's order is not there", async ({ page, newGuest, shopper, watch }) => {
    await addToCart(page, MAP);
    await signIn(page, shopper);
    const number = await checkOut(page, { email: shopper.email });

    const other = await newGuest();
    watch.expectFailure(`/api/orders/${number}`, 404);
    await other.goto(`/account/orders/${number}`);
    await giveCredentials(other, ada);
    await arrive(other, `Order ${number}`);
    await expect(other.getByText('You have no order with this number.')).toBeVisible();
  });

  test('All Orders filters, searches and turns pages in its address', async ({ page }) => {
    await page.goto('/account/orders');
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    await page.getByRole('link', { name: 'Next' }).click();
    await expect(page).toHaveURL('/account/orders?page=2');
    await expect(page.getByText(/^Page 2 of \d+$/)).toBeVisible();
    await page.getByRole('link', { name: 'Cancelled', exact: true }).click();
    await expect(page).toHaveURL('/account/orders?status=cancelled');
    await expect(page.getByText('2 orders', { exact: true })).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search your orders' }).fill('no such thing');
    await page.getByRole('button', { name: 'Find' }).click();
    await expect(page.getByText('No order matches')).toBeVisible();
    await page.goBack();
    await expect(page.getByText('2 orders', { exact: true })).toBeVisible();
  });
});

/** Runs in the page, before its own scripts. */
function noteOffersToSignIn(): void {
  const found = window as unknown as { offersToSignIn: number };
  found.offersToSignIn = 0;
  const look = () => {
    const isOffer = document.querySelector('a[href^="/auth/login"]') || document.body?.textContent?.includes('Taking you to');
    if (isOffer) found.offersToSignIn += 1;
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
}

function offersToSignIn(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { offersToSignIn: number }).offersToSignIn);
}

/** Keeps the answers of an address back until they are let go. */
async function holdBack(page: Page, url: string): Promise<{ asked: Promise<void>; letGo: () => void }> {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  let note = () => {};
  const asked = new Promise<void>((resolve) => (note = resolve));
  await page.route(url, async (route) => {
    note();
    await gone;
    await route.continue();
  });
  return { asked, letGo };
}
