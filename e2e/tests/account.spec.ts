// My Account: one's data, the identity provider's part of the account, where one is signed in, and the end of it all.

import type { Page } from '@playwright/test';
import { IDP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, checkPage } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { enrolSecondFactor, giveCode, giveRecoveryCode } from './support/second_factor.ts';
import { sessionView, SHOP_COOKIE } from './support/sessions.ts';
import {
  addToCart,
  ADDRESS,
  bannerLink,
  CARDS,
  checkOut,
  expectInCart,
  expectSignedOut,
  expectThanks,
  field,
  fillCard,
  fillContactAndAddress,
  LEMONS,
  MAP,
  placeOrder,
  readDownload,
  saveAddress,
  whileAddressIsSaved,
} from './support/shop.ts';
import { expect, test } from './support/test.ts';

async function openAccount(page: Page, person: Person): Promise<void> {
  await page.goto('/account');
  await giveCredentials(page, person);
  await arrive(page, 'My Account');
}

test.describe('my data', () => {
  test('a file has all that the shop keeps of a customer, and no secret', async ({ page, context, shopper }) => {
    await openAccount(page, shopper);
    await addToCart(page, LEMONS);
    const number = await checkOut(page, { email: shopper.email });
    await addToCart(page, MAP);
    await page.goto('/account');
    await arrive(page, 'My Account');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download my data' }).click();
    const { name, text } = await readDownload(await download);
    expect(name).toBe('storezero-data.json');
    const data = JSON.parse(text);
    expect(data).toMatchObject({ customer: { email: shopper.email }, second_factor: false, sessions: [{ is_this_one: true }] });
    for (const told of [number, LEMONS.name, MAP.name, 'Lindenallee 7']) expect(text).toContain(told);
    const key = (await context.cookies()).find(({ name }) => name === SHOP_COOKIE)!.value;
    expect(text).not.toContain(key);
  });

  test('email, phone and password are changed at the identity provider, which asks nothing of who is fresh', async ({ page, shopper }) => {
    await openAccount(page, shopper);
    await page.getByRole('button', { name: 'Change email, phone or password' }).click();
    await expect(page).toHaveURL(`${IDP_URL}/account`);
    await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
  });
});

