// The second factor: TOTP as RFC 6238 has it, asked of who has one and where a shop demands it, and remembered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeAt, encodeBase32, otpauthUri, stepOfCode } from '../second_factor/totp.ts';
import { type Answer, Browser } from './browser.ts';
import { callbackParams } from './relying_party.ts';
import { startTestProvider } from './setup.ts';
import { signUp } from './sign_up.ts';

const MFA = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';
const SINGLE = 'urn:peakcommerce:acr:single-factor';
const GRACE = { email: 'grace@example.com', password: 'demo-password' };
const GRACE_SECRET = 'PEAKDEMOPEAKDEMOPEAKDEMOPEAKDEMO';

const idp = await startTestProvider({ IDP_DEMO: '1' });
const shop = await idp.register();

/** A code that was not used yet: each test may be the next one in the same thirty seconds. */
function freshCode(accountId: string, secret: string): string {
  idp.realm.database.prepare('update second_factor set last_step = 0 where account_id = ?').run(accountId);
  return codeAt(secret, Date.now());
}

async function toSecondFactor(browser: Browser): Promise<Answer> {
  const page = await shop.submit(browser, await shop.begin(browser), GRACE);
  assert.equal(page.heading, 'Enter your second factor');
  return page;
}

let people = 0;
async function newPerson(browser: Browser, extra: Record<string, string> = {}): Promise<Answer> {
  const page = await shop.begin(browser, extra);
  const email = `person-${++people}@example.com`;
  const signedUp = await signUp(browser, page, { name: 'Some Person', email, password: 'a long enough password' });
  return browser.follow(signedUp, ...shop.issuers);
}

function shownSecret(page: Answer): string {
  return /Enter this key: <code>([^<]+)</.exec(page.text)![1]!.replaceAll(' ', '');
}

test('codes_are_those_of_rfc_6238_appendix_b', () => {
  const secret = encodeBase32(Buffer.from('12345678901234567890'));
  assert.equal(secret, 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const table: [seconds: number, code: string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ];
  for (const [seconds, code] of table) assert.equal(codeAt(secret, seconds * 1000), code);
});

test('a_code_counts_one_step_early_or_late_and_never_twice', () => {
  const now = 1_700_000_000_000;
  const step = Math.floor(now / 30_000);
  for (const [shift, counts] of [[-2, false], [-1, true], [0, true], [1, true], [2, false]] as const) {
    const code = codeAt(GRACE_SECRET, now + shift * 30_000);
    assert.equal(stepOfCode(GRACE_SECRET, code, now, 0), counts ? step + shift : undefined);
  }
  assert.equal(stepOfCode(GRACE_SECRET, codeAt(GRACE_SECRET, now), now, step), undefined);
});

test('the_qr_code_says_whose_key_it_is', () => {
  assert.equal(
    otpauthUri('PeakCommerce ID', 'a+b@example.com', 'ABC'),
    'otpauth://totp/PeakCommerce%20ID:a%2Bb%40example.com?secret=ABC&issuer=PeakCommerce%20ID',
  );
});

test('who_has_a_second_factor_is_asked_for_it_and_the_id_token_says_so', async () => {
  const browser = new Browser();
  const page = await toSecondFactor(browser);
  const session = await idp.realm.provider.Session.find(browser.cookie('pcid_session')!.value);
  assert.equal(session?.accountId, undefined, 'nobody is signed in yet');
  const { claims } = await shop.redeem(await shop.submit(browser, page, { code: freshCode('grace', GRACE_SECRET) }));
  assert.equal(claims.sub, 'grace');
  assert.equal(claims.acr, MFA);
  assert.deepEqual(claims.amr, ['pwd', 'otp', 'mfa']);
});

test('the_session_remembers_it_so_that_nothing_is_asked_on_the_next_visit', async () => {
  const browser = new Browser();
  await shop.redeem(
    await shop.submit(browser, await toSecondFactor(browser), { code: freshCode('grace', GRACE_SECRET) }),
  );
  const other = await idp.register();
  const { claims } = await other.redeem(await other.begin(browser, { acr_values: MFA }));
  assert.equal(claims.acr, MFA);
});

test('demo_mode_shows_the_code_of_the_demo_account_and_of_nobody_else', async () => {
  const browser = new Browser();
  const page = await toSecondFactor(browser);
  assert.match(page.text, /data-demo-code>\d{6}</);
  const own = new Browser();
  const enrolment = await newPerson(own, { acr_values: MFA });
  assert.doesNotMatch(enrolment.text, /data-demo-code/);
});

test('a_wrong_code_is_refused_and_guessing_has_to_wait', async () => {
  const browser = new Browser();
  const setUp = await newPerson(browser, { acr_values: MFA });
  const secret = shownSecret(setUp);
  const codes = await shop.submit(browser, setUp, { code: codeAt(secret, Date.now()) });
  let { idToken } = await shop.redeem(await shop.submit(browser, codes, {}));
  await browser.get(`${idp.issuer}/session/end?${new URLSearchParams({ id_token_hint: idToken })}`);

  const email = `person-${people}@example.com`;
  const login = await shop.begin(browser);
  let page = await shop.submit(browser, login, { email, password: 'a long enough password' });
  for (let tries = 0; tries < 5; tries++) {
    page = await shop.submit(browser, page, { code: 'abcdef' });
    assert.equal(page.status, 200);
    assert.match(page.text, /This code is wrong or was used already/);
  }
  page = await shop.submit(browser, page, { code: codeAt(secret, Date.now() + 30_000) });
  assert.equal(page.status, 429);
});

test('a_code_is_taken_once_also_by_another_browser', async () => {
  const code = freshCode('grace', GRACE_SECRET);
  const first = new Browser();
  await shop.redeem(await shop.submit(first, await toSecondFactor(first), { code }));
  const second = new Browser();
  const refused = await shop.submit(second, await toSecondFactor(second), { code });
  assert.match(refused.text, /wrong or was used already/);
});

test('the_second_factor_cannot_be_reached_without_the_first', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  const skipped = await browser.get(`${page.url}/second-factor`);
  assert.equal(skipped.location, page.url);
  const { fields } = page.form;
  const posted = await browser.post(`${page.url}/second-factor`, {
    ...fields,
    code: freshCode('grace', GRACE_SECRET),
  });
  assert.equal(posted.location, page.url);
  const enrolled = await browser.post(`${page.url}/enrolled`, fields);
  assert.equal(enrolled.location, page.url);
});

