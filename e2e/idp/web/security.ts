// Headers of every answer. Pages run no inline script or style, load nothing from elsewhere and cannot be framed.

import type { Context, Middleware } from 'koa';

const POLICY: Record<string, string> = {
  'default-src': `'none'`,
  'style-src': `'self'`,
  'img-src': `'self' data:`,
  // oidc-provider adds the hash of its own script where it must use one (web_message, form_post).
  'script-src': `'self'`,
  'base-uri': `'none'`,
  'frame-ancestors': `'none'`,
};

/** `formAction` names further origins that a form's answer may redirect to. */
function contentSecurityPolicy(formAction: string[]): string {
  return Object.entries({ ...POLICY, 'form-action': [`'self'`, ...formAction].join(' ') })
    .map(([directive, value]) => `${directive} ${value}`)
    .join('; ');
}

export const securityHeaders: Middleware = (ctx, next) => {
  ctx.set({
    'content-security-policy': contentSecurityPolicy([]),
    'x-content-type-options': 'nosniff',
    // Not no-referrer: that would send `Origin: null` with our own forms.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  return next();
};

/**
 * Lets the answers to this page's forms redirect to these URLs. Browsers hold the whole redirect chain that follows
 * a form to `form-action` (CSP3 §6.4.1), so the way back to the client has to be in it.
 */
export function allowFormRedirects(ctx: Context, urls: string[]): void {
  const sources = new Set(urls.map((url) => {
    const { origin, protocol } = new URL(url);
    // An app's own scheme ("com.example.app:/callback") has no origin.
    return origin === 'null' ? protocol : origin;
  }));
  ctx.set('content-security-policy', contentSecurityPolicy([...sources]));
}
