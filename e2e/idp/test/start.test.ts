// Starting: nothing that is asked too early stays without an answer.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { startTestProvider } from './setup.ts';

test('a_request_that_comes_while_the_provider_starts_is_answered', async () => {
  const port = await freePort();
  const starting = startTestProvider({ IDP_PORT: String(port) });
  let health: Response | undefined;
  // From the first moment on, as a script that waits for the start does.
  while (!health) health = await fetch(`http://localhost:${port}/health`).catch(() => undefined);
  assert.equal(health.status, 200);
  await starting;
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
