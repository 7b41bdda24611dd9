// Where Friendbook sends people back to: two fixed addresses, which lead on to whatever was under way.

import type { Middleware } from 'koa';
import type { Realm } from '../realm.ts';
import { restartLogin } from '../restart.ts';
import { html } from '../web/html.ts';
import { showPage } from '../web/layout.ts';
import { openReturnAddress } from './return_address.ts';

export function socialRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    if (!realm.friendbook || ctx.method !== 'GET') return next();
    if (ctx.path === '/social/friendbook/callback') {
      // The interaction's cookie is bound to its path; `state` says which one it is, and that one checks all of it.
      const uid = /^([\w-]+)\./.exec(String(ctx.query['state'] ?? ''))?.[1];
      if (!uid) return restartLogin(realm, ctx, undefined);
      const onward = `/interaction/${uid}/friendbook-callback?${ctx.querystring}`;
      // A page instead of a redirect: the way from Friendbook's login form to the shop would be one chain of
      // redirects otherwise, and Friendbook's form-action cannot know the shop.
      showPage(ctx, realm.brand, {
        heading: 'Back from Friendbook',
        refreshTo: onward,
        body: html`<p><a class="button" href="${onward}">Continue</a></p>`,
      });
      return;
    }
    if (ctx.path === '/social/friendbook/signed-out') {
      ctx.status = 303;
      ctx.redirect(openReturnAddress(realm, String(ctx.query['state'] ?? '')) ?? realm.shopUrl);
      return;
    }
    return next();
  };
}
