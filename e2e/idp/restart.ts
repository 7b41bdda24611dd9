// The way out of a login page that leads nowhere any more: left open overnight, bookmarked, reached by the back
// button. The shop starts a new login, and who is still signed in here does not even notice.

import type { Context } from 'koa';
import { loginUrlOf } from './clients.ts';
import type { Realm } from './realm.ts';
import { clientOfInteraction } from './store/adapter.ts';

export async function restartLogin(realm: Realm, ctx: Context, interactionUid: string | undefined): Promise<void> {
  ctx.status = 303;
  ctx.redirect(await restartUrl(realm, interactionUid));
}

/** Where the client of this interaction begins a login, else where the shop does. */
export async function restartUrl(realm: Realm, interactionUid: string | undefined): Promise<string> {
  const clientId = interactionUid && clientOfInteraction(realm.database, interactionUid);
  const client = clientId ? await realm.provider.Client.find(clientId).catch(() => undefined) : undefined;
  const known = client && realm.loginUrls.get(client.clientId);
  return known ?? (client && loginUrlOf(client)) ?? `${realm.shopUrl}/auth/login`;
}
