// "SPAs with no backend using the Implicit Flow": the client consumes the ID token and uses the access token for the
// API. "So no local session is created to keep the user logged in."

import type { Page } from '@playwright/test';
import { IDP_URL, NO_BACKEND_URL, SHOP_URL } from './support/addresses.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import {
  AUTHORIZE,
  expectNoCookieOfTheShop,
  noteApiRequests,
  storedText,
} from './support/no_backend.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { ada, linus } from './support/people.ts';
import {
  addToCart,
  ADDRESS,
  ALL_THREE,
  bannerLink,
  CARDS,
  checkOut,
  expectInCart,
  expectSignedIn,
  expectSignedOut,
  expectThanks,
  field,
  fillCard,
  fillContactAndAddress,
  IDP_TOO,
  LEMONS,
  MAP,
  placeOrder,
  saveAddress,
  signIn,
  signOut,
  whileAddressIsSaved,
} from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.use({ baseURL: NO_BACKEND_URL });

async function chooseCodeFlow(page: Page): Promise<void> {
  await visit(page, '/sessions', 'Sessions');
  await page.getByRole('radio', { name: 'Authorization Code with PKCE' }).check();
}

test.describe('S6 Implicit Flow, no local session', () => {
  test('a login leads back to the page that asked, by tokens that nothing keeps @phone', async ({ page, context }) => {
    const requests = noteApiRequests(context);
    const asked = page.waitForRequest((request) => AUTHORIZE(new URL(request.url())) && request.isNavigationRequest() && !request.frame().parentFrame());
    await page.goto('/account/orders?status=shipped#list');
    const { searchParams } = new URL((await asked).url());
    expect(searchParams.get('response_type')).toBe('id_token token');
    expect(searchParams.get('redirect_uri')).toBe(`${NO_BACKEND_URL}/callback`);
    expect(searchParams.get('nonce')).toMatch(/^[\w-]{43}$/);
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    await expectSignedIn(page, ada);
    await expect(page).toHaveURL(`${NO_BACKEND_URL}/account/orders?status=shipped#list`);

    const gated = requests.filter((request) => new URL(request.url()).pathname === '/api/orders');
    expect(gated.length).toBeGreaterThan(0);
    for (const request of requests) {
      const headers = await request.allHeaders();
      expect(headers['cookie'], `a cookie at ${request.url()}`).toBeUndefined();
    }
    expect((await gated[0]!.allHeaders())['authorization']).toMatch(/^Bearer eyJ/);
    await expectNoCookieOfTheShop(context);
    expect(await storedText(page)).not.toContain('eyJ');
  });

  test('neither the address bar nor the history has the tokens', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    const addresses: string[] = [];
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) addresses.push(frame.url());
    });
    await signIn(page, shopper);
    await arrive(page, 'Sessions');
    expect(addresses.some((address) => address.startsWith(`${NO_BACKEND_URL}/callback#`)), 'the answer came in a fragment').toBe(true);
    await expect(page).toHaveURL(`${NO_BACKEND_URL}/sessions`);
    // Back leads over the login page, which has nothing left to ask, and begins no other login.
    addresses.length = 0;
    await page.goBack();
    await expectSignedIn(page, shopper);
    await expect(page).toHaveURL(`${NO_BACKEND_URL}/sessions`);
    expect(addresses.filter((address) => address.includes('/callback'))).toEqual([]);
  });

  test('after a login Back stays where the visitor was, and then leads to where they came from', async ({ page }) => {
    await visit(page, '/c/music', 'Music');
    await bannerLink(page, 'All Orders').click();
    await giveCredentials(page, ada);
    await arrive(page, 'All Orders');
    const logins: string[] = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame() && AUTHORIZE(new URL(request.url()))) logins.push(request.url());
    });
    await page.goBack();
    await arrive(page, 'All Orders');
    await expect(page).toHaveURL('/account/orders');
    await page.goBack();
    await arrive(page, 'Music');
    expect(logins).toEqual([]);
  });

  test('a browser that keeps nothing is told why nobody can sign in', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'sessionStorage', {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    await visit(page, '/c/music', 'Music');
    await bannerLink(page, 'Sign in').click();
    await arrive(page, 'This sign-in cannot go on');
    await expect(page.getByRole('main')).toContainText('the browser keeps no data for this site');
    await expect(page.getByRole('main')).not.toContainText('cookie');
  });

  test('with Friendbook: three sessions begin, and all of them elsewhere', async ({ page, context }) => {
    await page.goto('/account');
    await expectLoginPage(page);
    await page.getByRole('button', { name: 'Continue with Friendbook' }).click();
    await page.getByLabel('Email').fill(linus.email);
    await page.getByLabel('Password').fill(linus.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await arrive(page, 'My Account');
    await expectSignedIn(page, linus);
    await expectNoCookieOfTheShop(context);

    await bannerLink(page, 'Sessions').click();
    await arrive(page, 'Sessions');
    await expect(page.getByRole('region', { name: 'Local session' })).toContainText('There is none');
    await signOut(page, linus, ALL_THREE);
    await arrive(page, 'Signed out');
    await bannerLink(page, 'My Account').click();
    await expectLoginPage(page);
    await page.getByRole('button', { name: 'Continue with Friendbook' }).click();
    await expect(page.getByLabel('Password'), 'Friendbook asks again').toBeVisible();
  });

  test('a guest buys without any cookie, and finds the confirmation again @phone', async ({ page, context }) => {
    const requests = noteApiRequests(context);
    await addToCart(page, LEMONS);
    await page.reload();
    await expectInCart(page, 1);
    const number = await checkOut(page, { email: 'guest@example.com' });
    await page.reload();
    await arrive(page, 'Thank you');
    await expect(page.getByText(number).first()).toBeVisible();
    await expectInCart(page, 0);
    expect(await context.cookies()).toEqual([]);
    const placing = requests.find((request) => request.method() === 'POST' && request.url().endsWith('/api/checkout'));
    expect((await placing!.allHeaders())['idempotency-key']).toBeTruthy();
  });

  test('a guest’s cart becomes the customer’s; an order and an address of one shop are there in the other', async ({ page, shopper }) => {
    await addToCart(page, MAP);
    await signIn(page, shopper);
    await expectInCart(page, 1);
    await page.goto('/checkout');
    await fillContactAndAddress(page, shopper.email);
    await saveAddress(page).check();
    await fillCard(page, CARDS.approved);
    await whileAddressIsSaved(page, () => placeOrder(page));
    const number = await expectThanks(page);

    const inTheOther = await page.context().newPage();
    await inTheOther.goto(`${SHOP_URL}/account/orders`);
    await arrive(inTheOther, 'All Orders');
    await expect(inTheOther.getByText(number)).toBeVisible();
    await inTheOther.goto(`${SHOP_URL}/p/${LEMONS.slug}`);
    await inTheOther.getByRole('button', { name: 'Add to cart', exact: true }).click();
    await expectInCart(inTheOther, 1);
    await bannerLink(inTheOther, 'Cart').click();
    await inTheOther.getByRole('link', { name: 'Check out' }).click();
    await expect(field(inTheOther, 'Address')).toHaveValue(ADDRESS.street);
    await fillCard(inTheOther, CARDS.approved);
    await placeOrder(inTheOther);
    const other = await expectThanks(inTheOther);
    await inTheOther.close();

    await page.goto('/account/orders');
    await arrive(page, 'All Orders');
    await expect(page.getByText(number)).toBeVisible();
    await expect(page.getByText(other)).toBeVisible();
  });

  test('signing out ends the identity provider’s session, without the ID token in any address', async ({ page, context, shopper }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const addresses: string[] = [];
    context.on('request', (request) => addresses.push(request.url()));
    await signOut(page, shopper, IDP_TOO);
    await arrive(page, 'Signed out');
    await expectSignedOut(page);
    await expect(page.getByRole('listitem').filter({ hasText: 'PeakCommerce ID' })).toContainText('Asked to end');
    expect(addresses.filter((address) => address.includes('eyJ'))).toEqual([]);
    await bannerLink(page, 'My Account').click();
    await expectLoginPage(page);
  });

  test('the same page takes the tokens by a code and PKCE', async ({ page, context, shopper }) => {
    await chooseCodeFlow(page);
    const answered = page.waitForURL((url) => url.pathname === '/callback');
    await signIn(page, shopper);
    await answered;
    await arrive(page, 'Sessions');
    await expect(page.getByRole('region', { name: 'Local session' })).toContainText('Authorization Code with PKCE');
    await expect(page).toHaveURL(`${NO_BACKEND_URL}/sessions`);
    const flow = page.getByRole('list', { name: /^Login/ });
    await expect(flow).toContainText('Token request, by the page itself');
    await bannerLink(page, 'All Orders').click();
    await arrive(page, 'All Orders');
    expect(await storedText(page)).not.toContain('eyJ');
    await expectNoCookieOfTheShop(context);
    await page.reload();
    await arrive(page, 'All Orders');
    await expectSignedIn(page, shopper);
  });

  test('the Explorer says what there is, draws the login, and ticks the row once the API was asked @phone', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    const row = page.getByRole('listitem').filter({ hasText: 'No local session' });
    await expect(row).toContainText('0 of 2 seen');
    await signIn(page, shopper);
    await arrive(page, 'Sessions');
    await expect(page.getByRole('timer', { name: 'The access token expires' })).toHaveText(/^\d+ (s|min \d\d s)$/);
    const login = page.getByRole('list', { name: 'Login', exact: true });
    for (const step of [
      'Authorization request, by the page itself',
      'Authorization response, to the page itself',
      'ID token validated, in the browser',
      'The tokens stay in the page’s memory; no session begins here',
    ]) {
      await expect(login).toContainText(step);
    }
    await expect(login).not.toContainText('eyJ');
    const source = login.getByRole('link', { name: 'id_token.rs · validate' });
    await expect(source).toHaveAttribute('href', new RegExp(`^${SHOP_URL}/source/frontend/src/auth/implicit/id_token.rs`));
    await bannerLink(page, 'My Account').click();
    await arrive(page, 'My Account');
    await bannerLink(page, 'Sessions').click();
    await arrive(page, 'Sessions');
    await expect(row).toContainText('✓ demonstrated');
    await checkPage(page);
  });

  test('the page says what the architecture costs, and where it stands written', async ({ page }) => {
    await visit(page, '/sessions', 'Sessions');
    const costs = page.getByRole('region', { name: 'What this architecture costs' });
    await expect(costs).toContainText('the Implicit Flow');
    await expect(costs.getByRole('link', { name: 'RFC 9700 §2.1.2' })).toHaveAttribute('href', /rfc9700/);
    await expect(costs).toContainText('third-party cookies');
  });

  test('its files come from a server that has no API and sets no cookie', async ({ request }) => {
    for (const path of ['/', '/account/orders', '/config.json', '/callback']) {
      const answer = await request.get(path);
      expect(answer.status(), path).toBe(200);
      expect(answer.headers()['set-cookie'], path).toBeUndefined();
    }
    expect((await request.get('/api/session')).status()).toBe(404);
    expect(await (await request.get('/config.json')).json()).toMatchObject({ api: SHOP_URL, issuer: IDP_URL });
  });

  test('neither build has the other’s way to sign in', async () => {
    // Node's own `fetch`: a trace of some hundred files would take a minute.
    const file = async (address: string): Promise<string> =>
      Buffer.from(await (await fetch(address)).arrayBuffer()).toString('latin1');
    // The module that every page loads, and that with the chunks of all pages.
    const modules = async (origin: string): Promise<{ main: string; all: string }> => {
      const folder = origin + /href="([^"]+)frontend_bg\.wasm"/.exec(await file(`${origin}/`))?.[1];
      const main = await file(`${folder}frontend_bg.wasm`);
      const names = new Set((await file(`${folder}__wasm_split.js`)).match(/[\w-]+\.(?:bin|wasm)/g));
      return { main, all: main + (await Promise.all([...names].map((name) => file(folder + name)))).join() };
    };
    const [withBackend, without] = await Promise.all([modules(SHOP_URL), modules(NO_BACKEND_URL)]);
    const ofBackend = ['/auth/logout', 'storezero.session.events', '/auth/silent-login'];
    const ofTokens = ['storezero.renewal', 'web_message', 'id_token token'];
    for (const text of ofBackend) {
      expect(withBackend.all.includes(text), text).toBe(true);
      expect(without.main.includes(text), text).toBe(false);
    }
    for (const text of ofTokens) {
      expect(without.all.includes(text), text).toBe(true);
      expect(withBackend.all.includes(text), text).toBe(false);
    }
  });
});
