import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildReportModel } from '../../src/report/build-model.js';
import { beyondChart } from '../../src/report/distribution.js';
import { pageData } from '../../src/report/page-data.js';
import { linearScale, logScale } from '../../src/report/scale.js';
import { numericAxis } from '../../src/report/svg-axis.js';
import type { SectionModel, TableModel } from '../../src/report/model.js';
import { formatCount } from '../../src/units.js';
import type { ExecutionTimes } from '../../src/result/execution-shape.js';
import type { FigureIntervals } from '../../src/result/document.js';
import { sourcesOf } from '../../src/report/source-list.js';
import { ROW_LIMIT } from '../../src/report/table.js';
import {
  bucketHigh,
  bucketLow,
  nonEmptyBuckets,
  percentile,
  sparseHistogram,
} from '../../src/result/histogram.js';
import { HOSTILE_NAMES, inventedResult } from '../fixtures/results/invented-result.js';

function sectionOf(invention: Parameters<typeof inventedResult>[0] = {}): SectionModel {
  return buildReportModel([inventedResult(invention)]).sections[0];
}

function everyTable(section: SectionModel): TableModel[] {
  return [
    section.summary,
    section.meta,
    ...section.details,
    ...section.figures.flatMap((figure) => figure.views.map((view) => view.table)),
  ];
}

function histogram(firstIndex: number, counts: number[]) {
  const totals = {
    sumNs: 0n,
    minNs: bucketLow(firstIndex + counts.findIndex((n) => n > 0)),
    maxNs: bucketHigh(firstIndex + counts.findLastIndex((n) => n > 0)),
  };
  return sparseHistogram(totals, firstIndex, Float64Array.from(counts));
}

const histograms = fc
  .tuple(fc.nat(30_000), fc.array(fc.nat(5000), { minLength: 1, maxLength: 200 }))
  .filter(([, counts]) => counts.some((n) => n > 0))
  .map(([first, counts]) => histogram(first, counts));

