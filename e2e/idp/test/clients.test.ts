// The clients known from the start, and how the program starts.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import { ConfigError, readSettings } from '../config.ts';
import { startProviders } from '../server.ts';
import { type Answer, Browser } from './browser.ts';
import { startTestProvider } from './setup.ts';

const SHOP = 'http://localhost:3000';
const SPA = 'http://localhost:3001';
const idp = await startTestProvider();
const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`));

function authorizationUrl(params: Record<string, string>): string {
  return `${idp.issuer}/auth?${new URLSearchParams({ scope: 'openid profile email', state: 's', nonce: 'n', ...params })}`;
}

/** Checks it as the shop's API does (RFC 9068 §4). */
async function accessToken(token: string | null | undefined, audience = `${SHOP}/api`): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token!, keys, { issuer: idp.issuer, audience, typ: 'at+jwt' });
  return payload;
}

async function signIn(browser: Browser, url: string): Promise<Answer> {
  const page = await browser.follow(await browser.get(url), idp.issuer);
  const { action, fields } = page.form;
  const typed = { email: 'ada@example.com', password: 'demo-password' };
  return browser.follow(await browser.post(action, { ...fields, ...typed }), idp.issuer);
}

test('the_shop_gets_a_code_for_its_secret_and_verifier', async () => {
  const verifier = randomBytes(32).toString('base64url');
  const end = await signIn(
    new Browser(),
    authorizationUrl({
      client_id: 'storezero',
      response_type: 'code',
      redirect_uri: `${SHOP}/auth/callback`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
  );
  const redeem = (secret: string, codeVerifier: string) =>
    fetch(`${idp.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`storezero:${secret}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: new URL(end.location!).searchParams.get('code')!,
        redirect_uri: `${SHOP}/auth/callback`,
        code_verifier: codeVerifier,
      }),
    });
  assert.equal((await redeem('wrong', verifier)).status, 401);
  const body = (await (await redeem('storezero-demo-secret', verifier)).json()) as { id_token: string };
  const { payload } = await jwtVerify(body.id_token, keys, { issuer: idp.issuer, audience: 'storezero' });
  assert.equal(payload.sub, 'ada');
});

test('the_shop_without_a_backend_gets_tokens_by_the_implicit_flow_and_renews_them_by_web_message', async () => {
  const browser = new Browser();
  const params = { client_id: 'storezero-spa', response_type: 'id_token token', resource: `${SHOP}/api` };
  const end = await signIn(browser, authorizationUrl({ ...params, redirect_uri: `${SPA}/callback` }));
  const fragment = new URLSearchParams(new URL(end.location!).hash.slice(1));
  const { payload } = await jwtVerify(fragment.get('id_token')!, keys, { audience: 'storezero-spa' });
  assert.equal(payload['name'], 'Ada Lovelace');
  assert.ok(payload['sid'] && payload['auth_time'] && payload['at_hash']);
  assert.equal((await accessToken(fragment.get('access_token'))).sub, 'ada');

  const silent = { ...params, redirect_uri: `${SPA}/silent`, prompt: 'none', response_mode: 'web_message' };
  const message = await browser.get(authorizationUrl(silent));
  assert.match(message.text, /"access_token":"/);
  assert.doesNotMatch(message.headers.get('content-security-policy')!, /frame-ancestors/);
  const stranger = await new Browser().get(authorizationUrl(silent));
  assert.match(stranger.text, /"error":"login_required"/);
  assert.equal(stranger.status, 200);
});

/** The end of the Implicit Flow: what the page finds in its fragment. */
async function tokensOf(params: Record<string, string>, browser = new Browser()): Promise<URLSearchParams> {
  const url = authorizationUrl({ client_id: 'storezero-spa', response_type: 'id_token token', ...params });
  const { location } = await signIn(browser, url);
  return new URLSearchParams(new URL(location!).hash.slice(1));
}

test('only_the_exact_addresses_of_the_shop_without_a_backend_get_an_answer', async () => {
  const browser = new Browser();
  const known = { client_id: 'storezero-spa', response_type: 'id_token token', redirect_uri: `${SPA}/silent` };
  await signIn(browser, authorizationUrl({ ...known, redirect_uri: `${SPA}/callback` }));
  for (const redirectUri of [
    'http://localhost:3002/silent',
    'http://localhost/silent',
    'http://127.0.0.1:3001/silent',
    'http://[::1]:3001/silent',
    'https://localhost:3001/silent',
    `${SPA}/`,
    `${SPA}/silent/`,
    `${SPA}/silent?x=1`,
    `${SHOP}/auth/callback`,
  ]) {
    for (const mode of ['fragment', 'web_message']) {
      const silent = { ...known, prompt: 'none', response_mode: mode, redirect_uri: redirectUri };
      const answer = await browser.get(authorizationUrl(silent));
      assert.equal(answer.status, 400, redirectUri);
      assert.equal(answer.location, undefined, redirectUri);
      assert.doesNotMatch(answer.text, /token|postMessage/, redirectUri);
    }
  }
  const answer = await browser.get(authorizationUrl({ ...known, prompt: 'none' }));
  assert.match(answer.location!, /access_token=/);
});

test('a_shop_without_a_backend_needs_https_anywhere_but_on_this_machine', async () => {
  const status = async (spaUrl: string) => {
    const { issuer } = await startTestProvider({ IDP_SPA_URL: spaUrl });
    const params = { client_id: 'storezero-spa', response_type: 'id_token token', scope: 'openid', nonce: 'n' };
    const url = `${issuer}/auth?${new URLSearchParams({ ...params, redirect_uri: `${spaUrl}/callback` })}`;
    return (await new Browser().get(url)).status;
  };
  assert.equal(await status('http://shop.localhost:3001'), 303);
  assert.equal(await status('http://127.1.2.3:3001'), 303);
  assert.throws(() => readSettings({ IDP_SPA_URL: 'http://shop.example' }), /IDP_SPA_URL.*https:\/\/shop\.example/);
});

test('an_access_token_says_who_is_there_how_they_signed_in_and_what_they_allowed', async () => {
  const params = { redirect_uri: `${SPA}/callback`, resource: `${SHOP}/api` };
  const before = Math.floor(Date.now() / 1000);
  const tokens = await tokensOf({ ...params, scope: 'openid profile email orders account' });
  const { auth_time: authTime, ...claims } = await accessToken(tokens.get('access_token'));
  assert.ok(Number(authTime) >= before);
  assert.equal(claims['scope'], 'orders account');
  assert.equal(claims['client_id'], 'storezero-spa');
  assert.equal(claims['acr'], 'urn:peakcommerce:acr:single-factor');
  assert.deepEqual(claims['amr'], ['pwd']);
  assert.equal(claims['name'], 'Ada Lovelace');
  assert.equal(claims['email'], 'ada@example.com');
  assert.equal(claims['email_verified'], true);
  assert.equal(tokens.get('expires_in'), '600');
  assert.equal(claims.exp! - claims.iat!, 600);
});

test('tokens_for_the_api_are_for_the_shop_without_a_backend_alone', async () => {
  const verifier = randomBytes(32).toString('base64url');
  const params = {
    client_id: 'storezero',
    response_type: 'code',
    redirect_uri: `${SHOP}/auth/callback`,
    scope: 'openid orders account',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const browser = new Browser();
  const refused = await browser.get(authorizationUrl({ ...params, resource: `${SHOP}/api` }));
  assert.equal(new URL(refused.location!).searchParams.get('error'), 'invalid_target');

  const end = await signIn(browser, authorizationUrl(params));
  const redeem = async (code: string, extra: Record<string, string>) => {
    const response = await fetch(`${idp.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('storezero:storezero-demo-secret')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: `${SHOP}/auth/callback`,
        code_verifier: verifier,
        ...extra,
      }),
    });
    return (await response.json()) as Record<string, string>;
  };
  const codeOf = ({ location }: Answer) => new URL(location!).searchParams.get('code')!;
  const { access_token, scope } = await redeem(codeOf(end), {});
  assert.equal(scope, 'openid');
  // Good for the userinfo endpoint, and no JWT that an API could read.
  assert.doesNotMatch(access_token!, /\./);
  const another = await browser.get(authorizationUrl(params));
  assert.equal((await redeem(codeOf(another), { resource: `${SHOP}/api` }))['error'], 'invalid_target');
});

