// The login and sign-up pages: what they refuse, what they keep, and how they find a way on when they are stale.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser } from './browser.ts';
import { callbackParams } from './relying_party.ts';
import { startTestProvider } from './setup.ts';
import { askForAccount, messagesTo, signUp } from './sign_up.ts';

const idp = await startTestProvider({ IDP_DEMO: '1', IDP_SHOP_URL: 'http://localhost:3210' });
const shop = await idp.register();
const ADA = { email: 'ada@example.com', password: 'demo-password' };

test('a_wrong_password_and_an_unknown_address_read_the_same_and_keep_the_address', async () => {
  for (const email of ['ada@example.com', 'nobody@example.com']) {
    const browser = new Browser();
    const page = await shop.begin(browser);
    const again = await shop.submit(browser, page, { email, password: 'wrong-password' });
    assert.equal(again.status, 200);
    assert.match(again.text, /role="alert">Email and password do not match/);
    assert.match(again.text, new RegExp(`value="${email}"`));
    assert.doesNotMatch(again.text, /wrong-password/);
    await shop.redeem(await shop.submit(browser, again, ADA));
  }
});

test('an_address_in_capitals_is_the_same_address', async () => {
  const { claims } = await shop.signIn(new Browser(), { email: ' ADA@Example.com' });
  assert.equal(claims.sub, 'ada');
});

test('guessing_has_to_wait_after_some_tries_and_nobody_else_does', async () => {
  const browser = new Browser();
  let page = await shop.begin(browser);
  for (let tries = 0; tries < 5; tries++) {
    page = await shop.submit(browser, page, { email: 'guessed@example.com', password: `guess-${tries}` });
    assert.equal(page.status, 200);
  }
  page = await shop.submit(browser, page, { email: 'guessed@example.com', password: 'guess-6' });
  assert.equal(page.status, 429);
  assert.ok(Number(page.headers.get('retry-after')) >= 1);
  assert.match(page.text, /Too many tries\. Please wait/);
  await shop.redeem(await shop.submit(browser, page, ADA));
});

test('guesses_sent_all_at_once_have_to_wait_too', async () => {
  const browser = new Browser();
  const { action, fields } = (await shop.begin(browser)).form;
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      browser.post(action, { ...fields, email: 'hurried@example.com', password: `guess-${i}` }),
    ),
  );
  assert.equal(answers.filter(({ status }) => status === 200).length, 5);
  assert.equal(answers.filter(({ status }) => status === 429).length, 7);
});

test('what_was_typed_is_shown_as_text_never_as_markup', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser, { login_hint: '"><script>alert(1)</script>' });
  assert.doesNotMatch(page.text, /<script>alert/);
  const again = await shop.submit(browser, page, { email: '"><img src=x>', password: 'x' });
  assert.doesNotMatch(again.text, /<img src=x>/);
});

test('demo_accounts_are_offered_and_fill_in_the_form', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  const link = /href="([^"]+\?demo=grace)"/.exec(page.text)?.[1];
  const filled = await browser.get(new URL(link!, idp.issuer).href);
  assert.match(filled.text, /value="grace@example.com"/);
  assert.match(filled.text, /value="demo-password"/);
});

test('a_new_account_is_made_behind_a_mailed_link_and_is_signed_in', async () => {
  const browser = new Browser();
  const person = { name: 'Sophie Germain', email: 'Sophie@Example.com', password: 'a fair number of stars' };
  const signedUp = await signUp(browser, await shop.begin(browser), person);
  const { claims } = await shop.redeem(await browser.follow(signedUp, idp.issuer));
  assert.equal(claims['name'], 'Sophie Germain');
  assert.equal(claims['email'], 'sophie@example.com');
  assert.equal(claims['email_verified'], true);
  assert.notEqual(claims.sub, 'sophie@example.com');
  const again = await shop.signIn(new Browser(), { email: person.email, fields: { password: person.password } });
  assert.equal(again.claims.sub, claims.sub);
});

