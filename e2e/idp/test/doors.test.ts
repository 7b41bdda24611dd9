// What is open on this machine alone, whom this program answers, and how it stands behind a proxy with TLS.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ConfigError, readSettings } from '../config.ts';
import { Browser } from './browser.ts';
import { startTestProvider } from './setup.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const PUBLIC = {
  IDP_ISSUER: 'https://id.example',
  IDP_FRIENDBOOK_ISSUER: 'https://friendbook.example',
  IDP_SHOP_URL: 'https://shop.example',
  IDP_SPA_URL: 'https://spa.example',
  IDP_CLIENT_SECRET: SECRET,
  IDP_TRUSTED_PROXY: '1',
};

function refuses(env: Record<string, string>, words: RegExp): void {
  assert.throws(() => readSettings(env), (error: Error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, words);
    return true;
  });
}

for (const door of ['IDP_DEMO', 'IDP_REGISTRATION']) {
  test(`${door}_starts_on_this_machine_alone`, () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
      assert.ok(readSettings({ [door]: '1', IDP_HOST: host }).local);
    }
    assert.ok(readSettings({ [door]: '1', IDP_ISSUER: 'http://id.peakcommerce.localhost:4000' }).local);
    for (const env of [
      { IDP_HOST: '0.0.0.0' },
      { IDP_HOST: '192.168.1.2' },
      { IDP_HOST: '::' },
      PUBLIC,
      { ...PUBLIC, IDP_CONTAINER: '1' },
      { IDP_SHOP_URL: 'https://shop.example', IDP_CLIENT_SECRET: SECRET },
      { IDP_FRIENDBOOK_ISSUER: 'https://friendbook.example', IDP_CLIENT_SECRET: SECRET, IDP_TRUSTED_PROXY: '1' },
    ]) {
      refuses({ [door]: '1', ...env } as Record<string, string>, new RegExp(`^${door}=1 .* for this machine alone`));
    }
    assert.ok(readSettings({ [door]: '1', IDP_HOST: '0.0.0.0', IDP_CONTAINER: '1' }).local);
  });
}

test('plain_http_is_refused_anywhere_but_on_this_machine', () => {
  for (const name of ['IDP_ISSUER', 'IDP_FRIENDBOOK_ISSUER', 'IDP_SHOP_URL', 'IDP_SPA_URL']) {
    for (const host of ['id.example', '192.168.1.2', '127.0.0.1.example', 'localhost.example', '0.0.0.0']) {
      refuses({ ...PUBLIC, [name]: `http://${host}` }, new RegExp(`^${name} is "http://${host}"; plain http`));
    }
  }
  readSettings(PUBLIC);
});

test('an_https_issuer_needs_a_proxy_that_speaks_tls', () => {
  refuses({ ...PUBLIC, IDP_TRUSTED_PROXY: '0' }, /IDP_ISSUER .* IDP_TRUSTED_PROXY=1/);
});

test('a_client_secret_that_everybody_knows_or_can_guess_does_not_start', () => {
  for (const secret of ['', 'storezero-demo-secret']) refuses({ ...PUBLIC, IDP_CLIENT_SECRET: secret }, /everybody knows/);
  for (const secret of ['x', 'secret', SECRET.slice(1), 'ab'.repeat(20)]) {
    refuses({ ...PUBLIC, IDP_CLIENT_SECRET: secret }, /too easy to guess.*openssl rand/);
    refuses({ IDP_CLIENT_SECRET: secret }, /too easy to guess/);
  }
  // Reachable from outside.
  refuses({ IDP_HOST: '0.0.0.0' }, /everybody knows/);
});

test('accounts_with_well_known_passwords_exist_on_this_machine_alone', async () => {
  const { realm, friendbook } = await startTestProvider({ ...PUBLIC, IDP_REGISTRATION: '0', IDP_HASH_MEMORY: '1024' });
  assert.equal(realm.users.byEmail('ada@example.com'), undefined);
  assert.equal(friendbook.realm.users.byEmail('linus@example.com'), undefined);
});

