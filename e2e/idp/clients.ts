// The clients known from the start. Test mode lets more register themselves (OIDC Dynamic Client Registration 1.0).

import type Provider from 'oidc-provider';
import type { ClientMetadata } from 'oidc-provider';
import type { Settings } from './config.ts';
import { isLoopback } from './web/sites.ts';

export function shopClients({ shopUrl, spaUrl, clientSecret }: Settings): ClientMetadata[] {
  return [
    {
      client_id: 'storezero',
      client_secret: clientSecret,
      client_name: 'storezero.io',
      client_uri: shopUrl,
      redirect_uris: [`${shopUrl}/auth/callback`, `${shopUrl}/auth/silent`],
      post_logout_redirect_uris: [`${shopUrl}/signed-out`],
      backchannel_logout_uri: `${shopUrl}/auth/backchannel-logout`,
      backchannel_logout_session_required: true,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      scope: 'openid profile email',
    },
    {
      // The shop without a backend: static files, nothing to keep a secret in.
      client_id: 'storezero-spa',
      client_name: 'storezero.io',
      client_uri: spaUrl,
      redirect_uris: [`${spaUrl}/callback`, `${spaUrl}/silent`],
      post_logout_redirect_uris: [`${spaUrl}/signed-out`],
      token_endpoint_auth_method: 'none',
      grant_types: ['implicit', 'authorization_code'],
      response_types: ['id_token token', 'id_token', 'code'],
      scope: 'openid profile email',
    },
  ];
}

/** What a client may ask of the shop's API, if anything: the shop itself has it, so tokens are for a page without one. */
export function apiScopeOf({ tokenEndpointAuthMethod }: { tokenEndpointAuthMethod?: string }): string | undefined {
  return tokenEndpointAuthMethod === 'none' ? 'orders account' : undefined;
}

/** The account pages of PeakCommerce ID itself; they only need to know that somebody signed in. */
export function accountClient(issuer: string): ClientMetadata {
  return {
    client_id: 'peakcommerce-account',
    client_name: 'your account',
    client_uri: issuer,
    redirect_uris: [`${issuer}/account/return`],
    token_endpoint_auth_method: 'none',
    grant_types: [],
    response_types: ['none'],
    scope: 'openid',
  };
}

/** Friendbook's one client: PeakCommerce ID. */
export function friendbookClient(issuer: string, secret: string): ClientMetadata {
  return {
    client_id: 'peakcommerce',
    client_secret: secret,
    client_name: 'PeakCommerce ID',
    client_uri: issuer,
    redirect_uris: [`${issuer}/social/friendbook/callback`],
    post_logout_redirect_uris: [`${issuer}/social/friendbook/signed-out`],
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    scope: 'openid profile email',
  };
}

/**
 * OIDC Registration §2 wants https of web clients with the Implicit Flow, and allows http://localhost to native ones
 * alone. But those are answered at any port of the machine (RFC 8252 §7.3): with prompt=none any program on it would
 * get tokens without a question. So a shop on loopback is a web client here, whose addresses are compared exactly.
 */
export function allowImplicitFlowOnLoopback(provider: Provider): void {
  const schema = (provider.Client as unknown as { Schema: { prototype: ClientSchema } }).Schema.prototype;
  const { invalidate } = schema;
  schema.invalidate = function (message, code) {
    const uris = [...(this.redirect_uris ?? []), ...(this.post_logout_redirect_uris ?? [])];
    const wantsHttps = code === 'implicit-force-https' || code === 'implicit-forbid-localhost';
    if (wantsHttps && uris.every((uri) => isLoopback(new URL(uri).hostname))) return;
    invalidate.call(this, message, code);
  };
}

/** What oidc-provider checks a client's metadata with; its types leave it out. */
interface ClientSchema extends ClientMetadata {
  invalidate(message: string, code?: string): void;
}

/**
 * Where this client begins a login. OIDC Registration §2 has `initiate_login_uri` for it, but only with https, which
 * no shop on localhost has: so it is the path that shops have by convention.
 */
export function loginUrlOf(client: { redirectUris?: readonly string[] }): string | undefined {
  const [callback] = client.redirectUris ?? [];
  return callback && new URL('/auth/login', callback).href;
}
