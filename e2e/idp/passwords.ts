// Password hashes: Argon2id (RFC 9106), with its parameters beside each hash so that the cost can rise later.

import { hash, verify } from '@node-rs/argon2';
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const PASSES = 2;
const LANES = 1;
const HASH_BYTES = 32;

/** `memory` in KiB. */
export function hashPassword(password: string, memory: number): Promise<string> {
  return hash(normalized(password), { memoryCost: memory, timeCost: PASSES, parallelism: LANES, outputLen: HASH_BYTES });
}

/** Of no password; trying one takes as long as with any other. */
export function unmatchableHash(memory: number): string {
  const random = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  return `${beginningOf(memory)}${random(16)}$${random(HASH_BYTES)}`;
}

export function verifyPassword(password: string, stored: string): Promise<boolean> {
  return stored.startsWith('scrypt$') ? verifyScrypt(password, stored) : verify(stored, normalized(password));
}

/** Whether a hash that was made now would be another kind of hash. */
export function isOutdated(stored: string, memory: number): boolean {
  return !stored.startsWith(beginningOf(memory));
}

function beginningOf(memory: number): string {
  return `$argon2id$v=19$m=${memory},t=${PASSES},p=${LANES}$`;
}

/** The same password typed on another keyboard may arrive composed differently (NIST SP 800-63B §3.1.1.2). */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

/** How passwords were hashed before (RFC 7914): half a second each. Whoever signs in gets a new hash. */
function verifyScrypt(password: string, stored: string): Promise<boolean> {
  const [, logN, salt, hash] = stored.split('$');
  const expected = Buffer.from(hash!, 'base64url');
  const N = 2 ** Number(logN);
  const options = { N, r: 8, p: 1, maxmem: 256 * N * 8 };
  return new Promise((resolve, reject) => {
    scrypt(normalized(password), Buffer.from(salt!, 'base64url'), expected.length, options, (error, actual) =>
      error ? reject(error) : resolve(timingSafeEqual(actual, expected)),
    );
  });
}
