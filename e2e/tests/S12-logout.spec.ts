// "Sessions end when a user logs out": the shop's alone, or the identity provider's too.

import type { Page } from '@playwright/test';
import { IDP_URL, SHOP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials, notePrompts } from './support/idp.ts';
import { arrive } from './support/page_check.ts';
import { ada } from './support/people.ts';
import { sessionView, shopCookie } from './support/sessions.ts';
import { addToCart, bannerLink, expectInCart, expectSignedIn, expectSignedOut, field, IDP_TOO, LEMONS, SHOP_ALONE, signIn, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

/** By the link that proves it, and back. */
async function expectAtTheIdentityProvider(page: Page, words: string): Promise<void> {
  await page.getByRole('link', { name: 'See it at PeakCommerce ID' }).click();
  await expect(page).toHaveURL(`${IDP_URL}/`);
  await expect(page.getByText(words)).toBeVisible();
  await page.goBack();
  await arrive(page, 'Signed out');
}

test.describe('S12 logout', { tag: '@phone' }, () => {
  test('out of storezero only: the next login asks for nothing', async ({ page, context }) => {
    await page.goto('/account');
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    const prompts = notePrompts(page);
    const key = (await shopCookie(context))!.value;

    await signOut(page, ada, SHOP_ALONE);
    await arrive(page, 'Signed out');
    await expectSignedOut(page);
    await expect(page.getByRole('listitem').filter({ hasText: 'storezero' }).filter({ hasText: 'Ended' })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'PeakCommerce ID' })).toContainText('Lives on');
    await expect(page.getByRole('main')).toContainText('Signing in again asks for nothing');
    await expect(page.getByRole('main')).not.toContainText('Friendbook');
    await expectAtTheIdentityProvider(page, `You are signed in as ${ada.email}.`);
    expect((await sessionView(page)).state).not.toBe('customer');

    await bannerLink(page, 'All Orders').click();
    await arrive(page, 'All Orders');
    await expectSignedIn(page, ada);
    expect(prompts, 'login pages after the logout').toEqual([]);
    expect((await shopCookie(context))!.value).not.toBe(key);
  });

  test('out of both: the next login asks for the credentials', async ({ page }) => {
    await page.goto('/account');
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');

    await signOut(page, ada, IDP_TOO);
    await arrive(page, 'Signed out');
    await expect(page).toHaveURL(/\/signed-out\?state=idp$/);
    await expectSignedOut(page);
    await expect(page.getByRole('listitem').filter({ hasText: 'PeakCommerce ID' })).toContainText('Ended');
    await expect(page.getByRole('main')).toContainText('Signing in again asks for your password');
    await expectAtTheIdentityProvider(page, 'Nobody is signed in here.');

    await bannerLink(page, 'All Orders').click();
    await expectLoginPage(page);
  });
});

test.describe('S12 logout', () => {
  test('no page of another site undoes it: its script gets a question, its link a login page', async ({ page, context }) => {
    const elsewhere = 'http://news.example/';
    const login = `${SHOP_URL}/auth/login?return_to=/account`;
    await context.route(`${elsewhere}**`, (route) => {
      const script = `<script>location.href = ${JSON.stringify(login)}</script>`;
      const link = `<a href="${login}">Your account at storezero</a>`;
      return route.fulfill({ contentType: 'text/html', body: route.request().url().endsWith('script') ? script : link });
    });
    await page.goto('/account');
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    await signOut(page, ada, SHOP_ALONE);
    await arrive(page, 'Signed out');

    await page.goto(`${elsewhere}script`);
    await arrive(page, 'Sign in to storezero?');
    await expectSignedOut(page);

    await page.goto(elsewhere);
    await page.getByRole('link').click();
    await expectLoginPage(page);

    // In the shop itself it is the person's own wish.
    await page.goto(`${elsewhere}script`);
    await page.getByRole('link', { name: 'Continue to sign in' }).click();
    await arrive(page, 'My Account');
    await expectSignedIn(page, ada);
  });

  test('the old key opens nothing any more', async ({ page, context, watch }) => {
    await page.goto('/account');
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    const key = (await shopCookie(context))!;
    await signOut(page, ada, SHOP_ALONE);
    await arrive(page, 'Signed out');

    await context.addCookies([key]);
    await page.goto('/');
    await expectSignedOut(page);
    expect(await sessionView(page)).toMatchObject({ state: 'none', ended: 'logout' });
    watch.expectFailure('/api/orders', 401);
    expect(await page.evaluate(async () => (await fetch('/api/orders')).status)).toBe(401);
  });

  test('the page afterwards leads to the logout, drawn message by message', async ({ page, shopper }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    await signOut(page, shopper, IDP_TOO);
    await arrive(page, 'Signed out');
    await page.getByRole('link', { name: 'See on Sessions how it ended' }).click();
    await arrive(page, 'Sessions');
    await expect(page.getByRole('region', { name: 'The flow as it happened' }).getByText('POST /auth/logout')).toBeVisible();
  });

  test('it takes along what the customer left in this browser', async ({ page, shopper }) => {
    await addToCart(page, LEMONS);
    await signIn(page, shopper);
    await page.goto('/checkout');
    await field(page, 'Address').fill('Lindenallee 7');
    await expect(field(page, 'Email')).toHaveValue(shopper.email);
    await signOut(page, shopper, SHOP_ALONE);
    await arrive(page, 'Signed out');
    await expectInCart(page, 0);

    await addToCart(page, LEMONS);
    await page.goto('/checkout');
    await expect(field(page, 'Email')).toHaveValue('');
    await expect(field(page, 'Address')).toHaveValue('');
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(shopper.email);
  });

  test('the other tabs say that the session has ended, and why', async ({ page, context }) => {
    await page.goto('/account/orders');
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    const tab = await context.newPage();
    await tab.goto('/account');
    await arrive(tab, 'My Account');

    await signOut(page, ada, SHOP_ALONE);
    await arrive(page, 'Signed out');
    await expect(tab.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await expect(tab.getByText('You signed out of storezero in this browser.')).toBeVisible();
    await expect(tab.getByRole('main')).not.toContainText('ada@example.com');
    await tab.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await arrive(tab, 'My Account');
  });

  test("ending the identity provider's session there ends the shop's, by back channel", async ({ page, context, shopper }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const there = await context.newPage();
    await there.goto(IDP_URL);
    await there.getByRole('link', { name: 'Sign out' }).click();
    await expect(there.getByRole('heading', { name: 'Sign out?' })).toBeVisible();
    await there.getByRole('button', { name: 'Sign out' }).click();
    await expect(there.getByRole('heading', { name: 'You are signed out' })).toBeVisible();

    await expect(async () => {
      expect(await sessionView(page)).toMatchObject({ state: 'none', ended: 'backchannel-logout' });
    }).toPass();
    await page.goto('/account');
    await arrive(page, 'My Account');
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText('You signed out of PeakCommerce ID');
  });

  test('the menu is worked by the keyboard', async ({ page }) => {
    await page.goto('/account');
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    const button = page.getByRole('banner').getByRole('button', { name: ada.name });
    await button.press('ArrowDown');
    await expect(page.getByRole('menuitem', { name: SHOP_ALONE, exact: true })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('menuitem', { name: IDP_TOO })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(button).toBeFocused();
    await expect(page.getByRole('menu')).toBeHidden();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: SHOP_ALONE, exact: true })).toBeFocused();
    await page.keyboard.press('Enter');
    await arrive(page, 'Signed out');
  });
});
