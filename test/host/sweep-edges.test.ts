import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import type { SweepDocument, SweepParameter, SweepPoint } from '../../src/result/sweep-document.js';
import { mainEffects } from '../../src/stats/main-effects.js';
import { loadParameters, paretoFront, tradesOf } from '../../src/stats/pareto.js';
import { designOf } from '../../src/sweep/design.js';
import { parseParameter } from '../../src/sweep/parameter.js';
import { planSweep } from '../../src/sweep/plan-sweep.js';

describe('the values of a parameter', () => {
  it.each([
    ['a=1..10000', 10_000],
    ['a=0..9999:1', 10_000],
    ['a=1..2.7181x1.0001', 10_000],
    ['a=1..9999,x', 10_000],
    ['a=2..16x2', 4],
    ['a=5..5', 1],
    [`a=${'x'.repeat(16_382)}`, 1],
  ])('are as many as they may be', (text, count) => {
    expect(parseParameter(text).values).toHaveLength(count);
  });

  it.each([
    ['a=1..10001', '--param a: 10,001 values are too many'],
    ['a=1..2.7183x1.0001', '10,001 values are too many'],
    ['a=1..10000,x', '10,001 values are too many'],
    [`a=${'x'.repeat(16_383)}`, 'this is no parameter and its values'],
    ['=1', 'this is no parameter and its values'],
    [`${'b'.repeat(39)}cd`, `--param "${'b'.repeat(39)}c": this is no parameter`],
    ['a=1..8x1', 'factors go up from above 0'],
    ['a=1foo..2us', '"us" and "foo" are no units of one kind'],
    ['a=1us..2foo', '"foo" and "us" are no units of one kind'],
    ['a=1us..2k/s', '"k/s" and "us" are no units of one kind'],
  ])('are refused one beyond: %.20s', (text, message) => {
    expect(() => parseParameter(text)).toThrow(message);
  });

  it.each([
    [`a="x,y",'z,"w',[1,2]`, ['"x,y"', `'z,"w'`, '[1,2]']],
    ['a=123456789.1234..123456789.1234', ['123456789.123']],
    ['a=0.1..0.3:0.1', ['0.1', '0.2', '0.3']],
  ])('%s are %j', (text, values) => {
    expect(parseParameter(text).values).toEqual(values);
  });

  it.each([
    ['a=1,30', true],
    ['a=1,29', false],
    ['a=10,20', false],
    ['a=0,30', false],
    ['a=one,30', false],
  ])('%s stand on a logarithmic axis: %s', (text, isLog) => {
    expect(parseParameter(text).isLog).toBe(isLog);
  });
});

describe('a design', () => {
  const of = (...sizes: number[]): SweepParameter[] =>
    sizes.map((size, i) => parseParameter(`p${i}=0..${size - 1}`));

  it('has at most 100,000 points', () => {
    const points = (policies: number): unknown => designOf([], { policies, sample: null, seed: 1 });
    expect(points(100_000)).toEqual([[]]);
    expect(() => points(100_001)).toThrow('100,001 points: at most 100,000 are simulated');
    const huge = of(9999, 9999, 9999, 9999, 9999);
    expect(() => designOf(huge, { policies: 1, sample: null, seed: 1 })).toThrow('1.0e+20 points');
  });

  it('counts a point for each policy of the scenario', () => {
    const base = loadScenario('remote-completion');
    const plan = (size: number): unknown =>
      planSweep({
        parameters: of(500, size),
        sample: null,
        seed: 1,
        front: ['ipis', 'dpcWait.p99'],
        open: () => ({ ...base, policies: base.policies.slice(0, 2) }),
        commandOf: () => '',
        options: {},
      });
    expect(plan(100)).toMatchObject({ choices: { length: 50_000 } });
    expect(() => plan(101)).toThrow('101,000 points: at most 100,000 are simulated');
  });

  it('is every combination, in order, where a sample would have as many', () => {
    const all = { policies: 1, sample: null, seed: 1 };
    expect(designOf(of(2, 3), { ...all, sample: 6 })).toEqual(designOf(of(2, 3), all));
  });

  it('is drawn by its seed, for good', () => {
    const drawn = designOf(of(3, 50), { policies: 1, sample: 8, seed: 5 });
    expect(drawn.map((choice) => choice.join(' '))).toEqual([
      '1 49',
      '2 14',
      '0 29',
      '2 1',
      '1 22',
      '0 10',
      '2 42',
      '0 35',
    ]);
  });

  it('has no choice twice', () => {
    const counts = Array.from({ length: 20 }, (_, seed) => {
      const drawn = designOf(of(2, 2), { policies: 1, sample: 3, seed });
      expect(new Set(drawn.map((choice) => choice.join())).size).toBe(drawn.length);
      return drawn.length;
    });
    expect([...new Set(counts)].sort()).toEqual([2, 3]);
  });
});

