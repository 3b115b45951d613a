import { describe, it } from 'vitest';
import { headlineOf } from '../../src/report/headline.js';
import { sourcesOf } from '../../src/report/source-list.js';
import { tilesOf } from '../../src/report/tiles.js';
import type { AnswerFigure } from '../../src/result/answer-shape.js';
import type { PolicyResult, ResultDocument } from '../../src/result/document.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { expectGoldenPart } from './golden-file.js';

type Value = number | null;

/** What is told of a result: per policy its IPIs and its p99, by source its p99s. */
interface Told {
  ipis: readonly number[];
  p99?: readonly Value[];
  sources?: readonly (readonly Value[])[];
  edit?: (results: PolicyResult[], document: ResultDocument) => void;
}

function documentOf({ ipis, p99 = [], sources = [[5000, 5000]], edit }: Told): ResultDocument {
  const policies = ipis.map((_, i) => (i === 0 ? 'vista' : `rules ${i}`));
  const names = sources.map((_, i) => `source ${i}`);
  const document = inventedResult({ processors: 1, samples: 2000, sources: names, policies });
  document.results.forEach((result, policy) => {
    result.decisions = null;
    Object.assign(result.counters, { arrivals: 2000, ipis: ipis[policy] });
    const own = p99[policy];
    Object.assign(result.latency.dpcWait, {
      p99Ns: own === undefined ? 10_000 : own,
      maxNs: 90_000,
    });
    result.sources.forEach((source, i) => {
      const p99Ns = sources[i][policy] ?? null;
      Object.assign(source.latency.dpcWait, { count: 500, p50Ns: 100, p99Ns, maxNs: 50_000 + i });
    });
  });
  edit?.(document.results, document);
  return document;
}

const P99 = (low: number, high: number): never =>
  ({ latency: { dpcWait: { p99Ns: { low, high } } } }) as never;

function answered(
  ...figures: readonly [name: string, source: string, ratio: Value, verdict: string][]
) {
  return (_: unknown, document: ResultDocument): void => {
    const told = figures.map(([figure, source, ratio, verdict]) => ({
      figure,
      from: { policy: 'vista', source, value: 1000 },
      to: { policy: 'rules 1', source, value: 1000 * (ratio ?? 2) },
      comparison: { first: 1000, other: 2000, ratio, ratioInterval: null, verdict },
    }));
    const focus = { sources: ['source 0'], latencies: ['dpcWait'], statistic: 'p99Ns' };
    Object.assign(document, { answer: { isGuess: false, focus, figures: told as AnswerFigure[] } });
  };
}

