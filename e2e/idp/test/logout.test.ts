// RP-initiated logout and the delivery of logout tokens.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings } from '../config.ts';
import { startProviders } from '../server.ts';
import { Browser } from './browser.ts';
import { RelyingParty } from './relying_party.ts';
import { startTestProvider } from './setup.ts';

const idp = await startTestProvider();
const SESSION = 'pcid_session';

function endSession(params: Record<string, string>): string {
  return `${idp.issuer}/session/end?${new URLSearchParams(params)}`;
}

test('a_logout_with_a_valid_hint_asks_nothing_and_comes_back_with_its_state', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  const { idToken, claims } = await shop.signIn(browser);
  const answer = await browser.get(
    endSession({ id_token_hint: idToken, post_logout_redirect_uri: `${shop.url}/signed-out`, state: 'xyz' }),
  );
  assert.equal(answer.status, 303);
  assert.equal(answer.location, `${shop.url}/signed-out?state=xyz`);
  assert.equal(browser.cookie(SESSION), undefined);
  assert.deepEqual(shop.logoutTokens.map(({ sid }) => sid), [claims.sid]);
  assert.equal((await shop.begin(browser)).heading, 'Sign in');
});

test('a_client_may_ask_by_a_form_and_is_answered_by_a_page_that_leads_back', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  const { idToken, claims } = await shop.signIn(browser);
  const back = `${shop.url}/signed-out`;
  const fields = { id_token_hint: idToken, post_logout_redirect_uri: back, state: 'xyz' };
  const answer = await browser.post(`${idp.issuer}/session/end`, fields);
  assert.equal(answer.status, 200, 'a redirect would be held to the client’s own form-action');
  assert.match(answer.text, new RegExp(`http-equiv="refresh" content="0; url=${back}\\?state=xyz"`));
  assert.doesNotMatch(answer.text, new RegExp(idToken));
  assert.equal(browser.cookie(SESSION), undefined);
  assert.deepEqual(shop.logoutTokens.map(({ sid }) => sid), [claims.sid]);
});

test('a_logout_of_a_session_that_is_gone_already_comes_back_all_the_same', async () => {
  const shop = await idp.register();
  const { idToken } = await shop.signIn(new Browser());
  const answer = await new Browser().get(
    endSession({ id_token_hint: idToken, post_logout_redirect_uri: `${shop.url}/signed-out`, state: 'xyz' }),
  );
  assert.equal(answer.location, `${shop.url}/signed-out?state=xyz`);
});

test('a_logout_without_a_hint_asks_first', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  await shop.signIn(browser);
  const url = endSession({ client_id: shop.clientId, post_logout_redirect_uri: `${shop.url}/signed-out` });

  const question = await browser.get(url);
  assert.equal(question.heading, 'Sign out?');
  const stayed = await shop.submit(browser, question, { stay: 'yes' });
  assert.equal(stayed.location, `${shop.url}/signed-out`);
  await shop.redeem(await shop.begin(browser));
  assert.deepEqual(shop.logoutTokens, []);

  const left = await shop.submit(browser, await browser.get(url), { logout: 'yes' });
  assert.equal(left.location, `${shop.url}/signed-out`);
  assert.equal(shop.logoutTokens.length, 1);
  assert.equal((await shop.begin(browser)).heading, 'Sign in');
});

test('a_hint_that_names_somebody_else_asks_first', async () => {
  const shop = await idp.register();
  const { idToken } = await shop.signIn(new Browser(), { email: 'grace@example.com' });
  const browser = new Browser();
  await shop.signIn(browser);
  const question = await browser.get(endSession({ id_token_hint: idToken }));
  assert.equal(question.heading, 'Sign out?');
  assert.match(question.text, /Ada Lovelace/);
});

test('a_forged_hint_and_an_unregistered_return_address_are_refused', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  const { idToken } = await shop.signIn(browser);
  const forged = idToken.replace(/\.[^.]+$/, `.${'A'.repeat(342)}`);
  for (const params of [
    { id_token_hint: forged, post_logout_redirect_uri: `${shop.url}/signed-out` },
    { id_token_hint: idToken, post_logout_redirect_uri: 'https://evil.example/' },
  ]) {
    const answer = await browser.get(endSession(params));
    assert.equal(answer.status, 400);
    assert.equal(answer.heading, 'That did not work');
  }
  await shop.redeem(await shop.begin(browser));
});

test('a_forged_confirmation_signs_nobody_out', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  await shop.signIn(browser);
  const question = await browser.get(endSession({}));
  await browser.post(question.form.action, { xsrf: 'made-up', logout: 'yes' });
  await shop.redeem(await shop.begin(browser));
});

test('a_code_and_an_access_token_die_with_their_session', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  const { idToken, accessToken } = await shop.signIn(browser);
  const userinfo = () => fetch(`${idp.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  assert.equal((await userinfo()).status, 200);
  const unredeemed = await shop.begin(browser);
  await browser.get(endSession({ id_token_hint: idToken }));
  assert.equal((await userinfo()).status, 401);
  await assert.rejects(shop.redeem(unredeemed), /invalid_grant/);
});

test('a_client_that_cannot_be_reached_hears_of_it_later_even_over_a_restart', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'idp-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const settings = readSettings({ IDP_PORT: '0', IDP_REGISTRATION: '1', IDP_DATA: folder });
  const before = await startProviders(settings);
  const shop = await RelyingParty.register(before.issuer);
  t.after(() => shop.close());
  const browser = new Browser();
  const { claims, idToken } = await shop.signIn(browser);

  shop.answerStatus = 503;
  await browser.get(`${before.issuer}/session/end?${new URLSearchParams({ id_token_hint: idToken })}`);
  assert.deepEqual(shop.logoutTokens, []);
  await before.stop();

  shop.answerStatus = 200;
  const after = await startProviders({ ...settings, peakcommerce: { ...settings.peakcommerce, port: Number(new URL(before.issuer).port) } });
  t.after(() => after.stop());
  assert.equal(after.issuer, before.issuer);
  await shop.attempts(2);
  // Checked against the keys of before the restart: they were kept.
  assert.deepEqual(
    shop.logoutTokens.map(({ sid, reason }) => ({ sid, reason })),
    [{ sid: claims.sid, reason: 'sign_out' }],
  );
});

test('a_client_that_refuses_a_logout_token_is_not_asked_again', async () => {
  const shop = await idp.register();
  const browser = new Browser();
  const { idToken } = await shop.signIn(browser);
  shop.answerStatus = 400;
  await browser.get(endSession({ id_token_hint: idToken }));
  await shop.attempts(1);
  const owed = idp.realm.database
    .prepare('select count(*) as count from logout_notice where client_id = ?')
    .get(shop.clientId) as { count: number };
  assert.equal(owed.count, 0);
});

test('a_client_that_registered_itself_gets_no_calls_beyond_this_machine', async (t) => {
  const shop = await idp.register({ backchannel_logout_uri: 'http://shop.example/backchannel' });
  const lines: string[] = [];
  t.mock.method(console, 'log', (line: string) => lines.push(line));
  const browser = new Browser();
  const { idToken } = await shop.signIn(browser);
  await browser.get(endSession({ id_token_hint: idToken }));
  assert.ok(lines.some((line) => line.includes('shop.example is not on this machine')), lines.join('\n'));
});
