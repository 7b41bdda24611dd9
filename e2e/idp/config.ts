// What the environment says, read once and checked at the start. Every variable is listed in README.md.

import { fileURLToPath } from 'node:url';
import { DEMO_CLIENT_SECRET, exposure, isLocal } from './exposure.ts';

/** How long a session may live. All values in seconds. */
export interface Lifetimes {
  /** Ends a browser session that nobody used for so long. */
  idle: number;
  /** Ends a browser session however much it was used, counted from its login. */
  absolute: number;
  /** The same two for a session that was kept ("Keep me signed in"). */
  keptIdle: number;
  keptAbsolute: number;
  /** How long a login page may stay open before it has to start again. */
  interaction: number;
}

/** Where one of the two providers listens. */
export interface Endpoint {
  /** 0 takes any free port; the issuer then follows the port taken. */
  port: number;
  /** Left out: http://localhost:<port>. */
  issuer: string | undefined;
  /** The variable that moves it, for the message when its port is in use. */
  portVariable: string;
}

/** How much guessing is borne before it has to slow down (throttle.ts, hashing.ts). */
export interface Limits {
  /** Failed logins of one sender within a quarter of an hour. */
  perSender: number;
  /** Failed logins with one address within a day, from wherever. */
  perAddress: number;
  /** All failed logins within a quarter of an hour. */
  overall: number;
  /** Mails that one sender may have sent within a quarter of an hour, without being signed in. */
  mailsPerSender: number;
  /** Logins that may wait for their password to be hashed. */
  hashQueue: number;
}

export interface Settings {
  host: string;
  /** Nothing of this program is reachable from another machine, as far as it can tell. */
  local: boolean;
  /** A proxy before this program speaks TLS, and its X-Forwarded headers are believed. */
  trustedProxy: boolean;
  peakcommerce: Endpoint;
  friendbook: Endpoint;
  shopUrl: string;
  spaUrl: string;
  clientSecret: string;
  /** Folder of users, sessions and signing keys; made when missing. */
  dataDir: string;
  demo: boolean;
  registration: boolean;
  /** Puts the session's absolute limit into ID tokens (`session_expiry` of IPSIE's session lifecycle profile). */
  sessionExpiryClaim: boolean;
  lifetimes: Lifetimes;
  /** How long an access token works, in seconds: an API that checks it by itself cannot know of a logout before. */
  accessTokenLifetime: number;
  /** KiB that Argon2id takes for passwords hashed from now on; a stored hash carries its own. */
  hashMemory: number;
  limits: Limits;
}

const DEFAULT_PORT = 4000;

export class ConfigError extends Error {}

export function readSettings(env: Record<string, string | undefined>): Settings {
  const registration = flag(env, 'IDP_REGISTRATION');
  const demo = flag(env, 'IDP_DEMO');
  const port = integer(env, 'IDP_PORT', DEFAULT_PORT, 0, 65535);
  // Away from the default port there may be several of us: then Friendbook takes any port, which only we must know.
  const friendbookPort = port === DEFAULT_PORT ? 4100 : 0;
  // Test mode signs in, and fails to, hundreds of times a minute from one address.
  const limit = (name: string, fallback: number) => integer(env, name, registration ? 1e6 : fallback, 1, 1e6);
  const settings: Settings = {
    host: env['IDP_HOST'] || '127.0.0.1',
    local: false,
    trustedProxy: flag(env, 'IDP_TRUSTED_PROXY'),
    peakcommerce: {
      port,
      issuer: env['IDP_ISSUER'] ? origin(env, 'IDP_ISSUER', '') : undefined,
      portVariable: 'IDP_PORT',
    },
    friendbook: {
      port: integer(env, 'IDP_FRIENDBOOK_PORT', friendbookPort, 0, 65535),
      issuer: env['IDP_FRIENDBOOK_ISSUER'] ? origin(env, 'IDP_FRIENDBOOK_ISSUER', '') : undefined,
      portVariable: 'IDP_FRIENDBOOK_PORT',
    },
    shopUrl: origin(env, 'IDP_SHOP_URL', 'http://localhost:3000'),
    spaUrl: origin(env, 'IDP_SPA_URL', 'http://localhost:3001'),
    clientSecret: env['IDP_CLIENT_SECRET'] || DEMO_CLIENT_SECRET,
    dataDir: env['IDP_DATA'] || fileURLToPath(new URL('./data', import.meta.url)),
    demo,
    registration,
    sessionExpiryClaim: flag(env, 'IDP_SESSION_EXPIRY'),
    lifetimes: {
      idle: duration(env, 'IDP_SESSION_IDLE', '8h'),
      absolute: duration(env, 'IDP_SESSION_ABSOLUTE', '24h'),
      keptIdle: duration(env, 'IDP_KEPT_SESSION_IDLE', '3d'),
      keptAbsolute: duration(env, 'IDP_KEPT_SESSION_ABSOLUTE', '7d'),
      interaction: duration(env, 'IDP_INTERACTION', '1h'),
    },
    // Whoever tries the demo should live to see a renewal.
    accessTokenLifetime: duration(env, 'IDP_ACCESS_TOKEN', demo ? '2m' : '10m'),
    // OWASP's password storage cheat sheet: 19 MiB, two passes. Test mode signs in hundreds of times a minute with
    // public passwords, so it may be cheap.
    hashMemory: integer(env, 'IDP_HASH_MEMORY', registration ? 1024 : 19_456, 8, 2 ** 20),
    limits: {
      perSender: limit('IDP_GUESSES_PER_SENDER', 50),
      // NIST SP 800-63B §3.2.2: no more than 100 failures in a row on one account.
      perAddress: limit('IDP_GUESSES_PER_ADDRESS', 100),
      overall: limit('IDP_GUESSES_OVERALL', 3000),
      // The demo's mails go nowhere.
      mailsPerSender: limit('IDP_MAILS_PER_SENDER', demo ? 500 : 50),
      hashQueue: limit('IDP_HASH_QUEUE', 16),
    },
  };
  settings.local = isLocal(settings, flag(env, 'IDP_CONTAINER'));
  const problem = exposure(settings);
  if (problem !== undefined) throw new ConfigError(problem);
  return settings;
}

function flag(env: Record<string, string | undefined>, name: string): boolean {
  const value = env[name];
  if (value === undefined || value === '' || value === '0' || value === 'false') return false;
  if (value === '1' || value === 'true') return true;
  throw new ConfigError(`${name} is "${value}"; write 1 or 0, for example ${name}=1`);
}

function integer(
  env: Record<string, string | undefined>,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const value = env[name];
  if (!value) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) {
    throw new ConfigError(
      `${name} is "${value}"; write a whole number from ${least} to ${most}, for example ${name}=${fallback}`,
    );
  }
  return number;
}

/** A URL without trailing slash; issuers and client URLs are compared as strings (OIDC Core §3.1.3.7 (2)). */
function origin(env: Record<string, string | undefined>, name: string, fallback: string): string {
  const value = env[name] || fallback;
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) {
    throw new ConfigError(`${name} is "${value}"; write a URL like http://localhost:3000`);
  }
  return url.href.replace(/\/$/, '');
}

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

function duration(env: Record<string, string | undefined>, name: string, fallback: string): number {
  const value = env[name] || fallback;
  const [, digits, unit = 's'] = /^(\d+)([smhd])?$/.exec(value) ?? [];
  const seconds = Number(digits) * UNITS[unit]!;
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new ConfigError(`${name} is "${value}"; write a time like 90s, 30m, 8h or 7d`);
  }
  return seconds;
}
