// Who is looking at the account pages, and how sure that is.

import type { Context } from 'koa';
import { ACR_MULTI_FACTOR } from '../interaction/finish.ts';
import { FRESH_SECONDS } from '../policy.ts';
import type { Realm } from '../realm.ts';
import type { ProviderSession, SignIn } from '../sessions.ts';
import { epochSeconds } from '../store/database.ts';
import type { User } from '../store/users.ts';

export interface Visitor {
  user: User;
  session: ProviderSession;
  signIn: SignIn;
  /** For the forms of these pages, in this session only. */
  csrf: string;
  csrfPurpose: string;
}

export async function findVisitor(realm: Realm, ctx: Context): Promise<Visitor | undefined> {
  const session = await realm.provider.Session.get(ctx);
  const user = session.accountId === undefined ? undefined : realm.users.byId(session.accountId);
  const signIn = user && realm.sessions.signInOf(session.uid);
  if (!user || !signIn) return undefined;
  const csrfPurpose = `account:${session.uid}`;
  return { user, session, signIn, csrf: realm.formTokens.for(csrfPurpose), csrfPurpose };
}

/** Signed in lately, and with the second factor where there is one. */
export function isFresh(realm: Realm, { user, session }: Visitor): boolean {
  const fresh = epochSeconds() - (session.loginTs ?? 0) <= FRESH_SECONDS;
  return fresh && (session.acr === ACR_MULTI_FACTOR || !realm.secondFactors.enrolled(user.id));
}

/**
 * Through the ordinary login and back to `path`. The account pages are a client like any other, which only wants to
 * know that somebody is there (response_type=none, OAuth 2.0 Multiple Response Types §4).
 */
export function signInFirst(realm: Realm, ctx: Context, path: string, visitor: Visitor | undefined): void {
  const demands = new URLSearchParams({
    client_id: 'peakcommerce-account',
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${realm.provider.issuer}/account/return`,
    state: path,
  });
  if (visitor) demands.set('max_age', String(FRESH_SECONDS));
  if (visitor && realm.secondFactors.enrolled(visitor.user.id)) demands.set('acr_values', ACR_MULTI_FACTOR);
  ctx.status = 303;
  ctx.redirect(`/auth?${demands}`);
}
