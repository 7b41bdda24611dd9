// One visit to a page of an interaction, as each of its steps gets it.

import type { Context } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Realm } from '../realm.ts';

export type StoredInteraction = NonNullable<KoaContextWithOIDC['oidc']['entities']['Interaction']>;

/** One visit to an interaction page: everything that the pages need. */
export interface Visit {
  realm: Realm;
  ctx: Context;
  interaction: StoredInteraction;
  /** The client's name and where it lives, for the words on the page. */
  client: { name: string; url: string };
  csrf: string;
}

/** Back to oidc-provider, which answers the client or asks for what is still missing. */
export function leave({ ctx, interaction }: Visit): void {
  ctx.status = 303;
  ctx.redirect(interaction.returnTo);
}
