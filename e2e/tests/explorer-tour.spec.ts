// The guided tour: from the page Sessions alone, and from where its links lead, all twelve statements are ticked.

import { randomInt } from 'node:crypto';
import type { Page } from '@playwright/test';
import { codeAt } from '../idp/second_factor/totp.ts';
import { IDP_URL, NO_BACKEND_URL, SHOP_URL } from './support/addresses.ts';
import { expectNotTicked, expectTicked, step, stepButton, stepLink } from './support/explorer.ts';
import { giveCredentials } from './support/idp.ts';
import { newestMessage } from './support/mailbox.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { linus } from './support/people.ts';
import {
  ALL_THREE,
  bannerLink,
  CARDS,
  expectSignedIn,
  expectThanks,
  fillCard,
  fillContactAndAddress,
  IDP_TOO,
  LEMONS,
  placeOrder,
  SHOP_ALONE,
} from './support/shop.ts';
import { expect, test } from './support/test.ts';

const TEACUP = 'Stoneware Teacup';

async function backToSessions(page: Page): Promise<void> {
  await bannerLink(page, 'Sessions').click();
  await arrive(page, 'Sessions');
}

async function search(page: Page, words: string, product: string): Promise<void> {
  const field = page.getByRole('searchbox', { name: 'Search' });
  await field.fill(words);
  await field.press('Enter');
  await page.getByRole('main').getByRole('link', { name: product, exact: true }).click();
  await arrive(page, product);
}

async function orderAsAGuest(page: Page): Promise<void> {
  await search(page, 'lemons', LEMONS.name);
  await page.getByRole('button', { name: 'Add to cart', exact: true }).press('Enter');
  await expect(page.getByText(`1 × ${LEMONS.name} added to your cart.`)).toBeVisible();
  await bannerLink(page, 'Cart').click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await fillContactAndAddress(page, 'guest@example.com');
  await fillCard(page, CARDS.approved);
  await placeOrder(page);
  await expectThanks(page);
}

/** On the identity provider's pages, which opened in a tab of their own. */
async function changePhone(account: Page): Promise<void> {
  await expect(account).toHaveURL(`${IDP_URL}/account`);
  await account.getByRole('link', { name: /phone/i }).click();
  const phone = `+4930${randomInt(1e8, 1e9)}`;
  await account.getByLabel('New phone').fill(phone);
  await account.getByRole('button', { name: 'Send a code' }).click();
  await expect(account.getByRole('heading', { name: 'Type the code' })).toBeVisible();
  await account.getByLabel('Code').fill(/^\d{6}/.exec((await newestMessage(phone)).text)![0]);
  await account.getByRole('button', { name: 'Confirm' }).click();
  await expect(account.getByRole('heading', { name: 'Phone changed' })).toBeVisible();
}

async function setUpSecondFactor(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
  const secret = (await page.locator('.hint code').first().innerText()).replaceAll(' ', '');
  await page.getByLabel('Authentication code').fill(codeAt(secret, Date.now()));
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('button', { name: 'I have kept them, continue' }).click();
}

