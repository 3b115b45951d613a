import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.js';
import { readResult } from '../../src/export/read-result.js';
import { renderOverTime } from '../../src/report/draw-over-time.js';
import { overTimeOf } from '../../src/report/over-time-figures.js';
import type { OverTimeModel } from '../../src/report/model.js';
import type { ResultDocument } from '../../src/result/document.js';
import type { OverTimeColumns } from '../../src/result/over-time-shape.js';
import { compareDocuments } from '../../src/stats/compare-documents.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

function modelOf(document: ResultDocument): OverTimeModel {
  return overTimeOf(document, 's1')!;
}

function draw(document: ResultDocument): string {
  return renderOverTime(
    modelOf(document),
    document.results.map(({ policy }) => policy),
  );
}

/** Cells of the maps, drawn as lines along rows: how many, by policy. */
function cellsOf(html: string, label: string): number[] {
  return html
    .split('<div class="plot time-plot">')
    .filter((plot) => plot.includes(`aria-label="${label}`))
    .map((plot) =>
      [...plot.matchAll(/M-?\d+ \d+h(\d+)/g)].reduce((sum, [, length]) => sum + Number(length), 0),
    );
}

describe('figures over time in a report', () => {
  test('have a cell wherever a DPC waited, and one for each processor and bin', () => {
    const document = inventedResult();
    const html = draw(document);
    expect(cellsOf(html, 'DPC latency over')).toEqual(
      document.results.map(({ overTime }) =>
        overTime!.waits.counts.flat().reduce((sum, count) => sum + Math.min(count, 1), 0),
      ),
    );
    expect(cellsOf(html, 'Time in interrupts')).toEqual([8 * 80, 8 * 80, 8 * 80]);
  });

  test('share the time of a smaller last group among its own processors alone', () => {
    const document = inventedResult();
    document.meta.processors = 7;
    for (const { overTime } of document.results) {
      const { endsNs, processors } = overTime!;
      const spansNs = endsNs.map((endNs, bin) => endNs - (endsNs[bin - 1] ?? 0));
      processors.perGroup = 4;
      processors.busyNs = [spansNs, spansNs.map((spanNs) => 3 * spanNs)];
    }
    const [{ busy }] = modelOf(document).policies;
    expect(busy.map(({ count, first }) => [first, count])).toEqual([
      [0, 4],
      [4, 3],
    ]);
    expect(new Set(busy[0].shares)).toEqual(new Set([1 / 4]));
    expect(new Set(busy[1].shares)).toEqual(new Set([1]));
    const html = draw(document);
    expect(html).toContain('Most: CPU 4 to 6, 100.0 %');
    // 4 processors at a quarter and 3 that are never idle: 4 of 7.
    expect(html).toContain('on average 57.1 %');
  });

  test('are told in words: of each map, and all that adds up in a table', () => {
    const document = inventedResult();
    const html = draw(document);
    const labels = [...html.matchAll(/role="img"[^>]* aria-label="([^"]+)"/g)].map(
      ([, text]) => text,
    );
    expect(labels).toHaveLength(8);
    for (const { policy } of document.results) {
      expect(labels.filter((text) => text.includes(` under ${policy}, `))).toHaveLength(2);
      expect(labels.filter((text) => text.includes(` ${policy}: `))).toHaveLength(2);
    }
    const { columns } = modelOf(document).table;
    expect(columns[0].values).toHaveLength(16);
    const { counters, latency } = document.results[0];
    const sum = (values: readonly (string | number | null)[]): number =>
      values.reduce<number>((all, value) => all + Number(value), 0);
    expect(sum(columns[1].values)).toBe(latency.dpcWait.count);
    expect(columns[1].label).toBe('pre-vista: DPCs');
    // Sixteen steps of an eighth of a second.
    expect(sum(columns[3].values) / 8).toBeCloseTo(counters.ipis, -2);
  });

  test('mark the warm-up, and draw no rate of a sliver of time', () => {
    const document = inventedResult({ policies: ['vista'] });
    const { overTime } = document.results[0];
    const { policies } = modelOf(document);
    expect(policies[0].ipisPerSecond).not.toContain(null);
    expect(draw(document)).not.toContain('class="warm"');
    const warm = { ...overTime!, warmupNs: 500_000_000 };
    warm.endsNs = [...warm.endsNs.slice(0, -1), warm.endsNs.at(-2)! + 1_000];
    document.results[0].overTime = warm;
    const html = draw(document);
    expect(html).toContain('<rect class="warm" x="0" y="0" width="25.32%"');
    expect(modelOf(document).policies[0].ipisPerSecond.at(-1)).toBeNull();
    expect(modelOf(document).policies[0].places[0]).toBe(-20);
    expect(html).toContain('What is shaded is the warm-up');
  });

  test('stay small with 1,024 processors and 16 policies, and say what is put together', () => {
    const policies = Array.from({ length: 16 }, (_, i) => `mine ${i}`);
    const html = draw(inventedResult({ processors: 1024, policies, sources: ['a'] }));
    expect(html.length).toBeLessThan(400_000);
    expect(html).toContain('Maps of the first 4 of 16 rule sets.');
    expect(html).toMatch(/A row is 8 neighbouring processors, and shows their mean\./);
    const two = draw(inventedResult({ processors: 128, policies: ['vista', 'nt52'] }));
    expect(cellsOf(two, 'Time in interrupts')).toEqual([128 * 80, 128 * 80]);
    expect(two).not.toContain('neighbouring');
  });

  test('are left out where a result has none', () => {
    const document = inventedResult();
    document.results[1].overTime = null;
    expect(overTimeOf(document, 's1')).toBeNull();
  });
});

