// PeakCommerce ID's pages, as a person meets them.

import { expect, type Page, type Request } from '@playwright/test';
import { IDP_URL } from './addresses.ts';
import { checkPage } from './page_check.ts';
import type { Person } from './people.ts';

export const LOGIN_PAGE = new RegExp(`^${IDP_URL}/interaction/[^/]+$`);

/** Fills in the login page, which must be open or about to be. */
export async function giveCredentials(page: Page, { email, password }: Person): Promise<void> {
  await expectLoginPage(page);
  await checkPage(page);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export async function expectLoginPage(page: Page): Promise<void> {
  await expect(page).toHaveURL(LOGIN_PAGE);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByLabel('Password')).toBeVisible();
}

/** Notes each page of the identity provider that asks this person for something. */
export function notePrompts(page: Page): string[] {
  const prompts: string[] = [];
  page.on('request', (request: Request) => {
    const isPage = request.isNavigationRequest() && request.method() === 'GET';
    if (isPage && LOGIN_PAGE.test(request.url())) prompts.push(request.url());
  });
  return prompts;
}