async function giveFriendbookCredentials(page: Page): Promise<void> {
  await expect(page).toHaveURL(({ origin }) => ![SHOP_URL, IDP_URL].includes(origin));
  await page.getByLabel('Email').fill(linus.email);
  await page.getByLabel('Password').fill(linus.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** By the control of this step, over the page that says what ended. */
async function signOutAndComeBack(page: Page, id: string, scope: string): Promise<void> {
  await stepButton(page, id, scope).press('Enter');
  await arrive(page, 'Signed out');
  await backToSessions(page);
}

test('the tour earns twelve ticks', async ({ page, context, shopper }) => {
  test.setTimeout(240_000);
  await visit(page, '/sessions', 'Sessions');
  await expect(page.getByText('0 of 12 demonstrated.')).toBeVisible();

  await stepLink(page, 'S1', 'Choose something').press('Enter');
  await orderAsAGuest(page);
  await backToSessions(page);
  await expectTicked(page, 'S1');

  await stepLink(page, 'S10', 'Look around').click();
  await page.getByRole('main').getByRole('link', { name: TEACUP, exact: true }).click();
  await arrive(page, TEACUP);
  await page.getByRole('button', { name: 'Add to wishlist' }).press('Space');
  await expect(page.getByText(`${TEACUP} is on your wishlist.`)).toBeVisible();
  await backToSessions(page);
  await expectTicked(page, 'S10');

  await stepLink(page, 'S2', 'All Orders').press('Enter');
  await giveCredentials(page, shopper);
  await arrive(page, 'All Orders');
  await backToSessions(page);
  await expectTicked(page, 'S2');
  await expectTicked(page, 'S3');

  await stepLink(page, 'S11', 'Sign in anew').press('Enter');
  await giveCredentials(page, shopper);
  await arrive(page, 'Sessions');
  await expectTicked(page, 'S11');
  await checkPage(page);

  await expectNotTicked(page, 'S6');
  await stepLink(page, 'S6', 'Sessions of the shop without a backend').click();
  await expect(page).toHaveURL(`${NO_BACKEND_URL}/sessions`);
  await expectSignedIn(page, shopper);
  await stepLink(page, 'S6', 'All Orders').click();
  await arrive(page, 'All Orders');
  await backToSessions(page);
  await stepLink(page, 'S6', 'Sessions of the shop with a backend').click();
  await expect(page).toHaveURL(`${SHOP_URL}/sessions`);
  await expectTicked(page, 'S6');

  const opened = context.waitForEvent('page');
  await stepLink(page, 'S9', /^Change something at PeakCommerce ID/).press('Enter');
  await changePhone(await opened);
  await page.bringToFront();
  await expectTicked(page, 'S9');
  await expect(step(page, 'S9').getByRole('status')).toHaveText('PeakCommerce ID ended your session here by back channel: phone_changed.');

  await stepLink(page, 'S4', 'Sign in with a second factor').click();
  await giveCredentials(page, shopper);
  await setUpSecondFactor(page);
  await arrive(page, 'Sessions');
  await expectNotTicked(page, 'S4', '1 of 2 seen');
  await signOutAndComeBack(page, 'S4', SHOP_ALONE);
  await stepLink(page, 'S4', 'Sign in with a second factor').press('Enter');
  await expectSignedIn(page, shopper);
  await expectTicked(page, 'S4');
  await expectNotTicked(page, 'S12', '1 of 3 seen');

  await stepButton(page, 'S7', 'Silent check').press('Space');
  await expectNotTicked(page, 'S7', '1 of 2 seen');
  await signOutAndComeBack(page, 'S7', IDP_TOO);
  await stepButton(page, 'S7', 'Silent check').click();
  await expectTicked(page, 'S7');
  await expectNotTicked(page, 'S12', '2 of 3 seen');

  await stepLink(page, 'S5', 'Continue with Friendbook').click();
  await giveFriendbookCredentials(page);
  await arrive(page, 'Sessions');
  await expectNotTicked(page, 'S5', '1 of 2 seen');
  await signOutAndComeBack(page, 'S5', IDP_TOO);
  await stepLink(page, 'S5', 'Continue with Friendbook').press('Enter');
  await expectSignedIn(page, linus);
  await expectTicked(page, 'S5');

  await signOutAndComeBack(page, 'S12', ALL_THREE);
  await expectNotTicked(page, 'S12', '2 of 3 seen');
  await expect(step(page, 'S12')).toContainText('Continue with Friendbook: if it ended, it asks you now.');
  await stepLink(page, 'S12', 'Continue with Friendbook').click();
  await giveFriendbookCredentials(page);
  await arrive(page, 'Sessions');
  await expectTicked(page, 'S12');

  await stepLink(page, 'S8', 'Sign in and keep me signed in').click();
  await expectSignedIn(page, linus);
  await expectNotTicked(page, 'S8', '1 of 2 seen');
  await stepButton(page, 'S8', 'Age to the absolute limit').press('Enter');
  await expectTicked(page, 'S8');

  await expect(page.getByText('12 of 12 demonstrated.')).toBeVisible();
  await expect(page.locator('[aria-current="step"]')).toHaveCount(0);
  await page.reload();
  await arrive(page, 'Sessions');
  await expect(page.getByText('12 of 12 demonstrated.')).toBeVisible();
  await checkPage(page);
});
