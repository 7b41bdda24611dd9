// Where requests of the provider's own go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutToken } from '../errors.ts';
import { reachable } from '../web/sites.ts';

test('a_name_below_localhost_is_this_machine_whatever_the_system_knows', () => {
  for (const [address, expected] of [
    ['http://shop.static.localhost:3001/a?b=c', 'http://localhost:3001/a?b=c'],
    ['http://localhost:4000/jwks', 'http://localhost:4000/jwks'],
    ['http://127.0.0.1:4000/jwks', 'http://127.0.0.1:4000/jwks'],
    // Its certificate is for its name.
    ['https://id.shop.localhost/jwks', 'https://id.shop.localhost/jwks'],
    ['http://localhost.example/jwks', 'http://localhost.example/jwks'],
    ['http://notlocalhost/jwks', 'http://notlocalhost/jwks'],
  ] as const) {
    assert.equal(reachable(address).href, expected);
  }
});

test('the_log_of_a_failure_has_no_token_that_was_mailed', () => {
  for (const page of ['/reset-password', '/confirm-email', '/sign-up', '/interaction/abc/sign-up']) {
    assert.equal(withoutToken(`${page}/secret-token`), `${page}/…`);
  }
  assert.equal(withoutToken('/account/email'), '/account/email');
});
