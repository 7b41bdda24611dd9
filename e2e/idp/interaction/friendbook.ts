// "Continue with Friendbook": out to Friendbook, back with somebody, and who that is here.

import { randomBytes } from 'node:crypto';
import { createConfirmed } from '../account/claim.ts';
import { FRESH_SECONDS } from '../policy.ts';
import type { FriendbookUser, LoginRequest } from '../social/friendbook.ts';
import { EmailTaken } from '../store/users.ts';
import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { alert, field, showPage } from '../web/layout.ts';
import { checkCredentials } from './credentials.ts';
import { ACR_SINGLE_FACTOR, type Authentication } from './finish.ts';
import { firstFactorDone } from './second_factor.ts';
import type { Visit } from './visit.ts';

export const PROVIDER = 'friendbook';

/** Also a page of its own (GET), for whoever follows a link to it. */
export function showFriendbook(visit: Visit): void {
  goToFriendbook(visit, false);
}

export function goToFriendbook(visit: Visit, kept: boolean): void {
  const { realm, ctx, interaction } = visit;
  const request: LoginRequest = {
    // Begins with the interaction, so that the fixed callback address finds it.
    state: `${interaction.uid}.${randomBytes(24).toString('base64url')}`,
    nonce: randomBytes(24).toString('base64url'),
    verifier: randomBytes(32).toString('base64url'),
    ...whatTheShopDemands(visit),
  };
  realm.notes.put(interaction.uid, 'friendbook', { ...request, kept });
  ctx.status = 303;
  ctx.redirect(realm.friendbook!.authorizationUrl(request));
}

/** A shop that wants the person to prove themselves anew means the one who proves it, which is Friendbook. */
function whatTheShopDemands({ interaction }: Visit): Pick<LoginRequest, 'prompt' | 'maxAge'> {
  const { reasons } = interaction.prompt;
  const maxAge = reasons.includes('enrolment') ? FRESH_SECONDS : interaction.params['max_age'];
  return {
    prompt: reasons.includes('login_prompt') ? 'login' : undefined,
    maxAge: maxAge === undefined ? undefined : String(maxAge),
  };
}

export async function backFromFriendbook(visit: Visit): Promise<void> {
  const { realm, ctx, interaction } = visit;
  const { state, code, iss, error } = ctx.query as Record<string, string | undefined>;
  const request = realm.notes.get(interaction.uid, 'friendbook');
  // RFC 9207: an answer of another issuer is no answer to this request. An old one leaves the current one alone.
  if (!request || state !== request.state || iss !== realm.friendbook!.issuer) {
    backToLogin(visit, 'stale');
    return;
  }
  realm.notes.take(interaction.uid, 'friendbook');
  if (error === 'login_required') {
    // Its page was left open for too long, ours was not.
    goToFriendbook(visit, request.kept);
    return;
  }
  if (error !== undefined || code === undefined) {
    backToLogin(visit, 'refused');
    return;
  }
  let friend: FriendbookUser;
  try {
    friend = await realm.friendbook!.redeem(code, request);
  } catch (problem) {
    console.error(`${realm.brand.name}: login with Friendbook failed: ${(problem as Error).message}`);
    backToLogin(visit, 'failed');
    return;
  }
  await recognize(visit, friend, request.kept);
}

const PROBLEMS = new Map([
  ['stale', 'That answer of Friendbook belongs to an earlier try. Please try again.'],
  ['refused', 'You came back from Friendbook without signing in. Try again, or use your password.'],
  ['failed', 'Friendbook cannot be reached or did not answer as it should. Try again later, or use your password.'],
  [
    'unconfirmed',
    'Friendbook does not know whether your address there is yours. Confirm it there, or create an account here.',
  ],
]);

export function friendbookProblem({ ctx }: Visit): string | undefined {
  return PROBLEMS.get(String(ctx.query['friendbook']));
}

