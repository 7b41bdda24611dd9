// "/": who is signed in here, and by which session. And what machines ask: /health.

import type { Middleware } from 'koa';
import type { Realm } from './realm.ts';
import { sessionFacts } from './session_facts.ts';
import { html } from './web/html.ts';
import { showPage } from './web/layout.ts';

export function homeRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (ctx.path === '/health') {
      ctx.body = { status: 'ok' };
      return;
    }
    if (ctx.path !== '/') return next();
    const session = await realm.provider.Session.get(ctx);
    const user = session.accountId === undefined ? undefined : realm.users.byId(session.accountId);
    const facts = await sessionFacts(realm, ctx, session);
    showPage(ctx, realm.brand, {
      heading: user ? `Hello, ${user.name}` : realm.brand.name,
      body: user
        ? html`<p>You are signed in as ${user.email}.</p>
<p class="choices"><a class="button" href="${realm.shopUrl}">Go to the shop</a>
${realm.brand.selfService && html`<a class="button quiet" href="/account">Your account</a>`}
<a class="button quiet" href="/session/end">Sign out</a></p>
${facts}`
        : html`<p>Nobody is signed in here. Sign in from the shop that you want to visit.</p>
<p><a class="button" href="${realm.shopUrl}">Go to the shop</a></p>
${facts}`,
    });
  };
}
