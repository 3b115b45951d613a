import { describe, expect, it } from 'vitest';
import { formatTerminal } from '../../src/export/terminal.js';
import { readResult } from '../../src/export/read-result.js';
import { toJson } from '../../src/export/json.js';
import { buildReportModel } from '../../src/report/build-model.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { moreShards, nextShards } from '../../src/run/precision.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { sayLatency, sentenceOf } from '../../src/stats/comparison-sentence.js';
import { relativeHalfWidth } from '../../src/stats/figure-path.js';
import type { FigureComparison, PolicyComparison } from '../../src/result/document.js';
import { verdict } from '../../src/stats/verdict.js';

/** Completions for another, busy processor: pre-vista interrupts it when the queue is deep. */
const remote = resolveScenario({
  name: 'remote',
  machine: { processors: 2, tick: '1ms', background: { busy: '1h', idle: 0, passive: 0 } },
  sources: [
    {
      name: 'disk',
      irql: 5,
      processor: 0,
      isr: '1us',
      arrivals: { poisson: 20_000 },
      dpc: { target: 1, importance: 'high', service: { exponential: '5us' } },
    },
  ],
  policies: [
    'pre-vista',
    'vista',
    { name: 'twin', extends: 'vista' },
    { name: 'quiet', extends: 'vista' },
  ],
  until: { interrupts: 16_000 },
});

const document = await runBenchmark(remote, { shards: 8 }, executeInProcess);
const few = await runBenchmark(remote, { shards: 4 }, executeInProcess);

