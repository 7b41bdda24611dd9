// An address belongs to who reads its mail: whoever only names it has no claim to it, and leaves nothing behind in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeAt } from '../second_factor/totp.ts';
import { type Answer, Browser } from './browser.ts';
import { callbackParams, type RelyingParty } from './relying_party.ts';
import { startTestProvider } from './setup.ts';
import { askForAccount, messagesTo, type NewPerson, signUp } from './sign_up.ts';

const idp = await startTestProvider();
const PASSWORD = 'a long enough password';
const OWNER = { name: 'The Owner', password: 'words of the owner alone' };
const { database, users, secondFactors } = idp.realm;

async function signUpAt(shop: RelyingParty, browser: Browser, person: NewPerson): Promise<Answer> {
  return browser.follow(await signUp(browser, await shop.begin(browser), person), ...shop.issuers);
}

interface Squatter {
  sub: string;
  sid: string;
  shop: RelyingParty;
  browser: Browser;
}

/** A stranger's account from when an address was believed at once, with everything that could let them in again. */
async function squat(email: string): Promise<Squatter> {
  const shop = await idp.register();
  const browser = new Browser();
  const person = { name: 'A Stranger', email, password: PASSWORD };
  const { claims } = await shop.redeem(await signUpAt(shop, browser, person));
  const sub = claims.sub!;
  users.link(sub, { issuer: idp.friendbook.issuer, subject: `stranger-of-${email}` });
  users.setPhone(sub, '+4930123456');
  secondFactors.enrolWith(sub, 'PEAKDEMOPEAKDEMOPEAKDEMOPEAKDEMO');
  database.prepare('update user set email_verified = 0 where id = ?').run(sub);
  return { sub, sid: claims.sid, shop, browser };
}

async function assertNothingIsLeft({ sub, sid, shop, browser }: Squatter, email: string): Promise<void> {
  const owner = users.byEmail(email)!;
  assert.notEqual(owner.id, sub);
  assert.equal(owner.emailVerified, true);
  assert.notEqual(owner.name, 'A Stranger');
  assert.equal(owner.phone, undefined);
  assert.equal(users.byId(sub), undefined);
  assert.equal(users.byIdentity({ issuer: idp.friendbook.issuer, subject: `stranger-of-${email}` }), undefined);
  assert.equal(secondFactors.enrolled(owner.id) || secondFactors.enrolled(sub), false);
  assert.deepEqual(shop.logoutTokens.map((token) => token['sid']), [sid]);
  const login = await shop.begin(browser);
  assert.equal(login.heading, 'Sign in');
  assert.match((await shop.submit(browser, login, { email, password: PASSWORD })).text, /do not match/);
}

test('the_owner_of_an_address_signs_up_over_an_account_that_never_proved_it_and_finds_nothing_of_it', async () => {
  const email = 'owner-1@example.com';
  const squatter = await squat(email);
  const { claims } = await squatter.shop.redeem(await signUpAt(squatter.shop, new Browser(), { ...OWNER, email }));
  assert.notEqual(claims.sub, squatter.sub);
  assert.equal(claims['name'], OWNER.name);
  assert.deepEqual(claims.amr, ['pwd']);
  await assertNothingIsLeft(squatter, email);
});

test('a_forgotten_password_of_an_account_that_never_proved_its_address_begins_a_new_one', async () => {
  const email = 'owner-2@example.com';
  const squatter = await squat(email);
  const owner = new Browser();
  const page = await owner.get(`${idp.issuer}/forgot-password`);
  await owner.post(page.form.action, { ...page.form.fields, email });
  const [mail] = await messagesTo(idp.issuer, email);
  const { action, fields } = (await owner.get(mail!.link!)).form;
  const done = await owner.post(action, { ...fields, ...OWNER });
  assert.equal(done.heading, 'Your account is ready');
  await assertNothingIsLeft(squatter, email);
  await squatter.shop.signIn(owner, { email, fields: { password: OWNER.password } });
});

test('a_reset_link_from_before_does_not_open_such_an_account', async () => {
  const email = 'owner-3@example.com';
  const { sub } = await squat(email);
  const token = idp.realm.confirmations.token('reset-password', sub, {});
  assert.equal((await new Browser().get(`${idp.issuer}/reset-password/${token}`)).status, 410);
});

test('friendbook_vouching_for_an_address_is_a_proof_too', async () => {
  const email = 'owner-4@example.com';
  const squatter = await squat(email);
  const { claims } = await squatter.shop.redeem(await joinFriendbook(squatter.shop, new Browser(), email));
  assert.notEqual(claims.sub, squatter.sub);
  assert.equal(claims['email_verified'], true);
  await assertNothingIsLeft(squatter, email);
});

