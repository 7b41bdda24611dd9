// "A single session can contain multiple activities (such as page views, events, social interactions, and e-commerce
// transactions), all of which the session stores temporarily while the user is connected."

import type { Locator, Page } from '@playwright/test';
import { giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { ada } from './support/people.ts';
import { sessionView } from './support/sessions.ts';
import { addToCart, bannerLink, expectSignedIn, LEMONS, MAP, signIn, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const TEACUP = { slug: 'stoneware-teacup', name: 'Stoneware Teacup' };

const timeline = (page: Page): Locator => page.getByRole('region', { name: 'What you did in this session' });
const activities = (page: Page): Locator => timeline(page).getByRole('listitem');
const recordsPageViews = (page: Page): Locator => page.getByRole('switch', { name: 'Record page views' });

async function show(page: Page, kind: string): Promise<void> {
  await timeline(page).getByRole('radio', { name: new RegExp(`^${kind}`) }).check();
}

async function openProduct(page: Page, { slug, name }: { slug: string; name: string }): Promise<void> {
  await visit(page, `/p/${slug}`, name);
}

const wish = (page: Page): Locator => page.getByRole('button', { name: 'Add to wishlist' });
const unwish = (page: Page): Locator => page.getByRole('button', { name: 'Remove from wishlist' });

/** The answer to what the page itself tells of. */
const answerTo = (page: Page, name: 'page-viewed' | 'shared'): Promise<unknown> =>
  page.waitForResponse((response) => {
    const request = response.request();
    return request.method() === 'POST' && response.url().endsWith('/api/session/activities') && request.postData()!.includes(`"${name}"`);
  });

test.describe('S10 activities', { tag: '@phone' }, () => {
  test('one of each kind is in the session, under its filter, and gone after the logout', async ({ page, shopper }) => {
    await openProduct(page, TEACUP);
    expect((await sessionView(page)).state, 'a guest who browses').toBe('none');
    await wish(page).click();
    await expect(page.getByText('Stoneware Teacup is on your wishlist.')).toBeVisible();
    await addToCart(page, LEMONS);
    const search = page.getByRole('searchbox', { name: 'Search' });
    const viewed = answerTo(page, 'page-viewed');
    await search.fill('teapot');
    await search.press('Enter');
    await arrive(page, 'Results for “teapot”');
    await viewed;
    await signIn(page, shopper);

    await visit(page, '/sessions', 'Sessions');
    const words = {
      'Page views': 'Looked at /search',
      Events: 'Searched for “teapot”',
      'Social interactions': 'Put Stoneware Teacup on the wishlist',
      Transactions: `Added 1 × ${LEMONS.name} to the cart`,
    };
    await expect(timeline(page).getByRole('radio', { name: 'All' })).toBeChecked();
    for (const text of Object.values(words)) await expect(activities(page).filter({ hasText: text }).first()).toBeVisible();
    for (const [kind, text] of Object.entries(words)) {
      await show(page, kind);
      await expect(activities(page).filter({ hasText: text }).first()).toBeVisible();
      for (const other of Object.values(words).filter((words) => words !== text)) {
        await expect(activities(page).filter({ hasText: other })).toHaveCount(0);
      }
      await checkPage(page);
    }

    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await visit(page, '/sessions', 'Sessions');
    await expect(timeline(page)).toContainText('Nothing yet');
    await expect(activities(page)).toHaveCount(0);
    await signIn(page, ada);
    await expect(timeline(page)).not.toContainText('teapot');
    await expect(timeline(page)).not.toContainText(LEMONS.name);
  });

  test('products seen before are shown again, until page views are off', async ({ page }) => {
    await addToCart(page, LEMONS);
    const viewed = answerTo(page, 'page-viewed');
    await openProduct(page, TEACUP);
    await viewed;
    const again = page.getByRole('region', { name: 'Recently viewed' });
    await openProduct(page, MAP);
    await expect(again.getByRole('listitem').first()).toContainText(TEACUP.name);
    await expect(again).not.toContainText(MAP.name);
    await checkPage(page);
    await visit(page, '/', 'Good things, zero fuss.');
    await expect(again).toContainText(TEACUP.name);

    await visit(page, '/sessions', 'Sessions');
    await recordsPageViews(page).uncheck();
    await expect(timeline(page)).toContainText('Turned page views off');
    const asked = page.waitForResponse((response) => response.url().endsWith('/api/session/recently-viewed'));
    await visit(page, '/', 'Good things, zero fuss.');
    expect(await (await asked).json()).toEqual([]);
    await expect(again).toHaveCount(0);
  });

  test('page views can be turned off: those recorded are deleted and no more are sent', async ({ page }) => {
    await addToCart(page, LEMONS);
    await visit(page, '/sessions', 'Sessions');
    await show(page, 'Page views');
    await expect(activities(page).first()).toBeVisible();
    await expect(recordsPageViews(page)).toBeChecked();

    await recordsPageViews(page).uncheck();
    await expect(timeline(page)).toContainText('No page views');
    await show(page, 'Events');
    await expect(activities(page)).toHaveCount(1);
    await expect(activities(page)).toContainText('Turned page views off');
    await checkPage(page);

    const told: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') told.push(request.url());
    });
    await page.getByRole('banner').getByRole('link', { name: 'Cart' }).click();
    await arrive(page, 'Cart');
    await visit(page, '/sessions', 'Sessions');
    await expect(recordsPageViews(page)).not.toBeChecked();
    await show(page, 'Page views');
    await expect(timeline(page)).toContainText('No page views');
    expect(told).toEqual([]);

    const viewed = answerTo(page, 'page-viewed');
    await recordsPageViews(page).check();
    await page.getByRole('banner').getByRole('link', { name: 'Cart' }).click();
    await viewed;
    await arrive(page, 'Cart');
  });
});