describe('a comparison of policies', () => {
  const [vista, twin] = document.comparisons;

  it('is of each policy against the first, in their order', () => {
    expect(document.comparisons.map(({ policy, against }) => [policy, against])).toEqual([
      ['vista', 'pre-vista'],
      ['twin', 'pre-vista'],
      ['quiet', 'pre-vista'],
    ]);
  });

  it('has points that are those of the results, inside their intervals', () => {
    const [first, other] = document.results;
    const p90 = vista.latency.dpcWait.p90Ns!;
    expect([p90.first, p90.other]).toEqual([
      first.latency.dpcWait.p90Ns,
      other.latency.dpcWait.p90Ns,
    ]);
    expect(p90.difference).toBe(p90.other - p90.first);
    for (const figure of [p90, vista.latency.dpcWait.meanNs!, vista.perThousand.dpcs!]) {
      const { differenceInterval: apart, ratioInterval: times } = figure;
      expect(apart!.low).toBeLessThanOrEqual(figure.difference);
      expect(apart!.high).toBeGreaterThanOrEqual(figure.difference);
      expect(times!.low).toBeLessThanOrEqual(figure.ratio!);
      expect(times!.high).toBeGreaterThanOrEqual(figure.ratio!);
    }
  });

  it('finds what differs: High for a busy processor waits for the tick under vista', () => {
    expect(vista.latency.dpcWait.meanNs!.verdict).toBe('higher');
    expect(vista.perThousand.ipis!.verdict).toBe('lower');
    expect(vista.perThousand.arrivals!.verdict).toBe('same');
  });

  it('is the same for two policies that are the same', () => {
    const { policy: _a, sentence: _b, ...one } = vista;
    const { policy: _c, sentence: _d, ...two } = twin;
    expect(two).toEqual(one);
  });

  it('has no intervals over fewer than five shards, and says so', () => {
    expect(few.results[0].intervals).toBeNull();
    expect(few.comparisons[0].latency.dpcWait.meanNs!.differenceInterval).toBeNull();
    expect(few.comparisons[0].latency.dpcWait.meanNs!.verdict).toBe('unknown');
    expect(few.comparisons[0].sentence).toContain('no intervals: 4 shards');
  });

  it('says it in the verdict, the terminal and the report', () => {
    expect(verdict({ ...document, answer: null })).toContain(vista.sentence);
    const text = formatTerminal(document, { colours: false });
    expect(text).toContain(
      '95 % intervals over 8 shards: plus or minus (-: no interval)\npre-vista ',
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(formatTerminal(few, { colours: false })).not.toContain('95 % intervals');
    const [section] = buildReportModel([document]).sections;
    const at = section.summary.columns[0].values.indexOf('DPC latency, mean');
    const means = section.summary.columns.slice(1, 3).map(({ values }) => values[at]);
    for (const cell of means) expect(cell).toMatch(/^[\d.]+ .s \(.+ to .+\)$/);
    expect(section.front!.dots.every(({ waitInterval }) => waitInterval !== null)).toBe(true);
    expect(section.tiles).toHaveLength(3);
    expect(section.summary.note).toContain('95 % intervals over 8 shards');
    const [small] = buildReportModel([few]).sections;
    expect(small.front!.dots.every(({ waitInterval }) => waitInterval === null)).toBe(true);
    expect(JSON.stringify(small.doubts)).toContain('No intervals: 4 shards say too little');
  });

  it('survives being written and read, and is refused where a member is broken', () => {
    expect(readResult(toJson(document), 'a.json')).toEqual(JSON.parse(toJson(document)));
    const broken = structuredClone(document) as unknown as {
      comparisons: { perThousand: { ipis: { first: unknown } } }[];
    };
    broken.comparisons[0].perThousand.ipis.first = 'many';
    expect(() => readResult(JSON.stringify(broken), 'a.json')).toThrow(
      'comparisons[0].perThousand.ipis.first',
    );
  });
});

describe('intervals of a result', () => {
  it('hold the merged figure, and leave out percentiles that a shard has too few of', () => {
    const { latency, intervals } = document.results[1];
    const { meanNs, p99Ns, p999Ns } = intervals!.latency.interruptToDpc;
    expect(meanNs!.low).toBeLessThan(latency.interruptToDpc.meanNs);
    expect(meanNs!.high).toBeGreaterThan(latency.interruptToDpc.meanNs);
    expect(p99Ns).not.toBeNull();
    // 16,000 items give a p99.9, the 2,000 of a shard do not.
    expect(latency.interruptToDpc.p999Ns).not.toBeNull();
    expect(p999Ns).toBeNull();
  });
});

describe('a comparison in words', () => {
  const figure = (change: Partial<FigureComparison>): FigureComparison => ({
    first: 100,
    other: 62,
    difference: -38,
    differenceInterval: { low: -38.3, high: -37.6 },
    ratio: 0.62,
    ratioInterval: { low: 0.617, high: 0.624 },
    verdict: 'lower',
    ...change,
  });
  const say = (ipis: FigureComparison, p99: FigureComparison, shards = 20): string =>
    sentenceOf(
      {
        policy: 'vista',
        against: 'pre-vista',
        perThousand: { ipis } as PolicyComparison['perThousand'],
        latency: { dpcWait: { p99Ns: p99 } } as PolicyComparison['latency'],
      },
      shards,
    );

  it('says why there are no intervals', () => {
    const bare = figure({ differenceInterval: null, ratioInterval: null });
    expect(say(bare, bare, 8)).toMatch(/ \(no intervals: the machine had not settled\)\.$/);
    expect(say(bare, bare, 4)).toContain('no intervals: 4 shards say too little about chance');
    expect(say(bare, bare, 1)).toContain('no intervals: 1 shard says too little about chance');
  });

  it('gives percentages and multiples with as many digits as their intervals carry', () => {
    const p99 = figure({
      first: 22_000,
      other: 90_000,
      difference: 68_000,
      ratio: 4.0909,
      ratioInterval: { low: 4.02, high: 4.21 },
      verdict: 'higher',
    });
    expect(say(figure({}), p99)).toBe(
      'vista sends 38.0 % fewer IPIs than pre-vista (37.6 to 38.3) and its p99 DPC latency is ' +
        '4.1 times that of pre-vista (4.0 to 4.2): 90 µs against 22 µs.',
    );
  });

  it('says of a latency far below the other how many times shorter it is', () => {
    const p99 = figure({
      first: 90_000,
      other: 8_370,
      difference: -81_630,
      ratio: 0.093,
      ratioInterval: { low: 0.0917, high: 0.0943 },
      verdict: 'lower',
    });
    expect(say(figure({}), p99)).toContain(
      'its p99 DPC latency is 10.8 times shorter than that of pre-vista (10.6 to 10.9): ' +
        '8.37 µs against 90 µs.',
    );
    expect(
      say(figure({}), figure({ ...p99, other: 0, ratio: 0, ratioInterval: null })),
    ).not.toContain('Infinity');
  });

  it('calls what may be chance not distinguishable', () => {
    const same = figure({
      other: 101,
      difference: 1,
      differenceInterval: { low: -2, high: 4 },
      ratio: 1.01,
      ratioInterval: { low: 0.98, high: 1.04 },
      verdict: 'indistinguishable',
    });
    expect(say(same, same)).toMatch(
      /not distinguishable from pre-vista \(-2 to 4 % more\) and its .* is not distinguishable/,
    );
  });

  it('has words for nothing, for equals and for many times as many', () => {
    const none = figure({
      first: 0,
      other: 0,
      difference: 0,
      ratio: null,
      ratioInterval: null,
      verdict: 'same',
    });
    const many = figure({
      other: 410,
      ratio: 4.1,
      ratioInterval: { low: 4, high: 4.2 },
      verdict: 'higher',
    });
    expect(say(none, figure({}))).toContain('sends no IPIs, like pre-vista');
    expect(say(many, figure({}))).toContain('sends 4.1 times as many IPIs as pre-vista');
    expect(sayLatency('p99 DPC latency', null, 'pre-vista')).toContain('too few samples');
  });
});

describe('a run to a precision', () => {
  const goal = { figure: 'vista.dpcWait.mean', target: 0.02, limit: 300 };

  it('plans by the square root, in steps of at most four times, up to the limit', () => {
    expect(nextShards(10, 0.04, goal)).toBe(40);
    expect(nextShards(10, 0.025, goal)).toBe(18);
    expect(nextShards(10, 0.0201, goal)).toBe(12);
    expect(nextShards(10, null, goal)).toBe(20);
    expect(nextShards(200, 0.2, goal)).toBe(300);
  });

  it('adds shards like the first', () => {
    const plan = [{ index: 0, untilTimeNs: null, untilInterrupts: 7 }];
    expect(moreShards(plan, 3)).toEqual([
      { ...plan[0], index: 1 },
      { ...plan[0], index: 2 },
    ]);
  });

  it('goes on until it is reached, or to the limit and says how far it got', async () => {
    const small = { ...remote, until: { timeNs: null, interrupts: 2_000 } };
    const run = async (target: number, limit: number): Promise<typeof document> => {
      const precision = { figure: 'vista.interruptToDpc.mean', target, limit };
      return runBenchmark(small, { precision }, executeInProcess);
    };
    const reached = await run(0.05, 100);
    expect(reached.meta.precision!.reached).toBeLessThanOrEqual(0.05);
    expect(reached.meta.shards).toBeGreaterThanOrEqual(10);
    const { latency, intervals } = reached.results[1];
    const value = latency.interruptToDpc.meanNs;
    const interval = intervals!.latency.interruptToDpc.meanNs;
    expect(relativeHalfWidth({ value, interval })).toBe(reached.meta.precision!.reached);
    const stopped = await run(0.001, 12);
    expect(stopped.meta.shards).toBe(12);
    expect(stopped.meta.precision!.reached).toBeGreaterThan(0.001);
    expect(await run(0.05, 100)).toMatchObject({ results: reached.results });
  });
});