test('an_access_token_holds_no_more_than_was_asked_for', async () => {
  const browser = new Browser();
  const params = { redirect_uri: `${SPA}/callback`, resource: `${SHOP}/api` };
  await tokensOf({ ...params, scope: 'openid profile email orders account' }, browser);
  const less = { ...params, client_id: 'storezero-spa', response_type: 'id_token token', prompt: 'none' };
  const answer = await browser.get(authorizationUrl({ ...less, scope: 'openid orders' }));
  const token = new URLSearchParams(new URL(answer.location!).hash.slice(1)).get('access_token');
  const claims = await accessToken(token);
  assert.equal(claims['scope'], 'orders');
  assert.equal('name' in claims || 'email' in claims || 'email_verified' in claims, false);
  assert.ok(claims['auth_time']);
});

test('a_renewed_access_token_tells_of_the_same_login', async () => {
  const browser = new Browser();
  const params = { resource: `${SHOP}/api`, scope: 'openid orders' };
  const first = await tokensOf({ ...params, redirect_uri: `${SPA}/callback` }, browser);
  const silent = { ...params, redirect_uri: `${SPA}/silent`, prompt: 'none', response_mode: 'web_message' };
  const message = await browser.get(
    authorizationUrl({ client_id: 'storezero-spa', response_type: 'id_token token', ...silent }),
  );
  const [, renewed] = /"access_token":"([^"]+)"/.exec(message.text)!;
  const [old, now] = [await accessToken(first.get('access_token')), await accessToken(renewed)];
  assert.notEqual(old.jti, now.jti);
  assert.equal(old['auth_time'], now['auth_time']);
});

