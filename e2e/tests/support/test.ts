// The `test` of all specs: watched browsers, and people.

import { test as base, type BrowserContext, type Page } from '@playwright/test';
import { newShopper, type Person } from './people.ts';
import { Watch } from './watch.ts';

interface Fixtures {
  /** What may go wrong is said here beforehand; everything else fails the test. */
  watch: Watch;
  /** Another person's browser, with nothing in it. */
  newGuest: () => Promise<Page>;
  /** A customer of this test's own. */
  shopper: Person;
}

export const test = base.extend<Fixtures>({
  watch: [
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      const findings = watch.findings();
      if (findings.length > 0) throw new Error(`In the browser:\n${findings.join('\n')}`);
    },
    { auto: true },
  ],

  context: async ({ context, watch }, use) => {
    watch.observe(context);
    await use(context);
  },

  newGuest: async ({ browser, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      watch.observe(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  shopper: async ({}, use) => {
    await use(await newShopper());
  },
});

export { expect } from '@playwright/test';
