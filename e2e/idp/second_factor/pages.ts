// The parts that pages about the second factor share, in a login and on the account page.

import type { Realm } from '../realm.ts';
import type { User } from '../store/users.ts';
import { type Html, html } from '../web/html.ts';
import { field } from '../web/layout.ts';
import { qrCode } from './qr_code.ts';
import { codeAt, otpauthUri } from './totp.ts';

export function codeField(error?: string): Html {
  return field({
    name: 'code',
    label: 'Authentication code',
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    hint: 'Six digits from your authenticator app.',
    error,
    focus: true,
  });
}

export function secretToScan(realm: Realm, user: User, secret: string): Html {
  const uri = otpauthUri(realm.brand.name, user.email, secret);
  return html`<p>Scan this with an authenticator app, then type the code that it shows.</p>
${qrCode(uri, 'QR code with the key for your authenticator app')}
<p class="hint">Cannot scan? Enter this key: <code>${secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>`;
}

export function recoveryCodeList(codes: string[]): Html {
  return html`<p>Keep these recovery codes where you find them without your phone. Each one works once, and they are not
shown again.</p>
<ul class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>`;
}

/** In the demo, whoever has no authenticator at hand reads the code off the page. */
export function demoCode(realm: Realm, user: User): Html | undefined {
  const secret = realm.brand.demoUsers.find(({ id }) => id === user.id)?.totpSecret;
  if (!realm.settings.demo || secret === undefined || !realm.secondFactors.secretIs(user.id, secret)) return undefined;
  return html`<section class="demo" aria-labelledby="demo-heading">
<h2 id="demo-heading">Demo</h2>
<p>The code right now: <code data-demo-code>${codeAt(secret, Date.now())}</code></p>
<p>Key for your own app: <code>${secret}</code></p>
</section>`;
}
