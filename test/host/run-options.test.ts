import { describe, expect, it } from 'vitest';
import { type RunFlags, runOptions } from '../../src/cli/carry-out.js';
import { EXIT } from '../../src/errors.js';
import { firstDifference } from '../../src/stats/first-difference.js';
import type { ResultDocument } from '../../src/result/document.js';
import { type Answer, runCli } from './run-cli.js';

const dpcbench = (...args: string[]): Promise<Answer> => runCli(args);

async function documentOf(...args: string[]): Promise<ResultDocument> {
  const { code, out, err } = await dpcbench(...args, '--json', '-', '--quiet');
  expect([code, err]).toEqual([EXIT.ok, '']);
  return JSON.parse(out) as ResultDocument;
}

describe('firstDifference', () => {
  it('names the place, or nothing', () => {
    const a = { results: [{ policy: 'vista', counters: { ipis: 3, dpcs: 4 } }], n: null };
    expect(firstDifference(a, structuredClone(a))).toBeNull();
    const b = structuredClone(a);
    b.results[0].counters.ipis = 4;
    expect(firstDifference(a, b)).toBe('results[0].counters.ipis');
    expect(firstDifference({ x: [1] }, { x: [1, 2] })).toBe('x[1]');
    expect(firstDifference({ x: [] }, { x: {} })).toBe('x');
    expect(firstDifference({ x: null }, { x: 0 })).toBe('x');
  });
});

describe('which runs count decisions', () => {
  it.each([
    [{}, false],
    [{ decisions: true }, true],
    [{ json: 'x.json' }, true],
    [{ report: 'x.html' }, true],
    [{ journal: 'x.journal' }, true],
    [{ saveBaseline: 'main' }, true],
    [{ export: ['x.csv'] }, true],
    [{ export: [] }, false],
    [{ by: 'importance' }, true],
    [{ by: 'source' }, false],
    [{ json: 'x.json', decisions: false }, false],
  ] as const)('%j: %s', (flags, counts) => {
    expect(runOptions(flags as RunFlags).census).toBe(counts);
  });

  it('and no other figure depends on it', async () => {
    const counted = await documentOf('run', 'w8', '-n', '20k');
    const uncounted = await documentOf('run', 'w8', '-n', '20k', '--no-decisions');
    expect(counted.results.every(({ decisions }) => decisions!.length > 0)).toBe(true);
    expect(uncounted.results.every(({ decisions }) => decisions === null)).toBe(true);
    for (const result of counted.results) result.decisions = null;
    expect(uncounted.results).toEqual(counted.results);
    expect(uncounted.comparisons).toEqual(counted.comparisons);
  });
});

describe('options of a run', () => {
  it('--warmup leaves out a beginning, and the whole length is measured after it', async () => {
    const run = ['run', 'w1', '-p', 'vista'];
    const head = await documentOf(...run, '-t', '50ms');
    const whole = await documentOf(...run, '-t', '150ms');
    const cut = await documentOf(...run, '-t', '100ms', '--warmup', '50ms');
    expect(cut.meta).toMatchObject({ durationNs: 100_000_000, warmup: { ns: 50_000_000 } });
    const [before, both, after] = [head, whole, cut].map(({ results }) => results[0].counters);
    expect(after.arrivals).toBe(both.arrivals - before.arrivals);
    expect(after.dpcs).toBe(both.dpcs - before.dpcs);
    const { code, err } = await dpcbench(...run, '--warmup', 'soon');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('--warmup');
  });

  it('--precision adds shards until the figure is known that well', async () => {
    const run = ['run', 'w1', '-n', '200k', '-p', 'vista', '--figure', 'vista.dpcWait.mean'];
    const { meta } = await documentOf(...run, '--precision', '1%');
    expect(meta.precision?.reached).toBeLessThanOrEqual(0.01);
    expect(meta.shards).toBeGreaterThanOrEqual(10);
    const stopped = await dpcbench(
      ...run,
      '--precision',
      '0.01%',
      '--most-shards',
      '11',
      '--quiet',
    );
    expect(stopped.code).toBe(EXIT.noData);
    expect(stopped.err).toMatch(/after 11 shards vista\.dpcWait\.mean is known to .* 0\.01 %/);
    expect(stopped.out).toMatch(/vista\.dpcWait\.mean is known to \S+%, asked for: <0\.1%/);
    const whole = 'test/fixtures/scenarios/03-high-goes-to-the-front.json';
    const figure = 'pre-vista.dpcWait.mean';
    const fixed = await dpcbench('run', whole, '--precision', '1%', '--figure', figure);
    expect([fixed.code, fixed.out]).toEqual([EXIT.usage, '']);
    expect(fixed.err).toContain('--precision has no shards to add');
    const { code, err } = await dpcbench('run', 'w1', '--precision', '1%');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('--figure');
  });

  it('--check-determinism runs again with other workers and the other engine', async () => {
    const run = ['run', 'w1', '-n', '100k', '-p', 'vista', '--workers', '1'];
    const { code, err } = await dpcbench(...run, '--check-determinism', '--quiet');
    expect(code).toBe(EXIT.ok);
    expect(err).toMatch(
      /^Determinism: run again with \d+ workers and one event at a time, the result is the same /,
    );
  });
});
