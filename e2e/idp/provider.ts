// oidc-provider, configured: what the document says of the provider and a stock one does not do is done here or in the files
// that this one names.

import Provider, { errors, type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { allowImplicitFlowOnLoopback, apiScopeOf } from './clients.ts';
import { showProviderError } from './errors.ts';
import { ACR_MULTI_FACTOR, ACR_SINGLE_FACTOR } from './interaction/finish.ts';
import { askBeforeLogout, showSignedOut } from './logout.ts';
import { interactionPolicyFor } from './policy.ts';
import type { Realm } from './realm.ts';
import { sidFor } from './sessions.ts';
import { authTimeOf } from './social/friendbook.ts';
import { createAdapter } from './store/adapter.ts';
import { randomSecret, signingKey } from './store/secrets.ts';
import type { User } from './store/users.ts';
import { framedCookie } from './web/sites.ts';

export function createProvider(issuer: string, clients: ClientMetadata[], realm: Omit<Realm, 'provider'>): Provider {
  const { brand, database, friendbook, sessions, settings, users } = realm;
  const { shopUrl } = settings;
  const registration = settings.registration && brand.id === 'peakcommerce';
  const secure = issuer.startsWith('https:');
  const framed = framedCookie(issuer, clients.flatMap((client) => client.redirect_uris ?? []));
  const apis = [`${shopUrl}/api`];
  // Tests need a token that is good, but for somebody else.
  if (registration) apis.push(`${shopUrl}/other-api`);
  // Handlers run only after the provider exists.
  const whole = (): Realm => ({ ...realm, provider });

  const configuration: Configuration = {
    adapter: createAdapter(database),
    clients,
    jwks: { keys: [signingKey(database)] },
    cookies: {
      keys: [randomSecret(database, 'cookie-key')],
      names: {
        session: `${brand.cookiePrefix}_session`,
        interaction: `${brand.cookiePrefix}_interaction`,
        resume: `${brand.cookiePrefix}_resume`,
      },
      long: { signed: true, httpOnly: true, overwrite: true, ...framed },
      short: { signed: true, httpOnly: true, overwrite: true, secure, sameSite: 'lax' },
    },

    acrValues: [ACR_SINGLE_FACTOR, ACR_MULTI_FACTOR],
    // Claims named under `openid` go into every ID token: the session's facts, asked for or not.
    claims: {
      openid: ['sub', 'auth_time', 'acr', 'amr', 'provider', 'upstream_auth_time', 'session_expiry'],
      profile: ['name'],
      email: ['email', 'email_verified'],
      phone: ['phone_number', 'phone_number_verified'],
    },
    scopes: ['openid', 'profile', 'email', 'phone'],
    // As Auth0 and Keycloak do: name and e-mail already in the ID token, not only at the userinfo endpoint.
    conformIdTokenClaims: false,
    findAccount: (ctx, sub, token) => {
      const user = users.byId(sub);
      return (
        user && {
          accountId: user.id,
          claims: () => {
            // Looked up when they are written: a login may have renewed the session since the account was found.
            const sessionUid = token && 'sessionUid' in token ? token.sessionUid : ctx.oidc.session?.uid;
            const signIn = sessionUid === undefined ? undefined : sessions.signInOf(sessionUid);
            return {
              sub: user.id,
              name: user.name,
              email: user.email,
              email_verified: user.emailVerified,
              phone_number: user.phone,
              phone_number_verified: user.phone === undefined ? undefined : true,
              provider: signIn?.provider,
              upstream_auth_time: signIn?.upstreamIdToken && authTimeOf(signIn.upstreamIdToken),
              session_expiry: signIn && settings.sessionExpiryClaim ? sessions.absoluteEnd(signIn) : undefined,
            };
          },
        }
      );
    },
    loadExistingGrant,

    extraTokenClaims: (ctx, token) =>
      token.kind === 'AccessToken' && token.aud !== undefined
        ? accessTokenClaims(ctx, users.byId(token.accountId))
        : undefined,
    extraParams: ['connection'],
    responseTypes: ['code', 'id_token', 'id_token token', 'none'],
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin, client) =>
      client.tokenEndpointAuthMethod === 'none' &&
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true },
      registration: { enabled: registration, initialAccessToken: false, issueRegistrationAccessToken: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: async () => true,
        // JWT access tokens (RFC 9068), which the shop's API checks by itself.
        getResourceServerInfo: async (_ctx, resource, client) => {
          const scope = apiScopeOf(client);
          if (scope === undefined || !apis.includes(resource)) throw new errors.InvalidTarget();
          return {
            scope,
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: settings.accessTokenLifetime,
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => askBeforeLogout(whole(), ctx),
        postLogoutSuccessSource: (ctx) => showSignedOut(whole(), ctx),
      },
      webMessageResponseMode: { enabled: true, ack: 'individual-draft-01' },
    },
    discovery: {
      // As at Auth0, `federated` at the end-session endpoint ends the social provider's session as well.
      federated_logout_supported: friendbook !== undefined,
      // Seconds; what a client may tell people about a session that it cannot see.
      session_lifetimes: {
        idle: settings.lifetimes.idle,
        absolute: settings.lifetimes.absolute,
        kept_idle: settings.lifetimes.keptIdle,
        kept_absolute: settings.lifetimes.keptAbsolute,
      },
    },
    interactions: {
      policy: interactionPolicyFor(sessions, realm.secondFactors),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    renderError: (ctx, out, error) => showProviderError(whole(), ctx, out, error),
    ttl: {
      AccessToken: settings.accessTokenLifetime,
      AuthorizationCode: 60,
      Grant: 14 * 86_400,
      IdToken: 3600,
      Interaction: settings.lifetimes.interaction,
      Session: (ctx, session) => sessions.secondsLeft(ctx, session),
    },
  };

  const provider = new Provider(issuer, configuration);
  allowImplicitFlowOnLoopback(provider);
  provider.proxy = settings.trustedProxy;
  // What the proxy itself saw is the last one; those before it are the visitor's to make up.
  provider.maxIpsCount = 1;
  if (framed.secure) {
    // Koa would not send `Secure` over plain http, which is what arrives on loopback and behind a proxy for TLS.
    Object.defineProperty(provider.request, 'secure', { value: true });
  }
  provider.on('authorization.success', (ctx) => {
    const { client, session } = ctx.oidc;
    if (client && session?.accountId !== undefined) sessions.clientTookPart(session, client.clientId);
  });
  provider.on('server_error', (ctx, error) => {
    console.error(`${brand.name}: ${ctx.method} ${ctx.path} failed`, error);
  });
  return provider;
}

/**
 * What an API wants to know of the person and of the login (RFC 9068 §2.2.1, §2.2.2): it has no ID token. At the
 * authorization endpoint the login is the session's, at the token endpoint the one that the code stands for.
 */
function accessTokenClaims({ oidc }: KoaContextWithOIDC, user: User | undefined) {
  const code = oidc.entities.AuthorizationCode;
  const scopes = code ? code.scopes : oidc.requestParamOIDCScopes;
  return {
    auth_time: code ? code.authTime : oidc.session?.authTime(),
    acr: code ? code.acr : oidc.acr,
    amr: code ? code.amr : oidc.amr,
    ...(scopes.has('profile') && { name: user?.name }),
    ...(scopes.has('email') && { email: user?.email, email_verified: user?.emailVerified }),
  };
}

/**
 * All clients are the operator's own, so what they ask for counts as granted and nobody sees a consent page, except
 * where a client itself demands one (prompt=consent).
 */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, params, provider, requestParamOIDCScopes, requestParamScopes, resourceServers, result, session } =
    ctx.oidc;
  const clientId = client!.clientId;
  if (!session!.sidFor(clientId)) session!.sidFor(clientId, sidFor(session!.uid, clientId));
  const grantId = result?.consent?.grantId ?? session!.grantIdFor(clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = existing ?? new provider.Grant({ clientId, accountId: session!.accountId! });
  const before = JSON.stringify(grant);
  grant.addOIDCScope([...requestParamOIDCScopes]);
  for (const [resource, server] of Object.entries(resourceServers ?? {})) {
    const granted = [...requestParamScopes].filter((scope) => server.scopes.has(scope));
    if (granted.length > 0) grant.addResourceScope(resource, granted);
  }
  if (params?.['claims']) grant.addOIDCClaims([...ctx.oidc.requestParamClaims]);
  if (!existing || JSON.stringify(grant) !== before) await grant.save();
  return grant;
}
