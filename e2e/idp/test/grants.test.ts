// What a client gets for what: OAuth 2.0's grants, bound as RFC 9700 and OWASP ASVS V10.4 want them.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Browser } from './browser.ts';
import { callbackParams } from './relying_party.ts';
import { startTestProvider } from './setup.ts';

const SHOP = 'http://localhost:3000';
const SPA = 'http://localhost:3001';
const SECRET = 'storezero-demo-secret';
const idp = await startTestProvider();

interface Request {
  url: string;
  verifier: string;
}

/** As the shop asks, but for what `changes` says. */
function request(changes: Record<string, string> = {}): Request {
  const verifier = randomBytes(32).toString('base64url');
  const params = {
    client_id: 'storezero',
    response_type: 'code',
    redirect_uri: `${SHOP}/auth/callback`,
    scope: 'openid profile email',
    state: 's',
    nonce: 'n',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  return { url: `${idp.issuer}/auth?${new URLSearchParams(params)}`, verifier };
}

async function signedIn(): Promise<Browser> {
  const browser = new Browser();
  const { action, fields } = (await browser.follow(await browser.get(request().url), idp.issuer)).form;
  await browser.follow(
    await browser.post(action, { ...fields, email: 'ada@example.com', password: 'demo-password' }),
    idp.issuer,
  );
  return browser;
}

/** What the authorization endpoint answers somebody who is signed in. */
async function answer(browser: Browser, { url }: Request): Promise<URLSearchParams> {
  const { location } = await browser.get(url);
  const { hash, searchParams } = new URL(location!);
  return hash ? new URLSearchParams(hash.slice(1)) : searchParams;
}

interface TokenResponse {
  status: number;
  body: Record<string, string>;
}

async function post(path: string, fields: Record<string, string>, secret: string | undefined): Promise<TokenResponse> {
  const response = await fetch(idp.issuer + path, {
    method: 'POST',
    headers: secret === undefined ? {} : { authorization: `Basic ${btoa(`storezero:${secret}`)}` },
    body: new URLSearchParams(fields),
  });
  const text = await response.text();
  return { status: response.status, body: text ? (JSON.parse(text) as Record<string, string>) : {} };
}

function redeem(code: string, changes: Record<string, string>): Promise<TokenResponse> {
  const grant = { grant_type: 'authorization_code', code, redirect_uri: `${SHOP}/auth/callback` };
  return post('/token', { ...grant, ...changes }, SECRET);
}

const browser = await signedIn();

test('nobody_guesses_a_session_or_a_code', async () => {
  // oidc-provider's own: 43 of 64 characters, 258 bits.
  assert.match(browser.cookie('pcid_session')!.value, /^[\w-]{43}$/);
  assert.match((await answer(browser, request())).get('code')!, /^[\w-]{43}$/);
});

test('a_code_counts_once_and_its_second_use_takes_back_what_it_gave', async () => {
  const sent = request();
  const code = (await answer(browser, sent)).get('code')!;
  const first = await redeem(code, { code_verifier: sent.verifier });
  const userinfo = () =>
    fetch(`${idp.issuer}/me`, { headers: { authorization: `Bearer ${first.body['access_token']}` } });
  assert.equal((await userinfo()).status, 200);
  const second = await redeem(code, { code_verifier: sent.verifier });
  assert.equal(second.status, 400);
  assert.equal(second.body['error'], 'invalid_grant');
  assert.equal((await userinfo()).status, 401);
});

test('a_code_lives_for_a_minute', async (t) => {
  const sent = request();
  const [early, late] = [await answer(browser, sent), await answer(browser, sent)].map((found) => found.get('code')!);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 50_000 });
  assert.equal((await redeem(early!, { code_verifier: sent.verifier })).status, 200);
  t.mock.timers.tick(15_000);
  assert.equal((await redeem(late!, { code_verifier: sent.verifier })).body['error'], 'invalid_grant');
});

test('a_verifier_has_to_fit_and_a_challenge_that_shows_it_is_refused', async () => {
  const other = randomBytes(32).toString('base64url');
  for (const wrong of [{}, { code_verifier: other }] as Record<string, string>[]) {
    const code = (await answer(browser, request())).get('code')!;
    assert.equal((await redeem(code, wrong)).body['error'], 'invalid_grant');
  }
  const plain = request({ code_challenge: other, code_challenge_method: 'plain' });
  assert.equal((await answer(browser, plain)).get('error'), 'invalid_request');
  const unnamed = new URL(plain.url);
  unnamed.searchParams.delete('code_challenge_method');
  assert.equal((await answer(browser, { ...plain, url: unnamed.href })).get('error'), 'invalid_request');
});

