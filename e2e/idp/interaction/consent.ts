// "Continue as …": shown only when a client demands it with prompt=consent.

import type { Form } from '../web/forms.ts';
import { html } from '../web/html.ts';
import { showPage } from '../web/layout.ts';
import { leave, type Visit } from './visit.ts';

const SCOPES = new Map([['profile', 'your name'], ['email', 'your email address']]);

export function showConsent({ realm, ctx, interaction, client, csrf }: Visit): void {
  const scopes = String(interaction.params['scope'] ?? '').split(' ');
  const shared = scopes.map((scope) => SCOPES.get(scope)).filter((words) => words !== undefined);
  const user = interaction.session && realm.users.byId(interaction.session.accountId);
  showPage(ctx, realm.brand, {
    heading: `Continue to ${client.name}?`,
    body: html`<p>You are signed in${user && html` as <strong>${user.name}</strong> (${user.email})`}.</p>
${shared.length > 0 && html`<p>${client.name} will see ${shared.join(' and ')}.</p>`}
<form method="post" action="/interaction/${interaction.uid}" class="choices">
<input type="hidden" name="csrf" value="${csrf}">
<button class="button" type="submit">Continue</button>
<button class="button quiet" name="cancel" value="yes">Cancel</button>
</form>`,
  });
}

export async function submitConsent(visit: Visit, _form: Form): Promise<void> {
  visit.interaction.result = { ...visit.interaction.lastSubmission, consent: {} };
  await visit.interaction.persist();
  leave(visit);
}
