// "/account": what is known of the person, and how long this session may live.

import type { Context } from 'koa';
import type { Realm } from '../realm.ts';
import { html, type Html } from '../web/html.ts';
import { showPage } from '../web/layout.ts';
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
${fact('Email', html`${user.email} ${user.emailVerified ? '(confirmed)' : '(not confirmed yet)'}`, '/account/email')}
${fact('Phone', user.phone ?? 'none', '/account/phone')}
${fact('Password', user.passwordHash === null ? 'none' : 'set', '/account/password')}
${fact('Second factor', secondFactor ? 'authenticator app' : 'none', '/account/second-factor')}
${linked && fact('Connected', 'Friendbook')}
</dl>
<section aria-labelledby="session-heading">
<h2 id="session-heading">This session</h2>
<dl>
${fact('Signed in', html`${time(session.loginTs!)}${signIn.provider && ` through Friendbook`}`)}
${fact('Ends', signIn.kept ? 'not with the browser: it is kept' : 'when you close the browser')}
${fact('Unused', html`ends after ${duration(idle)} without a visit: as it stands, ${time(session.exp)}`)}
${fact('At the latest', time(realm.sessions.absoluteEnd(signIn)))}
${fact('Browsers', count === 1 ? 'only this one is signed in' : `${count} are signed in`)}
</dl>
</section>
<form method="post" action="/account/sign-out-everywhere" class="choices">
<input type="hidden" name="csrf" value="${csrf}">
<a class="button" href="${realm.shopUrl}">Go to the shop</a>
<a class="button quiet" href="/session/end">Sign out</a>
<button class="button quiet">Sign out everywhere</button>
</form>`,
  });
}

function fact(name: string, value: Html | string, change?: string): Html {
  const link = change && html`<dd><a href="${change}">Change<span class="only-read"> ${name.toLowerCase()}</span></a></dd>`;
  return html`<div><dt>${name}</dt><dd>${value}</dd>${link}</div>`;
}

function time(seconds: number): Html {
  const moment = new Date(seconds * 1000);
  const text = moment.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return html`<time datetime="${moment.toISOString()}">${text} UTC</time>`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

function duration(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0)!;
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
