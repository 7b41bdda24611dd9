// The Session Explorer: three lanes, the flow as it happened with its sources, controls, and the document's rows.

import type { BrowserContext, Locator, Page } from '@playwright/test';
import { IDP_URL } from './support/addresses.ts';
import { expectNotTicked, expectTicked, idpLane, localLane, openControls, openLane, region, silentCheck, step, stepButton, stepLink } from './support/explorer.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { enrolSecondFactor, giveCode } from './support/second_factor.ts';
import { SHOP_COOKIE } from './support/sessions.ts';
import { addToCart, bannerLink, checkOut, expectSignedIn, expectThanks, fillCard, fillContactAndAddress, LEMONS, placeOrder, SHOP_ALONE, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const flow = (page: Page): Locator => region(page, 'The flow as it happened');
const control = (page: Page, name: string): Locator => region(page, 'Controls').getByRole('link', { name, exact: true });

/** A flow that is kept, by the beginning of its name. */
const kept = (page: Page, name: string): Locator => flow(page).getByRole('button', { name: new RegExp(`^${name}`) });
const expectShown = (flow: Locator): Promise<void> => expect(flow).toHaveAttribute('aria-pressed', 'true');
const close = (page: Page, name: string): Promise<void> => flow(page).getByRole('button', { name: new RegExp(`^Close: ${name}`) }).click();

const message = (page: Page, title: string): Locator => flow(page).locator('.message').filter({ has: page.getByText(title, { exact: true }) });
const titles = (page: Page): Promise<string[]> => flow(page).locator('.message-title').allTextContents();

/** Each line has its number, without gaps or doubles, and says from whom to whom. */
async function expectLinesInOrder(page: Page): Promise<void> {
  const lines = await titles(page);
  expect(lines.length).toBeGreaterThan(2);
  lines.forEach((line, at) => expect(line).toMatch(new RegExp(`^${at + 1}(\\S.* → \\S.*|within \\S.*): \\S`)));
}

/** From "Sessions" and back to it. */
async function signInHere(page: Page, person: Person): Promise<void> {
  await openControls(page);
  await control(page, 'Sign in').click();
  await giveCredentials(page, person);
  await arrive(page, 'Sessions');
  await expectShown(kept(page, 'Login').first());
}

test.describe('Session Explorer', () => {
  test('a login is drawn message by message, each with who, the document’s step, its rules and its source @phone', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await expect(localLane(page)).toContainText('None');
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('It named nobody when asked');
    await signInHere(page, shopper);
    await expect(localLane(page)).toContainText(`Alive, signed in as ${shopper.name}`);
    await expect(await openLane(page, 'PeakCommerce ID')).toContainText('Alive, as it said');
    await expect(message(page, 'Token response')).toContainText('● observed');
    await expectLinesInOrder(page);
    const steps = await flow(page).locator('.message-document').allTextContents();
    expect([...new Set(steps)]).toEqual([1, 2, 3, 4, 5, 6].map((step) => `document: step ${step}`));
    await expect(message(page, 'The person authenticates')).toContainText('inferred: auth_time in the ID token is newer than the request');
    await expectTicked(page, 'S3');
    await expectNotTicked(page, 'S5');

    for (const [title, rules] of [
      ['Authorization request', ['OIDC Core §3.1.2.1', 'RFC 6749 §4.1.1', 'RFC 7636 §4.3']],
      ['Authorization response', ['OIDC Core §3.1.2.5', 'RFC 6749 §4.1.2', 'RFC 9207 §2.4']],
      ['Token request', ['OIDC Core §3.1.3.1', 'RFC 6749 §4.1.3', 'RFC 7636 §4.5']],
      ['ID token validated', ['OIDC Core §3.1.3.7', 'RFC 7519 §7.2']],
    ] as const) {
      for (const rule of rules) await expect(message(page, title).getByRole('link', { name: rule })).toHaveAttribute('href', /^https:/);
    }
    await checkPage(page);
  });

  test('the API describes itself on a page that reads in both colours, and a type opens where it is named @phone', async ({ page }) => {
    await visit(page, '/sessions', 'Sessions');
    await page.getByRole('link', { name: 'The API' }).click();
    await arrive(page, 'The API');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('summary', { hasText: 'POST /api/cart/items' }).click();
    await expect(page.getByRole('link', { name: 'out-of-stock' }).first()).toBeVisible();
    await page.getByRole('link', { name: 'AddLineItem' }).first().click();
    await expect(page.locator('#type-AddLineItem')).toContainText('quantity');
    await checkPage(page);
  });

  test('each parameter of a message says what it is for and names its rule @phone', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    const request = message(page, 'Authorization request');
    await request.getByText('Parameters').click();
    const parameter = (of: Locator, name: string) => of.locator('dl > div').filter({ has: page.getByRole('term').getByText(name, { exact: true }) });
    for (const [name, rule] of [
      ['state', 'RFC 6749 §10.12'],
      ['nonce', 'OIDC Core §15.5.2'],
      ['code_challenge', 'RFC 7636 §4.2'],
      ['code_challenge_method', 'RFC 7636 §4.3'],
    ] as const) {
      await expect(parameter(request, name).getByRole('link', { name: rule })).toBeVisible();
    }
    const answer = message(page, 'Authorization response');
    await answer.getByText('Parameters').click();
    await expect(parameter(answer, 'iss')).toContainText('another provider’s answer is refused');
    await expect(parameter(answer, 'iss').getByRole('link', { name: 'RFC 9207 §2.4' })).toBeVisible();
    const value = (of: Locator, name: string) => parameter(of, name).locator('.parameter-value').textContent();
    expect(await value(answer, 'state'), 'equal marks are equal values').toBe(await value(request, 'state'));
    const without = flow(page).locator('dl > div').filter({ hasNot: page.locator('.parameter-meaning') });
    await expect(without, 'parameters without a line').toHaveCount(0);
    await checkPage(page);
  });

  test('a message leads to its function, marked in a page with numbered lines, and back @phone', async ({ page, context, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    const sources = flow(page).locator('.message-source');
    const places = await sources.evaluateAll((links) =>
      links.map((link) => ({ href: (link as HTMLAnchorElement).href, text: link.textContent! })),
    );
    expect(places.length).toBeGreaterThanOrEqual(9);
    for (const { href, text } of places) {
      const source = await context.request.get(href.split('#')[0]!);
      expect(source.status(), href).toBe(200);
      expect((await source.text()).split('id="function"')[1], href).toContain(`fn ${text.split(' · ')[1]}`);
    }

    await message(page, 'ID token validated').getByRole('link', { name: 'id_token.rs · validate' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'backend/src/oidc/id_token.rs' })).toBeVisible();
    const marked = page.locator('#function');
    await expect(marked).toContainText('fn validate(');
    await expect(marked.locator('.line').first()).toBeInViewport();
    await expect(page.getByRole('list', { name: 'What it handles' })).toContainText('ID token validated');
    const number = await marked.getByRole('link').first().textContent();
    await marked.getByRole('link').first().click();
    await expect(page).toHaveURL(new RegExp(`#L${number}$`));
    await checkPage(page);
    await page.getByRole('link', { name: 'Plain text' }).click();
    await expect(page.getByText('//! ID token validation')).toBeVisible();
    await page.goBack();
    await page.getByRole('link', { name: 'Back to Sessions' }).click();
    await arrive(page, 'Sessions');
    await expectShown(kept(page, 'Login'));
  });

  test('flows stay beside each other through a logout, a new session and Back, until they are closed one by one @phone', async ({ page, context, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    await visit(page, '/account/orders?status=shipped#late', 'All Orders');
    await signOut(page, shopper, 'Sign out of storezero');
    await arrive(page, 'Signed out');
    await visit(page, '/sessions', 'Sessions');
    await expectShown(kept(page, 'Logout'));
    await expect(kept(page, 'Logout')).toContainText('of storezero alone');
    await expect(kept(page, 'Login')).toBeVisible();
    await expect(message(page, '200 OK, with the page to go to')).toContainText('● observed');

    await page.goto('/account/orders?status=shipped#late');
    await arrive(page, 'All Orders');
    await visit(page, '/sessions', 'Sessions');
    const again = kept(page, 'Login, nothing asked');
    await expectShown(again);
    await expect(again).toContainText('to /account/orders?status=shipped#late');
    await expect(again).toContainText(/\d\d:\d\d:\d\d/);
    await expect(kept(page, 'Login ')).toContainText('to /sessions');
    await expect(message(page, 'Back to the page').locator('.parameter-value')).toHaveText('/account/orders?status=shipped#late');

    await context.clearCookies();
    await page.reload();
    await arrive(page, 'Sessions');
    await expect(again).toBeVisible();
    await expect(kept(page, 'Logout')).toBeVisible();
    await checkPage(page);

    await close(page, 'Logout');
    await expect(page.getByRole('heading', { name: 'The flow as it happened' })).toBeFocused();
    await expect(kept(page, 'Logout')).toHaveCount(0);
    await close(page, 'Login, nothing asked');
    await expectShown(kept(page, 'Login '));
    await page.reload();
    await arrive(page, 'Sessions');
    await expect(kept(page, 'Login ')).toBeVisible();
    await expect(kept(page, 'Logout')).toHaveCount(0);
    await expect(again).toHaveCount(0);
  });

  test('Back after a login leaves the flow where it was', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    const shown = await kept(page, 'Login').first().textContent();
    await page.goBack();
    await arrive(page, 'Sessions');
    await expect(kept(page, 'Login').filter({ hasText: shown! })).toBeVisible();
    await expect(localLane(page)).toContainText(`Alive, signed in as ${shopper.name}`);
  });

  test('a logout at both is told up to the page that the browser comes back to', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await visit(page, '/sessions', 'Sessions');
    await expectShown(kept(page, 'Logout'));
    await expectLinesInOrder(page);
    const back = message(page, 'Back at /signed-out');
    await expect(back).toContainText('● observed');
    await expect(back.getByRole('link', { name: 'RP-Initiated Logout §3' })).toBeVisible();
    await expect(back.locator('.parameter-value')).toHaveText('/signed-out?state=idp');
    await expect(message(page, 'Ends its session')).toContainText('inferred: it got the ID token as a hint, and has led the browser back');
  });

  test('a second factor is drawn, and what was observed of it is told from what follows', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    const secondFactor = await enrolSecondFactor(page);
    await visit(page, '/sessions', 'Sessions');
    await control(page, 'Sign in anew').click();
    await giveCredentials(page, shopper);
    await giveCode(page, secondFactor);
    await arrive(page, 'Sessions');
    await expectShown(kept(page, 'Login with a second factor'));
    await expect(message(page, 'The person gives a second factor')).toContainText('inferred: acr or amr in the ID token names one');
    await message(page, 'ID token validated').getByText('Parameters').click();
    await expect(message(page, 'ID token validated')).toContainText('pwd otp mfa');
  });

  test('the end of its session in another tab is shown as it arrives', async ({ page, context, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    await signOutAtTheIdentityProvider(context);
    await expectShown(kept(page, 'Back-channel logout'));
    await expect(kept(page, 'Login')).toBeVisible();
    await expectLinesInOrder(page);
  });

  test('a device that is signed out from elsewhere, and who did it, both see how', async ({ page, newGuest, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    const phone = await newGuest();
    await visit(phone, '/sessions', 'Sessions');
    await signInHere(phone, shopper);

    await page.goto('/account/sessions');
    await page.getByRole('listitem').getByRole('button', { name: 'Sign out there' }).click();
    await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();
    await visit(page, '/sessions', 'Sessions');
    await expectShown(kept(page, 'Another browser signed out'));
    await expectLinesInOrder(page);
    await expect(message(page, '204 No Content')).toContainText('● observed');
    expect((await titles(page)).at(-1)).toContain('storezero → The other browser');

    await expectShown(kept(phone, 'Signed out from elsewhere'));
    await expectLinesInOrder(phone);
    expect((await titles(phone))[0]).toContain('The other browser → storezero');
    await expect(kept(phone, 'Login')).toBeVisible();
    await checkPage(phone);
  });

  test('a silent check says whom the identity provider knows, and that it knows nobody after a logout there', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await signInHere(page, shopper);
    await silentCheck(page);
    await expect(idpLane(page)).toContainText(`It knows ${shopper.name}, and asked nothing.`);
    // The page's own question, on its arrival, is another flow.
    await expectShown(kept(page, 'Silent check').first());
    await expect(kept(page, 'Silent check').last()).toContainText('asked by the page itself');
    await expectLinesInOrder(page);
    const lines = await titles(page);
    const at = (title: string): number => lines.findIndex((line) => line.endsWith(`: ${title}`));
    expect(at('Authorization response')).toBeGreaterThan(0);
    expect(at('The frame hands its answer to the page around it (postMessage)')).toBe(at('Authorization response') + 1);
    expect(at('POST /auth/silent, with what the frame got')).toBe(at('Authorization response') + 2);
    await expectNotTicked(page, 'S7', '1 of 2 seen');

    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await expect(idpLane(page)).toContainText('Asked to end');
    await expect(idpLane(page).locator('.lane-state')).toContainText('inferred');
    await expect(message(page, 'Logout request')).toBeVisible();
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
    await expect(message(page, 'Authorization response')).toContainText('document: step 5');
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
    await expectShown(kept(page, 'Login, refused'));
    await expect(message(page, 'The login is refused; the session is unchanged')).toBeVisible();
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
    await arrive(page, 'Sessions');
    await openControls(page);
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
