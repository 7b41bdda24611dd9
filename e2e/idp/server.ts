// Starts both providers, each on its port, and stops them again.

import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientMetadata } from 'oidc-provider';
import { emailConfirmationRoutes } from './account/email.ts';
import { forgottenPasswordRoutes } from './account/forgotten_password.ts';
import { accountRoutes } from './account/routes.ts';
import { BackchannelLogout } from './backchannel.ts';
import { type Brand, FRIENDBOOK, PEAKCOMMERCE } from './brands.ts';
import { accountClient, friendbookClient, shopClients } from './clients.ts';
import { ConfigError, type Endpoint, type Settings } from './config.ts';
import { errorPages } from './errors.ts';
import { CodeGuesses, Guesses } from './guesses.ts';
import { HashQueue } from './hashing.ts';
import { homeRoutes } from './home.ts';
import { newAccountRoutes } from './interaction/new_account.ts';
import { InteractionNotes } from './interaction/notes.ts';
import { interactionRoutes } from './interaction/routes.ts';
import { logoutRoutes } from './logout.ts';
import { mailboxRoutes } from './mailbox.ts';
import { hashPassword } from './passwords.ts';
import { createProvider } from './provider.ts';
import type { Realm } from './realm.ts';
import { SecondFactors } from './second_factor/second_factors.ts';
import { Sessions } from './sessions.ts';
import { FriendbookClient } from './social/friendbook.ts';
import { socialRoutes } from './social/routes.ts';
import { removeExpiredState } from './store/adapter.ts';
import { Confirmations } from './store/confirmations.ts';
import { openDatabase } from './store/database.ts';
import { Outbox } from './store/outbox.ts';
import { exchangeKept, randomSecret } from './store/secrets.ts';
import { Users } from './store/users.ts';
import { serveAssets } from './web/assets.ts';
import { FormTokens } from './web/forms.ts';
import { onlyOwnHost } from './web/host.ts';
import { quietWebMessages } from './web/web_message.ts';
import { securityHeaders } from './web/security.ts';

const CLEANING_MS = 60_000;
/** Of the four threads that Node has for such work (UV_THREADPOOL_SIZE), some must be left for looking up names. */
const HASHES_AT_ONCE = 2;

export interface Running {
  issuer: string;
  realm: Realm;
  friendbook: { issuer: string; realm: Realm };
  stop(): Promise<void>;
}

interface Listening {
  server: Server;
  issuer: string;
  /** Answers requests from now on, those that came since the port was taken first. */
  serve(listener: RequestListener): void;
}

export async function startProviders(settings: Settings): Promise<Running> {
  // The ports first: each provider has to know the other's issuer, and port 0 is only known then.
  const peakcommerce = await listen(PEAKCOMMERCE, settings, settings.peakcommerce);
  const friendbook = await listen(FRIENDBOOK, settings, settings.friendbook).catch((error: unknown) => {
    peakcommerce.server.close();
    throw error;
  });
  const secret = randomBytes(32).toString('base64url');
  const hashQueue = new HashQueue(HASHES_AT_ONCE, settings.limits.hashQueue);
  const social = await open(FRIENDBOOK, settings, friendbook, {
    clients: [friendbookClient(peakcommerce.issuer, secret)],
    // Nobody signs in to Friendbook for its own sake: a stale login page there goes back to where it came from.
    loginUrls: new Map([['peakcommerce', `${settings.shopUrl}/auth/login?connection=friendbook`]]),
    friendbook: undefined,
    hashQueue,
  });
  const main = await open(PEAKCOMMERCE, settings, peakcommerce, {
    clients: [...shopClients(settings), accountClient(peakcommerce.issuer)],
    loginUrls: new Map([['peakcommerce-account', `${peakcommerce.issuer}/account`]]),
    friendbook: new FriendbookClient(friendbook.issuer, secret, peakcommerce.issuer),
    hashQueue,
  });
  // On a free port Friendbook's issuer is another one at each start, yet it has the same people.
  const before = exchangeKept(main.realm.database, 'friendbook-issuer', friendbook.issuer);
  if (before !== undefined) main.realm.users.moveIdentities(before, friendbook.issuer);
  return {
    issuer: peakcommerce.issuer,
    realm: main.realm,
    friendbook: { issuer: friendbook.issuer, realm: social.realm },
    stop: async () => {
      await main.stop();
      await social.stop();
    },
  };
}

