import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageData, renderBenchPage } from '../../bench/render-bench-page.js';
import { overflowing } from '../browser/crowding.js';
import { startBrowser } from '../browser/start-browser.js';
import type { ReportBrowser } from '../browser/start-browser.js';
import { inventedDocument, measuredAs } from './invented-bench.js';
import { sha256 } from '../../src/disk/load-page.js';

const DOCUMENT = inventedDocument([
  measuredAs('w8 vista', 'wasm', [9e6, 9.1e6, 8.9e6]),
  measuredAs('w8 vista', 'twin', [3e6, 3.1e6, 2.9e6]),
  measuredAs('w64 <vista>', 'wasm', [7e6, 7e6, 7e6]),
  measuredAs('w8 pool', '1 worker', [8e6, 8e6, 8e6]),
]);
const OLDER = inventedDocument([measuredAs('w8 vista', 'wasm', [4e6])]);

describe('the data of the page', () => {
  it('has a bar for what was measured and none for the rest', () => {
    const { bars } = pageData(DOCUMENT, []);
    expect(bars).toEqual([
      {
        id: 'rates-0',
        unit: 'M interrupts/s',
        subjects: ['w8 vista', 'w64 <vista>'],
        variants: ['wasm', 'twin'],
        values: [
          [9, 7],
          [3, null],
        ],
      },
      {
        id: 'rates-1',
        unit: 'M interrupts/s',
        subjects: ['w8 pool'],
        variants: ['1 worker'],
        values: [[8]],
      },
    ]);
  });

  it("follows the kernel's rates over the records, with gaps", () => {
    const { history } = pageData(DOCUMENT, [OLDER, DOCUMENT]);
    expect(history.workloads).toEqual(['w8 vista', 'w64 <vista>']);
    expect(history.values).toEqual([
      [4, 9],
      [null, 7],
    ]);
    expect(history.records[0]).toBe('0123456 2026-01-02 Invented CPU');
  });
});

describe('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-bench-page-'));
  let browser: ReportBrowser;
  let assets = { script: '', style: '', sha256 };
  beforeAll(async () => {
    const entryPoints = { page: 'bench/page/page.ts', style: 'bench/page/page.css' };
    await build({ entryPoints, outdir: folder, bundle: true, format: 'iife', target: 'es2022' });
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    assets = { script: read('page.js'), style: read('style.css'), sha256 };
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    { name: 'with a history', history: [OLDER, DOCUMENT], charts: 3 },
    { name: 'without one', history: [], charts: 2 },
  ])('draws its charts $name and asks for nothing', async ({ history, charts }) => {
    const { page, complaints, requests } = await browser.open(
      renderBenchPage(DOCUMENT, history, assets),
    );
    expect(await page.locator('.uplot canvas').count()).toBe(charts);
    expect(await page.locator('th[scope="row"]', { hasText: 'w64 <vista>' }).count()).toBe(1);
    expect(await page.locator('td', { hasText: 'at least 3: met' }).count()).toBe(1);
    await page.setViewportSize({ width: 390, height: 900 });
    await page.waitForFunction(() => document.querySelector('canvas')!.clientWidth < 390);
    expect(await overflowing(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
    await page.close();
  });
});
