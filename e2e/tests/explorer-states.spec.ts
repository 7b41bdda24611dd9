// The six states of the shop's session on its page: empty, guest, customer, kept, ended, revoked. On a phone and on a
// desktop, light and dark.

import type { Locator, Page, TestInfo } from '@playwright/test';
import { fact, openLane } from './support/explorer.ts';
import { giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { ageSession, CART_COOKIE, SHOP_COOKIE } from './support/sessions.ts';
import { addToCart, expectSignedIn, LEMONS } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const headline = (lane: Locator): Locator => lane.locator('.lane-state');

/** In both colours, looked at by axe and kept as a picture. */
async function picture(page: Page, info: TestInfo, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await checkPage(page);
    const body = await page.screenshot({ fullPage: true });
    await info.attach(`${state}-${info.project.name}-${colorScheme}.png`, { body, contentType: 'image/png' });
  }
}

/** A login of this kind as a navigation of its own, which comes back to the page. */
async function signInBy(page: Page, query: string, shopper: Person): Promise<void> {
  await page.goto(`/auth/login?return_to=/sessions${query}`);
  await giveCredentials(page, shopper);
  await arrive(page, 'Sessions');
}

/** Every fact and every state says how it is known. */
async function expectKinds(page: Page): Promise<void> {
  const unmarked = await page.locator('.fact dt:not(:has(.kind))').count();
  expect(unmarked, 'facts that do not say how they are known').toBe(0);
  await expect(page.getByRole('list', { name: 'How each fact is known' })).toContainText('observed');
}

