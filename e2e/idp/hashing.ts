// A password's hash costs 19 MiB and some 40 ms of a core (passwords.ts), so only few are made at once, few may wait,
// and whoever wants many waits behind whoever wants one.

/** Who wants a hash. */
export interface Claimant {
  /** Signed in from this browser before. */
  known: boolean;
  /** Failed lately. */
  suspect: boolean;
  /** Where the request comes from, and which login there: many people may share one address. */
  sender: string;
  login: string;
}

interface Waiting {
  claimant: Claimant;
  begin(): void;
  refuse(): void;
}

/** Too many wait already. */
export class Busy extends Error {
  readonly retryAfterSeconds = 2;
}

export class HashQueue {
  readonly #atOnce: number;
  readonly #places: number;
  readonly #running: Claimant[] = [];
  readonly #waiting: Waiting[] = [];
  /** How often each sender and login asked since nobody waited: who is refused and asks at once again gains nothing. */
  readonly #asked = new Map<string, number>();

  constructor(atOnce: number, places: number) {
    this.#atOnce = atOnce;
    this.#places = places;
  }

  /** Does the work when its turn comes; throws `Busy` when there is no place to wait. */
  async run<T>(claimant: Claimant, work: () => Promise<T>): Promise<T> {
    await this.#turn(claimant);
    try {
      return await work();
    } finally {
      this.#running.splice(this.#running.indexOf(claimant), 1);
      this.#beginWhatMay();
      if (this.#waiting.length === 0) this.#asked.clear();
    }
  }

  #turn(claimant: Claimant): Promise<void> {
    for (const key of [claimant.sender, claimant.login]) this.#asked.set(key, this.#times(key) + 1);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ claimant, begin: resolve, refuse: () => reject(new Busy()) });
      this.#beginWhatMay();
      if (this.#waiting.length > this.#places) this.#dropOne();
    });
  }

  #beginWhatMay(): void {
    while (this.#running.length < this.#atOnce) {
      const [next] = this.#waiting
        .filter(({ claimant }) => this.#mayRun(claimant))
        // Of equals the one that came last: whoever waited long has gone, or is one of many that a program sent
        // (Maurer, "Fail at Scale", ACM Queue 13.8).
        .reverse()
        .sort(
          ({ claimant: a }, { claimant: b }) =>
            rank(a) - rank(b) ||
            this.#times(a.sender) - this.#times(b.sender) ||
            this.#times(a.login) - this.#times(b.login),
        );
      if (!next) return;
      this.#remove(next);
      this.#running.push(next.claimant);
      next.begin();
    }
  }

  /** One at once of each sender, so that another one finds a free place. */
  #mayRun({ known, sender }: Claimant): boolean {
    return known || !this.#running.some((other) => !other.known && other.sender === sender);
  }

  /** The oldest of whoever asked most gives up their place. */
  #dropOne(): void {
    const [dropped] = this.#waiting.toSorted(
      ({ claimant: a }, { claimant: b }) =>
        rank(b) - rank(a) ||
        this.#times(b.sender) - this.#times(a.sender) ||
        this.#times(b.login) - this.#times(a.login),
    );
    this.#remove(dropped!);
    dropped!.refuse();
  }

  #times(key: string): number {
    return this.#asked.get(key) ?? 0;
  }

  #remove(one: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(one), 1);
  }
}

function rank({ known, suspect }: Claimant): number {
  return known ? 0 : suspect ? 2 : 1;
}
