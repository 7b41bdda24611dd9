// The account pages: each change of password, e-mail or phone ends every session and tells every shop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndReason } from '../ended_sessions.ts';
import { codeAt } from '../second_factor/totp.ts';
import { type Answer, Browser } from './browser.ts';
import type { RelyingParty } from './relying_party.ts';
import { startTestProvider } from './setup.ts';
import { messagesTo, signUp } from './sign_up.ts';

const idp = await startTestProvider();
const PASSWORD = 'a long enough password';
const NEW_PASSWORD = 'an even longer password';

interface Customer {
  email: string;
  browser: Browser;
  shop: RelyingParty;
  /** The sid of this browser's session, and of one in another browser. */
  sids: string[];
}

let people = 0;
/** Somebody with an account of their own, signed in to a shop in two browsers. */
async function newCustomer(): Promise<Customer> {
  const email = `person-${++people}@example.com`;
  const shop = await idp.register();
  const browser = new Browser();
  const login = await shop.begin(browser);
  const signedUp = await signUp(browser, login, { name: 'Some Person', email, password: PASSWORD });
  const first = await shop.redeem(await browser.follow(signedUp, idp.issuer));
  const second = await shop.signIn(new Browser(), { email, fields: { password: PASSWORD } });
  return { email, browser, shop, sids: [first.claims.sid, second.claims.sid] };
}

const mailbox = (to: string) => messagesTo(idp.issuer, to);

async function openAccount(browser: Browser, path: string): Promise<Answer> {
  return browser.follow(await browser.get(`${idp.issuer}${path}`), idp.issuer);
}

async function submit(browser: Browser, page: Answer, fields: Record<string, string>): Promise<Answer> {
  const { action, fields: hidden } = page.form;
  return browser.follow(await browser.post(action, { ...hidden, ...fields }), idp.issuer);
}

async function assertSignedOutEverywhere({ browser, shop, sids }: Customer, reason: EndReason): Promise<void> {
  assert.deepEqual(new Set(shop.logoutTokens.map(({ sid }) => sid)), new Set(sids));
  assert.deepEqual(shop.logoutTokens.map((token) => token['reason']), [reason, reason], 'each token says why');
  assert.equal((await shop.begin(browser)).heading, 'Sign in');
}

test('a_new_password_ends_every_session_and_tells_every_shop', async () => {
  const customer = await newCustomer();
  const { browser, email, shop } = customer;
  const page = await openAccount(browser, '/account/password');
  const done = await submit(browser, page, { current: PASSWORD, password: NEW_PASSWORD });
  assert.equal(done.heading, 'Password changed');
  await assertSignedOutEverywhere(customer, 'password_changed');
  assert.equal((await mailbox(email))[0]!.subject, 'Your password was changed');

  const again = await shop.begin(browser);
  const refused = await shop.submit(browser, again, { email, password: PASSWORD });
  assert.match(refused.text, /do not match/);
  await shop.redeem(await shop.submit(browser, refused, { email, password: NEW_PASSWORD }));
});

test('a_wrong_current_password_or_a_weak_new_one_changes_nothing', async () => {
  const { browser, shop, email } = await newCustomer();
  const page = await openAccount(browser, '/account/password');
  const wrong = await submit(browser, page, { current: 'not the password', password: NEW_PASSWORD });
  assert.match(wrong.text, /This is not your password/);
  const weak = await submit(browser, page, { current: PASSWORD, password: 'short' });
  assert.match(weak.text, /Use at least 8 characters/);
  assert.deepEqual(shop.logoutTokens, []);
  await shop.signIn(new Browser(), { email, fields: { password: PASSWORD } });
});

test('a_new_address_counts_once_its_link_was_confirmed_and_then_ends_every_session', async () => {
  const customer = await newCustomer();
  const { browser, email, shop } = customer;
  const next = `new-${email}`;
  const sent = await submit(browser, await openAccount(browser, '/account/email'), { email: next.toUpperCase() });
  assert.equal(sent.heading, 'Look into your mailbox');
  const [mail] = await mailbox(next);
  assert.deepEqual(shop.logoutTokens, [], 'nothing ended yet');

  const question = await browser.get(mail!.link!);
  assert.deepEqual(shop.logoutTokens, [], 'looking at the link confirms nothing');
  const done = await submit(browser, question, {});
  assert.equal(done.heading, 'Email changed');
  await assertSignedOutEverywhere(customer, 'email_changed');
  assert.equal((await mailbox(email))[0]!.subject, 'The email address of your account was changed');
  assert.equal((await browser.get(mail!.link!)).status, 410);

  const { claims } = await shop.signIn(new Browser(), { email: next, fields: { password: PASSWORD } });
  assert.equal(claims['email'], next);
  assert.equal(claims['email_verified'], true);
});