test.describe('the six states', { tag: '@phone' }, () => {
  test('empty: no session and no cookie, and it says so', async ({ page }, info) => {
    await visit(page, '/sessions', 'Sessions');
    // While the page asks on its arrival, a cookie binds the question to this browser.
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('It named nobody');
    await page.reload();
    await arrive(page, 'Sessions');
    const lane = await openLane(page, 'storezero');
    await expect(headline(lane)).toContainText('None');
    await expect(lane).toContainText('Your browser sends no cookie of this shop');
    await expect(fact(lane, 'Cookie')).toContainText('none');
    await expectKinds(page);
    await picture(page, info, 'empty');
  });

  test('guest: a session without a login, and the cookie of the cart', async ({ page }, info) => {
    await addToCart(page, LEMONS);
    await visit(page, '/sessions', 'Sessions');
    const lane = await openLane(page, 'storezero');
    await expect(headline(lane)).toContainText('Alive, nobody signed in');
    await expect(fact(lane, 'Cookie')).toContainText(SHOP_COOKIE);
    await expect(fact(lane, 'Other cookies')).toContainText(`${CART_COOKIE} (a guest’s cart)`);
    await expect(fact(lane, 'Began')).toContainText(/\d\d:\d\d:\d\d \d+ s ago/);
    await picture(page, info, 'guest');
  });

  test('customer: signed in, and gone with the browser', async ({ page, shopper }, info) => {
    await signInBy(page, '', shopper);
    const lane = await openLane(page, 'storezero');
    await expect(headline(lane)).toContainText(`Alive, signed in as ${shopper.name}`);
    await expect(fact(lane, 'Cookie')).toContainText('It goes with the browser.');
    await picture(page, info, 'customer');
  });

  test('kept: the cookie outlives the browser', async ({ page, shopper }, info) => {
    await signInBy(page, '&keep=1', shopper);
    const lane = await openLane(page, 'storezero');
    await expect(headline(lane)).toContainText(`Alive, signed in as ${shopper.name}`);
    await expect(lane).toContainText('its cookie outlives the browser');
    await expect(fact(lane, 'Cookie')).toContainText('kept until the latest end');
    await picture(page, info, 'kept');
  });

  test('ended: why, when, and the cookie that the browser still holds', async ({ page, shopper }, info) => {
    await signInBy(page, '', shopper);
    await ageSession(page, 31);
    const lane = await openLane(page, 'storezero');
    await expect(headline(lane)).toContainText(/Ended: nobody was active \d\d:\d\d:\d\d \d+ s ago/);
    await expect(lane).toContainText('we signed you out to keep your account safe');
    await expect(fact(lane, 'Cookie')).toContainText(SHOP_COOKIE);
    await expect(fact(lane, 'Cookie')).toContainText('it opens nothing any more');
    await picture(page, info, 'ended');
  });

  test('revoked: ended from another device', async ({ page, newGuest, shopper }, info) => {
    await signInBy(page, '', shopper);
    const elsewhere = await newGuest();
    await signInBy(elsewhere, '', shopper);
    await elsewhere.goto('/account/sessions');
    await elsewhere.getByRole('button', { name: 'Sign out there' }).click();
    await expect(elsewhere.getByRole('status').filter({ hasText: 'is signed out.' })).toBeVisible();
    const lane = await openLane(page, 'storezero');
    await expect(headline(lane)).toContainText(/Revoked: from another of your devices \d\d:\d\d:\d\d/);
    await expect(fact(lane, 'Cookie')).toContainText(SHOP_COOKIE);
    await picture(page, info, 'revoked');
  });

  test('a guest’s session that ran out signed nobody out', async ({ page }) => {
    await addToCart(page, LEMONS);
    await ageSession(page, 31);
    await visit(page, '/sessions', 'Sessions');
    const lane = await openLane(page, 'storezero');
    await expect(headline(lane)).toContainText('Ended: nobody was active');
    await expect(lane).toContainText('Nobody was signed in to it.');
    await expect(page.getByRole('main')).not.toContainText('signed you out');
  });

  test('from one state to the next nothing in the lanes moves', async ({ page, context, newGuest, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('It named nobody');
    const lane = await openLane(page, 'storezero');
    const lanes = page.locator('.session-lanes');
    /** By state: where each part of the lanes begins, and where they end, in pixels from their top. */
    const tops: Record<string, { part: string; top: number }[]> = {};
    const note = async (state: string, words: string): Promise<void> => {
      await expect(lane, state).toContainText(words);
      await page.bringToFront();
      tops[state] = await lanes.evaluate((lanes) => {
        const { top, height } = lanes.getBoundingClientRect();
        const parts = [...lanes.querySelectorAll('.lane > *, .fact, .countdown, .countdown > *')].map((part) => ({
          part: part.querySelector('dt')?.textContent ?? part.classList[0] ?? part.localName,
          // Behind another tab or folded, it has no place.
          top: Math.max(0, Math.round(part.getBoundingClientRect().top - top)),
        }));
        return [...parts, { part: 'the end', top: Math.round(height) }];
      });
    };
    await note('empty', 'None');
    const tab = await context.newPage();
    await addToCart(tab, LEMONS);
    await note('guest', 'Alive, nobody signed in');
    await tab.goto('/auth/login?return_to=/cart');
    await giveCredentials(tab, shopper);
    await expectSignedIn(tab, shopper);
    await note('customer', 'Alive, signed in as');
    await tab.goto('/auth/login?return_to=/cart&keep=1');
    await expectSignedIn(tab, shopper);
    await note('kept', 'its cookie outlives the browser');
    const elsewhere = await newGuest();
    await elsewhere.goto('/auth/login?return_to=/account/sessions');
    await giveCredentials(elsewhere, shopper);
    await elsewhere.getByRole('button', { name: 'Sign out there' }).click();
    await note('revoked', 'Revoked');
    await tab.goto('/auth/login?return_to=/cart');
    await giveCredentials(tab, shopper);
    await expectSignedIn(tab, shopper);
    await expect(headline(lane)).toContainText('Alive');
    await ageSession(tab, 31);
    await note('ended', 'Ended: nobody was active');

    const before = tops['empty']!;
    for (const [state, parts] of Object.entries(tops)) {
      expect(parts.map(({ part }) => part), state).toEqual(before.map(({ part }) => part));
      // A line with a word in another type is a pixel higher, and several such lines stand above each other.
      const moved = parts.filter(({ top }, at) => Math.abs(top - before[at]!.top) > 4);
      expect(moved, `what moved: ${state}`).toEqual([]);
    }
  });
});