describe('a result with figures over time', () => {
  const scenario: Scenario = {
    ...loadScenario('default'),
    until: { timeNs: 2e7, interrupts: null },
  };
  const options = { overTime: true, shards: 1, warmup: 3_000_000 };
  const simulated = runBenchmark(scenario, options, executeInProcess);

  type Change = (overTime: OverTimeColumns, document: ResultDocument) => void;
  /** Read as a file, after a change. */
  async function changed(change: Change): Promise<string> {
    const document = structuredClone(await simulated);
    change(document.results[1].overTime!, document);
    return JSON.stringify(document);
  }

  test('is read as it was written; an older one has none, which is no difference', async () => {
    const document = await simulated;
    expect(document.results[0].overTime!.warmupNs).toBe(3_000_000);
    expect(readResult(JSON.stringify(document), 'a').results).toEqual(document.results);
    const older = readResult(
      await changed((_, { results }) => {
        for (const result of results) delete (result as Partial<typeof result>).overTime;
      }),
      'old',
    );
    expect(older.results.map(({ overTime }) => overTime)).toEqual([null, null]);
    expect(compareDocuments(older, document).firstDifference).toBeNull();
  });

  test.each<[string, Change]>([
    ['bins as wide as under the first policy', (time) => (time.binNs *= 2)],
    ['the columns differ in length', ({ ipis }) => ipis.pop()],
    ['the columns differ in length', ({ waits }) => waits.lowNs.pop()],
    ['not the groups of 8', ({ processors }) => processors.busyNs.pop()],
    ['ns ends there', ({ endsNs }) => (endsNs[3] += 1)],
    ['no row begins at', ({ waits }) => (waits.lowNs[2] += 1)],
    ['expected the sum of its rows', ({ waits }) => (waits.count[5] += 1)],
    ['more time than the bin has', ({ processors }) => (processors.busyNs[1][2] = 25_000_001)],
    ['they add up to', ({ arrivals }) => (arrivals[arrivals.length - 1] += 1)],
    ['not to at most', ({ ipis }, { meta }) => ((meta.shards = 2), (ipis[20] += 1))],
  ])('is refused where it contradicts itself: %s', async (said, change) => {
    const text = await changed(change);
    expect(() => readResult(text, 'broken.json')).toThrow(InputError);
    expect(() => readResult(text, 'broken.json')).toThrow(said);
  });
});
