// What the provider's own page tells of its session in this browser.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Browser } from './browser.ts';
import { callbackParams } from './relying_party.ts';
import { startTestProvider } from './setup.ts';

const idp = await startTestProvider();
const shop = await idp.register({ client_name: 'Tea shop' });
const SESSION = 'pcid_session';
const LINUS = { email: 'linus@example.com', password: 'demo-password' };

/** The facts by their names, times in ISO 8601, and the text of all of it. */
async function open(browser: Browser, issuer = idp.issuer): Promise<{ facts: Map<string, string>; text: string }> {
  const { text: page } = await browser.get(`${issuer}/`);
  const plain = (part: string) =>
    part
      .replace(/<time datetime="([^"]+)">.*?<\/time>/g, '$1')
      .replace(/<[^>]+>/g, '')
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
  const rows = page.matchAll(/<div><dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs);
  return { facts: new Map([...rows].map(([, name, value]) => [name!, plain(value!)])), text: plain(page) };
}

function cookieOf(browser: Browser): string {
  return browser.cookie(SESSION)!.value;
}

/** Moves what the session of this browser went through into the past, as if so many seconds had gone by. */
function age(browser: Browser, seconds: number): void {
  const { database } = idp.realm;
  const id = cookieOf(browser);
  database
    .prepare(
      `update oidc_state set expires_at = expires_at - ?1, payload = json_set(payload, '$.iat', payload ->> '$.iat' - ?1,
         '$.exp', payload ->> '$.exp' - ?1, '$.loginTs', payload ->> '$.loginTs' - ?1)
       where model = 'Session' and id = ?2`,
    )
    .run(seconds, id);
  database
    .prepare(
      `update sign_in set started_at = started_at - ?1, updated_at = updated_at - ?1
       where session_uid = (select uid from oidc_state where model = 'Session' and id = ?2)`,
    )
    .run(seconds, id);
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const markOf = (sid: string) => `‹${createHash('sha256').update(sid).digest('hex').slice(0, 6)}›`;

test('a_browser_without_a_session_reads_that_there_is_none_and_when_one_begins', async () => {
  const { facts, text } = await open(new Browser());
  assert.match(facts.get('Now')!, /^There is none\./);
  assert.equal(facts.has('The last one'), false);
  assert.match(text, /Nobody is signed in here/);
});

test('the_session_begins_before_the_login_which_updates_it', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const browser = new Browser();
  const page = await shop.begin(browser);
  age(browser, 90);
  const before = await open(browser);
  const began = before.facts.get('Began')!;
  assert.match(began, /^\S+Z before anybody signed in$/);
  assert.match(before.facts.get('Login')!, /^none yet/);
  assert.match(before.facts.get('Ends')!, /if nobody signs in$/);

  const { claims } = await shop.redeem(
    await shop.submit(browser, page, { email: 'ada@example.com', password: 'demo-password', keep: 'yes' }),
  );
  const { facts } = await open(browser);
  assert.equal(facts.get('Began'), began);
  assert.equal(facts.get('Login'), `${iso(claims.auth_time)} updated this session`);
  assert.equal(facts.get('Authenticated'), `${iso(claims.auth_time)} by PeakCommerce ID (auth_time)`);
  assert.equal(facts.get('Factors'), 'password amr: pwd');
  assert.match(facts.get('Kept')!, /^yes/);
  const { keptIdle, keptAbsolute } = idp.realm.settings.lifetimes;
  assert.match(facts.get('Idle limit')!, new RegExp(`^${iso(claims.auth_time + keptIdle)} 3 days after`));
  assert.match(facts.get('Absolute limit')!, new RegExp(`^${iso(claims.auth_time + keptAbsolute)} `));
});

test('each_client_is_named_with_the_mark_of_the_sid_that_it_was_told_and_with_nothing_secret', async () => {
  const other = await idp.register({ client_name: 'Coffee shop' });
  const browser = new Browser();
  const tea = await shop.signIn(browser);
  const coffee = await other.redeem(await other.begin(browser));
  const { text } = await open(browser);
  assert.match(text, new RegExp(`Tea shop .*?sid: ${markOf(tea.claims.sid)}`, 's'));
  assert.match(text, new RegExp(`Coffee shop .*?sid: ${markOf(coffee.claims.sid)}`, 's'));
  const { uid } = (await idp.realm.provider.Session.find(cookieOf(browser)))!;
  for (const secret of [tea.claims.sid, coffee.claims.sid, uid, cookieOf(browser)]) {
    assert.equal(text.includes(secret), false);
  }
});

test('the_account_pages_count_as_a_client_that_is_told_no_sid', async () => {
  const browser = new Browser();
  await shop.signIn(browser);
  age(browser, 700);
  // The password page wants a newer login, which answers the account pages.
  const page = await browser.follow(await browser.get(`${idp.issuer}/account/password`), idp.issuer);
  const fields = { email: 'ada@example.com', password: 'demo-password' };
  assert.equal((await shop.submit(browser, page, fields)).heading, 'Change password');
  const { facts, text } = await open(browser);
  assert.match(text, /your account.*?sid: it is told none/s);
  assert.match(facts.get('Last login')!, /updated it again/);
});