interface Differences {
  clients: ClientMetadata[];
  loginUrls: ReadonlyMap<string, string>;
  friendbook: FriendbookClient | undefined;
  hashQueue: HashQueue;
}

async function open(
  brand: Brand,
  settings: Settings,
  { server, issuer, serve }: Listening,
  { clients, loginUrls, friendbook, hashQueue }: Differences,
): Promise<{ realm: Realm; stop(): Promise<void> }> {
  const database = openDatabase(settings.dataDir, brand.id);
  const backchannel = new BackchannelLogout(
    database,
    (clientId) => clients.some((client) => client.client_id === clientId),
    (line) => console.log(`${brand.name}: ${line}`),
  );
  const partial: Omit<Realm, 'provider'> = {
    brand,
    settings,
    shopUrl: settings.shopUrl,
    database,
    users: new Users(database),
    formTokens: new FormTokens(randomSecret(database, 'form-key')),
    backchannel,
    sessions: new Sessions(database, settings.lifetimes, backchannel),
    notes: new InteractionNotes(database),
    guesses: new Guesses(settings.limits),
    codeGuesses: new CodeGuesses(),
    hashQueue,
    secondFactors: new SecondFactors(database, randomSecret(database, 'recovery-key')),
    confirmations: new Confirmations(database),
    outbox: new Outbox(database),
    friendbook,
    loginUrls,
  };
  await seedDemoUsers(partial);
  const realm: Realm = { ...partial, provider: createProvider(issuer, clients, partial) };

  const { provider } = realm;
  provider.use(securityHeaders);
  provider.use(onlyOwnHost(issuer));
  provider.use(errorPages(realm));
  provider.use(serveAssets);
  provider.use(homeRoutes(realm));
  if (brand.selfService) {
    provider.use(accountRoutes(realm));
    provider.use(forgottenPasswordRoutes(realm));
    provider.use(emailConfirmationRoutes(realm));
  }
  provider.use(mailboxRoutes(realm));
  provider.use(socialRoutes(realm));
  provider.use(newAccountRoutes(realm));
  provider.use(interactionRoutes(realm));
  provider.use(logoutRoutes(realm));
  provider.use(quietWebMessages);
  serve(provider.callback());

  backchannel.start(provider);
  const cleaning = setInterval(() => {
    realm.sessions.noteExpired();
    removeExpiredState(database);
    realm.sessions.forgetExpired();
    realm.notes.forgetExpired();
    realm.confirmations.forgetExpired();
    realm.outbox.forgetOld();
  }, CLEANING_MS);

  return {
    realm,
    stop: async () => {
      clearInterval(cleaning);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await backchannel.stop();
      database.close();
    },
  };
}

async function listen(brand: Brand, { host }: Settings, { port, issuer, portVariable }: Endpoint): Promise<Listening> {
  const { promise: listener, resolve: serve } = Promise.withResolvers<RequestListener>();
  const server = createServer((request, response) => void listener.then((answer) => answer(request, response)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words: Record<string, string> = {
        EADDRINUSE: `port ${port} is already in use`,
        EACCES: `this user may not listen on port ${port}`,
      };
      const what = words[error.code ?? ''] ?? `it cannot listen on ${host}:${port} (${error.code})`;
      const advice = `Choose another one with ${portVariable}, for example ${portVariable}=${port + 10}`;
      reject(new ConfigError(`${brand.name} did not start: ${what}. ${advice}`));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
  return { server, serve, issuer: issuer ?? `http://localhost:${(server.address() as AddressInfo).port}` };
}

async function seedDemoUsers({ brand, secondFactors, settings, users }: Omit<Realm, 'provider'>): Promise<void> {
  for (const { id, email, name, totpSecret } of brand.demoUsers) {
    // Everybody knows their password, so they are nobody's where everybody can come.
    if (!settings.local) {
      users.remove(id);
      continue;
    }
    if (!users.byId(id)) {
      const passwordHash = await hashPassword(brand.demoPassword, settings.hashMemory);
      users.create({ id, email, name, passwordHash });
    }
    // Tests that only need a second person sign in with a password alone.
    if (totpSecret !== undefined && settings.demo) secondFactors.enrolWith(id, totpSecret);
  }
}
