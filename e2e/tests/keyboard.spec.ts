// Everything by the keyboard alone: whatever has the focus can be seen to have it, and it is never lost.

import type { Locator, Page } from '@playwright/test';
import { expectLoginPage } from './support/idp.ts';
import { arrive } from './support/page_check.ts';
import { ADDRESS, banner, bannerLink, CARDS, expectInCart, expectSignedIn, expectThanks, field } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const MOST_STOPS = 100;

/** Tab by Tab as far as this, or backwards. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const isReached = (): Promise<boolean> => target.evaluate((element) => element === document.activeElement);
  await expect(target).toBeVisible();
  for (let stops = 0; stops < MOST_STOPS && !(await isReached()); stops++) {
    await page.keyboard.press(key);
    expect(await page.evaluate(unseenFocus), `the focus on the way to ${target}`).toBeNull();
  }
  await expect(target).toBeFocused();
}

/** Runs in the page: what has the focus without a ring around it or outside the window, and `null` if all is well. */
function unseenFocus(): string | null {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return 'nothing has it';
  const { top, bottom } = focused.getBoundingClientRect();
  if (bottom <= 0 || top >= innerHeight) return `out of sight: ${focused.outerHTML}`;
  const hasRing = ({ outlineStyle, outlineWidth }: CSSStyleDeclaration): boolean => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  // A link that is stretched over a card, and a radio button in its pill, show it there.
  for (let element: Element | null = focused; element; element = element.parentElement) {
    if (hasRing(getComputedStyle(element)) || hasRing(getComputedStyle(element, '::after'))) return null;
  }
  return `without a ring: ${focused.outerHTML}`;
}

async function follow(page: Page, link: Locator, heading: string): Promise<void> {
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await arrive(page, heading);
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeFocused();
}

async function fill(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, field(page, name));
  await page.keyboard.type(text);
}

test.describe('by the keyboard alone', () => {
  test('a guest finds a product, chooses a variant and buys it', async ({ page }) => {
    await page.goto('/');
    await expect(bannerLink(page, 'Sign in')).toBeVisible();
    await tabTo(page, banner(page).getByRole('searchbox', { name: 'Search' }));
    await page.keyboard.type('teacup');
    await page.keyboard.press('Enter');
    await arrive(page, 'Results for “teacup”');
    await follow(page, page.getByRole('main').getByRole('link', { name: 'Stoneware Teacup' }), 'Stoneware Teacup');

    const colour = page.getByRole('group', { name: 'Colour' });
    await tabTo(page, colour.getByRole('radio', { checked: true }));
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/\?sku=/);
    await expect(colour.getByRole('radio', { checked: true })).toBeFocused();
    const add = page.getByRole('button', { name: 'Add to cart', exact: true });
    await tabTo(page, add);
    await page.keyboard.press('Space');
    await expectInCart(page, 1);
    await expect(add).toBeFocused();

    await tabTo(page, bannerLink(page, 'Cart'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await arrive(page, 'Cart');
    const more = page.getByRole('button', { name: 'One more' });
    await tabTo(page, more);
    await page.keyboard.press('Enter');
    await expectInCart(page, 2);
    await expect(more).toBeFocused();
    await follow(page, page.getByRole('link', { name: 'Check out' }), 'Check out');

    await fill(page, 'Email', 'guest@example.com');
    await fill(page, 'Full name', ADDRESS.fullName);
    await fill(page, 'Address', ADDRESS.street);
    await fill(page, 'Postcode', '1010');
    await fill(page, 'City', 'Wien');
    await fill(page, 'Country', 'Austria');
    await tabTo(page, page.getByRole('group', { name: 'Delivery' }).getByRole('radio', { checked: true }));
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: 'Express' })).toBeChecked();
    await fill(page, 'Card number', CARDS.approved);
    await fill(page, 'Expiry', '04/39');
    await fill(page, 'Security code', '123');
    await tabTo(page, page.getByRole('button', { name: 'Place order' }));
    await page.keyboard.press('Enter');
    await expectThanks(page);
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  });

  test('somebody signs in, and goes through Sessions on a narrow screen', async ({ page, shopper }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/sessions');
    await arrive(page, 'Sessions');
    await tabTo(page, bannerLink(page, 'Sign in'));
    await page.keyboard.press('Enter');
    await expectLoginPage(page);
    await fill(page, 'Email', shopper.email);
    await fill(page, 'Password', shopper.password);
    await page.keyboard.press('Enter');
    await expectSignedIn(page, shopper);
    await arrive(page, 'Sessions');

    const fold = page.locator('.step-fold[aria-expanded="false"]').first();
    const step = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: (await fold.textContent())!, exact: true }) });
    await tabTo(page, step.locator('.step-fold'));
    await page.keyboard.press('Enter');
    await expect(step.locator('.step-fold')).toHaveAttribute('aria-expanded', 'true');
    await tabTo(page, step.getByText('What the document says'));
    await page.keyboard.press('Space');
    await expect(step.locator('blockquote')).toBeVisible();

    await tabTo(page, page.getByRole('tab', { name: 'storezero' }));
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: 'PeakCommerce ID' })).toBeFocused();
    const ask = page.getByRole('tabpanel').getByRole('button', { name: 'Silent check' });
    await tabTo(page, ask);
    await page.keyboard.press('Enter');
    await expect(ask).toBeEnabled();
    await expect(ask).toBeFocused();

    await tabTo(page, page.getByRole('region', { name: 'Controls' }).locator('summary'));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('region', { name: 'Controls' }).getByRole('link', { name: 'Where you’re signed in' }));
    const flows = page.getByRole('list', { name: 'Flows, the newest first' });
    const chosen = flows.getByRole('button', { pressed: true });
    await tabTo(page, chosen);
    await page.keyboard.press('Enter');
    await expect(chosen).toBeFocused();
    const message = page.locator('.message-parameters summary').first();
    await tabTo(page, message);
    await page.keyboard.press('Space');
    await expect(page.locator('.message-parameters dl').first()).toBeVisible();
    await tabTo(page, flows.getByRole('button', { name: /^Close/ }).first(), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'The flow as it happened' })).toBeFocused();
  });
});
