// One SQLite file per provider: users, the state of oidc-provider, our own index of sessions, signing keys.

import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

// Each entry brings the file from version n to n + 1; entries are only ever appended.
const MIGRATIONS = [
  `
  create table user (
    id text primary key,
    email text not null unique,
    email_verified integer not null default 0,
    name text not null,
    password_hash text not null,
    created_at integer not null
  ) strict;

  create table secret (
    name text primary key,
    value text not null
  ) strict;

  -- What oidc-provider asks its adapter to keep: sessions, interactions, grants, codes, tokens, clients.
  create table oidc_state (
    model text not null,
    id text not null,
    payload text not null,
    uid text,
    grant_id text,
    expires_at integer,
    primary key (model, id)
  ) strict, without rowid;
  create index oidc_state_uid on oidc_state (uid) where uid is not null;
  create index oidc_state_grant on oidc_state (grant_id) where grant_id is not null;
  create index oidc_state_expires on oidc_state (expires_at) where expires_at is not null;

  -- The login behind a session, found by account; oidc-provider's own state has no such index.
  create table sign_in (
    session_uid text primary key,
    account_id text not null,
    started_at integer not null,
    kept integer not null
  ) strict;
  create index sign_in_account on sign_in (account_id);

  -- Which clients took part in a session, and the sid that each of them knows it by.
  create table session_client (
    session_uid text not null,
    client_id text not null,
    account_id text not null,
    sid text not null,
    grant_id text,
    primary key (session_uid, client_id)
  ) strict;

  -- Logout tokens still owed to clients (OIDC Back-Channel Logout 1.0).
  create table logout_notice (
    id integer primary key,
    client_id text not null,
    account_id text not null,
    sid text not null,
    created_at integer not null,
    attempts integer not null default 0,
    next_attempt_at integer not null
  ) strict;
  `,
  `
  -- People who came through another provider have no password here.
  create table user_2 (
    id text primary key,
    email text not null unique,
    email_verified integer not null default 0,
    name text not null,
    password_hash text,
    created_at integer not null
  ) strict;
  insert into user_2 select id, email, email_verified, name, password_hash, created_at from user;
  drop table user;
  alter table user_2 rename to user;

  -- Who somebody is at another provider. Only issuer and subject tell: addresses change hands.
  create table linked_account (
    issuer text not null,
    subject text not null,
    account_id text not null,
    linked_at integer not null,
    primary key (issuer, subject)
  ) strict;
  create index linked_account_account on linked_account (account_id);

  -- The other provider behind a login, and its ID token as a hint for its logout.
  alter table sign_in add column provider text;
  alter table sign_in add column upstream_id_token text;

  -- What a login has to remember between two of its pages.
  create table interaction_note (
    interaction_uid text not null,
    kind text not null,
    payload text not null,
    primary key (interaction_uid, kind)
  ) strict, without rowid;
  `,
  `
  -- The key shared with somebody's authenticator app; confirmed once a code of it was typed.
  create table second_factor (
    account_id text primary key,
    secret text not null,
    confirmed_at integer,
    last_step integer not null default 0
  ) strict;

  create table recovery_code (
    account_id text not null,
    code_hash text not null,
    primary key (account_id, code_hash)
  ) strict, without rowid;
  `,
  `
  alter table user add column phone text;

  -- Tokens and codes that were sent to somebody; only their hash is kept.
  create table confirmation (
    hash text primary key,
    kind text not null,
    account_id text not null,
    note text not null,
    expires_at integer not null
  ) strict, without rowid;
  create index confirmation_account on confirmation (account_id);

  create table message (
    id integer primary key,
    kind text not null,
    recipient text not null,
    subject text not null,
    text text not null,
    link text,
    sent_at integer not null
  ) strict;
  `,
  `
  -- When a login updated the session last, and when the client last got an answer out of it; null if before this.
  alter table sign_in add column updated_at integer;
  alter table session_client add column answered_at integer;

  -- Sessions that are over: for the browser that still names one, and for the session that came after it.
  create table ended_session (
    -- The value of its cookie, which opens nothing any more.
    id text primary key,
    began_at integer not null,
    ended_at integer not null,
    reason text not null,
    -- The client whose request ended it, where one did.
    client_id text,
    -- The sid of each client that had taken part, as JSON.
    sids text not null,
    -- The session that this browser had next.
    next_uid text
  ) strict, without rowid;
  create index ended_session_next on ended_session (next_uid) where next_uid is not null;

  -- Why the session ended that the client is told of; null if before this.
  alter table logout_notice add column reason text;
  `,
];

export function openDatabase(folder: string, name: string): Database {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.sqlite`);
  const database = new DatabaseSync(path);
  // Holds password hashes and the private signing key.
  chmodSync(path, 0o600);
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000');
  migrate(database);
  return database;
}

function migrate(database: Database): void {
  const { user_version: version } = database.prepare('pragma user_version').get() as { user_version: number };
  for (const [at, sql] of MIGRATIONS.entries()) {
    if (at < version) continue;
    transaction(database, () => database.exec(`${sql}; pragma user_version = ${at + 1}`));
  }
}

export function transaction<T>(database: Database, work: () => T): T {
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}

/** Seconds since 1970, the unit of every time in the database and in OIDC. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
