// Where requests of the provider's own go.

import assert from 'node:assert/strict';
import { test } from 'node:test';
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
