// A sensitive action that was begun and given up is not done at a later login, whatever led there.

import { randomUUID } from 'node:crypto';
import { type Page, type Request } from '@playwright/test';
import { IDP_URL } from './support/addresses.ts';
import { giveCredentials } from './support/idp.ts';
import { arrive } from './support/page_check.ts';
import type { Person } from './support/people.ts';
import { enrolSecondFactor, expectSecondFactorPage, giveCode, giveRecoveryCode, type SecondFactor } from './support/second_factor.ts';
import { sessionView } from './support/sessions.ts';
import { expect, test } from './support/test.ts';

/** A customer of whom the shop knows, by a login in another browser, that they have a second factor. */
async function customerWithSecondFactor(page: Page, elsewhere: Page, person: Person): Promise<SecondFactor> {
  await page.goto('/account');
  await giveCredentials(page, person);
  await arrive(page, 'My Account');
  const secondFactor = await enrolSecondFactor(page);
  await elsewhere.goto('/account');
  await giveCredentials(elsewhere, person);
  await giveCode(elsewhere, secondFactor);
  await arrive(elsewhere, 'My Account');
  await page.goto('/account');
  await arrive(page, 'My Account');
  return secondFactor;
}

/** The identity provider, too, wants the second factor before it changes anything. */
async function changePassword(page: Page, person: Person, recoveryCode: string): Promise<Person> {
  const changed = { ...person, password: `other words ${randomUUID()}` };
  await page.goto(`${IDP_URL}/account/password`);
  await giveRecoveryCode(page, recoveryCode);
  await page.getByLabel('Current password').fill(person.password);
  await page.getByLabel('New password').fill(changed.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('heading', { name: 'Password changed' })).toBeVisible();
  return changed;
}

function noteDeletions(page: Page): Request[] {
  const deletions: Request[] = [];
  page.on('request', (request) => {
    if (request.method() === 'DELETE') deletions.push(request);
  });
  return deletions;
}

test.describe('S4 step-up, turned back from', () => {
  for (const [way, firstPage] of [
    ['by way of the front page', '/'],
    ['straight to the page that it began on', '/account'],
  ] as const) {
    test(`an account whose deletion was given up survives a reset and the login after it, ${way}`, async ({ page, newGuest, shopper, watch }) => {
      const secondFactor = await customerWithSecondFactor(page, await newGuest(), shopper);
      const deletions = noteDeletions(page);
      watch.expectFailure('/api/account', 401);
      await page.getByRole('button', { name: 'Delete account' }).click();
      await page.getByRole('button', { name: 'Delete for good' }).click();
      await expectSecondFactorPage(page);

      // Thinks better of it, and only wants another password. That ends the session here, which is no logout.
      const changed = await changePassword(page, shopper, secondFactor.recoveryCodes[1]!);
      await page.goto(firstPage);
      await expect.poll(async () => (await sessionView(page)).ended).toBe('backchannel-logout');
      if (firstPage !== '/account') await page.goto('/account');
      await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
      await giveCredentials(page, changed);
      await giveRecoveryCode(page, secondFactor.recoveryCodes[0]!);

      await arrive(page, 'My Account');
      await expect(page.getByRole('button', { name: 'Delete account' })).toBeVisible();
      expect(deletions, 'the one that was refused').toHaveLength(1);
      await page.reload();
      await arrive(page, 'My Account');
      await expect(page.getByRole('main')).toContainText(shopper.email);
      expect(deletions, 'the one that was refused').toHaveLength(1);
    });
  }
});
