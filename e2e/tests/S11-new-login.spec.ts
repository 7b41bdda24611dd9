// "When a user performs a new standard login, Auth0 resets the login session."

import { expectLoginPage, giveCredentials, notePrompts } from './support/idp.ts';
import { arrive, visit } from './support/page_check.ts';
import { idpCookie, leaveShopAndReadSid, sessionView, shopCookie } from './support/sessions.ts';
import { expectSignedIn } from './support/shop.ts';
import { expect, test } from './support/test.ts';

test.describe('S11 a new standard login resets the sessions', () => {
  test("prompt=login changes the local key and the identity provider's sid; a single sign-on keeps the sid", async ({
    page,
    context,
    shopper,
  }) => {
    await page.goto('/account');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    const first = await leaveShopAndReadSid(page);

    const prompts = notePrompts(page);
    await page.goto('/account');
    await arrive(page, 'My Account');
    await expectSignedIn(page, shopper);
    expect(prompts, 'the identity provider knew who it was').toEqual([]);
    expect(await leaveShopAndReadSid(page), 'its session goes on').toBe(first);

    await visit(page, '/account', 'My Account');
    await expectSignedIn(page, shopper);
    const before = { shop: await shopCookie(context), idp: await idpCookie(context), view: await sessionView(page) };
    await page.goto('/auth/login?prompt=login&return_to=/account');
    await expectLoginPage(page);
    const tab = await context.newPage();
    await tab.goto('/');
    expect((await sessionView(tab)).state, 'nothing has ended yet').toBe('customer');
    await giveCredentials(page, shopper);
    await arrive(page, 'My Account');
    await expectSignedIn(page, shopper);

    expect((await shopCookie(context))!.value, 'the local key').not.toBe(before.shop!.value);
    expect((await idpCookie(context))!.value, "the identity provider's key").not.toBe(before.idp!.value);
    const view = await sessionView(page);
    expect(view.session!.authenticated_at!, 'authenticated anew').toBeGreaterThanOrEqual(before.view.session!.authenticated_at!);
    expect(await leaveShopAndReadSid(page), 'another session there').not.toBe(first);
  });
});