const idp = await startTestProvider({ IDP_DEMO: '1' });

/** With any `Host`, which fetch would not let us choose. */
async function get(issuer: string, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
  const { port } = new URL(issuer);
  const sent = request({ host: '127.0.0.1', port, path, headers }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

test('a_page_of_another_name_that_points_here_is_not_answered', async () => {
  const { port } = new URL(idp.issuer);
  for (const path of ['/', '/mailbox', '/health', '/auth', '/.well-known/openid-configuration', '/assets/x/page.js']) {
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '192.168.1.2', '@', 'other.localhost']) {
      for (const issuer of [idp.issuer, idp.friendbook.issuer]) {
        assert.equal((await get(issuer, path, { host })).statusCode, 421, `${host}${path}`);
      }
    }
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
    assert.equal((await get(idp.issuer, '/mailbox', { host })).statusCode, 200, host);
  }
  // Nobody said that there is a proxy.
  const forwarded = { host: 'evil.example', 'x-forwarded-host': `localhost:${port}` };
  assert.equal((await get(idp.issuer, '/mailbox', forwarded)).statusCode, 421);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('behind_a_proxy_with_tls_addresses_are_https_and_cookies_secure', async () => {
  const port = await freePort();
  await startTestProvider({ ...PUBLIC, IDP_REGISTRATION: '0', IDP_HASH_MEMORY: '1024', IDP_PORT: String(port) });
  const here = `http://127.0.0.1:${port}`;
  const proxied = { host: `127.0.0.1:${port}`, 'x-forwarded-host': 'id.example', 'x-forwarded-proto': 'https' };

  const discovery = await fetch(`${here}/.well-known/openid-configuration`, { headers: proxied });
  const document = (await discovery.json()) as Record<string, unknown>;
  for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'end_session_endpoint']) {
    assert.match(String(document[name]), /^https:\/\/id\.example(\/|$)/, name);
  }

  const params = {
    client_id: 'storezero-spa',
    response_type: 'id_token',
    redirect_uri: 'https://spa.example/callback',
    scope: 'openid',
    nonce: 'n',
  };
  const begun = await get(here, `/auth?${new URLSearchParams(params)}`, proxied);
  assert.equal(begun.statusCode, 303);
  const cookies = begun.headers['set-cookie']!;
  assert.ok(cookies.length >= 3);
  for (const cookie of cookies) assert.match(cookie, /; secure/i);
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ');
  const page = await get(here, begun.headers.location!, { ...proxied, cookie });
  assert.equal(page.statusCode, 200);

  const direct = await get(here, '/', { host: 'id.example' });
  assert.equal(direct.statusCode, 200, 'a proxy may also keep the name that it was asked for');
  assert.equal((await get(here, '/', { host: `127.0.0.1:${port}` })).statusCode, 421);
  assert.equal((await get(here, '/mailbox', proxied)).statusCode, 404);
});

test('names_that_every_object_has_find_nothing', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  const page = await shop.begin(browser);
  const names = ['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'];
  for (const name of names) {
    for (const path of [
      '/interaction/x/', '/account/', '/assets/x/', '/', '/sign-up/x/', '/interaction/x/sign-up/x/',
    ]) {
      assert.equal((await browser.get(`${idp.issuer}${path}${name}`)).status, 404, path + name);
    }
    assert.equal((await browser.get(`${page.url}/${name}`)).status, 404);
    assert.equal((await browser.post(`${page.url}/${name}`, page.form.fields)).status, 404);
    for (const query of ['friendbook', 'demo']) {
      const answer = await browser.get(`${page.url}?${query}=${name}`);
      assert.equal(answer.status, 200);
      assert.doesNotMatch(answer.text, /native code|\[object/);
    }
    const back = await browser.get(`${idp.issuer}/account/return?state=${name}`);
    assert.equal(back.location, `${idp.issuer}/account`);
  }
  await shop.signIn(browser);
  const consent = await shop.begin(browser, { prompt: 'consent', scope: `openid profile ${names.join(' ')}` });
  assert.match(consent.text, /will see your name\./);
});
