// Password hashes, and how those from before are replaced.

import assert from 'node:assert/strict';
import { randomBytes, scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { readSettings } from '../config.ts';
import { hashPassword, isOutdated, unmatchableHash, verifyPassword } from '../passwords.ts';
import { Browser } from './browser.ts';
import { startTestProvider } from './setup.ts';

const PASSWORD = 'demo-password';

/** As it was stored before. */
function scryptHash(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 2 ** 12, r: 8, p: 1 });
  return ['scrypt', 12, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

test('a_password_is_hashed_by_argon2id_with_the_memory_and_passes_that_owasp_asks_for', async () => {
  const { hashMemory } = readSettings({});
  const stored = await hashPassword(PASSWORD, hashMemory);
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.notEqual(await hashPassword(PASSWORD, hashMemory), stored, 'each has a salt of its own');
  assert.equal(await verifyPassword(PASSWORD, stored), true);
  assert.equal(await verifyPassword('Demo-password', stored), false);
  // Of nobody: the same work, and no password that fits.
  const nobodys = unmatchableHash(hashMemory);
  assert.match(nobodys, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assert.equal(await verifyPassword(PASSWORD, nobodys), false);
});

test('a_password_composed_on_another_keyboard_is_the_same', async () => {
  assert.equal(await verifyPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait', 64)), true);
});

test('a_hash_from_before_opens_the_account_and_is_made_anew_at_the_next_right_login', async () => {
  const idp = await startTestProvider({ IDP_HASH_MEMORY: '2048' });
  const { users } = idp.realm;
  const shop = await idp.register();
  for (const before of [scryptHash(PASSWORD), await hashPassword(PASSWORD, 1024)]) {
    users.setPassword('ada', before);
    const browser = new Browser();
    const again = await shop.submit(browser, await shop.begin(browser), { email: 'ada@example.com', password: 'wrong' });
    assert.match(again.text, /do not match/);
    assert.equal(users.byId('ada')!.passwordHash, before);

    await shop.signIn(new Browser());
    const now = users.byId('ada')!.passwordHash!;
    assert.equal(isOutdated(now, 2048), false);
    await shop.signIn(new Browser());
    assert.equal(users.byId('ada')!.passwordHash, now);
  }
});

test('a_new_hash_of_the_old_password_does_not_undo_a_password_that_was_changed_meanwhile', async () => {
  const { users } = (await startTestProvider()).realm;
  const before = users.byId('ada')!.passwordHash!;
  users.setPassword('ada', 'the new one');
  users.rehash('ada', before, 'the old one again');
  assert.equal(users.byId('ada')!.passwordHash, 'the new one');
});
