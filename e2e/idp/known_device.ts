// The browsers that somebody signed in with before: a mark in a cookie, which a new password makes worthless.

import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Realm } from './realm.ts';
import type { User } from './store/users.ts';

type Marked = Pick<User, 'id' | 'passwordHash'>;

const KEPT_MS = 365 * 86_400_000;

export function isKnownDevice(realm: Realm, ctx: Context, user: User | undefined): boolean {
  const mark = ctx.cookies.get(nameOf(realm), { signed: true });
  return user?.passwordHash != null && mark === markOf(user);
}

export function rememberDevice(realm: Realm, ctx: Context, user: Marked): void {
  ctx.cookies.set(nameOf(realm), markOf(user), {
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

function markOf({ id, passwordHash }: Marked): string {
  return createHash('sha256').update(`known:${id}:${passwordHash}`).digest('base64url');
}
