// A browser that translates the page changes it under the app's hands.

import type { Page } from '@playwright/test';
import { arrive } from './support/page_check.ts';
import { banner, bannerLink, expectInCart, LEMONS } from './support/shop.ts';
import { expect, test } from './support/test.ts';

/** As Google Translate does: <font> elements instead of the texts, from now on. Its language is English with a mark. */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const isWords = (text: Text): boolean => /\S/.test(text.data) && !text.parentElement?.closest('font, script, style');
    const translateAll = (): void => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts.filter(isWords)) {
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        inner.append(`${text.data}*`);
        outer.append(inner);
        text.replaceWith(outer);
      }
    };
    translateAll();
    new MutationObserver(translateAll).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

test('a page that the browser translates goes on working, and shows what is so now', async ({ page }) => {
  await page.goto(`/p/${LEMONS.slug}`);
  await expect(page.getByRole('button', { name: 'Add to cart' })).toBeEnabled();
  await translate(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${LEMONS.name}*`);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await expect(bannerLink(page, /^Cart/)).toContainText('1*');

  await bannerLink(page, /^Cart/).click();
  await arrive(page, 'Cart*');
  await expect(page.getByRole('main')).toContainText('€5.90*');
  await page.getByRole('button', { name: 'One more' }).click();
  await expect(bannerLink(page, /^Cart/)).toContainText('2*');
  await expect(page.getByRole('main')).toContainText('€11.80*');

  const box = banner(page).getByRole('searchbox');
  for (const words of ['tea', 'lamp']) {
    await box.fill(words);
    await box.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Results for “${words}”*`);
  }
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Results for “tea”*');
  await bannerLink(page, /^Sessions/).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sessions*');
  await page.reload();
  await expectInCart(page, 2);
});