test.describe('addresses', () => {
  const section = (page: Page) => page.getByRole('region', { name: 'Addresses' });
  const row = (page: Page, text: string) => section(page).getByRole('listitem').filter({ hasText: text });
  const expectFocusKept = (page: Page) => expect(page.getByRole('heading', { name: 'Addresses' })).toBeFocused();
  const choice = (page: Page, name: string | RegExp) => page.getByRole('radio', { name });

  async function openCheckout(page: Page): Promise<void> {
    await page.goto('/checkout');
    await arrive(page, 'Check out');
  }

  test('one saved at the checkout fills in the next, where another is chosen and what was typed stays @phone', async ({ page, shopper }) => {
    await openAccount(page, shopper);
    await addToCart(page, LEMONS);
    await openCheckout(page);
    await fillContactAndAddress(page, shopper.email);
    await expect(saveAddress(page)).not.toBeChecked();
    await saveAddress(page).check();
    await fillCard(page, CARDS.approved);
    await whileAddressIsSaved(page, () => placeOrder(page));
    await expectThanks(page);

    await page.goto('/account');
    await arrive(page, 'My Account');
    await expect(row(page, ADDRESS.street)).toContainText('✓ Default');
    await section(page).getByRole('button', { name: 'Add an address' }).click();
    await expect(field(page, 'Full name')).toBeFocused();
    await section(page).getByRole('button', { name: 'Save address' }).click();
    await expect(field(page, 'Full name')).toBeFocused();
    await expect(field(page, 'Full name')).toHaveAccessibleDescription(/Enter the name/);
    await checkPage(page);
    await field(page, 'Full name').fill('Grace Hopper');
    await field(page, 'Address').fill('Damrak 12');
    await field(page, 'Country').selectOption('NL');
    await field(page, 'Postcode').fill('1012lg');
    await field(page, 'City').fill('Amsterdam');
    await page.keyboard.press('Enter');
    await expect(row(page, 'Damrak 12')).toContainText('1012 LG Amsterdam');
    await expectFocusKept(page);
    await checkPage(page);

    await addToCart(page, MAP);
    await openCheckout(page);
    await expect(field(page, 'Full name')).toHaveValue(ADDRESS.fullName);
    await expect(field(page, 'Address')).toHaveValue(ADDRESS.street);
    await expect(field(page, 'Postcode')).toHaveValue(ADDRESS.postcode);
    await expect(field(page, 'City')).toHaveValue(ADDRESS.city);
    await expect(choice(page, /Lindenallee 7/)).toBeChecked();
    await expect(saveAddress(page)).toHaveCount(0);
    await field(page, 'Address').fill('Hafenweg 3');
    await expect(choice(page, 'Another address')).toBeChecked();
    await expect(saveAddress(page)).not.toBeChecked();
    await choice(page, /Damrak 12/).check();
    await expect(field(page, 'Country')).toHaveValue('NL');
    await expect(page.getByText(/VAT in Netherlands/)).toBeVisible();
    await choice(page, 'Another address').check();
    await expect(field(page, 'Address')).toHaveValue('Hafenweg 3');
    await choice(page, /Lindenallee 7/).check();
    await expect(field(page, 'Address')).toHaveValue(ADDRESS.street);

    // The half-filled checkout shows a saved address as it is when its customer comes back.
    await page.goto('/account');
    await arrive(page, 'My Account');
    await row(page, ADDRESS.street).getByRole('button', { name: 'Edit' }).click();
    await expect(field(page, 'Address')).toHaveValue(ADDRESS.street);
    await field(page, 'Address').fill('Lindenallee 9');
    await section(page).getByRole('button', { name: 'Save address' }).click();
    await expect(row(page, 'Lindenallee 9')).toContainText('✓ Default');
    await expectFocusKept(page);
    await row(page, 'Damrak 12').getByRole('button', { name: 'Make default' }).click();
    await expect(section(page).getByRole('listitem').first()).toContainText('Damrak 12');
    await expectFocusKept(page);
    await row(page, 'Damrak 12').getByRole('button', { name: 'Remove' }).click();
    await expect(row(page, 'Damrak 12')).toHaveCount(0);
    await expectFocusKept(page);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expect(row(page, 'Damrak 12')).toContainText('✓ Default');
    await expectFocusKept(page);
    await openCheckout(page);
    await expect(field(page, 'Address')).toHaveValue('Lindenallee 9');
  });
});

