// The second factor told from "Sessions": the shop demands it by `acr_values`, and afterwards nobody is asked again.

import type { Locator, Page } from '@playwright/test';
import { codeAt } from '../idp/second_factor/totp.ts';
import { expectNotTicked, expectTicked, localLane, openControls, region } from './support/explorer.ts';
import { giveCredentials, notePrompts } from './support/idp.ts';
import { arrive, visit } from './support/page_check.ts';
import { ACR_MULTI_FACTOR } from './support/second_factor.ts';
import { sessionView } from './support/sessions.ts';
import { signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const control = (page: Page): Locator => region(page, 'Controls').getByRole('link', { name: 'Sign in with a second factor', exact: true });

/** In the middle of a login, for somebody who has none yet and whose shop wants one. */
async function enrolOnTheWay(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
  const secret = (await page.locator('.hint code').first().innerText()).replaceAll(' ', '');
  await page.getByLabel('Authentication code').fill(codeAt(secret, Date.now()));
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByRole('button', { name: 'I have kept them, continue' }).click();
}

test.describe('S4 control', () => {
  test('the control demands a second factor, has one set up, and the next time nothing is asked @phone', async ({ page, shopper }) => {
    await visit(page, '/sessions', 'Sessions');
    await openControls(page);
    await control(page).click();
    await giveCredentials(page, shopper);
    await enrolOnTheWay(page);
    await arrive(page, 'Sessions');
    const local = localLane(page);
    await expect(local).toContainText(ACR_MULTI_FACTOR);
    await expect(local).toContainText('pwd, otp, mfa');
    await expectNotTicked(page, 'S4', '1 of 2 seen');
    const { authenticated_at } = (await sessionView(page)).session!;

    await signOut(page, shopper, 'Sign out of storezero');
    await arrive(page, 'Signed out');
    await visit(page, '/sessions', 'Sessions');
    const prompts = notePrompts(page);
    await openControls(page);
    await control(page).click();
    await expect(local).toContainText(`Alive, signed in as ${shopper.name}`);
    await expect(local).toContainText(ACR_MULTI_FACTOR);
    expect(prompts, 'pages that ask for something').toEqual([]);
    expect((await sessionView(page)).session!.authenticated_at, 'the same proof as before').toBe(authenticated_at);
    await expectTicked(page, 'S4');

    await local.getByRole('link', { name: 'Where you’re signed in' }).click();
    await arrive(page, 'Where you’re signed in');
  });
});
