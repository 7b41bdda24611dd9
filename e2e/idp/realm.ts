// One provider with everything that belongs to it. Handlers take this instead of a dozen arguments.

import type Provider from 'oidc-provider';
import type { Brand } from './brands.ts';
import type { Settings } from './config.ts';
import type { BackchannelLogout } from './backchannel.ts';
import type { CodeGuesses, Guesses } from './guesses.ts';
import type { HashQueue } from './hashing.ts';
import type { InteractionNotes } from './interaction/notes.ts';
import type { FriendbookClient } from './social/friendbook.ts';
import type { SecondFactors } from './second_factor/second_factors.ts';
import type { Sessions } from './sessions.ts';
import type { Database } from './store/database.ts';
import type { Confirmations } from './store/confirmations.ts';
import type { Outbox } from './store/outbox.ts';
import type { Users } from './store/users.ts';
import type { FormTokens } from './web/forms.ts';

export interface Realm {
  brand: Brand;
  settings: Settings;
  /** Where people go who have nothing to do here. */
  shopUrl: string;
  database: Database;
  users: Users;
  formTokens: FormTokens;
  provider: Provider;
  sessions: Sessions;
  backchannel: BackchannelLogout;
  notes: InteractionNotes;
  guesses: Guesses;
  codeGuesses: CodeGuesses;
  /** One for both providers: they share a machine. */
  hashQueue: HashQueue;
  secondFactors: SecondFactors;
  confirmations: Confirmations;
  outbox: Outbox;
  /** Where people can come through, at the provider that offers it. */
  friendbook: FriendbookClient | undefined;
  /** Where clients begin a login, other than their convention (see restart.ts). */
  loginUrls: ReadonlyMap<string, string>;
}
