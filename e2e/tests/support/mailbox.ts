// The identity provider's mailbox: what it sent, by mail or as a text message.

import { expect } from '@playwright/test';
import type { StoredMessage } from '../../idp/store/outbox.ts';
import { IDP_URL } from './addresses.ts';

/** The newest message to this address or number. */
export async function newestMessage(to: string): Promise<StoredMessage> {
  const address = `${IDP_URL}/mailbox?${new URLSearchParams({ to })}`;
  const response = await fetch(address, { headers: { accept: 'application/json' } });
  const [message] = (await response.json()) as StoredMessage[];
  expect(message, `a message to ${to}`).toBeDefined();
  return message!;
}
