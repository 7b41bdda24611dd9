// Shops and identity providers whose names are sites of their own, and browsers that send cookies to frames of other
// sites, or do not.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Person } from './people.ts';
import { IDP_COOKIE } from './sessions.ts';
import { bannerLink, expectSignedIn } from './shop.ts';
import { test as base } from './test.ts';

/** Where one set of servers is. */
export interface Sites {
  shop: string;
  noBackend: string;
  idp: string;
}

/** To each shop the identity provider is a third party. */
export const SITES_APART = sitesOf('SITES_APART_');
/** The identity provider has a name of the shops' own domain. */
export const CUSTOM_DOMAIN = sitesOf('CUSTOM_DOMAIN_');

/** `cargo xtask test` starts these servers and says where they are; nobody else has them. */
function sitesOf(prefix: string): Sites {
  const address = (name: string) => process.env[prefix + name] ?? '';
  return { shop: address('BASE_URL'), noBackend: address('NO_BACKEND_URL'), idp: address('IDP_URL') };
}

interface Options {
  thirdPartyCookies: 'allowed' | 'blocked';
}

/** What Chromium's settings page writes into a profile. Left out, it is not the same in every build. */
const COOKIE_CONTROLS_MODE = { allowed: 0, blocked: 1 };

export const test = base.extend<Options>({
  thirdPartyCookies: ['allowed', { option: true }],

  // The setting belongs to a profile; the contexts that tests have otherwise share their browser's.
  context: async ({ playwright, thirdPartyCookies, watch }, use, testInfo) => {
    test.skip(SITES_APART.shop === '', 'cargo xtask test starts the servers');
    const profile = testInfo.outputPath('profile');
    mkdirSync(join(profile, 'Default'), { recursive: true });
    const preferences = { profile: { cookie_controls_mode: COOKIE_CONTROLS_MODE[thirdPartyCookies] } };
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    // Playwright's own download has a smaller browser for tests as well, which reads no such file.
    const context = await playwright.chromium.launchPersistentContext(profile, { channel: 'chromium' });
    watch.observe(context);
    await use(context);
    await context.close();
    rmSync(profile, { recursive: true, maxRetries: 3 });
  },
});

export { expect } from '@playwright/test';

/** A shop, and the provider that its visitors sign in at. */
interface Pair {
  shop: string;
  idp: string;
}

export const withBackend = ({ shop, idp }: Sites): Pair => ({ shop, idp });
export const withoutBackend = ({ noBackend, idp }: Sites): Pair => ({ shop: noBackend, idp });

/** Signs in on the page Sessions of this shop, with a password of PeakCommerce ID, and comes back to it. */
export async function signInAtSessions(page: Page, { shop, idp }: Pair, person: Person): Promise<void> {
  await openLoginPage(page, { shop, idp });
  await giveCredentials(page, person);
  await expectSignedInAtSessions(page, shop, person);
}

/** The same with an account at Friendbook, whose site is another one again. */
export async function signInWithFriendbook(page: Page, { shop, idp }: Pair, person: Person): Promise<void> {
  await openLoginPage(page, { shop, idp });
  await page.getByRole('button', { name: 'Continue with Friendbook' }).click();
  await expect(page).toHaveURL(({ hostname }) => hostname === 'friendbook.localhost');
  await giveCredentials(page, person);
  await expectSignedInAtSessions(page, shop, person);
}

async function openLoginPage(page: Page, { shop, idp }: Pair): Promise<void> {
  await page.goto(`${shop}/sessions`);
  await bannerLink(page, 'Sign in').click();
  await expect(page).toHaveURL(({ origin }) => origin === idp);
}

async function giveCredentials(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export async function expectSignedInAtSessions(page: Page, shop: string, person: Person): Promise<void> {
  await expect(page).toHaveURL(`${shop}/sessions`);
  await expect(page.getByRole('heading', { level: 1, name: 'Sessions', exact: true })).toBeVisible();
  await expectSignedIn(page, person);
}

/**
 * Whether the provider's cookie goes with the question that its hidden frame asks: read from the request as it was
 * sent. The browser must have the cookie before: one that never was there would prove nothing by being missing.
 */
export async function cookieReachesFrame(page: Page, idp: string, ask: () => Promise<unknown>): Promise<boolean> {
  const kept = await page.context().cookies(idp);
  expect(kept.map(({ name }) => name), 'the browser has the cookie').toContain(IDP_COOKIE);
  const asked = page.waitForRequest((request) => isSilentQuestion(request.url(), idp));
  await ask();
  const { cookie = '' } = await (await asked).allHeaders();
  return cookie.includes(`${IDP_COOKIE}=`);
}

function isSilentQuestion(address: string, idp: string): boolean {
  const { origin, pathname, searchParams } = new URL(address);
  return origin === idp && pathname === '/auth' && searchParams.get('prompt') === 'none';
}
