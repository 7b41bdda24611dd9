// Guessing passwords: what is borne of one sender, for one address and in all, and who waits for whom.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Guesses, senderOf } from '../guesses.ts';
import { Busy, type Claimant, HashQueue } from '../hashing.ts';
import { codeAt } from '../second_factor/totp.ts';
import { Allowance } from '../throttle.ts';
import { type Answer, Browser } from './browser.ts';
import type { RelyingParty } from './relying_party.ts';
import { startTestProvider, type TestProvider } from './setup.ts';
import { askForAccount, messagesTo } from './sign_up.ts';

const ADA = { email: 'ada@example.com', password: 'demo-password' };
const MARY = { email: 'mary@example.com', password: 'demo-password' };

/** A browser at this address: the proxy says so. */
class Sender extends Browser {
  readonly #ip: string;
  constructor(ip: string) {
    super();
    this.#ip = ip;
  }

  override request(url: string, init: RequestInit = {}): Promise<Answer> {
    return super.request(url, { ...init, headers: { ...init.headers, 'x-forwarded-for': `10.9.9.9, ${this.#ip}` } });
  }
}

async function start(limits: Record<string, string>): Promise<{ idp: TestProvider; shop: RelyingParty }> {
  const idp = await startTestProvider({ IDP_TRUSTED_PROXY: '1', ...limits });
  return { idp, shop: await idp.register() };
}

async function tryOnce(shop: RelyingParty, browser: Browser, fields: Record<string, string>): Promise<Answer> {
  return shop.submit(browser, await shop.begin(browser), fields);
}

test('one_sender_may_not_try_many_addresses_and_other_senders_go_on', async () => {
  const { shop } = await start({ IDP_GUESSES_PER_SENDER: '8' });
  const guesser = new Sender('192.0.2.1');
  for (let i = 0; i < 8; i++) {
    const page = await tryOnce(shop, guesser, { email: `somebody-${i}@example.com`, password: 'guess' });
    assert.equal(page.status, 200);
  }
  const refused = await tryOnce(shop, guesser, ADA);
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 60);
  assert.match(refused.text, /Too many tries\. Please wait/);
  // What a sender writes into the header itself does not make another one of it.
  const disguised = new Sender('192.0.2.77, 192.0.2.1');
  assert.equal((await tryOnce(shop, disguised, ADA)).status, 429);
  await shop.redeem(await tryOnce(shop, new Sender('192.0.2.2'), ADA));
});

test('one_address_may_not_be_tried_from_everywhere_and_its_owner_still_gets_in', async () => {
  const { idp, shop } = await start({ IDP_GUESSES_PER_ADDRESS: '6' });
  const known = new Sender('198.51.100.1');
  const { idToken } = await shop.redeem(await tryOnce(shop, known, ADA));
  await known.get(`${idp.issuer}/session/end?id_token_hint=${idToken}`);
  for (let i = 0; i < 6; i++) {
    const page = await tryOnce(shop, new Sender(`192.0.2.${i}`), { ...ADA, password: `guess ${i}` });
    assert.equal(page.status, 200);
  }
  assert.equal((await tryOnce(shop, new Sender('192.0.2.99'), ADA)).status, 429);
  await shop.redeem(await tryOnce(shop, new Sender('192.0.2.99'), MARY));
  // From a browser that was signed in before, and anywhere with a new password.
  await shop.redeem(await tryOnce(shop, known, ADA));
  const anywhere = new Sender('203.0.113.1');
  const forgotten = await anywhere.get(`${idp.issuer}/forgot-password`);
  await shop.submit(anywhere, forgotten, { email: ADA.email });
  const [mail] = await messagesTo(idp.issuer, ADA.email);
  const password = 'a password that is new';
  await shop.submit(anywhere, await anywhere.get(mail!.link!), { password });
  await shop.redeem(await tryOnce(shop, new Sender('203.0.113.2'), { ...ADA, password }));
});

