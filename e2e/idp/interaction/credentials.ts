// E-mail and password: who that is, told in a way that helps nobody to guess.

import { type Guess, keyOf, senderOf } from '../guesses.ts';
import { Busy, type Claimant } from '../hashing.ts';
import { isKnownDevice, rememberDevice } from '../known_device.ts';
import { hashPassword, isOutdated, unmatchableHash, verifyPassword } from '../passwords.ts';
import type { Realm } from '../realm.ts';
import { normalizeEmail, type User } from '../store/users.ts';
import type { Visit } from './visit.ts';

type Outcome =
  | { user: User; problem?: undefined; waitSeconds?: undefined }
  | { user?: undefined; problem: string; waitSeconds?: number };

/** The user of this address and password, or what to tell the person; slows down who keeps guessing. */
export function checkCredentials(
  { realm, ctx }: Pick<Visit, 'realm' | 'ctx'>,
  email: string,
  password: string,
): Promise<Outcome> {
  const address = normalizeEmail(email);
  const known = isKnownDevice(realm, ctx, realm.users.byEmail(address));
  const guess: Guess = { sender: senderOf(ctx.ip), address, known };
  return inTurn(keyOf(guess), async () => {
    const { guesses } = realm;
    const now = Date.now();
    const suspect = guesses.isSuspect(guess.sender, now);
    const refusal = guesses.begin(guess, now);
    if (refusal) return refusal;
    let user: User | undefined;
    try {
      user = await inQueue(realm, { ctx, known, suspect }, () =>
        checkPassword(realm, realm.users.byEmail(address), password),
      );
    } catch (error) {
      if (error instanceof Busy) guesses.undone(guess, now);
      throw error;
    }
    if (!user) {
      guesses.failed(guess, now);
      return { problem: 'Email and password do not match. Please check both and try again.' };
    }
    guesses.succeeded(guess, now);
    rememberDevice(realm, ctx, user);
    return { user };
  });
}

/** The hash of a password that somebody chose. */
export function hashChosen(
  { realm, ctx }: Pick<Visit, 'realm' | 'ctx'>,
  password: string,
): Promise<string> {
  return inQueue(realm, { ctx, known: false, suspect: false }, () => hashPassword(password, realm.settings.hashMemory));
}

function inQueue<T>(
  realm: Realm,
  { ctx, ...claim }: Pick<Visit, 'ctx'> & Pick<Claimant, 'known' | 'suspect'>,
  work: () => Promise<T>,
): Promise<T> {
  const sender = senderOf(ctx.ip);
  return realm.hashQueue.run({ ...claim, sender, login: `${sender} ${ctx.path}` }, work);
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
async function checkPassword(
  { settings: { hashMemory }, users }: Realm,
  user: User | undefined,
  password: string,
): Promise<User | undefined> {
  const stored = user?.passwordHash ?? unmatchableHash(hashMemory);
  if (!(await verifyPassword(password, stored)) || !user) return undefined;
  if (!isOutdated(stored, hashMemory)) return user;
  users.rehash(user.id, stored, await hashPassword(password, hashMemory));
  return users.byId(user.id);
}
