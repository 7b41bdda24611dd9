// E-mail and password: who that is, told in a way that helps nobody to guess.

import { hashPassword, verifyPassword } from '../passwords.ts';
import { normalizeEmail, type User } from '../store/users.ts';
import { Throttle } from '../throttle.ts';
import type { Visit } from './visit.ts';

const guesses = new Throttle();

type Outcome =
  | { user: User; problem?: undefined; waitSeconds?: undefined }
  | { user?: undefined; problem: string; waitSeconds?: number };

/** The user of this address and password, or what to tell the person; slows down who keeps guessing. */
export function checkCredentials(
  { realm, ctx }: Pick<Visit, 'realm' | 'ctx'>,
  email: string,
  password: string,
): Promise<Outcome> {
  // By sender too, so that nobody can slow down somebody else's login.
  const guesser = `${ctx.ip} ${normalizeEmail(email)}`;
  return inTurn(guesser, async () => {
    const now = Date.now();
    const refusal = guesses.refusal(guesser, now);
    if (refusal) return refusal;
    const user = await checkPassword(realm.settings.scryptLogN, realm.users.byEmail(email), password);
    if (!user) {
      guesses.failed(guesser, now);
      return { problem: 'Email and password do not match. Please check both and try again.' };
    }
    guesses.succeeded(guesser);
    return { user };
  });
}

const turns = new Map<string, Promise<unknown>>();

/** One after another for the same key: guesses sent all at once would otherwise pass before the first one counts. */
function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const result = (turns.get(key) ?? Promise.resolve()).then(work, work);
  turns.set(key, result);
  const done = () => {
    if (turns.get(key) === result) turns.delete(key);
  };
  result.then(done, done);
  return result;
}

/** Takes as long for an address that nobody has as for a wrong password, so that the answer tells neither. */
async function checkPassword(logN: number, user: User | undefined, password: string): Promise<User | undefined> {
  const hash = user?.passwordHash ?? (await unmatchableHash(logN));
  return (await verifyPassword(password, hash)) ? user : undefined;
}

const unmatchableHashes = new Map<number, Promise<string>>();

function unmatchableHash(logN: number): Promise<string> {
  let hash = unmatchableHashes.get(logN);
  if (!hash) unmatchableHashes.set(logN, (hash = hashPassword(crypto.randomUUID(), logN)));
  return hash;
}