describe('the model of a report', () => {
  test('has columns of equal length in every table', () => {
    for (const table of everyTable(sectionOf())) {
      const lengths = new Set(table.columns.map((column) => column.values.length));
      expect(lengths.size, table.caption).toBe(1);
    }
  });

  test('shows the counters of the result', () => {
    const document = inventedResult();
    const { summary, details } = buildReportModel([document]).sections[0];
    const ipis = summary.columns[0].values.indexOf('IPIs');
    expect(summary.columns.slice(1).map(({ values }) => values[ipis])).toEqual(
      document.results.map((result) => formatCount(result.counters.ipis)),
    );
    const [requests] = details;
    const [, queued, ...reasons] = requests.columns.map(({ values }) => values as number[]);
    document.results.forEach(({ counters }, policy) => {
      expect(queued[policy]).toBe(counters.inserts);
      const sum = reasons.reduce((total, values) => total + values[policy], 0);
      expect(sum).toBe(counters.inserts);
    });
  });

  test('sets each policy against the first: figures in pairs, what changes most in front', () => {
    const document = inventedResult({ samples: 60_000 });
    const { tiles, sources } = buildReportModel([document]).sections[0];
    expect(tiles).toHaveLength(2);
    for (const [i, set] of tiles.entries()) {
      expect(set.length).toBeGreaterThanOrEqual(3);
      for (const { values } of set) {
        expect(values.map(({ policy }) => policy)).toEqual([0, i + 1]);
      }
    }
    const sizes = sources.rows.map(({ changes }) => changes[0].size);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sources.rows.map(({ name }) => name).sort()).toEqual([...HOSTILE_NAMES].sort());
    const names = sources.rows.map(({ name }) => name);
    const hit = tiles[0].find(({ label }) => label.startsWith('Hit'))!;
    expect(hit.subject).toBe(names[0]);
  });

  test('calls a source unchanged whose intervals overlap', () => {
    const document = inventedResult({ samples: 60_000, policies: ['pre-vista', 'vista'] });
    const around = (ns: number, part: number) => ({ low: ns * (1 - part), high: ns * (1 + part) });
    const withIntervals = (part: number): string[] => {
      const results = document.results.map((result) => ({
        ...result,
        sources: result.sources.map((scope) => {
          const p99Ns = around(scope.latency.dpcWait.p99Ns ?? 0, part);
          const intervals = { latency: { dpcWait: { p99Ns } } } as unknown as FigureIntervals;
          return { ...scope, intervals };
        }),
      }));
      const { rows } = sourcesOf({ ...document, results });
      return rows.map(({ changes }) => changes[0].text);
    };
    // There are sources that differ 624 times, 6.7 times and by less than a half.
    const news = (part: number): number =>
      withIntervals(part).filter((text) => /times|%/.test(text)).length;
    expect([news(0.001), news(0.3), news(0.9)]).toEqual([5, 3, 1]);
  });

  test('marks the cells in which the policies decide differently, and no others', () => {
    const { decisions } = sectionOf({ policies: ['pre-vista', 'vista'] });
    const marked = decisions!.rows.flatMap(({ label, cells }) =>
      cells.flatMap((cell, i) => (cell?.differs ? [`${label}, ${decisions!.columns[i]}`] : [])),
    );
    expect(marked).toEqual(['High, another, busy']);
    const alone = sectionOf({ policies: ['vista'] }).decisions!;
    expect(alone.rows.flatMap(({ cells }) => cells).some((cell) => cell?.differs)).toBe(false);
  });

  test('shows the longest and the total of ISRs and DPCs, the worst first', () => {
    const document = inventedResult({ sources: ['quick', 'slow', 'none'] });
    const times = (isr: number, dpc: number): ExecutionTimes => ({
      isr: { maxNs: isr, totalNs: isr * 10 },
      dpc: { maxNs: dpc, totalNs: dpc * 10 },
    });
    const measured = [times(24_000, 90_000), times(30_000, 0), times(0, 0)];
    const [first, ...others] = document.results;
    const sources = first.sources.map((scope, i) => ({ ...scope, execution: measured[i] }));
    const [{ execution }] = buildReportModel([
      { ...document, results: [{ ...first, sources }, ...others] },
    ]).sections;
    const timeNs = first.processors
      .flatMap(({ timeSplit }) => Object.values(timeSplit))
      .reduce((sum, ns) => sum + ns, 0);
    expect(execution!.rows.map(({ name }) => name)).toEqual(['slow', 'quick']);
    expect(execution!.rows[0].dpc).toBeNull();
    expect(execution!.rows[1].dpc).toEqual({
      longestNs: 90_000,
      totalNs: 900_000,
      share: expect.closeTo(900_000 / timeNs, 12),
    });
    const older = first.sources.map((scope) => ({ ...scope, execution: null }));
    const [section] = buildReportModel([
      { ...document, results: [{ ...first, sources: older }, ...others] },
    ]).sections;
    expect(section.execution).toBeNull();
  });

  test('compares the rules clause by clause', () => {
    const { rules } = sectionOf({ policies: ['pre-vista', 'vista', 'nt4-table'] });
    const [toAnother] = rules.groups;
    const high = toAnother.rows.find(({ label }) => label === 'High')!;
    expect(high.cells).toEqual(['always', 'idle', 'always']);
    expect(high.differs).toEqual([false, true, false]);
  });

  test('names no identifier after a scenario, a source or a policy', () => {
    const sections = buildReportModel([
      inventedResult({ name: '"><x' }),
      inventedResult({ policies: ['constructor', '__proto__'] }),
    ]).sections;
    const ids = sections.flatMap((s) => [s.id, ...s.figures.map((figure) => figure.id)]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^s\d+(-[a-z]+)*$/);
  });

  test('says by null that there are too few samples, by a dash that there are none', () => {
    const tableOf = (samples: number): TableModel =>
      sectionOf({ samples }).figures[0].views.find(({ latency }) => latency === 'dpcWait')!.table;
    const cells = (table: TableModel, label: string) =>
      table.columns.find((column) => column.label === label)!.values;
    const few = tableOf(50);
    expect(cells(few, 'p99')).toEqual([null, null, null]);
    expect(cells(few, 'p50').every((value) => typeof value === 'number')).toBe(true);
    expect(cells(tableOf(0), 'p99')).toEqual(['–', '–', '–']);
  });

  test('cuts tables and charts of large machines and says where the rest stands', () => {
    const section = sectionOf({
      processors: 512,
      samples: 60_000,
      sources: Array.from({ length: 1024 }, (_, i) => `s${i}`),
    });
    for (const table of everyTable(section)) {
      expect(table.columns[0].values.length).toBeLessThanOrEqual(ROW_LIMIT);
    }
    const bySource = section.details.find(({ caption }) => caption === 'DPC latency by source')!;
    expect(bySource.note).toMatch(/first 100 of 3,072 rows.*JSON result/);
    // The list itself holds all of them.
    expect(section.sources.rows).toHaveLength(1024);
    for (const { values } of section.processors.figures) expect(values[0]).toHaveLength(512);
    expect(section.scenarioText.split('\n').length).toBeLessThanOrEqual(601);
    expect(section.scenarioText).toContain('(511 more, all equal)');
  });

  test('gives the page the charts and the version, without the tables', () => {
    const data = pageData(buildReportModel([inventedResult()]).sections);
    expect(data.schema).toBe('dpcbench-report/2');
    expect(Object.keys(data.sections[0].figures[0].views[0])).toEqual(['latency', 'chart']);
    const { texts, figures, changes, sizes, tailNs } = data.sections[0].sources!;
    expect(tailNs).toHaveLength(HOSTILE_NAMES.length);
    // Two policies beside the first, of which a text stands once.
    for (const columns of [figures, changes, sizes]) expect(columns).toHaveLength(2);
    expect(new Set(texts).size).toBe(texts.length);
    const [, row] = sectionOf().sources.rows;
    expect(texts[changes[1][1]]).toBe(row.changes[1].text);
  });
});

