// What the document says of the provider's own session, each over plain HTTP.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './browser.ts';
import { callbackParams } from './relying_party.ts';
import { startTestProvider } from './setup.ts';

const idp = await startTestProvider();
const shop = await idp.register();

const SESSION = 'pcid_session';

test('a_session_exists_from_the_first_authorization_request_and_the_login_updates_it', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  const before = browser.cookie(SESSION);
  assert.ok(before, 'the session cookie comes with the login page');
  const { provider } = idp.realm;
  const anonymous = await provider.Session.find(before.value);
  assert.equal(anonymous?.accountId, undefined);

  await shop.submit(browser, page, { email: 'ada@example.com', password: 'demo-password' });

  const after = browser.cookie(SESSION)!;
  const session = await provider.Session.find(after.value);
  assert.equal(session?.accountId, 'ada');
  assert.equal(session?.uid, anonymous!.uid, 'it is the same session');
  assert.notEqual(after.value, before.value, 'under a new key');
  assert.equal(await provider.Session.find(before.value), undefined);
});

test('the_session_ends_with_the_browser_unless_it_is_kept', async () => {
  const browser = new Browser();
  await shop.signIn(browser);
  assert.equal(browser.cookie(SESSION)!.persistent, false);

  const kept = new Browser();
  await shop.signIn(kept, { fields: { keep: 'yes' } });
  assert.equal(kept.cookie(SESSION)!.persistent, true);

  // A later visit must not turn the one into the other.
  await shop.redeem(await shop.begin(browser));
  await shop.redeem(await shop.begin(kept));
  assert.equal(browser.cookie(SESSION)!.persistent, false);
  assert.equal(kept.cookie(SESSION)!.persistent, true);
});

test('a_living_session_signs_in_without_a_page_and_with_the_same_sid', async () => {
  const browser = new Browser();
  const first = await shop.signIn(browser);
  const second = await shop.redeem(await shop.begin(browser));
  assert.equal(second.claims.sid, first.claims.sid);
  assert.equal(second.claims.auth_time, first.claims.auth_time);
});

test('every_id_token_names_sid_auth_time_acr_and_amr_whatever_the_client_registered', async () => {
  const plain = await idp.register({ backchannel_logout_uri: undefined, backchannel_logout_session_required: false });
  const { claims } = await plain.signIn(new Browser());
  assert.match(claims.sid, /^[\w-]{20,}$/);
  assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 30);
  assert.equal(claims.acr, 'urn:peakcommerce:acr:single-factor');
  assert.deepEqual(claims.amr, ['pwd']);
  assert.equal(claims['email'], 'ada@example.com');
  assert.equal(claims['email_verified'], true);
  assert.equal(claims['name'], 'Ada Lovelace');
});

for (const email of ['ada@example.com', 'grace@example.com']) {
  test(`a_new_standard_login_resets_the_session_of_ada_for_${email}`, async () => {
    const client = await idp.register();
    const browser = new Browser();
    const first = await client.signIn(browser);
    const oldCookie = browser.cookie(SESSION)!.value;
    const oldUid = (await idp.realm.provider.Session.find(oldCookie))!.uid;

    const second = await client.signIn(browser, { email, extra: { prompt: 'login' } });

    assert.notEqual(second.claims.sid, first.claims.sid);
    assert.equal(second.claims.sub, email.split('@')[0]);
    const session = await idp.realm.provider.Session.find(browser.cookie(SESSION)!.value);
    assert.notEqual(session!.uid, oldUid);
    assert.equal(await idp.realm.provider.Session.find(oldCookie), undefined);
    // It came before the new login was answered, so nothing has to be waited for.
    assert.deepEqual(
      client.logoutTokens.map(({ sub, sid }) => ({ sub, sid })),
      [{ sub: 'ada', sid: first.claims.sid }],
    );
  });
}

