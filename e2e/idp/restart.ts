// The way out of a login page that leads nowhere any more: left open overnight, bookmarked, reached by the back
// button. The shop starts a new login, and who is still signed in here does not even notice.

import type { Context } from 'koa';
import { loginUrlOf } from './clients.ts';
import type { Realm } from './realm.ts';
import { type AuthorizationRequest, requestOfInteraction } from './store/adapter.ts';

type Client = NonNullable<Awaited<ReturnType<Realm['provider']['Client']['find']>>>;

export async function restartLogin(realm: Realm, ctx: Context, interactionUid: string | undefined): Promise<void> {
  ctx.status = 303;
  ctx.redirect(await restartUrl(realm, interactionUid));
}

/**
 * Where the client of this interaction waits for an answer, else where it begins a login, else where the shop does.
 * Never the address of a request that another browser may still be busy with: `state` is that one's secret.
 */
export async function restartUrl(realm: Realm, interactionUid: string | undefined): Promise<string> {
  const request = interactionUid === undefined ? undefined : requestOfInteraction(realm.database, interactionUid);
  const client = request && (await realm.provider.Client.find(String(request.params['client_id'])).catch(() => undefined));
  if (!client) return `${realm.shopUrl}/auth/login`;
  return (
    lateAnswer(realm, client, request) ??
    realm.loginUrls.get(client.clientId) ??
    loginUrlOf(client) ??
    `${realm.shopUrl}/auth/login`
  );
}

/**
 * The answer to a request that expired: by its `state` the client, and nobody else, knows which page it was for.
 * `login_required` (OIDC Core §3.1.2.6) says what is the case, and that asking again helps.
 */
function lateAnswer({ provider }: Realm, client: Client, { params, expired }: AuthorizationRequest): string | undefined {
  const { redirect_uri: redirectUri, response_mode: mode, response_type: type, state } = params;
  // The request was checked when it came, but the client may have changed since.
  if (!expired || typeof redirectUri !== 'string' || !client.redirectUris?.includes(redirectUri)) return undefined;
  if (mode !== undefined && mode !== 'query' && mode !== 'fragment') return undefined;
  const answer = new URLSearchParams({
    error: 'login_required',
    error_description: 'the login page expired before anybody signed in',
    iss: provider.issuer,
    ...(typeof state === 'string' && { state }),
  });
  const url = new URL(redirectUri);
  // OAuth 2.0 Multiple Response Type Encoding Practices §5: what brings tokens is answered in the fragment.
  if (mode === 'fragment' || (mode === undefined && type !== 'code' && type !== 'none')) url.hash = answer.toString();
  else for (const [name, value] of answer) url.searchParams.append(name, value);
  return url.href;
}
