// The tabs of a browser share one session, and learn at once what happens to it.

import type { BrowserContext, Page, Request } from '@playwright/test';
import { IDP_URL, NO_BACKEND_URL, SHOP_URL } from './support/addresses.ts';
import { giveCredentials } from './support/idp.ts';
import { arrive, checkPage } from './support/page_check.ts';
import { newShopper, type Person } from './support/people.ts';
import { ageSession, sessionView, SHOP_COOKIE } from './support/sessions.ts';
import { addToCart, bannerLink, checkOut, endedNotice, expectInCart, expectSignedIn, expectSignedOut, field, LEMONS, MAP, signIn, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const EVENTS = '/api/session/events';

/** The tabs that have a stream open. */
function followStreams(context: BrowserContext): () => Page[] {
  const open = new Set<Request>();
  const isStream = (request: Request): boolean => new URL(request.url()).pathname === EVENTS;
  context.on('request', (request) => isStream(request) && open.add(request));
  context.on('requestfinished', (request) => open.delete(request));
  context.on('requestfailed', (request) => open.delete(request));
  // A tab that closes takes its request along without a word.
  return () => [...open].map((request) => request.frame().page()).filter((tab) => !tab.isClosed());
}

/** What the browser tells a page that it keeps for the Back button, and one that it brings back from there. */
async function tellOfTransition(page: Page, event: 'pagehide' | 'pageshow'): Promise<void> {
  await page.evaluate((event) => dispatchEvent(new PageTransitionEvent(event, { persisted: true })), event);
}

/** How many tabs wait for their turn to listen, asked in one that need not be among them. */
async function waitingTabs(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { pending } = await navigator.locks.query();
    return (pending ?? []).filter(({ name }) => name === 'storezero.session.events').length;
  });
}

