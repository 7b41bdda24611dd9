// The provider's own session: how long it lives, who took part in it, and how it ends for everybody.
//
// oidc-provider keeps the session itself. Beside it stands an index by account and by client, because its adapters
// have none, and because the clients noted inside a session can be lost when two requests save it at once.

import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { BackchannelLogout } from './backchannel.ts';
import type { Lifetimes } from './config.ts';
import { type EndedSession, EndedSessions, type Ending, type EndReason } from './ended_sessions.ts';
import { type Database, epochSeconds, transaction } from './store/database.ts';

export type ProviderSession = NonNullable<KoaContextWithOIDC['oidc']['session']>;

/** The login that a session stands for. */
export interface SignIn {
  accountId: string;
  /** The first login of the session, in seconds since 1970; the absolute limit counts from here. */
  startedAt: number;
  /** The last one, where that is known. */
  updatedAt?: number | undefined;
  /** "Keep me signed in": outlives the browser and has the longer limits. */
  kept: boolean;
  /** The other provider that vouched for the person, and its ID token; neither for a login with a password. */
  provider?: string | undefined;
  upstreamIdToken?: string | undefined;
}

/** A client that got an answer out of a session. */
export interface SessionClient {
  clientId: string;
  sid: string;
  /** Its last one, where that is known: seconds since 1970. */
  answeredAt: number | undefined;
}

interface SignInRow {
  account_id: string;
  started_at: number;
  updated_at: number | null;
  kept: number;
  provider: string | null;
  upstream_id_token: string | null;
}

export class Sessions {
  readonly ended: EndedSessions;
  readonly #database: Database;
  readonly #lifetimes: Lifetimes;
  readonly #backchannel: BackchannelLogout;

  constructor(database: Database, lifetimes: Lifetimes, backchannel: BackchannelLogout) {
    this.ended = new EndedSessions(database);
    this.#database = database;
    this.#lifetimes = lifetimes;
    this.#backchannel = backchannel;
  }

  /** A login updated this session. A second one in the same session does not put off its absolute limit. */
  signedIn(uid: string, signIn: Omit<SignIn, 'startedAt' | 'updatedAt'>): void {
    const now = epochSeconds();
    this.#database
      .prepare(
        `insert into sign_in (session_uid, account_id, started_at, updated_at, kept, provider, upstream_id_token)
         values (?, ?, ?, ?, ?, ?, ?)
         on conflict (session_uid) do update set updated_at = excluded.updated_at, kept = excluded.kept,
           provider = excluded.provider, upstream_id_token = excluded.upstream_id_token`,
      )
      .run(
        uid,
        signIn.accountId,
        now,
        now,
        signIn.kept ? 1 : 0,
        signIn.provider ?? null,
        signIn.upstreamIdToken ?? null,
      );
  }

  signInOf(uid: string): SignIn | undefined {
    const row = this.#database.prepare('select * from sign_in where session_uid = ?').get(uid) as
      | SignInRow
      | undefined;
    return (
      row && {
        accountId: row.account_id,
        startedAt: row.started_at,
        updatedAt: row.updated_at ?? undefined,
        kept: row.kept === 1,
        provider: row.provider ?? undefined,
        upstreamIdToken: row.upstream_id_token ?? undefined,
      }
    );
  }

  /** A client got an answer out of this session and has to hear of its end. */
  clientTookPart(session: ProviderSession, clientId: string): void {
    this.#database
      .prepare(
        `insert into session_client (session_uid, client_id, account_id, sid, grant_id, answered_at)
         values (?, ?, ?, ?, ?, ?)
         on conflict (session_uid, client_id) do update set grant_id = excluded.grant_id,
           answered_at = excluded.answered_at`,
      )
      .run(
        session.uid,
        clientId,
        session.accountId!,
        sidFor(session.uid, clientId),
        session.grantIdFor(clientId) ?? null,
        epochSeconds(),
      );
  }

  /** In the order of their first answers. */
  clientsOf(uid: string): SessionClient[] {
    const rows = this.#database
      .prepare('select client_id, sid, answered_at from session_client where session_uid = ? order by rowid')
      .all(uid) as { client_id: string; sid: string; answered_at: number | null }[];
    return rows.map(({ client_id: clientId, sid, answered_at: answeredAt }) => ({
      clientId,
      sid,
      answeredAt: answeredAt ?? undefined,
    }));
  }

  /**
   * Seconds that the session may live from now on. Only a visit by the person slides the idle limit: not a silent
   * check (prompt=none), not a page of ours, nothing that a machine asks.
   */
  secondsLeft(ctx: KoaContextWithOIDC, session: ProviderSession): number {
    const signIn = session.accountId === undefined ? undefined : this.signInOf(session.uid);
    // Nobody has signed in yet: it is only there to be updated by the login under way.
    if (!signIn) return this.#lifetimes.interaction;
    const now = epochSeconds();
    const { idle } = this.limitsOf(signIn);
    const untilAbsolute = this.absoluteEnd(signIn) - now;
    const slides =
      (ctx.oidc.route === 'authorization' || ctx.oidc.route === 'resume') &&
      ctx.oidc.client !== undefined &&
      ctx.oidc.params?.['prompt'] !== 'none';
    const untilIdle = slides || session.exp === undefined ? idle : session.exp - now;
    return Math.max(1, Math.min(untilIdle, untilAbsolute));
  }

