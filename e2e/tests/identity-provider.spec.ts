// PeakCommerce ID's and Friendbook's own pages: what they tell of their sessions, and that no way back is lost there.

import type { Page } from '@playwright/test';
import { IDP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { newestMessage } from './support/mailbox.ts';
import { arrive, checkPage } from './support/page_check.ts';
import { ada, linus } from './support/people.ts';
import { sessionView } from './support/sessions.ts';
import { expectSignedIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

/** The page of the provider itself, in a tab of its own. */
async function openProvider(page: Page, url = IDP_URL): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(url);
  await checkPage(tab);
  return tab;
}

test.describe('the identity provider shows its own session', { tag: '@phone' }, () => {
  test('with the mark that the shop shows of its sid, and times of the visitor’s clock', async ({ page }) => {
    await page.goto('/account');
    await expectLoginPage(page);
    const before = await openProvider(page);
    await expect(before.getByRole('region', { name: 'session in this browser' })).toContainText('before anybody signed in');
    await before.close();
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    const { session } = await sessionView(page);

    const provider = await openProvider(page);
    const facts = provider.getByRole('region', { name: 'session in this browser' });
    await expect(facts.getByRole('listitem').filter({ hasText: 'storezero.io' })).toContainText(`sid: ${session!.sid}`);
    const times = await facts.locator('time').evaluateAll((elements) =>
      elements.map((element) => {
        const { dateTime, textContent } = element as HTMLTimeElement;
        const local = new Date(dateTime).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
        return { shown: textContent, local };
      }),
    );
    expect(times.length).toBeGreaterThan(4);
    for (const { shown, local } of times) expect(shown).toBe(local);
  });

  test('and, after a new login that was asked for, the one that it replaced', async ({ page, shopper }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const first = (await sessionView(page)).session!.sid!;
    await page.goto('/auth/login?prompt=login&return_to=/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const second = (await sessionView(page)).session!.sid!;

    const provider = await openProvider(page);
    const facts = provider.getByRole('region', { name: 'session in this browser' });
    await expect(facts).toContainText('storezero.io asked for a new login (prompt=login), which replaced it.');
    await expect(facts).toContainText(`sid: ${second}, in the session before ${first}`);
  });

  test('and whose word it took, with a link to that session', async ({ page }) => {
    await page.goto('/account');
    await expectLoginPage(page);
    await page.getByRole('button', { name: 'Continue with Friendbook' }).click();
    await page.getByLabel('Email').fill(linus.email);
    await page.getByLabel('Password').fill(linus.password);
    await expect(page.getByLabel('Keep me signed in at Friendbook')).toBeVisible();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await arrive(page, 'My Account');

    const provider = await openProvider(page);
    await provider.getByRole('link', { name: 'Friendbook' }).click();
    await expect(provider.getByRole('heading', { name: `Hello, ${linus.name}` })).toBeVisible();
    await checkPage(provider);
    await expect(provider.getByRole('listitem').filter({ hasText: 'PeakCommerce ID' })).toContainText('sid: ‹');

    await provider.goto(`${IDP_URL}/account`);
    await provider.getByRole('link', { name: 'Disconnect Friendbook' }).click();
    await expect(provider.getByRole('heading', { name: 'Friendbook is your only way in' })).toBeVisible();
    await checkPage(provider);
  });
});

test.describe('no login loses the page that it was for', () => {
  test('not by a forgotten password', async ({ page, shopper }) => {
    await page.goto('/account/orders?status=shipped');
    await expectLoginPage(page);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('Email').fill(shopper.email);
    await checkPage(page);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
    await page.goto((await newestMessage(shopper.email)).link!);
    const changed = { ...shopper, password: 'words that will be remembered' };
    await page.getByLabel('New password').fill(changed.password);
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('link', { name: 'Sign in to go on to storezero.io' }).click();
    await giveCredentials(page, changed);
    await arrive(page, 'All Orders');
    await expect(page).toHaveURL('/account/orders?status=shipped');
    await expectSignedIn(page, changed);
  });
});
