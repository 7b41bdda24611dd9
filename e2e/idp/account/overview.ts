// "/account": what is known of the person, and how long this session may live.

import type { Context } from 'koa';
import type { Realm } from '../realm.ts';
import { html, type Html } from '../web/html.ts';
import { fact, showPage } from '../web/layout.ts';
import { duration, time } from '../web/time.ts';
import type { Visitor } from './visitor.ts';

export function showOverview(realm: Realm, ctx: Context, { user, session, signIn, csrf }: Visitor): void {
  const { idle } = realm.sessions.limitsOf(signIn);
  const count = realm.sessions.countOf(user.id);
  const linked = realm.users.isLinked(user.id);
  const secondFactor = realm.secondFactors.enrolled(user.id);
  showPage(ctx, realm.brand, {
    heading: 'Your account',
    body: html`<dl>
${fact('Name', user.name)}
${changeable('Email', html`${user.email} ${user.emailVerified ? '(confirmed)' : '(not confirmed yet)'}`, '/account/email')}
${changeable('Phone', user.phone ?? 'none', '/account/phone')}
${changeable('Password', user.passwordHash === null ? 'none' : 'set', '/account/password')}
${changeable('Second factor', secondFactor ? 'authenticator app' : 'none', '/account/second-factor')}
${linked && fact('Connected', 'Friendbook', html`<a href="/account/friendbook">Disconnect<span class="only-read"> Friendbook</span></a>`)}
</dl>
<section aria-labelledby="session-heading">
<h2 id="session-heading">This session</h2>
<dl>
${fact('Authenticated', html`${time(session.loginTs!)}${signIn.provider && ' by Friendbook'}`)}
${fact('Ends', signIn.kept ? 'not with the browser: it is kept' : 'when you close the browser')}
${fact('Unused', html`ends after ${duration(idle)} without a visit: as it stands, ${time(session.exp)}`)}
${fact('At the latest', time(realm.sessions.absoluteEnd(signIn)))}
${fact('Browsers', count === 1 ? 'only this one is signed in' : `${count} are signed in`)}
</dl>
<p class="hint"><a href="/">More about this session</a></p>
</section>
<form method="post" action="/account/sign-out-everywhere" class="choices">
<input type="hidden" name="csrf" value="${csrf}">
<a class="button" href="${realm.shopUrl}">Go to the shop</a>
<a class="button quiet" href="/session/end">Sign out</a>
<button class="button quiet">Sign out everywhere</button>
</form>`,
  });
}

/** What can be changed, and where. */
function changeable(name: string, value: Html | string, path: string): Html {
  return fact(name, value, html`<a href="${path}">Change<span class="only-read"> ${name.toLowerCase()}</span></a>`);
}
