// The Session Explorer's lanes and facts.

import type { Locator, Page } from '@playwright/test';
import { expect } from './test.ts';

const LANES = { storezero: 'storezero’s session', 'PeakCommerce ID': 'PeakCommerce ID’s session', Friendbook: 'Friendbook’s session' };

const isNarrow = (page: Page): boolean => (page.viewportSize()?.width ?? 0) <= 704;

/** Brings a lane to where it can be seen: on a narrow screen it is behind a tab. */
export async function openLane(page: Page, whose: keyof typeof LANES): Promise<Locator> {
  if (isNarrow(page)) await page.getByRole('tab', { name: whose }).click();
  const lane = page.getByRole('region', { name: LANES[whose], exact: true });
  await expect(lane).toBeVisible();
  return lane;
}

/** What stands beside this name, folded away or not. */
export const fact = (lane: Locator, name: string): Locator =>
  lane.locator('.fact').filter({ has: lane.page().locator('dt', { hasText: new RegExp(`^${name}(observed|probed|inferred)$`) }) }).locator('dd');

/** The masked values of a fact, in the order of the page. */
export const masks = async (fact: Locator): Promise<string[]> => (await fact.locator('code').allTextContents()).map((text) => text.trim());
