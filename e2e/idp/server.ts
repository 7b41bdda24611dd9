// Starts one provider on its port and stops it again.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BackchannelLogout } from './backchannel.ts';
import type { Brand } from './brands.ts';
import { shopClients } from './clients.ts';
import { ConfigError, type Settings } from './config.ts';
import { errorPages } from './errors.ts';
import { homeRoutes } from './home.ts';
import { interactionRoutes } from './interaction/routes.ts';
import { logoutRoutes } from './logout.ts';
import { hashPassword } from './passwords.ts';
import { createProvider } from './provider.ts';
import type { Realm } from './realm.ts';
import { Sessions } from './sessions.ts';
import { removeExpiredState } from './store/adapter.ts';
import { openDatabase } from './store/database.ts';
import { randomSecret } from './store/secrets.ts';
import { Users } from './store/users.ts';
import { serveAssets } from './web/assets.ts';
import { FormTokens } from './web/forms.ts';
import { securityHeaders } from './web/security.ts';

const CLEANING_MS = 60_000;

export interface Running {
  issuer: string;
  realm: Realm;
  stop(): Promise<void>;
}

export async function startProvider(brand: Brand, settings: Settings): Promise<Running> {
  // The port first: with IDP_PORT=0 the issuer is only known then.
  const server = createServer();
  await listen(server, brand, settings);
  const { port } = server.address() as AddressInfo;
  const issuer = settings.issuer ?? `http://localhost:${port}`;

  const database = openDatabase(settings.dataDir, brand.id);
  const clients = shopClients(settings);
  const backchannel = new BackchannelLogout(
    database,
    (clientId) => clients.some((client) => client.client_id === clientId),
    (line) => console.log(`${brand.name}: ${line}`),
  );
  const partial = {
    brand,
    settings,
    shopUrl: settings.shopUrl,
    database,
    users: new Users(database),
    formTokens: new FormTokens(randomSecret(database, 'form-key')),
    backchannel,
    sessions: new Sessions(database, settings.lifetimes, backchannel),
  };
  await seedDemoUsers(partial);
  const realm: Realm = { ...partial, provider: createProvider(issuer, clients, partial) };

  const { provider } = realm;
  provider.use(securityHeaders);
  provider.use(errorPages(realm));
  provider.use(serveAssets);
  provider.use(homeRoutes(realm));
  provider.use(interactionRoutes(realm));
  provider.use(logoutRoutes(realm));
  server.on('request', provider.callback());

  backchannel.start(provider);
  const cleaning = setInterval(() => {
    removeExpiredState(database);
    realm.sessions.forgetExpired();
  }, CLEANING_MS);

  return {
    issuer,
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

function listen(server: Server, brand: Brand, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words: Record<string, string> = {
        EADDRINUSE: `port ${port} is already in use`,
        EACCES: `this user may not listen on port ${port}`,
      };
      const what = words[error.code ?? ''] ?? `it cannot listen on ${host}:${port} (${error.code})`;
      reject(new ConfigError(`${brand.name} did not start: ${what}. Choose another one with IDP_PORT, for example IDP_PORT=4010`));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

async function seedDemoUsers({ brand, settings, users }: Omit<Realm, 'provider'>): Promise<void> {
  for (const { id, email, name } of brand.demoUsers) {
    if (users.byId(id)) continue;
    users.create({
      id,
      email,
      name,
      emailVerified: true,
      passwordHash: await hashPassword(brand.demoPassword, settings.scryptLogN),
    });
  }
}
