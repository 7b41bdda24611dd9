// The Session Explorer: three lanes, the flow as it happened with its sources, controls, and the document's rows.

import type { BrowserContext, Locator, Page } from '@playwright/test';
import { IDP_URL } from './support/addresses.ts';
import { expectNotTicked, expectTicked, idpLane, localLane, openLane, region, silentCheck, step, stepButton, stepLink } from './support/explorer.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { SHOP_COOKIE } from './support/sessions.ts';
import { addToCart, bannerLink, checkOut, expectSignedIn, expectThanks, fillCard, fillContactAndAddress, LEMONS, placeOrder, SHOP_ALONE, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const flow = (page: Page): Locator => region(page, 'The flow as it happened');
const control = (page: Page, name: string): Locator => region(page, 'Controls').getByRole('link', { name, exact: true });

const messages = (page: Page): Promise<string[]> => flow(page).locator('.message-title').allTextContents();

test.describe('Session Explorer', () => {
  test('a login is drawn message by message with the document’s numbers, and each message leads to its source @phone', async ({ page, context, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await expect(localLane(page)).toContainText('None');
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('It named nobody when asked');
    await control(page, 'Sign in').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText(`Alive, signed in as ${shopper.name}`);
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('Alive, as it said');
    await expect(flow(page).getByText('Token response')).toBeVisible();
    const numbers = await flow(page).locator('.message-number').allTextContents();
    expect([...new Set(numbers)]).toEqual(['1', '2', '3', '4', '5', '6']);
    await expectTicked(page, 'S3');
    await expectNotTicked(page, 'S5');

    await flow(page).getByText('Parameters').nth(2).click();
    await expect(flow(page)).toContainText('code_challenge_method');
    await checkPage(page);
    const sources = flow(page).locator('.message-source');
    const places = await sources.evaluateAll((links) =>
      links.map((link) => ({ href: (link as HTMLAnchorElement).href, text: link.textContent! })),
    );
    expect(places.length).toBeGreaterThanOrEqual(9);
    for (const { href, text } of places) {
      const source = await context.request.get(href.split('#')[0]!);
      expect(source.status(), href).toBe(200);
      expect(await source.text()).toContain(`fn ${text.split(' · ')[1]}`);
    }
  });

  test('a silent check says whom the identity provider knows, and that it knows nobody after a logout there', async ({ page, shopper }) => {
    await page.goto('/sessions');
    await control(page, 'Sign in').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await silentCheck(page);
    await expect(idpLane(page)).toContainText(`It knows ${shopper.name}, and asked nothing.`);
    // The newest first: the page's own question may have been answered before the login began.
    await expect(flow(page).getByRole('button', { name: /^Silent check/ }).first()).toHaveAttribute('aria-pressed', 'true');
    await expectNotTicked(page, 'S7', '1 of 2 seen');

    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await expect(idpLane(page)).toContainText('Asked to end');
    await expect(idpLane(page).locator('.lane-state')).toContainText('inferred');
    expect(await messages(page)).toContain('Logout request');
    await expectNotTicked(page, 'S12');
    await silentCheck(page);
    await expect(idpLane(page)).toContainText('login_required');
    await expect(idpLane(page)).toContainText('It named nobody');
    await expectTicked(page, 'S7');
    await expectNotTicked(page, 'S12', '1 of 3 seen');
  });

  test('a presenter tells the rows by controls: nothing asked, a new login, each logout', async ({ page, shopper }) => {
    await page.goto('/sessions');
    await control(page, 'Sign in and keep me signed in').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText('Keep me signed in');
    await expectNotTicked(page, 'S8', '1 of 2 seen');

    await region(page, 'Controls').getByRole('button', { name: 'Sign out of storezero', exact: true }).click();
    await arrive(page, 'Signed out');
    await page.goto('/sessions');
    await expect(idpLane(page)).toContainText(/Alive, as it said|Was alive/);
    await expectNotTicked(page, 'S12', '1 of 3 seen');

    await control(page, 'Sign in').click();
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText(`Alive, signed in as ${shopper.name}`);

    await control(page, 'Sign in anew').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expectTicked(page, 'S11');
    expect(await messages(page)).toContain('5Authorization response');
  });

  test('an order without an account is ticked off, and what was done on the way is counted', async ({ page }) => {
    await addToCart(page, LEMONS);
    await checkOut(page, { email: 'guest@example.com' });
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await expectTicked(page, 'S1');
    await expectNotTicked(page, 'S10');
    await expect(step(page, 'S10')).toContainText('2 of 4 kinds in this session.');
    await expectNotTicked(page, 'S3');
  });

  test('a refused login is drawn with its reason, and the session is as before', async ({ page, shopper }) => {
    await page.goto('/sessions');
    await control(page, 'Sign in').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await control(page, 'Sign in anew').click();
    await expectLoginPage(page);
    await page.getByRole('button', { name: 'Back to storezero.io' }).click();
    await arrive(page, 'You did not sign in');
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText(`Alive, signed in as ${shopper.name}`);
    await expect(flow(page).getByRole('button', { name: /^Login, refused/ })).toHaveAttribute('aria-pressed', 'true');
    expect(await messages(page)).toContain('The login is refused; the session is unchanged');
  });
});

/** Signed in, and on the page Sessions. */
async function signInAtSessions(page: Page, person: Person): Promise<void> {
  await page.goto('/sessions');
  await stepLink(page, 'S3', 'Sign in').click();
  await giveCredentials(page, person);
  await arrive(page, 'Sessions');
  await expectSignedIn(page, person);
}

async function backToSessions(page: Page): Promise<void> {
  await bannerLink(page, 'Sessions').click();
  await arrive(page, 'Sessions');
}

async function signOutAtTheIdentityProvider(context: BrowserContext): Promise<void> {
  const there = await context.newPage();
  await there.goto(IDP_URL);
  await there.getByRole('link', { name: 'Sign out' }).click();
  await there.getByRole('button', { name: 'Sign out' }).click();
  await expect(there.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await there.close();
}

test.describe('Session Explorer, what earns no tick', () => {
  test('single sign-on alone is no second factor remembered, and a first login resets nothing', async ({ page, shopper }) => {
    await page.goto('/sessions');
    await stepLink(page, 'S11', 'Sign in anew').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(step(page, 'S11').getByRole('status')).toHaveText('You signed in, and proved who you are.');
    await expectNotTicked(page, 'S11');
    await expectNotTicked(page, 'S3');

    await signOut(page, shopper, SHOP_ALONE);
    await arrive(page, 'Signed out');
    await backToSessions(page);
    await stepLink(page, 'S3', 'Sign in').click();
    await expectSignedIn(page, shopper);
    await expect(step(page, 'S3').getByRole('status')).toHaveText('You signed in, and nobody asked who you are.');
    await expectNotTicked(page, 'S3');
    await expectNotTicked(page, 'S4');
  });

  test('what the page asks on arrival is nobody’s silent check', async ({ page, context, shopper }) => {
    await signInAtSessions(page, shopper);
    await context.clearCookies({ name: SHOP_COOKIE });
    const tab = await context.newPage();
    await tab.goto('/sessions');
    await expect(idpLane(tab)).toContainText(`It knows ${shopper.name}, and asked nothing.`);
    await expectTicked(tab, 'S3');
    await expectNotTicked(tab, 'S7');
    await stepButton(tab, 'S7', 'Silent check').click();
    await expect(step(tab, 'S7').getByRole('status')).toHaveText('PeakCommerce ID answered, without a page: it knows you.');
    await expectNotTicked(tab, 'S7', '1 of 2 seen');
  });

  test('a fresh tab that is told of a limit has seen no session reach it', async ({ page, context }) => {
    await addToCart(page, LEMONS);
    const age = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json', 'X-Storezero-CSRF': '1' };
      return (await fetch('/api/session/age', { method: 'POST', headers, body: JSON.stringify({ minutes: 31 }) })).status;
    });
    expect(age).toBe(204);
    const tab = await context.newPage();
    await tab.goto('/sessions');
    await expect(localLane(tab)).toContainText('Ended');
    await expectNotTicked(tab, 'S8');
  });

  test('a sign-out at the identity provider is no reset, and the row says what it was', async ({ page, context, shopper }) => {
    await signInAtSessions(page, shopper);
    await signOutAtTheIdentityProvider(context);
    await page.bringToFront();
    await expect(step(page, 'S9')).toContainText('not after a reset: the logout token’s reason is sign_out.');
    await expectNotTicked(page, 'S9');
  });

  test('a customer’s order is no guest’s, and three kinds of activities are not four', async ({ page, shopper }) => {
    await signInAtSessions(page, shopper);
    await addToCart(page, LEMONS);
    await page.getByRole('button', { name: 'Add to wishlist' }).click();
    await expect(page.getByText('is on your wishlist.')).toBeVisible();
    await checkOut(page, { email: shopper.email });
    await backToSessions(page);
    await expect(step(page, 'S10')).toContainText('3 of 4 kinds in this session.');
    await expectNotTicked(page, 'S10');
    await expectNotTicked(page, 'S1');
  });
});

test.describe('Session Explorer, what was seen', () => {
  test('a guest who was idle for too long finds the cart and orders, which is a guest’s order all the same @phone', async ({ page }) => {
    await addToCart(page, LEMONS);
    await page.goto('/sessions');
    await region(page, 'Controls').getByRole('button', { name: 'Age to the idle limit' }).click();
    await expect(region(page, 'Controls').getByRole('status')).toHaveText('As if nobody had been active until the idle limit.');
    await expect(localLane(page)).toContainText('Ended');
    await expectNotTicked(page, 'S8', '1 of 2 seen');
    await bannerLink(page, 'Cart').click();
    await page.getByRole('link', { name: 'Check out' }).click();
    await fillContactAndAddress(page, 'guest@example.com');
    await fillCard(page, '4242 4242 4242 4242');
    await placeOrder(page);
    await expectThanks(page);
    await backToSessions(page);
    await expectTicked(page, 'S1');
  });

  test('ticks outlive login, logout, Back and a new session, for all tabs, until the visitor starts over', async ({ page, context, shopper }) => {
    await signInAtSessions(page, shopper);
    await expectTicked(page, 'S3');
    await expect(page).toHaveURL('/sessions#S3');
    await expect(step(page, 'S3'), 'the visitor goes on there').toBeFocused();
    await expect(step(page, 'S3').getByRole('status')).toHaveText('You signed in, and proved who you are.');

    await stepButton(page, 'S4', SHOP_ALONE).click();
    await arrive(page, 'Signed out');
    await page.goBack();
    await arrive(page, 'Sessions');
    await expectTicked(page, 'S3');
    await addToCart(page, LEMONS);
    const tab = await context.newPage();
    await tab.goto('/sessions');
    await expect(localLane(tab)).toContainText('nobody signed in');
    await expectTicked(tab, 'S3');

    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect(page.getByText('Started over: nothing is ticked.')).toBeVisible();
    await expect(page.getByText('0 of 12 demonstrated.')).toBeVisible();
    await expectNotTicked(tab, 'S3');
    await page.reload();
    await arrive(page, 'Sessions');
    await expect(page.getByText('0 of 12 demonstrated.')).toBeVisible();
    await expect(localLane(page), 'no session has ended').toContainText('nobody signed in');
  });

  test('what happened before starting over earns nothing, though its session lives on', async ({ page, shopper }) => {
    await signInAtSessions(page, shopper);
    await expectTicked(page, 'S3');
    await page.getByRole('button', { name: 'Start over' }).click();
    await expectNotTicked(page, 'S3');
    await page.reload();
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText(`signed in as ${shopper.name}`);
    await expect(flow(page).getByText('Token response'), 'the session tells of its login').toBeVisible();
    await expectNotTicked(page, 'S3');
  });

  test('the step to be done next is marked, and the link to it leads there', async ({ page }) => {
    await addToCart(page, LEMONS);
    await page.goto('/sessions');
    await expect(page.locator('[aria-current="step"]')).toHaveCount(1);
    await expect(step(page, 'S1')).toHaveAttribute('aria-current', 'step');
    await checkOut(page, { email: 'guest@example.com' });
    await backToSessions(page);
    await expect(step(page, 'S10')).toHaveAttribute('aria-current', 'step');
    await page.getByRole('main').getByRole('link', { name: 'S10', exact: true }).click();
    await expect(step(page, 'S10')).toBeFocused();
  });
});
