// The browsers that somebody signed in with before: a mark in a cookie, which a new password makes worthless.

import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Realm } from './realm.ts';
import type { User } from './store/users.ts';

type Marked = Pick<User, 'id' | 'passwordHash'>;

const KEPT_MS = 365 * 86_400_000;

export function isKnownDevice(realm: Realm, ctx: Context, user: User | undefined): boolean {
  const mark = ctx.cookies.get(nameOf(realm), { signed: true });
  return user?.passwordHash != null && mark === markOf(realm, user);
}

/** Whoever has a second factor is known where they gave it: the password alone may be a thief's. */
export function rememberDevice(realm: Realm, ctx: Context, user: Marked, bothFactors = false): void {
  if (realm.secondFactors.enrolled(user.id) && !bothFactors) return;
  ctx.cookies.set(nameOf(realm), markOf(realm, user), {
    signed: true,
    httpOnly: true,
    overwrite: true,
    sameSite: 'lax',
    secure: realm.provider.issuer.startsWith('https:'),
    maxAge: KEPT_MS,
  });
}

function nameOf({ brand }: Realm): string {
  return `${brand.cookiePrefix}_known`;
}

function markOf({ secondFactors }: Realm, { id, passwordHash }: Marked): string {
  const known = ['known', id, passwordHash, ...(secondFactors.enrolled(id) ? ['both factors'] : [])];
  return createHash('sha256').update(known.join(':')).digest('base64url');
}
