// "Sign in": e-mail and password.

import type { Form } from '../web/forms.ts';
import { assetPath } from '../web/assets.ts';
import { type Html, html } from '../web/html.ts';
import { alert, field, keepBox, showPage } from '../web/layout.ts';
import { checkCredentials } from './credentials.ts';
import { ACR_SINGLE_FACTOR } from './finish.ts';
import { friendbookProblem, goToFriendbook, PROVIDER } from './friendbook.ts';
import { firstFactorDone } from './second_factor.ts';
import type { Visit } from './visit.ts';

interface LoginForm {
  email: string;
  password?: string;
  kept?: boolean;
  problem?: string | undefined;
}

export function showLogin(visit: Visit): void {
  const { realm, ctx, interaction } = visit;
  // `connection`, as Auth0 calls it, names where the shop wants the person to sign in. Who came back asks again.
  if (realm.friendbook && interaction.params['connection'] === PROVIDER && ctx.query['friendbook'] === undefined) {
    goToFriendbook(visit, false);
    return;
  }
  const demoUser = demoUsers(visit).find((user) => user.id === ctx.query['demo']);
  const hint = interaction.params['login_hint'];
  if (demoUser) renderLogin(visit, { email: demoUser.email, password: realm.brand.demoPassword });
  else renderLogin(visit, { email: typeof hint === 'string' ? hint : '', problem: friendbookProblem(visit) });
}

export async function submitLogin(visit: Visit, form: Form): Promise<void> {
  const { realm, ctx } = visit;
  const email = form.text('email');
  const kept = form.checked('keep');
  if (realm.friendbook && form.checked('friendbook')) {
    goToFriendbook(visit, kept);
    return;
  }
  const { user, problem, waitSeconds } = await checkCredentials(visit, email, form.password('password'));
  if (user) {
    await firstFactorDone(visit, { accountId: user.id, kept, amr: ['pwd'], acr: ACR_SINGLE_FACTOR });
    return;
  }
  if (waitSeconds !== undefined) ctx.set('retry-after', String(waitSeconds));
  renderLogin(visit, { email, kept, problem }, waitSeconds === undefined ? 200 : 429);
}

function friendbookButton(): Html {
  return html`<p class="or">or</p>
<button class="button quiet wide" name="friendbook" value="yes" formnovalidate>
<img src="${assetPath('friendbook.svg')}" width="24" height="24" alt="">Continue with Friendbook</button>`;
}

function demoUsers({ realm }: Visit) {
  return realm.settings.demo ? realm.brand.demoUsers : [];
}

function renderLogin(visit: Visit, { email, password, kept, problem }: LoginForm, status = 200): void {
  const { realm, ctx, interaction, client, csrf } = visit;
  const here = `/interaction/${interaction.uid}`;
  const again = interaction.prompt.reasons.some((reason) => reason === 'max_age' || reason === 'enrolment');
  showPage(
    ctx,
    realm.brand,
    {
      heading: 'Sign in',
      failed: problem !== undefined,
      body: html`<p class="lead">
${again ? 'Please confirm that it is you, then go on' : 'to continue'} to <strong>${client.name}</strong></p>
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
${keepBox(realm.brand, kept)}
<button class="button wide" type="submit">Sign in</button>
${realm.friendbook && friendbookButton()}
<button class="button quiet wide" name="cancel" value="yes" formnovalidate>Back to ${client.name}</button>
</form>
${realm.brand.selfService && html`<p class="aside"><a href="${here}/forgot-password">Forgot your password?</a></p>`}
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
