import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../src/scenario/scenario.js';
import { isConstant, shareOver } from '../../src/stats/share-over.js';

const CASES: [Distribution, number, number][] = [
  [{ kind: 'constant', ns: 10 }, 9, 1],
  [{ kind: 'constant', ns: 10 }, 10, 0],
  [{ kind: 'uniform', minNs: 100, maxNs: 200 }, 150, 0.5],
  [{ kind: 'uniform', minNs: 100, maxNs: 200 }, 99, 1],
  [{ kind: 'uniform', minNs: 100, maxNs: 200 }, 200, 0],
  [{ kind: 'uniform', minNs: 100, maxNs: 200 }, 100, 1],
  [{ kind: 'uniform', minNs: 100, maxNs: 100 }, 99, 1],
  [{ kind: 'uniform', minNs: 100, maxNs: 100 }, 100, 0],
  [{ kind: 'exponential', meanNs: 1000 }, 1000 * Math.LN2, 0.5],
  [{ kind: 'exponential', meanNs: 0 }, 0, 0],
  [{ kind: 'exponential', meanNs: 1 }, 1, 1 / Math.E],
  [{ kind: 'lognormal', meanNs: 3000, p99Ns: 12000 }, 0, 1],
  [{ kind: 'lognormal', meanNs: 3000, p99Ns: 3000 }, 2999, 1],
  [{ kind: 'lognormal', meanNs: 3000, p99Ns: 3000 }, 3000, 0],
  // All but what is over a tiny limit, from the other tail.
  [{ kind: 'lognormal', meanNs: 3000, p99Ns: 12000 }, 1, 1],
  // The 99th percentile is over one in a hundred by definition; the median of ln X is its mean.
  [{ kind: 'lognormal', meanNs: 3000, p99Ns: 12000 }, 12000, 0.01],
  [{ kind: 'lognormal', meanNs: 20000, p99Ns: 60000 }, 60000, 0.01],
  // P(X > x) = x^-1 for shape 1 on [1, inf), cut at 100: (1/2 − 1/100) / (1 − 1/100).
  [{ kind: 'pareto', shape: 1, minNs: 1, maxNs: 100 }, 2, 0.49 / 0.99],
  [{ kind: 'pareto', shape: 2, minNs: 10, maxNs: 100 }, 5, 1],
  [{ kind: 'pareto', shape: 2, minNs: 10, maxNs: 100 }, 10, 1],
  [{ kind: 'pareto', shape: 2, minNs: 10, maxNs: 100 }, 100, 0],
  [{ kind: 'pareto', shape: 2, minNs: 10, maxNs: 100 }, 101, 0],
  [
    {
      kind: 'mixture',
      parts: [
        { weight: 3, of: { kind: 'constant', ns: 1 } },
        { weight: 1, of: { kind: 'constant', ns: 100 } },
      ],
    },
    50,
    0.25,
  ],
  [{ kind: 'histogram', edgesNs: [0, 10, 20], weights: [1, 3] }, 15, 0.375],
];

describe('shareOver', () => {
  it.each(CASES)('of %j at %d ns is %d', (distribution, limitNs, share) => {
    expect(shareOver(distribution, limitNs)).toBeCloseTo(share, 6);
  });
});

describe('isConstant', () => {
  const one = (of: Distribution): Distribution => ({ kind: 'mixture', parts: [{ weight: 2, of }] });
  const constant: Distribution = { kind: 'constant', ns: 5 };
  const drawn: Distribution = { kind: 'exponential', meanNs: 1 };

  it.each<Distribution>([
    constant,
    { kind: 'uniform', minNs: 5, maxNs: 5 },
    { kind: 'lognormal', meanNs: 3000, p99Ns: 3000 },
    { kind: 'exponential', meanNs: 0 },
    one(constant),
    one(one(constant)),
  ])('is true of what draws nothing: %j', (of) => expect(isConstant(of)).toBe(true));

  it.each<Distribution>([
    { kind: 'uniform', minNs: 5, maxNs: 6 },
    drawn,
    { kind: 'lognormal', meanNs: 3000, p99Ns: 12000 },
    { kind: 'pareto', shape: 1, minNs: 1, maxNs: 100 },
    one(drawn),
    { kind: 'mixture', parts: [constant, constant].map((of) => ({ weight: 1, of })) },
    { kind: 'histogram', edgesNs: [0, 10, 20], weights: [1, 3] },
  ])('is false of what draws: %j', (of) => expect(isConstant(of)).toBe(false));
});
