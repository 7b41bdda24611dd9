// How far the session's cookie travels: a silent check asks for it in a frame of the client's page.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { framedCookie } from '../web/sites.ts';
import { Browser } from './browser.ts';
import { startTestProvider } from './setup.ts';

test('a_cookie_goes_into_pages_of_other_sites_only_where_it_must_and_can', () => {
  const lax = { secure: false, sameSite: 'lax' };
  const none = { secure: true, sameSite: 'none' };
  for (const [issuer, client, expected] of [
    ['http://localhost:4000', 'http://localhost:3001/silent', lax],
    ['http://id.shop.localhost:4000', 'http://www.shop.localhost:3001/silent', lax],
    ['http://id.peakcommerce.localhost:4000', 'http://localhost:3001/silent', none],
    ['http://id.peakcommerce.localhost:4000', 'http://shop.localhost:3001/silent', none],
    ['http://localhost:4000', 'http://127.0.0.1:3001/silent', none],
    // One host with two schemes is two sites.
    ['http://localhost:4000', 'https://localhost:3001/silent', none],
    // Browsers would not take `Secure` from there.
    ['http://id.example', 'http://shop.example/silent', lax],
    ['https://id.example', 'https://shop.example/silent', none],
  ] as const) {
    assert.deepEqual(framedCookie(issuer, [client]), expected, `${issuer} in ${client}`);
  }
});

/** What `Set-Cookie` says of the session that a login begins. */
async function sessionCookie(issuerHost: string): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  await startTestProvider({ IDP_PORT: String(port), IDP_ISSUER: `http://${issuerHost}:${port}` });
  const params = {
    client_id: 'storezero-spa',
    response_type: 'id_token token',
    redirect_uri: 'http://localhost:3001/callback',
    scope: 'openid',
    nonce: 'n',
  };
  const { headers } = await new Browser().get(`http://127.0.0.1:${port}/auth?${new URLSearchParams(params)}`);
  return headers.getSetCookie().find((line) => line.startsWith('pcid_session='))!.toLowerCase();
}

test('an_issuer_of_another_site_on_this_machine_sends_a_secure_cookie_over_http', async () => {
  assert.match(await sessionCookie('id.peakcommerce.localhost'), /; samesite=none; secure/);
});

test('an_issuer_of_the_same_site_sends_an_ordinary_one', async () => {
  const cookie = await sessionCookie('localhost');
  assert.match(cookie, /; samesite=lax/);
  assert.doesNotMatch(cookie, /; secure/);
});
