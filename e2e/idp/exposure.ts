// What must not be seen from other machines does not start where it could be.

import type { Settings } from './config.ts';
import { isLoopback } from './web/sites.ts';

export const DEMO_CLIENT_SECRET = 'storezero-demo-secret';
/** 128 bits, written in hexadecimal digits. */
const SHORTEST_SECRET = 32;

type Address = [variable: string, url: URL];

function addressesOf({ peakcommerce, friendbook, shopUrl, spaUrl }: Settings): Address[] {
  const all: [string, string | undefined][] = [
    ['IDP_ISSUER', peakcommerce.issuer],
    ['IDP_FRIENDBOOK_ISSUER', friendbook.issuer],
    ['IDP_SHOP_URL', shopUrl],
    ['IDP_SPA_URL', spaUrl],
  ];
  // An issuer left out is on localhost.
  return all.flatMap(([variable, url]) => (url === undefined ? [] : [[variable, new URL(url)] satisfies Address]));
}

/** Whether everything is on this machine. */
export function isLocal(settings: Settings, inContainer: boolean): boolean {
  const atHome = addressesOf(settings).every(([, { hostname }]) => isLoopback(hostname));
  // A container listens to everybody, and whoever publishes its ports says who that is.
  return atHome && (inContainer || isLoopback(settings.host));
}

/** Why this program does not start with these settings. */
export function exposure(settings: Settings): string | undefined {
  const { clientSecret, demo, local, registration, trustedProxy } = settings;
  for (const [variable, url] of addressesOf(settings)) {
    const value = `${variable} is "${url.origin}"`;
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      return `${value}; plain http is for this machine alone, elsewhere write https://${url.hostname}`;
    }
    if (url.protocol === 'https:' && variable.endsWith('ISSUER') && !trustedProxy) {
      return (
        `${value}, but this program speaks plain http: put a proxy with TLS before it, which sets X-Forwarded-For, ` +
        '-Host and -Proto, and say so with IDP_TRUSTED_PROXY=1'
      );
    }
  }
  if ((demo || registration) && !local) {
    return (
      `${demo ? 'IDP_DEMO' : 'IDP_REGISTRATION'}=1 opens the mailbox and accounts with well-known passwords, so it is ` +
      'for this machine alone: leave it out, or let IDP_HOST be 127.0.0.1 and IDP_ISSUER, IDP_FRIENDBOOK_ISSUER, ' +
      'IDP_SHOP_URL and IDP_SPA_URL name localhost. In a container whose ports are published on 127.0.0.1 say ' +
      'IDP_CONTAINER=1'
    );
  }
  const advice = 'make one with openssl rand -hex 32, and give the shop the same (STOREZERO_OIDC_CLIENT_SECRET)';
  if (clientSecret === DEMO_CLIENT_SECRET) {
    return local ? undefined : `IDP_CLIENT_SECRET is the demo's, which everybody knows; ${advice}`;
  }
  return isTrivial(clientSecret) ? `IDP_CLIENT_SECRET is too easy to guess; ${advice}` : undefined;
}

function isTrivial(secret: string): boolean {
  return secret.length < SHORTEST_SECRET || new Set(secret).size < 8;
}
