// Tells clients that a session ended: OIDC Back-Channel Logout 1.0, with what is still owed kept in the database.
//
// oidc-provider would send each token once, refuse every address on this machine or network, and know nothing of
// password resets. So all logout tokens leave from here: tried at once, then again with growing pauses, over restarts.

import { randomUUID } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { EndReason } from './ended_sessions.ts';
import { type Database, epochSeconds } from './store/database.ts';
import { reachable } from './web/sites.ts';

export interface Notice {
  clientId: string;
  accountId: string;
  sid: string;
  /** Clients hear of it in the claim `reason`, which is ours and no standard's. */
  reason: EndReason;
}

/** An ending waits at most so long for its clients; the rest is delivered in the background. */
const TIMEOUT_MS = 2500;
const FIRST_PAUSE_SECONDS = 2;
const LONGEST_PAUSE_SECONDS = 300;
/** Longer than the absolute limit of any client's session worth telling. */
const GIVE_UP_AFTER_SECONDS = 7 * 86_400;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

interface StoredNotice {
  id: number;
  client_id: string;
  account_id: string;
  sid: string;
  /** None where an earlier version of this program noted it. */
  reason: EndReason | null;
  created_at: number;
  attempts: number;
}

export class BackchannelLogout {
  readonly #database: Database;
  readonly #isConfigured: (clientId: string) => boolean;
  readonly #log: (line: string) => void;
  #provider: Provider | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(database: Database, isConfigured: (clientId: string) => boolean, log: (line: string) => void) {
    this.#database = database;
    this.#isConfigured = isConfigured;
    this.#log = log;
  }

  /** Begins with what an earlier run of this program still owed. */
  start(provider: Provider): void {
    this.#provider = provider;
    this.#timer = setInterval(() => void this.#deliverDue(), 1000);
    this.#timer.unref();
  }

  /** Lets what is under way come to its end, so that the database can be closed. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
  }

  /** Notes a logout token as owed, inside the caller's transaction; `deliver` sends it. */
  owe({ clientId, accountId, sid, reason }: Notice): number {
    const now = epochSeconds();
    const { lastInsertRowid } = this.#database
      .prepare(
        `insert into logout_notice (client_id, account_id, sid, reason, created_at, next_attempt_at)
         values (?, ?, ?, ?, ?, ?)`,
      )
      // The first try belongs to `deliver`; the timer comes in only if that never happened.
      .run(clientId, accountId, sid, reason, now, now + FIRST_PAUSE_SECONDS + Math.ceil(TIMEOUT_MS / 1000));
    return Number(lastInsertRowid);
  }

  async deliver(ids: number[]): Promise<void> {
    const notices = ids
      .map((id) => this.#database.prepare('select * from logout_notice where id = ?').get(id))
      .filter((row) => row !== undefined);
    await this.#attemptAll(notices as unknown as StoredNotice[]);
  }

  async #deliverDue(): Promise<void> {
    const now = epochSeconds();
    const due = this.#database
      .prepare('select * from logout_notice where next_attempt_at <= ? order by next_attempt_at limit 20')
      .all(now) as unknown as StoredNotice[];
    for (const notice of due) this.#postpone(notice, now);
    await this.#attemptAll(due);
  }

  async #attemptAll(notices: StoredNotice[]): Promise<void> {
    const attempts = Promise.all(notices.map((notice) => this.#attempt(notice)));
    this.#underWay.add(attempts);
    await attempts.finally(() => this.#underWay.delete(attempts));
  }

  async #attempt(notice: StoredNotice): Promise<void> {
    const outcome = await this.#send(notice).catch((error: Error) => ({ done: false, what: fault(error) }));
    const expired = epochSeconds() - notice.created_at > GIVE_UP_AFTER_SECONDS;
    if (outcome.done || expired) {
      this.#database.prepare('delete from logout_notice where id = ?').run(notice.id);
    } else {
      this.#postpone(notice, epochSeconds());
    }
    if (outcome.what === undefined) return;
    const next = outcome.done ? '' : expired ? ', given up' : ', will be tried again';
    this.#log(`back-channel logout to ${notice.client_id}: ${outcome.what}${next}`);
  }

  #postpone(notice: StoredNotice, now: number): void {
    const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** notice.attempts, LONGEST_PAUSE_SECONDS);
    this.#database
      .prepare('update logout_notice set attempts = ?, next_attempt_at = ? where id = ?')
      .run(notice.attempts + 1, now + pause, notice.id);
  }

  async #send({ client_id, account_id, sid, reason }: StoredNotice): Promise<{ done: boolean; what: string | undefined }> {
    const client = await this.#provider!.Client.find(client_id);
    if (!client?.backchannelLogoutUri) return { done: true, what: undefined };
    const target = new URL(client.backchannelLogoutUri);
    // Whoever may register a client must not get this server to call into the network it stands in.
    if (!this.#isConfigured(client_id) && !LOOPBACK.has(target.hostname)) {
      return { done: true, what: `${target.host} is not on this machine and the client registered itself` };
    }

    // Back-Channel Logout §2.4: sub and sid, an events member, jti, no nonce, and any other claim, which clients ignore
    // that do not know it. Made anew for each try, since clients take only a fresh one; it names a sid, so it cannot end
    // a login that came later.
    const token = new this.#provider!.IdToken({}, { client });
    token.set('sub', account_id);
    token.set('events', { 'http://schemas.openid.net/event/backchannel-logout': {} });
    token.set('jti', randomUUID());
    token.set('sid', sid);
    if (reason !== null) token.set('reason', reason);
    const response = await fetch(reachable(target.href), {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ logout_token: await token.issue({ use: 'logout' }) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    // 400 is the client's considered answer (§2.8): the same token would be refused again.
    const done = response.ok || response.status === 400;
    return { done, what: `answered ${response.status}` };
  }
}

function fault(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}
