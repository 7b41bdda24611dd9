// The people who can sign in at one provider.

import { randomBytes } from 'node:crypto';
import { type Database, epochSeconds, transaction } from './database.ts';

export interface User {
  /** The `sub` of ID tokens: never changes, never used twice. */
  id: string;
  /** In lower case. */
  email: string;
  /** False only of accounts from when an address was believed at once; such an account has no claim to it (claim.ts). */
  emailVerified: boolean;
  name: string;
  /** Null for who only ever came through another provider. */
  passwordHash: string | null;
  /** In E.164; only a confirmed number is kept. */
  phone: string | undefined;
}

/** Somebody as another provider knows them. */
export interface UpstreamIdentity {
  issuer: string;
  subject: string;
}

export class EmailTaken extends Error {}

export class Users {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  byId(id: string): User | undefined {
    return toUser(this.#database.prepare('select * from user where id = ?').get(id));
  }

  byEmail(email: string): User | undefined {
    return toUser(this.#database.prepare('select * from user where email = ?').get(normalizeEmail(email)));
  }

  /** Of an address that was confirmed. Throws `EmailTaken` when somebody has it. */
  create(user: Omit<User, 'id' | 'phone' | 'emailVerified'> & { id?: string }): User {
    const id = user.id ?? randomBytes(16).toString('base64url');
    const { changes } = this.#database
      .prepare(
        `insert into user (id, email, email_verified, name, password_hash, created_at) values (?, ?, 1, ?, ?, ?)
         on conflict do nothing`,
      )
      .run(id, normalizeEmail(user.email), user.name, user.passwordHash, epochSeconds());
    if (changes === 0) throw new EmailTaken();
    return this.byId(id)!;
  }

  /** With the accounts at other providers that led to it. */
  remove(id: string): void {
    transaction(this.#database, () => {
      this.#database.prepare('delete from user where id = ?').run(id);
      this.#database.prepare('delete from linked_account where account_id = ?').run(id);
    });
  }

  setPassword(id: string, passwordHash: string): void {
    this.#database.prepare('update user set password_hash = ? where id = ?').run(passwordHash, id);
  }

  /** The same password, hashed anew, unless another one was set meanwhile. */
  rehash(id: string, before: string, now: string): void {
    this.#database.prepare('update user set password_hash = ? where id = ? and password_hash = ?').run(now, id, before);
  }

  /** A confirmed address. Throws `EmailTaken` when somebody else has it. */
  setEmail(id: string, email: string): void {
    const { changes } = this.#database
      .prepare('update or ignore user set email = ?, email_verified = 1 where id = ?')
      .run(normalizeEmail(email), id);
    if (changes === 0) throw new EmailTaken();
  }

  /** A confirmed number. */
  setPhone(id: string, phone: string): void {
    this.#database.prepare('update user set phone = ? where id = ?').run(phone, id);
  }

  /** Whether there was anything to part from. */
  unlink(accountId: string): boolean {
    const { changes } = this.#database.prepare('delete from linked_account where account_id = ?').run(accountId);
    return Number(changes) > 0;
  }

  isLinked(id: string): boolean {
    return this.#database.prepare('select 1 from linked_account where account_id = ?').get(id) !== undefined;
  }

  byIdentity({ issuer, subject }: UpstreamIdentity): User | undefined {
    return toUser(
      this.#database
        .prepare(
          `select user.* from user join linked_account on account_id = user.id where issuer = ? and subject = ?`,
        )
        .get(issuer, subject),
    );
  }

  /** The other provider, with the same people, is known by another issuer now. */
  moveIdentities(from: string, to: string): void {
    this.#database.prepare('update or ignore linked_account set issuer = ? where issuer = ?').run(to, from);
  }

  link(accountId: string, { issuer, subject }: UpstreamIdentity): void {
    this.#database
      .prepare(
        `insert into linked_account (issuer, subject, account_id, linked_at) values (?, ?, ?, ?) on conflict do nothing`,
      )
      .run(issuer, subject, accountId, epochSeconds());
  }
}

export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

function toUser(row: unknown): User | undefined {
  if (row === undefined) return undefined;
  const columns = row as Record<string, string | number | null>;
  return {
    id: String(columns['id']),
    email: String(columns['email']),
    emailVerified: columns['email_verified'] === 1,
    name: String(columns['name']),
    passwordHash: columns['password_hash'] as string | null,
    phone: (columns['phone'] as string | null) ?? undefined,
  };
}
