// One-time codes of an authenticator app: TOTP (RFC 6238) with SHA-1, six digits, thirty seconds, which is what the
// apps in people's pockets all understand.

import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
/** A code of the step before or after is taken too: clocks differ, and people type slowly (RFC 6238 §5.2). */
const TOLERANCE_STEPS = 1;
/** RFC 4226 §4 asks for at least 128 bits. */
export const SECRET_BYTES = 20;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an app shows at this time, in milliseconds since 1970. */
export function codeAt(secret: string, now: number): string {
  return codeOfStep(decodeBase32(secret), Math.floor(now / 1000 / STEP_SECONDS));
}

/**
 * The time step that this code belongs to, or undefined when it is none of now. Steps up to `lastStep` do not count:
 * a code that was taken once is not taken again (RFC 6238 §5.2).
 */
export function stepOfCode(secret: string, code: string, now: number, lastStep: number): number | undefined {
  const typed = Buffer.from(code.replace(/\s/g, ''));
  const key = decodeBase32(secret);
  const current = Math.floor(now / 1000 / STEP_SECONDS);
  for (let step = current - TOLERANCE_STEPS; step <= current + TOLERANCE_STEPS; step++) {
    const expected = Buffer.from(codeOfStep(key, step));
    if (step > lastStep && typed.length === expected.length && timingSafeEqual(typed, expected)) return step;
  }
  return undefined;
}

/** What the QR code says (the "Key Uri Format" that authenticator apps read). */
export function otpauthUri(issuer: string, account: string, secret: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

function codeOfStep(key: Buffer, step: number): string {
  // RFC 4226 §5.3: four bytes at an offset that the last one names, without the sign bit.
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac[mac.length - 1]! & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** RFC 4648 §6, without padding. */
export function encodeBase32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const length = Math.ceil((bytes.length * 8) / 5);
  bits <<= BigInt(length * 5 - bytes.length * 8);
  let text = '';
  for (let i = length - 1; i >= 0; i--) text += BASE32[Number((bits >> BigInt(i * 5)) & 31n)];
  return text;
}

function decodeBase32(text: string): Buffer {
  let value = 0;
  let bits = 0;
  const bytes: number[] = [];
  for (const character of text) {
    value = (value << 5) | BASE32.indexOf(character);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
    value &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
