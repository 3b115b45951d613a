import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { playPage } from '../../src/disk/load-play.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { PLAY_VIEWS, type PlayState } from '../../src/play/play-state.js';
import { selectPolicies } from '../../src/policy/select-policies.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { DeviceSource } from '../../src/scenario/scenario.js';
import { formatCount, formatNs } from '../../src/units.js';
import { axeProblems } from '../browser/axe-problems.js';
import { answer, MINE, paste, placeOfFocus, type PlayBrowser, saved } from './open-page.js';
import { savedResult, START, startPlayBrowser, status, tiles, untilOver } from './open-page.js';

// A browser on a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** Where the screenshots go that a person looks at. */
const SCREENSHOTS = new URL('../../build/screenshots/', import.meta.url).pathname;
const MOST_BYTES = 1_500_000;
const VIEWS = [
  [1440, 'light'],
  [390, 'dark'],
] as const;
/** Roles and names that a screen reader goes by. */
const HEARD = [
  ['banner', ''],
  ['main', ''],
  ['contentinfo', ''],
  ['region', 'What is simulated'],
  ['region', 'The answer'],
  ['region', 'Decisions'],
  ['region', 'The longest wait'],
  ['region', 'Processors'],
  ['group', 'Policies'],
  ['group', 'nic'],
  ['slider', 'Speed'],
] as const;
const LISTED = `
machine: { processors: 2 }
sources:
  - name: nic
    irql: 5
    processor: 0
    isr: 1us
    arrivals: { at: [1us, 5us, 20us, 1ms] }
    dpc: { importance: high, target: 1, service: 4us }
`;

let play: PlayBrowser;
beforeAll(async () => {
  play = await startPlayBrowser();
});
afterAll(() => play?.browser.close());
const open: PlayBrowser['open'] = (...given) => play.open(...given);

describe('the live page', () => {
  test('is one file that asks nobody for anything', async () => {
    expect(Buffer.byteLength(playPage(START, play.assets))).toBeLessThan(MOST_BYTES);
    // What a browser without a locale says of its language is none.
    const { complaints, page, requests } = await open({}, { language: 'C' });
    await untilOver(page);
    expect(complaints).toEqual([]);
    expect(requests.filter((address) => !/^(file|blob):/.test(address))).toEqual([]);
    await page.close();
  });

  test.each<[string, PlayState['scenario']]>([
    ['remote-completion', { name: 'remote-completion' }],
    ['threaded-beside-audio', { name: 'threaded-beside-audio' }],
    ['listed.yaml', { file: 'listed.yaml', text: LISTED }],
  ])('finds of %s what the command line finds, to the last digit', async (name, given) => {
    const { complaints, page } = await open({ scenario: given, interrupts: 40_000 });
    await untilOver(page);
    const found = await savedResult(page);
    // No line ends between a figure and its unit.
    expect(await answer(page)).not.toMatch(/\d (?:[nµm]?s|%)/);
    expect(await page.locator('.same-as code').innerText()).toBe(
      `dpcbench run ${name} -p pre-vista,vista -s 3 -n 40000`,
    );
    expect(complaints).toEqual([]);
    await page.close();
    const scenario = 'name' in given ? loadScenario(name) : parseScenario(given.text, given.file);
    const { meta, ...expected } = await runBenchmark(
      {
        ...scenario,
        policies: selectPolicies(scenario, START.policies),
        until: { timeNs: null, interrupts: 40_000 },
      },
      { seed: START.seed },
      executeInProcess,
    );
    expect(found).toEqual({ meta: { ...meta, host: found.meta.host }, ...expected });
  });
});

describe('the pace', () => {
  test('stops, steps and goes on, and the result is the same', async () => {
    const { page } = await open();
    await untilOver(page);
    const expected = await tiles(page);
    await page.getByRole('slider', { name: 'Speed' }).fill('60');
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByText('so far:').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(100);
    const paused = await status(page);
    await page.waitForTimeout(100);
    expect(await status(page)).toBe(paused);
    await page.getByRole('button', { name: 'Step' }).click();
    await expect.poll(() => status(page)).not.toBe(paused);
    await page.getByRole('slider', { name: 'Speed' }).fill('100');
    await page.getByRole('button', { name: 'Play' }).click();
    await untilOver(page);
    expect(await tiles(page)).toBe(expected);
    await page.close();
  });
});

