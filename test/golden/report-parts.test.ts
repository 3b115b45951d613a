import { describe, it } from 'vitest';
import { decisionMatrix } from '../../src/report/decision-matrix.js';
import { Marks } from '../../src/report/lane-marks.js';
import type { SourceRow } from '../../src/report/model.js';
import { overTimeOf } from '../../src/report/over-time-figures.js';
import { packSources } from '../../src/report/pack-sources.js';
import { reasonsOf } from '../../src/report/reasons.js';
import { renderSources } from '../../src/report/source-list.js';
import type { Decision } from '../../src/result/decision-shape.js';
import { groupCount, type TimeBin } from '../../src/result/over-time.js';
import { timeColumns } from '../../src/result/time-columns.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { expectGolden, hashOf } from './golden-file.js';

const PAIR = { samples: 400, processors: 2, sources: ['a'], policies: ['pre-vista', 'vista'] };

type Fact = Decision['facts'][number];
type Seen = readonly [
  facts: readonly Fact[],
  request: Decision['request'],
  inserts: number,
  rest?: Partial<Decision>,
];

/** Decisions that were made so often, under both policies; High for another processor at first. */
function decided(...each: readonly (readonly Seen[])[]) {
  const document = inventedResult(PAIR);
  const [known] = document.results[0].decisions!;
  document.results.forEach((result, policy) => {
    result.decisions = each[policy].map(([facts, request, inserts, rest = {}]): Decision => {
      const what = { importance: 'high', target: 'other', threaded: false } as const;
      return { ...known, ...what, facts: [...facts], request, inserts, ...rest };
    });
  });
  return document;
}

const own = { target: 'current' } as const;
const threaded = { threaded: true } as const;
const DECIDED: Record<string, ReturnType<typeof decided>> = {
  'every state': decided(
    [
      [[], 'ipi', 5],
      [['idle'], 'ipi', 4],
      [['idle', 'polling'], 'none', 3],
      [['idle', 'deep'], 'suppressed', 2],
      [['over'], 'local', 9, own],
      [['idle'], 'ipi', 0, { importance: 'low' }],
    ],
    [
      [[], 'none', 5],
      [['idle'], 'ipi', 4],
      [['idle', 'polling'], 'ipi', 3],
      [['idle', 'deep'], 'ipi', 1],
      [['idle', 'deep'], 'none', 2],
      [['over'], 'local', 9, own],
      [[], 'none', 7, { ...threaded, importance: 'low' }],
    ],
  ),
  'nothing but inserts that did not happen': decided([[[], 'ipi', 0]], [[[], 'none', 0]]),
  'situations by their weight': decided(
    [
      [[], 'ipi', 5000],
      [['over'], 'ipi', 40, { importance: 'mediumHigh' }],
      [['over'], 'ipi', 60, { importance: 'medium' }],
      [['over'], 'ipi', 60, { importance: 'low' }],
      [['slow'], 'local', 70, { ...own, importance: 'low' }],
    ],
    [
      [[], 'none', 5000],
      [['over'], 'none', 9000, { importance: 'mediumHigh' }],
      [['over'], 'none', 60, { importance: 'medium' }],
      [['over'], 'none', 61, { importance: 'low' }],
      [['slow'], 'local', 70, { ...own, importance: 'low' }],
    ],
  ),
};

function rowsOf(count: number, policies: number): SourceRow[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `${i}`,
    importance: 'High',
    processors: 'CPU 0',
    figures: Array.from({ length: policies }, (__, policy) => ({
      count: i === 1 ? 0 : 5,
      medianNs: i === 2 ? null : 50 + i,
      tailNs: i === 3 ? null : 1000 * (1 + policy) + 7 * i,
      maxNs: i === 4 ? null : 9000 + i,
    })),
    changes: Array.from({ length: policies - 1 }, (__, policy) => ({
      text: i % 2 === 0 ? 'the same' : `+${policy}`,
      differs: i % 2 === 1,
      size: (i % 2) * 0.123 * (policy + 1),
    })),
  }));
}

/** Short bins, some of them in the warm-up, and a last one that is cut. */
function timed(bins: number, warmupNs: number, cutNs = 30) {
  const document = inventedResult({ ...PAIR, processors: 3 });
  const columns = document.results.map((_, policy) => {
    const all = Array.from({ length: bins - policy }, (__, bin): TimeBin => ({
      endNs: 100 * (bin + 1) - (bin === bins - 1 ? 100 - cutNs : 0),
      arrivals: bin,
      ipis: 2 * bin,
      queuedNs: 50 + bin,
      waits:
        bin % 5 === 2
          ? { buckets: [], counts: [], maxNs: 0 }
          : { buckets: [30], counts: [bin + 1], maxNs: 31 + bin },
      busyNs: Array.from({ length: groupCount(3) }, (___, i) => 10 * (i + 1)),
    }));
    return { warmupNs, binNs: 100, bins: all };
  });
  document.results.forEach((result, policy) => {
    [result.overTime] = timeColumns([columns[policy]], 3);
  });
  return overTimeOf(document, 'id');
}

