// Signing in through Friendbook: three sessions, linked accounts, and a logout that reaches all of them.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from '../config.ts';
import { startProviders } from '../server.ts';
import { type Answer, Browser } from './browser.ts';
import { RelyingParty, type Tokens } from './relying_party.ts';
import { startTestProvider } from './setup.ts';
import { messagesTo, type NewPerson, signUp } from './sign_up.ts';

const idp = await startTestProvider();
const shop = await idp.register();
const LINUS = { email: 'linus@example.com', password: 'demo-password' };

/** From our login page to Friendbook's, or past it where Friendbook knows the browser. */
function chooseFriendbook(browser: Browser, page: Answer): Promise<Answer> {
  return shop.submit(browser, page, { friendbook: 'yes' });
}

async function signInWithFriendbook(browser: Browser, extra: Record<string, string> = {}): Promise<Tokens> {
  const page = await shop.begin(browser, { connection: 'friendbook', ...extra });
  return shop.redeem(page.location ? page : await shop.submit(browser, page, LINUS));
}

/** From our login page to an account at Friendbook, and back with it. */
async function joinFriendbook(browser: Browser, person: NewPerson): Promise<Answer> {
  const login = await chooseFriendbook(browser, await shop.begin(browser));
  return browser.follow(await signUp(browser, login, person), ...shop.issuers);
}

function endSession(params: Record<string, string>): string {
  return `${idp.issuer}/session/end?${new URLSearchParams(params)}`;
}

test('friendbook_signs_in_whom_it_vouches_for_and_the_id_token_says_so', async () => {
  const browser = new Browser();
  const login = await chooseFriendbook(browser, await shop.begin(browser));
  assert.ok(login.url.startsWith(idp.friendbook.issuer), 'the password is asked by Friendbook');
  assert.match(login.text, /Friendbook/);
  const { claims } = await shop.redeem(await shop.submit(browser, login, LINUS));
  assert.equal(claims['provider'], 'friendbook');
  assert.deepEqual(claims.amr, ['fed']);
  assert.equal(claims['email'], 'linus@example.com');
  assert.equal(claims['email_verified'], true);
  assert.ok(browser.cookie('pcid_session') && browser.cookie('fb_session'), 'a session at each of the two');
});

test('a_login_with_a_password_names_no_provider', async () => {
  const { claims } = await shop.signIn(new Browser());
  assert.equal('provider' in claims, false);
});

test('the_same_person_is_the_same_account_and_nobody_asks_a_friend_for_credentials', async () => {
  const browser = new Browser();
  const first = await signInWithFriendbook(browser);
  // Signed out here, but Friendbook still knows the browser.
  await browser.get(endSession({ id_token_hint: first.idToken }));
  const again = await shop.begin(browser, { connection: 'friendbook' });
  const second = await shop.redeem(again);
  assert.equal(second.claims.sub, first.claims.sub);
  assert.notEqual(second.claims.sid, first.claims.sid);
  const elsewhere = await signInWithFriendbook(new Browser());
  assert.equal(elsewhere.claims.sub, first.claims.sub);
});

test('auth_time_is_when_the_person_proved_it_to_friendbook', async () => {
  const browser = new Browser();
  const first = await signInWithFriendbook(browser);
  await browser.get(endSession({ id_token_hint: first.idToken }));
  ageFriendbook(browser, 300);
  const second = await signInWithFriendbook(browser);
  assert.ok(second.claims.auth_time <= first.claims.auth_time - 299);
});

test('upstream_auth_time_tells_that_friendbook_asked_nothing_when_the_person_came_back', async (t) => {
  const browser = new Browser();
  const began = Math.floor(Date.now() / 1000);
  const first = await signInWithFriendbook(browser);
  const proved = first.claims['upstream_auth_time'];
  assert.ok(typeof proved === 'number' && proved >= began, `${proved} is not before ${began}`);
  await browser.get(endSession({ id_token_hint: first.idToken }));

  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 600_000 });
  const { claims } = await signInWithFriendbook(browser);
  assert.notEqual(claims.sid, first.claims.sid, 'another session here');
  assert.equal(claims['upstream_auth_time'], proved);
  assert.equal(claims.auth_time, proved, 'passing through a living session proves nothing anew');
});

