// "By default, when a user leaves a website or closes their browser, their session ends." "Sessions end when a user
// logs out or when session lifetime limits are reached."

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { SHOP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive } from './support/page_check.ts';
import { ada } from './support/people.ts';
import { CART_COOKIE, idpCookie, sessionView, shopCookie } from './support/sessions.ts';
import { addToCart, expectInCart, expectSignedIn, expectSignedOut, MAP } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.describe('S8 lifetimes', () => {
  test("neither session's cookie outlives the browser, and the shop says when its own ends", async ({ page, context }) => {
    await page.goto('/account');
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    expect(await shopCookie(context)).toMatchObject({ expires: -1 });
    expect(await idpCookie(context)).toMatchObject({ expires: -1 });

    const { now, session } = await sessionView(page);
    expect(session!.persistent).toBe(false);
    expect(session!.idle_deadline - now).toBeGreaterThan(28 * MINUTE);
    expect(session!.idle_deadline - now).toBeLessThanOrEqual(30 * MINUTE);
    // From the login on, which is a moment after the session's beginning.
    expect(session!.absolute_deadline - now).toBeGreaterThan(12 * HOUR - 2 * MINUTE);
    expect(session!.absolute_deadline - now).toBeLessThanOrEqual(12 * HOUR);
  });

  test('asking who is signed in does not keep the session alive', async ({ page }) => {
    await page.goto('/sessions');
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await giveCredentials(page, ada);
    await arrive(page, 'Sessions');
    const first = (await sessionView(page)).session!.idle_deadline;
    await page.reload();
    await expectSignedIn(page, ada);
    expect((await sessionView(page)).session!.idle_deadline).toBe(first);
  });

  test('closing the browser ends both sessions; the cart of a guest stays', async ({ playwright, launchOptions, watch }) => {
    const profile = await mkdtemp(join(tmpdir(), 'storezero-browser-'));
    const open = async (): Promise<{ context: BrowserContext; page: Page }> => {
      const context = await playwright.chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: SHOP_URL });
      watch.observe(context);
      return { context, page: context.pages()[0] ?? (await context.newPage()) };
    };
    try {
      const guest = await open();
      await addToCart(guest.page, MAP);
      expect((await sessionView(guest.page)).state).toBe('anonymous');
      await guest.context.close();

      const customer = await open();
      await customer.page.goto('/');
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

      const next = await open();
      await next.page.goto('/');
      await expectSignedOut(next.page);
      await next.page.goto('/account');
      await expectLoginPage(next.page);
      await next.context.close();
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  });
});
