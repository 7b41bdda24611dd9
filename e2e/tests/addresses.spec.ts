// What stands in an address is read as it was written, and one page has one address.

import { IDP_URL, NO_BACKEND_URL, SHOP_URL } from './support/addresses.ts';
import { expectLoginPage } from './support/idp.ts';
import { arrive } from './support/page_check.ts';
import { banner, bannerLink } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const SEARCHED = 'tea & 50%26 cake';

for (const [shop, url] of [
  ['the shop', SHOP_URL],
  ['the shop without a backend', NO_BACKEND_URL],
] as const) {
  test.describe(`addresses of ${shop}`, () => {
    test.use({ baseURL: url });

    test('a search survives a login that was cancelled', async ({ page }) => {
      await page.goto('/');
      const box = banner(page).getByRole('searchbox', { name: 'Search' });
      await box.fill(SEARCHED);
      await box.press('Enter');
      await arrive(page, `Results for “${SEARCHED}”`);
      const address = page.url();
      await bannerLink(page, 'Sign in').click();
      await expectLoginPage(page);
      await page.getByRole('button', { name: 'Back to storezero' }).click();
      await arrive(page, 'You did not sign in');
      await page.getByRole('link', { name: 'Back to where you were' }).click();
      await arrive(page, `Results for “${SEARCHED}”`);
      await expect(box).toHaveValue(SEARCHED);
      expect(page.url()).toBe(address);
      // The same once more, where the document begins with it.
      await page.reload();
      await arrive(page, `Results for “${SEARCHED}”`);
      expect(page.url()).toBe(address);
    });

    test('a slash at its end makes no other page of an address', async ({ page }) => {
      await page.goto('/search/?q=tea');
      await arrive(page, 'Results for “tea”');
      await expect(banner(page).getByRole('searchbox', { name: 'Search' })).toHaveValue('tea');
      await expect(page).toHaveURL('/search?q=tea');
      await page.goto('/c/music/?sort=name#main');
      await expect(page.getByLabel('Sort by')).toHaveValue('name');
      await expect(page).toHaveURL('/c/music?sort=name#main');
      await page.goto('/account/orders/?q=tea');
      await expect(page).toHaveURL(new RegExp(`^${IDP_URL}/`));
    });
  });
}
