import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/result/document.js';
import { lead } from '../../src/stats/verdict.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

const POLICIES = ['pre-vista', 'vista', 'nt52', 'msdn'];

interface Figures {
  ipis: number;
  p99Ns: number | null;
  maxNs?: number;
}

/** Four policies with these figures, in the order of POLICIES, and no intervals. */
function documentOf(figures: readonly Figures[]): ResultDocument {
  const document = inventedResult({ policies: POLICIES, samples: 100 });
  document.results.forEach((result, i) => {
    const { ipis, p99Ns, maxNs = 9000 } = figures[i];
    result.counters.ipis = ipis;
    result.intervals = null;
    Object.assign(result.latency.dpcWait, { p99Ns, maxNs });
  });
  return document;
}

/** The sentences that compare the policies, where there is no answer to a question. */
function compared(figures: readonly Figures[]): string[] {
  return lead(documentOf(figures));
}

describe('the answer for four policies', () => {
  it('names the one with the fewest IPIs and the one with the shortest p99', () => {
    expect(
      compared([
        { ipis: 1000, p99Ns: 4000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 100, p99Ns: 8000 },
        { ipis: 2000, p99Ns: 2000 },
      ]),
    ).toEqual([
      expect.stringMatching(/^nt52 sends 90 % fewer IPIs than pre-vista \(100 against 1,000\); /),
      expect.stringMatching(/^msdn sends 100 % more IPIs than pre-vista \(2,000 against 1,000\); /),
    ]);
  });

  it('says it once of one that has both', () => {
    expect(
      compared([
        { ipis: 1000, p99Ns: 4000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 100, p99Ns: 2000 },
        { ipis: 2000, p99Ns: 3000 },
      ]),
    ).toEqual([expect.stringMatching(/^nt52 sends 90 % fewer IPIs than pre-vista/)]);
  });

  it('says that the first is not beaten, in the one or in both', () => {
    expect(
      compared([
        { ipis: 100, p99Ns: 4000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 100, p99Ns: 2000 },
        { ipis: 2000, p99Ns: 3000 },
      ]),
    ).toEqual([
      'None sends fewer IPIs than pre-vista.',
      expect.stringMatching(/^nt52 sends as many IPIs as pre-vista \(100\); /),
    ]);
    expect(
      compared([
        { ipis: 100, p99Ns: 2000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 101, p99Ns: 2000 },
        { ipis: 2000, p99Ns: null },
      ]),
    ).toEqual([
      'None sends fewer IPIs than pre-vista.',
      'None has a shorter p99 DPC latency than pre-vista.',
    ]);
  });

  it('counts policies that cost the same', () => {
    const same = { ipis: 7, p99Ns: 2000 };
    expect(compared([same, same, same, same])).toEqual([
      expect.stringMatching(/^All 4 policies cost the same here: 7 IPIs, /),
    ]);
  });
});
