// A new password: on the account page, or by a mailed link for who forgot the old one.

import type { Context, Middleware } from 'koa';
import { senderOf } from '../guesses.ts';
import { checkCredentials, hashChosen } from '../interaction/credentials.ts';
import { sendSignUpLink } from '../interaction/sign_up.ts';
import { rememberDevice } from '../known_device.ts';
import { mailboxLink } from '../mailbox.ts';
import { PASSWORD_LENGTH, passwordProblem } from '../password_rules.ts';
import type { Realm } from '../realm.ts';
import { normalizeEmail, type User } from '../store/users.ts';
import { type Form, readForm } from '../web/forms.ts';
import { type Html, html } from '../web/html.ts';
import { field, showPage } from '../web/layout.ts';
import { passwordChanged } from './changes.ts';
import type { AccountVisit } from './routes.ts';

interface Problems {
  current?: string | undefined;
  password?: string | undefined;
}

export function showChangePassword(visit: AccountVisit): void {
  renderChangePassword(visit, {});
}

export async function submitChangePassword(visit: AccountVisit, form: Form): Promise<void> {
  const { realm, ctx, user } = visit;
  const password = form.password('password');
  const problems: Problems = { password: passwordProblem(password, user) };
  if (user.passwordHash !== null) {
    const { problem, waitSeconds } = await checkCredentials(visit, user.email, form.password('current'));
    problems.current = problem && (waitSeconds === undefined ? 'This is not your password.' : problem);
  }
  if (problems.current || problems.password) {
    renderChangePassword(visit, problems);
    return;
  }
  const passwordHash = await hashChosen(visit, password);
  realm.users.setPassword(user.id, passwordHash);
  rememberDevice(realm, ctx, { id: user.id, passwordHash });
  await passwordChanged(realm, ctx, user);
}

function renderChangePassword({ realm, ctx, user, csrf }: AccountVisit, problems: Problems): void {
  showPage(ctx, realm.brand, {
    heading: 'Change password',
    failed: Boolean(problems.current || problems.password),
    body: html`<p>Afterwards you are signed out everywhere.</p>
<form method="post" action="/account/password">
<input type="hidden" name="csrf" value="${csrf}">
${
      user.passwordHash !== null &&
      field({
        name: 'current',
        label: 'Current password',
        type: 'password',
        autocomplete: 'current-password',
        error: problems.current,
        focus: !problems.password,
      })
    }
${newPasswordField(problems.password)}
<button class="button wide" type="submit">Change password</button>
</form>
<p class="aside"><a href="/account">Back to your account</a></p>`,
  });
}

function newPasswordField(error: string | undefined): Html {
  return field({
    name: 'password',
    label: 'New password',
    type: 'password',
    autocomplete: 'new-password',
    hint: `At least ${PASSWORD_LENGTH.least} characters.`,
    error,
    focus: error !== undefined,
  });
}

const FORGOT_PATH = '/forgot-password';

export function forgottenPasswordRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    const token = /^\/reset-password\/([\w-]+)$/.exec(ctx.path)?.[1];
    if (!token && ctx.path !== FORGOT_PATH) return next();
    const form = ctx.method === 'POST' ? await readForm(ctx) : undefined;
    if (form) realm.formTokens.check(form, token ?? FORGOT_PATH);
    if (!token) {
      if (form) sendResetLink(realm, ctx, form);
      else showForgotten(realm, ctx, '', undefined);
      return;
    }
    const owner = realm.confirmations.peek('reset-password', token);
    const user = owner && realm.users.byId(owner.accountId);
    // A link from before it was asked of every account (claim.ts).
    if (!user?.emailVerified) showStale(realm, ctx);
    else if (form) await resetPassword(realm, ctx, token, user, form);
    else renderReset(realm, ctx, token, user, undefined);
  };
}

function showForgotten(realm: Realm, ctx: Context, email: string, error: string | undefined): void {
  const body = html`<p>We send you a link to set a new one.</p>
<form method="post" action="${FORGOT_PATH}">
<input type="hidden" name="csrf" value="${realm.formTokens.for(FORGOT_PATH)}">
${field({ name: 'email', label: 'Email', type: 'email', value: email, autocomplete: 'username', error, focus: true })}
<button class="button wide" type="submit">Send the link</button>
</form>`;
  const failed = error !== undefined;
  showPage(ctx, realm.brand, { heading: 'Forgot your password?', failed, body }, failed ? 429 : 200);
}

/** The answer is the same whether or not there is such an account: who has which address is nobody's business. */
function sendResetLink(realm: Realm, ctx: Context, form: Form): void {
  const email = form.text('email');
  const refusal = realm.guesses.mail(senderOf(ctx.ip), Date.now());
  if (refusal) {
    ctx.set('retry-after', String(refusal.waitSeconds));
    showForgotten(realm, ctx, email, refusal.problem);
    return;
  }
  const user = realm.users.byEmail(email);
  // Also for nobody, so that either answer takes as long.
  const token = realm.confirmations.token('reset-password', user?.id ?? normalizeEmail(email), {});
  // An account that never proved its address is not handed on (claim.ts).
  if (user?.emailVerified === false) sendSignUpLink(realm, user.email, undefined);
  else if (user && token) {
    realm.outbox.send({
      kind: 'mail',
      to: user.email,
      subject: 'Set a new password',
      text: 'Open this link within an hour to set a new password. If you did not ask for it, do nothing.',
      link: `${realm.provider.issuer}/reset-password/${token}`,
    });
  }
  showPage(ctx, realm.brand, {
    heading: 'Look into your mailbox',
    body: html`<p>If there is an account with the address <strong>${email}</strong>, a link to set a new password is on
its way. It works for an hour.</p>${mailboxLink(realm)}`,
  });
}

async function resetPassword(realm: Realm, ctx: Context, token: string, user: User, form: Form): Promise<void> {
  const password = form.password('password');
  const problem = passwordProblem(password, user);
  if (problem) {
    renderReset(realm, ctx, token, user, problem);
    return;
  }
  const passwordHash = await hashChosen({ realm, ctx }, password);
  // Only now, so that a refused password leaves the link usable; and only one of two that come at once.
  if (!realm.confirmations.take('reset-password', token)) {
    showStale(realm, ctx);
    return;
  }
  realm.users.setPassword(user.id, passwordHash);
  rememberDevice(realm, ctx, { id: user.id, passwordHash });
  await passwordChanged(realm, ctx, user);
}

function renderReset(realm: Realm, ctx: Context, token: string, user: User, problem: string | undefined): void {
  showPage(ctx, realm.brand, {
    heading: 'Set a new password',
    failed: problem !== undefined,
    body: html`<p>for ${user.email}. Afterwards you are signed out everywhere.</p>
<form method="post" action="/reset-password/${token}">
<input type="hidden" name="csrf" value="${realm.formTokens.for(token)}">
${newPasswordField(problem)}
<button class="button wide" type="submit">Set password</button>
</form>`,
  });
}

function showStale(realm: Realm, ctx: Context): void {
  showPage(
    ctx,
    realm.brand,
    {
      heading: 'This link does not work any more',
      failed: true,
      body: html`<p>It was used already, or it is older than an hour.</p>
<p><a class="button" href="${FORGOT_PATH}">Get a new one</a></p>`,
    },
    410,
  );
}
