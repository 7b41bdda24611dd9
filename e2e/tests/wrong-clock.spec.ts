// A device whose clock is wrong: what is due, and what has run out, goes by the shop's clock.

import { NO_BACKEND_URL } from './support/addresses.ts';
import { arrive, visit } from './support/page_check.ts';
import { addToCart, expectSignedIn, field, MAP, signIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const HOUR = 3_600_000;

for (const [how, off] of [
  ['three hours slow', -3 * HOUR],
  ['three hours fast', 3 * HOUR],
  ['two years fast', 2 * 365 * 24 * HOUR],
  ['two years slow', -2 * 365 * 24 * HOUR],
] as const) {
  test(`a device whose clock is ${how} signs in, counts down and pays by the shop’s clock`, async ({ page, shopper }) => {
    const now = new Date();
    await page.clock.install({ time: now.getTime() + off });
    await addToCart(page, MAP);
    await signIn(page, shopper);
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await expectSignedIn(page, shopper);
    await expect(page.getByRole('timer', { name: 'Ends if nobody is active' })).toHaveText(/^(29 min|30 min)/);
    await expect(page.getByRole('timer', { name: 'Ends at the latest' }).first()).toHaveText(/^(11 h 59 min|12 h)/);

    await page.goto('/checkout');
    await arrive(page, 'Check out');
    const month = String(now.getUTCMonth() + 1).padStart(2, '0');
    const expiry = field(page, 'Expiry');
    const expired = page.getByText('This card has expired. Use another one.');
    await expiry.fill(`${month}/${String(now.getUTCFullYear() + 1).slice(2)}`);
    await expiry.blur();
    await expect(expired).toBeHidden();
    await expiry.fill(`${month}/${String(now.getUTCFullYear() - 1).slice(2)}`);
    await expiry.blur();
    await expect(expired.first()).toBeVisible();
  });
}

test.describe('in the shop without a backend', () => {
  test.use({ baseURL: NO_BACKEND_URL });

  for (const [how, off] of [
    ['slow', -3 * HOUR],
    ['fast', 3 * HOUR],
  ] as const) {
    test(`what the page of a ${how} device notes of a login has the shop’s time`, async ({ page, shopper }) => {
      const now = Date.now();
      await page.clock.install({ time: now + off });
      await visit(page, '/sessions', 'Sessions');
      await signIn(page, shopper);
      const times = page.getByRole('button').locator('time');
      await expect(times.first()).toBeVisible();
      for (const time of await times.all()) {
        const noted = Date.parse((await time.getAttribute('datetime'))!);
        expect(Math.abs(noted - now), 'milliseconds from the true time').toBeLessThan(5 * 60_000);
      }
    });
  }
});
