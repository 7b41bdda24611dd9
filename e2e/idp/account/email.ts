// A new e-mail address counts once the link in a mail to it was opened and confirmed.

import type { Context, Middleware } from 'koa';
import { showError } from '../errors.ts';
import { emailProblem } from '../interaction/sign_up.ts';
import type { Realm } from '../realm.ts';
import { EmailTaken, normalizeEmail, type User } from '../store/users.ts';
import { type Form, readForm } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { field, showPage } from '../web/layout.ts';
import { emailChanged } from './changes.ts';
import { mailboxLink } from './password.ts';
import type { AccountVisit } from './routes.ts';

export function showChangeEmail(visit: AccountVisit): void {
  renderChangeEmail(visit, '', undefined);
}

export function submitChangeEmail(visit: AccountVisit, form: Form): void {
  const { realm, ctx, user } = visit;
  const email = normalizeEmail(form.text('email'));
  const problem = emailProblem(email) ?? (email === user.email ? 'This is your address already.' : undefined);
  if (problem) {
    renderChangeEmail(visit, email, problem);
    return;
  }
  // An address that somebody else has gets no mail; the page does not tell that somebody has it.
  const token = realm.users.byEmail(email) ? undefined : realm.confirmations.token('change-email', user.id, { email });
  if (token) {
    realm.outbox.send({
      kind: 'mail',
      to: email,
      subject: 'Confirm your new email address',
      text: 'Open this link within an hour to use this address for your account.',
      link: confirmationLink(realm, token),
    });
  }
  showPage(ctx, realm.brand, {
    heading: 'Look into your mailbox',
    body: html`<p>We sent a link to <strong>${email}</strong>. Your address changes when you open it.</p>
${mailboxLink(realm)}
<p class="aside"><a href="/account">Back to your account</a></p>`,
  });
}

function renderChangeEmail({ realm, ctx, user, csrf }: AccountVisit, email: string, error: string | undefined): void {
  showPage(ctx, realm.brand, {
    heading: 'Change email',
    failed: error !== undefined,
    body: html`<p>Now it is <strong>${user.email}</strong>. After the change you are signed out everywhere.</p>
<form method="post" action="/account/email">
<input type="hidden" name="csrf" value="${csrf}">
${field({ name: 'email', label: 'New email', type: 'email', value: email, autocomplete: 'email', error, focus: true })}
<button class="button wide" type="submit">Send the link</button>
</form>
<p class="aside"><a href="/account">Back to your account</a></p>`,
  });
}

/** After a sign-up: the address works already, and is called verified once this link was opened. */
export function sendVerification(realm: Realm, user: User): void {
  const token = realm.confirmations.token('verify-email', user.id, { email: user.email });
  if (!token) return;
  realm.outbox.send({
    kind: 'mail',
    to: user.email,
    subject: 'Confirm your email address',
    text: `Welcome to ${realm.brand.name}. Open this link to confirm that this address is yours.`,
    link: confirmationLink(realm, token),
  });
}

export function emailConfirmationRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    const token = /^\/confirm-email\/([\w-]+)$/.exec(ctx.path)?.[1];
    if (!token) return next();
    const change = realm.confirmations.peek('change-email', token);
    const confirmation = change ?? realm.confirmations.peek('verify-email', token);
    const user = confirmation && realm.users.byId(confirmation.accountId);
    if (!user) {
      showStale(realm, ctx);
      return;
    }
    if (ctx.method === 'POST') {
      realm.formTokens.check(await readForm(ctx), token);
      await confirmEmail(realm, ctx, token, user);
      return;
    }
    // A button, because programs that look through mails open links too.
    showPage(ctx, realm.brand, {
      heading: 'Confirm your email',
      body: html`<p><strong>${confirmation.note.email}</strong> is your address?${
        change && ' You are then signed out everywhere.'
      }</p>
<form method="post" action="/confirm-email/${token}">
<input type="hidden" name="csrf" value="${realm.formTokens.for(token)}">
<button class="button" type="submit">Confirm</button>
</form>`,
    });
  };
}

async function confirmEmail(realm: Realm, ctx: Context, token: string, user: User): Promise<void> {
  const change = realm.confirmations.take('change-email', token);
  const confirmation = change ?? realm.confirmations.take('verify-email', token);
  if (!confirmation) {
    showStale(realm, ctx);
    return;
  }
  const { email } = confirmation.note;
  if (change) {
    try {
      realm.users.setEmail(user.id, email);
    } catch (error) {
      if (!(error instanceof EmailTaken)) throw error;
      const message = 'Meanwhile, another account uses this address.';
      showError(realm, ctx, { message, status: 409, wayOn: { href: '/account', label: 'Your account' } });
      return;
    }
    await emailChanged(realm, ctx, user);
    return;
  }
  if (user.email === email) realm.users.setEmail(user.id, email);
  showPage(ctx, realm.brand, {
    heading: 'Thank you',
    body: html`<p><strong>${email}</strong> is confirmed.</p>
<p><a class="button" href="${realm.shopUrl}">Go to the shop</a></p>`,
  });
}

function confirmationLink(realm: Realm, token: string): string {
  return `${realm.provider.issuer}/confirm-email/${token}`;
}

function showStale(realm: Realm, ctx: Context): void {
  showError(realm, ctx, {
    message: 'This link was used already, or it is too old.',
    status: 410,
    wayOn: { href: '/account', label: 'Your account' },
  });
}
