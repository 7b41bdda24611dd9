// /account and what is below it: for who is signed in here, and fresh where something is changed.

import type { Context, Middleware } from 'koa';
import type { Realm } from '../realm.ts';
import { type Form, readForm } from '../web/forms.ts';
import { endEverything } from './changes.ts';
import { showChangeEmail, submitChangeEmail } from './email.ts';
import { showFriendbook, submitFriendbook } from './friendbook.ts';
import { showOverview } from './overview.ts';
import { showChangePassword, submitChangePassword } from './password.ts';
import { showChangePhone, submitChangePhone } from './phone.ts';
import { showSecondFactor, submitSecondFactor } from './second_factor.ts';
import { findVisitor, isFresh, signInFirst, type Visitor } from './visitor.ts';

export interface AccountVisit extends Visitor {
  realm: Realm;
  ctx: Context;
}

interface AccountPage {
  show(visit: AccountVisit): void;
  submit?(visit: AccountVisit, form: Form): void | Promise<void>;
  /** Needs no login of the last minutes. */
  calm?: boolean;
}

const PAGES = new Map<string, AccountPage>([
  ['/account', { show: (visit) => showOverview(visit.realm, visit.ctx, visit), calm: true }],
  [
    '/account/sign-out-everywhere',
    { show: ({ ctx }) => ctx.redirect('/account'), submit: signOutEverywhere, calm: true },
  ],
  ['/account/password', { show: showChangePassword, submit: submitChangePassword }],
  ['/account/email', { show: showChangeEmail, submit: submitChangeEmail }],
  ['/account/phone', { show: showChangePhone, submit: submitChangePhone }],
  ['/account/friendbook', { show: showFriendbook, submit: submitFriendbook }],
  ['/account/second-factor', { show: showSecondFactor, submit: submitSecondFactor }],
]);

export function accountRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    if (ctx.path === '/account/return') {
      returnFromLogin(ctx);
      return;
    }
    const page = PAGES.get(ctx.path);
    if (!page) return next();
    const visitor = await findVisitor(realm, ctx);
    if (!visitor || !(page.calm || isFresh(realm, visitor))) {
      signInFirst(realm, ctx, ctx.path, visitor);
      return;
    }
    const visit = { ...visitor, realm, ctx };
    if (ctx.method === 'GET' || ctx.method === 'HEAD') {
      page.show(visit);
    } else if (ctx.method === 'POST' && page.submit) {
      const form = await readForm(ctx);
      realm.formTokens.check(form, visitor.csrfPurpose);
      await page.submit(visit, form);
    } else {
      ctx.status = 405;
      ctx.set('allow', page.submit ? 'GET, POST' : 'GET');
    }
  };
}

/** The answer to `signInFirst`: whoever went back is not asked again, and a page that expired is. */
function returnFromLogin(ctx: Context): void {
  const { state, error } = ctx.query;
  ctx.status = 303;
  if (error !== undefined && error !== 'login_required') ctx.redirect('/');
  else ctx.redirect(typeof state === 'string' && PAGES.has(state) ? state : '/account');
}

async function signOutEverywhere({ realm, ctx, user }: AccountVisit): Promise<void> {
  await endEverything(realm, user.id, 'sign_out_everywhere');
  ctx.status = 303;
  ctx.redirect('/');
}
