// A client of our own: registers itself, logs in with code and PKCE, and collects the logout tokens sent to it.

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { type Answer, Browser } from './browser.ts';

export interface Tokens {
  idToken: string;
  claims: JWTPayload & { sid: string; auth_time: number; acr: string; amr: string[] };
  accessToken: string;
}

interface Credentials {
  client_id: string;
  client_secret: string;
}

export class RelyingParty {
  readonly issuer: string;
  /** Every provider that a login may lead through. */
  readonly issuers: string[];
  readonly logoutTokens: JWTPayload[] = [];
  /** What the back-channel endpoint answers; tests change it to make deliveries fail. */
  answerStatus = 200;
  #server: Server;
  #attempts = 0;
  #waiting: (() => void)[] = [];
  #client!: Credentials;
  #keys: ReturnType<typeof createRemoteJWKSet>;
  #verifiers = new Map<string, string>();

  private constructor(issuer: string, others: string[], server: Server) {
    this.issuer = issuer;
    this.issuers = [issuer, ...others];
    this.#server = server;
    this.#keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  }

  static async register(
    issuer: string,
    metadata: Record<string, unknown> = {},
    others: string[] = [],
  ): Promise<RelyingParty> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const party = new RelyingParty(issuer, others, server);
    server.on('request', (request, response) => {
      void party.#receive(request).then((status) => response.writeHead(status).end());
    });
    const response = await fetch(`${issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Test shop',
        redirect_uris: [`${party.url}/callback`],
        post_logout_redirect_uris: [`${party.url}/signed-out`],
        backchannel_logout_uri: `${party.url}/backchannel`,
        backchannel_logout_session_required: true,
        ...metadata,
      }),
    });
    if (response.status !== 201) throw new Error(`registration: ${response.status} ${await response.text()}`);
    party.#client = (await response.json()) as Credentials;
    return party;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  get clientId(): string {
    return this.#client.client_id;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  authorizationUrl(extra: Record<string, string> = {}): string {
    const verifier = randomBytes(32).toString('base64url');
    const state = randomBytes(16).toString('base64url');
    this.#verifiers.set(state, verifier);
    return `${this.issuer}/auth?${new URLSearchParams({
      client_id: this.clientId,
      response_type: 'code',
      redirect_uri: `${this.url}/callback`,
      scope: 'openid profile email',
      state,
      nonce: randomBytes(16).toString('base64url'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...extra,
    })}`;
  }

  /** Opens the login page, or what comes instead of it. */
  async begin(browser: Browser, extra: Record<string, string> = {}): Promise<Answer> {
    return browser.follow(await browser.get(this.authorizationUrl(extra)), ...this.issuers);
  }

  async submit(browser: Browser, page: Answer, fields: Record<string, string>): Promise<Answer> {
    const { action, fields: hidden } = page.form;
    return browser.follow(await browser.post(action, { ...hidden, ...fields }), ...this.issuers);
  }

  /** The whole login with a password. */
  async signIn(
    browser: Browser,
    { email = 'ada@example.com', extra = {}, fields = {} }: SignInOptions = {},
  ): Promise<Tokens> {
    const page = await this.begin(browser, extra);
    const end = await this.submit(browser, page, { email, password: 'demo-password', ...fields });
    return this.redeem(end);
  }

  /** Exchanges the code of the redirect that left the provider, and checks the ID token. */
  async redeem(answer: Answer): Promise<Tokens> {
    const params = callbackParams(answer, this.url);
    const code = params.get('code');
    if (!code) throw new Error(`no code: ${params}`);
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${this.clientId}:${this.#client.client_secret}`)}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: `${this.url}/callback`,
        code_verifier: this.#verifiers.get(params.get('state')!) ?? '',
      }),
    });
    const body = (await response.json()) as { id_token: string; access_token: string; error?: string };
    if (!response.ok) throw new Error(`token endpoint: ${JSON.stringify(body)}`);
    const { payload } = await jwtVerify(body.id_token, this.#keys, { issuer: this.issuer, audience: this.clientId });
    return { idToken: body.id_token, claims: payload as Tokens['claims'], accessToken: body.access_token };
  }

  /** Resolves once so many logout tokens were tried in all, accepted or not. */
  async attempts(count: number): Promise<void> {
    while (this.#attempts < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #receive(request: IncomingMessage): Promise<number> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const token = new URLSearchParams(body).get('logout_token');
    if (request.url !== '/backchannel' || !token) return 404;
    const { payload } = await jwtVerify(token, this.#keys, {
      issuer: this.issuer,
      audience: this.clientId,
      typ: 'logout+jwt',
    });
    if (this.answerStatus === 200) this.logoutTokens.push(payload);
    this.#attempts++;
    for (const wake of this.#waiting.splice(0)) wake();
    return this.answerStatus;
  }
}

interface SignInOptions {
  email?: string;
  extra?: Record<string, string>;
  fields?: Record<string, string>;
}

export function callbackParams(answer: Answer, clientUrl: string): URLSearchParams {
  if (!answer.location?.startsWith(`${clientUrl}/`)) {
    throw new Error(`did not come back: ${answer.status} ${answer.url} → ${answer.location}\n${answer.text}`);
  }
  return new URL(answer.location).searchParams;
}