test('every_client_of_a_session_hears_of_its_end_and_no_other_session_does', async () => {
  const [one, two] = [await idp.register(), await idp.register()];
  const browser = new Browser();
  const first = await one.signIn(browser);
  const second = await two.redeem(await two.begin(browser));
  await one.signIn(new Browser());

  await one.signIn(browser, { extra: { prompt: 'login' } });

  assert.deepEqual(one.logoutTokens.map(({ sid }) => sid), [first.claims.sid]);
  assert.deepEqual(two.logoutTokens.map(({ sid }) => sid), [second.claims.sid]);
  const [token] = one.logoutTokens;
  assert.deepEqual(token!['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} });
  assert.equal(token!['reason'], 'prompt_login');
  assert.equal(token!['nonce'], undefined);
  assert.ok(token!.jti && token!.exp);
});

test('proving_oneself_again_for_max_age_updates_the_session_and_keeps_its_sid', async () => {
  const client = await idp.register();
  const browser = new Browser();
  const first = await client.signIn(browser);
  ageSession(browser, 60);
  const second = await client.signIn(browser, { extra: { max_age: '30' } });
  assert.equal(second.claims.sid, first.claims.sid);
  assert.ok(second.claims.auth_time >= first.claims.auth_time);
  assert.deepEqual(client.logoutTokens, []);
});

test('a_login_page_in_a_second_tab_goes_on_by_itself_after_the_first_signed_in', async () => {
  const browser = new Browser();
  const firstTab = await shop.begin(browser);
  const secondTab = await shop.begin(browser);
  const first = await shop.redeem(
    await shop.submit(browser, firstTab, { email: 'ada@example.com', password: 'demo-password' }),
  );
  const second = await shop.redeem(await browser.follow(await browser.get(secondTab.url), idp.issuer));
  assert.equal(second.claims.sid, first.claims.sid);
});

test('a_login_page_in_a_second_tab_can_still_be_submitted_after_the_first_signed_in', async () => {
  const browser = new Browser();
  const firstTab = await shop.begin(browser);
  const secondTab = await shop.begin(browser);
  const fields = { email: 'ada@example.com', password: 'demo-password' };
  const first = await shop.redeem(await shop.submit(browser, firstTab, fields));
  const second = await shop.redeem(await shop.submit(browser, secondTab, fields));
  assert.equal(second.claims.sid, first.claims.sid);
  const other = { email: 'grace@example.com', password: 'demo-password' };
  const thirdTab = await shop.begin(browser, { prompt: 'login' });
  const fourthTab = await shop.begin(browser, { prompt: 'login' });
  await shop.redeem(await shop.submit(browser, thirdTab, fields));
  const fourth = await shop.redeem(await shop.submit(browser, fourthTab, other));
  assert.equal(fourth.claims.sub, 'grace');
});

test('a_silent_check_without_a_session_answers_login_required_and_begins_none', async () => {
  const browser = new Browser();
  const params = callbackParams(await shop.begin(browser, { prompt: 'none' }), shop.url);
  assert.equal(params.get('error'), 'login_required');
  assert.equal(params.get('iss'), idp.issuer);
  assert.equal(browser.cookie(SESSION), undefined);
});

test('a_silent_check_does_not_extend_the_session_and_a_visit_does', async () => {
  const browser = new Browser();
  await shop.signIn(browser);
  ageSession(browser, 600);
  const expiry = sessionExpiry(browser);

  await shop.redeem(await shop.begin(browser, { prompt: 'none' }));
  assert.equal(sessionExpiry(browser), expiry);

  await shop.redeem(await shop.begin(browser));
  assert.ok(sessionExpiry(browser) > expiry);
});

test('a_session_idle_past_its_limit_asks_for_the_password_again', async () => {
  const browser = new Browser();
  await shop.signIn(browser);
  ageSession(browser, idp.realm.settings.lifetimes.idle + 1);
  const silent = callbackParams(await shop.begin(browser, { prompt: 'none' }), shop.url);
  assert.equal(silent.get('error'), 'login_required');
  assert.equal((await shop.begin(browser)).heading, 'Sign in');
});

test('visits_cannot_extend_a_session_past_its_absolute_limit', async () => {
  const browser = new Browser();
  await shop.signIn(browser);
  const { idle, absolute } = idp.realm.settings.lifetimes;
  // One visit before each idle limit, as long as the absolute one allows.
  for (let age = 0; age + idle - 60 < absolute; age += idle - 60) {
    ageSession(browser, idle - 60);
    await shop.redeem(await shop.begin(browser));
  }
  const left = absolute % (idle - 60);
  assert.ok(sessionExpiry(browser) - Date.now() / 1000 <= left + 5);
  ageSession(browser, left + 1);
  assert.equal((await shop.begin(browser)).heading, 'Sign in');
});

test('the_iss_parameter_comes_with_every_answer', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  const answer = await shop.submit(browser, page, { email: 'ada@example.com', password: 'demo-password' });
  assert.equal(callbackParams(answer, shop.url).get('iss'), idp.issuer);
});

/** Moves a session into the past by so many seconds, as if that time had gone by. */
function ageSession(browser: Browser, seconds: number): void {
  const id = browser.cookie(SESSION)!.value;
  const { database } = idp.realm;
  const { uid } = database.prepare(`select uid from oidc_state where model = 'Session' and id = ?`).get(id) as {
    uid: string;
  };
  database
    .prepare(
      `update oidc_state set expires_at = expires_at - ?1, payload = json_set(payload,
         '$.exp', payload ->> '$.exp' - ?1, '$.loginTs', payload ->> '$.loginTs' - ?1)
       where model = 'Session' and id = ?2`,
    )
    .run(seconds, id);
  database.prepare('update sign_in set started_at = started_at - ? where session_uid = ?').run(seconds, uid);
}

/** Seconds since 1970 at which the session of this browser ends if nobody comes by. */
function sessionExpiry(browser: Browser): number {
  const row = idp.realm.database
    .prepare(`select payload ->> '$.exp' as exp from oidc_state where model = 'Session' and id = ?`)
    .get(browser.cookie(SESSION)!.value) as { exp: number };
  return row.exp;
}