test('the_shop_without_a_backend_gets_the_same_by_code_and_verifier', async () => {
  const verifier = randomBytes(32).toString('base64url');
  const browser = new Browser();
  const code = async (extra: Record<string, string>) => {
    const params = {
      client_id: 'storezero-spa',
      response_type: 'code',
      redirect_uri: `${SPA}/callback`,
      resource: `${SHOP}/api`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...extra,
    };
    const url = authorizationUrl(params);
    const end = 'prompt' in extra ? await browser.get(url) : await signIn(browser, url);
    return new URL(end.location!).searchParams.get('code')!;
  };
  const redeem = (of: string, origin: string) =>
    fetch(`${idp.issuer}/token`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({
        client_id: 'storezero-spa',
        grant_type: 'authorization_code',
        code: of,
        redirect_uri: `${SPA}/callback`,
        code_verifier: verifier,
      }),
    });

  const answer = await redeem(await code({ scope: 'openid profile email orders account' }), SPA);
  assert.equal(answer.headers.get('access-control-allow-origin'), SPA);
  const tokens = (await answer.json()) as Record<string, string>;
  assert.equal(tokens['refresh_token'], undefined);
  assert.equal(decodeJwt(tokens['id_token']!)['name'], 'Ada Lovelace');
  const claims = await accessToken(tokens['access_token']);
  assert.equal(claims['scope'], 'orders account');
  assert.equal(claims['email'], 'ada@example.com');
  assert.equal(claims['auth_time'], decodeJwt(tokens['id_token']!)['auth_time']);
  assert.deepEqual(claims['amr'], ['pwd']);

  const less = (await (await redeem(await code({ scope: 'openid account', prompt: 'none' }), SPA)).json()) as Record<
    string,
    string
  >;
  const fewer = await accessToken(less['access_token']);
  assert.equal(fewer['scope'], 'account');
  assert.equal('email' in fewer, false);

  const stranger = await redeem(await code({ scope: 'openid', prompt: 'none' }), 'http://localhost:3002');
  assert.equal(stranger.status, 400);
  assert.equal(stranger.headers.get('access-control-allow-origin'), null);
});

test('an_access_token_lives_as_long_as_the_environment_says', async () => {
  assert.equal(readSettings({}).accessTokenLifetime, 600);
  assert.equal(readSettings({ IDP_DEMO: '1' }).accessTokenLifetime, 120);
  assert.equal(readSettings({ IDP_DEMO: '1', IDP_ACCESS_TOKEN: '45s' }).accessTokenLifetime, 45);
});

test('in_test_mode_there_is_a_token_for_another_api', async () => {
  const params = { redirect_uri: `${SPA}/callback`, resource: `${SHOP}/other-api`, scope: 'openid orders' };
  const tokens = await tokensOf(params);
  assert.equal((await accessToken(tokens.get('access_token'), `${SHOP}/other-api`))['scope'], 'orders');
});

