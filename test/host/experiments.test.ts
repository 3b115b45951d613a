import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { readResult } from '../../src/export/read-result.js';
import type { ResultDocument } from '../../src/result/document.js';
import { compareResults } from '../../src/stats/compare-experiments.js';
import { evaluateRegression } from '../../src/stats/gate.js';
import { differenceOfIndependent, ratioOfIndependent } from '../../src/stats/independent.js';
import { ShardFigures } from '../../src/stats/shard-figures.js';
import { scenarioDifferences } from '../../src/stats/scenario-differences.js';
import { type Answer, runCli } from './run-cli.js';

/** Twelve shards without a warm-up: intervals in a tenth of a second. */
const RUN = ['-n', '24k', '--shards', '12', '--warmup', 'none', '--quiet', '-p', 'vista'];
const SOURCES = [
  '{ name: nic, irql: 5, isr: 2us, arrivals: { poisson: 50000/s },' +
    ' dpc: { target: 1, importance: high, service: { exponential: 4us } } }',
];
const TEXT = `name: pair
machine: { processors: 2, background: { busy: { exponential: 50us }, idle: 50us, passive: 5us } }
sources:
  - ${SOURCES[0]}
policies: [pre-vista, vista]
`;
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-experiments-'));
  file = join(folder, 'pair.yaml');
  writeFileSync(file, TEXT);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]): Promise<Answer> => runCli(['run', file, ...RUN, ...args]);

async function result(...args: string[]): Promise<ResultDocument> {
  const { out } = await run(...args, '--json', '-');
  return JSON.parse(out) as ResultDocument;
}

/** The half-width of the p99's interval, of the difference in per cent of the figure before. */
function widths(answer: Answer): number[] {
  return [...answer.out.matchAll(/\((-?[\d.]+) to (-?[\d.]+)\)(?: %)?$/gm)].map(
    ([, low, high]) => Number(high) - Number(low),
  );
}

describe('run --set --against', () => {
  it('says what differs, pairs the shards, and says by how much', async () => {
    const answer = await run('--set', 'machine.costs.dequeue=600ns', '--against', file);
    expect([answer.code, answer.err]).toEqual([EXIT.ok, '']);
    expect(answer.out).toMatch(/What differs:\n {2}machine\.costs\.dequeue +100 ns -> 600 ns\n\n/);
    expect(answer.out).toMatch(/ipisPerThousand .* -\S+ % \(-\S+ to -\S+\)$/m);
    expect(answer.out).toMatch(/vista now sends .* vista before/);
    expect(answer.out).toContain('Shards are paired: both runs draw from the streams of seed 1');
    for (const line of answer.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says the same of two files, and less of older ones', async () => {
    const set = ['--set', 'machine.costs.dequeue=200ns'];
    const paired = await run(...set, '--against', file);
    const [a, b, older] = ['a', 'b', 'older'].map((name) => join(folder, `${name}.json`));
    const before = await result();
    writeFileSync(a, JSON.stringify(before));
    writeFileSync(b, JSON.stringify(await result(...set)));
    const kept = await runCli(['compare', a, b]);
    expect(kept.out).toContain('Shards are paired');
    expect(widths(kept).length).toBe(2);
    expect(paired.out).toContain(kept.out.slice(kept.out.indexOf('What differs:')));

    const results = before.results.map(({ shards: _, ...rest }) => rest);
    writeFileSync(older, JSON.stringify({ ...before, results }));
    const apart = await runCli(['compare', older, b]);
    expect(apart.out).toMatch(/keeps no\s+figures of single shards/);
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
    expect(sum(widths(kept))).toBeLessThan(sum(widths(apart)));

    const markdown = join(folder, 'c.md');
    await runCli(['compare', a, b, '--export', markdown]);
    expect(readFileSync(markdown, 'utf8')).toContain('costs.dequeue: 100 ns → 200 ns');
  });

  it('keeps of shards what intervals are made of, and refuses columns that differ', async () => {
    const document = await result();
    const [{ counters, intervals, latency, shards }] = document.results;
    const total = shards!.counters.arrivals!.reduce((sum, count) => sum + count, 0);
    expect(total).toBe(counters.arrivals);
    const figures = ShardFigures.of(document.results[0])!;
    expect(figures.intervals(latency)).toEqual(intervals);
    expect(figures.columns()).toEqual(shards);

    shards!.latency.dpcWait.count.pop();
    expect(() => readResult(JSON.stringify(document), 'x.json')).toThrow(
      'dpcWait.count has 11 entries, and there are 12 shards',
    );
  });

  it('is the comparison of one experiment where nothing differs', async () => {
    const { out } = await run('--against', file, '--fail-on-regression', '0%');
    expect(out).toContain('All simulated figures are the same.');
  });

  it('is judged by gates, and refused beside a baseline', async () => {
    const gate = ['--fail-on-regression', '5%'];
    const slower = await run('--set', 'machine.costs.ipiFlight=9us', '--against', file, ...gate);
    expect(slower.code).toBe(EXIT.regression);
    expect(slower.out).toMatch(/^FAIL +vista\.interruptToDpc\.p50/m);
    const both = await run('--against', file, '--baseline', 'b');
    expect([both.code, both.out]).toEqual([EXIT.usage, '']);
    const other = ['--policy', 'pre-vista,msdn', '--against', file];
    expect((await runCli(['run', file, '-n', '1k', '-q', ...other])).code).toBe(EXIT.ok);
  });

  it('changes a replay as well', async () => {
    const recording = join('examples', 'recordings', 'http-loopback-2cpu.dpcrec');
    const args = ['replay', recording, '-q', '-p', 'vista', '--against', recording];
    const { code, out } = await runCli([...args, '--set', 'machine.costs.ipiFlight=5us']);
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/What differs:\n {2}machine\.costs\.ipiFlight +800 ns -> 5 µs\n\n/);
    const wrong = await runCli([...args, '--set', 'policies.x.depth=reaches']);
    expect([wrong.code, wrong.out]).toEqual([EXIT.usage, '']);
  });
});