test('a_known_browser_is_no_way_to_guess_either', async () => {
  const { idp, shop } = await start({ IDP_GUESSES_PER_SENDER: '1000' });
  const browser = new Sender('198.51.100.1');
  const { idToken } = await shop.redeem(await tryOnce(shop, browser, ADA));
  await browser.get(`${idp.issuer}/session/end?id_token_hint=${idToken}`);
  const mark = browser.cookie('pcid_known')!;
  for (let i = 0; i < 5; i++) {
    // The mark of one browser, carried everywhere.
    const thief = new Sender(`192.0.2.${i}`);
    thief.cookies = browser.cookies.filter(({ name }) => name.startsWith(mark.name));
    assert.equal((await tryOnce(shop, thief, { ...ADA, password: `guess ${i}` })).status, 200);
  }
  assert.equal((await tryOnce(shop, browser, { ...ADA, password: 'guess' })).status, 429);
  await shop.redeem(await tryOnce(shop, new Sender('192.0.2.200'), ADA));
});

test('who_knows_a_password_may_not_guess_codes_for_ever_nor_keep_its_owner_out', async () => {
  const { idp, shop } = await start({ IDP_DEMO: '1' });
  const grace = { email: 'grace@example.com', password: 'demo-password' };
  const code = () => {
    idp.realm.database.exec("update second_factor set last_step = 0 where account_id = 'grace'");
    return codeAt('PEAKDEMOPEAKDEMOPEAKDEMOPEAKDEMO', Date.now());
  };
  const known = new Sender('198.51.100.1');
  const { idToken } = await shop.redeem(await shop.submit(known, await tryOnce(shop, known, grace), { code: code() }));
  await known.get(`${idp.issuer}/session/end?id_token_hint=${idToken}`);

  const statuses: number[] = [];
  for (let sender = 0; sender < 21; sender++) {
    const guesser = new Sender(`192.0.2.${sender}`);
    let page = await tryOnce(shop, guesser, grace);
    for (let i = 0; i < 5; i++) {
      page = await shop.submit(guesser, page, { code: 'wrong' });
      statuses.push(page.status);
    }
  }
  assert.deepEqual(statuses, [...Array(100).fill(200), ...Array(5).fill(429)]);
  const told = await messagesTo(idp.issuer, grace.email);
  assert.deepEqual(told.map(({ subject }) => subject), ['Wrong codes of your second factor']);
  await shop.redeem(await shop.submit(known, await tryOnce(shop, known, grace), { code: code() }));
});

test('one_sender_waits_after_five_wrong_codes_and_another_does_not', async () => {
  const { shop, idp } = await start({ IDP_DEMO: '1' });
  const grace = { email: 'grace@example.com', password: 'demo-password' };
  const guesser = new Sender('192.0.2.1');
  let page = await tryOnce(shop, guesser, grace);
  for (let i = 0; i < 5; i++) page = await shop.submit(guesser, page, { code: 'wrong' });
  // The right password makes nobody known who has a second factor.
  const again = await tryOnce(shop, guesser, grace);
  assert.equal((await shop.submit(guesser, again, { code: 'wrong' })).status, 429);
  const owner = new Sender('198.51.100.1');
  idp.realm.database.exec("update second_factor set last_step = 0 where account_id = 'grace'");
  const code = codeAt('PEAKDEMOPEAKDEMOPEAKDEMOPEAKDEMO', Date.now());
  await shop.redeem(await shop.submit(owner, await tryOnce(shop, owner, grace), { code }));
});

test('all_guesses_together_have_a_limit_that_who_was_here_before_does_not_feel', async () => {
  const { idp, shop } = await start({ IDP_GUESSES_OVERALL: '6' });
  const known = new Sender('198.51.100.1');
  const { idToken } = await shop.redeem(await tryOnce(shop, known, ADA));
  await known.get(`${idp.issuer}/session/end?id_token_hint=${idToken}`);
  for (let i = 0; i < 6; i++) {
    const fields = { email: `somebody-${i}@example.com`, password: 'guess' };
    assert.equal((await tryOnce(shop, new Sender(`192.0.2.${i}`), fields)).status, 200);
  }
  assert.equal((await tryOnce(shop, new Sender('192.0.2.99'), MARY)).status, 429);
  await shop.redeem(await tryOnce(shop, known, ADA));
});