test('a_sign_up_reads_the_same_for_an_address_that_somebody_has_and_a_mail_tells_its_owner', async () => {
  const answers = [];
  for (const email of ['mary@example.com', 'nobody-yet@example.com']) {
    const browser = new Browser();
    const page = await shop.begin(browser);
    const { status, text } = await askForAccount(browser, page, email);
    answers.push([status, text.replaceAll(email, 'ADDRESS').replaceAll(page.url.split('/').at(-1)!, 'UID')]);
  }
  assert.deepEqual(answers[0], answers[1]);
  const subjects = async (to: string) => (await messagesTo(idp.issuer, to)).map(({ subject }) => subject);
  assert.deepEqual(await subjects('mary@example.com'), ['You have an account already']);
  assert.deepEqual(await subjects('nobody-yet@example.com'), ['Create your account']);
});

test('a_mailbox_cannot_be_flooded_with_sign_ups', async () => {
  for (const email of ['flooded@example.com', 'grace@example.com']) {
    const browser = new Browser();
    const page = await shop.begin(browser);
    for (let i = 0; i < 8; i++) assert.equal((await askForAccount(browser, page, email)).status, 200);
    assert.equal((await messagesTo(idp.issuer, email)).length, 5);
  }
});

test('a_link_for_a_new_account_works_once_and_in_another_browser_ends_on_a_page_that_leads_to_the_login', async () => {
  const browser = new Browser();
  const email = 'elsewhere@example.com';
  const page = await shop.begin(browser);
  await askForAccount(browser, page, email);
  await askForAccount(browser, page, email);
  const [mail, another] = await messagesTo(idp.issuer, email);
  const reader = new Browser();
  const form = await reader.get(mail!.link!);
  const done = await shop.submit(reader, form, { name: 'Reader', password: 'a fair number of stars' });
  assert.equal(done.heading, 'Your account is ready');
  assert.match(done.text, new RegExp(`href="${shop.url}/auth/login"`));
  for (const { link } of [mail!, another!]) assert.equal((await reader.get(link!)).status, 410);
  // The login that it was begun in goes on as if nothing had been.
  assert.equal((await browser.get(page.url)).heading, 'Sign in');
});

test('sign_up_refuses_what_is_no_address', async () => {
  const browser = new Browser();
  const again = await askForAccount(browser, await shop.begin(browser), 'not an address');
  assert.match(again.text, /Write an address like/);
  assert.match(again.text, /aria-invalid="true"/);
});

const REFUSED = [
  { name: '', password: 'long enough words', says: /Please tell us your name/ },
  { name: 'A', password: 'short', says: /Use at least 8 characters/ },
  { name: 'A', password: 'picky@example.com', says: /something else than your name or address/ },
  { name: 'Ann Oldcastle', password: 'oldcastle99', says: /something else than your name or address/ },
  { name: 'A', password: 'aaaaaaaaaaaa', says: /more than a few different characters/ },
  { name: 'A', password: 'Sunshine2026!', says: /passwords that are tried first/ },
  { name: 'A', password: 'qwertyuiop', says: /passwords that are tried first/ },
  { name: 'A', password: 'Storezero-2026', says: /than the name of this site or of the shop/ },
  { name: 'A', password: 'P3akCommerce!1', says: /than the name of this site or of the shop/ },
  { name: 'A', password: 'friendbook-password', says: /than the name of this site or of the shop/ },
];
test('a_new_account_refuses_a_missing_name_and_passwords_that_are_easy_to_guess', async () => {
  const browser = new Browser();
  const email = 'picky@example.com';
  await askForAccount(browser, await shop.begin(browser), email);
  const [mail] = await messagesTo(idp.issuer, email);
  let page = await browser.get(mail!.link!);
  for (const { says, ...typed } of REFUSED) {
    page = await shop.submit(browser, page, typed);
    assert.equal(page.status, 200);
    assert.match(page.text, says, typed.password);
    assert.match(page.text, /aria-invalid="true"/);
  }
  await shop.redeem(await shop.submit(browser, page, { name: 'A', password: 'storezero and five old goats' }));
});

test('going_back_tells_the_client_access_denied', async () => {
  const browser = new Browser();
  const params = callbackParams(await shop.submit(browser, await shop.begin(browser), { cancel: 'yes' }), shop.url);
  assert.equal(params.get('error'), 'access_denied');
  assert.equal(params.get('iss'), idp.issuer);
});

