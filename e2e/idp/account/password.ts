// A new password on the account page. For who forgot the old one: forgotten_password.ts.

import { checkCredentials, hashChosen } from '../interaction/credentials.ts';
import { rememberDevice } from '../known_device.ts';
import { PASSWORD_LENGTH, passwordProblem } from '../password_rules.ts';
import type { Form } from '../web/forms.ts';
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

export function newPasswordField(error: string | undefined): Html {
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
