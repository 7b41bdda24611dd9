// "Continue as …": the identity provider still knows a visitor whom the shop does not know any more.

import type { BrowserContext, Locator, Page } from '@playwright/test';
import { idpLane, silentCheck } from './support/explorer.ts';
import { expectLoginPage, giveCredentials, notePrompts } from './support/idp.ts';
import { arrive, checkPage } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { IDP_COOKIE, sessionView, SHOP_COOKIE, silentAnswer } from './support/sessions.ts';
import { expectSignedIn, expectSignedOut, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const offer = (page: Page, person: Person): Locator => page.getByRole('link', { name: `Continue as ${person.name}` });

/** Signed in at the identity provider, and forgotten by the shop: as after its idle limit. */
async function knownToTheProvider(page: Page, context: BrowserContext, person: Person): Promise<void> {
  await page.goto('/account');
  await giveCredentials(page, person);
  await arrive(page, 'My Account');
  await context.clearCookies({ name: SHOP_COOKIE });
}

/** Each hidden iframe that asks, while it is noted. */
function noteQuestions(context: BrowserContext): string[] {
  const questions: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/auth/silent-login') questions.push(request.url());
  });
  return questions;
}

test.describe('silent login', () => {
  test('a visitor whom the identity provider knows may continue without being asked anything @phone', async ({ page, context, shopper }) => {
    await knownToTheProvider(page, context, shopper);
    await page.goto('/');
    await expect(offer(page, shopper)).toBeVisible();
    expect((await sessionView(page)).state, 'nobody is signed in by an offer').toBe('none');
    await checkPage(page);
    const prompts = notePrompts(page);
    await offer(page, shopper).click();
    await expectSignedIn(page, shopper);
    await expect(offer(page, shopper)).toBeHidden();
    expect(prompts).toEqual([]);
  });

  test('"Not now" is not asked again in this tab', async ({ page, context, shopper }) => {
    await knownToTheProvider(page, context, shopper);
    await page.goto('/');
    await expect(offer(page, shopper)).toBeVisible();
    await page.getByRole('button', { name: 'Not now' }).click();
    await expect(offer(page, shopper)).toBeHidden();
    await page.reload();
    await expectSignedOut(page);
    await expect(offer(page, shopper)).toBeHidden();
  });

  test('whoever signed out here is not greeted', async ({ page, context, shopper }) => {
    await knownToTheProvider(page, context, shopper);
    await page.goto('/');
    await offer(page, shopper).click();
    await expectSignedIn(page, shopper);
    await signOut(page, shopper, 'Sign out of storezero');
    await arrive(page, 'Signed out');
    const tab = await context.newPage();
    await tab.goto('/');
    await expectSignedOut(tab);
    expect(await tab.evaluate(async () => (await (await fetch('/api/session')).json()).silent_login_offered)).toBe(false);
    await expect(offer(tab, shopper)).toBeHidden();
  });

  test('where the provider’s cookie does not reach it from a frame, the shop stays quiet and the Explorer says why', async ({ page, context, shopper }) => {
    await knownToTheProvider(page, context, shopper);
    // To a frame, a browser that blocks third-party cookies is one without them.
    await context.clearCookies({ name: IDP_COOKIE });
    const answered = silentAnswer(page);
    await page.goto('/');
    await answered;
    await expectSignedOut(page);
    await expect(offer(page, shopper)).toBeHidden();
    await page.goto('/sessions');
    await silentCheck(page);
    await expect(idpLane(page)).toContainText('third-party cookies are blocked');
  });

  test('whoever arrives is asked for once, and a stranger is none the worse', async ({ page, context }) => {
    const questions = noteQuestions(context);
    const answered = silentAnswer(page);
    await page.goto('/');
    expect(await (await answered).json()).toMatchObject({ name: null, problem: 'login_required' });
    await expectSignedOut(page);
    expect(await context.cookies(), 'a cookie for a guest who browses').toEqual([]);
    await page.reload();
    await expectSignedOut(page);
    await page.goto('/cart');
    await arrive(page, 'Cart');
    expect(questions).toHaveLength(1);
  });

  test('whoever the identity provider knows is offered to continue, in a browser that the shop knows nothing of', async ({ page, context, shopper }) => {
    await knownToTheProvider(page, context, shopper);
    await page.evaluate(() => localStorage.clear());
    const tab = await context.newPage();
    await tab.goto('/');
    await expect(offer(tab, shopper)).toBeVisible();
  });

  test('a page that needs a customer asks at its own door, and not twice', async ({ page, context }) => {
    const questions = noteQuestions(context);
    await page.goto('/account');
    await expectLoginPage(page);
    expect(questions).toEqual([]);
  });
});
