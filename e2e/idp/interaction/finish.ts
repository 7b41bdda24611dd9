// The moment after the last question: who signed in, how, and what that does to the session that was there before.

import { tellOfLink } from '../account/changes.ts';
import { epochSeconds } from '../store/database.ts';
import type { UpstreamIdentity } from '../store/users.ts';
import { leave, type Visit } from './visit.ts';

/** How somebody proved who they are: `amr` values of RFC 8176, and the `acr` that they add up to. */
export interface Authentication {
  accountId: string;
  kept: boolean;
  amr: string[];
  acr: string;
  /** The other provider that vouched for them, and its ID token. */
  provider?: string | undefined;
  upstreamIdToken?: string | undefined;
  /** Who they are at the other provider, where that is to be known from now on. */
  link?: UpstreamIdentity | undefined;
  /** When they proved it, if that was not just now: seconds since 1970. */
  authTime?: number | undefined;
}

/** What the resumed authorization request finds as `result.login`; the policy takes it from there. */
export interface LoginResult {
  accountId: string;
  remember: boolean;
  ts: number;
  amr: string[];
  acr: string;
  provider?: string | undefined;
  upstreamIdToken?: string | undefined;
}

export const ACR_SINGLE_FACTOR = 'urn:peakcommerce:acr:single-factor';
/** The name that Auth0 has for it too, so that a shop configured for one of us works with the other. */
export const ACR_MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

export async function finishLogin(visit: Visit, authentication: Authentication): Promise<void> {
  const { realm, ctx, interaction } = visit;
  const { accountId, kept, amr, acr, provider, upstreamIdToken } = authentication;
  const user = realm.users.byId(accountId);
  if (user && authentication.link) {
    // Not before the second factor: it would be a way in for who knows the password alone.
    realm.users.link(accountId, authentication.link);
    tellOfLink(realm, user);
  }
  const current = await realm.provider.Session.get(ctx);
  // A new standard login resets the session: other uid, other sid, and the clients of the old one are told before
  // this one goes on. Proving oneself again inside a session (max_age) updates it instead.
  const asked = interaction.prompt.reasons.includes('login_prompt');
  if (current.accountId !== undefined && (asked || current.accountId !== accountId)) {
    await realm.sessions.end(realm.provider, current.uid, {
      reason: asked ? 'prompt_login' : 'another_account',
      clientId: String(interaction.params['client_id']),
    });
  }
  // The credentials were given just now; that another tab changed the session since does not matter.
  interaction.session = undefined;
  const ts = authentication.authTime ?? epochSeconds();
  const login: LoginResult = { accountId, remember: kept, ts, amr, acr, provider, upstreamIdToken };
  interaction.result = { login: { ...login } };
  await interaction.persist();
  leave(visit);
}
