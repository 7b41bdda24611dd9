// "Create an account" begins with an address. Everything else is asked behind the link that is mailed to it
// (new_account.ts), so that nobody has an account for an address that is not theirs.

import { senderOf } from '../guesses.ts';
import { mailboxLink } from '../mailbox.ts';
import type { Realm } from '../realm.ts';
import { normalizeEmail } from '../store/users.ts';
import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { field, showPage } from '../web/layout.ts';
import type { Visit } from './visit.ts';

export function showSignUp(visit: Visit): void {
  renderSignUp(visit, '', undefined);
}

/** The answer is the same whether or not there is such an account: who has which address is nobody's business. */
export async function submitSignUp(visit: Visit, form: Form): Promise<void> {
  const { realm, ctx, interaction } = visit;
  const email = normalizeEmail(form.text('email'));
  const problem = emailProblem(email);
  const refusal = problem === undefined ? realm.guesses.mail(senderOf(ctx.ip), Date.now()) : undefined;
  if (refusal) ctx.set('retry-after', String(refusal.waitSeconds));
  if (problem || refusal) {
    renderSignUp(visit, email, problem ?? refusal!.problem, refusal ? 429 : 200);
    return;
  }
  sendSignUpLink(realm, email, interaction.uid);
  showPage(ctx, realm.brand, {
    heading: 'Look into your mailbox',
    body: html`<p>We sent a mail to <strong>${email}</strong>. Open its link in this browser to go on. It works for an
hour.</p>
${mailboxLink(realm)}
<p class="aside">Nothing there? <a href="/interaction/${interaction.uid}/sign-up">Use another address</a></p>`,
  });
}

/** `interaction` is the login that it is for, if there is one. */
export function sendSignUpLink(realm: Realm, email: string, interaction: string | undefined): void {
  const { brand, confirmations, outbox, provider, users } = realm;
  // Also where it is not sent: nobody's mailbox is flooded, and either answer takes as long.
  const token = confirmations.token('sign-up', email, { email });
  if (!token) return;
  const login = interaction === undefined ? '' : `/interaction/${interaction}`;
  if (users.byEmail(email)?.emailVerified) {
    outbox.send({
      kind: 'mail',
      to: email,
      subject: 'You have an account already',
      text:
        `Somebody, probably you, wanted to create an account with this address at ${brand.name}, but there is one. ` +
        'Sign in with its password. If that was not you, do nothing.',
      link: brand.selfService ? `${provider.issuer}${login}/forgot-password` : undefined,
    });
    return;
  }
  outbox.send({
    kind: 'mail',
    to: email,
    subject: 'Create your account',
    text:
      `Open this link within an hour to create your account at ${brand.name}. ` +
      'If you did not ask for it, do nothing.',
    link: `${provider.issuer}${login}/sign-up/${token}`,
  });
}

export function emailProblem(email: string): string | undefined {
  // Only what is surely no address: whether it is one, a mail to it shows.
  return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email) ? undefined : 'Write an address like name@example.com.';
}

function renderSignUp(visit: Visit, email: string, error: string | undefined, status = 200): void {
  const { realm, ctx, interaction, client, csrf } = visit;
  const here = `/interaction/${interaction.uid}`;
  const body = html`<p class="lead">to continue to <strong>${client.name}</strong></p>
<form method="post" action="${here}/sign-up">
<input type="hidden" name="csrf" value="${csrf}">
${field({ name: 'email', label: 'Email', type: 'email', value: email, autocomplete: 'username', error, focus: true })}
<button class="button wide" type="submit">Send the link</button>
</form>
<p class="aside">Have an account? <a href="${here}">Sign in</a></p>`;
  showPage(ctx, realm.brand, { heading: 'Create an account', failed: error !== undefined, body }, status);
}
