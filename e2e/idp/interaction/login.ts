// "Sign in": e-mail and password.

import { hashPassword, verifyPassword } from '../passwords.ts';
import { normalizeEmail, type User } from '../store/users.ts';
import { Throttle } from '../throttle.ts';
import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { alert, field, showPage } from '../web/layout.ts';
import { ACR_SINGLE_FACTOR, finishLogin } from './finish.ts';
import type { Visit } from './routes.ts';

interface LoginForm {
  email: string;
  password?: string;
  kept?: boolean;
  problem?: string;
}

const guesses = new Throttle();

export function showLogin(visit: Visit): void {
  const { realm, ctx, interaction } = visit;
  const demoUser = demoUsers(visit).find((user) => user.id === ctx.query['demo']);
  const hint = interaction.params['login_hint'];
  if (demoUser) renderLogin(visit, { email: demoUser.email, password: realm.brand.demoPassword });
  else renderLogin(visit, { email: typeof hint === 'string' ? hint : '' });
}

export async function submitLogin(visit: Visit, form: Form): Promise<void> {
  const { realm, ctx } = visit;
  const email = normalizeEmail(form.text('email'));
  const kept = form.checked('keep');
  const now = Date.now();
  // By sender too, so that nobody can slow down somebody else's login.
  const guesser = `${ctx.ip} ${email}`;
  const wait = guesses.waitFor(guesser, now);
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    ctx.set('retry-after', String(seconds));
    renderLogin(visit, { email, kept, problem: `Too many tries. Please wait ${seconds} s, then try again.` }, 429);
    return;
  }
  const user = await checkPassword(realm.settings.scryptLogN, realm.users.byEmail(email), form.password('password'));
  if (!user) {
    guesses.failed(guesser, now);
    const problem = 'Email and password do not match. Please check both and try again.';
    renderLogin(visit, { email, kept, problem });
    return;
  }
  guesses.succeeded(guesser);
  await finishLogin(visit, { accountId: user.id, kept, amr: ['pwd'], acr: ACR_SINGLE_FACTOR });
}

/** Takes as long for an address that nobody has as for a wrong password, so that the answer tells neither. */
async function checkPassword(logN: number, user: User | undefined, password: string): Promise<User | undefined> {
  const hash = user?.passwordHash ?? (await unmatchableHash(logN));
  return (await verifyPassword(password, hash)) ? user : undefined;
}

const unmatchableHashes = new Map<number, Promise<string>>();

function unmatchableHash(logN: number): Promise<string> {
  let hash = unmatchableHashes.get(logN);
  if (!hash) unmatchableHashes.set(logN, (hash = hashPassword(crypto.randomUUID(), logN)));
  return hash;
}

function demoUsers({ realm }: Visit) {
  return realm.settings.demo ? realm.brand.demoUsers : [];
}

function renderLogin(visit: Visit, { email, password, kept, problem }: LoginForm, status = 200): void {
  const { realm, ctx, interaction, client, csrf } = visit;
  const here = `/interaction/${interaction.uid}`;
  const again = interaction.prompt.reasons.includes('max_age');
  showPage(
    ctx,
    realm.brand,
    {
      heading: 'Sign in',
      failed: problem !== undefined,
      body: html`<p class="lead">${again ? 'Please confirm that it is you, then go on' : 'to continue'} to <strong>${client.name}</strong></p>
${alert(problem)}
<form method="post" action="${here}">
<input type="hidden" name="csrf" value="${csrf}">
${field({ name: 'email', label: 'Email', type: 'email', value: email, autocomplete: 'username', focus: !email })}
${field({
  name: 'password',
  label: 'Password',
  type: 'password',
  value: password,
  autocomplete: 'current-password',
  focus: Boolean(email && !password),
})}
<div class="check"><input id="keep" name="keep" type="checkbox" value="yes"${kept && html` checked`}><label for="keep">Keep me signed in</label></div>
<button class="button wide" type="submit">Sign in</button>
<button class="button quiet wide" name="cancel" value="yes" formnovalidate>Back to ${client.name}</button>
</form>
<p class="aside">New here? <a href="${here}/sign-up">Create an account</a></p>
${demoUsers(visit).length > 0 && html`<section class="demo" aria-labelledby="demo-heading">
<h2 id="demo-heading">Demo accounts</h2>
<p>Password of each: <code>${realm.brand.demoPassword}</code></p>
<ul>${demoUsers(visit).map(
        (user) => html`<li><a href="${here}?demo=${user.id}">${user.email}</a> <span>${user.about}</span></li>`,
      )}</ul>
</section>`}`,
    },
    status,
  );
}
