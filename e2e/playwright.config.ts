// The end-to-end tests: a real browser, the real shop, the real identity provider.
//
// `cargo xtask test` starts all three and says where they are. Against servers that run already (a demo, say):
//   CHROMIUM=/usr/bin/chromium npm test

import { defineConfig } from '@playwright/test';
import { IDP_URL, SHOP_URL } from './tests/support/addresses.ts';

// It writes a file of the repository, so it runs only when that is wanted.
const unwanted = process.env['UPDATE_SCREENSHOT'] === '1' ? [] : ['**/readme-screenshot.spec.ts'];
const CROSS_SITE = '**/cross-site.spec.ts';

/** Chromium's own sandbox does not run as root, which containers often are. */
const asRoot = process.getuid?.() === 0;

/** Without an executable, Playwright's own download. */
const launch = (executablePath: string | undefined) => ({
  executablePath,
  args: [
    ...(asRoot ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

export default defineConfig({
  testDir: 'tests',
  testIgnore: [...unwanted, CROSS_SITE],
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 180_000,
  // Waits end as soon as what they wait for is there. A busy machine may stand still for longer than a person would.
  expect: { timeout: 30_000 },
  // What passes at the second try only is named at the end, with what its first try met: it is to be looked into.
  retries: 1,
  reporter: [['list'], ['html', { open: 'never' }]],
  metadata: { shop: SHOP_URL, idp: IDP_URL },
  use: {
    baseURL: SHOP_URL,
    // What was done and asked for. A copy of the page at every moment would cost a tenth of the time, and pictures a
    // third; how the page ended stays as a picture and in words.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: launch(process.env['CHROMIUM_HEADLESS_SHELL'] ?? process.env['CHROMIUM']),
  },
  projects: [
    {
      name: 'desktop',
      use: { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
    },
    {
      name: 'phone',
      grep: /@phone/,
      use: { viewport: { width: 360, height: 780 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
    },
    {
      // Other servers, whose names are sites of their own, and browsers of its own.
      name: 'cross-site',
      testMatch: CROSS_SITE,
      testIgnore: [],
      use: { viewport: { width: 1440, height: 900 }, launchOptions: launch(process.env['CHROMIUM']) },
    },
  ],
});