test('a_form_without_its_token_or_from_another_site_changes_nothing', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  const { action, fields } = page.form;
  const forged = await browser.post(action, { ...ADA, csrf: 'made-up' });
  assert.equal(forged.status, 403);
  for (const [header, value] of [['origin', 'https://evil.example'], ['sec-fetch-site', 'cross-site']] as const) {
    const body = new URLSearchParams({ ...fields, ...ADA });
    const answer = await browser.request(action, { method: 'POST', body, headers: { [header]: value } });
    assert.equal(answer.status, 403, header);
  }
  const json = await browser.request(action, {
    method: 'POST',
    body: JSON.stringify({ ...fields, ...ADA }),
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(json.status, 415);
  const large = await browser.post(action, { ...fields, ...ADA, more: 'x'.repeat(20_000) });
  assert.equal(large.status, 413);
  await shop.redeem(await shop.submit(browser, page, ADA));
});

test('a_login_page_opened_in_another_browser_says_so_instead_of_going_in_circles', async () => {
  const page = await shop.begin(new Browser());
  const elsewhere = await new Browser().get(page.url);
  assert.equal(elsewhere.status, 400);
  assert.match(elsewhere.text, /another browser/);
  assert.match(elsewhere.text, new RegExp(`href="${shop.url}/auth/login"`));
});

test('the_back_button_to_a_finished_login_page_starts_again_at_its_shop', async () => {
  const browser = new Browser();
  const page = await shop.begin(browser);
  await shop.redeem(await shop.submit(browser, page, ADA));
  assert.equal((await browser.get(page.url)).location, `${shop.url}/auth/login`);
  assert.equal((await browser.get(page.url.replace('/interaction/', '/auth/'))).location, `${shop.url}/auth/login`);
});

test('a_login_page_that_nobody_remembers_starts_again_at_the_configured_shop', async () => {
  const answer = await new Browser().get(`${idp.issuer}/interaction/bookmarked-long-ago`);
  assert.equal(answer.location, 'http://localhost:3210/auth/login');
});

test('an_unknown_client_or_redirect_uri_is_refused_on_a_page_and_never_redirected', async () => {
  const browser = new Browser();
  const unknown = await browser.get(`${idp.issuer}/auth?client_id=nobody&response_type=code`);
  assert.equal(unknown.status, 400);
  assert.equal(unknown.heading, 'That did not work');
  const elsewhere = await browser.get(shop.authorizationUrl({ redirect_uri: 'https://evil.example/callback' }));
  assert.equal(elsewhere.status, 400);
  assert.equal(elsewhere.location, undefined);
});

test('a_client_without_pkce_is_refused', async () => {
  const url = new URL(shop.authorizationUrl());
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');
  const params = callbackParams(await new Browser().get(url.href), shop.url);
  assert.equal(params.get('error'), 'invalid_request');
});

test('prompt_consent_shows_a_page_that_can_be_accepted_and_refused', async () => {
  const browser = new Browser();
  await shop.signIn(browser);
  const page = await shop.begin(browser, { prompt: 'consent' });
  assert.equal(page.heading, 'Continue to Test shop?');
  assert.match(page.text, /your name and your email address/);
  await shop.redeem(await shop.submit(browser, page, {}));
  const refused = await shop.submit(browser, await shop.begin(browser, { prompt: 'consent' }), { cancel: 'yes' });
  assert.equal(callbackParams(refused, shop.url).get('error'), 'access_denied');
});

test('pages_run_nothing_inline_and_cannot_be_framed', async () => {
  const page = await shop.begin(new Browser());
  const policy = page.headers.get('content-security-policy')!;
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.match(policy, new RegExp(`form-action 'self' ${shop.url}`));
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(page.text, /<style|style="|<script>| on\w+="/);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  for (const [, path] of page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const asset = await fetch(idp.issuer + path);
    assert.equal(asset.status, 200, path);
    assert.match(asset.headers.get('cache-control')!, /immutable/);
  }
});
