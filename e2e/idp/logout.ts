// RP-initiated logout (OIDC RP-Initiated Logout 1.0). A client that shows whom it signs out is believed at once;
// anybody else only gets a page that asks.

import { timingSafeEqual } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Realm } from './realm.ts';
import type { ProviderSession } from './sessions.ts';
import { sealReturnAddress } from './social/return_address.ts';
import { allowFormRedirects } from './web/security.ts';
import { readFields, readForm } from './web/forms.ts';
import { html } from './web/html.ts';
import { showPage } from './web/layout.ts';

/** What oidc-provider notes in the session between the request and the answer to the question. */
interface LogoutState {
  secret: string;
  state?: string;
  postLogoutRedirectUri?: string;
}

const END_PATH = '/session/end';
const CONFIRM_PATH = `${END_PATH}/confirm`;

/** oidc-provider checked the request; somebody is signed in. */
export async function askBeforeLogout(realm: Realm, ctx: KoaContextWithOIDC): Promise<void> {
  const session = ctx.oidc.session!;
  const hint = ctx.oidc.entities['IdTokenHint'] as { payload: { sub: string } } | undefined;
  if (hint?.payload.sub === session.accountId) {
    await endSessionAndLeave(realm, ctx, session);
    return;
  }
  const { secret, postLogoutRedirectUri } = logoutState(session)!;
  allowFormRedirects(
    ctx,
    [postLogoutRedirectUri, realm.friendbook?.issuer].filter((url) => url !== undefined),
  );
  const user = realm.users.byId(session.accountId!);
  showPage(ctx, realm.brand, {
    heading: 'Sign out?',
    body: html`<p>You are signed in${user && html` as <strong>${user.name}</strong> (${user.email})`}.
Signing out here also signs you out of the shops that you entered with ${realm.brand.name}.</p>
<form method="post" action="${CONFIRM_PATH}${'federated' in ctx.query && '?federated=1'}" class="choices">
<input type="hidden" name="xsrf" value="${secret}">
<button class="button" name="logout" value="yes">Sign out</button>
<button class="button quiet" name="stay" value="yes">Stay signed in</button>
</form>`,
  });
}

export function showSignedOut(realm: Realm, ctx: KoaContextWithOIDC): void {
  showPage(ctx, realm.brand, {
    heading: 'You are signed out',
    body: html`<p>Your session at ${realm.brand.name} has ended.</p>
<p><a class="button" href="${realm.shopUrl}">Go to the shop</a></p>`,
  });
}

/** Stands before oidc-provider's own end-session routes. */
export function logoutRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    if (ctx.method === 'POST' && ctx.path === CONFIRM_PATH) return confirmLogout(realm, ctx);
    if (ctx.method === 'POST' && ctx.path === END_PATH) {
      // RP-Initiated Logout §2 wants POST as well; oidc-provider offers it only where the session's cookie is
      // SameSite=None. Ours is, wherever the client is of another site, and is sent anyway where it is not.
      const fields = await readFields(ctx);
      ctx.state['isForm'] = true;
      ctx.method = 'GET';
      ctx.querystring = new URLSearchParams([...new URLSearchParams(ctx.querystring), ...fields]).toString();
    }
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    const session = oidc?.session;
    if (oidc?.route === 'end_session' && session && !session.accountId && ctx.status === 200) {
      // Nobody to sign out, so nothing to ask; oidc-provider would answer with a page that posts itself.
      await endSessionAndLeave(realm, ctx, session);
    }
  };
}

async function confirmLogout(realm: Realm, ctx: Context): Promise<void> {
  const form = await readForm(ctx);
  const session = await realm.provider.Session.get(ctx);
  const state = logoutState(session);
  if (!state || !sameSecret(state.secret, form.text('xsrf'))) {
    // The session changed meanwhile (another tab); what it is now is asked anew.
    ctx.status = 303;
    ctx.redirect('/');
    return;
  }
  if (form.checked('logout')) {
    await endSessionAndLeave(realm, ctx, session);
  } else {
    ctx.status = 303;
    ctx.redirect(returnAddress(realm, state));
  }
}

async function endSessionAndLeave(realm: Realm, ctx: Context, session: ProviderSession): Promise<void> {
  const state = logoutState(session);
  const upstreamIdToken = realm.sessions.signInOf(session.uid)?.upstreamIdToken;
  await realm.sessions.end(realm.provider, session.uid, { reason: 'sign_out' });
  // Marks it as gone for oidc-provider's own handler too, which would otherwise save it again.
  await session.destroy();
  ctx.cookies.set(realm.provider.cookieName('session'), null, { signed: true, httpOnly: true, overwrite: true });
  const target = returnAddress(realm, state);
  ctx.status = 303;
  // Federated: on the way back the browser also passes by the provider that vouched for the person.
  const federated = 'federated' in ctx.query && realm.friendbook && upstreamIdToken;
  const next = federated ? realm.friendbook!.logoutUrl(upstreamIdToken, sealReturnAddress(realm, target)) : target;
  if (ctx.state['isForm']) {
    // A client's own form: the client's policy may hold each redirect after it to where forms may go (CSP3 §6.4.1), and
    // it cannot know whom we pass by.
    showPage(ctx, realm.brand, {
      heading: 'Signing out',
      body: html`<p><a class="button" href="${next}">Go on</a></p>`,
      refreshTo: next,
    });
    return;
  }
  ctx.redirect(next);
}

function returnAddress(realm: Realm, state: LogoutState | undefined): string {
  const target = new URL(state?.postLogoutRedirectUri ?? realm.provider.urlFor('end_session_success'));
  if (state?.postLogoutRedirectUri && state.state !== undefined) target.searchParams.set('state', state.state);
  return target.href;
}

function logoutState(session: ProviderSession): LogoutState | undefined {
  return session.state as LogoutState | undefined;
}

function sameSecret(expected: string, actual: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)];
  return a.length === b.length && timingSafeEqual(a, b);
}
