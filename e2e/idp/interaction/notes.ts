// What a login remembers between two of its pages: in the database, not in the page, where it could be changed.

import type { LoginRequest } from '../social/friendbook.ts';
import type { Database } from '../store/database.ts';
import type { Authentication } from './finish.ts';

interface Notes {
  /** Sent to Friendbook, and what has to come back with its answer. */
  friendbook: LoginRequest & { kept: boolean };
  /** Given, and waiting for the second one since `at` (seconds since 1970). */
  'first-factor': { authentication: Authentication; at: number };
  /** The second factor was set up and so proved; the recovery codes are on the screen. */
  enrolled: { accountId: string };
  /** Friendbook vouched for somebody whose address belongs to an account here: whose password is asked for now. */
  link: { email: string; issuer: string; subject: string; authentication: Omit<Authentication, 'accountId'> };
}

export class InteractionNotes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put<K extends keyof Notes>(uid: string, kind: K, note: Notes[K]): void {
    this.#database
      .prepare(
        `insert into interaction_note (interaction_uid, kind, payload) values (?, ?, ?)
         on conflict (interaction_uid, kind) do update set payload = excluded.payload`,
      )
      .run(uid, kind, JSON.stringify(note));
  }

  get<K extends keyof Notes>(uid: string, kind: K): Notes[K] | undefined {
    return parse(
      this.#database
        .prepare('select payload from interaction_note where interaction_uid = ? and kind = ?')
        .get(uid, kind),
    );
  }

  /** For what may be used only once. */
  take<K extends keyof Notes>(uid: string, kind: K): Notes[K] | undefined {
    return parse(
      this.#database
        .prepare('delete from interaction_note where interaction_uid = ? and kind = ? returning payload')
        .get(uid, kind),
    );
  }

  /** Logins of this account that are half done have to begin again. */
  forgetAccount(accountId: string): void {
    this.#database
      .prepare(`delete from interaction_note where payload ->> '$.authentication.accountId' = ?`)
      .run(accountId);
  }

  forgetExpired(): void {
    this.#database.exec(
      `delete from interaction_note where interaction_uid not in
         (select id from oidc_state where model = 'Interaction' and expires_at > unixepoch())`,
    );
  }
}

function parse<T>(row: unknown): T | undefined {
  return row === undefined ? undefined : JSON.parse((row as { payload: string }).payload);
}
