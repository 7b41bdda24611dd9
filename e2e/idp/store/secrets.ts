// Keys that are made once and kept: a restart must neither sign anybody out nor make issued tokens invalid.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWK } from 'oidc-provider';
import type { Database } from './database.ts';

export function signingKey(database: Database): JWK {
  return JSON.parse(
    keptSecret(database, 'signing-key', () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return JSON.stringify({
        ...privateKey.export({ format: 'jwk' }),
        kid: randomBytes(8).toString('base64url'),
        alg: 'RS256',
        use: 'sig',
      });
    }),
  );
}

/** A random secret of 256 bits under this name. */
export function randomSecret(database: Database, name: string): string {
  return keptSecret(database, name, () => randomBytes(32).toString('base64url'));
}

/** Keeps a value for the next start; what the last start kept, if anything. */
export function exchangeKept(database: Database, name: string, value: string): string | undefined {
  const last = database.prepare('select value from secret where name = ?').get(name) as { value: string } | undefined;
  database
    .prepare('insert into secret (name, value) values (?, ?) on conflict do update set value = excluded.value')
    .run(name, value);
  return last?.value;
}

function keptSecret(database: Database, name: string, make: () => string): string {
  const read = () =>
    database.prepare('select value from secret where name = ?').get(name) as { value: string } | undefined;
  if (!read()) {
    // Two processes starting at once must end up with the same one.
    database.prepare('insert into secret (name, value) values (?, ?) on conflict do nothing').run(name, make());
  }
  return read()!.value;
}