test('a_code_is_for_the_address_and_the_client_that_it_was_sent_to', async () => {
  const sent = request();
  const code = async () => (await answer(browser, sent)).get('code')!;
  const elsewhere = { code_verifier: sent.verifier, redirect_uri: `${SHOP}/auth/silent` };
  assert.equal((await redeem(await code(), elsewhere)).body['error'], 'invalid_grant');
  const here = { redirect_uri: `${SHOP}/auth/callback`, code_verifier: sent.verifier };
  const stolen = { grant_type: 'authorization_code', client_id: 'storezero-spa', code: await code(), ...here };
  assert.equal((await post('/token', stolen, undefined)).body['error'], 'invalid_grant');
});

test('a_client_with_a_secret_proves_itself_wherever_it_asks', async () => {
  const sent = request();
  const code = (await answer(browser, sent)).get('code')!;
  const here = { redirect_uri: `${SHOP}/auth/callback`, code_verifier: sent.verifier };
  const grant = { grant_type: 'authorization_code', ...here };
  for (const [path, fields] of [
    ['/token', { ...grant, code }],
    ['/token/revocation', { token: 'any' }],
  ] as const) {
    for (const wrong of ['guessed', undefined]) {
      const { status, body } = await post(path, { client_id: 'storezero', ...fields }, wrong);
      assert.equal(body['error'], 'invalid_client', `${path}: ${status}`);
    }
  }
  assert.equal((await post('/token', { ...grant, code }, SECRET)).status, 200);
});

test('nobody_gets_a_grant_or_an_answer_beyond_what_the_client_needs', async () => {
  const person = { username: 'ada@example.com', password: 'demo-password' };
  for (const grant of ['password', 'client_credentials', 'refresh_token', 'implicit']) {
    const fields = { grant_type: grant, scope: 'openid', refresh_token: 'any', ...person };
    const { status, body } = await post('/token', fields, SECRET);
    assert.equal(status, 400, grant);
    assert.match(body['error']!, /^(unsupported_grant_type|unauthorized_client)$/, grant);
  }
  for (const responseType of ['token', 'id_token', 'id_token token', 'code id_token', 'code token', 'none']) {
    const asked = new URL(request({ response_type: responseType }).url);
    if (!responseType.includes('code')) {
      // Not what it is refused for.
      asked.searchParams.delete('code_challenge');
      asked.searchParams.delete('code_challenge_method');
    }
    const found = await answer(browser, { url: asked.href, verifier: '' });
    assert.match(found.get('error_description')!, /^(unsupported response_type|requested response_type is not)/, responseType);
    assert.equal(found.get('access_token'), null);
    assert.equal(found.get('code'), null);
  }
});

test('a_scope_that_was_not_given_to_the_client_is_refused', async () => {
  const found = await answer(browser, request({ scope: 'openid phone' }));
  assert.equal(found.get('error'), 'invalid_scope');
});

test('no_client_gets_a_refresh_token', async () => {
  const sent = request({ scope: 'openid offline_access', prompt: 'consent' });
  const page = await browser.follow(await browser.get(sent.url), idp.issuer);
  const { action, fields } = page.form;
  const end = await browser.follow(await browser.post(action, fields), idp.issuer);
  const code = callbackParams(end, SHOP).get('code')!;
  const { body } = await redeem(code, { code_verifier: sent.verifier });
  assert.ok(body['id_token']);
  assert.equal(body['refresh_token'], undefined);
});

test('a_silent_answer_is_posted_to_the_address_that_asked_and_no_page_reads_the_endpoint', async () => {
  const spa = { client_id: 'storezero-spa', response_type: 'id_token token', redirect_uri: `${SPA}/silent` };
  const silent = request({ ...spa, prompt: 'none', response_mode: 'web_message', scope: 'openid' });
  const page = await browser.request(silent.url, { headers: { origin: SPA } });
  assert.equal(page.headers.get('access-control-allow-origin'), null);
  assert.match(page.text, /"access_token":"/);
  assert.match(page.text, new RegExp(`"redirect_uri":"${SPA}/silent"`));
  assert.match(page.text, /respond\(mainWin, redirect_uri\)/);
  assert.doesNotMatch(page.text, /postMessage\([^)]*['"]\*/);
});

test('a_password_is_answered_by_a_redirect_that_leaves_it_behind', async () => {
  const stranger = new Browser();
  const { action, fields } = (await stranger.follow(await stranger.get(request().url), idp.issuer)).form;
  const answered = await stranger.post(action, { ...fields, email: 'ada@example.com', password: 'demo-password' });
  assert.equal(answered.status, 303);
  assert.doesNotMatch(answered.location!, /demo-password|ada@example/);
});
