// A sign-up from the login page to the shop, by way of the mailbox.

import type { StoredMessage } from '../store/outbox.ts';
import type { Answer, Browser } from './browser.ts';

export interface NewPerson {
  name: string;
  email: string;
  password: string;
}

/** What was sent to this address or number, the newest first. */
export async function messagesTo(issuer: string, to: string): Promise<StoredMessage[]> {
  const response = await fetch(`${issuer}/mailbox?${new URLSearchParams({ to })}`, {
    headers: { accept: 'application/json' },
  });
  return (await response.json()) as StoredMessage[];
}

/** Asks for the link of a new account; the page that says so. */
export async function askForAccount(browser: Browser, loginPage: Answer, email: string): Promise<Answer> {
  const { action, fields } = (await browser.get(`${loginPage.url}/sign-up`)).form;
  return browser.post(action, { ...fields, email });
}

/** The whole sign-up; the redirect that comes after it. */
export async function signUp(browser: Browser, loginPage: Answer, person: NewPerson): Promise<Answer> {
  await askForAccount(browser, loginPage, person.email);
  const [mail] = await messagesTo(new URL(loginPage.url).origin, person.email.toLowerCase());
  const { action, fields } = (await browser.get(mail!.link!)).form;
  return browser.post(action, { ...fields, ...person });
}
