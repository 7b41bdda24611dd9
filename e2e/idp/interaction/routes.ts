// The pages between an authorization request and its answer: /interaction/<uid> and what is below it.

import type { Context, Middleware } from 'koa';
import { showError } from '../errors.ts';
import type { Realm } from '../realm.ts';
import { restartLogin, restartUrl } from '../restart.ts';
import { type Form, readForm } from '../web/forms.ts';
import { allowFormRedirects } from '../web/security.ts';
import { showConsent, submitConsent } from './consent.ts';
import { backFromFriendbook, showFriendbook, showLink, submitLink } from './friendbook.ts';
import { showLogin, submitLogin } from './login.ts';
import { showEnrolled, showSecondFactor, submitEnrolled, submitSecondFactor } from './second_factor.ts';
import { showSignUp, submitSignUp } from './sign_up.ts';
import { leave, type Visit } from './visit.ts';

interface Step {
  show(visit: Visit): void | Promise<void>;
  submit?(visit: Visit, form: Form): Promise<void>;
}

const LOGIN: Step = { show: showLogin, submit: submitLogin };
const CONSENT: Step = { show: showConsent, submit: submitConsent };
const SECOND_FACTOR: Step = { show: showSecondFactor, submit: submitSecondFactor };
const ENROLLED: Step = { show: showEnrolled, submit: submitEnrolled };
// Maps, not objects: in those, a path like "constructor" finds something too.
const BELOW_LOGIN = new Map<string, Step>([
  ['second-factor', SECOND_FACTOR],
  ['enrolled', ENROLLED],
  ['sign-up', { show: showSignUp, submit: submitSignUp }],
]);
const WITH_FRIENDBOOK = new Map<string, Step>([
  ['friendbook', { show: showFriendbook }],
  ['friendbook-callback', { show: backFromFriendbook }],
  ['link', { show: showLink, submit: submitLink }],
]);

export function interactionRoutes(realm: Realm): Middleware {
  return async (ctx, next) => {
    const [, uid, below] = /^\/interaction\/([\w-]+)(?:\/([\w-]+))?$/.exec(ctx.path) ?? [];
    if (!uid) return next();
    if (below !== undefined && !BELOW_LOGIN.has(below) && !WITH_FRIENDBOOK.has(below)) return next();
    const visit = await findVisit(realm, ctx, uid);
    if (!visit) return;
    const step = stepOf(visit, below);
    if (!step) return next();
    if (ctx.method === 'GET' || ctx.method === 'HEAD') {
      if (await goesOnByItself(visit)) leave(visit);
      else await step.show(visit);
    } else if (ctx.method === 'POST' && step.submit) {
      const form = await readForm(ctx);
      realm.formTokens.check(form, uid);
      if (form.checked('cancel')) await cancel(visit);
      else await step.submit(visit, form);
    } else {
      ctx.status = 405;
      ctx.set('allow', step.submit ? 'GET, POST' : 'GET');
    }
  };
}

function stepOf({ realm, interaction }: Visit, below: string | undefined): Step | undefined {
  switch (interaction.prompt.name) {
    case 'consent':
      return below === undefined ? CONSENT : undefined;
    case 'mfa':
      return below === undefined ? SECOND_FACTOR : below === 'enrolled' ? ENROLLED : undefined;
    default:
      if (below === undefined) return LOGIN;
      return BELOW_LOGIN.get(below) ?? (realm.friendbook && WITH_FRIENDBOOK.get(below));
  }
}

/** The interaction that this browser began, or an answer that leads on. */
async function findVisit(realm: Realm, ctx: Context, uid: string): Promise<Visit | undefined> {
  const visit = await openVisit(realm, ctx, uid);
  if (visit === 'gone') {
    await restartLogin(realm, ctx, uid);
    return undefined;
  }
  if (visit === 'elsewhere') {
    // A restart from here could go round in circles where cookies are blocked.
    showError(realm, ctx, {
      message:
        'This page belongs to a sign-in that was begun in another browser, or your browser keeps no cookies for us. ' +
        'Allow cookies for this site, then start again.',
      status: 400,
      wayOn: { href: await restartUrl(realm, uid), label: 'Start again' },
    });
    return undefined;
  }
  return visit;
}

/** The interaction that this browser began; it may be over, or still open in another browser. */
export async function openVisit(realm: Realm, ctx: Context, uid: string): Promise<Visit | 'gone' | 'elsewhere'> {
  const { provider } = realm;
  const interaction = await provider.Interaction.find(uid);
  if (!interaction) return 'gone';
  if (ctx.cookies.get(provider.cookieName('interaction'), { signed: true }) !== uid) return 'elsewhere';
  const client = await provider.Client.find(String(interaction.params['client_id']));
  allowFormRedirects(
    ctx,
    [interaction.params['redirect_uri'], client?.clientUri, realm.friendbook?.issuer].filter(
      (url) => typeof url === 'string',
    ),
  );
  return {
    realm,
    ctx,
    interaction,
    client: { name: client?.clientName ?? 'the shop', url: client?.clientUri ?? realm.shopUrl },
    csrf: realm.formTokens.for(uid),
  };
}

/** Another tab signed in while this page was open: then there is nothing left to ask here. */
async function goesOnByItself({ realm, ctx, interaction }: Visit): Promise<boolean> {
  const { name, reasons } = interaction.prompt;
  if (name !== 'login' || reasons.some((reason) => reason !== 'no_session')) return false;
  const session = await realm.provider.Session.get(ctx);
  return session.accountId !== undefined && realm.users.byId(session.accountId) !== undefined;
}

/** OIDC Core §3.1.2.6: the client hears access_denied and shows the way on. */
async function cancel(visit: Visit): Promise<void> {
  visit.interaction.result = { error: 'access_denied', error_description: 'the visitor went back' };
  await visit.interaction.persist();
  leave(visit);
}
