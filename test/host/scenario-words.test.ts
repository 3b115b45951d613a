import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/result/document.js';
import type { Distribution } from '../../src/scenario/scenario.js';
import { scenarioDifferences } from '../../src/stats/scenario-differences.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

type Simulated = ResultDocument['scenario'];
const invented = (): Simulated =>
  inventedResult({ policies: ['vista'], samples: 100, sources: ['nic', 'a b'], processors: 2 })
    .scenario;

/** What is said to differ after changes on both sides, or on one. */
function said(change: (now: Simulated) => void, first: (before: Simulated) => void = () => {}) {
  const [before, now] = [invented(), invented()];
  first(before);
  change(now);
  return scenarioDifferences(before, now).map(
    ({ before: from, now: to, path }) => `${path}: ${from} -> ${to}`,
  );
}

/** The first source, which is a device. */
const nic = (of: Simulated) =>
  of.sources[0] as Extract<Simulated['sources'][0], { kind: 'device' }>;

describe('what differs between two scenarios', () => {
  it('is nothing where they are the same, or say the same in other words', () => {
    expect(said(() => {})).toEqual([]);
    const policy = ({ policies }: Simulated): void => {
      Object.assign(policies[0], { sentence: 'x', source: 'y', drainTimeNs: 0 });
    };
    expect(said(policy)).toEqual([]);
  });

  it('are times, counts and lists, of which eight values are shown', () => {
    expect(said(({ machine }) => (machine.costs.dequeueNs = 2500))).toEqual([
      'machine.costs.dequeue: 100 ns -> 2.5 µs',
    ]);
    expect(said((now) => (nic(now).fifo = 4096))).toEqual(['sources.nic.fifo: 1,024 -> 4,096']);
    const placed = (count: number) => (of: Simulated) =>
      (nic(of).processors = Array.from({ length: count }, (_, i) => i % 2));
    expect(said(placed(8), placed(9))).toEqual([
      'sources.nic.processor: 9 values: 0, 1, 0, 1, 0, 1, 0, 1, … -> 0, 1, 0, 1, 0, 1, 0, 1',
    ]);
    expect(said(({ sources }) => (sources[1].name = 'c'))).toEqual([
      'sources["a b"]: there -> null',
      'sources.c: null -> there',
    ]);
    expect(said(({ policies }) => (policies[0].drainTimeNs = 5000))).toEqual([
      'policies.vista.drainTime: 0 ns -> 5 µs',
    ]);
    expect(said(({ until }) => (until.timeNs = null))).toEqual(['until.time: 2 s -> none']);
    const [own] = invented().machine.background;
    const other = { ...own, idle: { kind: 'constant', ns: 1 } } as typeof own;
    expect(said(({ machine }) => (machine.background = [other, other]))).toEqual([
      'machine.background.idle: 600 µs -> 1 ns',
    ]);
    expect(said(({ machine }) => (machine.background = [own, other])).length).toBeGreaterThan(1);
  });

  it('are arrivals by their kind, with where they start', () => {
    const to = (arrivals: object): string => {
      const [first] = said((now) => (nic(now).arrivals = arrivals as never));
      return first.replace(/^sources\.nic\.arrivals: Poisson, 20,000\/s -> /, '');
    };
    const gap = { kind: 'exponential', meanNs: 3 };
    expect(to({ kind: 'renewal', startNs: 0, gap })).toBe('Poisson, 333,333,000/s');
    expect(to({ kind: 'renewal', startNs: 7, gap })).toBe('Poisson, 333,333,000/s, from 7 ns on');
    const constant = { kind: 'constant', ns: 9 };
    expect(to({ kind: 'renewal', startNs: 0, gap: constant })).toBe('renewal, gap 9 ns');
    expect(to({ kind: 'at', atNs: [1, 2, 3] })).toBe('a list of 3');
    expect(to({ kind: 'periodic', startNs: 5, periodNs: 2000, jitter: gap })).toBe(
      'periodic, period 2 µs, jitter exponential of mean 3 ns, from 5 ns on',
    );
    expect(to({ kind: 'bursts', startNs: 0, on: gap, off: constant, gap })).toBe(
      'bursts, on exponential of mean 3 ns, off 9 ns, gap exponential of mean 3 ns',
    );
    const recording = { origin: 'a.dpcrec', arrivals: 12_345 };
    expect(to({ kind: 'recording', recording })).toBe('a.dpcrec, 12,345 arrivals');
  });

  it.each<[Distribution, string]>([
    [{ kind: 'constant', ns: 1500 }, '1.5 µs'],
    [{ kind: 'uniform', minNs: 1, maxNs: 2000 }, 'uniform from 1 ns to 2 µs'],
    [{ kind: 'exponential', meanNs: 1.5 }, 'exponential of mean 1.5 ns'],
    [{ kind: 'lognormal', meanNs: 5, p99Ns: 9 }, 'log-normal of mean 5 ns and p99 9 ns'],
    [{ kind: 'pareto', shape: 1.5, minNs: 1, maxNs: 9 }, 'Pareto of shape 1.5 from 1 ns to 9 ns'],
    [
      { kind: 'mixture', parts: [{ weight: 1, of: { kind: 'constant', ns: 8 } }] },
      'a mixture of 1, of mean 8 ns',
    ],
    [{ kind: 'histogram', edgesNs: [0, 10], weights: [3] }, 'a histogram of 1, of mean 5 ns'],
  ])('are distributions: %j', (of, words) => {
    expect(said((now) => (nic(now).isr = of))).toEqual([`sources.nic.isr: 2 µs -> ${words}`]);
  });
});
