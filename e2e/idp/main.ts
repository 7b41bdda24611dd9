// `npm run idp`: starts PeakCommerce ID and Friendbook as the environment says (see README.md), until Ctrl-C.

import { FRIENDBOOK, PEAKCOMMERCE } from './brands.ts';
import { ConfigError, readSettings } from './config.ts';
import { startProviders } from './server.ts';

try {
  const settings = readSettings(process.env);
  const running = await startProviders(settings);
  console.log(`${PEAKCOMMERCE.name} is ready on ${running.issuer}, ${FRIENDBOOK.name} on ${running.friendbook.issuer}`);
  if (settings.registration) console.log('Test mode: any client may register itself (IDP_REGISTRATION=1)');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.stop().then(() => process.exit(0)));
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
