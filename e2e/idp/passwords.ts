// Password hashes: scrypt (RFC 7914) with its parameters beside each hash, so that the cost can rise later.

import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

const HASH_BYTES = 32;
const BLOCK_SIZE = 8;

export async function hashPassword(password: string, logN: number): Promise<string> {
  const salt = randomBytes(16);
  return format(logN, salt, await derive(password, salt, logN));
}

/** Of no password; trying one takes as long as with any other. */
export function unmatchableHash(logN: number): string {
  return format(logN, randomBytes(16), randomBytes(HASH_BYTES));
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, logN, salt, hash] = stored.split('$');
  if (scheme !== 'scrypt' || !logN || !salt || !hash) return false;
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), Number(logN));
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function format(logN: number, salt: Buffer, hash: Buffer): string {
  return ['scrypt', logN, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

function derive(password: string, salt: Buffer, logN: number): Promise<Buffer> {
  const N = 2 ** logN;
  const options: ScryptOptions = { N, r: BLOCK_SIZE, p: 1, maxmem: 256 * N * BLOCK_SIZE };
  return new Promise((resolve, reject) => {
    // The same password typed on another keyboard may arrive composed differently (NIST SP 800-63B §3.1.1.2).
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
