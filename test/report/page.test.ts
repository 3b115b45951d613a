import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundlePage } from '../../reports/build-page.mjs';
import { buildReportModel } from '../../src/report/build-model.js';
import { renderReport } from '../../src/report/render.js';
import { figureText } from '../../src/report/source-list.js';
import { HOSTILE_NAMES, inventedResult } from '../fixtures/results/invented-result.js';
import { inventedWait } from '../fixtures/results/invented-wait.js';
import { axeProblems } from '../browser/axe-problems.js';
import { colliding, overflowing } from '../browser/crowding.js';
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

describe('the page in a browser', () => {
  let browser: ReportBrowser;
  let html: string;
  let large: string;
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const assets = { ...(await bundlePage()), sha256 };
    const waits = HOSTILE_NAMES.slice(1, 3).map((name) => inventedWait(name, 60, name));
    html = renderReport([inventedResult()], assets, [waits]);
    large = renderReport(
      [
        inventedResult(),
        inventedResult({
          name: 'large',
          processors: 512,
          samples: 60_000,
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

  test('draws the distribution, and shows what the page itself has drawn', async () => {
    const { page } = await browser.open(html);
    const charts = await inkOfCharts(page);
    expect(charts.map((chart) => chart.figure)).toEqual(['s1-latency']);
    for (const { figure, painted, colours } of charts) {
      expect(painted, figure).toBeGreaterThan(2000);
      expect(colours, figure).toBeGreaterThan(5);
    }
    for (const figure of ['#s1-front', '#s1-sources', '#s1-busy', '#s1-depth']) {
      const marks = page.locator(`${figure} svg :is(use.p, rect.p)`);
      const boxes = await marks.evaluateAll((all) =>
        all.map((mark) => mark.getBoundingClientRect()).filter(({ width }) => width > 1),
      );
      expect(boxes.length, figure).toBeGreaterThan(2);
    }
    const labels = await page
      .locator('figure [role="img"]')
      .evaluateAll((elements) =>
        elements.map((element) => element.getAttribute('aria-label') ?? ''),
      );
    for (const label of labels) expect(label.length).toBeGreaterThan(40);
    await page.close();
  });

  test.each([
    [390, false],
    [1280, true],
  ])('has nothing that axe-core finds at %i px (dark: %s)', async (width, dark) => {
    const { page } = await browser.open(html, { width, dark });
    await page.locator('details').evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    expect(await axeProblems(page)).toEqual([]);
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
        'A chart and buttons are missing; all else stands here.',
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
    expect(await page.locator('#s1-front use').count()).toBe(3);
    expect(await page.locator('#script-notice').innerText()).toContain(
      'does not work here: scripts are switched off. A chart and buttons',
    );
    await page.close();
  });

  test('shows hostile names as text', async () => {
    const { page, complaints } = await browser.open(html);
    const cells = await page.locator('#s1-sources tbody th bdi').allTextContents();
    expect([...cells].sort()).toEqual([...HOSTILE_NAMES].sort());
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('works by keyboard', async () => {
    const { page, complaints } = await browser.open(html);
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement!;
        return element.getAttribute('aria-label') ?? (element.id || element.textContent!.trim());
      });
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the results');
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement!).outlineStyle,
    );
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('main');
    // The policies that can be set against the first, the decisions, the sources.
    for (const next of ['vista', 'nt52', 'Queued DPCs', 'Sources']) {
      await page.keyboard.press('Tab');
      expect(await focused()).toContain(next);
    }
    await page.locator('#s1-latency select').focus();
    const view = page.locator('#s1-latency .view');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#s1-latency select').inputValue()).toBe('isrWait');
    expect(await view.nth(0).isVisible()).toBe(true);
    expect((await inkOfCharts(page)).length).toBe(1);
    await page.locator('#s1-latency .legend button').first().focus();
    await page.keyboard.press('Space');
    await page.locator('#s1-latency .chart').nth(0).focus();
    await page.keyboard.press('Home');
    const said = page.locator('#announcement');
    expect(await said.textContent()).toMatch(/^longer than [\d.]+ .s: vista [\d.]+ %, nt52/);
    const before = await said.textContent();
    await page.keyboard.press('+');
    await page.keyboard.press('End');
    await page.keyboard.press('0');
    await page.keyboard.press('Home');
    expect(await said.textContent()).toBe(before);
    await page.locator('#s1-latency summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#s1-latency table').first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('sets any policy against the first: colours, tiles, columns, order', async () => {
    const { page } = await browser.open(html);
    const tiles = page.locator('.tiles:visible');
    expect(await tiles.count()).toBe(1);
    const before = await tiles.innerText();
    const colourOf = (policy: number): Promise<string> =>
      page.locator(`#s1-front use.p${policy}`).evaluate((mark) => getComputedStyle(mark).fill);
    const [second, other] = [await colourOf(1), await colourOf(2)];
    expect(second).not.toBe(other);
    await page.locator('[data-choose="2"]').click();
    expect(await page.locator('[data-choose="2"]').getAttribute('aria-pressed')).toBe('true');
    expect([await colourOf(1), await colourOf(2)]).toEqual([other, second]);
    expect(await tiles.count()).toBe(1);
    expect(await tiles.innerText()).not.toBe(before);
    const heads = await page.locator('#s1-sources thead th:visible').allInnerTexts();
    expect(heads.join()).toContain('nt52');
    expect(heads.join()).not.toContain(' vista');
    const { rows } = buildReportModel([inventedResult()]).sections[0].sources;
    for (const line of await page.locator('#s1-sources tbody tr').all()) {
      const name = await line.locator('bdi').textContent();
      const { changes, figures } = rows.find((each) => each.name === name)!;
      expect(await line.locator('.figure').innerText()).toBe(figureText(figures[2]));
      expect(await line.locator('.change').textContent()).toBe(changes[1].text);
      expect(await line.locator('.news').count()).toBe(changes[1].differs ? 1 : 0);
    }
    await page.close();
  });

  test('says beside the pointer what it points to, each policy with its mark', async () => {
    const { page } = await browser.open(html);
    const tip = page.locator('.tip');
    await page.locator('#s1-front [data-tip]').first().hover();
    expect(await tip.innerText()).toMatch(/IPIs per 1,000/);
    expect(await tip.locator('use').count()).toBe(1);
    const waits = page.locator('[data-tips]').first();
    await waits.hover();
    await waits.hover({ position: { x: 90, y: 40 } });
    expect(await tip.innerText()).toMatch(/ ms to .*\n[0-9,]+ DPCs\nmedian /);
    await page.locator('[data-tips]').nth(3).hover();
    await page
      .locator('[data-tips]')
      .nth(3)
      .hover({ position: { x: 90, y: 40 } });
    expect(await tip.locator('use').count()).toBe(3);
    const over = page.locator('#s1-latency .u-over');
    await over.scrollIntoViewIfNeeded();
    const at = (await over.boundingBox())!;
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
    await page.mouse.move(at.x + at.width / 2 + 3, at.y + at.height / 2);
    expect(await tip.innerText()).toMatch(/^longer than/);
    expect(await tip.locator('use').count()).toBe(3);
    const shown = (await tip.boundingBox())!;
    expect(Math.abs(shown.x - (at.x + at.width / 2))).toBeLessThan(40);
    await page.keyboard.press('Escape');
    expect(await tip.isVisible()).toBe(false);
    await page.close();
  });

  test('keeps the last line switched on', async () => {
    const { page } = await browser.open(html);
    const buttons = page.locator('.legend button');
    // A person can press a button that says that it is disabled.
    for (let i = 0; i < 3; i++) await buttons.nth(i).click({ force: true });
    const pressed = await buttons.evaluateAll((all) =>
      all.map((button) => button.getAttribute('aria-pressed')),
    );
    expect(pressed).toEqual(['false', 'false', 'true']);
    expect((await inkOfCharts(page)).length).toBe(1);
    await page.close();
  });

  test('is light or dark as the system is, and as the button says', async () => {
    const { page } = await browser.open(html, { dark: true });
    expect(await background(page)).toBe('rgb(17, 19, 23)');
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
    expect(await background(page)).toBe('rgb(17, 19, 23)');
    await page.close();
  });

  test.each([
    [390, false, true],
    [390, true, false],
    [768, false, false],
    [1280, false, false],
    [1280, true, true],
  ])('fits a window of %i px (dark: %s)', async (width, dark, isPictured) => {
    const { page } = await browser.open(html, { width, dark });
    await page.locator('details').evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    expect(await overflowing(page)).toEqual([]);
    expect(await colliding(page)).toEqual([]);
    if (isPictured) {
      await page.locator('details').evaluateAll((all) => {
        for (const details of all as HTMLDetailsElement[]) details.open = false;
      });
      const name = `report-${width}-${dark ? 'dark' : 'light'}.png`;
      const image = await page.screenshot({ path: `${SCREENSHOTS}${name}`, fullPage: true });
      expect(image.length).toBeGreaterThan(50_000);
    }
    await page.close();
  });

  test('follows a window that changes its size', async () => {
    const { page } = await browser.open(html);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.waitForFunction(() => document.querySelector('canvas')!.clientWidth < 390);
    expect(await overflowing(page)).toEqual([]);
    await page.close();
  });

  test('is light on paper, at most four pages long, with nothing to press', async () => {
    const { page } = await browser.open(html, { dark: true });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.waitForFunction(() => document.documentElement.classList.contains('printing'));
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    expect(await page.locator('button:visible, select:visible, summary:visible').count()).toBe(0);
    // The policy that is compared stands there nevertheless.
    expect((await page.locator('.choice').innerText()).trim()).toMatch(/→\s*vista$/);
    await page.screenshot({ path: `${SCREENSHOTS}report-print.png`, fullPage: true });
    for (const format of ['A4', 'Letter']) {
      const pdf = (await page.pdf({ format })).toString('latin1');
      expect(pdf.match(/\/Type\s*\/Page\b/g)!.length, format).toBeLessThanOrEqual(4);
    }
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.waitForFunction(() => !document.documentElement.classList.contains('printing'));
    expect(await background(page)).toBe('rgb(17, 19, 23)');
    await page.close();
  });

  test('reaches every one of 1,024 sources, two scenarios on a page', async () => {
    const { page, complaints } = await browser.open(large, { width: 390 });
    expect((await inkOfCharts(page)).length).toBe(2);
    expect(await overflowing(page)).toEqual([]);
    await page.locator('nav a').nth(1).click();
    expect(page.url()).toMatch(/#s2$/);
    const rows = page.locator('#s2-sources tbody tr:visible');
    const marked = page.locator('#s2-sources .strip use.p0');
    expect(await rows.count()).toBe(24);
    const search = page.locator('#s2 input[type=search]');
    await search.fill('SOURCE 77');
    expect(await rows.count()).toBe(11);
    expect(await page.locator('#s2 output').textContent()).toBe('11 of 1024');
    await search.fill('');
    expect(await rows.count()).toBe(24);
    await page.locator('#s2 .source-controls select').selectOption('name');
    expect(await rows.first().locator('bdi').first().textContent()).toBe('source 0');
    await page.locator('#s2 .show-all').click();
    expect([await rows.count(), await marked.count()]).toEqual([1024, 1024]);
    const map = page.locator('#s2-depth svg[data-cells]').first();
    await map.hover({ position: { x: 1, y: 1 } });
    expect(await page.locator('.tip').innerText()).toMatch(/^CPU 0\s/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
