// The Session Explorer's parts, by the words on the screen.

import { expect, type Locator, type Page } from '@playwright/test';

/** A lane, or another part with a heading of its own. */
export const region = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
export const localLane = (page: Page): Locator => region(page, 'storezero’s session');
export const idpLane = (page: Page): Locator => region(page, 'PeakCommerce ID’s session');

/** One of the document's twelve statements, as a step of the tour. */
export const step = (page: Page, id: string): Locator =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: new RegExp(`^${id} `) }) });

export const stepLink = (page: Page, id: string, name: string | RegExp): Locator =>
  step(page, id).getByRole('link', { name, exact: typeof name === 'string' });
export const stepButton = (page: Page, id: string, name: string): Locator =>
  step(page, id).getByRole('button', { name, exact: true });

export const TICKED = '✓ demonstrated';

export const expectTicked = (page: Page, id: string): Promise<void> => expect(step(page, id)).toContainText(TICKED);

/** What the heading says instead of a tick: "not yet", or how many of its parts were seen. */
export async function expectNotTicked(page: Page, id: string, instead = 'not yet'): Promise<void> {
  await expect(step(page, id).getByRole('heading')).toContainText(instead);
  await expect(step(page, id)).not.toContainText(TICKED);
}

export async function silentCheck(page: Page): Promise<void> {
  await idpLane(page).getByRole('button', { name: 'Silent check', exact: true }).click();
}

const LANES = { storezero: 'storezero’s session', 'PeakCommerce ID': 'PeakCommerce ID’s session', Friendbook: 'Friendbook’s session' };

const isNarrow = (page: Page): boolean => (page.viewportSize()?.width ?? 0) <= 704;

/** Brings a lane to where it can be seen: on a narrow screen it is behind a tab. */
export async function openLane(page: Page, whose: keyof typeof LANES): Promise<Locator> {
  if (isNarrow(page)) await page.getByRole('tab', { name: whose }).click();
  const lane = page.getByRole('region', { name: LANES[whose], exact: true });
  await expect(lane).toBeVisible();
  return lane;
}

/** Brings the controls to where they can be seen: a narrow screen folds them away. */
export async function openControls(page: Page): Promise<void> {
  const fold = region(page, 'Controls').locator('summary').filter({ hasText: 'All of them' });
  if (isNarrow(page)) await fold.click();
}

/** What stands beside this name, folded away or not. */
export const fact = (lane: Locator, name: string): Locator =>
  lane.locator('.fact').filter({ has: lane.page().locator('dt', { hasText: new RegExp(`^${name}(observed|probed|inferred)$`) }) }).locator('dd');

/** The masked values of a fact, in the order of the page. */
export const masks = async (fact: Locator): Promise<string[]> => (await fact.locator('code').allTextContents()).map((text) => text.trim());
