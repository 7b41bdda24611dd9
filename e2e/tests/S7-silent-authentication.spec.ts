// "Keep the user logged in without a local session": a hidden iframe with prompt=none, a new access token by a web
// message, or an error, "indicating that the application needs to redirect the user to the authorization server".

import type { Page } from '@playwright/test';
import { IDP_URL, NO_BACKEND_URL, SHOP_URL } from './support/addresses.ts';
import { silentCheck } from './support/explorer.ts';
import { expectLoginPage, giveCredentials, notePrompts } from './support/idp.ts';
import { answerOf, isSilent, messagePage, noteSilentQuestions } from './support/no_backend.ts';
import { arrive, visit } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { addToCart, bannerLink, endedNotice, expectSignedIn, expectSignedOut, field, IDP_TOO, LEMONS, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const OVER = 'Your session at PeakCommerce ID has ended.';

test.use({ baseURL: NO_BACKEND_URL });

const tokens = (page: Page) => page.getByRole('region', { name: 'Local session' });

/** Signed in, on the page Sessions, with the question right after the login answered. */
async function signInAtSessions(page: Page, person: Person): Promise<void> {
  await visit(page, '/sessions', 'Sessions');
  await bannerLink(page, 'Sign in').click();
  await giveCredentials(page, person);
  await arrive(page, 'Sessions');
  await expect(page.getByText('It knows you: new tokens')).toBeVisible();
  await expect(tokens(page)).toContainText('never since this page was opened');
}

/** Whatever was due by now has begun. */
async function letTimersRun(page: Page): Promise<void> {
  await page.clock.runFor(2_000);
  await page.evaluate(async () => crypto.subtle.digest('SHA-256', new Uint8Array(1)));
}

const askNow = silentCheck;

test.describe('S7 silent authentication', () => {
  test('a reload forgets the tokens, and a hidden frame brings others: nobody is asked @phone', async ({ page, context, shopper }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const prompts = notePrompts(page);
    const questions = noteSilentQuestions(context);
    await page.reload();
    await arrive(page, 'My Account');
    await expectSignedIn(page, shopper);
    expect(prompts).toEqual([]);
    expect(questions).toHaveLength(1);
    expect(questions[0]!.searchParams.get('response_mode')).toBe('web_message');
    await expect(page.locator('iframe'), 'the frame is gone').toHaveCount(0);
  });

  test('at three quarters of the token’s life a frame brings the next one', async ({ page, context, shopper }) => {
    await page.clock.install();
    await signInAtSessions(page, shopper);
    const questions = noteSilentQuestions(context);
    await page.clock.fastForward('01:20');
    await letTimersRun(page);
    expect(questions, 'before three quarters of two minutes').toHaveLength(0);
    await page.clock.fastForward('00:15');
    await expect(tokens(page)).toContainText('once since this page was opened');
    expect(questions).toHaveLength(1);
    await expectSignedIn(page, shopper);
    const row = page.getByRole('listitem').filter({ hasText: 'Silent authentication' }).filter({ hasText: 'S7' });
    await expect(row).toContainText('1 of 2 seen');
    // What the page does by itself is kept beside the login that the visitor looks at.
    await page.getByRole('button', { name: /^Silent authentication/ }).click();
    await expect(page.getByRole('list', { name: 'Silent authentication' })).toContainText('The frame’s message to the page (postMessage)');
  });

  test('a hidden tab renews when it is looked at again, and one without a network when it has one', async ({ page, context, shopper }) => {
    await page.clock.install();
    await signInAtSessions(page, shopper);
    const questions = noteSilentQuestions(context);
    const look = (state: DocumentVisibilityState) =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await look('hidden');
    await page.clock.fastForward('01:35');
    await letTimersRun(page);
    await expect(tokens(page)).toContainText('never since this page was opened');
    expect(questions).toHaveLength(0);
    await look('visible');
    await expect(tokens(page)).toContainText('once since this page was opened');
    expect(questions).toHaveLength(1);

    await context.setOffline(true);
    await page.clock.fastForward('01:35');
    await letTimersRun(page);
    expect(questions).toHaveLength(1);
    await context.setOffline(false);
    await expect(tokens(page)).toContainText('2 times since this page was opened');
  });

  test('signed out in the other shop: this one says so at its next question, keeps what was typed, and leads back @phone', async ({ page, context, shopper }) => {
    await addToCart(page, LEMONS);
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const other = await context.newPage();
    await other.goto(`${SHOP_URL}/account`);
    await arrive(other, 'My Account');

    await page.bringToFront();
    await page.clock.install();
    await page.goto('/checkout');
    await arrive(page, 'Check out');
    await expectSignedIn(page, shopper);
    await field(page, 'Address').fill('Lindenallee 7');
    await other.bringToFront();
    await signOut(other, shopper, IDP_TOO);
    await arrive(other, 'Signed out');
    await page.bringToFront();
    await page.clock.fastForward('01:35');
    await expect(endedNotice(page)).toContainText(OVER);
    await expect(field(page, 'Address')).toHaveValue('Lindenallee 7');
    await endedNotice(page).getByRole('link', { name: 'Sign in again' }).click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Check out');
    await expectSignedIn(page, shopper);
    await expect(field(page, 'Address')).toHaveValue('Lindenallee 7');
  });

  test('a new password ends it as well, and the row is ticked when both ends were seen', async ({ page, context, shopper }) => {
    await signInAtSessions(page, shopper);
    await askNow(page);
    await expect(tokens(page)).toContainText('once since this page was opened');
    const account = await context.newPage();
    await account.goto(`${IDP_URL}/account/password`);
    await account.getByLabel('Current password').fill(shopper.password);
    await account.getByLabel('New password').fill('other words, and more of them');
    await account.getByRole('button', { name: 'Change password' }).click();
    await expect(account.getByRole('heading', { name: 'Password changed' })).toBeVisible();
    await page.bringToFront();
    await askNow(page);
    await expect(endedNotice(page)).toContainText(OVER);
    await expect(page.getByRole('list', { name: 'Silent authentication, refused' })).toContainText('login_required');
    const row = page.getByRole('listitem').filter({ hasText: 'Silent authentication' }).filter({ hasText: 'S7' });
    await expect(row).toContainText('✓ demonstrated');
  });

  test('a reload after the end of the session there says so too', async ({ page, context, shopper }) => {
    await signInAtSessions(page, shopper);
    await context.clearCookies({ name: 'pcid_session' });
    await page.goto('/account/orders');
    await expect(page.getByRole('main')).toContainText(OVER);
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await giveCredentials(page, shopper);
    await arrive(page, 'All Orders');
  });

  test('a token that the API refuses is renewed once, unseen, and the request repeated', async ({ page, context, shopper, watch }) => {
    await signInAtSessions(page, shopper);
    const questions = noteSilentQuestions(context);
    watch.expectFailure('/api/orders', 401);
    let refusals = 0;
    await page.route(`${SHOP_URL}/api/orders*`, async (route) => {
      if (route.request().method() !== 'GET' || refusals > 0) return route.continue();
      refusals += 1;
      const headers = { 'access-control-allow-origin': NO_BACKEND_URL, 'content-type': 'application/problem+json' };
      const problem = { type: '/problems/invalid-token', title: 'Expired', status: 401, detail: 'The access token has expired.' };
      return route.fulfill({ status: 401, headers, body: JSON.stringify(problem) });
    });
    await bannerLink(page, 'All Orders').click();
    await arrive(page, 'All Orders');
    await expectSignedIn(page, shopper);
    expect(refusals).toBe(1);
    expect(questions).toHaveLength(1);
  });

  test('and where nobody is known any more, the visitor is asked to sign in', async ({ page, context, shopper, watch }) => {
    await signInAtSessions(page, shopper);
    await context.clearCookies({ name: 'pcid_session' });
    watch.expectFailure('/api/orders', 401);
    await page.route(`${SHOP_URL}/api/orders*`, (route) =>
      route.request().method() === 'GET'
        ? route.fulfill({
            status: 401,
            headers: { 'access-control-allow-origin': NO_BACKEND_URL, 'content-type': 'application/problem+json' },
            body: JSON.stringify({ type: '/problems/invalid-token', title: 'Expired', status: 401, detail: 'The access token has expired.' }),
          })
        : route.continue(),
    );
    await bannerLink(page, 'All Orders').click();
    await expect(page.getByRole('main')).toContainText(OVER);
    await expectSignedOut(page);
  });

  test('several tabs: one asks, and the others have the new token too; one signs out, and all are', async ({ page, context, shopper }) => {
    await context.clock.install();
    await signInAtSessions(page, shopper);
    const second = await context.newPage();
    await visit(second, '/sessions', 'Sessions');
    await expectSignedIn(second, shopper);
    await page.bringToFront();
    const questions = noteSilentQuestions(context);
    await askNow(page);
    await expect(tokens(page)).toContainText('once since this page was opened');
    expect(questions).toHaveLength(1);
    await context.clock.fastForward('01:20');
    await letTimersRun(second);
    expect(questions, 'the second tab’s own token would be due').toHaveLength(1);
    await signOut(page, shopper, IDP_TOO);
    await arrive(page, 'Signed out');
    await expectSignedOut(second);
  });

  test('a sign-out is not undone by an answer that was on its way', async ({ page, context, shopper }) => {
    await signInAtSessions(page, shopper);
    const second = await context.newPage();
    await second.goto('/cart');
    await expectSignedIn(second, shopper);
    await page.bringToFront();
    const asked = Promise.withResolvers<void>();
    const signedOut = Promise.withResolvers<void>();
    await page.route((url) => isSilent(url), async (route) => {
      const tokensForAMoment = await route.fetch();
      asked.resolve();
      await signedOut.promise;
      await route.fulfill({ response: tokensForAMoment });
    });
    const answered = page.waitForResponse((response) => isSilent(new URL(response.url())));
    await askNow(page);
    await asked.promise;
    await signOut(second, shopper, IDP_TOO);
    await arrive(second, 'Signed out');
    await expectSignedOut(page);
    signedOut.resolve();
    await answered;
    await expect(page.locator('iframe')).toHaveCount(0);
    await expectSignedOut(page);
    await expectSignedOut(second);
  });

  test('who deletes the account is not begun anew by a question that nobody asked', async ({ page, shopper }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await arrive(page, 'Signed out');
    await expect(page.getByRole('main')).toContainText('Your account in this shop is deleted.');
    await page.goto('/');
    await expectSignedOut(page);
    await bannerLink(page, 'My Account').click();
    await expectLoginPage(page);
  });

  test('where the browser keeps the provider’s cookie from the frame, the page finds out after the login, and says so', async ({ page, shopper }) => {
    await page.route((url) => isSilent(url), (route) => {
      const question = new URL(route.request().url());
      return route.fulfill({ contentType: 'text/html', body: messagePage(answerOf(question, { error: 'login_required' })) });
    });
    await page.clock.install();
    await visit(page, '/sessions', 'Sessions');
    const costs = page.getByRole('region', { name: 'What this architecture costs' });
    await expect(costs).not.toContainText('This browser keeps');
    await bannerLink(page, 'Sign in').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(costs).toContainText('This browser keeps PeakCommerce ID’s cookie from the hidden iframe');
    await expect(costs).toContainText('custom domain');
    await expectSignedIn(page, shopper);
    await page.clock.fastForward('02:05');
    await expect(endedNotice(page)).toContainText('if you are still known there, nothing is asked');
    await endedNotice(page).getByRole('link', { name: 'Sign in again' }).click();
    await arrive(page, 'Sessions');
    await expectSignedIn(page, shopper);
  });

  test('an identity provider that never answers is waited for ten seconds', async ({ page }) => {
    await page.route((url) => isSilent(url), () => {});
    await page.clock.install();
    await page.goto('/');
    await expect(page.locator('iframe')).toHaveCount(1);
    await page.clock.fastForward('00:09');
    await expect(page.locator('iframe')).toHaveCount(1);
    await page.clock.fastForward('00:02');
    await expect(page.locator('iframe')).toHaveCount(0);
    await expectSignedOut(page);
  });

  test('whoever never signed in is not told of an end, and a login needs one click', async ({ page }) => {
    await page.goto('/');
    await expectSignedOut(page);
    await expect(endedNotice(page)).toHaveCount(0);
    await bannerLink(page, 'Sign in').click();
    await expectLoginPage(page);
  });
});
