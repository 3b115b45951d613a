import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core objects to, and where; run without the page's policy, which forbids its script. */
export async function axeProblems(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe.source });
  await session.detach();
  const found = await page.evaluate(async () => {
    const runner = (globalThis as unknown as { axe: typeof axe }).axe;
    // Where nothing is wrong is not asked: to name all those places takes most of the time.
    const { violations } = await runner.run({ resultTypes: ['violations'], preload: false });
    return violations.map(({ id, nodes }) => ({
      id,
      targets: nodes.map(({ target }) => String(target)),
    }));
  });
  return found.flatMap(({ id, targets }) => targets.map((target) => `${id}: ${target}`));
}
