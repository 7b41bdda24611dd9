// No login loses the page that it was for: the client knows that page by its `state`, which comes back with every answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, Browser } from './browser.ts';
import { callbackParams } from './relying_party.ts';
import { startTestProvider } from './setup.ts';
import { askForAccount, messagesTo, signUp } from './sign_up.ts';

const idp = await startTestProvider();
const shop = await idp.register();
const ADA = { email: 'ada@example.com', password: 'demo-password' };
const LINUS = { email: 'linus@example.com', password: 'demo-password' };
const STATE = 'knows-the-page';

/** As if this login page had been open for too long. */
function expire(page: Answer, { database }: typeof idp.realm = idp.realm): void {
  const uid = page.url.split('/')[4]!;
  database.prepare(`update oidc_state set expires_at = 1 where model = 'Interaction' and id = ?`).run(uid);
}

function begin(browser: Browser, extra: Record<string, string> = {}): Promise<Answer> {
  return shop.begin(browser, { state: STATE, ...extra });
}

/** Somebody with an account of their own, whose password may change. */
async function newPerson(email: string): Promise<string> {
  const browser = new Browser();
  await signUp(browser, await shop.begin(browser), { name: 'Some Person', email, password: 'a long enough password' });
  return email;
}

/** Asks for the link on the login page; what the mail says to open. */
async function forget(browser: Browser, login: Answer, email: string): Promise<string> {
  const path = /href="([^"]+)">Forgot your password/.exec(login.text)![1]!;
  const { action, fields } = (await browser.get(new URL(path, login.url).href)).form;
  await browser.post(action, { ...fields, email });
  return (await messagesTo(idp.issuer, email))[0]!.link!;
}

async function setPassword(browser: Browser, link: string, password: string): Promise<Answer> {
  const { action, fields } = (await browser.get(link)).form;
  return browser.post(action, { ...fields, password });
}

/** Where the first of a page's buttons leads. */
function wayOn(page: Answer): string {
  const href = /class="button" href="([^"]+)"/.exec(page.text)![1]!;
  return new URL(href.replaceAll('&#38;', '&'), page.url).href;
}

function assertLateAnswer(location: string | undefined): void {
  const url = new URL(location!);
  assert.equal(url.origin + url.pathname, `${shop.url}/callback`);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    error: 'login_required',
    error_description: 'the login page expired before anybody signed in',
    iss: idp.issuer,
    state: STATE,
  });
}

test('after_a_forgotten_password_the_interrupted_login_goes_on', async () => {
  const email = await newPerson('forgetful@example.com');
  const browser = new Browser();
  const login = await begin(browser);
  const session = browser.cookie('pcid_session')!.value;
  const done = await setPassword(browser, await forget(browser, login, email), 'an even longer password');
  assert.equal(done.heading, 'Password changed');
  assert.match(done.text, />Sign in to go on to Test shop</);
  assert.equal(browser.cookie('pcid_session')!.value, session, 'nobody was signed in by it, so it goes on');

  const again = await browser.get(wayOn(done));
  assert.equal(again.url, login.url);
  const end = await shop.submit(browser, again, { email, password: 'an even longer password' });
  assert.equal(callbackParams(end, shop.url).get('state'), STATE);
  assert.ok(callbackParams(end, shop.url).get('code'));
});

test('a_password_that_was_set_when_the_login_had_expired_leads_back_to_the_client_with_its_state', async () => {
  const email = await newPerson('slow@example.com');
  const browser = new Browser();
  const login = await begin(browser);
  const link = await forget(browser, login, email);
  expire(login);
  assertLateAnswer(wayOn(await setPassword(browser, link, 'an even longer password')));
});

test('a_password_that_was_set_in_another_browser_leads_to_a_login_of_its_own', async () => {
  const email = await newPerson('two-devices@example.com');
  const browser = new Browser();
  const login = await begin(browser);
  const elsewhere = new Browser();
  const done = await setPassword(elsewhere, await forget(browser, login, email), 'an even longer password');
  // Not with the state, which is the other browser's secret while its login can go on.
  assert.equal(wayOn(done), `${shop.url}/auth/login`);
  assert.equal((await browser.get(login.url)).heading, 'Sign in');
});

test('a_reset_in_a_browser_where_somebody_else_is_signed_in_leaves_them_signed_in', async () => {
  const email = await newPerson('guest@example.com');
  const browser = new Browser();
  const login = await begin(browser);
  const { claims } = await shop.signIn(browser);
  await setPassword(browser, await forget(browser, login, email), 'an even longer password');
  assert.equal((await shop.redeem(await shop.begin(browser))).claims.sid, claims.sid);
});

