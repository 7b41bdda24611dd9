// Slows down guessing without locking anybody out: after some failures each further try has to wait a little longer.

interface Failures {
  count: number;
  /** Milliseconds since 1970. */
  last: number;
}

const FREE_TRIES = 5;
const LONGEST_WAIT_MS = 60_000;
const FORGET_AFTER_MS = 15 * 60_000;
const MOST_KEYS = 10_000;

export class Throttle {
  readonly #failures = new Map<string, Failures>();

  /** Milliseconds that the next try for this key still has to wait; 0 when it may go on. */
  waitFor(key: string, now: number): number {
    const failures = this.#recent(key, now);
    if (!failures || failures.count < FREE_TRIES) return 0;
    const pause = Math.min(1000 * 2 ** (failures.count - FREE_TRIES), LONGEST_WAIT_MS);
    return Math.max(0, failures.last + pause - now);
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
