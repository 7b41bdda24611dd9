// Which addresses browsers take for one site, what follows for cookies, and how to get there from here.

/** Hosts that browsers hold for as trustworthy on http as others on https (Secure Contexts §3.1). */
export function isLoopback(hostname: string): boolean {
  return isLocalhost(hostname) || /^127(\.\d{1,3}){3}$/.test(hostname) || /^(\[::1\]|::1)$/.test(hostname);
}

function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/** Scheme and registrable domain (HTML, "same site"), of which below `.localhost` we know where it begins. */
function siteOf(url: string): string {
  const { protocol, hostname } = new URL(url);
  const domain = isLocalhost(hostname) ? hostname.split('.').slice(-2).join('.') : hostname;
  return `${protocol}//${domain}`;
}

/**
 * The session's cookie has to reach a silent check, which runs in a frame of the client's page. In a page of another
 * site only `SameSite=None` does, and browsers take that only with `Secure` (RFC 6265bis §5.7). On plain http they
 * take `Secure` from localhost alone.
 */
export function framedCookie(issuer: string, clientUrls: string[]): { secure: boolean; sameSite: 'none' | 'lax' } {
  const { protocol, hostname } = new URL(issuer);
  const elsewhere = clientUrls.some((url) => siteOf(url) !== siteOf(issuer));
  return protocol === 'https:' || (isLocalhost(hostname) && elsewhere)
    ? { secure: true, sameSite: 'none' }
    : { secure: false, sameSite: 'lax' };
}

/**
 * The address for a request of our own. Names below `.localhost` are this machine (RFC 6761 §6.3), which browsers know;
 * Node asks the system, and not every system knows. TLS would check the name, so https stays as it is.
 */
export function reachable(address: string): URL {
  const url = new URL(address);
  if (url.protocol === 'http:' && isLocalhost(url.hostname)) url.hostname = 'localhost';
  return url;
}