test('upstream_auth_time_is_of_a_session_that_came_from_friendbook_alone', async () => {
  const browser = new Browser();
  await signInWithFriendbook(browser);
  const { claims } = await shop.signIn(browser, { extra: { prompt: 'login' } });
  assert.equal('upstream_auth_time' in claims, false);
  const discovery = await fetch(`${idp.issuer}/.well-known/openid-configuration`);
  const { claims_supported: supported } = (await discovery.json()) as { claims_supported: string[] };
  assert.ok(supported.includes('upstream_auth_time'));
});

for (const demand of [{ prompt: 'login' }, { max_age: '60' }] as Record<string, string>[]) {
  test(`friendbook_asks_again_when_the_shop_demands_${JSON.stringify(demand)}`, async () => {
    const browser = new Browser();
    await signInWithFriendbook(browser);
    ageFriendbook(browser, 300);
    agePeakcommerce(browser, 300);
    const page = await shop.begin(browser, { connection: 'friendbook', ...demand });
    assert.equal(page.location, undefined);
    assert.ok(page.url.startsWith(idp.friendbook.issuer));
    assert.equal(page.heading, 'Sign in');
    const { claims } = await shop.redeem(await shop.submit(browser, page, LINUS));
    assert.ok(Date.now() / 1000 - claims.auth_time < 30);
  });
}

test('keep_me_signed_in_is_kept_on_the_way_through_friendbook', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  const login = await shop.submit(browser, page, { friendbook: 'yes', keep: 'yes' });
  await shop.redeem(await shop.submit(browser, login, LINUS));
  assert.equal(browser.cookie('pcid_session')!.persistent, true);
  assert.equal(browser.cookie('fb_session')!.persistent, false);
});

test('an_address_that_has_an_account_here_is_linked_only_after_its_password_was_given', async () => {
  const taken = { name: 'Joan', email: 'joan@example.com', password: 'joan at the mountain' };
  const here = new Browser();
  const signedUp = await signUp(here, await shop.begin(here), taken);
  const { claims } = await shop.redeem(await here.follow(signedUp, idp.issuer));

  const friend = new Browser();
  const link = await joinFriendbook(friend, { ...taken, password: 'joan among friends' });
  assert.equal(link.heading, 'Is this you?');
  const refused = await shop.submit(friend, link, { password: 'joan among friends' });
  assert.match(refused.text, /role="alert"/);
  const linked = await shop.redeem(await shop.submit(friend, refused, { password: taken.password }));
  assert.equal(linked.claims.sub, claims.sub);
  assert.equal(linked.claims['provider'], 'friendbook');

  await friend.get(endSession({ id_token_hint: linked.idToken }));
  const straight = await shop.redeem(await shop.begin(friend, { connection: 'friendbook' }));
  assert.equal(straight.claims.sub, claims.sub);
});

test('friendbook_is_disconnected_by_who_has_a_password_which_ends_the_other_sessions_and_is_told_of', async () => {
  const person = { name: 'Rosalind', email: 'rosalind@example.com', password: 'rosalind at the mountain' };
  const browser = new Browser();
  const { claims } = await shop.redeem(
    await browser.follow(await signUp(browser, await shop.begin(browser), person), idp.issuer),
  );
  const other = new Browser();
  const link = await joinFriendbook(other, { ...person, password: 'rosalind among friends' });
  const elsewhere = await shop.redeem(await shop.submit(other, link, { password: person.password }));

  const overview = await browser.get(`${idp.issuer}/account`);
  assert.match(overview.text, /href="\/account\/friendbook"/);
  const question = await browser.get(`${idp.issuer}/account/friendbook`);
  assert.equal(question.heading, 'Disconnect Friendbook');
  const done = await shop.submit(browser, question, {});
  assert.equal(done.heading, 'Your account');
  assert.doesNotMatch(done.text, /\/account\/friendbook/);
  const ended = shop.logoutTokens.filter(({ sub }) => sub === claims.sub).map(({ sid }) => sid);
  assert.deepEqual(ended, [elsewhere.claims.sid], 'this session goes on');
  const [mail] = await messagesTo(idp.issuer, person.email);
  assert.equal(mail!.subject, 'Friendbook was disconnected from your account');
  assert.equal((await shop.begin(other, { connection: 'friendbook' })).heading, 'Is this you?');
  assert.equal((await browser.get(`${idp.issuer}/account/friendbook`)).location, `${idp.issuer}/account`);
});

