// A new phone number counts once the code in a message to it was typed.

import { mailboxLink } from '../mailbox.ts';
import { Throttle } from '../throttle.ts';
import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { field, showPage } from '../web/layout.ts';
import { phoneChanged } from './changes.ts';
import type { AccountVisit } from './routes.ts';

const guesses = new Throttle();

export function showChangePhone(visit: AccountVisit): void {
  renderNumber(visit, '', undefined);
}

export async function submitChangePhone(visit: AccountVisit, form: Form): Promise<void> {
  if (form.checked('code')) await submitCode(visit, form);
  else submitNumber(visit, form);
}

function submitNumber(visit: AccountVisit, form: Form): void {
  const { realm, user } = visit;
  const typed = form.text('phone', 40);
  const phone = typed.replace(/[\s()/.-]/g, '').replace(/^00/, '+');
  // E.164: a plus and at most 15 digits.
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) {
    renderNumber(visit, typed, 'Write the number with its country code, like +49 30 1234567.');
    return;
  }
  const code = realm.confirmations.code('change-phone', user.id, { phone });
  if (code === undefined) {
    renderNumber(visit, typed, 'Several codes were sent already. Please wait ten minutes.');
    return;
  }
  realm.outbox.send({
    kind: 'sms',
    to: phone,
    subject: `${realm.brand.name} code`,
    text: `${code} is your code to use this number for your account. It works for ten minutes.`,
  });
  renderCode(visit, phone, undefined);
}

async function submitCode(visit: AccountVisit, form: Form): Promise<void> {
  const { realm, ctx, user } = visit;
  const phone = form.text('phone', 40);
  const now = Date.now();
  const refusal = guesses.refusal(user.id, now);
  if (refusal) {
    renderCode(visit, phone, refusal.problem);
    return;
  }
  const confirmation = realm.confirmations.takeCode('change-phone', user.id, form.text('code', 20));
  if (!confirmation) {
    guesses.failed(user.id, now);
    renderCode(visit, phone, 'This code is wrong or too old.');
    return;
  }
  guesses.succeeded(user.id);
  realm.users.setPhone(user.id, confirmation.note.phone);
  await phoneChanged(realm, ctx, user);
}

function renderNumber({ realm, ctx, user, csrf }: AccountVisit, phone: string, error: string | undefined): void {
  showPage(ctx, realm.brand, {
    heading: 'Change phone',
    failed: error !== undefined,
    body: html`<p>Now it is <strong>${user.phone ?? 'none'}</strong>. After the change you are signed out everywhere.</p>
<form method="post" action="/account/phone">
<input type="hidden" name="csrf" value="${csrf}">
${field({
      name: 'phone',
      label: 'New phone',
      type: 'tel',
      value: phone,
      autocomplete: 'tel',
      hint: 'With country code, like +49 30 1234567.',
      error,
      focus: true,
    })}
<button class="button wide" type="submit">Send a code</button>
</form>
<p class="aside"><a href="/account">Back to your account</a></p>`,
  });
}

function renderCode({ realm, ctx, csrf }: AccountVisit, phone: string, error: string | undefined): void {
  showPage(ctx, realm.brand, {
    heading: 'Type the code',
    failed: error !== undefined,
    body: html`<p>We sent a code to <strong>${phone}</strong>.</p>${mailboxLink(realm)}
<form method="post" action="/account/phone">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="phone" value="${phone}">
${field({ name: 'code', label: 'Code', autocomplete: 'one-time-code', inputmode: 'numeric', error, focus: true })}
<button class="button wide" type="submit">Confirm</button>
</form>
<p class="aside"><a href="/account/phone">Use another number</a></p>`,
  });
}
