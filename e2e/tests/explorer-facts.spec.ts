// What the Session Explorer says is so: keys, names, times, and how each is known.

import { fact, masks, openLane, step } from './support/explorer.ts';
import { expectLoginPage, giveCredentials } from './support/idp.ts';
import { arrive, checkPage, visit } from './support/page_check.ts';
import { ageSession } from './support/sessions.ts';
import { addToCart, LEMONS, signOut } from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.describe('facts', () => {
  test('a login replaces the key, old beside new, and keeps the session’s name', async ({ page, shopper }) => {
    await addToCart(page, LEMONS);
    await visit(page, '/sessions', 'Sessions');
    const lane = await openLane(page, 'storezero');
    const name = await fact(lane, 'Name').locator('code').innerText();
    const [key] = await masks(fact(lane, 'Key'));
    expect(key).toMatch(/^‹[0-9a-f]{6}›$/);

    await page.goto('/auth/login?return_to=/sessions');
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    await expect(fact(lane, 'Name').locator('code')).toHaveText(name);
    await expect(fact(lane, 'Key').locator('code')).toHaveCount(2);
    const [former, current] = await masks(fact(lane, 'Key'));
    expect(former).toBe(key);
    expect(current).not.toBe(key);
    await expect(lane).toContainText('A login replaces the key and keeps the session');
  });

  test('a reset at the identity provider shows both sids; single sign-on says that nothing was asked', async ({ page, shopper }) => {
    await page.goto('/auth/login?return_to=/sessions');
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    const lane = await openLane(page, 'PeakCommerce ID');
    const [sid] = await masks(fact(lane, 'Its name \\(sid\\)'));
    await expect(fact(lane, 'Single sign-on')).toContainText('no: you proved who you are');

    await page.goto('/auth/login?return_to=/sessions&prompt=login');
    await expectLoginPage(page);
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    const sids = fact(lane, 'Its name \\(sid\\)');
    await expect(sids).toContainText('it was reset there');
    const [former, current] = await masks(sids);
    expect(former).toBe(sid);
    expect(current).not.toBe(sid);
    await expect(fact(await openLane(page, 'storezero'), 'The one before')).toContainText(/ended \d\d:\d\d:\d\d .* ago, by the identity provider/);

    // `auth_time` has whole seconds: the next login must begin in a later one.
    const told = (await fact(lane, 'Authenticated').locator('time').getAttribute('datetime'))!;
    await expect.poll(() => Date.now() - Date.parse(told)).toBeGreaterThan(1500);
    await page.goto('/auth/login?return_to=/sessions');
    await arrive(page, 'Sessions');
    await expect(fact(lane, 'Single sign-on')).toContainText('yes: nothing was asked');
    await expect(fact(lane, 'Single sign-on')).toContainText(/authenticated \d\d:\d\d:\d\d, before this login began, \d\d:\d\d:\d\d/);
    await expect(sids).toContainText('it goes on there');
  });

  test('a session that the control has aged says by how much, and when it truly began', async ({ page }) => {
    await addToCart(page, LEMONS);
    await visit(page, '/sessions', 'Sessions');
    const lane = await openLane(page, 'storezero');
    const began = await fact(lane, 'Began').locator('time').getAttribute('datetime');
    await ageSession(page, 20);
    await expect(lane.locator('.aged')).toHaveText('aged by the control by 20 minutes');
    expect(await fact(lane, 'Began').locator('time').getAttribute('datetime')).toBe(began);
    await expect(fact(lane, 'Began')).toContainText('Its limits count from earlier');
  });

  test('that the shop asked for an end is inferred, and a silent answer probed at its time', async ({ page, shopper }) => {
    await page.goto('/auth/login?return_to=/sessions');
    await giveCredentials(page, shopper);
    await arrive(page, 'Sessions');
    const lane = await openLane(page, 'PeakCommerce ID');
    await lane.getByRole('button', { name: 'Silent check' }).click();
    await expect(lane.getByRole('status')).toContainText(/It knows .*, and asked nothing\. Asked \d\d:\d\d:\d\d \d+ s ago\s*probed/);
    await signOut(page, shopper, 'Sign out of storezero and PeakCommerce ID');
    await arrive(page, 'Signed out');
    await visit(page, '/sessions', 'Sessions');
    await expect(lane.locator('.lane-state')).toContainText(/Asked to end \d\d:\d\d:\d\d \d+ s ago\s*inferred/);
    await expect(lane).toContainText('gets no receipt');
    const local = await openLane(page, 'storezero');
    await expect(local.locator('.lane-state')).toContainText(/Ended: signed out here \d\d:\d\d:\d\d/);
  });

  test('on a phone a step shows its title, and the one to be done next all of it @phone', async ({ page }, { project }) => {
    test.skip(project.name !== 'phone', 'a wide screen folds nothing');
    await visit(page, '/sessions', 'Sessions');
    const controls = (id: string) => step(page, id).locator('.step-controls');
    await expect(controls('S1')).toBeVisible();
    await expect(controls('S10')).toBeHidden();
    const title = step(page, 'S10').getByRole('button', { name: 'S10 Activities' });
    await expect(title).toHaveAttribute('aria-expanded', 'false');
    await title.press('Enter');
    await expect(title).toHaveAttribute('aria-expanded', 'true');
    await expect(controls('S10')).toBeVisible();
    await checkPage(page);
    await page.goto('/sessions#S12');
    await page.reload();
    await arrive(page, 'Sessions');
    await expect(controls('S12'), 'who follows a link to a step sees it').toBeVisible();
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(height, 'CSS pixels without a flow').toBeLessThan(9_000);
  });

  test('on a phone the lanes are tabs, worked by the keyboard @phone', async ({ page }, { project }) => {
    test.skip(project.name !== 'phone', 'beside each other they need none');
    await visit(page, '/sessions', 'Sessions');
    const tabs = page.getByRole('tab');
    await expect(tabs).toHaveCount(3);
    const chosen = page.getByRole('tab', { selected: true });
    await expect(chosen).toHaveAccessibleName(/^storezero none/);
    await chosen.focus();
    for (const [key, name] of [
      ['ArrowRight', 'PeakCommerce ID'],
      ['ArrowRight', 'Friendbook'],
      ['ArrowRight', 'storezero'],
      ['End', 'Friendbook'],
      ['ArrowLeft', 'PeakCommerce ID'],
      ['Home', 'storezero'],
    ] as const) {
      await page.keyboard.press(key);
      await expect(chosen).toHaveAccessibleName(new RegExp(`^${name}`));
      await expect(chosen).toBeFocused();
      await expect(page.getByRole('tabpanel')).toHaveCount(1);
      await expect(page.getByRole('tabpanel')).toHaveAccessibleName(new RegExp(`^${name}`));
    }
    await checkPage(page);
  });
});