test('acr_values_sets_up_a_second_factor_for_who_has_none_and_recovery_codes_work_once', async () => {
  const browser = new Browser();
  const setUp = await newPerson(browser, { acr_values: MFA });
  assert.equal(setUp.heading, 'Set up a second factor');
  assert.match(setUp.text, /<svg class="qr" role="img" aria-label="QR code/);
  const wrong = await shop.submit(browser, setUp, { code: '000000' });
  assert.match(wrong.text, /This code is wrong/);
  const shown = await shop.submit(browser, wrong, { code: codeAt(shownSecret(setUp), Date.now()) });
  assert.equal(shown.heading, 'Your second factor is set up');
  const recovery = [...shown.text.matchAll(/<li><code>([a-z2-7]{5}-[a-z2-7]{5})</g)].map(([, code]) => code!);
  assert.equal(new Set(recovery).size, 10);
  const { claims } = await shop.redeem(await shop.submit(browser, shown, {}));
  assert.equal(claims.acr, MFA);

  const email = `person-${people}@example.com`;
  const typed = [recovery[0]!.toUpperCase().replace('-', ' '), recovery[0]!, recovery[1]!];
  const accepted = [true, false, true];
  for (const [i, code] of typed.entries()) {
    const elsewhere = new Browser();
    const login = await shop.begin(elsewhere);
    const second = await shop.submit(elsewhere, login, { email, password: 'a long enough password' });
    const page = await elsewhere.get(`${second.url}?recovery`);
    const end = await shop.submit(elsewhere, page, { 'recovery-code': code });
    if (accepted[i]) assert.equal((await shop.redeem(end)).claims.acr, MFA);
    else assert.match(end.text, /recovery code is wrong or was used/);
  }
});

test('a_session_with_one_factor_is_asked_only_for_the_second_and_keeps_its_sid', async () => {
  const browser = new Browser();
  const first = await shop.redeem(await newPerson(browser));
  assert.equal(first.claims.acr, SINGLE);
  const setUp = await shop.begin(browser, { acr_values: MFA });
  assert.equal(setUp.heading, 'Set up a second factor');
  const shown = await shop.submit(browser, setUp, { code: codeAt(shownSecret(setUp), Date.now()) });
  const second = await shop.redeem(await shop.submit(browser, shown, {}));
  assert.equal(second.claims.acr, MFA);
  assert.deepEqual(second.claims.amr, ['pwd', 'otp', 'mfa']);
  assert.equal(second.claims.sid, first.claims.sid);
});

/** As if the session's login were so many seconds older. */
function ageLogin(browser: Browser, seconds: number): void {
  idp.realm.database
    .prepare(
      `update oidc_state set payload = json_set(payload, '$.loginTs', payload ->> '$.loginTs' - ?)
       where model = 'Session' and id = ?`,
    )
    .run(seconds, browser.cookie('pcid_session')!.value);
}

test('who_only_holds_an_old_session_cannot_set_up_a_second_factor_in_it', async () => {
  const browser = new Browser();
  const first = await shop.redeem(await newPerson(browser));
  ageLogin(browser, 601);
  const login = await shop.begin(browser, { acr_values: MFA });
  assert.equal(login.heading, 'Sign in');
  assert.match(login.text, /Please confirm that it is you/);
  const person = { email: `person-${people}@example.com`, password: 'a long enough password' };
  const setUp = await shop.submit(browser, login, person);
  assert.equal(setUp.heading, 'Set up a second factor');
  const shown = await shop.submit(browser, setUp, { code: codeAt(shownSecret(setUp), Date.now()) });
  const { claims } = await shop.redeem(await shop.submit(browser, shown, {}));
  assert.equal(claims.acr, MFA);
  assert.equal(claims.sid, first.claims.sid);
});

test('nor_in_one_that_grew_old_while_the_page_was_open', async () => {
  const browser = new Browser();
  await shop.redeem(await newPerson(browser));
  const setUp = await shop.begin(browser, { acr_values: MFA });
  assert.equal(setUp.heading, 'Set up a second factor');
  ageLogin(browser, 601);
  const login = await shop.submit(browser, setUp, { code: codeAt(shownSecret(setUp), Date.now()) });
  assert.equal(login.heading, 'Sign in');
  const id = idp.realm.users.byEmail(`person-${people}@example.com`)!.id;
  assert.equal(idp.realm.secondFactors.enrolled(id), false);
});

test('through_friendbook_too_and_friendbook_asks_again', async () => {
  const browser = new Browser();
  const linus = { email: 'linus@example.com', password: 'demo-password' };
  const page = await shop.begin(browser, { connection: 'friendbook' });
  await shop.redeem(await shop.submit(browser, page, linus));
  ageLogin(browser, 601);
  idp.friendbook.realm.database.exec(
    `update oidc_state set payload = json_set(payload, '$.loginTs', payload ->> '$.loginTs' - 601)
     where model = 'Session'`,
  );
  const login = await shop.begin(browser, { acr_values: MFA });
  const friendbook = await shop.submit(browser, login, { friendbook: 'yes' });
  assert.ok(friendbook.url.startsWith(idp.friendbook.issuer));
  assert.equal(friendbook.heading, 'Sign in');
  assert.equal((await shop.submit(browser, friendbook, linus)).heading, 'Set up a second factor');
});

test('a_code_makes_no_old_login_a_fresh_one', async () => {
  const browser = new Browser();
  await shop.redeem(await newPerson(browser));
  const id = idp.realm.users.byEmail(`person-${people}@example.com`)!.id;
  idp.realm.secondFactors.enrolWith(id, GRACE_SECRET);
  ageLogin(browser, 601);
  const asked = await shop.begin(browser, { acr_values: MFA });
  assert.equal(asked.heading, 'Enter your second factor');
  const { claims } = await shop.redeem(await shop.submit(browser, asked, { code: codeAt(GRACE_SECRET, Date.now()) }));
  assert.equal(claims.acr, MFA);
  assert.ok(claims.auth_time <= Date.now() / 1000 - 600);
  const change = await browser.follow(await browser.get(`${idp.issuer}/account/email`), idp.issuer);
  assert.equal(change.heading, 'Sign in');
});

test('a_secret_seen_in_one_session_is_not_the_one_that_another_session_sets_up', async () => {
  const browser = new Browser();
  await shop.redeem(await newPerson(browser));
  const open = async (who: Browser) =>
    shownSecret(await who.follow(await who.get(`${idp.issuer}/account/second-factor`), idp.issuer));
  const seen = await open(browser);
  assert.equal(await open(browser), seen);
  const elsewhere = new Browser();
  const email = `person-${people}@example.com`;
  await shop.signIn(elsewhere, { email, fields: { password: 'a long enough password' } });
  assert.notEqual(await open(elsewhere), seen);
});

test('a_silent_check_that_demands_more_than_the_session_has_answers_interaction_required', async () => {
  const browser = new Browser();
  await shop.redeem(await newPerson(browser));
  const params = callbackParams(await shop.begin(browser, { acr_values: MFA, prompt: 'none' }), shop.url);
  assert.equal(params.get('error'), 'interaction_required');
});

test('a_demand_by_the_claims_parameter_counts_and_one_that_names_less_or_something_unknown_does_not', async () => {
  const browser = new Browser();
  await shop.redeem(await newPerson(browser));
  for (const acr of [SINGLE, 'urn:unheard:of', `${SINGLE} ${MFA}`]) {
    await shop.redeem(await shop.begin(browser, { acr_values: acr }));
  }
  const claims = JSON.stringify({ id_token: { acr: { essential: true, value: MFA } } });
  assert.equal((await shop.begin(browser, { claims })).heading, 'Set up a second factor');
});

test('going_back_from_the_second_factor_tells_the_client_access_denied', async () => {
  const browser = new Browser();
  const end = await shop.submit(browser, await toSecondFactor(browser), { cancel: 'yes' });
  assert.equal(callbackParams(end, shop.url).get('error'), 'access_denied');
});
