import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/disk/load-page.js';
import { drawLanes } from '../../src/report/draw-lanes.js';
import { renderReport } from '../../src/report/render.js';
import { usualExecutor, runBenchmark } from '../../src/run/run-benchmark.js';
import { SeenShards } from '../../src/run/seen-shards.js';
import { tellLongestWaits } from '../../src/run/worst-wait.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { LongestWait } from '../../src/timeline/worst-wait.js';
import { inventedWait } from '../fixtures/results/invented-wait.js';
import { noDpcScenario } from '../fixtures/scenarios/no-dpc.js';

const ASSETS = { script: '', style: '', sha256 };
const NAME = '<img src=x>&"';

function scenarioOf(policies: string[], time = '40ms'): Scenario {
  return resolveScenario({
    name: 'waits',
    machine: { processors: 3, tick: '1ms' },
    sources: [
      {
        name: NAME,
        irql: 6,
        processor: [0, 1],
        isr: '1us',
        arrivals: { poisson: '20k/s' },
        dpc: { importance: 'high', target: 2, service: { exponential: '12us' } },
      },
      {
        name: 'disk',
        irql: 5,
        processor: 2,
        isr: '2us',
        arrivals: { poisson: '5k/s' },
        dpc: { service: '12us' },
      },
    ],
    policies,
    until: { time },
  });
}

interface Told {
  html: string;
  waits: LongestWait[];
  maximaNs: number[];
}

async function tell(scenario: Scenario, workers = 1, mostEvents?: number): Promise<Told> {
  const seen = new SeenShards(null);
  const execute = seen.watch(usualExecutor(scenario));
  const document = await runBenchmark(scenario, { seed: 3, workers }, execute);
  document.meta.host = { ...document.meta.host, workers: 0, wallSeconds: 1 };
  document.meta.host.interruptsPerSecond = 1;
  document.meta.host.worstCommand = 'dpcbench worst waits.yaml -s 3';
  const waits = await tellLongestWaits(scenario, seen, { mostEvents });
  const html = renderReport([document], ASSETS, [waits]);
  return { html, waits, maximaNs: document.results.map(({ latency }) => latency.dpcWait.maxNs) };
}

describe('the longest waits in a report', () => {
  test('are those of the figures, under each policy, as causes and as a picture', async () => {
    const { html, maximaNs, waits } = await tell(scenarioOf(['pre-vista', 'vista', 'msdn']));
    const told = waits.map((wait) => (wait.kind === 'told' ? wait.worst.waitNs : null));
    expect(told).toEqual(maximaNs);
    const details = html.match(/<details class="longest".*?<\/details>/gs)!;
    expect(details).toHaveLength(3);
    // Two stand open, and so on paper; the third opens without a script.
    expect(details.map((each) => each.includes('<details class="longest" open>'))).toEqual([
      true,
      true,
      false,
    ]);
    details.forEach((each, i) => {
      const wait = waits[i];
      if (wait.kind !== 'told') throw new Error('not told');
      const { causes } = wait.worst;
      expect(each.match(/<li>/g)!.length).toBe(causes.length);
      expect(each).toContain('<b>R10</b> Processor ');
      expect(each).toContain('&lt;img src=x&gt;&amp;&quot;');
      expect(each).toMatch(/<svg role="img" height="\d+" aria-label="Timeline: /);
      expect(each).toContain('class="marked"');
    });
    expect(html).not.toContain('<img');
    expect(html).toContain('<code><bdi>dpcbench worst waits.yaml -s 3</bdi></code>');
  });

  test('are the same bytes again, whatever the number of workers', async () => {
    const scenario = scenarioOf(['pre-vista', 'vista'], '100ms');
    expect((await tell(scenario, 2)).html).toBe((await tell(scenario)).html);
  });

  test('are not looked for without end, and the page says so', async () => {
    const { html, waits } = await tell(scenarioOf(['pre-vista', 'vista']), 1, 400);
    expect(waits.map(({ kind }) => kind)).toEqual(['far', 'far']);
    expect(html).toContain('not told here: in its shard more\nthan 200 events come before it');
    expect(html).not.toContain('<details class="longest"');
    expect(html).toContain('dpcbench worst waits.yaml -s 3');
  });

  test('are none where no DPC was taken', async () => {
    const scenario = noDpcScenario();
    const { html, waits } = await tell(scenario);
    expect(waits).toEqual([{ kind: 'none' }]);
    expect(html).toContain('No DPC was taken.');
  });

  test('end when the reader does not want to wait', async () => {
    const scenario = scenarioOf(['vista']);
    const seen = new SeenShards(null);
    await runBenchmark(scenario, { workers: 1 }, seen.watch(usualExecutor(scenario)));
    await expect(tellLongestWaits(scenario, seen, { signal: AbortSignal.abort() })).rejects.toThrow(
      'cancelled',
    );
  });
});

describe('shards that are seen', () => {
  test('count once where a run is done again, and all where shards are added', async () => {
    const scenario = scenarioOf(['vista']);
    const seen = new SeenShards(null);
    const execute = seen.watch(usualExecutor(scenario));
    const figure = 'vista.dpcWait.p99';
    const precision = { figure, target: 0.0001, limit: 12 };
    const { results } = await runBenchmark(scenario, { workers: 1, precision }, execute);
    expect(seen.worstOf(0)?.maxNs).toBe(results[0].latency.dpcWait.maxNs);
    const [again] = (await runBenchmark({ ...scenario }, { seed: 9, workers: 1 }, execute)).results;
    expect(seen.worstOf(0)?.maxNs).toBe(again.latency.dpcWait.maxNs);
  });
});

describe('a picture', () => {
  test('of a crowded window is bounded, and drawn to its end', () => {
    const wait = inventedWait('vista', 30_000);
    if (wait.kind !== 'told') throw new Error('not told');
    const { timeline } = wait.worst;
    const { queuedNs, takenNs } = wait.worst.wait;
    for (const mostCharacters of [8_000, 30_000]) {
      const html = drawLanes(timeline, {
        summary: 'crowded',
        zeroNs: queuedNs,
        lanes: [0, 1, 2],
        marked: { processor: 1, fromNs: queuedNs, toNs: takenNs },
        mostCharacters,
      });
      expect(html.length).toBeLessThan(mostCharacters + 4_000);
      const strips = [...html.matchAll(/M([\d.]+) [\d.]+h([\d.]+)/g)];
      const ends = strips.map(([, x, width]) => Number(x) + Number(width));
      expect(Math.max(...ends)).toBeGreaterThan(990);
      expect(html).toContain('marker-end="url(#tip)"');
    }
  });
});
