// The second factor in a login: asked of who has one, and set up by who needs one because the shop demands it.

import { secondFactorChanged, tellOfWrongCodes } from '../account/changes.ts';
import { type CodeGuess, senderOf } from '../guesses.ts';
import { isKnownDevice, rememberDevice } from '../known_device.ts';
import { codeField, demoCode, recoveryCodeList, secretToScan } from '../second_factor/pages.ts';
import { FRESH_SECONDS } from '../policy.ts';
import { epochSeconds } from '../store/database.ts';
import type { User } from '../store/users.ts';
import { Throttle } from '../throttle.ts';
import type { Form } from '../web/forms.ts';
import { type Html, html } from '../web/html.ts';
import { field, showPage } from '../web/layout.ts';
import { ACR_MULTI_FACTOR, type Authentication, finishLogin } from './finish.ts';
import { leave, type Visit } from './visit.ts';

/** How long after the first factor the second one may come, in seconds. */
const PATIENCE_SECONDS = 10 * 60;

const enrolments = new Throttle();

/** After the first factor: on to the second one, or done. */
export async function firstFactorDone(visit: Visit, authentication: Authentication): Promise<void> {
  const { realm, interaction } = visit;
  if (!realm.secondFactors.enrolled(authentication.accountId)) {
    await finishLogin(visit, authentication);
    return;
  }
  realm.notes.put(interaction.uid, 'first-factor', { authentication, at: epochSeconds() });
  redirect(visit, pathOf(visit));
}

export async function showSecondFactor(visit: Visit): Promise<void> {
  const person = await whoIsAsked(visit);
  if (!person) startOver(visit);
  else if (visit.realm.secondFactors.enrolled(person.user.id)) renderCode(visit, person, undefined);
  else await renderEnrolment(visit, person, undefined);
}

export async function submitSecondFactor(visit: Visit, form: Form): Promise<void> {
  const { realm, ctx } = visit;
  const person = await whoIsAsked(visit);
  if (!person) {
    startOver(visit);
    return;
  }
  const { id } = person.user;
  const now = Date.now();
  if (!realm.secondFactors.enrolled(id)) {
    await submitEnrolment(visit, person, form, now);
    return;
  }
  const known = isKnownDevice(realm, ctx, person.user);
  const guess: CodeGuess = { sender: senderOf(ctx.ip), accountId: id, known };
  const refusal = realm.codeGuesses.begin(guess, now);
  if (refusal) {
    ctx.set('retry-after', String(refusal.waitSeconds));
    renderCode(visit, person, refusal.problem, 429);
    return;
  }
  const accepted = form.checked('recovery-code')
    ? realm.secondFactors.acceptRecoveryCode(id, form.text('recovery-code', 40))
    : realm.secondFactors.acceptCode(id, form.text('code', 20), now);
  if (!accepted) {
    if (realm.codeGuesses.failed(guess, now)) tellOfWrongCodes(realm, person.user);
    const what = form.checked('recovery-code') ? 'recovery code' : 'code';
    renderCode(visit, person, `This ${what} is wrong or was used already.`);
    return;
  }
  realm.codeGuesses.succeeded(guess, now);
  await bothFactorsDone(visit, person);
}

async function submitEnrolment(visit: Visit, person: Person, form: Form, now: number): Promise<void> {
  const { realm, ctx, interaction, csrf } = visit;
  const refusal = enrolments.refusal(person.user.id, now);
  if (refusal) {
    ctx.set('retry-after', String(refusal.waitSeconds));
    await renderEnrolment(visit, person, refusal.problem, 429);
    return;
  }
  const { uid } = await realm.provider.Session.get(ctx);
  const codes = realm.secondFactors.confirm(person.user.id, uid, form.text('code', 20), now);
  if (!codes) {
    enrolments.failed(person.user.id, now);
    await renderEnrolment(visit, person, 'This code is wrong. Codes change every 30 seconds: try the newest one.');
    return;
  }
  await secondFactorChanged(realm, person.user, 'A second factor was added to your account', uid);
  realm.notes.put(interaction.uid, 'enrolled', { accountId: person.user.id });
  showPage(ctx, realm.brand, {
    heading: 'Your second factor is set up',
    body: html`${recoveryCodeList(codes)}
<form method="post" action="/interaction/${interaction.uid}/enrolled">
<input type="hidden" name="csrf" value="${csrf}">
<button class="button wide" type="submit">I have kept them, continue</button>
</form>`,
  });
}

/** The code that enrolled somebody proved the second factor already; it only remained to show the recovery codes. */
export async function submitEnrolled(visit: Visit): Promise<void> {
  const { realm, interaction } = visit;
  const person = await whoIsAsked(visit);
  const enrolled = realm.notes.take(interaction.uid, 'enrolled');
  if (!person || enrolled?.accountId !== person.user.id) startOver(visit);
  else await bothFactorsDone(visit, person);
}

