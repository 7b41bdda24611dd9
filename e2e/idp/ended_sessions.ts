// What became of the sessions that are over: without it, a browser that comes back only finds that it has none.

import type { ProviderSession } from './sessions.ts';
import { type Database, epochSeconds } from './store/database.ts';

export type EndReason =
  | 'prompt_login'
  | 'another_account'
  | 'sign_out'
  | 'sign_out_everywhere'
  | 'password_changed'
  | 'email_changed'
  | 'phone_changed'
  | 'second_factor_changed'
  | 'friendbook_disconnected'
  | 'account_removed'
  | 'no_login'
  | 'idle_limit'
  | 'absolute_limit';

export interface Ending {
  reason: EndReason;
  /** The client whose request ended it, where one did. */
  clientId?: string | undefined;
}

/** All times are seconds since 1970. */
export interface EndedSession extends Ending {
  beganAt: number;
  endedAt: number;
  /** By client, of those that had taken part. */
  sids: Record<string, string>;
}

const KEPT_SECONDS = 7 * 86_400;

export class EndedSessions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  note({ jti: id, iat }: ProviderSession, { reason, clientId }: Ending, sids: Record<string, string>): void {
    this.#insert({ id, beganAt: iat, endedAt: epochSeconds(), reason, clientId, sids });
  }

  /** Sessions that reached a limit do not end by anybody's doing; `reasonOf` tells which limit it was. */
  noteExpired(reasonOf: (uid: string, endedAt: number) => EndReason): void {
    const rows = this.#database
      .prepare(
        `select id, uid, payload ->> '$.iat' as iat, expires_at,
           (select json_group_object(client_id, sid) from session_client where session_uid = uid) as sids
         from oidc_state where model = 'Session' and expires_at <= ?`,
      )
      .all(epochSeconds()) as { id: string; uid: string; iat: number; expires_at: number; sids: string }[];
    for (const { id, uid, iat, expires_at: endedAt, sids } of rows) {
      this.#insert({ id, beganAt: iat, endedAt, reason: reasonOf(uid, endedAt), sids: JSON.parse(sids) });
    }
  }

  /** The session that a cookie of this value named. */
  named(id: string): EndedSession | undefined {
    return parse(this.#database.prepare('select * from ended_session where id = ?').get(id));
  }

  /** The session of the same browser before this one. */
  before(uid: string): EndedSession | undefined {
    return parse(this.#database.prepare('select * from ended_session where next_uid = ?').get(uid));
  }

  /** Another session begins in the browser that had this one. */
  followedBy(id: string, uid: string): void {
    this.#database.prepare('update ended_session set next_uid = ? where id = ?').run(uid, id);
  }

  forgetOld(): void {
    this.#database.prepare('delete from ended_session where ended_at < ?').run(epochSeconds() - KEPT_SECONDS);
  }

  #insert({ id, beganAt, endedAt, reason, clientId, sids }: EndedSession & { id: string }): void {
    this.#database
      .prepare(
        `insert into ended_session (id, began_at, ended_at, reason, client_id, sids) values (?, ?, ?, ?, ?, ?)
         on conflict do nothing`,
      )
      .run(id, beganAt, endedAt, reason, clientId ?? null, JSON.stringify(sids));
  }
}

interface EndedSessionRow {
  began_at: number;
  ended_at: number;
  reason: EndReason;
  client_id: string | null;
  sids: string;
}

function parse(row: unknown): EndedSession | undefined {
  if (row === undefined) return undefined;
  const { began_at: beganAt, ended_at: endedAt, reason, client_id: clientId, sids } = row as EndedSessionRow;
  return { beganAt, endedAt, reason, clientId: clientId ?? undefined, sids: JSON.parse(sids) };
}