test('one_sender_may_not_have_mails_sent_to_everybody', async () => {
  const { idp, shop } = await start({ IDP_MAILS_PER_SENDER: '3' });
  const sender = new Sender('192.0.2.1');
  const login = await shop.begin(sender);
  for (let i = 0; i < 3; i++) assert.equal((await askForAccount(sender, login, `mail-${i}@example.com`)).status, 200);
  const refused = await askForAccount(sender, login, 'mail-3@example.com');
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  const forgotten = await sender.get(`${idp.issuer}/forgot-password`);
  assert.equal((await shop.submit(sender, forgotten, { email: ADA.email })).status, 429);
  assert.deepEqual(await messagesTo(idp.issuer, 'mail-3@example.com'), []);
  assert.deepEqual(await messagesTo(idp.issuer, ADA.email), []);
  const other = new Sender('192.0.2.2');
  assert.equal((await shop.submit(other, await other.get(forgotten.url), { email: ADA.email })).status, 200);
});

test('a_login_that_succeeds_is_no_guess', async () => {
  const few = { IDP_GUESSES_PER_SENDER: '3', IDP_GUESSES_PER_ADDRESS: '3', IDP_GUESSES_OVERALL: '3' };
  const { shop } = await start(few);
  for (let i = 0; i < 10; i++) await shop.redeem(await tryOnce(shop, new Sender('192.0.2.1'), ADA));
});

test('an_honest_login_is_answered_beside_forty_hostile_ones', async () => {
  // A hash of which a person notices nothing and forty people do.
  const { shop } = await start({ IDP_HASH_QUEUE: '6', IDP_HASH_MEMORY: '19456', IDP_GUESSES_PER_SENDER: '1000' });
  const hostile = new Sender('192.0.2.1');
  const { action, fields } = (await shop.begin(hostile)).form;
  const honest = new Sender('198.51.100.1');
  const page = await shop.begin(honest);

  let answered = 0;
  const guesses = Array.from({ length: 40 }, async (_, i) => {
    const answer = await hostile.post(action, { ...fields, email: `somebody-${i}@example.com`, password: 'guess' });
    if (answer.status === 200) answered++;
    return answer;
  });
  // The queue is full as soon as the first one finds no place in it.
  const refused = await Promise.any(
    guesses.map(async (guess) => ((await guess).status === 503 ? guess : Promise.reject())),
  );
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  assert.match(refused.text, /Wait some seconds, then go back and try again/);
  const before = answered;
  await shop.redeem(await shop.submit(honest, page, ADA));
  assert.ok(answered - before <= 4, `it waited for ${answered - before} of those before it`);

  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.ok(statuses.every((status) => status === 200 || status === 503));
  assert.ok(statuses.filter((status) => status === 503).length >= 10);
});

/** Whose work was done, in order, and who was refused, when these come while one is under way. */
async function inQueue(places: number, claims: (Partial<Claimant> & { login: string })[]): Promise<string> {
  const queue = new HashQueue(1, places);
  const first = Promise.withResolvers<void>();
  const done: string[] = [];
  const refused: string[] = [];
  const all = [{ login: 'first' }, ...claims].map(async (claim, i) => {
    const claimant = { known: false, suspect: false, sender: claim.login[0]!, ...claim };
    try {
      await queue.run(claimant, async () => {
        if (i === 0) await first.promise;
        done.push(claim.login);
      });
    } catch (error) {
      assert.ok(error instanceof Busy);
      refused.push(claim.login);
    }
  });
  first.resolve();
  await Promise.all(all);
  return `${done.slice(1).join(' ')} | ${refused.join(' ')}`.trim();
}

const of = (...logins: string[]) => logins.map((login) => ({ login }));