function lanesOf(
  ...marks: readonly (readonly [from: number, to: number, y?: number, level?: number])[]
) {
  const all = new Marks();
  marks.forEach(([from, to, y = 0, level = 1], i) => {
    const [className, title] = [`c${level % 2}`, `mark ${i} <`];
    all.add({ from, to, y, height: 5, level, className, title });
  });
  return all;
}

describe('parts of a report, as before, are', () => {
  it('decisions and what they explain', () => {
    const told = Object.entries(DECIDED).map(([name, document]) => {
      const parts = [decisionMatrix(document), reasonsOf(document, 1)];
      return `== ${name}\n${JSON.stringify(parts, null, 1)}`;
    });
    expectGolden('pages/decisions.txt', `${told.join('\n')}\n`);
  });

  it('figures of sources, packed', () => {
    const cases = [
      [200, 2],
      [201, 2],
      [134, 3],
      [5, 2],
      [1, 1],
      [0, 2],
    ] as const;
    const told = cases.map(([count, policies]) => {
      const rows = rowsOf(count, policies);
      const packed = packSources(
        { rows, latency: 'dpcWait', percentile: 'p99', hasFew: false },
        policies,
      );
      const few = Object.entries(packed).map(([name, column]) => {
        const shown = (value: unknown): unknown =>
          Array.isArray(value) ? value.slice(0, 7).map(shown) : value;
        return `${name}: ${JSON.stringify(shown(column))}`;
      });
      return [`== ${count} sources, ${policies} rule sets`, ...few].join('\n');
    });
    expectGolden('pages/packed-sources.txt', `${told.join('\n')}\n`);
  });

  it('rows of sources', () => {
    const flat = (tailNs: number | null, maxNs: number | null): SourceRow[] =>
      rowsOf(2, 3).map((row) => ({
        ...row,
        figures: row.figures.map((figure) => ({ ...figure, tailNs, maxNs })),
      }));
    const cases: readonly (readonly [SourceRow[], policies: number])[] = [
      ...[1, 2, 3].map((policies) => [rowsOf(6, policies), policies] as const),
      [rowsOf(26, 2), 2],
      [rowsOf(200, 2), 2],
      [rowsOf(201, 2), 2],
      [flat(5000, 0), 3],
      [flat(0, 1), 3],
      [flat(null, null), 3],
      [[], 2],
    ];
    const told = cases.map(([rows, policies]) => {
      const model = { rows, latency: 'dpcWait', percentile: 'p99', hasFew: false } as const;
      const names = Array.from({ length: policies }, (_, i) => `rules ${i}`);
      const parts = renderSources(model, names, 'id').split(/(?=<tr|<table)/);
      const shown = [...parts.slice(0, 5), ...parts.slice(24, 30)].map((part) => {
        const text = part
          .replace(/<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim();
        return `${text} [${part.length} ${hashOf(part).slice(0, 6)}]`;
      });
      return [`== ${rows.length} sources, ${policies} rule sets`, ...shown].join('\n');
    });
    expectGolden('pages/source-rows.txt', `${told.join('\n')}\n`);
  });

  it('a run over its time', () => {
    const told = [timed(16, 0), timed(17, 250, 50), timed(33, 500, 49), timed(3, 300)].map(
      (model) => JSON.stringify(model),
    );
    expectGolden('pages/timed.txt', `${told.join('\n')}\n`);
  });

  it('marks of lanes', () => {
    const many = Array.from({ length: 60 }, (_, i) => [i / 60, i / 60 + 0.004, i % 3] as const);
    const drawn = [
      lanesOf([0, 0.5], [0.5, 0.503], [0.6, 0.6031], [0.7, 0.7001]).draw(9, {
        titled: 9,
        plain: 9,
      }),
      lanesOf([0, 0.5], [0.1, 0.4, 0, 2], [0.2, 0.3, 2]).draw(9, { titled: 1, plain: 9 }),
      lanesOf([0, 0.5], [0.1, 0.4, 0, 2], [0.2, 0.3, 2]).draw(9, { titled: 2, plain: 9 }),
      lanesOf(...many).draw(30, { titled: 0, plain: 60 }),
      lanesOf(...many).draw(30, { titled: 0, plain: 20 }),
      lanesOf(...many, [0.2, 0.9, 1, 2]).draw(30, { titled: 0, plain: 3 }),
      lanesOf(...many).draw(30, { titled: 0, plain: 0 }),
      lanesOf(
        [0.5, 0.5002],
        [0.1, 0.1009],
        [0.3, 0.301],
        [0.3003, 0.3011, 4],
        [0.3001, 0.3004],
      ).draw(9, { titled: 5, plain: 5 }),
      lanesOf().draw(9, { titled: 1, plain: 1 }),
    ];
    expectGolden('pages/lane-marks.txt', `${drawn.join('\n')}\n`);
  });
});