describe('results of other experiments', () => {
  it('are refused for other rules, and where no policy is in both', async () => {
    const [a, b] = [await result(), await result('-p', 'msdn')];
    const rules = structuredClone(b);
    rules.meta.versions.rules += 1;
    const side = (document: ResultDocument) => ({ document, figures: null });
    expect(() => compareResults(side(a), side(rules))).toThrow(/the machine's rules/);
    const others = structuredClone(b);
    others.results = [others.results[0], { ...others.results[0], policy: 'x' }];
    others.results.forEach((one, i) => (one.policy = `other-${i}`));
    expect(() => compareResults(side(a), side(others))).toThrow(/no policy is in both/);
  });

  it('have no verdict where chance alone could be the difference', async () => {
    const [a, b] = [await result(), await result('--seed', '2')];
    const side = (document: ResultDocument) => ({ document, figures: null });
    const comparison = compareResults(side(a), side(b));
    if (comparison.kind !== 'experiments') throw new Error('other seeds are another experiment');
    expect(comparison.method).toContain('the seeds 1 and 2 draw other interrupts');
    expect(comparison.differences).toEqual([{ path: 'seed', before: '1', now: '2' }]);
    expect(comparison.figures.map(({ path }) => path.text)).not.toContain('vista.dpcWait.max');
    const statuses = evaluateRegression(comparison, 0).map(({ status }) => status);
    expect(statuses).toContain('noData');
    // All but p99.9, of which each shard has too few samples for an interval.
    const lax = evaluateRegression(comparison, 900).filter(({ status }) => status !== 'pass');
    expect(lax.map(({ name }) => name)).toEqual([
      'vista.dpcWait.p99.9 within +900 %',
      'vista.interruptToDpc.p99.9 within +900 %',
    ]);
  });
});

describe('scenarioDifferences', () => {
  it('names them by their place in the written form', async () => {
    const a = (await result()).scenario;
    const b = structuredClone(a);
    b.machine.tickNs = 1e6;
    b.machine.background[1].passive = { kind: 'constant', ns: 9000 };
    b.sources.push({ ...structuredClone(b.sources[0]), name: 'second one' });
    b.policies[0].other.high.table = '0000000000000000';
    b.policies[0].other.high.text = 'never';
    b.policies[0].other.low.text = 'said otherwise';
    b.until.interrupts = 5000;
    expect(scenarioDifferences(a, b)).toEqual([
      { path: 'machine.tick', before: '15.625 ms', now: '1 ms' },
      ...['busy', 'idle', 'passive', 'dispatch'].map((part) =>
        expect.objectContaining({ path: `machine.background.${part}`, now: null }),
      ),
      ...[0, 1].flatMap((i) =>
        ['busy', 'idle', 'passive', 'dispatch'].map((part) =>
          expect.objectContaining({ path: `machine.background[${i}].${part}`, before: null }),
        ),
      ),
      { path: 'sources["second one"]', before: null, now: 'there' },
      { path: 'policies.vista.other.high', before: 'idle', now: 'never' },
      { path: 'until.interrupts', before: '24,000', now: '5,000' },
    ]);
  });
});

describe('intervals of two independent estimates', () => {
  const first = { value: 100, interval: { low: 97, high: 103 } };
  const other = { value: 200, interval: { low: 196, high: 204 } };

  it('add what their ends are away in squares', () => {
    expect(differenceOfIndependent(first, other)).toEqual({ low: 95, high: 105 });
    const ratio = ratioOfIndependent(first, other)!;
    expect(Math.sqrt(ratio.low * ratio.high)).toBeCloseTo(2, 1);
    expect(ratio.high / ratio.low).toBeCloseTo(Math.exp(2 * Math.hypot(0.03, 0.02)), 2);
  });

  it('have no ratio to what may be 0', () => {
    expect(ratioOfIndependent({ value: 1, interval: { low: 0, high: 2 } }, other)).toBeNull();
  });
});
