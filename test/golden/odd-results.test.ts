import { describe, it } from 'vitest';
import { toCsv } from '../../src/export/csv.js';
import { toMarkdown } from '../../src/export/markdown.js';
import { toOpenMetrics } from '../../src/export/open-metrics.js';
import { formatTerminal } from '../../src/export/terminal.js';
import { headlineOf } from '../../src/report/headline.js';
import { renderReport } from '../../src/report/render.js';
import type {
  FigureIntervals,
  Interval,
  PolicyResult,
  ResultDocument,
} from '../../src/result/document.js';
import { COUNTER_NAMES } from '../../src/result/outcome.js';
import { inventedResult, type Invention } from '../fixtures/results/invented-result.js';
import { expectGoldenPart, hashOf } from './golden-file.js';

const PLAIN = { script: '', style: '', sha256: () => 'HASH' };
const FEW: Invention = { processors: 2, samples: 1500, sources: ['nvme', 'nic'] };
const PAIR: Invention = { ...FEW, policies: ['pre-vista', 'vista'] };

type Edit = (document: ResultDocument, results: PolicyResult[]) => void;

/** As many IPIs and such a p99, so many times those of the first. */
function changed(ipis: number | null, p99: number | null): Edit {
  return (_, [first, other]) => {
    for (const each of [first, other]) each.decisions = null;
    first.counters.ipis = ipis === null ? 0 : 1000;
    other.counters.ipis = ipis === null ? 0 : 1000 * ipis;
    for (const latency of [first.latency, other.latency]) latency.dpcWait.p99Ns = 10_000;
    other.latency.dpcWait.p99Ns = p99 === null ? null : 10_000 * p99;
  };
}

/** All columns of a run over its time up to a bin. */
function cutAfter<T>(value: T, count: number, bins: number): T {
  if (Array.isArray(value) && value.length === count) return value.slice(0, bins) as T;
  if (Array.isArray(value)) return value.map((each) => cutAfter<unknown>(each, count, bins)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, cutAfter(each, count, bins)]);
  return Object.fromEntries(entries) as T;
}

/** Intervals whose half is such a share of what they are about; none where that is not known. */
function intervalsAround({ counters, latency }: PolicyResult, share: number): FigureIntervals {
  const around = (value: number | null): Interval | null =>
    value === null ? null : { low: value * (1 - share), high: value * (1 + share) };
  const perThousand = COUNTER_NAMES.map((name) => {
    return [name, around((1000 * (counters[name] ?? 0)) / counters.arrivals)];
  });
  const latencies = Object.entries(latency).map(([name, of]) => {
    return [name, Object.fromEntries(Object.entries(of).map(([key, ns]) => [key, around(ns)]))];
  });
  return {
    perThousand: { ...Object.fromEntries(perThousand), drains: null },
    latency: Object.fromEntries(latencies),
  } as FigureIntervals;
}

