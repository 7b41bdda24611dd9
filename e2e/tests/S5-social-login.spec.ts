// "The user decides to log in with Facebook": a third session, at the social provider. Friendbook plays its role.

import type { Page } from '@playwright/test';
import { IDP_URL, SHOP_URL } from './support/addresses.ts';
import { openLane } from './support/explorer.ts';
import { expectLoginPage } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { linus } from './support/people.ts';
import { sessionView, shopCookie } from './support/sessions.ts';
import { ALL_THREE, bannerLink, expectSignedIn, IDP_TOO, openSignInOptions, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const atFriendbook = (url: URL): boolean => ![new URL(SHOP_URL).origin, new URL(IDP_URL).origin].includes(url.origin);

async function continueWithFriendbook(page: Page): Promise<void> {
  await expectLoginPage(page);
  await page.getByRole('button', { name: 'Continue with Friendbook' }).click();
}

async function giveFriendbookCredentials(page: Page): Promise<void> {
  await expect(page).toHaveURL(atFriendbook);
  await expect(page.getByLabel('Password')).toBeVisible();
  await checkPage(page);
  await page.getByLabel('Email').fill(linus.email);
  await page.getByLabel('Password').fill(linus.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test.describe('S5 social login', () => {
  test('three sessions: without credentials when Friendbook knows the visitor, until all three end', async ({ page, context }) => {
    await page.goto('/account');
    await expectLoginPage(page);
    expect(await shopCookie(context), 'the local session begins before the redirect').toBeDefined();
    await continueWithFriendbook(page);
    await giveFriendbookCredentials(page);
    await arrive(page, 'My Account');
    await expectSignedIn(page, linus);
    expect(await sessionView(page)).toMatchObject({ state: 'customer', session: { provider: 'friendbook' } });

    await signOut(page, linus, IDP_TOO);
    await arrive(page, 'Signed out');
    await expect(page.getByRole('listitem').filter({ hasText: 'Friendbook' })).toContainText('Lives on');
    await expect(page.getByRole('main')).toContainText('Friendbook still knows you');
    await bannerLink(page, 'My Account').click();
    await continueWithFriendbook(page);
    await arrive(page, 'My Account');
    await expectSignedIn(page, linus);

    await signOut(page, linus, ALL_THREE);
    await arrive(page, 'Signed out');
    await expect(page.getByRole('listitem').filter({ hasText: 'Friendbook' })).toContainText('Ended');
    await bannerLink(page, 'My Account').click();
    await continueWithFriendbook(page);
    await giveFriendbookCredentials(page);
    await arrive(page, 'My Account');
  });

  test('from the shop straight to Friendbook, which the page after a logout proves to be alive @phone', async ({ page }) => {
    await page.goto('/cart');
    const options = await openSignInOptions(page);
    await options.getByRole('link', { name: 'Continue with Friendbook' }).click();
    await giveFriendbookCredentials(page);
    await arrive(page, 'Cart');
    await expectSignedIn(page, linus);
    expect(await sessionView(page)).toMatchObject({ state: 'customer', session: { provider: 'friendbook' } });
    await visit(page, '/sessions', 'Sessions');
    await expect(await openLane(page, 'Friendbook')).toContainText(/Was alive \d\d:\d\d:\d\d/);

    await signOut(page, linus, IDP_TOO);
    await arrive(page, 'Signed out');
    await page.getByRole('link', { name: 'Try it: continue with Friendbook' }).click();
    await expect(page).toHaveURL('/');
    await expectSignedIn(page, linus);
  });
});