test.describe('S10 activities', () => {
  test('a browser that asks sites not to track records no page views by itself', async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
    await addToCart(page, MAP);
    await visit(page, '/sessions', 'Sessions');
    await expect(recordsPageViews(page)).not.toBeChecked();
    await expect(timeline(page)).toContainText('Your browser asks sites not to track you');
    await expect(activities(page)).toHaveCount(1);
    await expect(activities(page)).toContainText(`Added 1 × ${MAP.name} to the cart`);
  });

  test('what happens in another tab appears by itself', async ({ page, context }) => {
    await addToCart(page, LEMONS);
    await visit(page, '/sessions', 'Sessions');
    await expect(timeline(page)).toContainText(LEMONS.name);
    const tab = await context.newPage();
    await addToCart(tab, MAP);
    await expect(timeline(page)).toContainText(`Added 1 × ${MAP.name} to the cart`);
  });

  test('a product is shared by the clipboard where the device has no dialog of its own', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.addInitScript(() => Object.defineProperty(navigator, 'share', { value: undefined }));
    await addToCart(page, LEMONS);
    const recorded = answerTo(page, 'shared');
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(page.getByText(`The address of ${LEMONS.name} is copied.`)).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    await recorded;
    await visit(page, '/sessions', 'Sessions');
    await show(page, 'Social interactions');
    await expect(activities(page)).toHaveText([new RegExp(`Shared ${LEMONS.name}`)]);
  });

  test("a product is shared by the device's own dialog, and not when that is cancelled", async ({ page }) => {
    await page.addInitScript(() => {
      const answers = [() => Promise.reject(new DOMException('no', 'AbortError')), () => Promise.resolve()];
      const shared: ShareData[] = [];
      Object.assign(window, { shared });
      const share = (data: ShareData): Promise<void> => {
        shared.push(data);
        return answers.shift()!();
      };
      Object.defineProperty(navigator, 'share', { value: share });
    });
    await addToCart(page, LEMONS);
    const button = page.getByRole('button', { name: 'Share' });
    await button.click();
    const recorded = answerTo(page, 'shared');
    await button.click();
    await recorded;
    const shared = await page.evaluate(() => (window as unknown as { shared: ShareData[] }).shared);
    expect(shared).toEqual([
      { title: LEMONS.name, url: page.url() },
      { title: LEMONS.name, url: page.url() },
    ]);
    await visit(page, '/sessions', 'Sessions');
    await show(page, 'Social interactions');
    await expect(activities(page)).toHaveCount(1);
  });
});

