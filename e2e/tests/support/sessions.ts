// What can be seen of the sessions from a browser: cookies, and what the shop says about its own.

import { type BrowserContext, type Cookie, expect, type Page, type Response } from '@playwright/test';
import { IDP_URL, SHOP_URL } from './addresses.ts';

const overHttps = SHOP_URL.startsWith('https:');
export const SHOP_COOKIE = overHttps ? '__Host-storezero' : 'storezero';
export const CART_COOKIE = overHttps ? '__Host-storezero-cart' : 'storezero-cart';
export const IDP_COOKIE = 'pcid_session';

export async function shopCookie(context: BrowserContext): Promise<Cookie | undefined> {
  return (await context.cookies(SHOP_URL)).find(({ name }) => name === SHOP_COOKIE);
}

export async function idpCookie(context: BrowserContext): Promise<Cookie | undefined> {
  return (await context.cookies(IDP_URL)).find(({ name }) => name === IDP_COOKIE);
}

interface SessionFacts {
  created_at: number;
  idle_deadline: number;
  absolute_deadline: number;
  persistent: boolean;
  authenticated_at?: number;
  /** Stands for the identity provider's `sid`. */
  sid?: string;
  acr?: string;
  amr?: string[];
}

/** The answer of `GET /api/session`; times in milliseconds since the Unix epoch. */
export interface SessionView {
  now: number;
  state: 'none' | 'anonymous' | 'customer';
  ended?: string;
  session?: SessionFacts;
  customer?: { name: string; email: string };
  sign_in_available: boolean;
}

/** The hidden question whom the identity provider knows is over, and its cookie is gone. To be called before the page. */
export function silentAnswer(page: Page): Promise<Response> {
  return page.waitForResponse((response) => new URL(response.url()).pathname === '/auth/silent' && response.request().method() === 'POST');
}

/** As the page's own scripts ask: with the browser's cookies, which a script itself cannot see. */
export function sessionView(page: Page): Promise<SessionView> {
  return page.evaluate(async () => (await fetch('/api/session')).json());
}

/**
 * Ends the local session by the API and answers what stands for the identity provider's `sid` in it. The browser does
 * not go there: the identity provider's session lives on.
 */
export async function leaveShopAndReadSid(page: Page): Promise<string> {
  const sid = (await sessionView(page)).session?.sid;
  expect(sid, 'a sid').toBeTruthy();
  await page.evaluate(() =>
    fetch('/auth/logout', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Storezero-CSRF': '1' },
      body: JSON.stringify({ scope: 'idp' }),
    }),
  );
  return sid!;
}

/** By the demo's control, as its button asks. */
export async function ageSession(page: Page, minutes: number): Promise<void> {
  const status = await page.evaluate(async (minutes) => {
    const answer = await fetch('/api/session/age', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'X-Storezero-CSRF': '1' },
      body: JSON.stringify({ minutes }),
    });
    return answer.status;
  }, minutes);
  expect(status).toBe(204);
}