  /** When a session ends however much it is used: seconds since 1970. */
  absoluteEnd(signIn: SignIn): number {
    return signIn.startedAt + this.limitsOf(signIn).absolute;
  }

  limitsOf({ kept }: SignIn): { idle: number; absolute: number } {
    const { idle, absolute, keptIdle, keptAbsolute } = this.#lifetimes;
    return kept ? { idle: keptIdle, absolute: keptAbsolute } : { idle, absolute };
  }

  /** Ends one session with its grants, and tells every client that took part in it. */
  async end(provider: Provider, uid: string, ending: Ending): Promise<void> {
    const session = await provider.Session.findByUid(uid);
    const notices = transaction(this.#database, () => {
      const clients = this.#database
        .prepare('select client_id, account_id, sid, grant_id from session_client where session_uid = ?')
        .all(uid) as { client_id: string; account_id: string; sid: string; grant_id: string | null }[];
      for (const { grant_id: grantId } of clients) {
        if (grantId === null) continue;
        this.#database
          .prepare(`delete from oidc_state where grant_id = ?1 or (model = 'Grant' and id = ?1)`)
          .run(grantId);
      }
      const sids = Object.fromEntries(clients.map(({ client_id: clientId, sid }) => [clientId, sid]));
      if (session) this.ended.note(session, ending, sids);
      this.#database.prepare('delete from session_client where session_uid = ?').run(uid);
      this.#database.prepare('delete from sign_in where session_uid = ?').run(uid);
      return clients.map((client) =>
        this.#backchannel.owe({
          clientId: client.client_id,
          accountId: client.account_id,
          sid: client.sid,
          reason: ending.reason,
        }),
      );
    });
    await session?.destroy();
    await this.#backchannel.deliver(notices);
  }

  /** Ends every session of an account, in every browser, or all but one. */
  async endAll(provider: Provider, accountId: string, reason: EndReason, exceptUid = ''): Promise<void> {
    const rows = this.#database
      .prepare('select session_uid from sign_in where account_id = ? and session_uid <> ?')
      .all(accountId, exceptUid) as { session_uid: string }[];
    await Promise.all(rows.map(({ session_uid: uid }) => this.end(provider, uid, { reason })));
  }

  /** In how many browsers somebody is signed in. */
  countOf(accountId: string): number {
    const { count } = this.#database
      .prepare(
        `select count(*) as count from sign_in join oidc_state on model = 'Session' and uid = session_uid
         where account_id = ? and expires_at > ?`,
      )
      .get(accountId, epochSeconds()) as { count: number };
    return count;
  }

  /** Which limit ended a session. */
  #limitReached(uid: string, endedAt: number): EndReason {
    const signIn = this.signInOf(uid);
    if (!signIn) return 'no_login';
    return endedAt >= this.absoluteEnd(signIn) ? 'absolute_limit' : 'idle_limit';
  }

  /** The session that a cookie of this value named, if it is over. */
  endOf(id: string): EndedSession | undefined {
    this.noteExpired();
    return this.ended.named(id);
  }

  /** What is told of sessions that reached a limit, before oidc-provider's state of them goes. */
  noteExpired(): void {
    this.ended.noteExpired((uid, endedAt) => this.#limitReached(uid, endedAt));
  }

  /** Forgets sessions that expired by themselves. Their clients have limits of their own and hear nothing. */
  forgetExpired(): void {
    const gone = `session_uid not in (select uid from oidc_state where model = 'Session' and expires_at > ?)`;
    // A login is noted just before oidc-provider saves its session.
    const now = epochSeconds();
    this.#database.prepare(`delete from sign_in where started_at < ? and ${gone}`).run(now - 60, now);
    this.#database
      .prepare('delete from session_client where session_uid not in (select session_uid from sign_in)')
      .run();
    this.ended.forgetOld();
  }
}

/** What this browser's cookie names: a session, or one that is over. */
export function sessionCookie(provider: Provider, ctx: Context): string | undefined {
  return ctx.cookies.get(provider.cookieName('session'), { signed: true });
}

/**
 * The session id that a client sees (`sid`). One per client and session, so that clients cannot compare notes, and
 * computed, so that two tabs that sign in at once get the same one.
 */
export function sidFor(sessionUid: string, clientId: string): string {
  return createHash('sha256').update(`sid:${sessionUid}:${clientId}`).digest('base64url').slice(0, 27);
}
