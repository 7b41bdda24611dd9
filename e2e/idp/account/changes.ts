// What happens when the things change that an account hangs on: every session ends, every shop hears of it, and
// whoever had the account before is told.

import type { Context } from 'koa';
import type { EndReason } from '../ended_sessions.ts';
import type { Realm } from '../realm.ts';
import type { User } from '../store/users.ts';
import { html } from '../web/html.ts';
import { showPage } from '../web/layout.ts';

export interface WayOn {
  href: string;
  label: string;
}

/** `wayOn` is the login that goes on, where the change interrupted one. */
export async function passwordChanged(realm: Realm, ctx: Context, user: User, wayOn?: WayOn): Promise<void> {
  tell(realm, user.email, 'Your password was changed');
  realm.guesses.forgetAddress(user.email);
  await endEverything(realm, user.id, 'password_changed');
  showChanged(realm, ctx, 'Password changed', wayOn);
}

/** `before` is the account as it was: its address gets the news. */
export async function emailChanged(realm: Realm, ctx: Context, before: User): Promise<void> {
  tell(realm, before.email, 'The email address of your account was changed');
  await endEverything(realm, before.id, 'email_changed');
  showChanged(realm, ctx, 'Email changed');
}

export async function phoneChanged(realm: Realm, ctx: Context, user: User): Promise<void> {
  tell(realm, user.email, 'The phone number of your account was changed');
  await endEverything(realm, user.id, 'phone_changed');
  showChanged(realm, ctx, 'Phone changed');
}

/** The session in which it happened goes on; it is the others that may be a stranger's. */
export async function secondFactorChanged(
  realm: Realm,
  user: User,
  what: string,
  sessionUid: string,
): Promise<void> {
  await endOthers(realm, user, what, 'second_factor_changed', sessionUid);
}

export async function friendbookDisconnected(realm: Realm, user: User, sessionUid: string): Promise<void> {
  const what = 'Friendbook was disconnected from your account';
  await endOthers(realm, user, what, 'friendbook_disconnected', sessionUid);
}

/** Whoever gets as far as that knows the password. */
export function tellOfWrongCodes(realm: Realm, user: User): void {
  realm.outbox.send({
    kind: 'mail',
    to: user.email,
    subject: 'Wrong codes of your second factor',
    text: 'Somebody who knows your password typed five wrong codes. If that was not you, set a new password now.',
    link: `${realm.provider.issuer}/forgot-password`,
  });
}

/** Another way in. */
export function tellOfLink(realm: Realm, user: User): void {
  realm.outbox.send({
    kind: 'mail',
    to: user.email,
    subject: 'Friendbook was connected to your account',
    text: 'Friendbook can sign you in from now on. If that was not you, set a new password now.',
    link: `${realm.provider.issuer}/forgot-password`,
  });
}

async function endOthers(
  realm: Realm,
  user: User,
  what: string,
  reason: EndReason,
  sessionUid: string,
): Promise<void> {
  tell(realm, user.email, what, 'in every other browser');
  forgetWhatWasBegun(realm, user.id);
  await realm.sessions.endAll(realm.provider, user.id, reason, sessionUid);
}

function forgetWhatWasBegun(realm: Realm, accountId: string): void {
  realm.confirmations.forgetAll(accountId);
  realm.notes.forgetAccount(accountId);
}

/** The cookie stays, and names nothing any more: by it, "/" tells what became of the session. */
export async function endEverything(realm: Realm, accountId: string, reason: EndReason): Promise<void> {
  forgetWhatWasBegun(realm, accountId);
  await realm.sessions.endAll(realm.provider, accountId, reason);
}

function tell(realm: Realm, to: string, subject: string, where = 'everywhere'): void {
  realm.outbox.send({
    kind: 'mail',
    to,
    subject,
    text: `${subject}, and you were signed out ${where}. If that was not you, set a new password now.`,
    link: `${realm.provider.issuer}/forgot-password`,
  });
}

function showChanged(realm: Realm, ctx: Context, heading: string, wayOn?: WayOn): void {
  const { href, label } = wayOn ?? { href: `${realm.shopUrl}/auth/login`, label: 'Sign in again' };
  showPage(ctx, realm.brand, {
    heading,
    body: html`<p>You were signed out everywhere: in every browser, and in every shop that you had entered with
${realm.brand.name}.</p>
<p class="choices"><a class="button" href="${href}">${label}</a>
<a class="button quiet" href="/account">Your account</a></p>`,
  });
}
