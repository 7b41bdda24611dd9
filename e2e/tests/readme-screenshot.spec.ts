// The picture in README.md: UPDATE_SCREENSHOT=1 cargo xtask test readme-screenshot

import { fileURLToPath } from 'node:url';
import { visit } from './support/page_check.ts';
import { test } from './support/test.ts';

const FILE = fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url));

test('readme-screenshot', async ({ page }) => {
  await visit(page, '/', 'Good things, zero fuss.');
  await page.evaluate(() => Promise.all([...document.images].filter(({ complete }) => !complete).map((image) => image.decode())));
  await page.screenshot({ path: FILE, scale: 'css' });
});
