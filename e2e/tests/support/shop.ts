// What people do in the shop, by the words on the screen.

import { readFile } from 'node:fs/promises';
import { type Download, expect, type Locator, type Page } from '@playwright/test';
import { giveCredentials } from './idp.ts';
import { arrive } from './page_check.ts';
import type { Person } from './people.ts';

/** The sandbox payment provider's cards. */
export const CARDS = {
  approved: '4242 4242 4242 4242',
  declined: '4000 0000 0000 0002',
  asksOwner: '4000 0025 0000 3155',
  providerDown: '4000 0000 0000 0119',
};

/** What the menu "Sign out" offers. */
export const SHOP_ALONE = 'Sign out of storezero';
export const IDP_TOO = 'Sign out of storezero and PeakCommerce ID';
export const ALL_THREE = 'Sign out of storezero, PeakCommerce ID and Friendbook';

/** Products with one variant and more pieces than all tests together buy. */
export const LEMONS = { slug: 'amalfi-lemons', name: 'Amalfi Lemons, 1 kg', price: '€5.90' };
export const MAP = { slug: 'folded-world-map', name: 'Folded World Map', price: '€16.90' };

export const banner = (page: Page): Locator => page.getByRole('banner');

export const bannerLink = (page: Page, name: string | RegExp): Locator => banner(page).getByRole('link', { name });

/** `pieces` as the banner counts them, for eyes and ears. */
export async function expectInCart(page: Page, pieces: number): Promise<void> {
  const count = pieces === 1 ? '1 item' : `${pieces} items`;
  await expect(bannerLink(page, 'Cart')).toHaveAccessibleName(pieces === 0 ? 'Cart' : new RegExp(`^Cart\\s?, ${count}$`));
}

export async function addToCart(page: Page, product: { slug: string; name: string }): Promise<void> {
  await page.goto(`/p/${product.slug}`);
  await page.getByRole('button', { name: 'Add to cart', exact: true }).click();
  await expect(page.getByText(`1 × ${product.name} added to your cart.`)).toBeVisible();
}

/** Signs in by the link in the banner and comes back to the same page. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await bannerLink(page, 'Sign in').click();
  await giveCredentials(page, person);
  await expectSignedIn(page, person);
}

/** Opens what can be chosen before signing in. */
export async function openSignInOptions(page: Page): Promise<Locator> {
  await banner(page).getByRole('button', { name: 'Sign-in options' }).click();
  const options = banner(page).getByRole('group', { name: 'Sign-in options' });
  await expect(options).toBeVisible();
  return options;
}

export async function wishToStaySignedIn(page: Page, wished: boolean): Promise<void> {
  const options = await openSignInOptions(page);
  await options.getByRole('checkbox', { name: 'Keep me signed in on this device' }).setChecked(wished);
  await page.keyboard.press('Escape');
  await expect(options).toBeHidden();
}

export async function expectSignedIn(page: Page, person: Person): Promise<void> {
  await expect(accountMenu(page, person)).toBeVisible();
}

export async function expectSignedOut(page: Page): Promise<void> {
  await expect(bannerLink(page, 'Sign in')).toBeVisible();
}

/** Says on any page that the session is over, and why. What reads it out is there before it, and has no place of its own. */
export const endedNotice = (page: Page): Locator =>
  page.getByRole('status').locator('.ended-notice').filter({ hasText: 'You are signed out.' });

const accountMenu = (page: Page, person: Person): Locator => banner(page).getByRole('button', { name: person.name });

export async function signOut(page: Page, person: Person, item: string): Promise<void> {
  await accountMenu(page, person).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

export const field = (page: Page, name: string): Locator => page.getByLabel(name, { exact: true });

export const ADDRESS = { fullName: 'Katherine Johnson', street: 'Lindenallee 7', postcode: '10115', city: 'Berlin' };

export async function fillContactAndAddress(page: Page, email: string): Promise<void> {
  await field(page, 'Email').fill(email);
  await field(page, 'Full name').fill(ADDRESS.fullName);
  await field(page, 'Address').fill(ADDRESS.street);
  await field(page, 'Postcode').fill(ADDRESS.postcode);
  await field(page, 'City').fill(ADDRESS.city);
}

export async function fillCard(page: Page, number: string): Promise<void> {
  await field(page, 'Card number').fill(number);
  await field(page, 'Expiry').fill('04/39');
  await field(page, 'Security code').fill('123');
}

export const saveAddress = (page: Page): Locator => page.getByRole('checkbox', { name: 'Save this address to your account' });

/** What is to be done, until the shop has kept the address that goes along with it. */
export async function whileAddressIsSaved(page: Page, task: () => Promise<void>): Promise<void> {
  const isSaved = page.waitForResponse((answer) => answer.url().endsWith('/api/account/addresses') && answer.request().method() === 'POST');
  await task();
  expect((await isSaved).status()).toBe(200);
}

export const placeOrder = (page: Page): Promise<void> => page.getByRole('button', { name: 'Place order' }).click();

/** The order's number, from the page that says thanks. */
export async function expectThanks(page: Page): Promise<string> {
  await arrive(page, 'Thank you');
  const number = /\/checkout\/done\/([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2,})$/.exec(page.url())?.[1];
  expect(number, `an order's number in ${page.url()}`).toBeDefined();
  await expect(page.getByText(`Your order ${number} is placed.`)).toBeVisible();
  return number!;
}

/** From a filled cart to the thanks. */
export async function checkOut(page: Page, { email, card = CARDS.approved }: { email: string; card?: string }): Promise<string> {
  await page.goto('/checkout');
  await fillContactAndAddress(page, email);
  await fillCard(page, card);
  await placeOrder(page);
  return expectThanks(page);
}

export async function readDownload(download: Download): Promise<{ name: string; text: string }> {
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}
