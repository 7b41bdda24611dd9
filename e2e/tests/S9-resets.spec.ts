// "Resetting a user's password, email, or phone number causes their PeakCommerce session to expire."

import { randomInt, randomUUID } from 'node:crypto';
import type { BrowserContext, Page } from '@playwright/test';
import { IDP_URL } from './support/addresses.ts';
import { giveCredentials } from './support/idp.ts';
import { newestMessage } from './support/mailbox.ts';
import { arrive, checkPage } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { sessionView } from './support/sessions.ts';
import { addToCart, endedNotice, expectInCart, expectSignedIn, field, LEMONS, signIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';


/** A customer with something in the cart, in the middle of a checkout. */
async function beginCheckout(page: Page, person: Person): Promise<void> {
  await addToCart(page, LEMONS);
  await signIn(page, person);
  await page.goto('/checkout');
  await arrive(page, 'Check out');
  await field(page, 'Address').fill('Lindenallee 7');
}

async function openAccountPage(context: BrowserContext, path: string, heading: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${IDP_URL}/account/${path}`);
  await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  return page;
}

/** The shop's page says that the session ended and why, without being touched; what was typed stays. */
async function expectTold(page: Page): Promise<void> {
  await expect(endedNotice(page)).toContainText('your password, email or phone number was changed there');
  await expect(field(page, 'Address')).toHaveValue('Lindenallee 7');
  expect(await sessionView(page)).toMatchObject({ state: 'none', ended: 'backchannel-logout' });
}

async function signInAgain(page: Page, person: Person): Promise<void> {
  await endedNotice(page).getByRole('link', { name: 'Sign in again' }).click();
  await giveCredentials(page, person);
  await arrive(page, 'Check out');
  await expectSignedIn(page, person);
  await expect(field(page, 'Address')).toHaveValue('Lindenallee 7');
  await expectInCart(page, 1);
}

test.describe('S9 resets', () => {
  test('a new password ends the session, the shop says why, and the checkout goes on after the next login @phone', async ({
    page,
    context,
    shopper,
  }) => {
    await beginCheckout(page, shopper);
    const account = await openAccountPage(context, 'password', 'Change password');
    const changed = { ...shopper, password: 'other words, and more of them' };
    await account.getByLabel('Current password').fill(shopper.password);
    await account.getByLabel('New password').fill(changed.password);
    await account.getByRole('button', { name: 'Change password' }).click();
    await expect(account.getByRole('heading', { name: 'Password changed' })).toBeVisible();

    await expectTold(page);
    await checkPage(page);
    await signInAgain(page, changed);
  });

  test('a new email ends the session, and the shop knows it after the next login', async ({ page, context, shopper }) => {
    await beginCheckout(page, shopper);
    const account = await openAccountPage(context, 'email', 'Change email');
    const changed = { ...shopper, email: `katherine.${randomUUID()}@example.com` };
    await account.getByLabel('New email').fill(changed.email);
    await account.getByRole('button', { name: 'Send the link' }).click();
    await expect(account.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
    expect((await sessionView(page)).state, 'nothing has ended yet').toBe('customer');
    await account.goto((await newestMessage(changed.email)).link!);
    await account.getByRole('button', { name: 'Confirm' }).click();
    await expect(account.getByRole('heading', { name: 'Email changed' })).toBeVisible();

    await expectTold(page);
    await signInAgain(page, changed);
    expect((await sessionView(page)).customer).toMatchObject({ email: changed.email });
  });

  test('a new phone ends the session', async ({ page, context, shopper }) => {
    await beginCheckout(page, shopper);
    const account = await openAccountPage(context, 'phone', 'Change phone');
    const phone = `+4930${randomInt(1e8, 1e9)}`;
    await account.getByLabel('New phone').fill(phone);
    await account.getByRole('button', { name: 'Send a code' }).click();
    await expect(account.getByRole('heading', { name: 'Type the code' })).toBeVisible();
    expect((await sessionView(page)).state, 'nothing has ended yet').toBe('customer');
    const code = /^\d{6}/.exec((await newestMessage(phone)).text)![0];
    await account.getByLabel('Code').fill(code);
    await account.getByRole('button', { name: 'Confirm' }).click();
    await expect(account.getByRole('heading', { name: 'Phone changed' })).toBeVisible();

    await expectTold(page);
    await signInAgain(page, shopper);
  });

  test('a forgotten password, set anew in another browser, ends the session here', async ({ page, newGuest, shopper }) => {
    await beginCheckout(page, shopper);
    const elsewhere = await newGuest();
    await elsewhere.goto(`${IDP_URL}/forgot-password`);
    await elsewhere.getByLabel('Email').fill(shopper.email);
    await elsewhere.getByRole('button', { name: 'Send the link' }).click();
    await expect(elsewhere.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
    await elsewhere.goto((await newestMessage(shopper.email)).link!);
    const changed = { ...shopper, password: 'words that will be remembered' };
    await elsewhere.getByLabel('New password').fill(changed.password);
    await elsewhere.getByRole('button', { name: 'Set password' }).click();
    await expect(elsewhere.getByRole('heading', { name: 'Password changed' })).toBeVisible();

    await expectTold(page);
    await signInAgain(page, changed);
  });
});