/** What is at an edge, or is missing. */
const ODD: Record<string, [Invention, Edit]> = {
  'as many IPIs': [PAIR, changed(1, 1)],
  'no IPIs': [PAIR, changed(null, 1.5)],
  'IPIs under the first alone': [PAIR, changed(0, 1.05)],
  'half of the IPIs, half of the wait': [PAIR, changed(0.5, 0.5)],
  'twice the IPIs, twice the wait': [PAIR, changed(2, 2)],
  'more than half': [PAIR, changed(0.51, 0.51)],
  'less than twice': [PAIR, changed(1.9, 1.9)],
  'no p99': [PAIR, changed(1.2, null)],
  'no p99 of the first': [
    PAIR,
    (document, results) => {
      changed(1.2, 1)(document, results);
      results[0].latency.dpcWait.p99Ns = null;
    },
  ],
  'waits of no time': [
    PAIR,
    (_, results) => {
      for (const { latency } of results) {
        Object.assign(latency.dpcWait, { p50Ns: 0, p90Ns: 0, p99Ns: 0, p999Ns: 0, maxNs: 0 });
      }
    },
  ],
  'nothing that happened': [
    PAIR,
    (_, results) => {
      for (const result of results) {
        Object.assign(result, { decisions: null, overTime: null, execution: null });
        for (const name of ['arrivals', 'ipis', 'inserts', 'dpcs'] as const) {
          result.counters[name] = 0;
        }
        for (const scope of [...result.sources, ...result.processors]) scope.execution = null;
        for (const { timeSplit } of result.processors) {
          for (const key of Object.keys(timeSplit)) Object.assign(timeSplit, { [key]: 0 });
        }
      }
    },
  ],
  'routines at the guidelines': [
    PAIR,
    (_, [first, other]) => {
      first.sources[0].execution = {
        isr: { maxNs: 25_000, totalNs: 25_000 },
        dpc: { maxNs: 100_000, totalNs: 100_000 },
      };
      other.sources[0].execution = {
        isr: { maxNs: 25_001, totalNs: 25_001 },
        dpc: { maxNs: 100_001, totalNs: 100_001 },
      };
    },
  ],
  'threads for DPCs under one policy': [
    PAIR,
    (_, [first]) => {
      for (const { timeSplit } of first.processors) timeSplit.dpcThreadNs = 5e7;
    },
  ],
  'a first policy that is over early': [
    PAIR,
    (_, [first]) => {
      const { overTime } = first;
      first.overTime = cutAfter(overTime, overTime!.endsNs.length, 30);
    },
  ],
  'all alike': [
    { ...FEW, policies: ['pre-vista', 'vista', 'msdn'] },
    (_, results) => {
      for (const result of results) {
        result.counters.ipis = results[0].counters.ipis;
        result.latency = results[0].latency;
      }
    },
  ],
  'many that lie together': [
    { ...FEW, policies: ['pre-vista', 'vista', 'msdn', 'nt52', 'nt4-table', 'windows-internals'] },
    (_, results) => {
      results.forEach((result, i) => {
        result.counters.ipis = 300 - (i % 2);
        result.latency.dpcWait.p99Ns = 10_000 + 100 * (i % 3);
      });
    },
  ],
  'a pilot and a precision': [
    PAIR,
    ({ meta }) => {
      meta.warmup = { kind: 'auto', ns: 2_000_000, method: 'MSER-5', found: false };
      meta.precision = { figure: 'vista.ipis', target: 0.01, reached: null } as never;
      meta.settling = { ...meta.settling, state: 'settled', sentence: '' };
      meta.shards = 2;
    },
  ],
  'intervals of some figures': [
    PAIR,
    ({ meta }, [first, other]) => {
      first.intervals = intervalsAround(first, 0.02);
      other.intervals = intervalsAround(other, 0);
      meta.precision = { figure: 'vista.ipis', target: 0.01, reached: 0.0123 } as never;
    },
  ],
  'a warm-up to settle': [
    PAIR,
    ({ meta }) => {
      meta.warmup = { kind: 'settle', ns: 2_000_000, method: 'the tick', found: true };
      meta.precision = { figure: 'vista.ipis', target: 0.01, reached: 0.0123 } as never;
      meta.settling = { ...meta.settling, state: 'too-short', sentence: 'Not settled: so.' };
      meta.host.commandLine.push('', 'a b', "it's");
    },
  ],
  'sources on several processors': [
    { ...PAIR, processors: 12, sources: ['a', 'b', 'c', 'd'] },
    ({ scenario }) => {
      const lists = [
        [3, 4, 5],
        [0, 2],
        [0, 2, 4, 6],
        [0, 2, 4, 6, 8],
      ];
      scenario.sources.forEach((source, i) => {
        if (source.kind === 'device') source.processors = lists[i];
      });
    },
  ],
  'lists as long as are written': [
    { ...PAIR, processors: 40, sources: ['a', 'b'] },
    ({ scenario }) => {
      scenario.sources.forEach((source, i) => {
        if (source.kind !== 'device') return;
        source.processors = Array.from({ length: 24 + i }, (_, p) => p);
      });
    },
  ],
  ...Object.fromEntries(
    [7, 8, 24, 25].map((count): [string, [Invention, Edit]] => {
      const sources = Array.from({ length: count }, (_, i) => `driver ${i}`);
      return [`${count} sources`, [{ ...PAIR, samples: 300, sources }, () => {}]];
    }),
  ),
  'as many rows as a table has': [
    { ...PAIR, processors: 50, sources: Array.from({ length: 50 }, (_, i) => `driver ${i}`) },
    () => {},
  ],
  'one row more': [
    { ...PAIR, processors: 51, sources: Array.from({ length: 51 }, (_, i) => `driver ${i}`) },
    () => {},
  ],
  'more lines than a scenario shows': [
    { ...PAIR, sources: Array.from({ length: 130 }, (_, i) => `driver ${i}`) },
    () => {},
  ],
  'as many bars as are drawn': [{ ...PAIR, processors: 20 }, () => {}],
  'one bar more': [{ ...PAIR, processors: 21 }, () => {}],
  'hardly any samples': [{ ...PAIR, samples: 9 }, () => {}],
  'ten beyond the median': [{ ...PAIR, samples: 20 }, () => {}],
  'ten beyond the p90': [{ ...PAIR, samples: 100 }, () => {}],
  'ten beyond the p99': [{ ...PAIR, samples: 1000 }, () => {}],
};

function documentOf(name: string): ResultDocument {
  const [invention, edit] = ODD[name];
  const document = inventedResult(invention);
  edit(document, document.results);
  return document;
}

describe('a result with something odd in it is told as before, everywhere:', () => {
  it.each(Object.keys(ODD))('%s', (name) => {
    const document = documentOf(name);
    const head = headlineOf(document).map((part) =>
      typeof part === 'string' ? part : document.results[part.policy].policy,
    );
    const results = [{ label: '', document }];
    const texts = {
      report: renderReport([document], PLAIN),
      narrow: formatTerminal(document, { colours: true, width: 60 }),
      processors: formatTerminal(document, { colours: false, width: 100, by: 'processor' }),
      summary: toMarkdown({ results }),
      metrics: toOpenMetrics({ results }),
      rows: toCsv({ results }),
    };
    const hashes = Object.entries(texts).map(
      ([what, text]) => `${what}: ${text.length} characters: ${hashOf(text)}`,
    );
    const answer = formatTerminal(document, { colours: false, width: 80 });
    const told = `${head.join('')}\n----\n${answer}----\n${hashes.join('\n')}\n\n`;
    expectGoldenPart('pages/odd-results.txt', name, told);
  });
});
