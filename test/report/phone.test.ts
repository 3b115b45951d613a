import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundlePage } from '../../reports/build-page.mjs';
import { sha256 } from '../../src/disk/load-page.js';
import { renderReport } from '../../src/report/render.js';
import { renderRich } from '../../src/report/rich-text.js';
import type { PageAssets } from '../../src/report/render.js';
import { startBrowser } from '../browser/start-browser.js';
import type { ReportBrowser } from '../browser/start-browser.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

describe('a report on a phone', () => {
  let browser: ReportBrowser;
  let assets: PageAssets;
  beforeAll(async () => {
    assets = { ...(await bundlePage()), sha256 };
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test('has no table of two policies to scroll on a phone', async () => {
    const document = inventedResult({ policies: ['vista', 'msdn'], sources: ['nic', 'disk'] });
    const { page } = await browser.open(renderReport([document], assets), { width: 390 });
    for (const table of ['.summary table', '.execution', '.source-list table']) {
      const hidden = await page
        .locator(table)
        .evaluate(({ parentElement: box }) => box!.scrollWidth - box!.clientWidth);
      expect(hidden, table).toBeLessThanOrEqual(0);
    }
    await page.close();
  });

  test('begins no line with the colon behind a name', async () => {
    const { page } = await browser.open(renderReport([inventedResult()], assets), { width: 390 });
    // With some of these the line ends behind the name.
    const headlines = Array.from({ length: 24 }, (_, i) => {
      const parts = [{ policy: 0 }, ': 90 % longer'];
      return renderRich(['goes to 176 µs under ', ...parts], [`high-at-${'the-'.repeat(i)}tail`]);
    });
    const below = await page.locator('h1').evaluate((headline, all) => {
      const name = headline.ownerDocument.createRange();
      return all.map((html) => {
        headline.innerHTML = html;
        name.selectNodeContents(headline.querySelector('bdi')!);
        const nameBottom = name.getBoundingClientRect().bottom;
        const colon = headline.querySelector('.with-mark')!.lastChild!;
        name.selectNodeContents(colon);
        return name.getBoundingClientRect().top - nameBottom;
      });
    }, headlines);
    expect(Math.max(...below)).toBeLessThan(0);
    await page.close();
  });

  test('tells lines over time apart by their dashes, as the key beside them does', async () => {
    const { page } = await browser.open(renderReport([inventedResult()], assets));
    for (const place of ['.time-plot .steps', '.steps-key .steps']) {
      const dashes = await page
        .locator(place)
        .evaluateAll((all) =>
          all.slice(0, 3).map((path) => getComputedStyle(path).strokeDasharray),
        );
      expect(new Set(dashes).size, place).toBe(3);
    }
    await page.close();
  });
});
