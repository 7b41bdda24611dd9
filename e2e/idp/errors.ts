// What a person sees when a request cannot go on: what happened, and a way on.

import type { Context, Middleware } from 'koa';
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { Busy } from './hashing.ts';
import type { Realm } from './realm.ts';
import { restartLogin, restartUrl } from './restart.ts';
import { FormRejected } from './web/forms.ts';
import { html } from './web/html.ts';
import { showPage } from './web/layout.ts';

const FAILURE = 'Something went wrong on our side. It was noted.';
const WORDS = new Map([
  ['invalid_client', 'The shop that sent you here is not registered with us.'],
  ['invalid_redirect_uri', 'The shop that sent you here gave an address that is not registered with us.'],
  ['server_error', FAILURE],
]);

/** For errors that must not be sent back to the client, because it is unknown or its address is (RFC 6749 §4.1.2.1). */
export async function showProviderError(
  realm: Realm,
  ctx: KoaContextWithOIDC,
  out: ErrorOut,
  error: Error,
): Promise<void> {
  if (error.name === 'SessionNotFound') {
    // The resume path: /auth/<interaction>.
    await restartLogin(realm, ctx, ctx.path.split('/').at(-1));
    return;
  }
  showError(realm, ctx, {
    message: WORDS.get(out.error) ?? 'The request of the shop that sent you here was not complete or not valid.',
    detail: [out.error, out.error_description].filter(Boolean).join(': '),
    status: ctx.status,
  });
}

interface ErrorPage {
  message: string;
  /** For whoever runs the client; says nothing that is secret. */
  detail?: string;
  status: number;
  wayOn?: { href: string; label: string };
}

export function showError(realm: Realm, ctx: Context, { message, detail, status, wayOn }: ErrorPage): void {
  const { href, label } = wayOn ?? { href: realm.shopUrl, label: 'Go to the shop' };
  showPage(
    ctx,
    realm.brand,
    {
      heading: 'That did not work',
      failed: true,
      body: html`<p>${message}</p>
<p><a class="button" href="${href}">${label}</a></p>
${detail && html`<details><summary>Technical details</summary><p><code>${detail}</code></p></details>`}`,
    },
    status,
  );
}

/** What follows in the address of a link that was mailed opens an account, and has no place in a log. */
export function withoutToken(path: string): string {
  return path.replace(/\/(reset-password|confirm-email|sign-up)\/.*/s, '/$1/…');
}

/** The outermost handler of our own pages: nothing that goes wrong there ends in a bare text or a stack trace. */
export function errorPages(realm: Realm): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined && ctx.accepts('html')) {
        showError(realm, ctx, { message: 'There is no such page here.', status: 404 });
      }
    } catch (error) {
      const [login, uid] = /^\/interaction\/([\w-]+)/.exec(ctx.path) ?? [];
      // The login under way goes on, or restarts by itself where it is over.
      const wayOn = { href: login ?? `${realm.shopUrl}/auth/login`, label: 'Start again' };
      if (error instanceof FormRejected) {
        showError(realm, ctx, { message: error.message, status: error.status, wayOn });
        return;
      }
      if (error instanceof Busy) {
        ctx.set('retry-after', String(error.retryAfterSeconds));
        const message = 'Very many people are signing in just now. Wait some seconds, then go back and try again.';
        showError(realm, ctx, { message, status: 503, wayOn });
        return;
      }
      console.error(`${realm.brand.name}: ${ctx.method} ${withoutToken(ctx.path)} failed`, error);
      // Not to the page that failed.
      const elsewhere = { href: await restartUrl(realm, uid), label: 'Start again' };
      showError(realm, ctx, { message: FAILURE, status: 500, wayOn: elsewhere });
    }
  };
}