test.describe('the page after a sign-out', () => {
  test('it believes no address: a guest with a living session does not read that it is over', async ({ page }) => {
    await addToCart(page, LEMONS);
    await visit(page, '/signed-out?state=federated', 'No sign-out is known here');
    await expect(page.getByRole('main')).toContainText('The session that you have as a guest lives.');
    await expect(page.getByRole('main')).not.toContainText('over');
    await visit(page, '/signed-out?state=account-deleted', 'No sign-out is known here');
    await expect(page.getByRole('main')).not.toContainText('deleted');
  });

  test('who is signed in and types the address is told who they are', async ({ page, shopper }) => {
    await page.goto('/auth/login?return_to=/cart');
    await giveCredentials(page, shopper);
    await arrive(page, 'Cart');
    await visit(page, '/signed-out?state=idp', 'No sign-out is known here');
    await expect(page.getByRole('main')).toContainText(`You are signed in, as ${shopper.name}.`);
    await expect(page.getByRole('main')).not.toContainText('ended');
  });

  test('whatever the address says, it tells of the logout that was', async ({ page, shopper }) => {
    await page.goto('/auth/login?return_to=/cart');
    await giveCredentials(page, shopper);
    await arrive(page, 'Cart');
    await signOut(page, shopper, 'Sign out of storezero');
    await arrive(page, 'Signed out');
    await visit(page, '/signed-out?state=federated', 'Signed out');
    await expect(page.getByRole('listitem').filter({ hasText: 'PeakCommerce ID' })).toContainText('Lives on');
    await expect(page.getByRole('main')).not.toContainText('Friendbook');
    await addToCart(page, LEMONS);
    await visit(page, '/signed-out', 'Signed out');
    await expect(page.getByRole('main')).toContainText('another session has begun here');
  });
});