test('whoever_wants_many_hashes_waits_behind_whoever_wants_one_and_gives_up_places_to_them', async () => {
  assert.equal(await inQueue(9, of('b1', 'a1', 'a1', 'a1')), 'b1 a1 a1 a1 |');
  // Within one sender the same holds for its logins.
  assert.equal(await inQueue(9, of('a2', 'a1', 'a1', 'a1')), 'a2 a1 a1 a1 |');
  assert.equal(await inQueue(3, of('b1', 'a1', 'a1', 'a1')), 'b1 a1 a1 | a1');
  assert.equal(await inQueue(3, of('a2', 'a1', 'a1', 'a1')), 'a2 a1 a1 | a1');
});

test('of_equals_the_last_one_is_served_first_and_the_first_one_refused', async () => {
  assert.equal(await inQueue(9, of('a1', 'b1', 'c1')), 'c1 b1 a1 |');
  assert.equal(await inQueue(2, of('a1', 'b1', 'c1')), 'c1 b1 | a1');
});

test('whoever_is_refused_and_asks_at_once_again_takes_nobodys_place', async () => {
  assert.equal(await inQueue(2, of('a1', 'b1', 'c1', 'a1', 'n1', 'a1', 'b1')), 'n1 c1 | a1 a1 b1 a1 b1');
});

test('who_was_here_before_goes_first_and_who_failed_lately_last', async () => {
  const [known, suspect] = [{ known: true }, { suspect: true }];
  const claims = [{ login: 's1', ...suspect }, { login: 'n1' }, { login: 'k1', ...known }];
  assert.equal(await inQueue(9, claims), 'k1 n1 s1 |');
  assert.equal(await inQueue(2, claims), 'k1 n1 | s1');
});

test('a_sender_makes_one_hash_at_a_time_so_that_the_next_one_finds_a_place', async () => {
  const queue = new HashQueue(2, 9);
  const done: string[] = [];
  const end = Promise.withResolvers<void>();
  const run = (login: string, work = end.promise) =>
    queue.run({ known: false, suspect: false, sender: login[0]!, login }, async () => {
      await work;
      done.push(login);
    });
  const slow = [run('a1'), run('a2'), run('a3')];
  await run('b1', Promise.resolve());
  assert.deepEqual(done, ['b1']);
  end.resolve();
  await Promise.all(slow);
});

test('an_allowance_comes_back_evenly_and_is_given_back', () => {
  const allowance = new Allowance(4, 40_000);
  for (let i = 0; i < 4; i++) assert.equal(allowance.take('a', 0), undefined);
  assert.equal(allowance.take('a', 0)?.waitSeconds, 10);
  assert.equal(allowance.take('a', 4_000)?.waitSeconds, 6);
  assert.equal(allowance.take('b', 0), undefined);
  assert.equal(allowance.take('a', 10_000), undefined);
  allowance.giveBack('a', 10_000);
  assert.equal(allowance.take('a', 10_000), undefined);
  assert.ok(allowance.take('a', 10_000));
});

test('a_sender_is_an_ipv4_address_or_the_first_half_of_an_ipv6_address', () => {
  for (const [ip, sender] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['', ''],
  ] as const) {
    assert.equal(senderOf(ip), sender);
  }
});

test('addresses_that_nobody_has_do_not_make_a_count_be_forgotten', () => {
  const limits = { perSender: 1e6, perAddress: 5, overall: 3000, mailsPerSender: 1, hashQueue: 1 };
  const guesses = new Guesses(limits);
  const quarterHour = 15 * 60_000;
  const guess = (address: string, i: number, now: number) =>
    guesses.begin({ sender: `sender ${i}`, address, known: false }, now);
  for (let i = 0; i < 5; i++) assert.equal(guess('victim@example.com', i, 0), undefined);
  let now = 0;
  for (let round = 1; round <= 5; round++) {
    now = round * quarterHour;
    for (let i = 0; i < 2900; i++) guess(`invented-${round}-${i}@example.com`, i, now);
  }
  assert.ok(guess('victim@example.com', 6, now));
});
