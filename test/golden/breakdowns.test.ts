import { describe, it } from 'vitest';
import { type Breakdown, breakdownLines } from '../../src/export/breakdown.js';
import type { ResultDocument } from '../../src/result/document.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { expectGolden } from './golden-file.js';

type Value = number | null;

/** A result of sources with these p99 DPC latencies under each policy, in ns. */
function documentOf(p99s: readonly (readonly Value[])[]): ResultDocument {
  const policies = p99s[0].map((_, i) => `rules ${i}`);
  const sources = p99s.map((_, i) => `source ${i}`);
  const document = inventedResult({ processors: 2, samples: 600, sources, policies });
  document.results.forEach((result, policy) => {
    result.sources.forEach((source, i) => {
      Object.assign(source.latency.dpcWait, { count: 600, p99Ns: p99s[i][policy] });
    });
  });
  return document;
}

function edited(
  p99s: readonly (readonly Value[])[],
  edit: (document: ResultDocument) => void,
): ResultDocument {
  const document = documentOf(p99s);
  edit(document);
  return document;
}

const CASES: Record<string, ResultDocument> = {
  'one policy': documentOf([[100], [300], [200]]),
  'one source': documentOf([[100, 300]]),
  'five sources': documentOf([[1000], [3000], [2000], [4000], [5000]]),
  'six sources': documentOf([[1000], [3000], [2000], [4000], [6000], [5000]]),
  'two policies, alike and not': documentOf([
    [10_000, 10_000],
    [10_000, 10_099],
    [10_000, 10_100],
    [10_000, 10_200],
    [10_200, 10_000],
    [20_000, 20_100],
    [10_000, 15_000],
    [15_000, 10_000],
    [10_000, 40_000],
    [40_000, 10_000],
    [40_000, null],
    [null, 40_000],
    [0, 40_000],
    [0, 0],
    [null, null],
  ]),
  'two policies that change nothing': documentOf([
    [10_000, 10_050],
    [30_000, 30_000],
  ]),
  'three policies': documentOf([
    [10_000, 20_000, 30_000],
    [30_000, 20_000, 10_000],
    [10_000, 10_000, 10_050],
    [10_000, null, 20_000],
    [50_000, null, null],
  ]),
  'four policies': documentOf([
    [10_000, 11_000, 12_000, 13_000],
    [10_000, 10_000, 10_000, 10_000],
  ]),
  'more policies than columns': documentOf([
    [10_000, 11_000, 5_000, 10_000, 12_000, 13_000],
    [10_000, 10_000, 10_000, 10_000, 30_000, 10_000],
  ]),
  'policies that differ from nothing': documentOf([
    [null, 11_000, 5_000, 10_000, 90_000],
    [0, 10_000, 10_000, 0, 10_000],
    [10_000, null, 0, 30_000, 20_000],
    [1, 1, 1, 1, 2],
  ]),
  'few samples': edited(
    [
      [null, null],
      [null, null],
    ],
    ({ results }) => {
      Object.assign(results[0].sources[0].latency.dpcWait, { p90Ns: null, p50Ns: 700 });
      Object.assign(results[0].sources[1].latency.dpcWait, { p90Ns: null, p50Ns: null });
      Object.assign(results[1].sources[0].latency.dpcWait, { count: 0, p90Ns: 9 });
      Object.assign(results[1].sources[1].latency.dpcWait, { p90Ns: null, p50Ns: 800 });
    },
  ),
  'no samples at all': edited(
    [
      [5, 6],
      [7, 8],
    ],
    ({ results }) => {
      for (const { sources } of results)
        for (const { latency } of sources) latency.dpcWait.count = 0;
    },
  ),
  'an answer about another latency': edited(
    [
      [5, 6],
      [7, 8],
    ],
    (document) => {
      const focus = { latencies: ['isrWait'], statistic: 'p90Ns' };
      Object.assign(document, { answer: { focus } });
    },
  ),
  'routines that were not timed, or took no time': edited(
    [
      [5000, 6000],
      [7000, 8000],
      [6000, 5000],
    ],
    ({ results }) => {
      for (const { sources } of results) {
        sources[0].execution = null;
        sources[1].execution = {
          isr: { maxNs: 0, totalNs: 0 },
          dpc: { maxNs: 1, totalNs: 400_000_000 },
        };
      }
      results[1].sources[0].execution = {
        isr: { maxNs: 2_000, totalNs: 1 },
        dpc: { maxNs: 0, totalNs: 0 },
      };
    },
  ),
  'processors with threads for DPCs, and one of no time': edited(
    [
      [5000, 6000],
      [7000, 8000],
    ],
    ({ results: [first, second] }) => {
      Object.assign(first.processors[0].timeSplit, { dpcThreadNs: 5e8, clockNs: 3e8, ipiNs: 1e8 });
      Object.assign(second.processors[0].timeSplit, { clockNs: 9e8 });
      Object.assign(second.processors[1].timeSplit, { ipiNs: 3e9 });
      for (const key of Object.keys(first.processors[1].timeSplit)) {
        Object.assign(first.processors[1].timeSplit, { [key]: 0 });
      }
      first.processors[1].latency.dpcWait.p99Ns = null;
    },
  ),
  'a run of no time': edited(
    [
      [5000, 6000],
      [7000, 8000],
    ],
    ({ results: [first] }) => {
      const [{ timeSplit }] = first.processors;
      for (const key of Object.keys(timeSplit)) Object.assign(timeSplit, { [key]: 0 });
    },
  ),
  'no decisions, and decisions without a wait': edited(
    [
      [5000, 6000],
      [7000, 8000],
    ],
    ({ results: [first, second] }) => {
      first.decisions = null;
      second.decisions = second.decisions!.slice(0, 2);
      const [none, threaded] = second.decisions;
      none.inserts = 0;
      Object.assign(none.wait, { count: 0, p50Ns: null, p99Ns: null });
      threaded.threaded = true;
    },
  ),
  'nothing that was queued': edited([[5000, 6000]], ({ results }) => {
    for (const result of results) result.decisions = [];
  }),
};

/** What is not about sources is told of results of which that is odd. */
const OTHERS = Object.keys(CASES).slice(-4);

describe('what figures are broken down by, as before, is', () => {
  it.each<Breakdown | 'worst'>(['worst', 'source', 'processor', 'importance'])('the %s', (by) => {
    const isOfSources = by === 'worst' || by === 'source';
    const lines = (isOfSources ? Object.keys(CASES) : OTHERS).flatMap((name) => [
      `== ${name}`,
      ...breakdownLines(CASES[name], by === 'worst' ? { width: 120 } : { width: 120, by }),
    ]);
    expectGolden(`pages/by-${by}.txt`, `${lines.join('\n')}\n`);
  });
});
