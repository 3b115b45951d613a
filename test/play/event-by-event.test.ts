import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { shippedTours } from '../../src/disk/load-play.js';
import { processorLines } from '../../src/export/processor.js';
import { renderTimeline } from '../../src/play/render-timeline.js';
import { TIMELINE_SCHEMA } from '../../src/play/timeline-content.js';
import { stateIn, type TourStep } from '../../src/play/tour.js';
import { machineAt, timelineOf } from '../../src/run/look-at.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { ReplayedTimeline, sceneOf } from '../../src/timeline/replayed-timeline.js';
import { formatNsExactly } from '../../src/units.js';
import { axeProblems } from '../browser/axe-problems.js';
import type { OpenedReport } from '../browser/start-browser.js';
import { MINE, type PlayBrowser, SMALL, START, startPlayBrowser, untilOver } from './open-page.js';

// A browser on a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let play: PlayBrowser;
beforeAll(async () => {
  play = await startPlayBrowser();
});
afterAll(() => play?.browser.close());
const open: PlayBrowser['open'] = (...given) => play.open(...given);

/** How many spans are drawn: those that look alike are one path. */
async function marks(within: Locator): Promise<number> {
  const paths = await within.locator('.lanes path[class^=tl-][d$=z]').all();
  const drawn = await Promise.all(paths.map((path) => path.getAttribute('d')));
  return drawn.join('').split('M').length - 1;
}

/** What a screen reader is told that things are called. */
async function heardNames(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.flatMap(({ ignored, name }) => (ignored ? [] : String(name?.value ?? '')));
}

