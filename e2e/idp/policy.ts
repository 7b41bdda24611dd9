// When a visitor is asked for something, and what the session is told on the way.

import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { ACR_MULTI_FACTOR, ACR_SINGLE_FACTOR, type LoginResult } from './interaction/finish.ts';
import type { SecondFactors } from './second_factor/second_factors.ts';
import { sessionCookie, type Sessions } from './sessions.ts';

const { Check, Prompt, base } = interactionPolicy;

/** Changing what an account hangs on, and setting up a second factor, takes a login not older than this. */
export const FRESH_SECONDS = 10 * 60;

export function interactionPolicyFor(
  sessions: Sessions,
  secondFactors: SecondFactors,
): interactionPolicy.DefaultPolicy {
  const policy = base();
  const { checks } = policy.get('login')!;
  // These would ask for the password again where only the second factor is missing.
  checks.remove('essential_acr');
  checks.remove('essential_acrs');
  checks.add(
    new Check('account_gone', 'the account of this session does not exist any more', ({ oidc }) =>
      oidc.session?.accountId !== undefined && oidc.account === undefined
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT,
    ),
  );
  checks.add(
    new Check('enrolment', 'a second factor is set up only after a login of the last minutes', (ctx) => {
      const { account, session } = ctx.oidc;
      if (!account || !demandsSecondFactor(ctx) || secondFactors.enrolled(account.accountId)) {
        return Check.NO_NEED_TO_PROMPT;
      }
      // Whoever came by a session would otherwise lock its owner out.
      return session!.past(FRESH_SECONDS) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  checks.add(
    new Check('session_facts', 'never asks for anything', (ctx) => {
      noteSession(ctx, sessions);
      requestSid(ctx);
      return Check.NO_NEED_TO_PROMPT;
    }),
  );
  policy.add(
    new Prompt(
      { name: 'mfa' },
      new Check('second_factor_missing', 'the session has only one factor', (ctx) =>
        demandsSecondFactor(ctx) && ctx.oidc.session?.acr !== ACR_MULTI_FACTOR
          ? Check.REQUEST_PROMPT
          : Check.NO_NEED_TO_PROMPT,
      ),
    ),
    1,
  );
  return policy;
}

/**
 * OIDC Core §3.1.2.1 lets `acr_values` be a wish; shops that write it mean it, so it is a demand here, however it was
 * sent (§5.5.1.1). What this provider has never heard of is not.
 */
function demandsSecondFactor({ oidc }: KoaContextWithOIDC): boolean {
  const { value, values } = (oidc.claims.id_token?.['acr'] ?? {}) as { value?: string; values?: string[] };
  const known = [value, ...(values ?? [])].filter((acr) => acr === ACR_MULTI_FACTOR || acr === ACR_SINGLE_FACTOR);
  return known.length > 0 && known.every((acr) => acr === ACR_MULTI_FACTOR);
}

/**
 * The session begins with the first authorization request, before anybody signs in, and the login then updates it;
 * oidc-provider would begin it only afterwards. A silent check begins nothing.
 */
function noteSession(ctx: KoaContextWithOIDC, sessions: Sessions): void {
  const { session, result, params } = ctx.oidc;
  if (!session) return;
  // Not saved yet.
  const begins = session.exp === undefined;
  if (begins && params?.['prompt'] === 'none') {
    // oidc-provider would save one all the same for a browser whose cookie names a session that is over.
    Object.assign(session, { destroyed: true });
    return;
  }
  if (begins) {
    const id = sessionCookie(ctx.oidc.provider, ctx);
    if (id !== undefined) sessions.ended.followedBy(id, session.uid);
  }
  if (session.accountId === undefined) {
    // Setting a fact marks the session as changed, which makes oidc-provider save it and send its cookie.
    if (params?.['prompt'] !== 'none') session.transient = true;
    return;
  }
  if (result?.login) {
    const { remember, provider, upstreamIdToken } = result.login as LoginResult;
    session.transient = !remember;
    sessions.signedIn(session.uid, { accountId: session.accountId, kept: remember, provider, upstreamIdToken });
  }
}

/** oidc-provider puts `sid` only into the ID tokens of clients with back-channel logout, unless it is asked for. */
function requestSid(ctx: KoaContextWithOIDC): void {
  ctx.oidc.claims.id_token = { ...ctx.oidc.claims.id_token, sid: null };
}
