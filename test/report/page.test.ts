import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundlePage } from '../../reports/build-page.mjs';
import { renderReport } from '../../src/report/render.js';
import { HOSTILE_NAMES, inventedResult } from '../fixtures/results/invented-result.js';
import { startBrowser } from '../browser/start-browser.js';
import type { ReportBrowser } from '../browser/start-browser.js';
import { sha256 } from '../../src/disk/load-page.js';

// A browser on a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** Where the screenshots go that a person looks at. */
const SCREENSHOTS = new URL('../../build/screenshots/', import.meta.url).pathname;

/** For each canvas: how many of its pixels are painted, and how many colours they have. */
function inkOfCharts(page: Page): Promise<{ figure: string; painted: number; colours: number }[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('canvas'), (canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set<number>();
      let painted = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 0) continue;
        painted++;
        colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      }
      return { figure: canvas.closest('figure')!.id, painted, colours: colours.size };
    }),
  );
}

function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** Elements that reach past the window's right edge without a container that scrolls. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth > width ? ['(document)'] : [];
    const scrolls = (e: Element): boolean => e.closest('.scroll, pre') !== null;
    return [
      ...wide,
      ...Array.from(document.body.querySelectorAll('*'))
        .filter((e) => e.getBoundingClientRect().right > width + 0.5 && !scrolls(e))
        .map((e) => `${e.tagName}.${e.className}`),
    ];
  });
}

