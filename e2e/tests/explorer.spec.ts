// The Session Explorer: three lanes, the flow as it happened with its sources, controls, and the document's rows.

import type { Locator, Page } from '@playwright/test';
import { openLane } from './support/explorer.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { addToCart, checkOut, LEMONS, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const lane = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const localLane = (page: Page): Locator => lane(page, 'storezero’s session');
const idpLane = (page: Page): Locator => lane(page, 'PeakCommerce ID’s session');
const flow = (page: Page): Locator => lane(page, 'The flow as it happened');
const control = (page: Page, name: string): Locator => lane(page, 'Controls').getByRole('link', { name, exact: true });
const row = (page: Page, id: string): Locator => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: new RegExp(`^${id} `) }) });

const messages = (page: Page): Promise<string[]> => flow(page).locator('.message-title').allTextContents();

test.describe('Session Explorer', () => {
  test('a login is drawn message by message with the document’s numbers, and each message leads to its source @phone', async ({ page, context, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await expect(localLane(page)).toContainText('None');
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('It named nobody when asked');
    await control(page, 'Sign in plainly').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText(`Alive, signed in as ${shopper.name}`);
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('Alive, as it said');
    await expect(flow(page).getByText('Token response')).toBeVisible();
    const numbers = await flow(page).locator('.message-number').allTextContents();
    expect([...new Set(numbers)]).toEqual(['1', '2', '3', '4', '5', '6']);
    await expect(row(page, 'S3')).toContainText('✓ demonstrated');
    await expect(row(page, 'S5')).toContainText('not yet');

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
    await control(page, 'Sign in plainly').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    const silentCheck = idpLane(page).getByRole('button', { name: 'Silent check', exact: true });
    await silentCheck.click();
    await expect(idpLane(page)).toContainText(`It knows ${shopper.name}, and asked nothing.`);
    // The newest first: the page's own question may have been answered before the login began.
    await expect(flow(page).getByRole('button', { name: /^Silent check/ }).first()).toHaveAttribute('aria-pressed', 'true');
    await expect(row(page, 'S7')).toContainText('✓ demonstrated');

    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await expect(idpLane(page)).toContainText('Asked to end');
    await expect(idpLane(page).locator('.lane-state')).toContainText('inferred');
    expect(await messages(page)).toContain('Logout request');
    await silentCheck.click();
    await expect(idpLane(page)).toContainText('login_required');
    await expect(idpLane(page)).toContainText('It named nobody');
  });

  test('a presenter tells the rows by controls: nothing asked, a new login, each logout', async ({ page, shopper }) => {
    await page.goto('/sessions');
    await control(page, 'Keep me signed in').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText('Keep me signed in');
    await expect(row(page, 'S8')).toContainText('✓ demonstrated');

    await lane(page, 'Controls').getByRole('button', { name: 'Sign out of storezero', exact: true }).click();
    await arrive(page, 'Signed out');
    await page.goto('/sessions');
    await expect(idpLane(page)).toContainText(/Alive, as it said|Was alive/);
    await expect(row(page, 'S12')).toContainText('✓ demonstrated');

    await control(page, 'Sign in plainly').click();
    await arrive(page, 'Sessions');
    await expect(localLane(page)).toContainText(`Alive, signed in as ${shopper.name}`);

    await control(page, 'Anew (prompt=login)').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(row(page, 'S11')).toContainText('✓ demonstrated');
    expect(await messages(page)).toContain('5Authorization response');
  });

  test('an order without an account and what was done on the way are ticked off', async ({ page }) => {
    await addToCart(page, LEMONS);
    await checkOut(page, { email: 'guest@example.com' });
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await expect(row(page, 'S1')).toContainText('✓ demonstrated');
    await expect(row(page, 'S10')).toContainText('✓ demonstrated');
    await expect(row(page, 'S3')).toContainText('not yet');
  });

  test('a refused login is drawn with its reason, and the session is as before', async ({ page, shopper }) => {
    await page.goto('/sessions');
    await control(page, 'Sign in plainly').click();
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await control(page, 'Anew (prompt=login)').click();
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
