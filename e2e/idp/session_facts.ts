// What this provider knows of its own session in this browser: the side that a shop never sees. Nothing of it is secret.

import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { EndedSession, EndReason } from './ended_sessions.ts';
import type { Realm } from './realm.ts';
import { type ProviderSession, sessionCookie, type SessionClient, type SignIn } from './sessions.ts';
import { type Html, html } from './web/html.ts';
import { fact } from './web/layout.ts';
import { duration, time } from './web/time.ts';

export async function sessionFacts(realm: Realm, ctx: Context, session: ProviderSession): Promise<Html> {
  return html`<section aria-labelledby="session-heading">
<h2 id="session-heading">${realm.brand.name}’s session in this browser</h2>
${session.exp === undefined ? await noSession(realm, ctx) : await livingSession(realm, session)}
</section>`;
}

async function noSession(realm: Realm, ctx: Context): Promise<Html> {
  const cookie = sessionCookie(realm.provider, ctx);
  const ended = cookie === undefined ? undefined : realm.sessions.endOf(cookie);
  return html`<dl>
${fact('Now', 'There is none. The next one begins when a shop sends you here, before you sign in.')}
${ended && fact('The last one', html`${await ending(realm, ended)} Only its cookie is left, which opens nothing.`)}
</dl>`;
}

async function livingSession(realm: Realm, session: ProviderSession): Promise<Html> {
  const { sessions } = realm;
  const signIn = session.accountId === undefined ? undefined : sessions.signInOf(session.uid);
  const before = sessions.ended.before(session.uid);
  const clients = sessions.clientsOf(session.uid);
  return html`<dl>
${fact('Began', html`${time(session.iat)}${session.iat < (signIn?.startedAt ?? Infinity) && note('before anybody signed in')}`)}
${before && fact('Before it', await ending(realm, before))}
${signIn ? login(realm, session, signIn) : fact('Login', 'none yet: it will update this session')}
${signIn ? limits(realm, session, signIn) : fact('Ends', html`${time(session.exp)}${note('if nobody signs in')}`)}
</dl>
${clients.length > 0 && (await clientList(realm, clients, before))}`;
}

function login({ brand, friendbook }: Realm, session: ProviderSession, signIn: SignIn): Html {
  const { loginTs, amr = [] } = session;
  const { startedAt, updatedAt, provider } = signIn;
  const again = updatedAt !== undefined && updatedAt > startedAt;
  const by = provider && friendbook ? html`<a href="${friendbook.issuer}">Friendbook</a>` : brand.name;
  const methods = amr.map((method) => METHODS.get(method)).filter(Boolean).join(' and ');
  return html`${fact('Login', html`${time(startedAt)}${note('updated this session')}`)}
${again && fact('Last login', html`${time(updatedAt)}${note('updated it again')}`)}
${fact('Authenticated', html`${time(loginTs!)}${note(html`by ${by} (<code>auth_time</code>)`)}`)}
${fact('Factors', html`${methods}${note(html`<code>amr</code>: ${amr.join(', ')}`)}`)}`;
}

/** Of RFC 8176; `mfa` only counts them, and `fed` is not in it. */
const METHODS = new Map([['pwd', 'password'], ['otp', 'second factor'], ['fed', 'Friendbook’s word']]);

function limits({ sessions }: Realm, session: ProviderSession, signIn: SignIn): Html {
  const idle = duration(sessions.limitsOf(signIn).idle);
  const end = sessions.absoluteEnd(signIn);
  return html`${fact('Kept', signIn.kept ? 'yes: it outlives the browser' : 'no: it ends when you close the browser')}
${fact('Idle limit', html`${session.exp < end ? time(session.exp) : 'not before the absolute one'}${note(`${idle} after the last authorization request, silent ones aside`)}`)}
${fact('Absolute limit', html`${time(end)}${note('however much it is used')}`)}`;
}

function note(words: Html | string): Html {
  return html` <span class="note">${words}</span>`;
}

async function clientList(realm: Realm, clients: SessionClient[], before: EndedSession | undefined): Promise<Html> {
  const entries = await Promise.all(
    clients.map(async ({ clientId, sid, answeredAt }) => {
      const client = await realm.provider.Client.find(clientId);
      const namesSession = client?.responseTypes?.some((type) => type !== 'none');
      const old = before?.sids[clientId];
      return html`<li><strong>${client?.clientName ?? clientId}</strong> <span class="hint">${client?.clientUri}</span>
<p><code>sid</code>: ${namesSession ? html`<code>${masked(sid)}</code>` : 'it is told none'}${
        namesSession && old !== undefined && html`, in the session before <code>${masked(old)}</code>`
      }</p>
${answeredAt !== undefined && html`<p>Last answer: ${time(answeredAt)}</p>`}</li>`;
    }),
  );
  const explorer = html`<a href="${realm.shopUrl}/sessions">Session Explorer</a>`;
  return html`<h3>Clients that it let in</h3>
<ul class="clients">${entries}</ul>
<p class="hint">Each client knows this session by a <code>sid</code> of its own. What is shown is the beginning of its
SHA-256${realm.brand.id === 'peakcommerce' && html`, the same as in the shop’s ${explorer}`}.</p>`;
}

/** As the shop masks what it shows, so that both can be compared (backend/src/trace/record.rs). */
export function masked(secret: string): string {
  return `‹${createHash('sha256').update(secret).digest('hex').slice(0, 6)}›`;
}

async function ending(realm: Realm, { beganAt, endedAt, reason, clientId }: EndedSession): Promise<Html> {
  const client = clientId === undefined ? undefined : await realm.provider.Client.find(clientId);
  const why = REASONS[reason](client?.clientName ?? 'a client');
  return html`The session of ${time(beganAt)} ended at ${time(endedAt)}: ${why}.`;
}

const REASONS: Record<EndReason, (client: string) => string | Html> = {
  prompt_login: (client) => html`${client} asked for a new login (<code>prompt=login</code>), which replaced it`,
  another_account: () => 'another account signed in, which replaced it',
  sign_out: () => 'you signed out',
  sign_out_everywhere: () => 'you signed out everywhere',
  password_changed: () => 'a new password was set',
  email_changed: () => 'the email address was changed',
  phone_changed: () => 'the phone number was changed',
  second_factor_changed: () => 'the second factor was changed in another browser',
  friendbook_disconnected: () => 'Friendbook was disconnected in another browser',
  account_removed: () => 'its account was removed',
  no_login: () => 'nobody signed in',
  idle_limit: () => 'it was not used for so long (idle limit)',
  absolute_limit: () => 'it reached its absolute limit',
};
