// "… the authorization server can track whether a user has authenticated using MFA. If so, the next time the user
// arrives at the authorization server, they won't need to see a login page or be prompted to use MFA again."

import type { Page } from '@playwright/test';
import { IDP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials, notePrompts } from './support/idp.ts';
import { arrive } from './support/page_check.ts';
import { newShopper, type Person } from './support/people.ts';
import { ACR_MULTI_FACTOR, enrolSecondFactor, expectSecondFactorPage, giveCode, giveRecoveryCode, type SecondFactor } from './support/second_factor.ts';
import { sessionView } from './support/sessions.ts';
import { bannerLink, expectSignedIn, readDownload, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

/** Signed in with the password alone, and has set up a second factor since. */
async function signInAndEnrol(page: Page, person: Person): Promise<SecondFactor> {
  await page.goto('/account');
  await giveCredentials(page, person);
  await arrive(page, 'My Account');
  const secondFactor = await enrolSecondFactor(page);
  await page.goto('/account');
  await arrive(page, 'My Account');
  return secondFactor;
}

/** In another browser, with both factors: now the shop knows that there are two. */
async function signInWithBoth(page: Page, person: Person, secondFactor: SecondFactor): Promise<void> {
  await page.goto('/account');
  await giveCredentials(page, person);
  await giveCode(page, secondFactor);
  await arrive(page, 'My Account');
}

test.describe('S4 second factor', () => {
  test('the identity provider remembers it: no login page and no second prompt after a local logout @phone', async ({ page, shopper }) => {
    const secondFactor = await signInAndEnrol(page, shopper);
    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await signInWithBoth(page, shopper, secondFactor);
    const { session } = await sessionView(page);
    expect(session).toMatchObject({ acr: ACR_MULTI_FACTOR, amr: ['pwd', 'otp', 'mfa'] });

    await signOut(page, shopper, 'Sign out of storezero');
    await arrive(page, 'Signed out');
    const prompts = notePrompts(page);
    await bannerLink(page, 'All Orders').click();
    await arrive(page, 'All Orders');
    await expectSignedIn(page, shopper);
    expect(prompts, 'pages that ask for something').toEqual([]);
    const again = (await sessionView(page)).session!;
    expect(again).toMatchObject({ acr: ACR_MULTI_FACTOR, amr: ['pwd', 'otp', 'mfa'] });
    expect(again.authenticated_at, 'the same proof as before').toBe(session!.authenticated_at);
  });

  test('a sensitive action asks whoever has one for it, and then goes on by itself', async ({ page, newGuest, shopper, watch }) => {
    const secondFactor = await signInAndEnrol(page, shopper);
    await signInWithBoth(await newGuest(), shopper, secondFactor);

    watch.expectFailure('/api/account/data', 401);
    await page.getByRole('button', { name: 'Download my data' }).click();
    await expectSecondFactorPage(page);
    const download = page.waitForEvent('download');
    await giveRecoveryCode(page, secondFactor.recoveryCodes[0]!);
    const { name, text } = await readDownload(await download);
    expect(name).toBe('storezero-data.json');
    expect(JSON.parse(text)).toMatchObject({ customer: { email: shopper.email }, second_factor: true });
    await arrive(page, 'My Account');
    expect((await sessionView(page)).session!.acr).toBe(ACR_MULTI_FACTOR);

    // Once, and not at each visit.
    let downloads = 0;
    page.on('download', () => (downloads += 1));
    await page.reload();
    await arrive(page, 'My Account');
    expect(downloads).toBe(0);
  });

  test('who turns back from the second factor has nothing done, then or later', async ({ page, newGuest, shopper, watch }) => {
    const secondFactor = await signInAndEnrol(page, shopper);
    await signInWithBoth(await newGuest(), shopper, secondFactor);

    watch.expectFailure('/api/account', 401);
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await expectSecondFactorPage(page);
    await page.goto('/');
    await expectSignedIn(page, shopper);
    // A login that would do, and that nobody began in order to delete anything.
    await page.goto(`/auth/login?${new URLSearchParams({ return_to: '/account', acr_values: ACR_MULTI_FACTOR })}`);
    await giveRecoveryCode(page, secondFactor.recoveryCodes[0]!);
    await arrive(page, 'My Account');
    await expectSignedIn(page, shopper);
    await expect(page.getByRole('main')).toContainText(shopper.email);
  });

  test('what one customer began is not done to another who signs in instead', async ({ page, newGuest, shopper, watch }) => {
    const secondFactor = await signInAndEnrol(page, shopper);
    await signInWithBoth(await newGuest(), shopper, secondFactor);

    watch.expectFailure('/api/account', 401);
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await expectSecondFactorPage(page);
    const other = await newShopper();
    // Straight on in this tab, to the page that the first one was to come back to.
    await page.goto(`${IDP_URL}/`);
    await page.goto('/auth/login?prompt=login&return_to=/account');
    await expectLoginPage(page);
    await giveCredentials(page, other);
    await arrive(page, 'My Account');
    await expect(page.getByRole('main')).toContainText(other.email);
    await page.reload();
    await arrive(page, 'My Account');
    await expect(page.getByRole('main')).toContainText(other.email);
  });
});
