// Finding, choosing and paying.

import type { Page } from '@playwright/test';
import { arrive, checkPage, visit } from './support/page_check.ts';
import {
  addToCart,
  bannerLink,
  CARDS,
  expectInCart,
  expectThanks,
  field,
  fillCard,
  fillContactAndAddress,
  LEMONS,
  MAP,
  placeOrder,
  signIn,
} from './support/shop.ts';
import { expect, test } from './support/test.ts';

const products = (page: Page) => page.getByRole('main').getByRole('article');

test.describe('finding a product', () => {
  test('the search leads to products, forgives a typo and says when nothing fits', { tag: '@phone' }, async ({ page }) => {
    await page.goto('/');
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('teapot');
    await search.press('Enter');
    await expect(page).toHaveURL('/search?q=teapot');
    await arrive(page, 'Results for “teapot”');
    await expect(page.getByRole('link', { name: 'Round-Belly Teapot' })).toBeVisible();

    await search.fill('teapto');
    await search.press('Enter');
    await arrive(page, 'Results for “teapto”');
    await expect(page.getByRole('link', { name: 'Round-Belly Teapot' })).toBeVisible();

    await search.fill('xyzzyxyzzy');
    await search.press('Enter');
    await arrive(page, 'Results for “xyzzyxyzzy”');
    await expect(page.getByText('Nothing fits.')).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Results for “teapto”' })).toBeVisible();
    await expect(search).toHaveValue('teapto');
  });

  test('shoppers find what they call otherwise, in the plural or in two words', async ({ page }) => {
    for (const [text, name] of [
      ['knives', 'Kitchen Knife, 18 cm'],
      ['head phones', 'Over-Ear Headphones'],
      ['mug', 'Stoneware Teacup'],
      ['blue t-shirt', 'Organic Cotton T-Shirt'],
    ] as const) {
      await visit(page, `/search?q=${encodeURIComponent(text)}`, `Results for “${text}”`);
      await expect(products(page).first().getByRole('link')).toHaveText(name);
      await expect(page.getByText('Did you mean')).toHaveCount(0);
    }
    await visit(page, '/search?q=kofee', 'Results for “kofee”');
    await expect(page.getByText('Did you mean')).toContainText('coffee');
    await expect(products(page).first().getByRole('link')).toHaveText('Hearth Blend Coffee');
    await page.getByRole('link', { name: 'coffee', exact: true }).click();
    await arrive(page, 'Results for “coffee”');
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await visit(page, '/search?q=teapot&max_price=1', 'Results for “teapot”');
    await page.getByRole('link', { name: 'Remove filters' }).click();
    await expect(products(page).first()).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  });

  test("a category's filters and sort live in its address", async ({ page }) => {
    await visit(page, '/c/electronics', 'Electronics');
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Price, low to high');
    await expect(page).toHaveURL('/c/electronics?sort=price-ascending');
    await expect(products(page).first()).toContainText('Warm LED Bulb');
    await page.getByRole('textbox', { name: 'Up to €' }).fill('50');
    await page.getByRole('textbox', { name: 'Up to €' }).blur();
    await expect(page).toHaveURL('/c/electronics?sort=price-ascending&max_price=5000');
    await page.getByRole('checkbox', { name: 'In stock only' }).check();
    await expect(page).toHaveURL('/c/electronics?sort=price-ascending&in_stock=true&max_price=5000');
    await expect(page.getByText('4 products')).toBeVisible();
    await checkPage(page);

    await page.reload();
    await expect(page.getByText('4 products')).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Sort by' })).toHaveValue('price-ascending');
    await expect(page.getByRole('textbox', { name: 'Up to €' })).toHaveValue('50');
    await expect(page.getByRole('checkbox', { name: 'In stock only' })).toBeChecked();
    await page.goBack();
    await page.goBack();
    await expect(page).toHaveURL('/c/electronics?sort=price-ascending');
    await expect(page.getByRole('textbox', { name: 'Up to €' })).toHaveValue('');
    await expect(page.getByText('14 products')).toBeVisible();
  });

  test('a list says how many products each further filter would leave', async ({ page }) => {
    await visit(page, '/search?q=tea', 'Results for “tea”');
    const filters = page.getByRole('group', { name: 'Narrow down' });
    for (const [name, parameter] of [
      ['Home & Kitchen', 'category=home-kitchen'],
      ['Up to €25.00', 'max_price=2500'],
      ['4.5 stars and up', 'min_rating=45'],
    ] as const) {
      const filter = filters.getByRole('link', { name });
      const count = /\((\d+)\)/.exec(await filter.innerText())?.[1];
      await filter.click();
      await expect(page).toHaveURL(`/search?q=tea&${parameter}`);
      await expect(page.getByRole('main').getByRole('status')).toHaveText(count === '1' ? '1 product' : `${count} products`);
      await expect(products(page)).toHaveCount(Number(count));
      await expect(filter).toHaveAttribute('aria-current', 'true');
      await expect(filter).toBeFocused();
      await filter.click();
      await expect(page).toHaveURL('/search?q=tea');
      await expect(filter).not.toHaveAttribute('aria-current');
    }
    await checkPage(page);
  });

  test('while somebody types, products are suggested, and the arrow keys lead to them', { tag: '@phone' }, async ({ page }) => {
    await visit(page, '/cart', 'Cart');
    const search = page.getByRole('searchbox', { name: 'Search' });
    const suggestions = page.getByRole('list', { name: 'Suggestions' }).getByRole('link');
    await search.fill('teapto');
    await expect(suggestions.first()).toContainText('Round-Belly Teapot');
    await checkPage(page);
    await search.press('ArrowDown');
    await expect(suggestions.first()).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(search).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(suggestions).toHaveCount(0);
    await expect(search).toBeFocused();

    await search.fill('stoneware');
    await expect(suggestions.first()).toContainText('Stoneware Teacup');
    await search.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL('/p/stoneware-teacup');
    await arrive(page, 'Stoneware Teacup');
    await expect(suggestions).toHaveCount(0);
  });

  test('a price limit takes cents, and says what is no amount', { tag: '@phone' }, async ({ page }) => {
    await visit(page, '/c/food-pantry', 'Food & Pantry');
    const limit = page.getByRole('textbox', { name: 'Up to €' });
    await limit.fill('3,90');
    await limit.press('Enter');
    await expect(page).toHaveURL('/c/food-pantry?max_price=390');
    await expect(page.getByText('3 products')).toBeVisible();
    await expect(limit).toHaveValue('3.90');
    for (const [typed, message] of [
      ['1e3', 'Enter an amount, like 20 or 19.99.'],
      ['0', 'Enter more than 0, or nothing.'],
    ] as const) {
      await limit.fill(typed);
      await limit.press('Enter');
      await expect(limit).toHaveAccessibleDescription(message);
      await expect(limit).toHaveAttribute('aria-invalid', 'true');
      await expect(page).toHaveURL('/c/food-pantry?max_price=390');
    }
    await checkPage(page);
    await limit.fill('');
    await limit.press('Enter');
    await expect(page).toHaveURL('/c/food-pantry');
    await expect(limit).toHaveAccessibleDescription('');
  });

  test('a page past the end of a list leads back to it', async ({ page }) => {
    await visit(page, '/search?page=99', 'All products');
    await expect(page.getByText('There is no page 99.')).toBeVisible();
    await expect(page.getByText('128 products')).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Pages' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Go to the last page' }).click();
    await expect(page).toHaveURL('/search?page=6');
    await expect(page.getByText('Page 6 of 6')).toBeVisible();
    await visit(page, '/c/music?page=7', 'Music');
    await page.getByRole('link', { name: 'Go to the first page' }).click();
    await expect(page).toHaveURL('/c/music');
    await expect(products(page).first()).toBeVisible();
  });

  test('a long list has pages, each with an address', async ({ page }) => {
    await visit(page, '/search', 'All products');
    await expect(page.getByText('128 products')).toBeVisible();
    const first = await products(page).first().getByRole('link').textContent();
    await page.getByRole('link', { name: 'Next' }).click();
    await expect(page).toHaveURL('/search?page=2');
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await expect(page.getByText('Page 2 of 6')).toBeVisible();
    await expect(products(page).first().getByRole('link')).not.toHaveText(first!);
    await page.getByRole('link', { name: 'Previous' }).click();
    await expect(products(page).first().getByRole('link')).toHaveText(first!);
  });
});