describe('complementary distributions', () => {
  test('fall from at most all to ten samples, and stand at the percentiles', () => {
    fc.assert(
      fc.property(histograms, (data) => {
        const { x, values } = beyondChart([nonEmptyBuckets(data)]);
        x.slice(1).forEach((ns, i) => expect(ns).toBeGreaterThan(x[i]));
        const line = values[0].filter((share) => share !== null);
        line.slice(1).forEach((share, i) => expect(share).toBeLessThanOrEqual(line[i]));
        for (const share of line) {
          expect(share).toBeLessThanOrEqual(1);
          expect(share * data.count).toBeGreaterThan(9.9);
        }
        // What is longer than p99 is a hundredth at most.
        const p99 = percentile(data, 9900);
        const at = p99 === null ? -1 : x.indexOf(p99);
        if (at >= 0 && values[0][at] !== null) expect(values[0][at]).toBeLessThanOrEqual(0.01);
      }),
    );
  });

  test('begin where they fall, so that flat beginnings take no room', () => {
    const { x, values } = beyondChart([
      { lowNs: [0, 100_000, 200_000], highNs: [0, 100_000, 200_000], counts: [400, 500, 100] },
    ]);
    expect(x[0]).toBeGreaterThan(50_000);
    expect(values[0]).toEqual([0.6, 0.1]);
  });

  test('of nothing are none', () => {
    const view = sectionOf({ samples: 0 }).figures[0].views[0];
    expect(view.chart.x).toEqual([]);
    expect(view.summary).toContain('no samples');
    expect(beyondChart([{ lowNs: [5], highNs: [5], counts: [3] }]).x).toEqual([]);
  });
});