test.describe('S10 page views', () => {
  const looks = async (page: Page, path: string): Promise<number> => {
    const answer = await page.evaluate(async () => (await fetch('/api/session/activities', { headers: { 'X-Storezero-Background': '1' } })).json());
    return (answer as { details: string; name: string }[]).filter(({ name, details }) => name === 'page-viewed' && details === path).length;
  };

  /** As in a tab behind another one: browsers of tests show all of theirs. */
  async function hide(page: Page, hidden: boolean): Promise<void> {
    await page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden ? 'hidden' : 'visible');
  }

  test('a tab in the background counts when somebody looks at it, and not after a login elsewhere', async ({ page, context, shopper }) => {
    const behind = await context.newPage();
    await openProduct(behind, TEACUP);
    await hide(behind, true);
    await page.goto('/cart');
    await signIn(page, shopper);
    await expectSignedIn(behind, shopper);
    await expect.poll(() => looks(page, '/cart')).toBe(1);
    expect(await looks(page, `/p/${TEACUP.slug}`)).toBe(0);
    await hide(behind, false);
    await expect.poll(() => looks(page, `/p/${TEACUP.slug}`)).toBe(1);
    const asked: string[] = [];
    behind.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
    await hide(behind, true);
    await hide(behind, false);
    await expectSignedIn(behind, shopper);
    expect(asked, 'the same page, looked at again').toEqual([]);
  });

  test('a page behind a door counts when the door is open', async ({ page, shopper }) => {
    await addToCart(page, LEMONS);
    const told: string[] = [];
    page.on('request', (request) => request.postData()?.includes('page-viewed') && told.push(request.postData()!));
    await page.goto('/account/orders');
    await giveCredentials(page, shopper);
    await arrive(page, 'All Orders');
    await expect.poll(() => looks(page, '/account/orders')).toBe(1);
    expect(told.filter((data) => data.includes('/account/orders'))).toHaveLength(1);
  });
});

test.describe('the wishlist', { tag: '@phone' }, () => {
  test('of a guest becomes the one of the customer, whom no other person follows', async ({ page, shopper }) => {
    await visit(page, '/', 'Good things, zero fuss.');
    await bannerLink(page, 'Wishlist').click();
    await arrive(page, 'Wishlist');
    await expect(page.getByText('Your wishlist is empty.')).toBeVisible();
    await openProduct(page, TEACUP);
    await expect(wish(page)).toHaveAttribute('aria-pressed', 'false');
    await wish(page).click();
    await expect(unwish(page)).toHaveAttribute('aria-pressed', 'true');
    await expect(unwish(page)).toBeFocused();
    await checkPage(page);
    await page.getByRole('link', { name: 'View wishlist' }).click();
    await arrive(page, 'Wishlist');
    await expect(page.getByRole('article').getByRole('link', { name: TEACUP.name })).toBeVisible();

    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    await page.getByRole('link', { name: 'See your wishlist' }).click();
    await arrive(page, 'Wishlist');
    await page.getByRole('article').getByRole('link', { name: TEACUP.name }).click();
    await arrive(page, TEACUP.name);
    await expect(unwish(page)).toBeVisible();
    await openProduct(page, MAP);
    await wish(page).click();
    await expect(unwish(page)).toBeVisible();
    await visit(page, '/wishlist', 'Wishlist');
    await expect(page.getByRole('article')).toHaveCount(2);
    await page.getByRole('button', { name: `Remove ${TEACUP.name} from wishlist` }).click();
    await expect(page.getByRole('article')).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 1, name: 'Wishlist' })).toBeFocused();

    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await visit(page, '/wishlist', 'Wishlist');
    await expect(page.getByText('Your wishlist is empty.')).toBeVisible();
    await signIn(page, ada);
    await expectSignedIn(page, ada);
    await visit(page, `/p/${MAP.slug}`, MAP.name);
    await expect(wish(page)).toBeVisible();
  });
});
