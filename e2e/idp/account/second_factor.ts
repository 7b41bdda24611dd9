// Setting up the second factor without being asked, new recovery codes, and turning it off.

import { codeField, recoveryCodeList, secretToScan } from '../second_factor/pages.ts';
import { Throttle } from '../throttle.ts';
import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { showPage } from '../web/layout.ts';
import { secondFactorChanged } from './changes.ts';
import type { AccountVisit } from './routes.ts';

const PATH = '/account/second-factor';
const guesses = new Throttle();

export function showSecondFactor(visit: AccountVisit): void {
  if (visit.realm.secondFactors.enrolled(visit.user.id)) renderEnrolled(visit);
  else renderEnrolment(visit, undefined);
}

export async function submitSecondFactor(visit: AccountVisit, form: Form): Promise<void> {
  const { realm, ctx, session, user } = visit;
  const { secondFactors } = realm;
  if (!secondFactors.enrolled(user.id)) {
    await submitEnrolment(visit, form);
  } else if (form.checked('new-codes')) {
    const codes = secondFactors.replaceRecoveryCodes(user.id);
    await secondFactorChanged(realm, user, 'The recovery codes of your account are new', session.uid);
    showRecoveryCodes(visit, 'New recovery codes', codes);
  } else {
    if (form.checked('turn-off')) {
      secondFactors.remove(user.id);
      await secondFactorChanged(realm, user, 'The second factor of your account was removed', session.uid);
    }
    ctx.status = 303;
    ctx.redirect('/account');
  }
}

async function submitEnrolment(visit: AccountVisit, form: Form): Promise<void> {
  const { realm, session, user } = visit;
  const now = Date.now();
  const refusal = guesses.refusal(user.id, now);
  if (refusal) {
    renderEnrolment(visit, refusal.problem);
    return;
  }
  const codes = realm.secondFactors.confirm(user.id, session.uid, form.text('code', 20), now);
  if (codes) {
    await secondFactorChanged(realm, user, 'A second factor was added to your account', session.uid);
    showRecoveryCodes(visit, 'Your second factor is set up', codes);
    return;
  }
  guesses.failed(user.id, now);
  renderEnrolment(visit, 'This code is wrong. Codes change every 30 seconds: try the newest one.');
}

function showRecoveryCodes({ realm, ctx }: AccountVisit, heading: string, codes: string[]): void {
  showPage(ctx, realm.brand, {
    heading,
    body: html`${recoveryCodeList(codes)}
<p><a class="button" href="/account">I have kept them, continue</a></p>`,
  });
}

function renderEnrolment({ realm, ctx, session, user, csrf }: AccountVisit, problem: string | undefined): void {
  const secret = realm.secondFactors.secretToConfirm(user.id, session.uid);
  showPage(ctx, realm.brand, {
    heading: 'Set up a second factor',
    failed: problem !== undefined,
    body: html`${secret !== undefined && secretToScan(realm, user, secret)}
<form method="post" action="${PATH}">
<input type="hidden" name="csrf" value="${csrf}">
${codeField(problem)}
<button class="button wide" type="submit">Verify</button>
</form>
<p class="aside"><a href="/account">Back to your account</a></p>`,
  });
}

function renderEnrolled({ realm, ctx, user, csrf }: AccountVisit): void {
  const left = realm.secondFactors.recoveryCodesLeft(user.id);
  showPage(ctx, realm.brand, {
    heading: 'Second factor',
    body: html`<p>You use an authenticator app. ${left} recovery code${left !== 1 && 's'} left.</p>
<form method="post" action="${PATH}" class="choices">
<input type="hidden" name="csrf" value="${csrf}">
<button class="button" name="new-codes" value="yes">New recovery codes</button>
<button class="button quiet" name="turn-off" value="yes">Turn off</button>
</form>
<p class="aside"><a href="/account">Back to your account</a></p>`,
  });
}