test('friendbook_as_the_only_way_in_cannot_be_disconnected', async () => {
  const browser = new Browser();
  await signInWithFriendbook(browser);
  const page = await browser.get(`${idp.issuer}/account/friendbook`);
  assert.equal(page.heading, 'Friendbook is your only way in');
  assert.doesNotMatch(page.text, /<form/);
  const account = await browser.get(`${idp.issuer}/account`);
  const forced = await browser.post(`${idp.issuer}/account/friendbook`, account.form.fields);
  assert.equal(forced.heading, 'Friendbook is your only way in');
  await signInWithFriendbook(new Browser());
});

test('an_address_whose_account_has_no_password_is_offered_one_by_mail', async () => {
  // Somebody else at Friendbook takes over the address of who came first.
  const person = { name: 'Amy', email: 'amy@example.com', password: 'amy among friends' };
  await shop.redeem(await joinFriendbook(new Browser(), person));
  idp.friendbook.realm.database.exec(`update user set email = 'moved@example.com' where email = 'amy@example.com'`);
  const page = await joinFriendbook(new Browser(), person);
  assert.equal(page.heading, 'Is this you?');
  assert.match(page.text, /href="\/interaction\/[\w-]+\/forgot-password">Set a password/);
  assert.doesNotMatch(page.text, /<form/);
});

test('friendbook_on_another_port_after_a_restart_still_knows_its_people_here', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'idp-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const subjects: (string | undefined)[] = [];
  for (let start = 0; start < 2; start++) {
    const running = await startProviders(
      readSettings({ IDP_PORT: '0', IDP_REGISTRATION: '1', IDP_DATA: folder }),
    );
    const client = await RelyingParty.register(running.issuer, {}, [running.friendbook.issuer]);
    const browser = new Browser();
    const login = await client.begin(browser, { connection: 'friendbook' });
    const { claims } = await client.redeem(await client.submit(browser, login, LINUS));
    subjects.push(claims.sub);
    await client.close();
    await running.stop();
  }
  assert.equal(subjects[1], subjects[0]);
});

test('who_comes_back_without_signing_in_finds_the_login_page_and_why', async () => {
  const browser = new Browser();
  const login = await chooseFriendbook(browser, await shop.begin(browser));
  const back = await shop.submit(browser, login, { cancel: 'yes' });
  assert.ok(back.url.startsWith(idp.issuer));
  assert.match(back.text, /came back from Friendbook without signing in/);
  await shop.redeem(await shop.submit(browser, back, { email: 'ada@example.com', password: 'demo-password' }));
});

test('an_answer_of_friendbook_counts_once_in_its_own_browser_and_only_if_friendbook_sent_it', async () => {
  const browser = new Browser();
  const login = await chooseFriendbook(browser, await shop.begin(browser));
  const { action, fields } = login.form;
  const callback = await browser.follow(
    await browser.post(action, { ...fields, ...LINUS }),
    idp.friendbook.issuer,
  );
  const landing = await browser.get(callback.location!);
  const onward = new URL(landing.refresh!);

  const stranger = await new Browser().get(onward.href);
  assert.equal(stranger.status, 400);
  for (const [name, value] of [['state', `${onward.pathname.split('/')[2]}.made-up`], ['iss', 'https://evil.example']] as const) {
    const forged = new URL(onward);
    forged.searchParams.set(name, value);
    const answer = await browser.follow(await browser.get(forged.href), idp.issuer);
    assert.match(answer.text, /belongs to an earlier try/, name);
  }
  await shop.redeem(await browser.follow(await browser.get(onward.href), idp.issuer));
  const replayed = await browser.get(onward.href);
  assert.equal(replayed.location, `${shop.url}/auth/login`);
});