const CASES: Record<string, Told> = {
  'one alone': { ipis: [50] },
  'one alone, without IPIs and p99': { ipis: [0], p99: [null] },
  'one alone that nothing interrupts': {
    ipis: [0],
    edit: ([only]) => {
      Object.assign(only.counters, { arrivals: 0, ipis: 3 });
    },
  },
  'two alike': { ipis: [50, 50] },
  'two alike in what is not known': { ipis: [50, 50], p99: [null, null] },
  'two of which one has no p99': { ipis: [50, 50], p99: [10_000, null] },
  'three alike, of different p99': { ipis: [50, 50, 50], p99: [9000, 8000, 8000] },
  'three without IPIs': { ipis: [0, 0, 0], p99: [9000, 8000, 8500] },
  'three of which one is best at both': { ipis: [50, 40, 40], p99: [9000, 8000, 8500] },
  'three of which none is': { ipis: [30, 40, 50], p99: [9000, 8000, null] },
  'three without a p99': { ipis: [30, 20, 20], p99: [null, null, null] },
  'no IPIs under the first': { ipis: [0, 1] },
  'an IPI less': { ipis: [2, 1], p99: [10_000, 11_000] },
  'half as many and twice as long': { ipis: [100, 50], p99: [10_000, 20_000] },
  'nearly so': { ipis: [1000, 501], p99: [10_000, 19_999] },
  'twice as many and half as long': { ipis: [50, 100], p99: [20_000, 10_000] },
  'nearly that': { ipis: [501, 1000], p99: [19_999, 10_000] },
  'a tenth longer': { ipis: [100, 101], p99: [10_000, 11_000] },
  'not quite': { ipis: [100, 101], p99: [10_000, 10_999] },
  'waits of 1 ns': { ipis: [100, 101], p99: [1, 2] },
  'waits of nothing': { ipis: [100, 101], p99: [0, 5], sources: [[0, 3]] },
  'sources that change, and not': {
    ipis: [100, 101],
    sources: [
      [10_000, 10_100],
      [10_000, 10_200],
      [10_000, 10_201],
      [10_000, 5000],
      [10_000, 40_000],
      [40_000, 10_000],
      [null, 10_000],
      [10_000, null],
      [null, null],
      [1, 2],
      [2, 1],
      [10_000, 10_000],
    ],
  },
  'sources judged by intervals': {
    ipis: [100, 101],
    sources: [
      [10_000, 12_000],
      [10_000, 12_000],
      [10_000, 12_000],
      [12_000, 10_000],
      [12_000, 10_000],
      [10_000, 12_000],
      [10_000, 10_300],
    ],
    edit: ([first, other]) => {
      const pairs: ([number, number] | null)[][] = [
        [
          [9000, 11_000],
          [11_001, 13_000],
        ],
        [
          [9000, 11_000],
          [11_000, 13_000],
        ],
        [
          [9000, 11_002],
          [11_001, 13_000],
        ],
        [
          [11_001, 13_000],
          [9000, 11_000],
        ],
        [
          [11_000, 13_000],
          [9000, 11_000],
        ],
        [[9000, 11_000], null],
        [null, [9000, 11_000]],
      ];
      pairs.forEach((pair, i) => {
        [first, other].forEach((result, j) => {
          const interval = pair[j];
          if (interval !== null) result.sources[i].intervals = P99(...interval);
        });
      });
    },
  },
  'sources of few samples, under three rule sets': {
    ipis: [1, 2, 3],
    sources: [
      [5, 6, 7],
      [7, null, 9],
      [null, null, null],
      [3, 4, 4],
    ],
    edit: (results) => {
      results.forEach(({ sources }, policy) => {
        for (const { latency } of sources) latency.dpcWait.p90Ns = 4;
        if (policy === 1) sources[0].latency.dpcWait.count = 0;
        Object.assign(sources[2].latency.dpcWait, { count: 0, maxNs: 7 });
      });
    },
  },
  'half of the sources have a p99': {
    ipis: [1, 2],
    sources: [
      [5, 6],
      [null, null],
    ],
  },
  'fewer than half': {
    ipis: [1, 2],
    sources: [
      [5, null],
      [null, null],
    ],
    edit: (results) => {
      for (const { sources } of results) sources[0].latency.dpcWait.p90Ns = 3;
      for (const { sources } of results) sources[1].latency.dpcWait.p90Ns = null;
    },
  },
  'no percentile at all': {
    ipis: [1, 2],
    sources: [[null, null]],
    edit: (results) => {
      for (const { sources } of results) {
        Object.assign(sources[0].latency.dpcWait, { p90Ns: null, p50Ns: null });
      }
    },
  },
  'no DPC anywhere': {
    ipis: [0, 0],
    edit: (results) => {
      for (const { latency } of results) latency.dpcWait.count = 0;
    },
  },
  'sources on processors of all kinds': {
    ipis: [1, 1],
    sources: [
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    edit: (_, { scenario }) => {
      const lists = [[7], [0, 1], [3, 4, 5], [0, 2, 3, 4], [0, 2, 3, 4, 9], [1, 0]];
      scenario.sources.forEach((source, i) => {
        if (source.kind === 'device') source.processors = lists[i];
      });
      scenario.sources[0].name = 'renamed since';
    },
  },
  'a longest wait of one source': {
    ipis: [1, 2],
    edit: (results) => {
      for (const { latency } of results) latency.dpcWait.maxNs = 50_000;
    },
  },
  'a longest wait of two sources': {
    ipis: [1, 2],
    sources: [
      [1, 1],
      [1, 1],
    ],
    edit: ([first, other]) => {
      first.latency.dpcWait.maxNs = 50_000;
      other.latency.dpcWait.maxNs = 50_001;
    },
  },
  'a longest wait of nobody': {
    ipis: [1, 2],
    edit: ([first]) => {
      first.latency.dpcWait.count = 0;
    },
  },
  'an answer about a source': {
    ipis: [1, 2],
    sources: [
      [5000, 20_000],
      [5000, 10_000],
    ],
    edit: answered(
      ['dpcWait.p99Ns', 'source 0', 4, 'higher'],
      ['ipis', 'source 0', 9, 'higher'],
      ['dpcWait.p99Ns', 'source 1', 0.01, 'lower'],
    ),
  },
  'answers that do not differ': {
    ipis: [1, 2],
    edit: answered(
      ['dpcWait.p99Ns', 'source 0', 4, 'same'],
      ['ipis', 'source 0', 9, 'indistinguishable'],
      ['dpcs', 'source 0', 1.1, 'higher'],
    ),
  },
  'answers from nothing': {
    ipis: [1, 2],
    edit: answered(
      ['dpcWait.p99Ns', 'source 0', 400, 'higher'],
      ['isrWait.p99Ns', 'source 0', 0, 'lower'],
      ['ipis', 'source 0', null, 'higher'],
      ['dpcs', 'source 0', 1e50, 'higher'],
    ),
  },
  'answers from nothing, the other way about': {
    ipis: [1, 2],
    edit: answered(
      ['dpcs', 'source 0', 1.5, 'higher'],
      ['ipis', 'source 0', null, 'higher'],
      ['isrs', 'source 1', 1.2, 'higher'],
    ),
  },
};

describe('the first screen of a report, as before, says', () => {
  it.each(Object.keys(CASES))('of %s', (name) => {
    const document = documentOf(CASES[name]);
    const { results } = document;
    const head = headlineOf(document).map((part) =>
      typeof part === 'string' ? part : `<${results[part.policy].policy}>`,
    );
    const others = [null, 1, 2].filter((other) => other === null || other < results.length);
    const tiles = others.flatMap((other) => [
      `against ${other ?? 'none'}`,
      ...tilesOf(document, other).map(({ detail, label, subject = '', values }) => {
        const said = values.map(({ policy, text }) => `${policy}: ${text}`).join(', ');
        return `  ${label} ${subject} | ${said} | ${detail}`;
      }),
    ]);
    const { hasFew, latency, percentile, rows } = sourcesOf(document);
    const sources = rows.map((row) => {
      const figures = row.figures.map((one) => Object.values(one).join(' ')).join(', ');
      const changes = row.changes.map(({ differs, size, text }) => {
        return `${text} ${differs} ${size.toPrecision(4)}`;
      });
      const what = [row.name, row.importance, row.processors].join(' ');
      return `  ${what}: ${figures} | ${changes.join(', ')}`;
    });
    const shown = `${percentile} ${latency}${hasFew ? ', of some too few samples' : ''}`;
    const lines = [head.join(''), ...tiles, shown, ...sources].map((line) => line.trimEnd());
    expectGoldenPart('pages/first-screen.txt', name, `${lines.join('\n')}\n`);
  });
});
