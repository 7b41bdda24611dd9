// How many wrong passwords are borne: of one sender for one address, of one sender, for one address, and in all. And how
// many mails a sender may cause.
//
// Whoever signed in from this browser before has a count of their own (the "device cookie" of OWASP's "Slow Down Online
// Guessing Attacks"), so that no stranger can slow them down.

import { isIPv6 } from 'node:net';
import type { Limits } from './config.ts';
import { Allowance, type Refusal, Throttle } from './throttle.ts';

export interface Guess {
  sender: string;
  /** In lower case. */
  address: string;
  /** Signed in with this address from this browser before. */
  known: boolean;
}

const QUARTER_HOUR_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Failures that make a sender wait behind others (hashing.ts). */
const SUSPECT_FROM = 3;
const EVERYBODY = '';

export class Guesses {
  readonly #pairs = new Throttle();
  readonly #senders: Allowance;
  readonly #addresses: Allowance;
  readonly #all: Allowance;

  readonly #mails: Allowance;

  constructor({ perSender, perAddress, overall, mailsPerSender }: Limits) {
    this.#mails = new Allowance(mailsPerSender, QUARTER_HOUR_MS);
    this.#senders = new Allowance(perSender, QUARTER_HOUR_MS);
    // Room for as many as a day can bring: invented addresses would otherwise push out that of whom somebody guesses at.
    this.#addresses = new Allowance(perAddress, DAY_MS, overall * (DAY_MS / QUARTER_HOUR_MS + 1));
    this.#all = new Allowance(overall, QUARTER_HOUR_MS);
  }

  /** Why this try is not taken yet. Otherwise it counts as a wrong one until `succeeded` or `undone` says other. */
  begin(guess: Guess, now: number): Refusal | undefined {
    const refusal = this.#pairs.refusal(keyOf(guess), now);
    if (refusal || guess.known) return refusal;
    const taken: [Allowance, string][] = [];
    for (const [allowance, key] of this.#allowances(guess)) {
      const refused = allowance.take(key, now);
      if (refused) {
        for (const [before, its] of taken) before.giveBack(its, now);
        return refused;
      }
      taken.push([allowance, key]);
    }
    return undefined;
  }

  failed(guess: Guess, now: number): void {
    this.#pairs.failed(keyOf(guess), now);
  }

  succeeded(guess: Guess, now: number): void {
    this.#pairs.succeeded(keyOf(guess));
    this.undone(guess, now);
  }

  /** Nobody looked at the password. */
  undone(guess: Guess, now: number): void {
    if (guess.known) return;
    for (const [allowance, key] of this.#allowances(guess)) allowance.giveBack(key, now);
  }

  isSuspect(sender: string, now: number): boolean {
    return this.#senders.used(sender, now) >= SUSPECT_FROM;
  }

  /** Why this sender gets no mail sent now. It counts also where there is nobody to send it to. */
  mail(sender: string, now: number): Refusal | undefined {
    return this.#mails.take(sender, now);
  }

  /** What was guessed before a new password says nothing of it. */
  forgetAddress(address: string): void {
    this.#addresses.forget(address);
  }

  #allowances({ sender, address }: Guess): [Allowance, string][] {
    return [
      [this.#senders, sender],
      [this.#addresses, address],
      [this.#all, EVERYBODY],
    ];
  }
}

/** Who tries a code of a second factor, and so knows the password. */
export interface CodeGuess {
  sender: string;
  accountId: string;
  /** Gave both factors from this browser before. */
  known: boolean;
}

/** Of one account within a day, from browsers that are not known: of a million codes three are right at a time. */
const WRONG_CODES_A_DAY = 100;
const TELL_AT = 5;

/** How many wrong codes are borne: of one sender for one account, and for one account. */
export class CodeGuesses {
  readonly #pairs = new Throttle();
  readonly #accounts = new Allowance(WRONG_CODES_A_DAY, DAY_MS);
  readonly #rows = new Throttle();

  /** Why this try is not taken yet. Otherwise it counts as a wrong one until `succeeded` says other. */
  begin(guess: CodeGuess, now: number): Refusal | undefined {
    const refusal = this.#pairs.refusal(keyOfCode(guess), now);
    if (refusal || guess.known) return refusal;
    return this.#accounts.take(guess.accountId, now);
  }

  /** Whether it is time to tell the account's owner. */
  failed(guess: CodeGuess, now: number): boolean {
    this.#pairs.failed(keyOfCode(guess), now);
    return this.#rows.failed(guess.accountId, now) === TELL_AT;
  }

  succeeded(guess: CodeGuess, now: number): void {
    this.#pairs.succeeded(keyOfCode(guess));
    this.#rows.succeeded(guess.accountId);
    if (!guess.known) this.#accounts.giveBack(guess.accountId, now);
  }
}

function keyOfCode({ known, sender, accountId }: CodeGuess): string {
  return known ? `known ${accountId}` : `${sender} ${accountId}`;
}

export function keyOf({ known, sender, address }: Guess): string {
  return known ? `known ${address}` : `${sender} ${address}`;
}

/** Whoever has an IPv6 address mostly has all that begin with the same 64 bits (RFC 6177). */
export function senderOf(ip: string): string {
  const address = ip.replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(address)) return address;
  const [left = '', right = ''] = address.split('::');
  const [before, after] = [left, right].map((half) => (half === '' ? [] : half.split(':')));
  const zeros = Array<string>(Math.max(0, 8 - before!.length - after!.length)).fill('0');
  return [...before!, ...(address.includes('::') ? zeros : []), ...after!].slice(0, 4).join(':');
}
