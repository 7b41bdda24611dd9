// An authenticator app in somebody's pocket, and the identity provider's pages that ask for it.

import { expect, type Page } from '@playwright/test';
import { codeAt } from '../../idp/second_factor/totp.ts';
import { IDP_URL } from './addresses.ts';
import { checkPage } from './page_check.ts';

const STEP_MS = 30_000;

/** What the session's `acr` is once a second factor was given. */
export const ACR_MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor';

export interface SecondFactor {
  /**
   * Twice: a code is taken once, and the one of the next thirty seconds is taken already. A third would have to wait;
   * that is what recovery codes are for.
   */
  code: () => string;
  recoveryCodes: string[];
}

/** Sets one up on the account page, for somebody who signed in lately. The shop hears of it at the next login. */
export async function enrolSecondFactor(page: Page): Promise<SecondFactor> {
  await page.goto(`${IDP_URL}/account/second-factor`);
  await expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
  const secret = (await page.locator('.hint code').first().innerText()).replaceAll(' ', '');
  let step = 0;
  const code = (): string => {
    step = Math.max(Math.floor(Date.now() / STEP_MS), step + 1);
    return codeAt(secret, step * STEP_MS);
  };
  await submitCode(page, code());
  await expect(page.getByRole('heading', { name: 'Your second factor is set up' })).toBeVisible();
  return { code, recoveryCodes: await page.locator('.codes code').allInnerTexts() };
}

export async function expectSecondFactorPage(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Enter your second factor' })).toBeVisible();
  await checkPage(page);
}

/** The code is read when the page asks for it: one that was read before may have run out. */
export async function giveCode(page: Page, { code }: SecondFactor): Promise<void> {
  await expectSecondFactorPage(page);
  await submitCode(page, code());
}

export async function giveRecoveryCode(page: Page, code: string): Promise<void> {
  await expectSecondFactorPage(page);
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(code);
  await page.getByRole('button', { name: 'Verify' }).click();
}

async function submitCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Authentication code').fill(code);
  await page.getByRole('button', { name: 'Verify' }).click();
}
