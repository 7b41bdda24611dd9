// Shops and identity provider on sites of their own, as in life: what a silent question in a hidden iframe can learn
// where browsers send third-party cookies, where they do not, and where the provider is on the shops' own site.

import type { Page } from '@playwright/test';
import {
  cookieReachesFrame,
  CUSTOM_DOMAIN,
  expect,
  expectSignedInAtSessions,
  signInAtSessions,
  signInWithFriendbook,
  SITES_APART,
  test,
  withBackend,
  withoutBackend,
} from './support/cross_site.ts';
import { silentCheck } from './support/explorer.ts';
import { ada, linus } from './support/people.ts';
import { IDP_COOKIE, SHOP_COOKIE } from './support/sessions.ts';
import { bannerLink, endedNotice, expectSignedIn, expectSignedOut, IDP_TOO, signOut } from './support/shop.ts';

const tokens = (page: Page) => page.getByRole('region', { name: 'Local session' });
const costs = (page: Page) => page.getByRole('region', { name: 'What this architecture costs' });
const KEPT_FROM_FRAME = 'This browser keeps PeakCommerce ID’s cookie from the hidden iframe';

test.describe('third-party cookies allowed', () => {
  const { shop, noBackend, idp } = SITES_APART;

  test('a silent question reaches the session of a provider on another site, from both shops', async ({ page, context }) => {
    await signInAtSessions(page, withBackend(SITES_APART), ada);
    const [cookie] = (await context.cookies(idp)).filter(({ name }) => name === IDP_COOKIE);
    expect(cookie).toMatchObject({ sameSite: 'None', secure: true });
    expect(await cookieReachesFrame(page, idp, () => silentCheck(page))).toBe(true);
    await expect(page.getByText('It knows Ada Lovelace, and asked nothing.')).toBeVisible();

    await context.clearCookies({ name: SHOP_COOKIE });
    await page.goto(shop);
    await page.getByRole('link', { name: 'Continue as Ada Lovelace' }).click();
    await expectSignedIn(page, ada);

    expect(await cookieReachesFrame(page, idp, () => page.goto(`${noBackend}/sessions`))).toBe(true);
    await expectSignedInAtSessions(page, noBackend, ada);
  });

  test('without a backend: tokens are renewed silently, and a reload stays signed in', async ({ page }) => {
    await signInAtSessions(page, withoutBackend(SITES_APART), ada);
    await expect(page.getByText('It knows you: new tokens')).toBeVisible();
    expect(await cookieReachesFrame(page, idp, () => silentCheck(page))).toBe(true);
    await expect(tokens(page)).toContainText('once since this page was opened');
    await expect(costs(page)).not.toContainText(KEPT_FROM_FRAME);
    await page.reload();
    await expectSignedInAtSessions(page, noBackend, ada);
  });

  test('a logout at the provider reaches the shop on another site by the back channel', async ({ page, context }) => {
    await signInAtSessions(page, withoutBackend(SITES_APART), ada);
    const other = await context.newPage();
    await other.goto(`${shop}/auth/login?return_to=/cart`);
    await expectSignedIn(other, ada);
    await signOut(page, ada, IDP_TOO);
    await expect(endedNotice(other)).toBeVisible();
  });

  test('Friendbook is a third site again, and its members sign in to both shops', async ({ page, context }) => {
    await signInWithFriendbook(page, withoutBackend(SITES_APART), linus);
    // The answer to the question right after the login renews the cookie that is cleared next.
    await expect(page.getByText('It knows you: new tokens')).toBeVisible();
    await context.clearCookies();
    await signInWithFriendbook(page, withBackend(SITES_APART), linus);
  });
});

test.describe('third-party cookies blocked', () => {
  test.use({ thirdPartyCookies: 'blocked' });
  const { noBackend, idp } = SITES_APART;

  test('without a backend: the page finds out right after the login, and each reload needs another', async ({ page }) => {
    await signInAtSessions(page, withoutBackend(SITES_APART), ada);
    await expect(costs(page)).toContainText(KEPT_FROM_FRAME);
    expect(await cookieReachesFrame(page, idp, () => page.reload())).toBe(false);
    await expectSignedOut(page);
    // The provider itself still knows the visitor: a redirect is enough.
    await bannerLink(page, 'Sign in').click();
    await expectSignedInAtSessions(page, noBackend, ada);
  });

  test('with a backend: the session is the shop’s own, and only the silent check learns nothing', async ({ page }) => {
    await signInAtSessions(page, withBackend(SITES_APART), ada);
    expect(await cookieReachesFrame(page, idp, () => silentCheck(page))).toBe(false);
    await expect(page.getByText('third-party cookies are blocked')).toBeVisible();
    await page.reload();
    await expectSignedIn(page, ada);
  });

  test('a login goes by redirects, which no third party is part of: by Friendbook too, in both shops', async ({ page, context }) => {
    await signInWithFriendbook(page, withoutBackend(SITES_APART), linus);
    await context.clearCookies();
    await signInWithFriendbook(page, withBackend(SITES_APART), linus);
  });

  test('a provider on the shops’ own site is no third party: silent questions work in both', async ({ page }) => {
    const { noBackend, idp } = CUSTOM_DOMAIN;
    await signInAtSessions(page, withBackend(CUSTOM_DOMAIN), ada);
    expect(await cookieReachesFrame(page, idp, () => silentCheck(page))).toBe(true);
    await expect(page.getByText('It knows Ada Lovelace, and asked nothing.')).toBeVisible();

    expect(await cookieReachesFrame(page, idp, () => page.goto(`${noBackend}/sessions`))).toBe(true);
    await expectSignedInAtSessions(page, noBackend, ada);
    expect(await cookieReachesFrame(page, idp, () => silentCheck(page))).toBe(true);
    await expect(tokens(page)).toContainText('once since this page was opened');
    await expect(costs(page)).not.toContainText(KEPT_FROM_FRAME);
    await page.reload();
    await expectSignedInAtSessions(page, noBackend, ada);

    // In the very same browser a provider on another site still is one.
    await page.goto(`${SITES_APART.noBackend}/account`);
    await expect(page).toHaveURL(({ origin }) => origin === SITES_APART.idp);
    const other = () => page.goto(`${SITES_APART.noBackend}/sessions`);
    expect(await cookieReachesFrame(page, SITES_APART.idp, other)).toBe(false);
  });
});
