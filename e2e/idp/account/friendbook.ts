// Disconnecting Friendbook: one way in less, and so only for who has another.

import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { showPage } from '../web/layout.ts';
import { friendbookDisconnected } from './changes.ts';
import type { AccountVisit } from './routes.ts';

export function showFriendbook(visit: AccountVisit): void {
  const { realm, ctx, user, csrf } = visit;
  if (!realm.users.isLinked(user.id)) {
    ctx.redirect('/account');
    return;
  }
  if (user.passwordHash === null) {
    showPage(ctx, realm.brand, {
      heading: 'Friendbook is your only way in',
      body: html`<p>Your account has no password. Without Friendbook you could not sign in any more: set a password first,
then disconnect it.</p>
<p><a class="button" href="/account/password">Set a password</a></p>
<p class="aside"><a href="/account">Back to your account</a></p>`,
    });
    return;
  }
  showPage(ctx, realm.brand, {
    heading: 'Disconnect Friendbook',
    body: html`<p>Friendbook will not sign you in here any more; your password does. Afterwards you are signed out in every
other browser. Your account at Friendbook stays as it is.</p>
<form method="post" action="/account/friendbook" class="choices">
<input type="hidden" name="csrf" value="${csrf}">
<button class="button">Disconnect</button>
</form>
<p class="aside"><a href="/account">Back to your account</a></p>`,
  });
}

export async function submitFriendbook(visit: AccountVisit, _form: Form): Promise<void> {
  const { realm, ctx, session, user } = visit;
  if (user.passwordHash === null) {
    showFriendbook(visit);
    return;
  }
  if (realm.users.unlink(user.id)) await friendbookDisconnected(realm, user, session.uid);
  ctx.status = 303;
  ctx.redirect('/account');
}