test('whoever_wants_an_account_that_they_have_sets_its_password_within_the_login', async () => {
  const browser = new Browser();
  const login = await begin(browser);
  await askForAccount(browser, login, 'grace@example.com');
  const [mail] = await messagesTo(idp.issuer, 'grace@example.com');
  assert.equal(mail!.link, `${login.url}/forgot-password`);
});

test('a_login_page_left_open_past_its_time_answers_its_client_once_it_is_used', async () => {
  const browser = new Browser();
  const page = await begin(browser);
  const { action, fields } = page.form;
  expire(page);
  for (const answer of [await browser.get(page.url), await browser.post(action, { ...fields, ...ADA })]) {
    assert.equal(answer.status, 303);
    assertLateAnswer(answer.location);
  }
  assertLateAnswer((await browser.get(page.url.replace('/interaction/', '/auth/'))).location);
});

test('a_sign_up_that_took_too_long_leads_back_to_the_client_with_its_state', async () => {
  const browser = new Browser();
  const page = await begin(browser);
  await askForAccount(browser, page, 'thoughtful@example.com');
  expire(page);
  const [mail] = await messagesTo(idp.issuer, 'thoughtful@example.com');
  const done = await shop.submit(browser, await browser.get(mail!.link!), { name: 'Thoughtful', password: 'many slow words' });
  assert.equal(done.heading, 'Your account is ready');
  assertLateAnswer(wayOn(done));
});

test('the_answer_comes_where_the_client_reads_it_and_never_where_it_is_not_registered', async () => {
  const spa = {
    client_id: 'storezero-spa',
    response_type: 'id_token token',
    redirect_uri: 'http://localhost:3001/callback',
    resource: 'http://localhost:3000/api',
  };
  const browser = new Browser();
  const page = await begin(browser, spa);
  expire(page);
  const answer = new URL((await browser.get(page.url)).location!);
  assert.equal(answer.origin + answer.pathname + answer.search, spa.redirect_uri);
  const fragment = new URLSearchParams(answer.hash.slice(1));
  assert.deepEqual([fragment.get('error'), fragment.get('state')], ['login_required', STATE]);

  idp.realm.database
    .prepare(
      `update oidc_state set payload = json_set(payload, '$.params.redirect_uri', 'https://evil.example/')
       where model = 'Interaction' and id = ?`,
    )
    .run(page.url.split('/').at(-1)!);
  assert.equal((await browser.get(page.url)).location, 'http://localhost:3001/auth/login');
});

test('a_login_page_for_the_account_pages_that_expired_leads_back_to_the_page_that_was_asked_for', async () => {
  const browser = new Browser();
  const login = await browser.follow(await browser.get(`${idp.issuer}/account/phone`), idp.issuer);
  expire(login);
  const again = await browser.follow(await browser.get(login.url), idp.issuer);
  assert.equal(again.heading, 'Sign in');
  assert.notEqual(again.url, login.url);
  const { action, fields } = again.form;
  assert.equal((await browser.follow(await browser.post(action, { ...fields, ...ADA }), idp.issuer)).heading, 'Change phone');
});

test('a_page_of_friendbook_that_expired_is_opened_anew_as_long_as_the_login_here_is_open', async () => {
  const browser = new Browser();
  const login = await begin(browser, { connection: 'friendbook' });
  assert.ok(login.url.startsWith(idp.friendbook.issuer));
  expire(login, idp.friendbook.realm);
  const again = await browser.follow(await browser.get(login.url), ...shop.issuers);
  assert.ok(again.url.startsWith(idp.friendbook.issuer));
  assert.equal(again.heading, 'Sign in');
  const end = await shop.submit(browser, again, LINUS);
  assert.equal(callbackParams(end, shop.url).get('state'), STATE);
});

test('pages_of_both_that_expired_lead_back_to_the_client_with_its_state', async () => {
  const browser = new Browser();
  const login = await begin(browser, { connection: 'friendbook' });
  expire(login, idp.friendbook.realm);
  idp.realm.database.exec(`update oidc_state set expires_at = 1 where model = 'Interaction'`);
  assertLateAnswer((await browser.follow(await browser.get(login.url), ...shop.issuers)).location);
});

test('a_form_that_was_refused_leads_back_into_its_login', async () => {
  const browser = new Browser();
  const page = await begin(browser);
  const refused = await browser.post(page.form.action, { ...ADA, csrf: 'made up' });
  assert.equal(refused.status, 403);
  assert.equal(wayOn(refused), page.url);
});