async function endAtIdentityProvider(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto(IDP_URL);
  await page.getByRole('link', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await page.close();
}

test.describe('tabs', () => {
  test('a login in one tab shows in the other, and so does a logout with its reason', async ({ page, context, shopper }) => {
    await page.goto('/');
    await expectSignedOut(page);
    const other = await context.newPage();
    await other.goto(`/p/${MAP.slug}`);
    await signIn(page, shopper);
    await expectSignedIn(other, shopper);
    await signOut(page, shopper, 'Sign out of storezero');
    await arrive(page, 'Signed out');
    await expectSignedOut(other);
    await expect(endedNotice(other)).toContainText('You signed out of storezero in this browser.');
    await checkPage(other);
  });

  test('a logout in one tab forgets what was typed in another, which claims nothing else', async ({ page, context, shopper }) => {
    await addToCart(page, LEMONS);
    await signIn(page, shopper);
    await page.goto('/checkout');
    await field(page, 'Address').fill('Lindenallee 7');
    const other = await context.newPage();
    await other.goto('/');
    await signOut(other, shopper, 'Sign out of storezero');
    await arrive(other, 'Signed out');
    await expect(endedNotice(page)).toContainText('You signed out of storezero in this browser.');
    await expect(endedNotice(page)).not.toContainText('still here');
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('Lindenallee');
  });

  test('a session that the identity provider ended says so in every tab, and what was typed stays @phone', async ({ page, context, shopper }) => {
    await addToCart(page, LEMONS);
    await signIn(page, shopper);
    await page.goto('/checkout');
    await field(page, 'Address').fill('Lindenallee 7');
    const gated = await context.newPage();
    await gated.goto('/account/orders');
    await arrive(gated, 'All Orders');

    await endAtIdentityProvider(context);
    await expect(endedNotice(page)).toContainText('That ends your session here too.');
    await expect(endedNotice(page)).toContainText('What you typed on this page is still here.');
    await expect(gated.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await expect(field(page, 'Address')).toHaveValue('Lindenallee 7');
    await checkPage(page);

    await endedNotice(page).getByRole('link', { name: 'Sign in again' }).click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Check out');
    await expect(field(page, 'Address')).toHaveValue('Lindenallee 7');
    await expectInCart(page, 1);
  });

  test('nobody who signs in afterwards finds what the customer before typed or put into the cart', async ({ page, context, shopper }) => {
    await signInAt(page, '/', shopper);
    await addToCart(page, LEMONS);
    await page.goto('/checkout');
    await field(page, 'Address').fill('Lindenallee 7');
    await field(page, 'City').fill('Berlin');
    await endAtIdentityProvider(context);
    await expect(endedNotice(page)).toBeVisible();

    const second = await newShopper();
    await endedNotice(page).getByRole('link', { name: 'Sign in again' }).click();
    await giveCredentials(page, second);
    await expectSignedIn(page, second);
    await expectInCart(page, 0);
    await addToCart(page, MAP);
    await page.goto('/checkout');
    await arrive(page, 'Check out');
    await expect(field(page, 'Address')).toHaveValue('');
    await expect(field(page, 'City')).toHaveValue('');
  });

  test('another account in one tab is another account in all', async ({ page, context, shopper }) => {
    const second: Person = { ...(await newShopper()) };
    await signInAt(page, '/', shopper);
    const other = await context.newPage();
    await other.goto('/account');
    await arrive(other, 'My Account');
    await page.goto('/auth/login?prompt=login');
    await giveCredentials(page, second);
    await expectSignedIn(page, second);
    await expect(other.getByRole('main')).toContainText(second.email);
    await expect(other.getByRole('main')).not.toContainText(shopper.email);
  });

  test('ten tabs follow the session by one stream, and the tenth still shops', async ({ page, context, shopper }) => {
    const streams = followStreams(context);
    await signInAt(page, '/', shopper);
    const tabs = [page];
    for (let count = tabs.length; count < 10; count += 1) {
      const tab = await context.newPage();
      await tab.goto('/cart');
      await arrive(tab, 'Cart');
      tabs.push(tab);
    }
    const last = tabs.at(-1)!;
    await addToCart(last, LEMONS);
    await expect.poll(() => streams().length).toBe(1);
    // The tab that listens closes: another one takes over, and still every tab hears of the end.
    await page.close();
    await expect.poll(() => streams().length).toBe(1);
    await endAtIdentityProvider(context);
    for (const tab of tabs.slice(1)) await expect(endedNotice(tab)).toBeVisible();
    await expect.poll(() => streams().length).toBe(0);
  });

  test('a tab that the browser keeps for the Back button, or freezes, leaves the stream to another', async ({ page, context, shopper }) => {
    const streams = followStreams(context);
    await signInAt(page, '/', shopper);
    const other = await context.newPage();
    await other.goto('/cart');
    await arrive(other, 'Cart');
    const tabs = [page, other];
    const listening = (): number[] => streams().map((tab) => tabs.indexOf(tab));
    await expect.poll(listening).toEqual([0]);
    await expect.poll(() => waitingTabs(page)).toBe(1);

    // The one that waits goes and comes, twice: it stands in the queue once.
    for (const _ of [1, 2]) {
      await tellOfTransition(other, 'pagehide');
      await expect.poll(() => waitingTabs(page)).toBe(0);
      await tellOfTransition(other, 'pageshow');
      await expect.poll(() => waitingTabs(page)).toBe(1);
    }
    await tellOfTransition(page, 'pagehide');
    await expect.poll(listening).toEqual([1]);
    await tellOfTransition(page, 'pageshow');
    await expect.poll(() => waitingTabs(other)).toBe(1);

    // Chromium freezes hidden tabs only, and a browser of tests has none: the page is told as it would be.
    await other.evaluate(() => document.dispatchEvent(new Event('freeze')));
    await expect.poll(listening).toEqual([0]);
    await other.evaluate(() => document.dispatchEvent(new Event('resume')));
    await expect.poll(() => waitingTabs(page)).toBe(1);

    await endAtIdentityProvider(context);
    for (const tab of tabs) await expect(endedNotice(tab)).toBeVisible();
  });

  test('a warning comes two minutes before the idle limit; staying in one tab is staying in all', async ({ page, context, shopper }) => {
    await signInAt(page, '/', shopper);
    const other = await context.newPage();
    await other.goto('/cart');
    // All that these pages ask for is here: a later question would be activity, which takes the warning away.
    await arrive(other, 'Cart');
    await expectSignedIn(other, shopper);
    await expectInCart(other, 0);
    await ageSession(page, 29);
    const warning = (tab: Page) => tab.getByRole('dialog', { name: 'Are you still there?' });
    await expect(warning(page)).toBeVisible();
    await expect(warning(other)).toBeVisible();
    await expect(warning(page)).toContainText(/signed out in \d+ s/);
    await checkPage(page);
    await warning(page).getByRole('button', { name: 'Stay signed in' }).click();
    await expect(warning(page)).toBeHidden();
    await expect(warning(other)).toBeHidden();
    const { now, session } = await sessionView(page);
    expect(session!.idle_deadline - now).toBeGreaterThan(29 * 60_000);
    // Half an hour more, and it is over.
    await ageSession(page, 31);
    await expect(endedNotice(page)).toContainText('Nobody used the shop for a while');
    await expect(endedNotice(other)).toContainText('Nobody used the shop for a while');
    expect((await context.cookies()).some(({ name }) => name === SHOP_COOKIE)).toBe(true);
    await bannerLink(page, 'My Account').click();
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    // The identity provider's session lives on: the notice itself offers to continue, and nothing else does beside it.
    const offers = other.getByRole('link', { name: `Continue as ${shopper.name}` });
    await expect(endedNotice(other).getByRole('link', { name: `Continue as ${shopper.name}` })).toBeVisible();
    await expect(offers).toHaveCount(1);
    await checkPage(other);
    await offers.click();
    await arrive(other, 'Cart');
    await expectSignedIn(other, shopper);
  });
});

async function signInAt(page: Page, path: string, person: Person): Promise<void> {
  await page.goto(path);
  await signIn(page, person);
}

for (const [shop, url] of [
  ['the shop', SHOP_URL],
  ['the shop without a backend', NO_BACKEND_URL],
] as const) {
  test.describe(`the cart of ${shop}`, () => {
    test.use({ baseURL: url });

    test('is the same in every tab, from the first line item to the order', async ({ page, context }) => {
      const other = await context.newPage();
      await other.goto('/cart');
      await expect(other.getByText('Your cart is empty.')).toBeVisible();
      await addToCart(page, LEMONS);
      await expectInCart(other, 1);
      await expect(other.getByRole('main')).toContainText(LEMONS.name);
      await other.getByRole('button', { name: 'One more' }).click();
      await expectInCart(page, 2);
      await checkOut(page, { email: 'guest@example.com' });
      await expect(other.getByText('Your cart is empty: its order is placed.')).toBeVisible();
      await expectInCart(other, 0);
    });
  });
}