test('a_logout_ends_friendbook_too_only_when_it_is_federated', async () => {
  const browser = new Browser();
  const first = await signInWithFriendbook(browser);
  const params = { post_logout_redirect_uri: `${shop.url}/signed-out`, state: 'xyz' };
  const plain = await browser.follow(
    await browser.get(endSession({ ...params, id_token_hint: first.idToken })),
    ...shop.issuers,
  );
  assert.equal(plain.location, `${shop.url}/signed-out?state=xyz`);
  assert.ok(browser.cookie('fb_session'));

  const second = await signInWithFriendbook(browser);
  const federated = await browser.follow(
    await browser.get(endSession({ ...params, id_token_hint: second.idToken, federated: '1' })),
    ...shop.issuers,
  );
  assert.equal(federated.location, `${shop.url}/signed-out?state=xyz`);
  assert.equal(browser.cookie('fb_session'), undefined);
  assert.equal(shop.logoutTokens.filter(({ sid }) => sid === second.claims.sid).length, 1);
  const asked = await shop.begin(browser, { connection: 'friendbook' });
  assert.ok(asked.url.startsWith(idp.friendbook.issuer) && asked.heading === 'Sign in');
});

test('a_made_up_return_address_of_a_federated_logout_leads_to_the_shop', async () => {
  const text = Buffer.from('https://evil.example/').toString('base64url');
  for (const state of ['', 'x', `${text}.`, `${text}.${'A'.repeat(43)}`]) {
    const answer = await new Browser().get(`${idp.issuer}/social/friendbook/signed-out?${new URLSearchParams({ state })}`);
    assert.equal(answer.location, 'http://localhost:3000/');
  }
});

test('friendbook_out_of_reach_leaves_the_password', async (t) => {
  const browser = new Browser();
  const login = await chooseFriendbook(browser, await shop.begin(browser));
  t.mock.method(console, 'error', () => {});
  const { fetch: real } = globalThis;
  t.mock.method(globalThis, 'fetch', (url: string | URL, init?: RequestInit) =>
    String(url) === `${idp.friendbook.issuer}/token` ? Promise.reject(new Error('unreachable')) : real(url, init),
  );
  const back = await shop.submit(browser, login, LINUS);
  assert.match(back.text, /Friendbook cannot be reached/);
  await shop.redeem(await shop.submit(browser, back, { email: 'ada@example.com', password: 'demo-password' }));
});

test('a_stale_login_page_of_friendbook_starts_again_at_the_shop', async () => {
  const answer = await new Browser().get(`${idp.friendbook.issuer}/interaction/bookmarked`);
  assert.equal(answer.location, 'http://localhost:3000/auth/login');
  const browser = new Browser();
  const login = await chooseFriendbook(browser, await shop.begin(browser));
  await shop.redeem(await shop.submit(browser, login, LINUS));
  assert.equal(
    (await browser.get(login.url)).location,
    'http://localhost:3000/auth/login?connection=friendbook',
  );
});

function ageFriendbook(browser: Browser, seconds: number): void {
  ageLogin(idp.friendbook.realm, browser.cookie('fb_session')!.value, seconds);
}

function agePeakcommerce(browser: Browser, seconds: number): void {
  ageLogin(idp.realm, browser.cookie('pcid_session')!.value, seconds);
}

/** Moves the login of this session into the past. */
function ageLogin({ database }: typeof idp.realm, session: string, seconds: number): void {
  database
    .prepare(
      `update oidc_state set payload = json_set(payload, '$.loginTs', payload ->> '$.loginTs' - ?)
       where model = 'Session' and id = ?`,
    )
    .run(seconds, session);
}
