// A provider of its own for each test file, on a free port, with its own data.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { readSettings } from '../config.ts';
import { type Running, startProviders } from '../server.ts';
import { RelyingParty } from './relying_party.ts';

export interface TestProvider extends Running {
  register(metadata?: Record<string, unknown>): Promise<RelyingParty>;
}

export async function startTestProvider(env: Record<string, string> = {}): Promise<TestProvider> {
  const folder = mkdtempSync(join(tmpdir(), 'idp-test-'));
  const settings = readSettings({ IDP_PORT: '0', IDP_REGISTRATION: '1', IDP_DATA: folder, ...env });
  const running = await startProviders(settings);
  const parties: RelyingParty[] = [];
  after(async () => {
    await running.stop();
    await Promise.all(parties.map((party) => party.close()));
    if (!env['IDP_DATA']) rmSync(folder, { recursive: true });
  });
  return {
    ...running,
    register: async (metadata) => {
      const party = await RelyingParty.register(running.issuer, metadata, [running.friendbook.issuer]);
      parties.push(party);
      return party;
    },
  };
}
