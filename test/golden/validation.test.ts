import { describe, expect, it } from 'vitest';
import type { ShardLine } from '../../src/result/shard-line.js';
import { RunCancelled, type RunProgress } from '../../src/run/tasks.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { measureCoverage } from '../../src/study/coverage.js';
import { measureScenarioCoverage } from '../../src/study/scenario-coverage.js';
import { validate } from '../../src/study/validate.js';
import { mean, quantile, timeShare, under } from '../../src/study/validation-case.js';
import { validationCases } from '../../src/study/validation-cases.js';
import { expectGolden, hashOf } from './golden-file.js';

/** Digits that every machine computes alike. */
const short = (value: number | null): string =>
  value === null ? 'null' : String(Number(value.toPrecision(9)));

/** A shard whose figures all differ. */
function lineOf(scale: number): ShardLine {
  const wait = (first: number) => ({
    count: scale * first,
    sumNs: scale * (first + 1),
    p50Ns: first + 2,
    p90Ns: first + 3,
    p99Ns: scale === 1 ? null : first + 4,
  });
  const latency = (first: number) => ({ interruptToDpc: wait(first), dpcWait: wait(first + 5) });
  const counters = (first: number) => ({
    arrivals: first,
    localRequests: first + 1,
    ticks: first + 2,
    rescues: first + 3,
    ipis: first + 4,
  });
  const timeSplit = { isrNs: 7 * scale, dispatchDrainNs: 11 * scale };
  return {
    startNs: 100,
    endNs: 100 + 1000 * scale,
    counters: counters(70),
    latency: latency(10),
    sources: [20, 30, 40].map((first) => ({ latency: latency(first), counters: counters(first) })),
    processors: [50, 60].map((first) => ({
      timeSplit,
      latency: latency(first),
      counters: counters(first),
      queueDepth: { areaNs: BigInt(first * 1000), maximum: 3 },
    })),
  } as unknown as ShardLine;
}

describe('as before are', () => {
  it('the special cases of the machine, with what theory says of each', () => {
    const lines = validationCases().flatMap(
      ({ isExact, load, model, rows, scenario, warmupNs }) => {
        const { name, policies, ...machine } = scenario;
        const rules = policies.map((one) => `${one.name} ${hashOf(JSON.stringify(one))}`);
        return [
          `# ${model} ${load}${isExact ? ', exactly' : ''}, warm-up ${warmupNs}: ${name}`,
          JSON.stringify(machine),
          rules.join(', '),
          ...rows.map(({ figure, isPercentile, measure, policy, theory, unit }) => {
            const parts = [1, 2].map((scale) => measure(lineOf(scale)));
            const told = parts.map((one) => (one ? `${one.numerator}/${one.denominator}` : null));
            const what = `${figure} under ${policy}${isPercentile ? ', to a bucket' : ''}`;
            return `${what}: ${short(theory)} ${unit}, of ${told.join(' and ')}`;
          }),
        ];
      },
    );
    expectGolden('validation/cases.txt', lines.join('\n') + '\n');
  });

  it('the answers to a few of them, with intervals or without', async () => {
    const all = validationCases();
    const cases = ['M/M/1', 'tick wait', 'Low if slow'].map((name) =>
      all.find(({ model }) => model === name)!,
    );
    const lines: string[] = [];
    for (const interrupts of [19_999, 20_000, 40_001]) {
      const { figures, ...meta } = await validate({ interrupts, seed: 3, workers: 1 }, cases);
      lines.push(JSON.stringify(meta));
      for (const { figure, interval, measured, model, theory, verdict } of figures) {
        const ends = interval && `${short(interval.low)} to ${short(interval.high)}`;
        lines.push(`${model} ${figure}: ${short(measured)} (${ends}) ${short(theory)} ${verdict}`);
      }
    }
    expectGolden('validation/answers.txt', lines.join('\n') + '\n');
  });

  it('how often intervals of a small scenario hold the truth', async () => {
    const scenario = resolveScenario({
      name: 'small',
      machine: { processors: 2 },
      sources: [
        {
          name: 'nic',
          irql: 6,
          arrivals: { poisson: '20k/s' },
          dpc: { target: 1, importance: 'high', service: { exponential: '9us' } },
        },
      ],
      policies: ['pre-vista', 'vista'],
      until: { interrupts: 2_500 },
    });
    const shares: string[] = [];
    const onProgress = ({ share }: RunProgress): void => {
      const text = share.toFixed(4);
      if (shares.at(-1) !== text) shares.push(text);
    };
    const options = { experiments: 2, workers: 1, onProgress };
    const rows = await measureScenarioCoverage([scenario], options);
    const text = JSON.stringify(rows, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    );
    expectGolden('validation/scenarios.txt', `${text}\n${shares.join(' ')}\n`);
  });
});

it('a figure of a case is measured by sums, a percentile by itself where a shard has one', () => {
  const shards = [1, 2].map(lineOf);
  const measured = (row: ReturnType<typeof mean>): unknown[] => shards.map(row.measure);
  expect(measured(mean('it', 1))).toEqual([
    { numerator: 11, denominator: 10 },
    { numerator: 22, denominator: 20 },
  ]);
  expect(measured(quantile(9_900, 1))).toEqual([null, { numerator: 14, denominator: 1 }]);
  expect(quantile(5_000, 8)).toMatchObject({
    figure: 'p50 wait',
    unit: 'ns',
    policy: 0,
    theory: 8,
    isPercentile: true,
  });
  expect(measured(quantile(9_000, 1))[0]).toEqual({ numerator: 13, denominator: 1 });
  expect(measured(timeShare('it', 1, 'isrNs'))[1]).toEqual({ numerator: 14, denominator: 2000 });
  expect(under(3, mean('it', 1))).toMatchObject({ policy: 3, isPercentile: false });
});

it('more interrupts than shards can count are refused before anything is simulated', async () => {
  const most = 20 * 1e10;
  const refused = validate({ interrupts: 1e15, workers: 1 }, []);
  await expect(refused).rejects.toThrow(
    /^1,000,000,000,000,000 interrupts of each case: 20 shards/,
  );
  await expect(validate({ interrupts: Math.min(most, 1), workers: 1 }, [])).resolves.toMatchObject({
    schema: 'dpcbench-validation/1',
    shards: 20,
    figures: [],
  });
});

describe('coverage', () => {
  it('tells how far it is before each experiment', async () => {
    const told: RunProgress[] = [];
    const found = await measureCoverage({ experiments: 2, onProgress: (one) => told.push(one) });
    expect(told).toEqual([
      { interrupts: 0, share: 0, tasksDone: 0, tasks: 120 },
      { interrupts: 120_000, share: 0.5, tasksDone: 60, tasks: 120 },
    ]);
    expect(found.map(({ experiments }) => experiments)).toEqual([2, 2, 2, 2]);
    expect(found.map(({ held }) => held)).toEqual([2, 2, 2, 2]);
  });

  it('of nothing is nothing, and ends when it is told to', async () => {
    expect((await measureCoverage({ experiments: 0 })).map(({ held }) => held)).toEqual([
      0, 0, 0, 0,
    ]);
    const aborted = AbortSignal.abort();
    await expect(measureCoverage({ experiments: 1, signal: aborted })).rejects.toThrow(
      RunCancelled,
    );
  });
});