describe('the front', () => {
  it.each([
    [
      [
        [1, 3],
        [1, 2],
      ],
      [1],
    ],
    [
      [
        [2, 2],
        [1, 2],
        [1, 2],
        [0, 3],
      ],
      [3, 1],
    ],
    [
      [
        [1, 2],
        [1, 1],
        [1, 2],
        [1, 1],
        [1, 3],
      ],
      [1],
    ],
    [
      [[2, 1], [1, 2], null, [2, 0]],
      [1, 3],
    ],
  ] as [([number, number] | null)[], number[]][])('of %j is %j', (trades, front) => {
    expect(paretoFront(trades)).toEqual(front);
  });

  it('has no point without both of its figures', () => {
    const figures = (...values: (number | null)[]): unknown => ({
      figures: values.map((value) => ({ value })),
    });
    const points = [figures(1, 2), figures(null, 2), figures(1, null), figures(0, 0)];
    const sweep = { front: [0, 1], points } as unknown as SweepDocument;
    expect(tradesOf(sweep)).toEqual([[1, 2], null, null, [0, 0]]);
  });

  it('is told apart by what changes the load, of which there are several values', () => {
    const paths: [string, number][] = [
      ['machine.processors', 2],
      ['machine.background.busy', 1],
      ['sources.nic.arrivals', 2],
      ['sources.nic.dpc.service', 3],
      ['sources.nic.irql', 2],
      ['sources', 2],
    ];
    const parameters = paths.map(([path, count]) => ({ path, values: Array(count).fill('x') }));
    expect(loadParameters({ parameters } as unknown as SweepDocument)).toEqual([
      'machine.processors',
      'sources.nic.arrivals',
      'sources.nic.dpc.service',
      'sources',
    ]);
  });
});

describe('main effects', () => {
  /** A point for each list of places; its figure is what `of` makes of them. */
  function sweepOf(
    sizes: readonly number[],
    choices: readonly number[][],
    of: (choice: readonly number[]) => number | null,
  ): SweepDocument {
    const points = choices.map(
      (choice) => ({ choice, policy: 'vista', figures: [{ value: of(choice) }] }) as never,
    ) as SweepPoint[];
    const parameters = sizes.map((size, i) => parseParameter(`p${i}=0..${10 * (size - 1)}:10`));
    return { parameters, points, policies: ['nt52', 'vista'] } as unknown as SweepDocument;
  }
  const grid = (a: number, b: number): number[][] =>
    Array.from({ length: a * b }, (_, i) => [Math.floor(i / b), i % b]);

  it('are those of single values on a grid, the largest first', () => {
    const sweep = sweepOf([3, 7], grid(3, 7), ([a, b]) => 10 * a + b);
    expect(mainEffects(sweep, 0)).toEqual([
      { parameter: 'p0', least: { at: '0', mean: 3 }, most: { at: '20', mean: 23 } },
      { parameter: 'p1', least: { at: '0', mean: 10 }, most: { at: '60', mean: 16 } },
    ]);
  });

  it('go from the first of equal ones, and leave out what has no figure', () => {
    const sweep = sweepOf([4, 1], grid(4, 1), ([a]) => [5, 1, null, 5][a]);
    expect(mainEffects(sweep, 0)).toEqual([
      { parameter: 'p0', least: { at: '10', mean: 1 }, most: { at: '0', mean: 5 } },
    ]);
    const flat = sweepOf([3, 1], grid(3, 1), () => 2);
    expect(mainEffects(flat, 0)).toEqual([
      { parameter: 'p0', least: { at: '0', mean: 2 }, most: { at: '0', mean: 2 } },
    ]);
  });

  it('of a sample are those of thirds, from six values on', () => {
    const diagonal = (count: number): number[][] =>
      Array.from({ length: count }, (_, i) => [i, count - 1 - i]);
    const six = mainEffects(
      sweepOf([6, 6], diagonal(6), ([a]) => a * a),
      0,
    );
    expect(six.map(({ least, most }) => [least.at, least.mean, most.at, most.mean])).toEqual([
      ['0–10', 0.5, '40–50', 20.5],
      ['40–50', 0.5, '0–10', 20.5],
    ]);
    const [five] = mainEffects(
      sweepOf([6, 6], diagonal(5), ([a]) => a * a),
      0,
    );
    expect([five.least.at, five.most.at]).toEqual(['0', '40']);
    const [seven] = mainEffects(
      sweepOf([8, 8], diagonal(7), ([a]) => a),
      0,
    );
    expect([seven.least, seven.most]).toEqual([
      { at: '0–20', mean: 1 },
      { at: '50–60', mean: 5.5 },
    ]);
  });
});
