// The address that a federated logout finally returns to, carried through Friendbook as `state`: signed, so that
// nobody can make this server redirect to an address of their choice.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Realm } from '../realm.ts';
import { randomSecret } from '../store/secrets.ts';

export function sealReturnAddress(realm: Realm, address: string): string {
  const text = Buffer.from(address).toString('base64url');
  return `${text}.${signature(realm, text).toString('base64url')}`;
}

export function openReturnAddress(realm: Realm, sealed: string): string | undefined {
  const [text = '', mac = ''] = sealed.split('.');
  const expected = signature(realm, text);
  const actual = Buffer.from(mac, 'base64url');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
  return Buffer.from(text, 'base64url').toString('utf8');
}

function signature(realm: Realm, text: string): Buffer {
  return createHmac('sha256', randomSecret(realm.database, 'return-address-key')).update(text).digest();
}
