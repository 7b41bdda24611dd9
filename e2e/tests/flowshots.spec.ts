import { test as base, expect } from '@playwright/test';
import { NO_BACKEND_URL, SHOP_URL } from './support/addresses.ts';
import { giveCredentials } from './support/idp.ts';
import { newShopper } from './support/people.ts';
const DIR = '/tmp/flow-shots';
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    base(`explorer flowshots ${size} ${colorScheme}`, async ({ browser }) => {
      base.setTimeout(120_000);
      const context = await browser.newContext({ viewport, colorScheme, baseURL: SHOP_URL, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const shopper = await newShopper();
      const flow = page.getByRole('region', { name: 'The flow as it happened' });
      const shot = async (name: string) => flow.screenshot({ path: `${DIR}/${name}-${size}-${colorScheme}.png` });
      await page.goto('/sessions');
      await page.getByRole('region', { name: 'Controls' }).getByRole('link', { name: 'Sign in plainly', exact: true }).click();
      await giveCredentials(page, shopper);
      await expect(flow.getByText('Token response')).toBeVisible();
      await shot('login');
      await flow.locator('.message').filter({ hasText: 'Authorization request' }).first().getByText('Parameters').click();
      await flow.locator('.message').filter({ hasText: 'ID token validated' }).first().getByText('Parameters').click();
      await shot('parameters');
      await flow.getByRole('link', { name: 'id_token.rs · validate' }).click();
      await expect(page.locator('#function')).toBeVisible();
      await page.screenshot({ path: `${DIR}/source-${size}-${colorScheme}.png` });
      await page.goto('/sessions');
      await page.getByRole('button', { name: 'Silent check', exact: true }).click();
      await expect(flow.getByRole('button', { name: /^Silent check/ }).first()).toHaveAttribute('aria-pressed', 'true');
      await shot('silent');
      await page.getByRole('banner').getByRole('button', { name: shopper.name }).click();
      await page.getByRole('menuitem', { name: 'Sign out of storezero and PeakCommerce ID', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'Signed out', level: 1 })).toBeVisible();
      await page.goto('/sessions');
      await expect(flow.getByText('Back at /signed-out')).toBeVisible();
      await shot('logout');
      if (colorScheme === 'light') {
        await page.goto(`${NO_BACKEND_URL}/sessions`);
        await page.getByRole('region', { name: 'Controls' }).getByRole('link', { name: 'Sign in plainly', exact: true }).click();
        await giveCredentials(page, shopper);
        await expect(page.getByText('It knows you: new tokens')).toBeVisible();
        await shot('implicit');
      }
      await context.close();
    });
  }
}
