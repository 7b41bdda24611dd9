// PeakCommerce ID as a client of Friendbook: Code Flow with PKCE (OIDC Core §3.1), over the network like any other.

import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { UpstreamIdentity } from '../store/users.ts';
import { reachable } from '../web/sites.ts';

/** What Friendbook says of somebody. */
export interface FriendbookUser extends UpstreamIdentity {
  name: string;
  email: string | undefined;
  emailVerified: boolean;
  /** When they proved it to Friendbook: seconds since 1970. */
  authTime: number;
  idToken: string;
}

export interface LoginRequest {
  state: string;
  nonce: string;
  verifier: string;
  /** Passed on when the shop asked for them, so that Friendbook's living session does not answer for the person. */
  prompt?: string | undefined;
  maxAge?: string | undefined;
  loginHint?: string | undefined;
}

const TIMEOUT_MS = 5000;

export class FriendbookClient {
  readonly issuer: string;
  readonly #clientId = 'peakcommerce';
  readonly #clientSecret: string;
  readonly #ourIssuer: string;
  readonly #keys: JWTVerifyGetKey;

  constructor(issuer: string, clientSecret: string, ourIssuer: string) {
    this.issuer = issuer;
    this.#clientSecret = clientSecret;
    this.#ourIssuer = ourIssuer;
    this.#keys = createRemoteJWKSet(reachable(`${issuer}/jwks`), { timeoutDuration: TIMEOUT_MS });
  }

  get redirectUri(): string {
    return `${this.#ourIssuer}/social/friendbook/callback`;
  }

  authorizationUrl({ state, nonce, verifier, prompt, maxAge, loginHint }: LoginRequest): string {
    const url = new URL(`${this.issuer}/auth`);
    const params = {
      client_id: this.#clientId,
      response_type: 'code',
      redirect_uri: this.redirectUri,
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      prompt,
      max_age: maxAge,
      login_hint: loginHint,
    };
    for (const [name, value] of Object.entries(params)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url.href;
  }

  /** Throws when Friendbook cannot be reached or its answer does not hold (OIDC Core §3.1.3.7). */
  async redeem(code: string, { nonce, verifier, maxAge }: LoginRequest): Promise<FriendbookUser> {
    const response = await fetch(reachable(`${this.issuer}/token`), {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { authorization: `Basic ${btoa(`${this.#clientId}:${this.#clientSecret}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: this.redirectUri,
        code_verifier: verifier,
      }),
    });
    if (!response.ok) throw new Error(`Friendbook's token endpoint answered ${response.status}`);
    const { id_token: idToken } = (await response.json()) as { id_token?: unknown };
    if (typeof idToken !== 'string') throw new Error('Friendbook sent no ID token');
    const { payload } = await jwtVerify(idToken, this.#keys, {
      issuer: this.issuer,
      audience: this.#clientId,
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'iat', 'exp', 'auth_time'],
    });
    if (payload['nonce'] !== nonce) throw new Error('Friendbook answered another request (nonce)');
    const authTime = payload['auth_time'];
    if (typeof authTime !== 'number') throw new Error('Friendbook does not say when the person signed in');
    if (maxAge !== undefined && Date.now() / 1000 - authTime > Number(maxAge) + TIMEOUT_MS / 1000) {
      throw new Error('Friendbook did not ask the person again');
    }
    return {
      issuer: this.issuer,
      subject: payload.sub!,
      name: typeof payload['name'] === 'string' ? payload['name'] : 'Friendbook member',
      email: typeof payload['email'] === 'string' ? payload['email'] : undefined,
      emailVerified: payload['email_verified'] === true,
      authTime,
      idToken,
    };
  }

  /** Where the browser goes to end Friendbook's session too; it comes back to our /social/friendbook/signed-out. */
  logoutUrl(idToken: string, state: string): string {
    return `${this.issuer}/session/end?${new URLSearchParams({
      id_token_hint: idToken,
      post_logout_redirect_uri: `${this.#ourIssuer}/social/friendbook/signed-out`,
      state,
    })}`;
  }
}

/** When Friendbook authenticated the person, by an ID token that was validated when it came: seconds since 1970. */
export function authTimeOf(idToken: string): number | undefined {
  return decodeJwt<{ auth_time?: number }>(idToken).auth_time;
}
