// Reviews of a product: by who received it, for everybody to read.

import { arrive, checkPage, visit } from './support/page_check.ts';
import { ada } from './support/people.ts';
import { signIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

test('who has received a product writes a review of it, changes that and removes it, and everybody reads it', async ({ page, newGuest }) => {
  await page.goto('/');
  await signIn(page, ada);
  await visit(page, '/account/orders?status=delivered', 'All Orders');
  await page.getByRole('main').getByRole('link', { name: /^Order / }).first().click();
  await arrive(page, /^Order /);
  const product = page.locator('.order-line-name').first();
  const name = (await product.innerText()).trim();
  await product.click();
  await arrive(page, name);

  const reviews = page.getByRole('region', { name: 'Reviews' });
  await reviews.getByRole('button', { name: 'Publish review' }).click();
  await expect(reviews.getByRole('alert')).toHaveText('Choose from 1 to 5 stars.');
  await expect(reviews.locator('#review-rating')).toBeFocused();
  await checkPage(page);
  await reviews.getByRole('radio', { name: '4 stars' }).check();
  await reviews.getByLabel('In your words, if you like').fill('Holds what it promises.\nTwice.');
  await reviews.getByRole('button', { name: 'Publish review' }).click();
  await expect(page.getByText('Thank you: your review is published.')).toBeVisible();
  await expect(reviews.getByRole('heading', { name: 'Reviews' })).toBeFocused();
  const own = reviews.getByRole('listitem').filter({ hasText: 'Ada L.' }).filter({ hasText: 'Holds what it promises.' });
  await expect(own).toContainText('4 of 5 stars');

  const guest = await newGuest();
  await visit(guest, new URL(page.url()).pathname, name);
  const read = guest.getByRole('region', { name: 'Reviews' });
  await expect(read).toContainText('Holds what it promises.');
  await expect(read.getByRole('link', { name: 'Sign in to review it' })).toBeVisible();
  await checkPage(guest);

  await reviews.getByRole('radio', { name: '2 stars' }).check();
  await reviews.getByRole('button', { name: 'Save review' }).click();
  await expect(own).toContainText('2 of 5 stars');
  await checkPage(page);
  await visit(page, '/sessions', 'Sessions');
  const timeline = page.getByRole('region', { name: 'What you did in this session' });
  await timeline.getByRole('radio', { name: /^Social interactions/ }).check();
  await expect(timeline).toContainText(`Reviewed ${name}`);

  await page.goBack();
  await reviews.getByRole('button', { name: 'Remove it' }).click();
  await expect(reviews.getByRole('button', { name: 'Publish review' })).toBeVisible();
  await expect(own).toHaveCount(0);
});
