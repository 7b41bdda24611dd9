// "User logs in with username and password": "Two sessions are created in the steps above: the local session
// (storezero.io) [and] the session on the authorization server".

import { IDP_URL, SHOP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials, notePrompts } from './support/idp.ts';
import { newestMessage } from './support/mailbox.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { ada } from './support/people.ts';
import { idpCookie, sessionView, shopCookie } from './support/sessions.ts';
import { addToCart, bannerLink, expectSignedIn, expectSignedOut, LEMONS, signIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.describe('S3 username and password: two sessions', () => {
  test("the identity provider's session exists before the login and is updated by it", async ({ page, context }) => {
    await page.goto('/');
    expect(await idpCookie(context)).toBeUndefined();
    await bannerLink(page, 'Sign in').click();
    await expectLoginPage(page);
    const before = await idpCookie(context);
    expect(before, 'a session at the identity provider before anybody signed in').toBeDefined();
    expect(await heading(IDP_URL)).toBe('PeakCommerce ID');

    await giveCredentials(page, ada);
    await expectSignedIn(page, ada);
    const after = await idpCookie(context);
    expect(after).toBeDefined();
    expect(after!.value, 'a new key to the session, so that nobody who planted the old one has it').not.toBe(before!.value);
    expect(after).toMatchObject({ httpOnly: true, secure: IDP_URL.startsWith('https:'), expires: -1 });
    expect(await heading(IDP_URL)).toBe('Hello, Ada Lovelace');

    async function heading(url: string): Promise<string | null> {
      const tab = await context.newPage();
      await tab.goto(url);
      await checkPage(tab);
      const text = await tab.getByRole('heading', { level: 1 }).textContent();
      await tab.close();
      return text;
    }
  });

  test('the local session exists before the redirect, and the login changes its key', async ({ page, context }) => {
    await addToCart(page, LEMONS);
    const began = (await sessionView(page)).session!;
    await bannerLink(page, 'Sign in').click();
    await expectLoginPage(page);
    const before = await shopCookie(context);
    expect(before, 'a local session before the redirect').toBeDefined();
    await giveCredentials(page, ada);
    await expectSignedIn(page, ada);

    const after = await shopCookie(context);
    expect(after!.value, 'the session under a new key').not.toBe(before!.value);
    const { state, session, customer } = await sessionView(page);
    expect(state).toBe('customer');
    expect(customer).toMatchObject({ name: 'Ada Lovelace', email: 'ada@example.com' });
    expect(session!.created_at, 'the same session, updated').toBe(began.created_at);
    expect(session!.authenticated_at).toBeGreaterThan(began.created_at - 2000);
  });

  test('the local cookie is out of reach of scripts and of other sites', async ({ page, context }) => {
    await page.goto('/account');
    await giveCredentials(page, ada);
    await expectSignedIn(page, ada);
    const cookie = await shopCookie(context);
    expect(cookie).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      secure: SHOP_URL.startsWith('https:'),
      expires: -1,
    });
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(stored, 'tokens in storage').not.toMatch(/eyJ/);
    // What was needed on the way is gone with it.
    const names = (await context.cookies(SHOP_URL)).map(({ name }) => name);
    expect(names.filter((name) => name.includes('attempt') || name.includes('login'))).toEqual([]);
  });

  test('both sessions are told of on the page Sessions', async ({ page }) => {
    await visit(page, '/sessions', 'Sessions');
    await expect(page.getByRole('region', { name: 'storezero’s session' })).toContainText(/No session is kept for you|Your browser sends no cookie of this shop/);
    await page.getByRole('region', { name: 'storezero’s session' }).getByRole('link', { name: 'Sign in' }).click();
    await giveCredentials(page, ada);
    await arrive(page, 'Sessions');
    await expect(page.getByRole('region', { name: 'storezero’s session' })).toContainText('Alive, signed in as Ada Lovelace');
    await expect(page.getByRole('timer', { name: 'Ends if nobody is active' })).toHaveText(/^(29 min|30 min)/);
    await expect(page.getByRole('region', { name: 'PeakCommerce ID’s session' })).toContainText('Alive, as it said');
  });

  test('a wrong password is said so, and signs in nobody', async ({ page, shopper }) => {
    await page.goto('/account/orders');
    await giveCredentials(page, { ...shopper, password: 'not the password' });
    await expect(page.getByRole('alert')).toBeVisible();
    await checkPage(page);
    await page.goto('/');
    await expectSignedOut(page);
    expect((await sessionView(page)).state).toBe('anonymous');
  });

  test('a new account is made on the way to the page that was asked for', async ({ page, newGuest }) => {
    const grown = { name: 'Mary Jackson', email: `mary.${Date.now()}@example.com`, password: 'a few long words' };
    await page.goto('/account/orders');
    await expectLoginPage(page);
    await page.getByRole('link', { name: 'Create an account' }).click();
    await expect(page.getByRole('heading', { name: 'Create an account' })).toBeVisible();
    await checkPage(page);
    await page.getByLabel('Email').fill(grown.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
    await checkPage(page);
    await page.goto((await newestMessage(grown.email)).link!);
    await expect(page.getByRole('heading', { name: 'Create an account' })).toBeVisible();
    await checkPage(page);
    await page.getByLabel('Full name').fill(grown.name);
    await page.getByLabel('Password').fill(grown.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await arrive(page, 'All Orders');
    await expectSignedIn(page, grown);

    const elsewhere = await newGuest();
    await elsewhere.goto('/');
    await signIn(elsewhere, grown);
  });

  test('two tabs may sign in at once', async ({ page, context }) => {
    await page.goto('/account');
    await expectLoginPage(page);
    const other = await context.newPage();
    await other.goto('/account/orders');
    await expectLoginPage(other);
    await giveCredentials(page, ada);
    await arrive(page, 'My Account');
    await giveCredentials(other, ada);
    await arrive(other, 'All Orders');
    await page.reload();
    await arrive(page, 'My Account');
  });

  test('the Back button after a login leads to no error and asks for nothing again', async ({ page }) => {
    await page.goto('/');
    await page.goto('/account/orders');
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    const prompts = notePrompts(page);
    await page.goBack();
    await expect(page.getByRole('banner').getByRole('link', { name: 'storezero' })).toBeVisible();
    await expectSignedIn(page, ada);
    expect(prompts.length).toBeLessThanOrEqual(1);
  });
});