test('an_address_that_somebody_has_gets_no_mail_and_the_page_does_not_tell', async () => {
  const { browser } = await newCustomer();
  const before = (await mailbox('ada@example.com')).length;
  const sent = await submit(browser, await openAccount(browser, '/account/email'), { email: 'ada@example.com' });
  assert.equal(sent.heading, 'Look into your mailbox');
  assert.equal((await mailbox('ada@example.com')).length, before);
});

test('a_new_phone_counts_once_its_code_was_typed_and_then_ends_every_session', async () => {
  const customer = await newCustomer();
  const { browser, email, shop } = customer;
  const phone = `+49301234${String(people).padStart(3, '0')}`;
  const invalid = await submit(browser, await openAccount(browser, '/account/phone'), { phone: '030 1234' });
  assert.match(invalid.text, /with its country code/);
  const page = await submit(browser, invalid, { phone: phone.replace('+49', '0049 ') });
  assert.equal(page.heading, 'Type the code');
  const [message] = await mailbox(phone);
  assert.equal(message!.kind, 'sms');
  const code = /^\d{6}/.exec(message!.text)![0];
  const wrong = await submit(browser, page, { code: code === '000000' ? '000001' : '000000' });
  assert.match(wrong.text, /wrong or too old/);
  assert.deepEqual(shop.logoutTokens, []);
  const done = await submit(browser, wrong, { code });
  assert.equal(done.heading, 'Phone changed');
  await assertSignedOutEverywhere(customer, 'phone_changed');
  const signedIn = await shop.signIn(browser, {
    email,
    extra: { scope: 'openid phone' },
    fields: { password: PASSWORD },
  });
  assert.equal(signedIn.claims['phone_number'], phone);
});

test('a_code_for_a_phone_counts_until_the_next_one_is_sent_and_five_may_be_sent', async () => {
  const { browser } = await newCustomer();
  const phone = `+49301235${String(people).padStart(3, '0')}`;
  let page = await submit(browser, await openAccount(browser, '/account/phone'), { phone });
  const [message] = await mailbox(phone);
  const first = /^\d{6}/.exec(message!.text)![0];
  for (let i = 0; i < 4; i++) {
    page = await submit(browser, await openAccount(browser, '/account/phone'), { phone });
    assert.equal(page.heading, 'Type the code');
  }
  const [last] = await mailbox(phone);
  if (!last!.text.startsWith(first)) {
    assert.match((await submit(browser, page, { code: first })).text, /wrong or too old/);
  }
  const sixth = await submit(browser, await openAccount(browser, '/account/phone'), { phone });
  assert.match(sixth.text, /Several codes were sent already/);
  const code = /^\d{6}/.exec(last!.text)![0];
  assert.equal((await submit(browser, page, { code })).heading, 'Phone changed');
});

test('a_forgotten_password_is_set_anew_by_a_mailed_link_which_ends_every_session', async () => {
  const customer = await newCustomer();
  const { email, shop } = customer;
  const elsewhere = new Browser();
  const page = await elsewhere.get(`${idp.issuer}/forgot-password`);
  assert.equal((await submit(elsewhere, page, { email })).heading, 'Look into your mailbox');
  const [mail] = await mailbox(email);
  const reset = await elsewhere.get(mail!.link!);
  assert.equal(reset.heading, 'Set a new password');
  const weak = await submit(elsewhere, reset, { password: 'short' });
  assert.match(weak.text, /Use at least 8 characters/);
  const done = await submit(elsewhere, weak, { password: NEW_PASSWORD });
  assert.equal(done.heading, 'Password changed');
  await assertSignedOutEverywhere(customer, 'password_changed');
  assert.equal((await elsewhere.get(mail!.link!)).status, 410);
  await shop.signIn(new Browser(), { email, fields: { password: NEW_PASSWORD } });
});

test('the_page_after_a_forgotten_password_reads_the_same_for_an_address_that_nobody_has', async () => {
  const { email } = await newCustomer();
  const texts = [];
  for (const address of [email, 'nobody-at-all@example.com']) {
    const browser = new Browser();
    const answer = await submit(browser, await browser.get(`${idp.issuer}/forgot-password`), { email: address });
    texts.push(answer.text.replaceAll(address, 'ADDRESS'));
  }
  assert.equal(texts[0], texts[1]);
  assert.deepEqual(await mailbox('nobody-at-all@example.com'), []);
});

test('a_mailbox_cannot_be_flooded_with_reset_links', async () => {
  const { email } = await newCustomer();
  const browser = new Browser();
  const page = await browser.get(`${idp.issuer}/forgot-password`);
  for (let i = 0; i < 8; i++) await submit(browser, page, { email });
  const resets = (await mailbox(email)).filter(({ subject }) => subject === 'Set a new password');
  assert.equal(resets.length, 5);
});

test('a_reset_link_sent_before_another_change_does_not_work_after_it', async () => {
  const { browser, email } = await newCustomer();
  const stranger = new Browser();
  await submit(stranger, await stranger.get(`${idp.issuer}/forgot-password`), { email });
  const [mail] = await mailbox(email);
  const page = await openAccount(browser, '/account/password');
  await submit(browser, page, { current: PASSWORD, password: NEW_PASSWORD });
  assert.equal((await stranger.get(mail!.link!)).status, 410);
});