test('a_new_login_that_was_asked_for_resets_the_session_and_the_page_says_which_it_replaced', async () => {
  const browser = new Browser();
  const first = await shop.signIn(browser);
  age(browser, 60);
  const { facts: before } = await open(browser);
  const second = await shop.signIn(browser, { extra: { prompt: 'login' } });
  const { facts, text } = await open(browser);
  const began = /^\S+Z/.exec(before.get('Began')!)![0];
  assert.match(facts.get('Before it')!, new RegExp(`^The session of ${began} ended at \\S+Z: Tea shop asked for a new`));
  assert.doesNotMatch(facts.get('Began')!, new RegExp(began));
  assert.ok(text.includes(`sid: ${markOf(second.claims.sid)}, in the session before ${markOf(first.claims.sid)}`));
});

test('another_account_replaces_the_session_and_the_page_says_so', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  await shop.signIn(browser);
  await shop.submit(browser, page, { email: 'grace@example.com', password: 'demo-password' });
  assert.match((await open(browser)).facts.get('Before it')!, /another account/);
});

test('a_session_that_ended_elsewhere_is_told_of_until_the_next_one_and_in_it', async () => {
  const browser = new Browser();
  await shop.signIn(browser, { email: 'mary@example.com' });
  const elsewhere = new Browser();
  await shop.signIn(elsewhere, { email: 'mary@example.com' });
  const account = await elsewhere.get(`${idp.issuer}/account`);
  await elsewhere.post(account.form.action, account.form.fields);

  for (const other of [browser, elsewhere]) {
    const { facts } = await open(other);
    assert.match(facts.get('Now')!, /^There is none\./);
    assert.match(facts.get('The last one')!, /: you signed out everywhere\./);
  }
  // A silent check begins none, whatever the cookie names.
  const silent = callbackParams(await shop.begin(browser, { prompt: 'none' }), shop.url);
  assert.equal(silent.get('error'), 'login_required');
  assert.match((await open(browser)).facts.get('Now')!, /^There is none\./);

  const page = await shop.begin(browser);
  assert.match((await open(browser)).facts.get('Before it')!, /: you signed out everywhere\./);
  await shop.submit(browser, page, { email: 'mary@example.com', password: 'demo-password' });
  assert.match((await open(browser)).facts.get('Before it')!, /: you signed out everywhere\./);
});

test('a_session_that_reached_a_limit_is_told_of_with_the_limit', async () => {
  const { idle, absolute, interaction } = idp.realm.settings.lifetimes;
  for (const [seconds, words] of [[idle + 1, /idle limit/], [absolute + 1, /absolute limit/]] as const) {
    const browser = new Browser();
    await shop.signIn(browser);
    if (seconds > absolute) {
      // Used up to the end.
      idp.realm.database
        .prepare(
          `update oidc_state set expires_at = expires_at + ?1, payload = json_set(payload, '$.exp', payload ->> '$.exp' + ?1)
           where model = 'Session' and id = ?2`,
        )
        .run(absolute - idle, cookieOf(browser));
      assert.match((await open(browser)).facts.get('Idle limit')!, /^not before the absolute one/);
    }
    age(browser, seconds);
    assert.match((await open(browser)).facts.get('The last one')!, words);
  }
  const browser = new Browser();
  await shop.begin(browser);
  age(browser, interaction + 1);
  assert.match((await open(browser)).facts.get('The last one')!, /nobody signed in/);
});

test('a_logout_leaves_neither_session_nor_cookie', async () => {
  const browser = new Browser();
  const { idToken } = await shop.signIn(browser);
  await browser.get(`${idp.issuer}/session/end?${new URLSearchParams({ id_token_hint: idToken })}`);
  assert.equal(browser.cookie(SESSION), undefined);
  assert.deepEqual([...(await open(browser)).facts.keys()], ['Now']);
});

test('who_came_through_friendbook_reads_whose_word_it_was_and_finds_that_session_there', async () => {
  const browser = new Browser();
  const login = await shop.begin(browser, { connection: 'friendbook' });
  const { claims } = await shop.redeem(await shop.submit(browser, login, LINUS));
  const here = await open(browser);
  assert.equal(here.facts.get('Authenticated'), `${iso(claims.auth_time)} by Friendbook (auth_time)`);
  assert.equal(here.facts.get('Factors'), 'Friendbook’s word amr: fed');
  const there = await open(browser, idp.friendbook.issuer);
  assert.match(there.text, /Hello, Linus Demo/);
  assert.equal(there.facts.get('Factors'), 'password amr: pwd');
  assert.match(there.text, /let in.*PeakCommerce ID/s);
});

test('times_are_sent_in_utc_to_the_second_and_a_script_of_ours_makes_them_local', async () => {
  const browser = new Browser();
  await shop.begin(browser);
  const { text, headers } = await browser.get(`${idp.issuer}/`);
  assert.match(text, /<time datetime="[\d-]+T[\d:]+\.000Z">\d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC<\/time>/);
  const script = /src="(\/assets\/[\w-]+\/times\.js)"/.exec(text)![1]!;
  assert.equal((await fetch(idp.issuer + script)).headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.match(headers.get('content-security-policy')!, /script-src 'self';/);
});
