// "By default, when a user leaves a website or closes their browser, their session ends." "Sessions end when a user
// logs out or when session lifetime limits are reached."

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { SHOP_URL } from './support/addresses.ts';
import { localLane } from './support/explorer.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, checkPage } from './support/page_check.ts';
import { ada } from './support/people.ts';
import { CART_COOKIE, idpCookie, sessionView, shopCookie, silentAnswer } from './support/sessions.ts';
import {
  addToCart,
  banner,
  bannerLink,
  expectInCart,
  expectSignedIn,
  expectSignedOut,
  MAP,
  openSignInOptions,
  signIn,
  signOut,
  wishToStaySignedIn,
} from './support/shop.ts';
import { expect, test as base } from './support/test.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A browser whose profile stays on the disk: each call opens it again, with the same cookies and storage. */
const test = base.extend<{ reopenable: () => Promise<{ context: BrowserContext; page: Page }> }>({
  reopenable: async ({ playwright, launchOptions, watch }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'storezero-browser-'));
    let opened: BrowserContext | undefined;
    await use(async () => {
      opened = await playwright.chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: SHOP_URL });
      watch.observe(opened);
      return { context: opened, page: opened.pages()[0] ?? (await opened.newPage()) };
    });
    await opened?.close();
    await rm(profile, { recursive: true, force: true });
  },
});

test.describe('S8 lifetimes', () => {
  test("neither session's cookie outlives the browser, and the shop says when its own ends", async ({ page, context }) => {
    await page.goto('/account');
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    expect(await shopCookie(context)).toMatchObject({ expires: -1 });
    expect(await idpCookie(context)).toMatchObject({ expires: -1 });

    const { now, session } = await sessionView(page);
    expect(session!.persistent).toBe(false);
    await expect(page.getByRole('main')).toContainText('You are signed out when you close the browser');
    expect(session!.idle_deadline - now).toBeGreaterThan(28 * MINUTE);
    expect(session!.idle_deadline - now).toBeLessThanOrEqual(30 * MINUTE);
    // From the login on, which is a moment after the session's beginning.
    expect(session!.absolute_deadline - now).toBeGreaterThan(12 * HOUR - 2 * MINUTE);
    expect(session!.absolute_deadline - now).toBeLessThanOrEqual(12 * HOUR);
  });

  test('asking who is signed in does not keep the session alive', async ({ page }) => {
    await page.goto('/sessions');
    await localLane(page).getByRole('link', { name: 'Sign in', exact: true }).click();
    await giveCredentials(page, ada);
    await arrive(page, 'Sessions');
    const first = (await sessionView(page)).session!.idle_deadline;
    await page.reload();
    await expectSignedIn(page, ada);
    expect((await sessionView(page)).session!.idle_deadline).toBe(first);
  });

  test('closing the browser ends both sessions; the cart of a guest stays', async ({ reopenable }) => {
    const guest = await reopenable();
    const guestAnswered = silentAnswer(guest.page);
    await addToCart(guest.page, MAP);
    await guestAnswered;
    expect((await sessionView(guest.page)).state).toBe('anonymous');
    await guest.context.close();

    const customer = await reopenable();
    const answered = silentAnswer(customer.page);
    await customer.page.goto('/');
    await answered;
    await expectInCart(customer.page, 1);
    expect((await sessionView(customer.page)).state).toBe('none');
    expect((await customer.context.cookies()).map(({ name }) => name)).toEqual([CART_COOKIE]);
    await customer.page.goto('/account');
    await giveCredentials(customer.page, ada);
    await arrive(customer.page, 'My Account');
    // A second tab lives in the same session, and closing it ends nothing.
    const tab = await customer.context.newPage();
    await tab.goto('/account/orders');
    await expectSignedIn(tab, ada);
    await tab.close();
    await customer.page.reload();
    await expectSignedIn(customer.page, ada);
    await customer.context.close();

    const next = await reopenable();
    await next.page.goto('/');
    await expectSignedOut(next.page);
    await next.page.goto('/account');
    await expectLoginPage(next.page);
  });

  test('"Keep me signed in": the session outlives the browser for seven days at most, and the IdP’s does not', async ({ reopenable }) => {
    const first = await reopenable();
    await first.page.goto('/cart');
    await wishToStaySignedIn(first.page, true);
    await signIn(first.page, ada);
    const { now, session } = await sessionView(first.page);
    expect(session!.persistent).toBe(true);
    expect(session!.idle_deadline - now).toBeGreaterThan(3 * DAY - 2 * MINUTE);
    expect(session!.idle_deadline - now).toBeLessThanOrEqual(3 * DAY);
    const expires = (await shopCookie(first.context))!.expires * 1000;
    expect(Math.abs(expires - session!.absolute_deadline)).toBeLessThan(2 * MINUTE);
    expect(Math.abs(expires - (now + 7 * DAY))).toBeLessThan(2 * MINUTE);
    await first.context.close();

    const next = await reopenable();
    await next.page.goto('/account');
    await arrive(next.page, 'My Account');
    await expectSignedIn(next.page, ada);
    await expect(next.page.getByRole('main')).toContainText('You stay signed in on this device until');
    expect(await idpCookie(next.context)).toBeUndefined();
  });
});

test.describe('S8 "Keep me signed in"', () => {
  test('a page that needs a customer honours the wish, until it is taken back', async ({ page, context, shopper }) => {
    await page.goto('/');
    await wishToStaySignedIn(page, true);
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    expect((await sessionView(page)).session!.persistent).toBe(true);

    await signOut(page, shopper, 'Sign out of storezero');
    await arrive(page, 'Signed out');
    await wishToStaySignedIn(page, false);
    await bannerLink(page, 'My Account').click();
    await arrive(page, 'My Account');
    expect((await sessionView(page)).session!.persistent).toBe(false);
    expect(await shopCookie(context)).toMatchObject({ expires: -1 });
  });

  test('a tab that is open already follows the wish', async ({ page, context }) => {
    await page.goto('/cart');
    const tab = await context.newPage();
    await tab.goto('/cart');
    await expect(bannerLink(tab, 'Sign in')).toHaveAttribute('href', '/auth/login?return_to=%2Fcart');
    await wishToStaySignedIn(page, true);
    await expect(bannerLink(tab, 'Sign in')).toHaveAttribute('href', '/auth/login?return_to=%2Fcart&keep=1');
  });

  test('the options are worked by the keyboard, and fit a phone @phone', async ({ page }) => {
    await page.goto('/cart');
    await arrive(page, 'Cart');
    await expect(bannerLink(page, 'Sign in')).toHaveAccessibleName('Sign in');
    const button = banner(page).getByRole('button', { name: 'Sign-in options' });
    await button.press('Enter');
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('Tab');
    const checkbox = banner(page).getByRole('checkbox');
    await expect(checkbox).toHaveAccessibleDescription(/for 7 days at most, or 3 days without a visit/);
    await expect(checkbox).toBeFocused();
    await page.keyboard.press('Space');
    await expect(checkbox).toBeChecked();
    await checkPage(page);
    await page.keyboard.press('Escape');
    await expect(checkbox).toBeHidden();
    await expect(button).toBeFocused();
    await expect(button).toHaveAttribute('aria-expanded', 'false');

    const options = await openSignInOptions(page);
    await expect(options.getByRole('checkbox')).toBeChecked();
    await options.getByRole('link', { name: 'Continue with Friendbook' }).focus();
    await page.keyboard.press('Tab');
    await expect(options).toBeHidden();
    await openSignInOptions(page);
    await page.getByRole('contentinfo').getByText('storezero is a demonstration').click();
    await expect(options).toBeHidden();
  });
});
