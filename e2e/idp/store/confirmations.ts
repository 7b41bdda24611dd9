// Secrets that were sent to somebody and prove, when they come back, that the address or number is theirs.

import { createHash, randomBytes, randomInt } from 'node:crypto';
import { type Database, epochSeconds } from './database.ts';

/** What a secret confirms, and what is remembered with it. */
interface Kinds {
  /** Has no account yet; the address stands in for it. */
  'sign-up': { email: string };
  'reset-password': Record<string, never>;
  'change-email': { email: string };
  'change-phone': { phone: string };
}
export type ConfirmationKind = keyof Kinds;

const LIFETIME_SECONDS: Record<ConfirmationKind, number> = {
  'sign-up': 3600,
  'reset-password': 3600,
  'change-email': 3600,
  'change-phone': 600,
};
/** Of one kind and account within its lifetime: nobody's mailbox can be flooded from here. */
const MOST_OUTSTANDING = 5;

export interface Confirmation<K extends ConfirmationKind> {
  accountId: string;
  note: Kinds[K];
}

export class Confirmations {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A token for a link; undefined when too many are outstanding. */
  token<K extends ConfirmationKind>(kind: K, accountId: string, note: Kinds[K]): string | undefined {
    const token = randomBytes(32).toString('base64url');
    return this.#store(kind, accountId, note, token) ? token : undefined;
  }

  /** Six digits to type; they only count together with their account, and replace the ones before. */
  code(kind: 'change-phone', accountId: string, note: Kinds['change-phone']): string | undefined {
    const code = String(randomInt(10 ** 6)).padStart(6, '0');
    const secret = `${accountId}:${code}`;
    if (!this.#store(kind, accountId, note, secret)) return undefined;
    // Those before go on counting as outstanding, under a name that no hash has.
    this.#database
      .prepare(
        `update confirmation set hash = 'replaced:' || hash
         where kind = ? and account_id = ? and hash <> ? and hash not like 'replaced:%'`,
      )
      .run(kind, accountId, hashOf(secret));
    return code;
  }

  /** What a token of this kind is for, without using it up. */
  peek<K extends ConfirmationKind>(kind: K, token: string): Confirmation<K> | undefined {
    return parse(
      this.#database
        .prepare('select account_id, note from confirmation where hash = ? and kind = ? and expires_at > ?')
        .get(hashOf(token), kind, epochSeconds()),
    );
  }

  /** Uses a token up. */
  take<K extends ConfirmationKind>(kind: K, token: string): Confirmation<K> | undefined {
    return parse(
      this.#database
        .prepare('delete from confirmation where hash = ? and kind = ? and expires_at > ? returning account_id, note')
        .get(hashOf(token), kind, epochSeconds()),
    );
  }

  takeCode(kind: 'change-phone', accountId: string, code: string): Confirmation<'change-phone'> | undefined {
    return this.take(kind, `${accountId}:${code.replace(/\s/g, '')}`);
  }

  /** Whatever was sent before the account changed hands or address must not work afterwards. */
  forgetAll(accountId: string): void {
    this.#database.prepare('delete from confirmation where account_id = ?').run(accountId);
  }

  forgetExpired(): void {
    this.#database.prepare('delete from confirmation where expires_at <= ?').run(epochSeconds());
  }

  #store<K extends ConfirmationKind>(kind: K, accountId: string, note: Kinds[K], secret: string): boolean {
    const now = epochSeconds();
    const { count } = this.#database
      .prepare('select count(*) as count from confirmation where kind = ? and account_id = ? and expires_at > ?')
      .get(kind, accountId, now) as { count: number };
    if (count >= MOST_OUTSTANDING) return false;
    this.#database
      .prepare('insert or replace into confirmation (hash, kind, account_id, note, expires_at) values (?, ?, ?, ?, ?)')
      .run(hashOf(secret), kind, accountId, JSON.stringify(note), now + LIFETIME_SECONDS[kind]);
    return true;
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function parse<K extends ConfirmationKind>(row: unknown): Confirmation<K> | undefined {
  if (row === undefined) return undefined;
  const { account_id: accountId, note } = row as { account_id: string; note: string };
  return { accountId, note: JSON.parse(note) };
}