function backToLogin({ ctx, interaction }: Visit, problem: string): void {
  ctx.status = 303;
  ctx.redirect(`/interaction/${interaction.uid}?friendbook=${problem}`);
}

/** Known by issuer and subject, or new, or somebody whose address is taken here and who has to prove that it is theirs. */
async function recognize(visit: Visit, friend: FriendbookUser, kept: boolean): Promise<void> {
  const { realm, ctx, interaction } = visit;
  const authentication = {
    kept,
    amr: ['fed'],
    acr: ACR_SINGLE_FACTOR,
    provider: PROVIDER,
    upstreamIdToken: friend.idToken,
    authTime: friend.authTime,
  };
  const known = realm.users.byIdentity(friend);
  if (known) {
    await firstFactorDone(visit, { ...authentication, accountId: known.id });
    return;
  }
  const { name, email, emailVerified, issuer, subject } = friend;
  // Anybody can write anybody's address into a form.
  if (email === undefined || !emailVerified) {
    backToLogin(visit, 'unconfirmed');
    return;
  }
  try {
    const user = await createConfirmed(realm, { name, email, passwordHash: null });
    realm.users.link(user.id, friend);
    await firstFactorDone(visit, { ...authentication, accountId: user.id });
  } catch (error) {
    if (!(error instanceof EmailTaken)) throw error;
    realm.notes.put(interaction.uid, 'link', { email, issuer, subject, authentication });
    ctx.status = 303;
    ctx.redirect(`/interaction/${interaction.uid}/link`);
  }
}

export function showLink(visit: Visit): void {
  renderLink(visit, undefined);
}

export async function submitLink(visit: Visit, form: Form): Promise<void> {
  const { realm, interaction } = visit;
  const note = realm.notes.get(interaction.uid, 'link');
  if (!note) {
    backToLogin(visit, 'stale');
    return;
  }
  const outcome = await checkCredentials(visit, note.email, form.password('password'));
  if (!outcome.user) {
    renderLink(visit, outcome.waitSeconds === undefined ? 'This is not the password of that account.' : outcome.problem);
    return;
  }
  realm.notes.take(interaction.uid, 'link');
  const { issuer, subject } = note;
  const authentication: Authentication = {
    ...note.authentication,
    accountId: outcome.user.id,
    amr: ['fed', 'pwd'],
    link: { issuer, subject },
  };
  await firstFactorDone(visit, authentication);
}

function renderLink(visit: Visit, problem: string | undefined): void {
  const { realm, ctx, interaction, csrf } = visit;
  const note = realm.notes.get(interaction.uid, 'link');
  if (!note) {
    backToLogin(visit, 'stale');
    return;
  }
  if (realm.users.byEmail(note.email)?.passwordHash === null) {
    // Who came through another account at Friendbook has no password here to prove it with; a mail can.
    showPage(ctx, realm.brand, {
      heading: 'Is this you?',
      body: html`<p>There is an account with the address <strong>${note.email}</strong> already, but it has no password.
Set one by mail, then connect your account.</p>
<p class="choices"><a class="button" href="/interaction/${interaction.uid}/forgot-password">Set a password</a>
<a class="button quiet" href="/interaction/${interaction.uid}?friendbook=back">Sign in another way</a></p>`,
    });
    return;
  }
  showPage(ctx, realm.brand, {
    heading: 'Is this you?',
    failed: problem !== undefined,
    body: html`<p>There is an account with the address <strong>${note.email}</strong> already. To connect it with
Friendbook, enter its password once. Next time, Friendbook will do.</p>
${alert(problem)}
<form method="post" action="/interaction/${interaction.uid}/link">
<input type="hidden" name="csrf" value="${csrf}">
${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', focus: true })}
<button class="button wide" type="submit">Connect and sign in</button>
</form>
<p class="aside"><a href="/interaction/${interaction.uid}?friendbook=back">Sign in another way</a></p>`,
  });
}
