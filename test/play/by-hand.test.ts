import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { heard, isProcessorSpare, newMachine } from '../../reports/play/live-machine.js';
import type { FromMachine } from '../../reports/play/messages.js';
import { type PlayBrowser, startPlayBrowser, tiles, untilOver } from './open-page.js';

// A browser on a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let play: PlayBrowser;
beforeAll(async () => {
  play = await startPlayBrowser();
});
afterAll(() => play?.browser.close());
const open: PlayBrowser['open'] = (...given) => play.open(...given);

declare global {
  // How often machines were started since somebody began to count.
  var startedRuns: number;
}

function countRuns(page: Page): Promise<void> {
  return page.evaluate(() => {
    globalThis.startedRuns = 0;
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, message: { kind?: string }) {
      if (message.kind === 'run') globalThis.startedRuns++;
      return postMessage.call(this, message);
    };
  });
}

async function openCosts(page: Page): Promise<Locator> {
  await untilOver(page);
  await page.getByText('Costs', { exact: true }).click();
  return page.getByLabel('ipiFlight');
}

const SINCE = /changed at .+ s \(Costs: ipiFlight, before 800 ns\)/;

describe('a slider', () => {
  test('takes effect while it is dragged, and all of that is one change', async () => {
    const { complaints, page } = await open();
    const slider = await openCosts(page);
    await slider.scrollIntoViewIfNeeded();
    const { height, width, x, y } = (await slider.boundingBox())!;
    const said = page.locator('.chart .unseen').first();
    const seen = new Set([await tiles(page)]);
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    for (const share of [0.6, 0.8]) {
      await page.mouse.move(x + share * width, y + height / 2);
      // The hand has not let go.
      await expect.poll(async () => seen.has(await tiles(page))).toBe(false);
      await untilOver(page);
      seen.add(await tiles(page));
      await said.getByText(SINCE).waitFor();
    }
    await page.mouse.up();
    await untilOver(page);
    await said.getByText(SINCE).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('simulates where it is, not every place that it has left', async () => {
    const { page } = await open();
    const slider = await openCosts(page);
    await countRuns(page);
    await slider.evaluate((input: HTMLInputElement) => {
      for (let place = 500; place < 560; place++) {
        input.value = String(place);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    const words = await slider.getAttribute('aria-valuetext');
    await expect.poll(() => page.evaluate(() => globalThis.startedRuns)).toBe(1);
    await untilOver(page);
    expect(await slider.getAttribute('aria-valuetext')).toBe(words);
    await page.close();
  });

  test('goes by keys as well, and steps after one another are one change', async () => {
    const { page } = await open();
    const slider = await openCosts(page);
    const before = await slider.inputValue();
    await slider.focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('PageUp');
    const said = page.locator('.chart .unseen').first();
    await said.getByText(SINCE).waitFor();
    await untilOver(page);
    await said.getByText(SINCE).waitFor();
    expect(Number(await slider.inputValue())).toBeGreaterThan(Number(before) + 8);
    await page.close();
  });
});

/** Where the buttons and the slider of the pace lie. */
function placesOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.pace button, .pace input')].map((each) => {
      const { left, right, top } = each.getBoundingClientRect();
      return [left, right, top].map((px) => px.toFixed(1)).join(' ');
    }),
  );
}

describe('the bar of the pace', () => {
  test.each([1440, 390])('keeps its controls where they are, %i px wide', async (width) => {
    const { page } = await open({ speedNs: 20_000, interrupts: 1_000_000 }, { width });
    const status = page.locator('.status');
    await status.getByText(' of about ').waitFor();
    const first = await placesOf(page);
    expect(first.length).toBe(3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(await placesOf(page)).toEqual(first);
    // The rules that acted last stand above them.
    await expect.poll(() => page.locator('.last-rules p').count()).toBe(2);
    expect(await placesOf(page)).toEqual(first);
    await page.getByRole('slider', { name: 'Speed' }).fill('100');
    await page.getByRole('button', { name: 'Play' }).click();
    await untilOver(page);
    await status.getByText('interrupts a second').waitFor();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    expect(await placesOf(page)).toEqual(first);
    await page.close();
  });
});

describe('390 pixels', () => {
  test('are enough for what a list says', async () => {
    const { page } = await open({}, { width: 390 });
    await untilOver(page);
    const cut = await page.evaluate(() => {
      const pen = document.createElement('canvas').getContext('2d')!;
      return [...document.querySelectorAll<HTMLSelectElement>('.top select')].flatMap((list) => {
        const style = getComputedStyle(list);
        pen.font = style.font;
        // What opens it takes about as much as a letter.
        const px =
          list.clientWidth - 2 * parseFloat(style.paddingLeft) - parseFloat(style.fontSize);
        const words = [...list.options].map(({ text }) => text);
        return words.filter((text) => pen.measureText(text).width > px);
      });
    });
    expect(cut).toEqual([]);
    await page.close();
  });

  test('show the whole of a chart that stands alone, above the pace', async () => {
    const { page } = await open({ view: 'waits' }, { width: 390 });
    await page.locator('#view-waits canvas').waitFor();
    const places = ['#view-waits canvas', '.pace'].map((name) => page.locator(name).boundingBox());
    const [chart, pace] = await Promise.all(places);
    expect(chart!.y + chart!.height).toBeLessThanOrEqual(pace!.y);
    expect(chart!.height).toBeGreaterThan(400);
    await page.close();
  });
});

describe('a processor for the page', () => {
  const message = (busyMs: number, isOver: boolean): FromMachine =>
    ({ columns: [], total: { arrivals: 1 }, busyMs, isOver }) as unknown as FromMachine;

  test('is spare where no more machines work than there are others', () => {
    const idle = newMachine();
    const working = heard(heard(idle, message(90, false), 100), message(180, false), 200);
    const paced = heard(heard(idle, message(9, false), 100), message(18, false), 200);
    const over = heard(working, message(270, true), 300);
    expect([working, paced, over].map(({ isWorking }) => isWorking)).toEqual([true, false, false]);
    expect(isProcessorSpare(2, [working, working])).toBe(false);
    expect(isProcessorSpare(3, [working, working])).toBe(true);
    for (const other of [idle, paced, over]) {
      expect(isProcessorSpare(2, [working, other])).toBe(true);
    }
  });
});