test.describe('deleting the account', () => {
  test('it ends everywhere at once, says what stays, and does not come back by single sign-on @phone', async ({ page, newGuest, shopper }) => {
    await openAccount(page, shopper);
    await addToCart(page, LEMONS);
    await checkOut(page, { email: shopper.email });
    await addToCart(page, MAP);
    const phone = await newGuest();
    await phone.goto('/account/orders');
    await giveCredentials(phone, shopper);
    await arrive(phone, 'All Orders');

    await page.goto('/account');
    await arrive(page, 'My Account');
    await page.getByRole('button', { name: 'Delete account' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete your account?' });
    await expect(dialog).toContainText('Your orders stay in the books without your name, address and email');
    await checkPage(page);
    await dialog.getByRole('button', { name: 'Keep my account' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('button', { name: 'Delete account' }).click();
    await dialog.getByRole('button', { name: 'Delete for good' }).click();

    await arrive(page, 'Signed out');
    await expect(page.getByRole('main')).toContainText('Your account in this shop is deleted');
    await expect(page.getByRole('main')).toContainText('Your account at PeakCommerce ID is not the shop’s: it stays.');
    await expectSignedOut(page);
    await expectInCart(page, 0);
    await expect(phone.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await expect(phone.getByText('You deleted your account in this shop.')).toBeVisible();

    // Single sign-on would begin a new account without a question.
    await bannerLink(page, 'All Orders').click();
    await expect(page.getByText('You deleted your account in this shop.')).toBeVisible();
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await expectLoginPage(page);
    await giveCredentials(page, shopper);
    await arrive(page, 'All Orders');
    await expect(page.getByText('No orders yet')).toBeVisible();
  });
});

test.describe("where you're signed in", () => {
  const row = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });
  const others = (page: Page) => page.getByRole('listitem').getByRole('button', { name: 'Sign out there' });

  async function openDevices(page: Page): Promise<void> {
    await page.goto('/account');
    await page.getByRole('main').getByRole('link', { name: 'Where you’re signed in' }).click();
    await arrive(page, 'Where you’re signed in');
  }

  test('each browser is listed, this one marked; one that is ended there says so at once @phone', async ({ page, newGuest, shopper }) => {
    await openAccount(page, shopper);
    await openDevices(page);
    await expect(row(page, 'This device')).toHaveCount(1);
    await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();

    const phone = await newGuest();
    await phone.goto('/account/orders');
    await giveCredentials(phone, shopper);
    await arrive(phone, 'All Orders');
    await page.reload();
    await arrive(page, 'Where you’re signed in');
    await expect(others(page)).toHaveCount(1);
    await expect(row(page, 'This device')).toContainText('PeakCommerce ID');
    await expect(page.getByRole('main')).not.toContainText('Fingerprint');
    await others(page).click();
    await expect(others(page)).toHaveCount(0);
    await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: /is signed out\..*done .* \d\d:\d\d/ })).toBeVisible();
    await checkPage(page);

    await expect(phone.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await expect(phone.getByText('This session was ended from another of your devices.')).toBeVisible();
    expect(await sessionView(phone)).toMatchObject({ state: 'none', ended: 'revoked' });
    expect((await sessionView(page)).state).toBe('customer');
    // The identity provider still knows that browser; it must prove who it is all the same.
    await phone.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await expectLoginPage(phone);
  });

  test('all others end together, after a question', async ({ page, newGuest, shopper }) => {
    await openAccount(page, shopper);
    const elsewhere = [await newGuest(), await newGuest()];
    for (const browser of elsewhere) await openAccount(browser, shopper);
    await openDevices(page);
    await expect(others(page)).toHaveCount(2);
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    const dialog = page.getByRole('dialog', { name: 'Sign out everywhere else?' });
    await checkPage(page);
    await dialog.getByRole('button', { name: 'Stay signed in there' }).click();
    await expect(others(page)).toHaveCount(2);
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await dialog.getByRole('button', { name: 'Sign out there' }).click();
    await expect(others(page)).toHaveCount(0);
    await expect(page.getByRole('status').filter({ hasText: 'Every browser but this one is signed out.' })).toBeVisible();
    for (const browser of elsewhere) {
      await expect(browser.getByText('This session was ended from another of your devices.')).toBeVisible();
    }
    expect((await sessionView(page)).state).toBe('customer');
  });

  test('a login that is not enough is made good first, and then the others end by themselves', async ({ page, newGuest, shopper, watch }) => {
    await openAccount(page, shopper);
    const secondFactor = await enrolSecondFactor(page);
    // The shop hears of it by the login there.
    const phone = await newGuest();
    await phone.goto('/account');
    await giveCredentials(phone, shopper);
    await giveCode(phone, secondFactor);
    await arrive(phone, 'My Account');

    await openDevices(page);
    watch.expectFailure('/api/account/sessions', 401);
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out there' }).click();
    await giveRecoveryCode(page, secondFactor.recoveryCodes[0]!);
    await arrive(page, 'Where you’re signed in');
    await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();
    await expect(phone.getByText('This session was ended from another of your devices.')).toBeVisible();
    await page.reload();
    await arrive(page, 'Where you’re signed in');
    expect((await sessionView(page)).state).toBe('customer');
  });
});