describe('axes', () => {
  const sides = { unit: 'count', from: 40, to: 400, ticks: 5 } as const;
  const values = fc.array(fc.integer({ min: -1000, max: 1e6 }), { minLength: 1, maxLength: 9 });

  test('hold every value in order, and their ticks, between their ends', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (all, isLog) => {
        const positive = isLog ? all.map((value) => Math.abs(value)) : all;
        const axis = numericAxis(positive, { ...sides, isLog });
        const places = [...positive].sort((a, b) => a - b).map(axis.at);
        places.slice(1).forEach((place, i) => expect(place).toBeGreaterThanOrEqual(places[i]));
        for (const place of [...places, ...axis.ticks.map(({ at }) => at)]) {
          expect(place).toBeGreaterThanOrEqual(sides.from - 1e-6);
          expect(place).toBeLessThanOrEqual(sides.to + 1e-6);
        }
        expect(axis.ticks.length).toBeGreaterThan(0);
      }),
    );
  });

  test('begin at 0, and have room for a value that is alone', () => {
    const [zero, one] = [numericAxis([0], { ...sides, isLog: false }), [7, 7]];
    expect([zero.at(0), zero.at(1)]).toEqual([40, 400]);
    const alone = numericAxis(one, { ...sides, isLog: false });
    expect(alone.at(0)).toBe(40);
    expect(alone.at(7)).toBeGreaterThan(300);
    const log = numericAxis(one, { ...sides, isLog: true });
    expect(log.at(7)).toBeCloseTo(220, 6);
  });
});

test.each([
  { unit: 'ns' as const, values: [36_600, 36_680], first: '36.6 µs', last: '36.68 µs' },
  { unit: 'count' as const, values: [104, 112], first: '104', last: '112' },
  { unit: 'perSecond' as const, values: [100_010, 100_020], first: '100,010/s', last: '100,020/s' },
])('a logarithmic axis of close values is marked between them: $values', (close) => {
  const { first, last, unit, values } = close;
  const axis = numericAxis(values, { unit, isLog: true, from: 0, to: 400, ticks: 5 });
  const texts = axis.ticks.map(({ text }) => text);
  expect(texts.length).toBeGreaterThanOrEqual(3);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts).toEqual(expect.arrayContaining([first, last]));
  expect(axis.ticks.find(({ text }) => text === last)!.at).toBeCloseTo(axis.at(values[1]), 6);
});

describe('scales', () => {
  test.each([
    [
      [1, 1],
      [1, 2],
      [1, 2],
    ],
    [
      [3, 80],
      [2, 100],
      [2, 5, 10, 20, 50, 100],
    ],
    [
      [5, 190],
      [5, 200],
      [5, 10, 20, 50, 100, 200],
    ],
    [
      [0, 4e6],
      [1, 5e6],
      [1, 10, 100, 1000, 1e4, 1e5, 1e6],
    ],
    [
      [60, 50_001],
      [50, 1e5],
      [100, 1000, 1e4, 1e5],
    ],
  ])('of decades, %j, begin and end at 1, 2 or 5', (values, [start, end], ticks) => {
    const scale = logScale(values);
    expect(scale.ticks).toEqual(ticks);
    const middle = Math.sqrt(start * end);
    expect([start, middle, end].map(scale.at)).toEqual([0, expect.closeTo(0.5), 1]);
  });

  test.each([
    [[0], [0, 1]],
    [[7], [0, 2, 4, 6, 8]],
    [
      [3, 50],
      [0, 10, 20, 30, 40, 50],
    ],
    [[0.3], [0, 0.1, 0.2, 0.3]],
  ])('from 0, %j, have round steps', (values, ticks) => {
    expect(linearScale(values).ticks).toEqual(ticks);
  });

  const spans = fc.array(fc.integer({ min: 1, max: 1e10 }), { minLength: 1, maxLength: 20 });

  test('hold every value between their ends, in order, with a few labels', () => {
    fc.assert(
      fc.property(spans, (values) => {
        for (const scale of [logScale(values), linearScale(values)]) {
          const places = [...values].sort((a, b) => a - b).map(scale.at);
          places.slice(1).forEach((place, i) => expect(place).toBeGreaterThanOrEqual(places[i]));
          for (const place of places) expect(place).toBeGreaterThanOrEqual(0);
          for (const place of places) expect(place).toBeLessThanOrEqual(1);
          expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
          expect(scale.ticks.length).toBeLessThanOrEqual(12);
          for (const tick of scale.ticks) expect(scale.at(tick)).toBeLessThanOrEqual(1);
        }
        expect(linearScale(values).at(0)).toBe(0);
        expect(linearScale(values).ticks.at(-1)).toBeGreaterThanOrEqual(Math.max(...values));
      }),
    );
  });
});
