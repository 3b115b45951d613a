import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundlePage } from '../../reports/build-page.mjs';
import { cumulativeChart, fitFigures } from '../../src/report/fit-figures.js';
import { renderFit } from '../../src/report/render-fit.js';
import { fitRecording } from '../../src/study/fit-recording.js';
import type { FitDocument } from '../../src/stats/fit.js';
import { nonEmptyBuckets } from '../../src/result/histogram.js';
import { histogramOf } from '../../src/stats/prediction.js';
import { inventedRecording } from '../fixtures/recordings/invented-recording.js';
import { overflowing } from '../browser/crowding.js';
import { startBrowser } from '../browser/start-browser.js';
import type { ReportBrowser } from '../browser/start-browser.js';
import { sha256 } from '../../src/disk/load-page.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const SCREENSHOTS = new URL('../../build/screenshots/', import.meta.url).pathname;
const PLAIN = { script: 'console.log(1)', style: 'b{}', sha256 };
const fit = fitRecording(
  inventedRecording({
    entryNs: (ns, isLater) => (isLater ? 2 * ns : ns),
  }),
);
const histogram = (values: number[]): ReturnType<typeof nonEmptyBuckets> =>
  nonEmptyBuckets(histogramOf(values));

describe('the cumulative chart', () => {
  test('holds the share up to each value, from none to all', () => {
    const chart = cumulativeChart([histogram([10, 20, 30, 40]), histogram([20, 20, 50, 60])]);
    expect(chart.x.slice(1)).toEqual([10, 20, 30, 40, 50, 60]);
    expect(chart.x[0]).toBeLessThan(10);
    expect(chart.values).toEqual([
      [0, 0.25, 0.5, 0.75, 1, 1, 1],
      [0, 0, 0.5, 0.5, 0.5, 0.75, 1],
    ]);
  });

  test('ends where a thousandth of both is left, and draws no more points than fit', () => {
    const bulk = Array.from({ length: 2000 }, (_, i) => 10 + i);
    const chart = cumulativeChart([histogram([...bulk, 1e9]), histogram(bulk)]);
    // The 1,999th of 2,001 values, and of 2,000.
    expect(chart.x.at(-1)).toBe(2008);
    expect(chart.x.length).toBeLessThanOrEqual(1001);
    for (const line of chart.values) {
      expect(line).toHaveLength(chart.x.length);
      expect(line).toEqual([...line].sort((a, b) => a! - b!));
    }
  });

  test('knows 0 ns, a single value, and nothing at all', () => {
    expect(cumulativeChart([histogram([0, 0, 7]), histogram([])])).toMatchObject({
      x: [1, 7],
      values: [[2 / 3, 1], []],
    });
    expect(cumulativeChart([histogram([9]), histogram([9])]).values).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(cumulativeChart([histogram([]), histogram([])])).toMatchObject({ x: [] });
  });
});

describe('the report on a fit', () => {
  const html = renderFit(fit, PLAIN);

  test('holds the answer, the figures of the table and the costs', () => {
    expect(html.match(/The targets are missed/g)).toHaveLength(1);
    for (const text of ['TIMER', 'NET_RX', 'SCHED', 'missed', 'too few samples', 'linux-softirq']) {
      expect(html).toContain(text);
    }
    for (const { ksDistance } of fit.vectors) expect(html).toContain(ksDistance!.toFixed(3));
    expect(renderFit(fit, PLAIN)).toBe(html);
  });

  test('has a table of percentiles beneath each chart', () => {
    const [{ views }] = fitFigures(fit.vectors, 'fit');
    const [percentiles, recorded] = views[0].table.columns;
    expect(percentiles.values).toEqual(
      [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99].map((percent) => `p${percent}`),
    );
    const { p50Ns, p90Ns } = fit.vectors[0].recorded;
    expect([recorded.values[4], recorded.values[8]]).toEqual([p50Ns, p90Ns]);
  });

  test('takes names as text', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const vectors = fit.vectors.map((vector) => ({ ...vector, name: hostile }));
    const meta: FitDocument['meta'] = { ...fit.meta, origin: '</title><script>alert(2)</script>' };
    const page = renderFit({ ...fit, vectors, meta }, PLAIN);
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(2);
  });
});

describe('the report on a fit in a browser', () => {
  let browser: ReportBrowser;
  let html: string;
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    html = renderFit(fit, { ...(await bundlePage()), sha256 });
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each([
    [1200, false],
    [1200, true],
    [390, false],
    [390, true],
  ])('draws a chart for each vector at %i px (dark: %s)', async (width, dark) => {
    const { page, complaints, requests } = await browser.open(html, { width, dark });
    expect(complaints).toEqual([]);
    expect(requests).toEqual([page.url()]);
    const inks = await page.locator('canvas').evaluateAll((all) =>
      (all as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, i) => i % 4 === 3 && value > 0).length;
      }),
    );
    expect(inks).toHaveLength(fit.vectors.length);
    for (const painted of inks) expect(painted).toBeGreaterThan(1000);
    expect(await overflowing(page)).toEqual([]);
    const name = `fit-${width}-${dark ? 'dark' : 'light'}.png`;
    await page.screenshot({ path: `${SCREENSHOTS}${name}`, fullPage: true });
    await page.close();
  });

  test('reads values by keyboard and switches lines off', async () => {
    const { page, complaints } = await browser.open(html);
    await page.locator('figure .chart').first().focus();
    await page.keyboard.press('End');
    const said = page.locator('#announcement');
    expect(await said.textContent()).toMatch(/^at most [\d.]+ µs: recorded .* %, predicted .* %$/);
    await page.locator('.legend button').first().click();
    await page.locator('figure .chart').first().focus();
    await page.keyboard.press('End');
    expect(await said.textContent()).toMatch(/^at most [\d.]+ µs: predicted/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