test('the_shop_without_a_backend_ends_the_session_by_its_id_token', async () => {
  const browser = new Browser();
  const tokens = await tokensOf({ redirect_uri: `${SPA}/callback` }, browser);
  const hint = { id_token_hint: tokens.get('id_token')!, state: 'xyz' };
  const leave = (address: string) =>
    browser.get(`${idp.issuer}/session/end?${new URLSearchParams({ ...hint, post_logout_redirect_uri: address })}`);
  assert.equal((await leave('http://localhost:3002/signed-out')).status, 400);
  assert.equal((await leave(`${SPA}/signed-out`)).location, `${SPA}/signed-out?state=xyz`);
  const silent = { response_type: 'id_token', redirect_uri: `${SPA}/silent`, prompt: 'none' };
  const answer = await browser.get(authorizationUrl({ client_id: 'storezero-spa', ...silent }));
  assert.match(answer.location!, /error=login_required/);
});

test('an_access_token_for_no_resource_opens_the_userinfo_endpoint', async () => {
  const params = { client_id: 'storezero-spa', response_type: 'id_token token', redirect_uri: `${SPA}/callback` };
  const end = await signIn(new Browser(), authorizationUrl(params));
  const token = new URLSearchParams(new URL(end.location!).hash.slice(1)).get('access_token');
  const answer = await fetch(`${idp.issuer}/me`, { headers: { authorization: `Bearer ${token}`, origin: SPA } });
  assert.equal(((await answer.json()) as { email: string }).email, 'ada@example.com');
  assert.equal(answer.headers.get('access-control-allow-origin'), SPA);
});

test('a_token_for_an_unknown_resource_is_refused', async () => {
  const url = authorizationUrl({
    client_id: 'storezero-spa',
    response_type: 'id_token token',
    redirect_uri: `${SPA}/callback`,
    resource: 'https://elsewhere.example/api',
  });
  const answer = await new Browser().get(url);
  assert.match(answer.location!, /error=invalid_target/);
});

test('discovery_names_what_a_client_needs', async () => {
  const document = (await (await fetch(`${idp.issuer}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;
  assert.equal(document['issuer'], idp.issuer);
  assert.equal(document['end_session_endpoint'], `${idp.issuer}/session/end`);
  assert.equal(document['backchannel_logout_supported'], true);
  assert.equal(document['backchannel_logout_session_supported'], true);
  assert.equal(document['authorization_response_iss_parameter_supported'], true);
  assert.deepEqual(document['code_challenge_methods_supported'], ['S256']);
  assert.equal(document['federated_logout_supported'], true);
  assert.deepEqual(document['session_lifetimes'], {
    idle: 8 * 3600,
    absolute: 24 * 3600,
    kept_idle: 3 * 86_400,
    kept_absolute: 7 * 86_400,
  });
});

test('session_expiry_is_the_absolute_limit_where_it_is_wanted', async () => {
  const plain = await (await idp.register()).signIn(new Browser());
  assert.equal('session_expiry' in plain.claims, false);
  const telling = await startTestProvider({ IDP_SESSION_EXPIRY: '1', IDP_KEPT_SESSION_ABSOLUTE: '2d' });
  const shop = await telling.register();
  const { claims } = await shop.signIn(new Browser(), { fields: { keep: 'yes' } });
  assert.ok(Math.abs(Number(claims['session_expiry']) - claims.auth_time - 2 * 86_400) <= 2);
});

test('registration_is_closed_outside_of_test_mode', async () => {
  const closed = await startTestProvider({ IDP_REGISTRATION: '0', IDP_HASH_MEMORY: '1024' });
  const response = await fetch(`${closed.issuer}/reg`, { method: 'POST', body: '{}' });
  assert.equal(response.status, 404);
});

test('health_answers_when_ready', async () => {
  assert.equal((await fetch(`${idp.issuer}/health`)).status, 200);
});

test('a_port_in_use_is_a_clear_error_that_names_the_variable', async () => {
  const { port } = new URL(idp.issuer);
  await assert.rejects(startProviders(readSettings({ IDP_PORT: port })), (error: Error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, new RegExp(`port ${port} is already in use.*IDP_PORT`));
    return true;
  });
});

test('a_wrong_value_in_the_environment_names_the_variable_and_shows_a_right_one', () => {
  for (const [name, value] of [
    ['IDP_PORT', 'ninety'],
    ['IDP_PORT', '70000'],
    ['IDP_SHOP_URL', 'localhost:3000'],
    ['IDP_DEMO', 'perhaps'],
    ['IDP_SESSION_IDLE', '30 minutes'],
  ] as const) {
    assert.throws(() => readSettings({ [name]: value }), new RegExp(`${name} is "${value}"`));
  }
});
