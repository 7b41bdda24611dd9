// A new e-mail address counts once the link in a mail to it was opened and confirmed.

import type { Context, Middleware } from 'koa';
import { showError } from '../errors.ts';
import { emailProblem } from '../interaction/sign_up.ts';
import { mailboxLink } from '../mailbox.ts';
import type { Realm } from '../realm.ts';
import { EmailTaken, normalizeEmail, type User } from '../store/users.ts';
import { type Form, readForm } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { field, showPage } from '../web/layout.ts';
import { emailChanged } from './changes.ts';
import { freeAddress } from './claim.ts';
import type { AccountVisit } from './routes.ts';
import { findVisitor } from './visitor.ts';

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
  const token = realm.confirmations.token('change-email', user.id, { email });
  // An address that somebody else has gets no mail; the page does not tell that somebody has it.
  if (token && !realm.users.byEmail(email)?.emailVerified) {
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

export function emailConfirmationRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    const token = /^\/confirm-email\/([\w-]+)$/.exec(ctx.path)?.[1];
    if (!token) return next();
    const confirmation = realm.confirmations.peek('change-email', token);
    if (!confirmation) {
      showStale(realm, ctx);
      return;
    }
    // Mails reach strangers too, who would otherwise give their address to somebody else's account.
    const visitor = await findVisitor(realm, ctx);
    if (visitor?.user.id !== confirmation.accountId) {
      showError(realm, ctx, {
        message:
          'This link counts where you are signed in to the account that the address is for: sign in here, then open ' +
          'it again. If it was not you who asked for it, do nothing.',
        status: 403,
        wayOn: { href: '/account', label: 'Your account' },
      });
      return;
    }
    if (ctx.method === 'POST') {
      realm.formTokens.check(await readForm(ctx), token);
      await confirmEmail(realm, ctx, token, visitor.user);
      return;
    }
    // A button, because programs that look through mails open links too.
    showPage(ctx, realm.brand, {
      heading: 'Confirm your email',
      body: html`<p><strong>${confirmation.note.email}</strong> is your address? You are then signed out
everywhere.</p>
<form method="post" action="/confirm-email/${token}">
<input type="hidden" name="csrf" value="${realm.formTokens.for(token)}">
<button class="button" type="submit">Confirm</button>
</form>`,
    });
  };
}

async function confirmEmail(realm: Realm, ctx: Context, token: string, user: User): Promise<void> {
  const confirmation = realm.confirmations.take('change-email', token);
  if (!confirmation) {
    showStale(realm, ctx);
    return;
  }
  const { email } = confirmation.note;
  const freed = freeAddress(realm, email);
  try {
    realm.users.setEmail(user.id, email);
  } catch (error) {
    if (!(error instanceof EmailTaken)) throw error;
    const message = 'Meanwhile, another account uses this address.';
    showError(realm, ctx, { message, status: 409, wayOn: { href: '/account', label: 'Your account' } });
    return;
  }
  await freed;
  await emailChanged(realm, ctx, user);
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
