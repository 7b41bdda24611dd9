// Answers by postMessage (response_mode=web_message), as far as oidc-provider does not do it well by itself.

import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The page that carries an error to its frame is no failed page: with status 400, every silent check of who is signed
 * out would put an error into the browser's console.
 */
export const quietWebMessages: Middleware = async (ctx, next) => {
  await next();
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const delivered = ctx.type === 'text/html' && String(ctx.body).includes('authorization_response');
  if (oidc?.params?.['response_mode'] === 'web_message' && ctx.status === 400 && delivered) ctx.status = 200;
};