test('a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page', async () => {
  const browser = new Browser();
  const login = await openAccount(browser, '/account/phone');
  assert.equal(login.heading, 'Sign in');
  const page = await submit(browser, login, { email: 'ada@example.com', password: 'demo-password' });
  assert.equal(page.heading, 'Change phone');
  const overview = await openAccount(browser, '/account');
  assert.match(overview.text, /Ada Lovelace/);
  assert.match(overview.text, /ends after 8 hours without a visit/);
  assert.doesNotMatch(overview.text, /\[object|undefined|NaN/);
  assert.match(overview.text, /only this one is signed in|\d+ are signed in/);
});

test('going_back_from_that_login_ends_on_a_page_not_in_a_circle', async () => {
  const browser = new Browser();
  const login = await openAccount(browser, '/account/phone');
  const back = await submit(browser, login, { cancel: 'yes' });
  assert.equal(back.heading, 'PeakCommerce ID');
});

test('a_login_older_than_ten_minutes_is_asked_again_before_a_change_but_not_for_the_overview', async () => {
  const { browser, email } = await newCustomer();
  idp.realm.database
    .prepare(
      `update oidc_state set payload = json_set(payload, '$.loginTs', payload ->> '$.loginTs' - 601)
       where model = 'Session' and id = ?`,
    )
    .run(browser.cookie('pcid_session')!.value);
  assert.equal((await openAccount(browser, '/account')).heading, 'Your account');
  const login = await openAccount(browser, '/account/password');
  assert.equal(login.heading, 'Sign in');
  const page = await submit(browser, login, { email, password: PASSWORD });
  assert.equal(page.heading, 'Change password');
});

test('who_has_a_second_factor_needs_it_to_change_something', async () => {
  const { browser, email, shop, sids } = await newCustomer();
  const setUp = await openAccount(browser, '/account/second-factor');
  const secret = /Enter this key: <code>([^<]+)</.exec(setUp.text)![1]!.replaceAll(' ', '');
  const codes = await submit(browser, setUp, { code: codeAt(secret, Date.now()) });
  assert.equal(codes.heading, 'Your second factor is set up');
  assert.deepEqual(
    shop.logoutTokens.map(({ sid, reason }) => ({ sid, reason })),
    [{ sid: sids[1], reason: 'second_factor_changed' }],
    'the other browser is signed out',
  );
  assert.equal((await mailbox(email))[0]!.subject, 'A second factor was added to your account');
  // The session had one factor only.
  const asked = await openAccount(browser, '/account/password');
  assert.equal(asked.heading, 'Enter your second factor');
  const page = await submit(browser, asked, { code: codeAt(secret, Date.now() + 30_000) });
  assert.equal(page.heading, 'Change password');

  const factor = await openAccount(browser, '/account/second-factor');
  assert.match(factor.text, /10 recovery codes left/);
  const elsewhere = new Browser();
  const login = await shop.submit(elsewhere, await shop.begin(elsewhere), { email, password: PASSWORD });
  const code = /<li><code>([^<]+)</.exec(codes.text)![1]!;
  const recovery = await elsewhere.get(`${login.url}?recovery`);
  const { claims } = await shop.redeem(await shop.submit(elsewhere, recovery, { 'recovery-code': code }));
  const off = await submit(browser, factor, { 'turn-off': 'yes' });
  assert.equal(off.heading, 'Your account', 'this session goes on');
  assert.equal(shop.logoutTokens.at(-1)!.sid, claims.sid);
  assert.equal((await mailbox(email))[0]!.subject, 'The second factor of your account was removed');
  await shop.signIn(new Browser(), { email, fields: { password: PASSWORD } });
});

test('signing_out_everywhere_does_so', async () => {
  const customer = await newCustomer();
  const page = await openAccount(customer.browser, '/account');
  await submit(customer.browser, page, {});
  await assertSignedOutEverywhere(customer, 'sign_out_everywhere');
});

test('a_form_of_another_session_changes_nothing', async () => {
  const victim = await newCustomer();
  const attacker = await newCustomer();
  const { csrf } = (await openAccount(attacker.browser, '/account/password')).form.fields as { csrf: string };
  const answer = await victim.browser.post(`${idp.issuer}/account/password`, {
    csrf,
    current: PASSWORD,
    password: NEW_PASSWORD,
  });
  assert.equal(answer.status, 403);
  assert.deepEqual(victim.shop.logoutTokens, []);
});

test('the_mailbox_exists_only_in_demo_and_test_mode', async () => {
  const closed = await startTestProvider({ IDP_REGISTRATION: '0', IDP_HASH_MEMORY: '1024' });
  assert.equal((await fetch(`${closed.issuer}/mailbox`)).status, 404);
  assert.equal((await fetch(`${closed.friendbook.issuer}/mailbox`)).status, 404);
});
