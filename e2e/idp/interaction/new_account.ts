// Behind the link of a sign-up: whoever opens it reads the address's mail, so name and password are theirs to choose.

import type { Context, Middleware } from 'koa';
import { createConfirmed } from '../account/claim.ts';
import { showError } from '../errors.ts';
import { rememberDevice } from '../known_device.ts';
import { PASSWORD_LENGTH, passwordProblem } from '../password_rules.ts';
import type { Realm } from '../realm.ts';
import { restartUrl } from '../restart.ts';
import { EmailTaken, type User } from '../store/users.ts';
import { type Form, readForm } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { field, keepBox, showPage } from '../web/layout.ts';
import { hashChosen } from './credentials.ts';
import { ACR_SINGLE_FACTOR, finishLogin } from './finish.ts';
import { openVisit } from './routes.ts';
import type { Visit } from './visit.ts';

interface NewAccount {
  realm: Realm;
  ctx: Context;
  /** The login that it was begun in, and that login where this is its browser and it is still open. */
  uid: string | undefined;
  login: Visit | undefined;
  token: string;
  email: string;
}

interface Typed {
  name: string;
  kept: boolean;
}

type Problems = Partial<Record<'name' | 'password', string | undefined>>;

export function newAccountRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    const [, uid, token] = /^(?:\/interaction\/([\w-]+))?\/sign-up\/([\w-]+)$/.exec(ctx.path) ?? [];
    if (!token) return next();
    const email = realm.confirmations.peek('sign-up', token)?.note.email;
    if (email === undefined) {
      await showStale(realm, ctx, uid);
      return;
    }
    const visit = uid === undefined ? 'gone' : await openVisit(realm, ctx, uid);
    const login = typeof visit === 'object' && visit.interaction.prompt.name === 'login' ? visit : undefined;
    const account: NewAccount = { realm, ctx, uid, login, token, email };
    if (ctx.method === 'GET' || ctx.method === 'HEAD') {
      renderNewAccount(account, { name: '', kept: false }, {});
    } else if (ctx.method === 'POST') {
      const form = await readForm(ctx);
      realm.formTokens.check(form, token);
      await createAccount(account, form);
    } else {
      ctx.status = 405;
      ctx.set('allow', 'GET, POST');
    }
  };
}

async function createAccount(account: NewAccount, form: Form): Promise<void> {
  const { realm, ctx, uid, token, email } = account;
  const typed: Typed = { name: form.text('name', 100), kept: form.checked('keep') };
  const password = form.password('password');
  const problems: Problems = {
    name: typed.name ? undefined : 'Please tell us your name.',
    password: passwordProblem(password, { name: typed.name, email }),
  };
  if (problems.name || problems.password) {
    renderNewAccount(account, typed, problems);
    return;
  }
  const passwordHash = await hashChosen(account, password);
  // Only now, so that a refused password leaves the link usable; and only one of two that come at once.
  if (!realm.confirmations.take('sign-up', token)) {
    await showStale(realm, ctx, uid);
    return;
  }
  let user: User;
  try {
    user = await createConfirmed(realm, { email, name: typed.name, passwordHash });
  } catch (error) {
    if (!(error instanceof EmailTaken)) throw error;
    showError(realm, ctx, {
      message: 'Meanwhile, there is an account with this address. Sign in with it.',
      status: 409,
      wayOn: { href: await restartUrl(realm, uid), label: 'Sign in' },
    });
    return;
  }
  realm.confirmations.forgetAll(email);
  rememberDevice(realm, ctx, user);
  await goOn(account, user, typed.kept);
}

async function goOn({ realm, ctx, uid, login }: NewAccount, user: User, kept: boolean): Promise<void> {
  if (login) {
    await finishLogin(login, { accountId: user.id, kept, amr: ['pwd'], acr: ACR_SINGLE_FACTOR });
    return;
  }
  showPage(ctx, realm.brand, {
    heading: 'Your account is ready',
    body: html`<p><strong>${user.email}</strong> is confirmed.</p>
<p><a class="button" href="${await restartUrl(realm, uid)}">Sign in</a></p>`,
  });
}

async function showStale(realm: Realm, ctx: Context, uid: string | undefined): Promise<void> {
  showError(realm, ctx, {
    message: 'This link was used already, or it is older than an hour. Sign in, or create an account anew.',
    status: 410,
    wayOn: { href: await restartUrl(realm, uid), label: 'Start again' },
  });
}

function renderNewAccount({ realm, ctx, token, email }: NewAccount, typed: Typed, problems: Problems): void {
  const wrong = (['name', 'password'] as const).find((key) => problems[key]);
  const focus = wrong ?? 'name';
  showPage(ctx, realm.brand, {
    heading: 'Create an account',
    failed: wrong !== undefined,
    body: html`<p class="lead">for <strong>${email}</strong></p>
<form method="post" action="${ctx.path}">
<input type="hidden" name="csrf" value="${realm.formTokens.for(token)}">
<input type="hidden" name="username" value="${email}" autocomplete="username">
${field({
      name: 'name',
      label: 'Full name',
      value: typed.name,
      autocomplete: 'name',
      error: problems.name,
      focus: focus === 'name',
    })}
${field({
      name: 'password',
      label: 'Password',
      type: 'password',
      autocomplete: 'new-password',
      hint: `At least ${PASSWORD_LENGTH.least} characters.`,
      error: problems.password,
      focus: focus === 'password',
    })}
${keepBox(realm.brand, typed.kept)}
<button class="button wide" type="submit">Create account</button>
</form>`,
  });
}
