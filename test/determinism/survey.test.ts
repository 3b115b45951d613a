import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { Survey } from '../../src/kernel/survey.js';
import { type LiveColumn, LiveColumns } from '../../src/play/live-column.js';
import { bucketIndex, percentile } from '../../src/result/histogram.js';
import type { Counters, ShardOutcome } from '../../src/result/outcome.js';

const CHUNK = { interrupts: 997, ns: 1_000_003 };
const SHARD = {
  policyIndex: 0,
  seed: 3,
  untilTimeNs: 30_000_000,
  untilInterrupts: null,
  warmupNs: 10_000_000,
};

function seriesOf(name: string, build: 'release' | 'debug', lockstep: boolean): ShardSeries {
  return new ShardSeries(loadScenario(name), 0, { kernel: shippedKernel(build), lockstep });
}

/** One source, whose DPC finds an idle processor, which takes no time to begin with it. */
const UNWAITED = `
machine:
  processors: 1
  costs: { interrupt: 0, clock: 0, dispatch: 0, dequeue: 0, haltExit: 0 }
sources:
  - name: nic
    irql: 5
    processor: 0
    isr: 0
    arrivals: { periodic: { period: 100us } }
    dpc: { importance: high, service: 1us }
until: { time: 20ms }
`;

/** Two shards in one kernel, one after another, looked at or not. */
function simulate(series: ShardSeries, onSurvey?: (survey: Survey) => void): ShardOutcome {
  for (const shardIndex of [0, 1]) {
    const shard = series.prepare({ ...SHARD, shardIndex });
    const steps = shard.steps(CHUNK);
    while (steps.next(CHUNK).done !== true) if (onSurvey) onSurvey(shard.survey());
    if (onSurvey) onSurvey(shard.survey());
    shard.add();
  }
  return series.finish().outcome();
}

/** The distribution of waits as text: a list of buckets and their samples. */
function bucketsOf(entries: Iterable<readonly [number, number]>): string {
  return [...entries].map(([bucket, count]) => `${bucket}:${count}`).join(' ');
}

describe('a survey of a running shard', () => {
  const engines = [
    ['release', false],
    ['debug', true],
  ] as const;

  it.each(['default', 'threaded-beside-audio', 'bounded-drains'])(
    'changes nothing in %s, whoever looks how often',
    (name) => {
      for (const [build, lockstep] of engines) {
        let surveys = 0;
        const seen = simulate(seriesOf(name, build, lockstep), () => surveys++);
        expect(surveys).toBeGreaterThan(20);
        expect(seen).toEqual(simulate(seriesOf(name, build, lockstep)));
      }
    },
  );

  it.each(['default', 'threaded-beside-audio', 'bounded-drains'])(
    'has in the end what the result of %s has',
    (name) => {
      for (const [build, lockstep] of engines) {
        const series = seriesOf(name, build, lockstep);
        const shard = series.prepare({ ...SHARD, shardIndex: 0 });
        const steps = shard.steps(CHUNK);
        while (steps.next(CHUNK).done !== true);
        const survey = shard.survey();
        const line = shard.add();
        expect(survey.counters).toEqual(line.counters);
        const outcome = series.finish().outcome();
        expect(survey.nowNs).toBe(outcome.endNs);
        const { dpcWait } = outcome.machine;
        const { counts, first, maxNs } = survey.waits;
        const counted = Array.from(counts, (count, i) => [first + i, count] as const);
        expect(bucketsOf(counted.filter(([, count]) => count > 0))).toBe(
          bucketsOf(Array.from(dpcWait.buckets, (bucket, i) => [bucket, dpcWait.counts[i]])),
        );
        expect(bucketIndex(maxNs)).toBeGreaterThanOrEqual(dpcWait.buckets.at(-1)!);
        expect(survey.census).toEqual(outcome.census);
        survey.processors.forEach((processor, i) => {
          const { counters, queueDepth, timeSplit } = outcome.processors[i];
          const { maximum, areaNs } = queueDepth;
          expect(processor).toEqual({
            counters,
            timeSplit,
            queueDepth: { maximum, areaNs: Number(areaNs) },
          });
        });
      }
    },
  );

  it('has waits of nothing at all, where nobody waits', () => {
    const scenario = parseScenario(UNWAITED, 'unwaited.yaml');
    for (const [build, lockstep] of engines) {
      const series = new ShardSeries(scenario, 0, { kernel: shippedKernel(build), lockstep });
      const shard = series.prepare({ ...SHARD, shardIndex: 0 });
      const steps = shard.steps(CHUNK);
      while (steps.next(CHUNK).done !== true);
      const { counters, waits } = shard.survey();
      expect(counters.dpcs).toBeGreaterThan(100);
      expect(waits).toEqual({ first: 0, counts: Uint32Array.of(counters.dpcs), maxNs: 0 });
    }
  });

  it('becomes columns that add up to what all shards have counted', () => {
    const series = seriesOf('default', 'release', false);
    const columns = new LiveColumns();
    const drawn: LiveColumn[] = [];
    const counted: Counters[] = [];
    expect(columns.total()).toBeNull();
    for (const shardIndex of [0, 1]) {
      const shard = series.prepare({ ...SHARD, warmupNs: 0, shardIndex });
      columns.begin(0);
      expect(columns.at(0)).toBe(shardIndex * SHARD.untilTimeNs);
      const steps = shard.steps(CHUNK);
      let isOver = false;
      while (!isOver) {
        isOver = steps.next(CHUNK).done === true;
        const column = columns.add(shard.survey());
        if (column !== null) drawn.push(column);
        const { deepest, depths, shares } = columns.processors.read()!;
        depths.forEach((depth, i) => expect(depth).toBeLessThanOrEqual(deepest[i]));
        const whole = shares.reduce((sum, share) => sum + share, 0);
        expect(whole).toBeCloseTo(deepest.length, 3);
      }
      // No time has passed since.
      expect(columns.add(shard.survey())).toBeNull();
      counted.push(shard.add().counters);
    }
    const { machine } = series.finish().outcome();
    const all = (name: 'arrivals' | 'ipis' | 'dpcs'): number =>
      counted.reduce((sum, counters) => sum + counters[name], 0);
    const endNs = 2 * SHARD.untilTimeNs;
    expect(columns.total()).toMatchObject({
      atNs: endNs,
      arrivals: all('arrivals'),
      ipis: all('ipis'),
      dpcs: all('dpcs'),
      p50Ns: percentile(machine.dpcWait, 5_000),
      p99Ns: percentile(machine.dpcWait, 9_900),
    });
    const total = (of: (column: LiveColumn) => number): number =>
      drawn.reduce((sum, column) => sum + of(column), 0);
    expect(total(({ spanNs }) => spanNs)).toBe(endNs);
    expect(total(({ arrivals }) => arrivals)).toBe(all('arrivals'));
    expect(total(({ ipis }) => ipis)).toBe(all('ipis'));
    expect(drawn.at(-1)!.atNs).toBe(endNs);
  });
});
