// A new password for who forgot the old one, by a mailed link. In a login, both pages lie below it: opened in its browser,
// the link leads back into it, and so to the page that was asked for.

import type { Context, Middleware } from 'koa';
import { senderOf } from '../guesses.ts';
import { hashChosen } from '../interaction/credentials.ts';
import { openVisit } from '../interaction/routes.ts';
import { sendSignUpLink } from '../interaction/sign_up.ts';
import { rememberDevice } from '../known_device.ts';
import { mailboxLink } from '../mailbox.ts';
import { passwordProblem } from '../password_rules.ts';
import type { Realm } from '../realm.ts';
import { restartUrl } from '../restart.ts';
import { normalizeEmail, type User } from '../store/users.ts';
import { type Form, readForm } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { field, showPage } from '../web/layout.ts';
import { passwordChanged, type WayOn } from './changes.ts';
import { newPasswordField } from './password.ts';

interface Forgotten {
  realm: Realm;
  ctx: Context;
  /** The login that it was forgotten in, and the path of that login; the second is empty where there is none. */
  uid: string | undefined;
  login: string;
}

const PATHS = /^(?<login>\/interaction\/(?<uid>[\w-]+))?\/(?:forgot-password|reset-password\/(?<token>[\w-]+))$/;

export function forgottenPasswordRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    const match = PATHS.exec(ctx.path)?.groups;
    if (!match) return next();
    const { login = '', uid, token } = match;
    const forgotten: Forgotten = { realm, ctx, uid, login };
    const form = ctx.method === 'POST' ? await readForm(ctx) : undefined;
    if (form) realm.formTokens.check(form, token ?? FORM);
    if (token === undefined) {
      if (form) sendResetLink(forgotten, form);
      else renderForgotten(forgotten, '', undefined);
      return;
    }
    const owner = realm.confirmations.peek('reset-password', token);
    const user = owner && realm.users.byId(owner.accountId);
    // A link from before it was asked of every account (claim.ts).
    if (!user?.emailVerified) showStale(forgotten);
    else if (form) await resetPassword(forgotten, token, user, form);
    else renderReset(forgotten, token, user, undefined);
  };
}

const FORM = 'forgot-password';

function renderForgotten({ realm, ctx, login }: Forgotten, email: string, error: string | undefined): void {
  const body = html`<p>We send you a link to set a new one.</p>
<form method="post" action="${login}/forgot-password">
<input type="hidden" name="csrf" value="${realm.formTokens.for(FORM)}">
${field({ name: 'email', label: 'Email', type: 'email', value: email, autocomplete: 'username', error, focus: true })}
<button class="button wide" type="submit">Send the link</button>
</form>
${login && html`<p class="aside"><a href="${login}">Back to the login</a></p>`}`;
  const failed = error !== undefined;
  showPage(ctx, realm.brand, { heading: 'Forgot your password?', failed, body }, failed ? 429 : 200);
}

/** The answer is the same whether or not there is such an account: who has which address is nobody's business. */
function sendResetLink(forgotten: Forgotten, form: Form): void {
  const { realm, ctx, uid, login } = forgotten;
  const email = form.text('email');
  const refusal = realm.guesses.mail(senderOf(ctx.ip), Date.now());
  if (refusal) {
    ctx.set('retry-after', String(refusal.waitSeconds));
    renderForgotten(forgotten, email, refusal.problem);
    return;
  }
  const user = realm.users.byEmail(email);
  // Also for nobody, so that either answer takes as long.
  const token = realm.confirmations.token('reset-password', user?.id ?? normalizeEmail(email), {});
  // An account that never proved its address is not handed on (claim.ts).
  if (user?.emailVerified === false) sendSignUpLink(realm, user.email, uid);
  else if (user && token) {
    realm.outbox.send({
      kind: 'mail',
      to: user.email,
      subject: 'Set a new password',
      text: 'Open this link within an hour to set a new password. If you did not ask for it, do nothing.',
      link: `${realm.provider.issuer}${login}/reset-password/${token}`,
    });
  }
  showPage(ctx, realm.brand, {
    heading: 'Look into your mailbox',
    body: html`<p>If there is an account with the address <strong>${email}</strong>, a link to set a new password is on
its way. It works for an hour.${login && ' Open it in this browser to go on here afterwards.'}</p>${mailboxLink(realm)}`,
  });
}

async function resetPassword(forgotten: Forgotten, token: string, user: User, form: Form): Promise<void> {
  const { realm, ctx } = forgotten;
  const password = form.password('password');
  const problem = passwordProblem(password, user);
  if (problem) {
    renderReset(forgotten, token, user, problem);
    return;
  }
  const passwordHash = await hashChosen({ realm, ctx }, password);
  // Only now, so that a refused password leaves the link usable; and only one of two that come at once.
  if (!realm.confirmations.take('reset-password', token)) {
    showStale(forgotten);
    return;
  }
  realm.users.setPassword(user.id, passwordHash);
  rememberDevice(realm, ctx, { id: user.id, passwordHash });
  await passwordChanged(realm, ctx, user, await wayOn(forgotten));
}

/** Back into the login, where this is its browser; the new password is asked there, and the second factor too. */
async function wayOn({ realm, ctx, uid, login }: Forgotten): Promise<WayOn | undefined> {
  if (uid === undefined) return undefined;
  const visit = await openVisit(realm, ctx, uid);
  if (typeof visit === 'object') return { href: login, label: `Sign in to go on to ${visit.client.name}` };
  return { href: await restartUrl(realm, uid), label: 'Sign in again' };
}

function renderReset({ realm, ctx, login }: Forgotten, token: string, user: User, problem: string | undefined): void {
  showPage(ctx, realm.brand, {
    heading: 'Set a new password',
    failed: problem !== undefined,
    body: html`<p>for ${user.email}. Afterwards you are signed out everywhere.</p>
<form method="post" action="${login}/reset-password/${token}">
<input type="hidden" name="csrf" value="${realm.formTokens.for(token)}">
${newPasswordField(problem)}
<button class="button wide" type="submit">Set password</button>
</form>`,
  });
}

function showStale({ realm, ctx, login }: Forgotten): void {
  showPage(
    ctx,
    realm.brand,
    {
      heading: 'This link does not work any more',
      failed: true,
      body: html`<p>It was used already, or it is older than an hour.</p>
<p><a class="button" href="${login}/forgot-password">Get a new one</a></p>`,
    },
    410,
  );
}
