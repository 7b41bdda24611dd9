// Who shops in these tests.

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Browser } from '../../idp/test/browser.ts';
import { signUp } from '../../idp/test/sign_up.ts';
import { IDP_URL, SHOP_URL } from './addresses.ts';

export interface Person {
  name: string;
  email: string;
  password: string;
}

/** Has been a customer for long. Other tests sign her in at the same time: look at her orders, leave her cart alone. */
export const ada: Person = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'demo-password' };

/** Has an account at Friendbook alone. */
export const linus: Person = { name: 'Linus Demo', email: 'linus@example.com', password: 'demo-password' };

/** Somebody with a new account at the identity provider, whom the shop has never seen. */
export async function newShopper(name = 'Katherine Johnson'): Promise<Person> {
  const person = { name, email: `katherine.${randomUUID()}@example.com`, password: 'a few long words' };
  const browser = new Browser();
  const loginPage = await browser.follow(await browser.get(authorizationUrl()), IDP_URL);
  const answer = await signUp(browser, loginPage, person);
  // Signed up and on the way to the shop, which is not asked for anything.
  if (answer.status !== 303) throw new Error(`no account for ${person.email} (${answer.status}):\n${answer.text}`);
  return person;
}

function authorizationUrl(): string {
  const url = new URL('/auth', IDP_URL);
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  url.search = new URLSearchParams({
    client_id: 'storezero',
    response_type: 'code',
    redirect_uri: `${SHOP_URL}/auth/callback`,
    scope: 'openid',
    state: 'none',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}
