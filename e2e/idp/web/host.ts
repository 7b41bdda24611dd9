// Which names this program answers to.

import type { Middleware } from 'koa';
import { isLoopback } from './sites.ts';

/** Every machine calls itself so, hence no other site can. */
const OURSELVES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * DNS rebinding: a page of any site can let its own name point to 127.0.0.1 and then read what is answered there, but
 * the browser still says that name. Behind a proxy it is the name that the proxy was asked for (X-Forwarded-Host).
 */
export function onlyOwnHost(issuer: string): Middleware {
  const own = new URL(issuer).hostname;
  return (ctx, next) => {
    const name = hostnameOf(ctx.host);
    if (name !== undefined && (name === own || (isLoopback(own) && OURSELVES.has(name)))) return next();
    // RFC 9110 §15.5.20
    ctx.status = 421;
    ctx.body = `This is ${issuer}. Open that address.\n`;
    return;
  };
}

function hostnameOf(host: string): string | undefined {
  return /^[\w.:[\]-]+$/.test(host) ? URL.parse(`http://${host}`)?.hostname : undefined;
}