test.describe('choosing', () => {
  test('a variant changes price, stock and address', async ({ page }) => {
    await visit(page, '/p/stoneware-teacup', 'Stoneware Teacup');
    const main = page.getByRole('main');
    const colour = page.getByRole('group', { name: 'Colour' });
    await expect(colour.getByRole('radio', { name: 'White' })).toBeChecked();
    await expect(main.getByText('€18.90').first()).toBeVisible();
    await colour.getByRole('radio', { name: 'Blue' }).check();
    await expect(page).toHaveURL('/p/stoneware-teacup?sku=HK-TEACUP-BLUE');
    await expect(main.getByText('€19.90').first()).toBeVisible();

    await page.goto('/p/organic-cotton-t-shirt');
    await page.getByRole('group', { name: 'Colour' }).getByRole('radio', { name: 'Green' }).check();
    await page.getByRole('group', { name: 'Size' }).getByRole('radio', { name: 'XL' }).check();
    await expect(main.getByText('Sold out').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Add to cart', exact: true })).toBeDisabled();
    await checkPage(page);
    const address = page.url();
    await page.getByRole('group', { name: 'Colour' }).getByRole('radio', { name: 'White' }).check();
    await expect(page.getByRole('button', { name: 'Add to cart', exact: true })).toBeEnabled();
    await page.goto(address);
    await expect(page.getByRole('group', { name: 'Size' }).getByRole('radio', { name: 'XL' })).toBeChecked();
    await expect(page.getByRole('button', { name: 'Add to cart', exact: true })).toBeDisabled();
  });

  test('the picture shows the chosen colour, and so does the cart', { tag: '@phone' }, async ({ page }) => {
    await visit(page, '/p/organic-cotton-t-shirt', 'Organic Cotton T-Shirt');
    const picture = page.getByRole('img', { name: 'Organic Cotton T-Shirt' });
    await expect(picture).toHaveAttribute('src', '/pictures/1f455.webp');
    const tile = page.locator('.picture').filter({ has: picture });
    // On the page: what is chosen may have to be scrolled to.
    const place = () =>
      tile.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x, y: y + scrollY, width, height };
      });
    const [before, tint] = [await place(), await tile.getAttribute('class')];
    await page.getByRole('radio', { name: 'White' }).check();
    await expect(picture).toHaveAttribute('src', '/pictures/1f455-white.webp');
    await expect(picture).toHaveJSProperty('naturalWidth', 256);
    expect(await place()).toEqual(before);
    expect(await tile.getAttribute('class')).toBe(tint);

    await page.reload();
    await expect(picture).toHaveAttribute('src', '/pictures/1f455-white.webp');
    await page.getByRole('button', { name: 'Add to cart', exact: true }).click();
    await expectInCart(page, 1);
    await visit(page, '/cart', 'Cart');
    const line = page.getByRole('listitem').filter({ hasText: 'Organic Cotton T-Shirt' });
    await expect(line.locator('img')).toHaveAttribute('src', '/pictures/1f455-white.webp');
  });

  test('what is sold out is shown as such and cannot be bought', async ({ page }) => {
    await visit(page, '/p/hibiscus-bush', 'Pink Hibiscus');
    await expect(page.getByRole('main').getByText('Sold out').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Add to cart', exact: true })).toBeDisabled();
    await page.goto('/search?q=hibiscus');
    await expect(products(page).filter({ hasText: 'Pink Hibiscus' })).toContainText('Sold out');
    await expect(page.getByRole('button', { name: 'Add Pink Hibiscus to cart' })).toHaveCount(0);
  });

  test('a card in a list puts its product straight into the cart', async ({ page }) => {
    await page.goto('/search?q=lemons');
    const add = page.getByRole('button', { name: `Add ${LEMONS.name} to cart` });
    await add.click();
    await expect(page.getByText(`${LEMONS.name} is in your cart.`)).toBeVisible();
    await expect(add).toBeFocused();
    await expectInCart(page, 1);
  });

  test('the message about what was added leads to the cart, and waits for whoever is at it', async ({ page }) => {
    await page.clock.install();
    await visit(page, `/p/${LEMONS.slug}`, LEMONS.name);
    const add = page.getByRole('button', { name: 'Add to cart', exact: true });
    await add.press('Enter');
    const message = page.getByRole('status').filter({ hasText: `1 × ${LEMONS.name} added to your cart.` });
    const look = message.getByRole('button', { name: 'View cart' });
    await expect(look).toBeVisible();
    await expect(add).toBeFocused();
    await checkPage(page);
    await page.clock.fastForward('00:08');
    await expect(message).toHaveCount(0);

    await add.press('Enter');
    await expect(look).toBeVisible();
    const isReached = () => look.evaluate((element) => element === document.activeElement);
    for (let stops = 0; stops < 30 && !(await isReached()); stops++) await page.keyboard.press('Tab');
    await expect(look).toBeFocused();
    await page.clock.fastForward('00:08');
    await page.clock.fastForward('00:08');
    await expect(look).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(message).toHaveCount(0);
    const drawer = page.getByRole('dialog', { name: 'Your cart' });
    await expect(drawer.getByRole('listitem')).toHaveText([new RegExp(`${LEMONS.name} ?2 × €`)]);
    await checkPage(page);
    await page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();

    await add.click();
    await look.click();
    await drawer.getByRole('link', { name: 'Change the cart' }).click();
    await arrive(page, 'Cart');
    await expect(drawer).toBeHidden();
    await expectInCart(page, 3);
  });

  test('a page that fades in takes clicks and the focus at once', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await visit(page, '/', 'Good things, zero fuss.');
    await bannerLink(page, 'Cart').click();
    await page.waitForURL('**/cart');
    await bannerLink(page, 'Sessions').click();
    await arrive(page, 'Sessions');
    await page.goBack();
    await arrive(page, 'Cart');
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
    await expect(page.locator('html')).not.toHaveClass(/router-/);
  });

  test('quantities change in the cart, a line is removed and brought back', { tag: '@phone' }, async ({ page }) => {
    await visit(page, '/cart', 'Cart');
    await expect(page.getByText('Your cart is empty.')).toBeVisible();
    await addToCart(page, LEMONS);
    await addToCart(page, MAP);
    await visit(page, '/cart', 'Cart');
    const lemons = page.getByRole('listitem').filter({ hasText: LEMONS.name });
    const [less, more] = [lemons.getByRole('button', { name: 'One less' }), lemons.getByRole('button', { name: 'One more' })];
    await more.click();
    await expect(lemons).toContainText('€11.80');
    await expect(more).toBeFocused();
    await less.click();
    await expect(less).toBeDisabled();
    await expect(lemons).not.toContainText('€11.80');
    await expect(less).toBeFocused();
    await less.press('Enter');
    await expect(lemons.getByRole('spinbutton')).toHaveValue('1');
    await more.click();
    await expect(page.getByRole('region', { name: 'Summary' })).toContainText('€28.70');
    await lemons.getByRole('spinbutton').fill('5');
    await lemons.getByRole('spinbutton').blur();
    await expect(page.getByRole('region', { name: 'Summary' })).toContainText('€46.40');
    await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Delivery from €4.90; €3.60 more makes it free.');
    await expectInCart(page, 6);

    await page.getByRole('button', { name: `Remove ${MAP.name}` }).click();
    await expect(page.getByText(`${MAP.name} removed.`)).toBeVisible();
    await expectInCart(page, 5);
    const heading = page.getByRole('heading', { level: 1, name: 'Cart' });
    await expect(heading).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await expectInCart(page, 6);
    await expect(heading).toBeFocused();
    await page.reload();
    await expect(lemons.getByRole('spinbutton')).toHaveValue('5');
  });

  test('a promotion code says why it does not count, or counts to the end', { tag: '@phone' }, async ({ page, watch }) => {
    watch.expectFailure('/api/cart/promotion', 422);
    await addToCart(page, MAP);
    await visit(page, '/cart', 'Cart');
    const summary = page.getByRole('region', { name: 'Summary' });
    await summary.getByText('Promotion code').click();
    await field(page, 'Code').fill('summer25');
    await summary.getByRole('button', { name: 'Use code' }).click();
    await expect(field(page, 'Code')).toHaveAccessibleDescription('This code has ended. Try another one, or go on without.');
    await expect(field(page, 'Code')).toBeFocused();
    await checkPage(page);
    await field(page, 'Code').fill(' welcome10 ');
    await field(page, 'Code').press('Enter');
    await expect(summary).toContainText('Code WELCOME10: 10% off');
    await expect(summary).toContainText('Promotion WELCOME10−€1.69');
    await expect(page.locator('#promotion')).toBeFocused();
    await checkPage(page);

    await visit(page, '/checkout', 'Check out');
    await fillContactAndAddress(page, 'guest@example.com');
    await fillCard(page, CARDS.approved);
    // 16.90 less a tenth of it, and 4.90 for the delivery.
    await expect(page.getByRole('main')).toContainText('Total€20.11');
    await placeOrder(page);
    await expectThanks(page);
    await expect(page.getByRole('main')).toContainText('Promotion WELCOME10−€1.69');
    await expect(page.getByRole('main')).toContainText('Total€20.11');
  });

  test('a cart filled before the login joins the one of the account', async ({ page, newGuest, shopper }) => {
    await addToCart(page, LEMONS);
    await signIn(page, shopper);
    await expectInCart(page, 1);

    const elsewhere = await newGuest();
    await addToCart(elsewhere, LEMONS);
    await addToCart(elsewhere, MAP);
    await signIn(elsewhere, shopper);
    await expectInCart(elsewhere, 3);
    const told = elsewhere.getByText('Your carts are one now.');
    const isRead = elsewhere.waitForResponse((response) => response.url().endsWith('/api/cart/merge'));
    await visit(elsewhere, '/cart', 'Cart');
    await expect(told).toBeVisible();
    expect((await isRead).status()).toBe(204);
    await expect(told, 'as long as the page is looked at').toBeVisible();
    // Told once, in whichever browser.
    await elsewhere.reload();
    await arrive(elsewhere, 'Cart');
    await expect(told).toHaveCount(0);
    await visit(page, '/cart', 'Cart');
    await expectInCart(page, 3);
    await expect(page.getByText('Your carts are one now.')).toHaveCount(0);
  });
});