describe('slow motion', () => {
  test('says which rule acted under both policies, event by event', async () => {
    const { complaints, page } = await open({ scenario: SMALL, speedNs: 20_000 });
    const rules = page.locator('.last-rules p');
    await expect.poll(() => rules.count()).toBe(2);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.locator('.slow .inspector').first().innerText()).toContain('!dpcs');
    const last = (): Promise<string> => page.locator('.slow h3').first().innerText();
    const seen = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const before = await last();
      await page.getByRole('button', { name: 'Step' }).click();
      await expect.poll(last).not.toBe(before);
      seen.add(await rules.first().innerText());
    }
    expect(seen.size).toBeGreaterThan(1);
    expect([...seen].every((text) => /^pre-vista R\d+ /.test(text))).toBe(true);
    expect(await marks(page.locator('.slow'))).toBeGreaterThan(2);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** More processors than there is room for, all of them at work. */
const WIDE = [
  'machine: { processors: 72 }',
  'sources:',
  ...Array.from(
    { length: 72 },
    (_, i) => `  - { name: nic${i}, irql: 7, processor: ${i}, isr: 1us,
      arrivals: { poisson: 90000/s }, dpc: { target: ${(i * 7) % 72}, service: 1us } }`,
  ),
].join('\n');

describe('slow motion of a large machine', () => {
  test('says whose lanes are shown, and shows others when they are inspected', async () => {
    const scenario = { file: 'wide.yaml', text: WIDE };
    const { complaints, page } = await open({ scenario, speedNs: 20_000 });
    const motion = page.locator('.motion').first();
    await motion.getByText(/Of 72 processors .+, 16 have lanes: CPU 0 to 15\./).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const lanes = motion.locator('.lanes');
    expect(await lanes.locator('.tl-name').allTextContents()).toContain('CPU 15');
    // A thousand marks and arrows are no names to be heard.
    expect((await heardNames(page)).join('\n')).not.toMatch(/is queued, request|IPI for/);
    const field = motion.getByLabel('Inspect CPU');
    // What no processor has is not taken; nothing takes away what is being written.
    await field.fill('72');
    await field.press('Enter');
    await expect.poll(() => field.inputValue()).toBe('0');
    await field.fill('71');
    await field.press('Enter');
    await motion.getByText('CPU 64 to 71.').waitFor();
    await motion.locator('.inspector', { hasText: 'processor 71 after' }).waitFor();
    await expect.poll(() => marks(motion)).toBeGreaterThan(8);
    expect(await lanes.locator('.tl-name').allTextContents()).toContain('CPU 71');
    await expect.poll(() => motion.locator('.steps').innerText()).toMatch(/CPU (6[4-9]|7[01])/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the processors of a large machine', () => {
  test('are those that matter most, or those from a number on', async () => {
    const scenario = { file: 'wide.yaml', text: WIDE };
    const { complaints, page } = await open({ scenario });
    const rows = page.locator('.processors tbody');
    const order = page.getByLabel('16 of 72 processors');
    const numbers = (): Promise<string[]> => rows.locator('th').allInnerTexts();
    const depths = async (): Promise<number[]> =>
      (await rows.locator('td.number:nth-last-child(3)').allInnerTexts()).map(Number);
    await untilOver(page);
    await expect.poll(() => rows.count()).toBe(16);
    const all = await depths();
    const deepest = all.flatMap((depth, i) => (i % 2 === 0 ? Math.max(depth, all[i + 1]) : []));
    expect(deepest).toEqual(deepest.toSorted((a, b) => b - a));
    await order.selectOption('by number');
    await expect.poll(numbers).toEqual(Array.from({ length: 16 }, (_, i) => String(i)));
    await page.getByLabel('from CPU').fill('71');
    await page.getByLabel('from CPU').press('Enter');
    await expect.poll(numbers).toEqual(Array.from({ length: 16 }, (_, i) => String(56 + i)));
    await order.selectOption('the greatest depths');
    await expect.poll(() => page.getByLabel('from CPU').count()).toBe(0);
    expect(await axeProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('a look at what happens just now', () => {
  test('halts the machines and opens slow motion there', async () => {
    const { complaints, page } = await play.open({ scenario: SMALL, speedNs: 50_000_000 });
    await page.getByRole('button', { name: 'What happens just now?' }).click();
    await page.locator('.slow .lanes').nth(1).waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const at = page.locator('.slow .at').first();
    const halted = await at.innerText();
    expect(halted).toMatch(/ ms$/);
    await page.locator('.slow .lanes').first().focus();
    await page.keyboard.press('ArrowLeft');
    expect(await at.innerText()).not.toBe(halted);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the longest wait', () => {
  test('is found again and told, while it runs and when it is over', async () => {
    const { complaints, page } = await open({ scenario: SMALL, speedNs: 5_000_000 });
    const story = page.locator('.why');
    const why = async (): Promise<string> => {
      await page.getByRole('button', { name: 'Why, under vista?' }).click();
      await story.getByText('waited').waitFor();
      const [, waited] = /waited (.+?) under vista/.exec(await story.innerText())!;
      return waited;
    };
    const longest = page.locator('.tile', { hasText: 'longest' });
    await page.getByRole('button', { name: 'Why, under vista?' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const soFar = await why();
    expect(await longest.innerText()).toContain(soFar);
    await page.getByRole('slider', { name: 'Speed' }).fill('100');
    await page.getByRole('button', { name: 'Play' }).click();
    await untilOver(page);
    const atLast = await why();
    expect(await longest.innerText()).toContain(atLast);
    expect(atLast).not.toBe(soFar);
    const inspector = story.getByRole('region', { name: 'The processor at the cursor' });
    const at = async (): Promise<string> => `${await story.locator('.at').innerText()}`;
    expect(await at()).toBe('0 ns');
    const atInsert = await inspector.innerText();
    expect(atInsert).toMatch(/processor 1 after [^]+!dpcs\n  list [^]+\nk\n/);
    await story.locator('.lanes').focus();
    await page.keyboard.press('ArrowRight');
    expect(await at()).toMatch(/^\d.* [nµm]s$/);
    expect(await inspector.innerText()).not.toBe(atInsert);
    const wide = await marks(story);
    for (let i = 0; i < 6; i++) await page.keyboard.press('+');
    expect(await marks(story)).toBeLessThan(wide);
    await page.keyboard.press('ArrowUp');
    await inspector.getByText('processor 0 after').waitFor();
    await page.keyboard.press('ArrowLeft');
    expect(await at()).toBe('0 ns');
    expect(await story.locator('.steps [aria-current]').count()).toBe(1);
    expect(await story.locator('.causes li').count()).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

const TOURS = shippedTours();

function stepsTo(title: string, step: number): TourStep[] {
  return TOURS.find((tour) => tour.title === title)!.steps.slice(0, step);
}

function isSlow(title: string, step: number): boolean {
  const { speedNs } = stepsTo(title, step).reduce(stateIn, START);
  return speedNs !== null && speedNs <= 1_000_000;
}

function tellsWhy(title: string, step: number): boolean {
  return stepsTo(title, step).at(-1)!.why !== null;
}

function placeOf(tour: Locator, name: string): Promise<unknown> {
  return tour.getByRole('button', { name }).boundingBox();
}

/** Does it begin between the tour's text and the pace? */
function isInSight(page: Page, look: string): Promise<boolean> {
  return page.evaluate((id) => {
    const place = (selector: string): DOMRect =>
      document.querySelector(selector)!.getBoundingClientRect();
    const { top } = place(id);
    return top >= place('.tour').bottom && top < place('.pace').top;
  }, `#view-${look}`);
}

describe('the tours', () => {
  let opened: OpenedReport;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.page.close());

  test('that ship are all there', async () => {
    const titles = await opened.page.getByLabel('Tours').locator('option').allInnerTexts();
    expect(titles).toEqual(['none', ...TOURS.map(({ title }) => title)]);
  });

  // Each has a time of its own: together they take a busy machine more than a test may.
  test.each(TOURS)('"$title" goes from its first step to its last', async ({ steps, title }) => {
    const { complaints, page } = opened;
    expect(steps.length).toBeGreaterThanOrEqual(5);
    await page.getByLabel('Tours').selectOption(title);
    const tour = page.getByRole('region', { name: `Tour: ${title}` });
    const places = (): Promise<unknown[]> =>
      Promise.all(['Back', 'Next', 'End the tour'].map((name) => placeOf(tour, name)));
    await tour.getByText(`1 of ${steps.length}`).waitFor();
    const first = await places();
    for (let step = 2; step <= steps.length; step++) {
      await tour.getByRole('button', { name: 'Next' }).click();
      await tour.getByText(`${step} of ${steps.length}`).waitFor();
      await page.locator('.status').getByText(' of about ').waitFor();
      if (isSlow(title, step)) await page.locator('.slow .lanes').nth(1).waitFor();
      if (tellsWhy(title, step)) await page.locator('.why .lanes').waitFor();
      const { look } = stepsTo(title, step).at(-1)!;
      if (look !== null) await expect.poll(() => isInSight(page, look)).toBe(true);
      // A hand that aims at a button hits it, whatever goes on below.
      expect(await places()).toEqual(first);
    }
    const text = await tour.getByRole('paragraph').first().innerText();
    await tour.getByRole('button', { name: 'Back' }).click();
    expect(await tour.getByRole('paragraph').first().innerText()).not.toBe(text);
    await tour.getByRole('button', { name: 'End the tour' }).click();
    expect(await tour.count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('the page of a timeline', () => {
  test('goes from event to event, zooms and inspects, with names as text', async () => {
    const scenario = parseScenario(
      MINE.replace('nic', '"<b>nic"') + 'policies: [vista]',
      'my.yaml',
    );
    const timeline = await timelineOf(scenario, { fromNs: 100_000, toNs: 600_000 }, {});
    const content = { title: 'my <b>vista', scene: sceneOf(scenario, 0), timeline };
    const html = renderTimeline(
      { schema: TIMELINE_SCHEMA, ...content },
      { ...play.assets, script: play.assets.timeline },
    );
    const { complaints, page, requests } = await play.browser.open(html, { width: 390 });
    expect(await page.getByRole('heading').innerText()).toBe('my <b>vista');
    expect(await page.locator('h1 b, .timeline b').count()).toBe(0);
    const at = (): Promise<string> => page.locator('.at').innerText();
    expect(await at()).toBe('100 µs');
    await page.getByRole('button', { name: 'Event after' }).click();
    const [first] = new ReplayedTimeline(content.scene, timeline).steps;
    expect(await at()).toBe(formatNsExactly(first.t));
    const inspector = page.getByRole('region', { name: 'The processor at the cursor' });
    const state = await machineAt(scenario, first.t, {});
    expect((await inspector.innerText()).trimEnd()).toBe(
      processorLines(scenario, state, first.p, first.t).join('\n').trimEnd(),
    );
    const box = (await page.locator('.lanes > svg').boundingBox())!;
    await page.mouse.click(box.x + box.width - 20, box.y + 30);
    expect(await at()).toMatch(/^5\d\d\.\d+ µs$/);
    await inspector.getByText('processor 0 after').waitFor();
    await page.mouse.click(box.x + box.width - 20, box.y + box.height - 60);
    await inspector.getByText('processor 1 after').waitFor();
    await page.getByLabel('Inspect CPU').selectOption('0');
    await inspector.getByText('processor 0 after').waitFor();
    // Whatever is pointed at says what it is.
    const said = new Set<string>();
    for (let x = 130; x < box.width; x += 2) {
      await page.mouse.move(box.x + x, box.y + 55);
      said.add(await page.locator('.lanes > svg > title').innerHTML());
    }
    expect([...said].join()).toContain('ISR of &lt;b&gt;nic');
    const step = page.locator('.steps button').first();
    const instant = await step.innerText();
    await step.click();
    expect(await at()).toBe(instant);
    const drawn = page.locator('.explorer');
    const all = await marks(drawn);
    const zoom = (name: string) => page.getByRole('button', { name });
    for (let i = 0; i < 6; i++) await zoom('Zoom in').click();
    const few = await marks(drawn);
    await zoom('Zoom out').click();
    expect(few).toBeLessThan(all);
    // No label of the axis is cut by the edge of the lanes.
    const labels = await page.locator('.lanes svg svg text[visibility=visible]').all();
    expect(labels.length).toBeGreaterThan(0);
    for (const label of labels) {
      const { width, x } = (await label.boundingBox())!;
      expect(x).toBeGreaterThan(box.x + 120);
      expect(x + width).toBeLessThanOrEqual(box.x + box.width + 1);
    }
    await zoom('All of it').click();
    expect(await marks(drawn)).toBe(all);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(await axeProblems(page)).toEqual([]);
    // Paper is light, has nothing to press, and shows the lanes whole.
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.setViewportSize({ width: 300, height: 800 });
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper).toBe('rgb(255, 255, 255)');
    expect(await page.locator('.tools button:visible').count()).toBe(0);
    const paperSize = await page.locator('.lanes > svg').evaluate((svg: SVGSVGElement) => ({
      shown: svg.getBoundingClientRect().width / svg.viewBox.baseVal.width,
      scale: svg.getScreenCTM()!.a,
    }));
    expect(paperSize.scale).toBeCloseTo(paperSize.shown, 3);
    expect([complaints, requests.length]).toEqual([[], 1]);
    await page.close();
  });
});
