// The people who can sign in at one provider.

import { randomBytes } from 'node:crypto';
import { type Database, epochSeconds } from './database.ts';

export interface User {
  /** The `sub` of ID tokens: never changes, never used twice. */
  id: string;
  /** In lower case. */
  email: string;
  emailVerified: boolean;
  name: string;
  passwordHash: string;
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

  /** Throws `EmailTaken` when somebody has that address. */
  create(user: Omit<User, 'id'> & { id?: string }): User {
    const id = user.id ?? randomBytes(16).toString('base64url');
    const { changes } = this.#database
      .prepare(
        `insert into user (id, email, email_verified, name, password_hash, created_at) values (?, ?, ?, ?, ?, ?)
         on conflict do nothing`,
      )
      .run(
        id,
        normalizeEmail(user.email),
        user.emailVerified ? 1 : 0,
        user.name,
        user.passwordHash,
        epochSeconds(),
      );
    if (changes === 0) throw new EmailTaken();
    return this.byId(id)!;
  }
}

export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

function toUser(row: unknown): User | undefined {
  if (row === undefined) return undefined;
  const columns = row as Record<string, string | number>;
  return {
    id: String(columns['id']),
    email: String(columns['email']),
    emailVerified: columns['email_verified'] === 1,
    name: String(columns['name']),
    passwordHash: String(columns['password_hash']),
  };
}
