// What others may try with a page that is its own Relying Party: forged answers, foreign messages, silence.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Page, Route } from '@playwright/test';
import { IDP_URL, NO_BACKEND_URL } from './support/addresses.ts';
import { silentCheck } from './support/explorer.ts';
import { giveCredentials } from './support/idp.ts';
import { answerOf, AUTHORIZE, isSilent, messagePage } from './support/no_backend.ts';
import { arrive } from './support/page_check.ts';
import { bannerLink, expectSignedIn, expectSignedOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.use({ baseURL: NO_BACKEND_URL });

const MALLORY = 'Mallory Forged';

/** An identity provider of the test's own, at the real one's address: it signs what it likes. */
class Forger {
  readonly #own = generateKeyPair('RS256');
  readonly #foreign = generateKeyPair('RS256');

  /** Publishes its key as the identity provider's. */
  async publishKey(page: Page): Promise<void> {
    const jwk = { ...(await exportJWK((await this.#own).publicKey)), kid: 'forger', use: 'sig', alg: 'RS256' };
    await page.route(`${IDP_URL}/jwks`, (route) => route.fulfill({ headers: { 'access-control-allow-origin': '*' }, json: { keys: [jwk] } }));
  }

  /** What a faultless answer to this request has, with `claims` on top. */
  async idToken(request: URL, accessToken: string, claims: JWTPayload = {}, by: 'own' | 'foreign' = 'own'): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const hash = createHash('sha256').update(accessToken).digest();
    const faultless = {
      iss: IDP_URL,
      sub: 'mallory',
      aud: 'storezero-spa',
      name: MALLORY,
      iat: now,
      exp: now + 3600,
      nonce: request.searchParams.get('nonce')!,
      at_hash: hash.subarray(0, 16).toString('base64url'),
    };
    const { privateKey } = await (by === 'own' ? this.#own : this.#foreign);
    return new SignJWT({ ...faultless, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'forger', typ: 'JWT' }).sign(privateKey);
  }
}

type Answer = (request: URL) => Promise<Record<string, string>> | Record<string, string>;

/** Instead of a login page: at once back with this answer in the fragment. */
async function answerLogins(page: Page, answer: Answer): Promise<void> {
  await page.route((url) => AUTHORIZE(url) && !isSilent(url), async (route: Route) => {
    const request = new URL(route.request().url());
    const fragment = new URLSearchParams(await answer(request));
    await route.fulfill({ status: 303, headers: { location: `${request.searchParams.get('redirect_uri')}#${fragment}` } });
  });
}

const whole = (request: URL, accessToken: string, idToken: string): Record<string, string> => ({
  state: request.searchParams.get('state')!,
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: '120',
  scope: 'orders account',
  id_token: idToken,
});

async function tryToSignIn(page: Page): Promise<void> {
  await page.goto('/');
  await expectSignedOut(page);
  await bannerLink(page, 'Sign in').click();
}

async function expectRefused(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/sign-in-problem\?problem=/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectSignedOut(page);
  await expect(page.getByText(MALLORY)).toHaveCount(0);
}

/** The silent questions of a forger's visitor are nobody's. */
async function knowNobody(page: Page): Promise<void> {
  await page.route((url) => isSilent(url), (route) => {
    const question = new URL(route.request().url());
    return route.fulfill({ contentType: 'text/html', body: messagePage(answerOf(question, { error: 'login_required' })) });
  });
}

test.describe('forged answers', () => {
  test('a faultless answer passes, so that what follows fails for one reason', async ({ page }) => {
    const forger = new Forger();
    await forger.publishKey(page);
    await knowNobody(page);
    await answerLogins(page, async (request) => whole(request, 'access', await forger.idToken(request, 'access')));
    // The API is not asked with it: it would refuse it.
    await page.route(/\/api\/cart/, (route) => route.fulfill({ headers: { 'access-control-allow-origin': NO_BACKEND_URL, 'access-control-allow-headers': '*' }, json: { items: [], count: 0, subtotal: { minor: 0, currency: 'EUR' } } }));
    await tryToSignIn(page);
    await expect(page.getByRole('button', { name: MALLORY })).toBeVisible();
  });

  const now = () => Math.floor(Date.now() / 1000);
  const cases: [string, (forger: Forger, request: URL) => Promise<Record<string, string>>][] = [
    ['another key', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', {}, 'foreign'))],
    ['alg none', async (forger, request) => {
      const [, claims] = (await forger.idToken(request, 'a')).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'none', kid: 'forger' })).toString('base64url');
      return whole(request, 'a', `${header}.${claims}.`);
    }],
    ['changed claims under the old signature', async (forger, request) => {
      const [header, claims, signature] = (await forger.idToken(request, 'a')).split('.');
      const changed = { ...JSON.parse(Buffer.from(claims!, 'base64url').toString()), sub: 'ada' };
      return whole(request, 'a', [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.'));
    }],
    ['another audience', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', { aud: 'storezero' }))],
    ['another issuer', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', { iss: 'https://id.evil.example' }))],
    ['an old nonce', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', { nonce: 'of-another-login' }))],
    ['no nonce', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', { nonce: undefined }))],
    ['somebody else’s access token (at_hash)', async (forger, request) => whole(request, 'of somebody else', await forger.idToken(request, 'a'))],
    ['no at_hash', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', { at_hash: undefined }))],
    ['an expired token', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', { exp: now() - 120 }))],
    ['a token from the future', async (forger, request) => whole(request, 'a', await forger.idToken(request, 'a', { iat: now() + 600 }))],
    ['an answer of another issuer (iss)', async (forger, request) => ({ ...whole(request, 'a', await forger.idToken(request, 'a')), iss: 'https://id.evil.example' })],
    ['no ID token', async (_, request) => {
      const { id_token: _missing, ...rest } = whole(request, 'a', '');
      return rest;
    }],
  ];
  test('no other one signs anybody in', async ({ page }) => {
    test.setTimeout(120_000);
    const forger = new Forger();
    await forger.publishKey(page);
    await knowNobody(page);
    let forged: (request: URL) => Promise<Record<string, string>> = () => Promise.reject(new Error('no case yet'));
    await answerLogins(page, (request) => forged(request));
    for (const [index, [name, answer]] of cases.entries()) {
      await test.step(name, async () => {
        forged = (request) => answer(forger, request);
        const answered = page.waitForEvent('framenavigated', (frame) => frame.url().startsWith(`${NO_BACKEND_URL}/callback`));
        if (index === 0) await tryToSignIn(page);
        else await page.getByRole('link', { name: 'Try again' }).click();
        await answered;
        await expectRefused(page);
      });
    }
  });

  test('an answer without a request, and one that was answered before, are nobody’s', async ({ page, shopper }) => {
    let answer = '';
    page.on('framenavigated', (frame) => {
      if (frame.url().startsWith(`${NO_BACKEND_URL}/callback#`)) answer = frame.url();
    });
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    expect(answer).toContain('access_token=');
    await page.context().clearCookies();
    await page.goto(answer);
    await expect(page).toHaveURL(/\/sign-in-problem\?problem=unknown_attempt/);
    await expectSignedOut(page);
    expect(page.url()).not.toContain('token=');
    await page.goto(`/callback#${new URLSearchParams({ state: 'made-up', access_token: 'a', id_token: 'b' })}`);
    await expect(page).toHaveURL(/problem=unknown_attempt/);
    await expectSignedOut(page);
  });
});

test.describe('messages that do not count', () => {
  test('of another origin, of another frame, with another state, or replayed', async ({ page }) => {
    const forger = new Forger();
    await forger.publishKey(page);
    let question: URL | undefined;
    const frame = Promise.withResolvers<void>();
    await page.route((url) => isSilent(url), async (route) => {
      question = new URL(route.request().url());
      frame.resolve();
      // In the right frame, and with the state of another question.
      const message = { type: 'authorization_response', response: { state: 'of-another-question', error: 'login_required' } };
      await route.fulfill({ contentType: 'text/html', body: messagePage(message) });
    });
    await page.clock.install();
    await page.goto('/');
    await frame.promise;
    const faultless = answerOf(question!, whole(question!, 'a', await forger.idToken(question!, 'a')));
    // This origin's own, and one of the identity provider's origin in another frame.
    await page.evaluate((message) => window.postMessage(message, '*'), faultless);
    await page.route(`${IDP_URL}/foreign-frame`, (route) => route.fulfill({ contentType: 'text/html', body: messagePage(faultless) }));
    const sent = page.evaluate(
      (url) =>
        new Promise<void>((resolve) => {
          window.addEventListener('message', (event) => event.origin !== location.origin && resolve());
          const frame = document.createElement('iframe');
          frame.src = url;
          document.body.append(frame);
        }),
      `${IDP_URL}/foreign-frame`,
    );
    await sent;
    await page.clock.fastForward('00:11');
    await expectSignedOut(page);
    await expect(page.getByText(MALLORY)).toHaveCount(0);
  });

  test('an answer to an earlier question is none to this one', async ({ page, context, shopper }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const forger = new Forger();
    await forger.publishKey(page);
    const questions: URL[] = [];
    await page.route((url) => isSilent(url), async (route) => {
      questions.push(new URL(route.request().url()));
      const [first] = questions as [URL];
      const replayed = answerOf(first, whole(first, 'a', await forger.idToken(first, 'a')));
      // The first question gets no answer; what would have been one is the answer to all that follow.
      const body = questions.length === 1 ? '' : messagePage(replayed);
      await route.fulfill({ contentType: 'text/html', body });
    });
    await context.clearCookies();
    await page.clock.install();
    await page.goto('/');
    await expect.poll(() => questions.length).toBe(1);
    const replayed = page.waitForEvent('console', (message) => message.text() === 'a message');
    await page.addInitScript(() => window.addEventListener('message', () => console.info('a message')));
    await page.goto('/search');
    await replayed;
    await page.clock.fastForward('00:11');
    await expectSignedOut(page);
    await expect(page.getByText(MALLORY)).toHaveCount(0);
  });
});

test.describe('a hostile environment', () => {
  test('without the identity provider’s keys nobody is signed in, and it is said why', async ({ page, shopper, watch }) => {
    watch.expectFailure('/jwks', 'no answer');
    await page.goto('/account');
    await page.route(`${IDP_URL}/jwks`, (route) => route.abort('failed'));
    await giveCredentials(page, shopper);
    await expect(page).toHaveURL(/problem=identity_provider_unavailable/);
    await expectSignedOut(page);
  });

  test('without the identity provider the shop sells, and says that nobody can sign in', async ({ page, watch }) => {
    watch.expectFailure('/.well-known/openid-configuration', 'no answer');
    await page.route(`${IDP_URL}/**`, (route) => route.abort('connectionrefused'));
    await page.goto('/account');
    await expect(page.getByRole('main')).toContainText('Signing in is not possible right now');
  });

  for (const minutes of [-10, 10]) {
    test(`a device whose clock is ${minutes} minutes off signs in and renews`, async ({ page, shopper }) => {
      await page.clock.install({ time: Date.now() + minutes * 60_000 });
      await page.goto('/sessions');
      await arrive(page, 'Sessions');
      await bannerLink(page, 'Sign in').click();
      await giveCredentials(page, shopper);
      await expectSignedIn(page, shopper);
      const tokens = page.getByRole('region', { name: 'Local session' });
      // The question right after the login is answered.
      await expect(page.getByText('It knows you: new tokens')).toBeVisible();
      await silentCheck(page);
      await expect(tokens).toContainText('once since this page was opened');
      await expect(page.getByRole('timer', { name: 'The access token expires' })).toHaveText(/^(1 min )?\d+ s$/);
    });
  }

  test('no other page can put the shop into a frame', async ({ page, watch }) => {
    watch.expectMessage(/frame-ancestors/);
    watch.expectFailure('/account', 'no answer');
    const html = `<!doctype html><title>evil</title><link rel="icon" href="data:,"><iframe src="${NO_BACKEND_URL}/account"></iframe>`;
    const evil = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html)).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.goto(`http://evil.localhost:${(evil.address() as AddressInfo).port}/`);
    await refused;
    evil.close();
  });
});
