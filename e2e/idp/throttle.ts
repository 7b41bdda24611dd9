// Slows down guessing without locking anybody out.

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

/** After some failures each further try has to wait a little longer. */
export class Throttle {
  readonly #failures = new Map<string, Failures>();

  /** Why the next try for this key is not taken yet; undefined when it may go on. `now` in milliseconds since 1970. */
  refusal(key: string, now: number): Refusal | undefined {
    const failures = this.#recent(key, now);
    if (!failures || failures.count < FREE_TRIES) return undefined;
    const pause = Math.min(1000 * 2 ** (failures.count - FREE_TRIES), LONGEST_WAIT_MS);
    const waitSeconds = Math.ceil((failures.last + pause - now) / 1000);
    return waitSeconds <= 0 ? undefined : refusalFor(waitSeconds);
  }

  /** Answers how many failures that makes. */
  failed(key: string, now: number): number {
    const count = (this.#recent(key, now)?.count ?? 0) + 1;
    putNewest(this.#failures, key, { count, last: now });
    return count;
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  #recent(key: string, now: number): Failures | undefined {
    const failures = this.#failures.get(key);
    return failures && now - failures.last < FORGET_AFTER_MS ? failures : undefined;
  }
}

interface Level {
  /** How much is used up. */
  used: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** So many failures within so long, for each key: what is used up comes back evenly. */
export class Allowance {
  readonly #most: number;
  readonly #windowMs: number;
  readonly #mostKeys: number;
  readonly #levels = new Map<string, Level>();

  constructor(most: number, windowMs: number, mostKeys = MOST_KEYS) {
    this.#most = most;
    this.#windowMs = windowMs;
    this.#mostKeys = mostKeys;
  }

  /** Takes one before the outcome is known, so that tries sent all at once do not pass together. */
  take(key: string, now: number): Refusal | undefined {
    const used = this.used(key, now);
    if (used + 1 > this.#most) {
      const waitMs = ((used + 1 - this.#most) * this.#windowMs) / this.#most;
      return refusalFor(Math.ceil(waitMs / 1000));
    }
    putNewest(this.#levels, key, { used: used + 1, at: now }, this.#mostKeys);
    return undefined;
  }

  /** It was no failure after all. */
  giveBack(key: string, now: number): void {
    const level = this.#levels.get(key);
    if (level) level.used = Math.max(0, this.used(key, now) - 1);
    if (level) level.at = now;
  }

  used(key: string, now: number): number {
    const level = this.#levels.get(key);
    return level ? Math.max(0, level.used - ((now - level.at) * this.#most) / this.#windowMs) : 0;
  }

  forget(key: string): void {
    this.#levels.delete(key);
  }
}

function refusalFor(waitSeconds: number): Refusal {
  const wait = waitSeconds < 100 ? `${waitSeconds} s` : `${Math.ceil(waitSeconds / 60)} minutes`;
  return { problem: `Too many tries. Please wait ${wait}, then try again.`, waitSeconds };
}

/** Re-inserted, so that the map stays ordered by age and the oldest goes first. */
function putNewest<T>(map: Map<string, T>, key: string, value: T, mostKeys = MOST_KEYS): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > mostKeys) map.delete(map.keys().next().value!);
}