/** Somebody new at Friendbook comes through it. */
async function joinFriendbook(shop: RelyingParty, browser: Browser, email: string): Promise<Answer> {
  const login = await shop.begin(browser, { connection: 'friendbook' });
  const joined = await signUp(browser, login, { name: 'A Friend', email, password: 'a friend among friends' });
  return browser.follow(joined, ...shop.issuers);
}

test('an_address_that_friendbook_did_not_confirm_is_not_taken_over', async () => {
  const shop = await idp.register();
  const email = 'unconfirmed@example.com';
  const browser = new Browser();
  const login = await shop.begin(browser, { connection: 'friendbook' });
  // As at a provider that believes addresses at once.
  const joined = await signUp(browser, login, { name: 'Nell', email, password: 'nell among friends' });
  idp.friendbook.realm.database.prepare('update user set email_verified = 0 where email = ?').run(email);
  const back = await browser.follow(joined, ...shop.issuers);
  assert.equal(back.heading, 'Sign in');
  assert.match(back.text, /Friendbook does not know whether your address there is yours/);
  assert.equal(users.byEmail(email), undefined);
});

test('whoever_asked_for_an_account_with_a_strangers_address_gets_nothing_when_the_stranger_opens_the_link', async () => {
  const shop = await idp.register();
  const email = 'victim@example.com';
  const attacker = new Browser();
  const page = await shop.begin(attacker);
  await askForAccount(attacker, page, email);
  assert.equal(users.byEmail(email), undefined, 'nobody has it before it was proved');

  const [mail] = await messagesTo(idp.issuer, email);
  const owner = new Browser();
  const { action, fields } = (await owner.get(mail!.link!)).form;
  assert.equal((await owner.post(action, { ...fields, ...OWNER })).heading, 'Your account is ready');

  assert.equal((await attacker.get(page.url)).heading, 'Sign in');
  const silent = callbackParams(await shop.begin(attacker, { prompt: 'none' }), shop.url);
  assert.equal(silent.get('error'), 'login_required');
});

test('a_link_to_change_an_address_counts_only_where_its_account_is_signed_in', async () => {
  const shop = await idp.register();
  const attacker = new Browser();
  const own = { name: 'Attacker', email: 'attacker@example.com', password: PASSWORD };
  await shop.redeem(await signUpAt(shop, attacker, own));
  const page = await attacker.get(`${idp.issuer}/account/email`);
  const email = 'unsuspecting@example.com';
  await attacker.post(page.form.action, { ...page.form.fields, email });
  const [mail] = await messagesTo(idp.issuer, email);

  const signedInAsSomebodyElse = new Browser();
  await shop.signIn(signedInAsSomebodyElse);
  for (const stranger of [new Browser(), signedInAsSomebodyElse]) {
    const answer = await stranger.get(mail!.link!);
    assert.equal(answer.status, 403);
    assert.doesNotMatch(answer.text, /<form/);
    assert.match(answer.text, /If it was not you who asked for it, do nothing/);
    const { csrf } = (await attacker.get(mail!.link!)).form.fields as { csrf: string };
    assert.equal((await stranger.post(mail!.link!, { csrf })).status, 403);
  }
  assert.equal(users.byEmail(email), undefined);
});

test('an_account_at_friendbook_is_connected_only_after_the_second_factor_and_a_mail_tells_of_it', async () => {
  const shop = await idp.register();
  const email = 'both@example.com';
  const { claims } = await shop.redeem(
    await signUpAt(shop, new Browser(), { name: 'Both', email, password: PASSWORD }),
  );
  const secret = 'PEAKDEMOPEAKDEMOPEAKDEMOPEAKDEMO';
  secondFactors.enrolWith(claims.sub!, secret);

  const browser = new Browser();
  const link = await joinFriendbook(shop, browser, email);
  assert.equal(link.heading, 'Is this you?');
  const second = await shop.submit(browser, link, { password: PASSWORD });
  assert.equal(second.heading, 'Enter your second factor');
  assert.equal(users.isLinked(claims.sub!), false);
  await shop.redeem(await shop.submit(browser, second, { code: codeAt(secret, Date.now()) }));
  assert.equal(users.isLinked(claims.sub!), true);
  assert.equal((await messagesTo(idp.issuer, email))[0]!.subject, 'Friendbook was connected to your account');
});
