// Slows down guessing without locking anybody out: after some failures each further try has to wait a little longer.

interface Failures {
  count: number;
  /** Milliseconds since 1970. */
  last: number;
}

export interface Refusal {
  /** For the person. */
  problem: string;
  waitSeconds: number;
}

const FREE_TRIES = 5;
const LONGEST_WAIT_MS = 60_000;
const FORGET_AFTER_MS = 15 * 60_000;
const MOST_KEYS = 10_000;

export class Throttle {
  readonly #failures = new Map<string, Failures>();

  /** Why the next try for this key is not taken yet; undefined when it may go on. `now` in milliseconds since 1970. */
  refusal(key: string, now: number): Refusal | undefined {
    const failures = this.#recent(key, now);
    if (!failures || failures.count < FREE_TRIES) return undefined;
    const pause = Math.min(1000 * 2 ** (failures.count - FREE_TRIES), LONGEST_WAIT_MS);
    const waitSeconds = Math.ceil((failures.last + pause - now) / 1000);
    if (waitSeconds <= 0) return undefined;
    return { problem: `Too many tries. Please wait ${waitSeconds} s, then try again.`, waitSeconds };
  }

  failed(key: string, now: number): void {
    const count = (this.#recent(key, now)?.count ?? 0) + 1;
    // Re-inserted, so that the map stays ordered by age and the oldest goes first.
    this.#failures.delete(key);
    this.#failures.set(key, { count, last: now });
    if (this.#failures.size > MOST_KEYS) this.#failures.delete(this.#failures.keys().next().value!);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  #recent(key: string, now: number): Failures | undefined {
    const failures = this.#failures.get(key);
    return failures && now - failures.last < FORGET_AFTER_MS ? failures : undefined;
  }
}
