// The moment after the last question: who signed in, how, and what that does to the session that was there before.

import { epochSeconds } from '../store/database.ts';
import { leave, type Visit } from './routes.ts';

/** How somebody proved who they are: `amr` values of RFC 8176, and the `acr` that they add up to. */
export interface Authentication {
  accountId: string;
  kept: boolean;
  amr: string[];
  acr: string;
}

export const ACR_SINGLE_FACTOR = 'urn:peakcommerce:acr:single-factor';

export async function finishLogin(visit: Visit, { accountId, kept, amr, acr }: Authentication): Promise<void> {
  const { realm, ctx, interaction } = visit;
  const current = await realm.provider.Session.get(ctx);
  // A new standard login resets the session: other uid, other sid, and the clients of the old one are told before
  // this one goes on. Proving oneself again inside a session (max_age) updates it instead.
  const asked = interaction.prompt.reasons.includes('login_prompt');
  if (current.accountId !== undefined && (asked || current.accountId !== accountId)) {
    await realm.sessions.end(realm.provider, current.uid);
  }
  // The credentials were given just now; that another tab changed the session since does not matter.
  interaction.session = undefined;
  interaction.result = { login: { accountId, remember: kept, ts: epochSeconds(), amr, acr } };
  await interaction.persist();
  leave(visit);
}
