// "Create an account": a name, an e-mail address, a password, and one is signed in.

import { sendVerification } from '../account/email.ts';
import { hashPassword, PASSWORD_LENGTH } from '../passwords.ts';
import { EmailTaken, normalizeEmail } from '../store/users.ts';
import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { field, keepBox, showPage } from '../web/layout.ts';
import { ACR_SINGLE_FACTOR, finishLogin } from './finish.ts';
import type { Visit } from './visit.ts';

interface SignUpForm {
  name: string;
  email: string;
  kept: boolean;
}

type Problems = Partial<Record<'name' | 'email' | 'password', string>>;

export function showSignUp(visit: Visit): void {
  renderSignUp(visit, { name: '', email: '', kept: false }, {});
}

export async function submitSignUp(visit: Visit, form: Form): Promise<void> {
  const { realm } = visit;
  const typed: SignUpForm = { name: form.text('name', 100), email: form.text('email'), kept: form.checked('keep') };
  const password = form.password('password');
  const problems: Problems = {
    name: typed.name ? undefined : 'Please tell us your name.',
    email: emailProblem(typed.email),
    password: passwordProblem(password, typed),
  };
  if (Object.values(problems).some(Boolean)) {
    renderSignUp(visit, typed, problems);
    return;
  }
  try {
    const user = realm.users.create({
      name: typed.name,
      email: typed.email,
      emailVerified: false,
      passwordHash: await hashPassword(password, realm.settings.scryptLogN),
    });
    if (realm.brand.selfService) sendVerification(realm, user);
    await finishLogin(visit, { accountId: user.id, kept: typed.kept, amr: ['pwd'], acr: ACR_SINGLE_FACTOR });
  } catch (error) {
    if (!(error instanceof EmailTaken)) throw error;
    renderSignUp(visit, typed, { email: 'There is an account with this address already. Sign in with it instead.' });
  }
}

export function emailProblem(email: string): string | undefined {
  // Only what is surely no address: whether it is one, a mail to it shows.
  return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email) ? undefined : 'Write an address like name@example.com.';
}

export function passwordProblem(password: string, { name, email }: { name: string; email: string }): string | undefined {
  const length = [...password].length;
  const { least, most } = PASSWORD_LENGTH;
  if (length < least) return `Use at least ${least} characters. A few words are easy to remember.`;
  if (length > most) return `Use at most ${most} characters.`;
  const lower = password.toLowerCase();
  if (lower === name.toLowerCase() || lower === normalizeEmail(email)) return 'Use something else than your name or address.';
  if (new Set(lower).size < 4) return 'Use more than a few different characters.';
  return undefined;
}

function renderSignUp(visit: Visit, { name, email, kept }: SignUpForm, problems: Problems): void {
  const { realm, ctx, interaction, client, csrf } = visit;
  const here = `/interaction/${interaction.uid}`;
  const wrong = (['name', 'email', 'password'] as const).find((key) => problems[key]);
  const focus = wrong ?? 'name';
  showPage(ctx, realm.brand, {
    heading: 'Create an account',
    failed: wrong !== undefined,
    body: html`<p class="lead">to continue to <strong>${client.name}</strong></p>
<form method="post" action="${here}/sign-up">
<input type="hidden" name="csrf" value="${csrf}">
${field({
      name: 'name',
      label: 'Full name',
      value: name,
      autocomplete: 'name',
      error: problems.name,
      focus: focus === 'name',
    })}
${field({
      name: 'email',
      label: 'Email',
      type: 'email',
      value: email,
      autocomplete: 'username',
      error: problems.email,
      focus: focus === 'email',
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
${keepBox(kept)}
<button class="button wide" type="submit">Create account</button>
</form>
<p class="aside">Have an account? <a href="${here}">Sign in</a></p>`,
  });
}