test.describe('paying', () => {
  test.beforeEach(async ({ page }) => {
    await addToCart(page, MAP);
    await visit(page, '/checkout', 'Check out');
  });

  test('an incomplete form says what is missing and leads there', { tag: '@phone' }, async ({ page }) => {
    await placeOrder(page);
    const summary = page.getByRole('alert').filter({ hasText: 'need your attention' });
    await expect(summary).toContainText('8 fields need your attention');
    await expect(field(page, 'Email')).toBeFocused();
    await expect(field(page, 'Email')).toHaveAccessibleDescription(/email/i);
    await checkPage(page);
    await summary.getByRole('link', { name: 'Card number' }).click();
    await expect(field(page, 'Card number')).toBeFocused();

    await fillContactAndAddress(page, 'guest@example');
    await fillCard(page, '4242 4242 4242 4241');
    await expect(summary).toContainText('2 fields need your attention');
    await expect(field(page, 'Card number')).toHaveAccessibleDescription(/a digit seems wrong/);
    await field(page, 'Email').fill('guest@example.com');
    await fillCard(page, CARDS.approved);
    await expect(summary).toBeHidden();
    await placeOrder(page);
    await expectThanks(page);
  });

  test('a postcode is shown as its country writes it, and one of another country is not taken', async ({ page }) => {
    await fillContactAndAddress(page, 'guest@example.com');
    await field(page, 'Postcode').fill('A-1010');
    await field(page, 'City').focus();
    await expect(field(page, 'Postcode')).toHaveAccessibleDescription(/a postcode of Germany, like 10115/);
    await field(page, 'Postcode').fill('d-10115\u00a0');
    await field(page, 'City').focus();
    await expect(field(page, 'Postcode')).toHaveValue('10115');
    await fillCard(page, CARDS.approved);
    await placeOrder(page);
    await expectThanks(page);
  });

  test('a declined card is said so, and another one pays', async ({ page, watch }) => {
    await fillContactAndAddress(page, 'guest@example.com');
    await fillCard(page, CARDS.declined);
    watch.expectFailure('/api/checkout', 402);
    await placeOrder(page);
    await expect(page.getByRole('alert').filter({ hasText: 'Your card was declined' })).toBeFocused();
    await checkPage(page);
    await page.getByRole('button', { name: 'Change the card' }).click();
    await expect(field(page, 'Card number')).toBeFocused();
    await fillCard(page, CARDS.approved);
    await placeOrder(page);
    await expectThanks(page);
  });

  test("a card whose bank asks its owner: no is no, yes is an order", async ({ page, watch }) => {
    await fillContactAndAddress(page, 'guest@example.com');
    await fillCard(page, CARDS.asksOwner);
    watch.expectFailure('/api/checkout', 402);
    await placeOrder(page);
    const question = page.getByRole('dialog', { name: 'Confirm this payment' });
    await expect(question).toContainText('ending in 3155');
    await expect(question).toContainText('kept for you for five minutes');
    await checkPage(page);
    await question.getByRole('button', { name: 'Reject' }).click();
    await expect(page.getByText('You did not confirm the payment')).toBeVisible();
    await placeOrder(page);
    await expect(question).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText('You did not confirm the payment')).toBeVisible();
    await placeOrder(page);
    await question.getByRole('button', { name: 'Approve' }).click();
    await expectThanks(page);
  });

  test('a payment provider that does not answer costs nothing but a second try', async ({ page, watch }) => {
    await fillContactAndAddress(page, 'guest@example.com');
    await fillCard(page, CARDS.providerDown);
    watch.expectFailure('/api/checkout', 503);
    await placeOrder(page);
    await expect(page.getByText('The payment provider does not answer')).toBeVisible();
    await expectInCart(page, 1);
    await fillCard(page, CARDS.approved);
    await placeOrder(page);
    await expectThanks(page);
  });

  test('a price that moved is told, and ordered only when agreed to', async ({ page, watch }) => {
    // What the shopper saw is what the shop once quoted: here, that the map was cheaper.
    let isOld = true;
    await page.route('**/api/checkout/quote', async (route) => {
      const response = await route.fetch();
      const quote = (await response.json()) as Quote;
      if (isOld) {
        quote.items[0]!.unit_price.minor -= 200;
        quote.totals.total.minor -= 200;
      }
      await route.fulfill({ response, json: quote });
    });
    await page.reload();
    await fillContactAndAddress(page, 'guest@example.com');
    await fillCard(page, CARDS.approved);
    await expect(page.getByRole('main')).toContainText('Total€19.80');
    isOld = false;
    watch.expectFailure('/api/checkout', 409);
    await placeOrder(page);
    const told = page.getByRole('alert').filter({ hasText: 'Nothing was ordered or charged' });
    await expect(told).toContainText(`${MAP.name}: now €16.90 instead of €14.90.`);
    await expect(told).toContainText('The total is now €21.80 instead of €19.80.');
    await checkPage(page);
    await told.getByRole('button', { name: 'Accept and continue' }).click();
    await expect(told).toBeHidden();
    await expect(page.getByRole('main')).toContainText('Total€21.80');
    await placeOrder(page);
    await expectThanks(page);
  });

  test('an order whose answer was lost is placed once, however often it is sent', async ({ page, shopper, watch }) => {
    await signIn(page, shopper);
    await fillContactAndAddress(page, shopper.email);
    await fillCard(page, CARDS.approved);
    let lost = 0;
    await page.route('**/api/checkout', async (route) => {
      await route.fetch();
      lost += 1;
      await route.abort('connectionreset');
    }, { times: 2 });
    watch.expectFailure('/api/checkout', 'no answer');
    for (const attempt of [1, 2]) {
      await placeOrder(page);
      await expect(page.getByText('We do not know yet whether your order arrived')).toBeVisible();
      expect(lost).toBe(attempt);
    }
    await placeOrder(page);
    const number = await expectThanks(page);
    await page.goto('/account/orders');
    await expect(page.getByText('1 order', { exact: true })).toBeVisible();
    await expect(page.getByRole('main').getByRole('link', { name: `Order ${number}` })).toBeVisible();
  });

  test('a guest whose page was gone before the answer finds the order by the empty cart, in any tab', async ({ page, context, watch }) => {
    await fillContactAndAddress(page, 'guest@example.com');
    await fillCard(page, CARDS.approved);
    await page.route('**/api/checkout', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    watch.expectFailure('/api/checkout', 'no answer');
    await placeOrder(page);
    await expect(page.getByText('We do not know yet whether your order arrived')).toBeVisible();
    await page.reload();
    await arrive(page, 'Check out');
    await expect(page.getByText('Your cart is empty: its order is placed.')).toBeVisible();
    await checkPage(page);

    const tab = await context.newPage();
    await visit(tab, '/cart', 'Cart');
    await tab.getByRole('link', { name: 'See your order' }).click();
    const number = await expectThanks(tab);
    await page.getByRole('link', { name: 'See your order' }).click();
    expect(await expectThanks(page)).toBe(number);
  });

  test('an order can be cancelled until it is packed, and bought again', async ({ page, shopper, watch }) => {
    await signIn(page, shopper);
    await fillContactAndAddress(page, shopper.email);
    await fillCard(page, CARDS.approved);
    await placeOrder(page);
    const number = await expectThanks(page);
    await visit(page, `/account/orders/${number}`, `Order ${number}`);
    const steps = page.locator('.order-progress').getByRole('listitem');
    await expect(steps).toHaveText([/^Placed/, /^Packed\s*expected /, /^Shipped\s*expected /, /^Delivered\s*expected /]);
    // On paper it is an invoice: 16.90 and 4.90 for the delivery, with 19 % of each in it.
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByText('VAT number')).toBeVisible();
    await expect(page.getByText('Invoice number')).toBeVisible();
    await expect(page.getByRole('row')).toHaveText([/^VAT rate/, '19%€18.32€3.48€21.80', 'Total€18.32€3.48€21.80']);
    await page.emulateMedia({ media: null });
    await page.getByRole('button', { name: 'Cancel order' }).click();
    const question = page.getByRole('dialog', { name: 'Cancel this order?' });
    await checkPage(page);
    await question.getByRole('button', { name: 'Cancel the order' }).click();
    await expect(page.getByText('Your order is cancelled. Nothing will be charged.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Cancel order' })).toHaveCount(0);
    await expect(steps).toHaveText([/^Placed/, /^Cancelled/]);
    await checkPage(page);
    await page.getByRole('button', { name: 'Buy again' }).click();
    await page.getByRole('button', { name: 'View cart' }).click();
    await page.getByRole('dialog', { name: 'Your cart' }).getByRole('link', { name: 'Change the cart' }).click();
    await arrive(page, 'Cart');
    await expectInCart(page, 1);

    // The cart has the last one, as the shop would say it.
    await page.route('**/api/cart/items', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        json: {
          type: '/problems/out-of-stock',
          title: 'Not enough in stock',
          status: 409,
          detail: 'Only one is left.',
          changes: [{ change: 'short', name: MAP.name, wanted: 2, available: 1 }],
        },
      }),
    );
    watch.expectFailure('/api/cart/items', 409);
    await page.goBack();
    await page.getByRole('button', { name: 'Buy again' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Nothing more of this order can be had' })).toContainText(
      `${MAP.name}: no more left than the 1 in your cart.`,
    );
    await checkPage(page);
  });
});

interface Quote {
  items: { unit_price: { minor: number } }[];
  totals: { total: { minor: number } };
}

test.describe('finding one’s way', () => {
  test('the keyboard skips to the content, and a new page begins at its heading', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'See all products' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'All products' })).toBeFocused();
    await expect(page).toHaveTitle('All products · storezero');
  });

  test('the colours can be chosen, and stay chosen', async ({ page }) => {
    await visit(page, '/', 'Good things, zero fuss.');
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    await expect.poll(background).not.toBe(light);
    await checkPage(page);
    await visit(page, '/p/stoneware-teacup', 'Stoneware Teacup');
    expect(await background()).not.toBe(light);
  });
});
