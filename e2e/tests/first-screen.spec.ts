// What the server sends for a page is enough for its first picture.

import { arrive, visit } from './support/page_check.ts';
import { banner, expectSignedOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

const TEACUP = { path: '/p/stoneware-teacup', name: 'Stoneware Teacup' };

test.describe('the first screen', { tag: '@phone' }, () => {
  test('a link to a product shows it without asking for it', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await visit(page, TEACUP.path, TEACUP.name);
    await expect(page).toHaveTitle('Stoneware Teacup · storezero');
    await expect(page.getByRole('button', { name: 'Add to cart' })).toBeVisible();
    expect(asked.filter((path) => path.startsWith('/api/products') && !path.endsWith('/reviews'))).toEqual([]);
    expect(await page.locator('script[data-api]').count(), 'taken').toBe(0);
  });

  test('a product can be bought without scrolling', async ({ page }) => {
    await visit(page, TEACUP.path, TEACUP.name);
    const add = page.getByRole('button', { name: 'Add to cart' });
    await expect(add).toBeInViewport({ ratio: 1 });
    const isCovered = await add.evaluate((button) => {
      const { x, y, width, height } = button.getBoundingClientRect();
      const corners = [y + 2, y + height - 2].map((edge) => document.elementFromPoint(x + width / 2, edge));
      return !corners.every((seen) => button.contains(seen));
    });
    expect(isCovered, 'by something else').toBe(false);
  });

  test('a product is there before the app is, and nothing of the start page', async ({ page }) => {
    await page.route('**/*.wasm', () => {}); // The app never arrives.
    await page.goto(TEACUP.path, { waitUntil: 'domcontentloaded' });
    await expect(page.getByRole('heading', { level: 1, name: TEACUP.name })).toBeVisible();
    await expect(page.getByText('€18.90')).toBeVisible();
    await expect(page.getByText('Thrown in a small pottery')).toBeVisible();
    await expect(page.getByText('Good things, zero fuss.')).toHaveCount(0);
  });

  test('a category’s products are there before the app is', async ({ page }) => {
    await page.route('**/*.wasm', () => {}); // The app never arrives.
    await page.goto('/c/electronics', { waitUntil: 'domcontentloaded' });
    await expect(page.getByRole('heading', { level: 1, name: 'Electronics' })).toBeVisible();
    const first = page.getByRole('listitem').filter({ has: page.getByRole('article') }).first();
    await expect(first.locator('img')).toBeVisible();
    await first.getByRole('link').click();
    await expect(page).toHaveURL(/\/p\//);
  });

  test('what is typed before the app starts is searched for', async ({ page }) => {
    let start = () => {};
    const mayStart = new Promise<void>((resolve) => (start = resolve));
    await page.route('**/frontend_bg.wasm', async (route) => {
      await mayStart;
      await route.continue();
    });
    await page.goto('/', { waitUntil: 'domcontentloaded' });
    const box = banner(page).getByRole('searchbox', { name: 'Search' });
    await box.pressSequentially('tea');
    start();
    await expectSignedOut(page);
    await expect(box).toBeFocused();
    await page.keyboard.type('pot');
    await expect(box).toHaveValue('teapot');
    await page.keyboard.press('Enter');
    await arrive(page, 'Results for “teapot”');
  });

  test('nothing on a product’s page moves while the app starts', async ({ page }) => {
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await visit(page, TEACUP.path, TEACUP.name);
    await expect(page.getByRole('button', { name: 'Add to cart' })).toBeVisible();
    await expectSignedOut(page);
    expect(await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)).toEqual([]);
  });

  test('a product that is not sold has status 404 and says so', async ({ page, watch }) => {
    watch.expectFailure('/p/no-such-product', 404);
    watch.expectFailure('/api/products/no-such-product', 404);
    await visit(page, '/p/no-such-product', 'Page not found', 404);
  });
});
