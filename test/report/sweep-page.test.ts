import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sha256 } from '../../src/disk/load-page.js';
import { renderSweep } from '../../src/report/render-sweep.js';
import { axeProblems } from '../browser/axe-problems.js';
import { colliding, overflowing, smallLetters } from '../browser/crowding.js';
import { startBrowser } from '../browser/start-browser.js';
import type { ReportBrowser } from '../browser/start-browser.js';
import { type InventedSweep, inventedSweep } from '../fixtures/results/invented-sweep.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const POLICIES = ['pre-vista', 'vista', 'msdn', 'nt52'];
const SWEEPS: Record<string, InventedSweep> = {
  'one parameter': { params: ['machine.tick=1ms..16msx2'], policies: POLICIES },
  'a wide range': { params: ['machine.tick=100ns..1sx10'], policies: POLICIES },
  words: {
    params: ['sources.nic.dpc.importance=low,medium,mediumHigh,high,{ ratio: 0.123456789 }'],
  },
  'two parameters': {
    params: ['machine.tick=1ms..16msx2', 'machine.costs.dequeue=100ns..1us:50ns'],
  },
  'three parameters': { params: ['a.tick=1..4', 'b.long-name-of-a-source.arrivals=1,2', 'c=0,1'] },
  'a sample': { params: ['a=1..1000', 'b=1us..100ms:50us'], sample: 60, policies: POLICIES },
};

describe('the page of a sweep in a browser', () => {
  let browser: ReportBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test.each(Object.keys(SWEEPS))('has room for its words at any width: %s', async (name) => {
    const html = renderSweep(inventedSweep(SWEEPS[name]), sha256);
    const { page, complaints, requests } = await browser.open(html, { width: 390 });
    for (const width of [390, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overflowing(page)).toEqual([]);
      expect(await colliding(page)).toEqual([]);
      expect(await smallLetters(page, 11)).toEqual([]);
    }
    expect(complaints).toEqual([]);
    expect(requests).toEqual([page.url()]);
    await page.close();
  });

  test('tells policies apart by shape, in charts and in the key', async () => {
    const html = renderSweep(inventedSweep(SWEEPS['one parameter']), sha256);
    const { page } = await browser.open(html);
    for (const place of ['.front-chart', '.charts figure:first-child', '.legend >> nth=0']) {
      const marks = await page
        .locator(`${place} >> use`)
        .evaluateAll((all) => all.map((mark) => mark.getAttribute('href')!.replace(/^#\D/, '')));
      expect(new Set(marks).size, place).toBe(POLICIES.length);
    }
    await page.close();
  });

  test('is light on paper', async () => {
    const html = renderSweep(inventedSweep(SWEEPS.words), sha256);
    const { page } = await browser.open(html, { dark: true });
    const paper = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await paper()).not.toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await page.close();
  });

  test('draws no line through the figures of a heat map', async () => {
    const html = renderSweep(inventedSweep(SWEEPS['two parameters']), sha256);
    const { page } = await browser.open(html);
    expect(await page.locator('.charts .heat').count()).toBeGreaterThan(0);
    expect(await page.locator('.charts line').count()).toBe(0);
    await page.close();
  });

  test.each([false, true])('has nothing that axe-core finds (dark: %s)', async (dark) => {
    const html = renderSweep(inventedSweep(SWEEPS['two parameters']), sha256);
    const { page } = await browser.open(html, { width: 390, dark });
    expect(await axeProblems(page)).toEqual([]);
    await page.close();
  });
});