describe('the controls', () => {
  test('change scenario, policies, seed and length, and the run starts anew', async () => {
    const { complaints, page } = await open();
    await untilOver(page);
    const seen = new Set([await tiles(page)]);
    const turn = async (act: () => Promise<unknown>): Promise<void> => {
      await act();
      await untilOver(page);
      seen.add(await tiles(page));
    };
    const seed = page.getByLabel('Seed');
    const policy = (name: string) => page.getByRole('combobox', { name }).last();
    await turn(() => seed.fill('4').then(() => page.keyboard.press('Enter')));
    await turn(() => policy('second').selectOption('msdn'));
    await turn(() => policy('first').selectOption('nt4-table'));
    await turn(() => page.getByLabel('Length').selectOption('as the scenario says'));
    await turn(() =>
      page.getByRole('combobox', { name: 'Scenario' }).selectOption('low-importance-light'),
    );
    expect(seen.size).toBe(6);
    // Each of the two is there once: choosing the other one's changes their places.
    await policy('first').selectOption('msdn');
    expect(await policy('second').inputValue()).toBe('nt4-table');
    for (const wrong of ['-1', '0.5', '']) {
      await seed.fill(wrong);
      await page.keyboard.press('Enter');
      expect(await seed.inputValue()).toBe('4');
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('move every value that has one, and the text says so', async () => {
    const { complaints, page } = await open({ interrupts: 2_000 });
    await untilOver(page);
    const shown: string[] = [];
    await page.getByText('Costs', { exact: true }).click();
    await page.getByLabel('haltExit').waitFor();
    for (const slider of await page.locator('.knobs input[type=range]').all()) {
      const before = await slider.getAttribute('aria-valuetext');
      await slider.fill('600');
      await expect.poll(() => slider.getAttribute('aria-valuetext')).not.toBe(before);
      await untilOver(page);
      shown.push((await slider.getAttribute('aria-valuetext'))!);
    }
    await page.locator('.knobs').getByLabel('importance').selectOption('mediumHigh');
    await page.locator('.knobs').getByLabel('target').selectOption('round-robin');
    await page.getByLabel('target').and(page.locator(':enabled')).waitFor();
    await untilOver(page);
    const text = await saved(page, 'Save mine.yaml');
    const { machine, sources } = parseScenario(text, 'mine.yaml');
    const [{ arrivals, dpc, moderation }] = sources as DeviceSource[];
    const { adjustDpcThreshold, idealDpcRate, maximumDpcQueueDepth } = machine.tunables;
    const { dequeueNs, dispatchNs, haltExitNs, interruptNs, ipiFlightNs, ipiSendNs } =
      machine.costs;
    const { minimumDpcRate } = machine.tunables;
    const gap = (arrivals as { gap: { meanNs: number } }).gap.meanNs;
    expect(shown).toEqual([
      `${formatCount(Math.round(1e9 / gap))}/s`,
      formatNs(moderation!.timeNs!),
      ...[maximumDpcQueueDepth, minimumDpcRate, idealDpcRate, adjustDpcThreshold].map(String),
      ...[interruptNs, dispatchNs, dequeueNs, ipiSendNs, ipiFlightNs, haltExitNs].map(formatNs),
    ]);
    expect(dpc).toMatchObject({ importance: 'mediumHigh', target: 'round-robin' });
    expect(text).toContain('# Kept in the link.');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('mark on the charts where a slider changed the scenario', async () => {
    const { complaints, page } = await open();
    await untilOver(page);
    const said = page.locator('.chart .unseen').first();
    expect(await said.innerText()).not.toContain('changed');
    await page.getByText('Costs', { exact: true }).click();
    await page.getByLabel('ipiFlight').fill('700');
    await page.getByText('faint: before the change').first().waitFor();
    await untilOver(page);
    await said.getByText(/changed at .+ s \(Costs: ipiFlight, before 800 ns\)/).waitFor();
    await page.getByLabel('Length').selectOption('100000');
    await expect.poll(() => page.getByText('faint: before the change').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('edit the rules as a truth table, which becomes a policy in the text', async () => {
    const { complaints, page } = await open({ scenario: { name: 'remote-completion' } });
    await untilOver(page);
    const before = await tiles(page);
    await page.getByText('Edit the rules').click();
    const cell = page.getByLabel('High, for another processor, busy', { exact: true });
    expect(await cell.isChecked()).toBe(false);
    await cell.check();
    await page.locator('.same-as code', { hasText: 'pre-vista,my-vista' }).waitFor();
    await untilOver(page);
    const mixed = page.getByLabel('Low, for its own processor, busy', { exact: true });
    expect(await mixed.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
    await page.getByLabel('tell apart').check();
    const rare = page.getByLabel('Low, for its own processor, busy, rare', { exact: true });
    const others = page.getByLabel('Low, for its own processor, busy, slow', { exact: true });
    expect([await rare.isChecked(), await others.isChecked()]).toEqual([false, true]);
    await page.locator('.rules select').selectOption('pre-vista');
    await page.getByLabel('Medium, for another processor, halted', { exact: true }).check();
    await page.locator('.same-as code', { hasText: 'my-pre-vista,my-vista' }).waitFor();
    await untilOver(page);
    expect(await tiles(page)).not.toBe(before);
    const text = await saved(page, 'Save remote-completion.yaml');
    expect(text).toContain('# I/O completions handed back');
    expect(text).toMatch(/name: my-vista[^]+extends: vista[^]+high: idle or not over/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the text', () => {
  test('is completed, and what is wrong is shown at its place until it is mended', async () => {
    const { complaints, page } = await open();
    await untilOver(page);
    const before = await tiles(page);
    await page.getByText('Edit the text').click();
    const editor = page.locator('.cm-content');
    await editor.press('Control+End');
    await editor.pressSequentially('mach');
    await editor.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete', { hasText: 'machine' }).waitFor();
    // The editor takes no answer for one that was given before the list was seen.
    await page.waitForTimeout(100);
    await editor.press('Enter');
    expect(await editor.innerText()).toMatch(/\nmachine: $/);
    await paste(page, 'machine: { processors: 0 }\n');
    await page.getByText(/^mine\.yaml:1:\d+: machine\.processors: /).waitFor();
    const mark = page.locator('.cm-lint-marker-error');
    const colour = await mark.evaluate((each) => getComputedStyle(each).backgroundColor);
    expect(colour).toBe('rgb(179, 74, 0)');
    expect(await page.locator('.cm-lintRange-error').allInnerTexts()).toContain('0 }');
    expect(await answer(page)).toContain('cannot be run');
    // Nothing is there that could be run: no button may say so.
    for (const name of ['Play', 'Step', 'Why, under vista?']) {
      expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    }
    await paste(page, MINE.replace('high', 'low'));
    await untilOver(page);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await tiles(page)).not.toBe(before);
    expect(await page.getByRole('button', { name: 'Run again' }).isEnabled()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** Speaks as the director and as both machines, and says more than any run would. */
const FLOOD = `
const processors = { depths: new Float32Array(1024), deepest: new Uint32Array(1024),
  shares: new Float32Array(8 * 1024) };
let atNs = 0;
const live = (run, policyIndex) => {
  atNs += 10000;
  const total = { atNs, arrivals: atNs, ipis: 1, dpcs: 1, p50Ns: 1, p99Ns: 2, maxNs: 3,
    census: [] };
  const column = { atNs, spanNs: 1000, arrivals: 100, ipis: atNs / 1000, p50Ns: 1, p99Ns: 2 };
  const columns = Array.from({ length: 10 }, (_, i) => (
    { ...column, atNs: atNs - 9000 + 1000 * i }));
  postMessage({ kind: 'live', run, policyIndex, columns, total, processors, shard: 0, shardNs: atNs,
    shards: 1, busyMs: 1 });
};
onmessage = ({ data }) => {
  const { id, kind, run } = data;
  const description = { name: 'flood', question: '', processors: 8, knobs: [], sourcesLeft: 0,
    policies: ['pre-vista', 'vista'], compared: ['pre-vista', 'vista'] };
  if (kind === 'describe') postMessage({ kind: 'description', id, description });
  if (kind === 'explain') postMessage({ kind: 'explained', id, situations: [] });
  const plan = { shards: 1, warmupNs: 0, processors: 8, policies: [], expectedNs: 1e9,
    expectedInterrupts: 1e9 };
  if (kind === 'run') postMessage({ kind: 'plan', run, plan });
  if (kind !== 'pace') return;
  for (let i = 0; i < 100; i++) live(data.pace.run, i % 2);
};
`;

describe('a long run', () => {
  test('keeps its memory, however many messages come', async () => {
    const { page } = await play.browser.open(playPage(START, { ...play.assets, worker: FLOOD }));
    const session = await page.context().newCDPSession(page);
    const heap = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    };
    let floods = 1;
    const button = page.getByRole('button', { name: /^(Pause|Play)$/ });
    /** Each press has 200 messages, of ten columns each. */
    const flood = async (presses: number): Promise<void> => {
      for (let i = 0; i < presses; i++) await button.click();
      floods += presses;
      await page.getByText(`vista ${floods},000,000,000`).waitFor({ state: 'attached' });
    };
    await flood(2);
    const before = await heap();
    await flood(4);
    expect((await heap()) - before).toBeLessThan(500_000);
    await page.close();
  });
});

describe('a single view', () => {
  test('stands alone, whichever it is', async () => {
    const { complaints, page } = await open();
    for (const view of PLAY_VIEWS) {
      await page.getByLabel('Show').selectOption(view);
      await page.locator(`#view-${view}`).waitFor();
      expect(await page.locator('.scenario').count()).toBe(0);
      expect(await page.locator('[id^=view-]').count()).toBe(1);
      await page.getByRole('button', { name: 'Show everything' }).click();
      await page.locator('.scenario').waitFor();
    }
    // At full speed there is nothing to be seen in slow motion, but a way to it.
    await page.getByLabel('Show').selectOption('slow-motion');
    await page.getByRole('button', { name: 'Slow down' }).click();
    await page.locator('.lanes').nth(1).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('how it looks', () => {
  test('with all of it open: nothing is wider than the screen, light or dark', async () => {
    const { page } = await open();
    await untilOver(page);
    await page.getByText('Edit the rules').click();
    await page.getByText('Edit the text').click();
    await page.getByRole('button', { name: 'Why, under vista?' }).click();
    await page.locator('.cm-content').waitFor();
    await paste(page, `${MINE}more: 1\n`);
    await page.locator('.why .lanes').waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    mkdirSync(SCREENSHOTS, { recursive: true });
    for (const [width, colorScheme] of VIEWS) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
      expect(await axeProblems(page)).toEqual([]);
      const path = `${SCREENSHOTS}play-${width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true });
    }
    await page.close();
  });

  test('by keyboard and to a screen reader: what is there has a name and a place', async () => {
    const { page } = await open();
    await untilOver(page);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the figures');
    await page.keyboard.press('Enter');
    expect(await page.locator('main:focus').count()).toBe(1);
    // The link is no part of the state.
    expect(new URL(page.url()).hash).toBe('');
    const heard = await page.locator('body').ariaSnapshot();
    for (const [role, name] of HEARD) {
      expect(heard).toContain(name === '' ? `- ${role}:` : `- ${role} "${name}"`);
    }
    expect(heard).toMatch(/paragraph: "IPIs a second: pre-vista [\d,]+, vista [\d,]+"/);
    const live = page.locator('.sentence');
    expect(await live.getAttribute('aria-live')).toBe('polite');
    // What has the focus lies behind nothing, and the last one lets go of it.
    let place: string | null = 'seen';
    for (let i = 0; i < 100 && place !== null; i++) {
      await page.keyboard.press('Tab');
      place = await page.evaluate(placeOfFocus);
      expect([null, 'seen']).toContain(place);
    }
    expect(place).toBe(null);
    await page.getByRole('slider', { name: 'Speed' }).fill('60');
    await page.getByRole('button', { name: 'Run again' }).press('Space');
    await page.getByText('so far:').waitFor();
    expect(await live.getAttribute('aria-live')).toBe('off');
    await page.close();
  });
});
