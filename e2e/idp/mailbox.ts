// "/mailbox": every mail and text message that was sent, for demos and tests. Nowhere else is there such a page.

import type { Middleware } from 'koa';
import type { Realm } from './realm.ts';
import { type Html, html } from './web/html.ts';
import { showPage } from './web/layout.ts';
import { time } from './web/time.ts';

/** Where nothing is really sent, the page says where to look. */
export function mailboxLink(realm: Realm): Html | undefined {
  return realm.settings.demo ? html`<p class="aside">Demo: it is in the <a href="/mailbox">mailbox</a>.</p>` : undefined;
}

export function mailboxRoutes(realm: Realm): Middleware {
  const { brand, outbox, settings } = realm;
  return async (ctx, next) => {
    const open = settings.demo || settings.registration;
    if (!open || ctx.path !== '/mailbox' || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    const { to } = ctx.query;
    const messages = outbox.messages(typeof to === 'string' ? to : undefined);
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = messages;
      return;
    }
    showPage(ctx, brand, {
      heading: 'Mailbox',
      body:
        messages.length === 0
          ? html`<p>No message was sent yet.</p>`
          : html`<p class="lead">Everything that ${brand.name} sent, newest first.</p>
${messages.map(
              ({ kind, to: recipient, subject, text, link, sentAt }) => html`<article class="message">
<h2>${subject}</h2>
<p class="hint">${kind === 'sms' ? 'Text message' : 'Mail'} to ${recipient},
${time(sentAt)}</p>
<p>${text}</p>
${link && html`<p><a href="${link}">${link}</a></p>`}
</article>`,
            )}`,
    });
  };
}