describe('the page in a browser', () => {
  let browser: ReportBrowser;
  let html: string;
  let large: string;
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const assets = { ...(await bundlePage()), sha256 };
    html = renderReport([{ ...inventedResult(), verdict: ['An invented answer.'] }], assets);
    large = renderReport(
      [
        inventedResult(),
        inventedResult({
          name: 'large',
          processors: 512,
          samples: 60_000,
          policies: ['pre-vista', 'vista', 'nt4-table', 'nt52', 'msdn', 'windows-internals'],
          sources: Array.from({ length: 1024 }, (_, i) => `source ${i}`),
        }),
      ],
      assets,
    );
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test('opens from disk, complains of nothing and asks for nothing', async () => {
    const { page, complaints, requests } = await browser.open(html);
    expect(requests).toEqual([page.url()]);
    expect(page.url()).toMatch(/^file:/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('has a policy that would stop a request and a foreign script', async () => {
    const { page } = await browser.open(html);
    const [fetched, ran] = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.foreign = true';
      document.body.append(script);
      const answer = await fetch('https://dpcbench.invalid/').then(
        () => 'sent',
        () => 'refused',
      );
      return [answer, 'foreign' in window];
    });
    expect(fetched).toBe('refused');
    expect(ran).toBe(false);
    await page.close();
  });

  test('draws every figure', async () => {
    const { page } = await browser.open(html);
    const charts = await inkOfCharts(page);
    expect(charts.map((chart) => chart.figure)).toEqual([
      's1-requests',
      's1-time',
      's1-percentiles',
      's1-distribution',
      's1-sources',
      's1-depth-maximum',
      's1-depth-mean',
    ]);
    for (const { figure, painted, colours } of charts) {
      expect(painted, figure).toBeGreaterThan(2000);
      expect(colours, figure).toBeGreaterThan(5);
    }
    const labels = await page
      .locator('figure [role="img"]')
      .evaluateAll((elements) =>
        elements.map((element) => element.getAttribute('aria-label') ?? ''),
      );
    for (const label of labels) expect(label.length).toBeGreaterThan(40);
    await page.close();
  });

  test.each(['en-US@posix', 'de-CH', ''])('draws where the language is "%s"', async (language) => {
    const { page, complaints } = await browser.open(html, { language });
    expect(complaints).toEqual([]);
    for (const { figure, painted } of await inkOfCharts(page)) {
      expect(painted, figure).toBeGreaterThan(2000);
    }
    expect(await page.locator('.legend button').first().isVisible()).toBe(true);
    expect(await page.locator('#script-notice').isHidden()).toBe(true);
    await page.close();
  });

  test('says in a line that its script has failed', async () => {
    const { script, style } = await bundlePage();
    const broken = renderReport([inventedResult()], { script: `null.x;${script}`, style, sha256 });
    const { page } = await browser.open(broken);
    const notice = page.locator('#script-notice');
    expect(await notice.isVisible()).toBe(true);
    expect(await notice.innerText()).toBe(
      'The script of this page does not work here. ' +
        'Charts and buttons may be missing; the figures stand in the tables.',
    );
    await page.close();
    const later = await browser.open(html);
    expect(await later.page.locator('#script-notice').isHidden()).toBe(true);
    await later.page.evaluate(() =>
      setTimeout(() => {
        throw new Error('invented');
      }),
    );
    await later.page.locator('#script-notice').waitFor({ state: 'visible' });
    await later.page.close();
  });

  test('says in a line that scripts are switched off', async () => {
    const { page } = await browser.open(html, { scripts: false });
    expect(await page.locator('#script-notice').innerText()).toContain(
      'does not work here: scripts are switched off. Charts and buttons',
    );
    await page.close();
  });

  test('shows hostile names as text', async () => {
    const { page, complaints } = await browser.open(html);
    const cells = await page.locator('#s1-sources tbody th').allTextContents();
    for (const name of HOSTILE_NAMES) expect(cells).toContain(name);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('works by keyboard', async () => {
    const { page, complaints } = await browser.open(html);
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement!;
        return element.id || element.className || element.textContent!.trim();
      });
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('skip');
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement!).outlineStyle,
    );
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('main');
    // The matrix of decisions, then the policies side by side.
    for (const table of ['Queued DPCs', 'Policies side by side']) {
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('scroll');
      expect(
        await page.evaluate(() => document.activeElement!.getAttribute('aria-label')),
      ).toContain(table);
    }
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('pre-vista');
    await page.keyboard.press('Space');
    expect(await page.locator('.legend button').first().getAttribute('aria-pressed')).toBe('false');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('s1-latency');
    const view = page.locator('#s1-percentiles .view');
    expect(await view.nth(0).isVisible()).toBe(false);
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#s1-latency').inputValue()).toBe('isrWait');
    expect(await view.nth(0).isVisible()).toBe(true);
    expect((await inkOfCharts(page)).length).toBe(7);
    await page.locator('#s1-percentiles .chart').nth(0).focus();
    await page.keyboard.press('Home');
    expect(await page.locator('#announcement').textContent()).toMatch(/^p50: vista/);
    await page.locator('#s1-requests summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#s1-requests table').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('keeps the last policy switched on', async () => {
    const { page } = await browser.open(html);
    const buttons = page.locator('.legend button');
    // A person can press a button that says that it is disabled.
    for (let i = 0; i < 3; i++) await buttons.nth(i).click({ force: true });
    const pressed = await buttons.evaluateAll((all) =>
      all.map((button) => button.getAttribute('aria-pressed')),
    );
    expect(pressed).toEqual(['false', 'false', 'true']);
    expect((await inkOfCharts(page)).length).toBe(7);
    await page.close();
  });

  test('is light or dark as the system is, and as the button says', async () => {
    const { page } = await browser.open(html, { dark: true });
    expect(await background(page)).toBe('rgb(20, 23, 27)');
    const theme = page.locator('#theme');
    await theme.focus();
    await page.keyboard.press('Enter');
    expect(await theme.textContent()).toBe('Theme: dark');
    await page.keyboard.press('Enter');
    expect(await theme.textContent()).toBe('Theme: light');
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await background(page)).toBe('rgb(20, 23, 27)');
    await page.close();
  });

  test.each([
    [390, false],
    [390, true],
    [768, false],
    [1280, false],
    [1280, true],
  ])('fits a window of %i px (dark: %s)', async (width, dark) => {
    const { page } = await browser.open(html, { width, dark });
    await page.locator('details').evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    expect(await overflowing(page)).toEqual([]);
    await page.locator('details').evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = false;
    });
    const name = `report-${width}-${dark ? 'dark' : 'light'}.png`;
    const image = await page.screenshot({ path: `${SCREENSHOTS}${name}`, fullPage: true });
    expect(image.length).toBeGreaterThan(50_000);
    await page.close();
  });

  test('follows a window that changes its size', async () => {
    const { page } = await browser.open(html);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.waitForFunction(() => document.querySelector('canvas')!.clientWidth < 390);
    expect(await overflowing(page)).toEqual([]);
    await page.close();
  });

  test('shows every table on paper, in light colours', async () => {
    const { page } = await browser.open(html, { dark: true });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.waitForFunction(() => document.querySelectorAll('details:not([open])').length === 0);
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    const hidden = await page
      .locator('table')
      .evaluateAll(
        (tables) => tables.filter((table) => table.getBoundingClientRect().height < 20).length,
      );
    expect(hidden).toBe(0);
    expect(await page.locator('.controls').isVisible()).toBe(false);
    await page.screenshot({ path: `${SCREENSHOTS}report-print.png`, fullPage: true });
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.waitForFunction(() => document.querySelectorAll('details[open]').length === 0);
    expect(await background(page)).toBe('rgb(20, 23, 27)');
    await page.close();
  });

  test('stays usable with 512 processors and 1,024 sources, two scenarios on a page', async () => {
    const { page, complaints } = await browser.open(large, { width: 390 });
    expect((await inkOfCharts(page)).length).toBe(14);
    expect(await overflowing(page)).toEqual([]);
    await page.locator('nav a').nth(1).click();
    expect(page.url()).toMatch(/#s2$/);
    const redrawMs = await page.evaluate(() => {
      const start = performance.now();
      document.querySelector<HTMLButtonElement>('#s2 .legend button')!.click();
      return performance.now() - start;
    });
    expect(redrawMs).toBeLessThan(2000);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
