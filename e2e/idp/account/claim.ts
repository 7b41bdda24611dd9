// The first proof that an address is somebody's.
//
// Until then an account that names the address may be a stranger's, who waits in it for the owner: with a password, a
// linked account elsewhere, a second factor or a session of their own. So nothing of it is handed on: it goes, and the
// owner begins anew, under another `sub`.

import type { Realm } from '../realm.ts';
import type { User } from '../store/users.ts';

/** A new account for who proved the address. Throws `EmailTaken` when somebody else did before. */
export async function createConfirmed(
  realm: Realm,
  person: Pick<User, 'email' | 'name' | 'passwordHash'>,
): Promise<User> {
  const freed = freeAddress(realm, person.email);
  const user = realm.users.create(person);
  await freed;
  return user;
}

/** Removes the account, if any, that names this address without ever having proved it. */
export async function freeAddress(realm: Realm, email: string): Promise<void> {
  const squatter = realm.users.byEmail(email);
  if (!squatter || squatter.emailVerified) return;
  const { id } = squatter;
  realm.users.remove(id);
  realm.secondFactors.remove(id);
  realm.confirmations.forgetAll(id);
  realm.notes.forgetAccount(id);
  await realm.sessions.endAll(realm.provider, id, 'account_removed');
}
