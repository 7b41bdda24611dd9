// The shop without a backend, from outside: its frames, its tokens, and what it keeps.

import { type BrowserContext, expect, type Page, type Request } from '@playwright/test';
import { IDP_URL, NO_BACKEND_URL, SHOP_URL } from './addresses.ts';

/** Where the identity provider is asked, with a page or without one. */
export const AUTHORIZE = (url: URL): boolean => url.origin === IDP_URL && url.pathname === '/auth';

export const isSilent = (url: URL): boolean => AUTHORIZE(url) && url.searchParams.get('prompt') === 'none';

/** Notes each hidden question of any page of this browser. */
export function noteSilentQuestions(context: BrowserContext): URL[] {
  const questions: URL[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (isSilent(url)) questions.push(url);
  });
  return questions;
}

/** Notes each request to the shop's API. */
export function noteApiRequests(context: BrowserContext): Request[] {
  const requests: Request[] = [];
  context.on('request', (request) => {
    const isApi = request.url().startsWith(`${SHOP_URL}/api/`) && request.method() !== 'OPTIONS';
    if (isApi) requests.push(request);
  });
  return requests;
}

/** A cookie's domain knows no port: neither shop may have set one, and the identity provider's have names of their own. */
export async function expectNoCookieOfTheShop(context: BrowserContext): Promise<void> {
  const names = (await context.cookies()).map(({ name }) => name);
  expect(names.filter((name) => !/^(pcid|fb)_/.test(name)), 'cookies of the shop').toEqual([]);
}

/** What this origin keeps in the browser, in all. */
export async function storedText(page: Page): Promise<string> {
  expect(new URL(page.url()).origin).toBe(NO_BACKEND_URL);
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
}

/** A page of the identity provider that its frame shows, with a message to the page around it. */
export function messagePage(message: object): string {
  return `<!doctype html><title>message</title><script>parent.postMessage(${JSON.stringify(message)}, '*')</script>`;
}

/** As the identity provider answers a silent question, in its own words. */
export const answerOf = (question: URL, response: Record<string, unknown>): object => ({
  type: 'authorization_response',
  response: { state: question.searchParams.get('state'), ...response },
});
