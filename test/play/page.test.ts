import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { playPage } from '../../src/disk/load-play.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { PLAY_VIEWS } from '../../src/play/play-state.js';
import { selectPolicies } from '../../src/policy/select-policies.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { axeProblems } from '../browser/axe-problems.js';
import { answer, type PlayBrowser, saved, savedResult, SMALL, START } from './open-page.js';
import { startPlayBrowser, status, tiles, untilOver } from './open-page.js';

// A browser on a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** Where the screenshots go that a person looks at. */
const SCREENSHOTS = new URL('../../build/screenshots/', import.meta.url).pathname;
const MOST_BYTES = 1_500_000;

let play: PlayBrowser;
beforeAll(async () => {
  play = await startPlayBrowser();
});
afterAll(() => play?.browser.close());
const open: PlayBrowser['open'] = (...given) => play.open(...given);

describe('the live page', () => {
  test('is one file that asks nobody for anything', async () => {
    expect(Buffer.byteLength(playPage(START, play.assets))).toBeLessThan(MOST_BYTES);
    const { complaints, page, requests } = await open();
    await untilOver(page);
    expect(complaints).toEqual([]);
    expect(requests.filter((address) => !/^(file|blob):/.test(address))).toEqual([]);
    await page.close();
  });

  test.each(['remote-completion', 'threaded-beside-audio'])(
    'finds of %s what the command line finds, to the last digit',
    async (name) => {
      const { page } = await open({ scenario: { name } });
      await untilOver(page);
      const found = await savedResult(page);
      await page.close();
      const scenario = loadScenario(name);
      const { meta, ...expected } = await runBenchmark(
        {
          ...scenario,
          policies: selectPolicies(scenario, START.policies),
          until: { timeNs: null, interrupts: START.interrupts },
        },
        { seed: START.seed },
        executeInProcess,
      );
      expect(found).toEqual({ meta: { ...meta, host: found.meta.host }, ...expected });
    },
  );

  test('says the command that finds the same', async () => {
    const { page } = await open();
    await untilOver(page);
    expect(await page.locator('.same-as code').innerText()).toBe(
      'dpcbench run remote-completion -p pre-vista,vista -s 3 -n 40000',
    );
    expect(await answer(page)).toContain('IPIs go from none');
    await page.close();
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
    await expect.poll(() => status(page), { timeout: 10_000 }).not.toBe(paused);
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
    await turn(() =>
      page
        .getByLabel('Seed')
        .fill('4')
        .then(() => page.keyboard.press('Enter')),
    );
    await turn(() => page.getByRole('combobox', { name: 'second' }).last().selectOption('msdn'));
    await turn(() => page.getByLabel('Length').selectOption('100000'));
    await turn(() =>
      page.getByRole('combobox', { name: 'Scenario' }).selectOption('low-importance-light'),
    );
    expect(seen.size).toBe(5);
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
    await page.getByRole('combobox', { name: 'Scenario' }).selectOption('low-importance-light');
    await expect.poll(() => page.getByText('faint: before the change').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('edit the text of the scenario, whose comments stay', async () => {
    const { page } = await open();
    await untilOver(page);
    const before = await tiles(page);
    const drive = page.locator('.group', { hasText: 'drive-medium' }).first();
    await drive.getByLabel('importance').selectOption('high');
    await expect.poll(() => tiles(page), { timeout: 10_000 }).not.toBe(before);
    await untilOver(page);
    await page.getByText('Edit the text').click();
    const text = await page.locator('.cm-content').innerText();
    expect(text).toContain('# I/O completions handed back');
    expect(text).toContain('importance: high, target: 2');
    expect(await page.locator('.same-as code').innerText()).toContain('run remote-completion.yaml');
    await page.close();
  });

  test('edit the rules as a truth table, which becomes a policy in the text', async () => {
    const { complaints, page } = await open();
    await untilOver(page);
    const before = await tiles(page);
    await page.getByText('Edit the rules').click();
    const cell = page.getByLabel('High, for another processor, busy', { exact: true });
    expect(await cell.isChecked()).toBe(false);
    await cell.check();
    await page.locator('.same-as code', { hasText: 'pre-vista,my-vista' }).waitFor();
    await untilOver(page);
    expect(await tiles(page)).not.toBe(before);
    const mixed = page.getByLabel('Low, for its own processor, busy', { exact: true });
    expect(await mixed.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
    await page.getByLabel('tell apart').check();
    const rare = page.getByLabel('Low, for its own processor, busy, rare', { exact: true });
    const others = page.getByLabel('Low, for its own processor, busy, slow', { exact: true });
    expect([await rare.isChecked(), await others.isChecked()]).toEqual([false, true]);
    const text = await saved(page, 'Save remote-completion.yaml');
    expect(text).toContain('# I/O completions handed back');
    expect(text).toMatch(/name: my-vista[^]+extends: vista[^]+high: idle or not over/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('show what is wrong with a text at its place, and go on when it is mended', async () => {
    const { page } = await open();
    await untilOver(page);
    await page.getByText('Edit the text').click();
    const editor = page.locator('.cm-content');
    await editor.fill('machine: { processors: 0 }\n');
    await page.getByText(/^remote-completion\.yaml:1:\d+: machine\.processors: /).waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    await editor.fill(
      'sources: [{ name: <b>nic, irql: 5, isr: 1us, arrivals: { poisson: 1000/s }, ' +
        'dpc: { service: 2us } }]\nuntil: { interrupts: 5000 }\n',
    );
    await untilOver(page);
    expect(await page.locator('b', { hasText: 'nic' }).count()).toBe(0);
    expect(await page.locator('summary', { hasText: '<b>nic' }).count()).toBe(1);
    await page.close();
  });
});

describe('a link', () => {
  test('holds the whole state', async () => {
    const { page } = await open({ scenario: SMALL, seed: 77 });
    await untilOver(page);
    const expected = await tiles(page);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => page.url(), { timeout: 10_000 }).toContain('#');
    const fragment = new URL(page.url()).hash;
    await page.close();
    const { page: other } = await open();
    await untilOver(other);
    await other.goto(other.url() + fragment);
    await other.locator('.same-as code', { hasText: 'mine.yaml' }).waitFor();
    await untilOver(other);
    expect(await tiles(other)).toBe(expected);
    await other.close();
  });

  test('that is damaged is refused with a reason, and the page works', async () => {
    const { complaints, page } = await open();
    await untilOver(page);
    await page.goto(`${page.url()}#1.0.1.0.abcdefabcdef.AAAA`);
    await page.getByRole('alert').getByText('the link cannot be used').waitFor();
    await untilOver(page);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** Speaks as the director and as both machines, and says more than any run would. */
const FLOOD = `
const depths = Array(8).fill(1);
const times = depths.map(() => ({ isrNs: 1, clockNs: 1, ipiNs: 1, dispatchDrainNs: 1,
  idleDrainNs: 1, threadNs: 1, idleNs: 1 }));
let atNs = 0;
const live = (run, policyIndex) => {
  atNs += 10000;
  const total = { atNs, arrivals: atNs, ipis: 1, dpcs: 1, p50Ns: 1, p99Ns: 2, maxNs: 3,
    census: [] };
  const column = { atNs, spanNs: 1000, arrivals: 1, ipis: atNs / 1000, p50Ns: 1, p99Ns: 2,
    depths, deepest: depths, queued: depths, times };
  const columns = Array.from({ length: 10 }, (_, i) => (
    { ...column, atNs: atNs - 9000 + 1000 * i }));
  postMessage({ kind: 'live', run, policyIndex, columns, total, shard: 0, shardNs: atNs,
    shards: 1, busyMs: 1 });
};
onmessage = ({ data }) => {
  const { id, kind, run } = data;
  const description = { name: 'flood', question: '', processors: 8, knobs: [],
    policies: ['pre-vista', 'vista'], compared: ['pre-vista', 'vista'] };
  if (kind === 'describe') postMessage({ kind: 'description', id, description });
  if (kind === 'explain') postMessage({ kind: 'explained', id, situations: [] });
  const plan = { shards: 1, warmupNs: 0, processors: 8, policies: [], expectedNs: 1e9 };
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
    const { complaints, page } = await open({ scenario: SMALL, speedNs: 500_000 });
    for (const view of PLAY_VIEWS) {
      await page.getByLabel('Show').selectOption(view);
      await page.locator(`#view-${view}`).waitFor();
      expect(await page.locator('.scenario').count()).toBe(0);
      expect(await page.locator('[id^=view-]').count()).toBe(1);
      await page.getByRole('button', { name: 'Show everything' }).click();
      await page.locator('.scenario').waitFor();
    }
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('a page within another one', () => {
  test('shows the view that its address names, of what its link holds', async () => {
    const { complaints, page } = await open({ scenario: SMALL });
    await page.goto(`${page.url()}?embed=decisions`);
    await page.locator('#view-decisions').getByRole('row').nth(1).waitFor();
    expect(await page.locator('[id^=view-]').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Show everything' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('how it looks', () => {
  test.each([
    [1440, false],
    [1440, true],
    [390, false],
  ])('at %d px, dark %s: nothing is wider than the screen', async (width, dark) => {
    const { page } = await open({}, { width, dark });
    await untilOver(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(await axeProblems(page)).toEqual([]);
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({
      path: `${SCREENSHOTS}play-${width}${dark ? '-dark' : ''}.png`,
      fullPage: true,
    });
    await page.close();
  });
});