/** The page with the recovery codes, loaded again: they are gone, and the code is asked. */
export function showEnrolled(visit: Visit): void {
  redirect(visit, pathOf(visit));
}

interface Person {
  user: User;
  /** The factors so far. */
  authentication: Authentication;
}

/** Who gave the first factor: just now in this login, or earlier in the session that the shop wants more of. */
async function whoIsAsked(visit: Visit): Promise<Person | undefined> {
  const { realm, ctx, interaction } = visit;
  const authentication = interaction.prompt.name === 'mfa' ? await ofSession() : ofThisLogin();
  const user = authentication && realm.users.byId(authentication.accountId);
  return user && { user, authentication };

  function ofThisLogin(): Authentication | undefined {
    const note = realm.notes.get(interaction.uid, 'first-factor');
    return note && epochSeconds() - note.at < PATIENCE_SECONDS ? note.authentication : undefined;
  }

  async function ofSession(): Promise<Authentication | undefined> {
    const session = await realm.provider.Session.get(ctx);
    const signIn = session.accountId === undefined ? undefined : realm.sessions.signInOf(session.uid);
    if (!signIn || signIn.accountId !== interaction.session?.accountId) return undefined;
    // The page may have been open for long; the policy asked when it began.
    if (!realm.secondFactors.enrolled(signIn.accountId) && session.past(FRESH_SECONDS)) return undefined;
    const { accountId, kept, provider, upstreamIdToken } = signIn;
    const { amr = [], acr = '', loginTs: authTime } = session;
    return { accountId, kept, provider, upstreamIdToken, amr, acr, authTime };
  }
}

async function bothFactorsDone(visit: Visit, { user, authentication }: Person): Promise<void> {
  if (authentication.amr.includes('pwd')) rememberDevice(visit.realm, visit.ctx, user, true);
  visit.realm.notes.take(visit.interaction.uid, 'first-factor');
  const amr = [...new Set([...authentication.amr, 'otp', 'mfa'])];
  // `auth_time` stays that of the first factor: a code alone makes no old login a fresh one.
  await finishLogin(visit, { ...authentication, amr, acr: ACR_MULTI_FACTOR });
}

function pathOf({ interaction }: Visit): string {
  const here = `/interaction/${interaction.uid}`;
  return interaction.prompt.name === 'mfa' ? here : `${here}/second-factor`;
}

/** Nobody is known here (any more): the login page, or where the shop wants more of a session, what became of that. */
function startOver(visit: Visit): void {
  if (visit.interaction.prompt.name === 'mfa') leave(visit);
  else redirect(visit, `/interaction/${visit.interaction.uid}`);
}

function redirect({ ctx }: Visit, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

function renderCode(visit: Visit, { user }: Person, problem: string | undefined, status = 200): void {
  const { realm, ctx } = visit;
  const path = pathOf(visit);
  const recovery = 'recovery' in ctx.query;
  const other = recovery
    ? html`<a href="${path}">Use your authenticator app</a>`
    : html`<a href="${path}?recovery">Use a recovery code</a>`;
  const input = recovery
    ? field({ name: 'recovery-code', label: 'Recovery code', autocomplete: 'off', error: problem, focus: true })
    : codeField(problem);
  renderForm(visit, `${path}${recovery ? '?recovery' : ''}`, status, {
    heading: 'Enter your second factor',
    failed: problem !== undefined,
    before: html`<p class="lead">for ${user.email}</p>`,
    input,
    button: 'Verify',
    after: html`<p class="aside">No phone at hand? ${other}</p>${demoCode(realm, user)}`,
  });
}

async function renderEnrolment(
  visit: Visit,
  { user }: Person,
  problem: string | undefined,
  status = 200,
): Promise<void> {
  const { realm, ctx, client } = visit;
  const { uid } = await realm.provider.Session.get(ctx);
  const secret = realm.secondFactors.secretToConfirm(user.id, uid);
  renderForm(visit, pathOf(visit), status, {
    heading: 'Set up a second factor',
    failed: problem !== undefined,
    before: html`<p>${client.name} asks for more than a password here.</p>
${secret !== undefined && secretToScan(realm, user, secret)}`,
    input: codeField(problem),
    button: 'Verify',
    after: undefined,
  });
}

interface FormPage {
  heading: string;
  failed: boolean;
  before: Html;
  input: Html;
  button: string;
  after: Html | undefined;
}

function renderForm({ realm, ctx, client, csrf }: Visit, action: string, status: number, page: FormPage): void {
  const { heading, failed, before, input, button, after } = page;
  const body = html`${before}
<form method="post" action="${action}">
<input type="hidden" name="csrf" value="${csrf}">
${input}
<button class="button wide" type="submit">${button}</button>
<button class="button quiet wide" name="cancel" value="yes" formnovalidate>Back to ${client.name}</button>
</form>
${after}`;
  showPage(ctx, realm.brand, { heading, failed, body }, status);
}
