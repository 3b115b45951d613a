import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildReportModel } from '../../src/report/build-model.js';
import { binForDrawing, percentileAxis, percentileCurve } from '../../src/report/distribution.js';
import { pageData } from '../../src/report/model.js';
import type { LinesChart, SectionModel, TableModel } from '../../src/report/model.js';
import { ROW_LIMIT } from '../../src/report/table.js';
import {
  bucketHigh,
  bucketLow,
  nonEmptyBuckets,
  percentile,
  sparseHistogram,
  summarize,
} from '../../src/result/histogram.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

function sectionOf(invention: Parameters<typeof inventedResult>[0] = {}): SectionModel {
  return buildReportModel([inventedResult(invention)]).sections[0];
}

function everyTable(section: SectionModel): TableModel[] {
  return [
    section.key,
    section.meta,
    ...section.rules.map((rule) => rule.conditions),
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
    const { key, figures } = buildReportModel([document]).sections[0];
    expect(key.columns.find((column) => column.label === 'IPIs')!.values).toEqual(
      document.results.map((result) => result.counters.ipis),
    );
    const requests = figures.find((figure) => figure.id === 's1-requests')!.views[0].chart;
    expect(requests).toMatchObject({ kind: 'bars' });
    document.results.forEach(({ counters }, policy) => {
      const values = (requests as { values: number[][] }).values[policy];
      expect(values.reduce((sum, n) => sum + n, 0)).toBe(counters.inserts);
    });
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

  test('says "too few samples" by null, and a dash where there are no samples', () => {
    const few = sectionOf({ samples: 50 }).key;
    const cells = (table: TableModel, label: string) =>
      table.columns.find((column) => column.label === label)!.values;
    expect(cells(few, 'DPC wait p99')).toEqual([null, null, null]);
    expect(cells(few, 'DPC wait p50').every((value) => typeof value === 'number')).toBe(true);
    const none = sectionOf({ samples: 0 }).key;
    expect(cells(none, 'DPC wait p99')).toEqual(['–', '–', '–']);
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
    const sources = section.figures.find((figure) => figure.id === 's1-sources')!;
    expect(sources.note).toContain('12 of 1,024 sources');
    for (const view of sources.views) {
      expect(view.table.note).toMatch(/first 200 of 3,072 rows.*JSON result/);
      expect((view.chart as { categories: string[] }).categories).toHaveLength(12);
    }
    const depth = section.figures.find((figure) => figure.id === 's1-depth-maximum')!.views[0];
    expect((depth.chart as { values: number[][] }).values[0]).toHaveLength(512);
    expect(depth.table.note).toContain('first 200 of 512 rows');
    expect(section.scenarioText.split('\n').length).toBeLessThanOrEqual(601);
    expect(section.scenarioText).toContain('(511 more, all equal)');
  });

  test('gives the page the charts and the version, without the tables', () => {
    const data = pageData(buildReportModel([inventedResult()]).sections);
    expect(data.schema).toBe('dpcbench-report/1');
    expect(Object.keys(data.sections[0].figures[0].views[0])).toEqual(['latency', 'chart']);
  });
});

describe('percentile curves', () => {
  test('stand at the percentiles of the statistics', () => {
    fc.assert(
      fc.property(histograms, (data) => {
        const axis = percentileAxis();
        const curve = percentileCurve(nonEmptyBuckets(data), summarize(data), axis);
        for (const [x, parts] of [
          [2, 5000],
          [10, 9000],
          [100, 9900],
          [1000, 9990],
          [10000, 9999],
        ]) {
          expect(curve[axis.indexOf(x)]).toBe(percentile(data, parts));
        }
      }),
    );
  });

  test('do not fall, and end where fewer than ten samples lie beyond', () => {
    fc.assert(
      fc.property(histograms, (data) => {
        const axis = percentileAxis();
        const curve = percentileCurve(nonEmptyBuckets(data), summarize(data), axis);
        curve.forEach((value, i) => {
          expect(value === null).toBe(data.count < 10 * axis[i] * (1 - 1e-12));
          if (value !== null && i > 0) expect(value).toBeGreaterThanOrEqual(curve[i - 1]!);
        });
      }),
    );
  });

  test('have an ascending axis from the median to p99.99', () => {
    const axis = percentileAxis();
    expect([axis[0], axis.at(-1)]).toEqual([2, 10_000]);
    axis.slice(1).forEach((x, i) => expect(x).toBeGreaterThan(axis[i]));
  });
});

describe('bins for drawing', () => {
  test('keep every sample', () => {
    fc.assert(
      fc.property(histograms, histograms, (a, b) => {
        const bins = binForDrawing([a, b].map(nonEmptyBuckets));
        bins.shares.forEach((shares, i) => {
          const sum = shares.reduce((total, share) => total + share, bins.zeroShares[i]);
          expect(sum).toBeCloseTo(1, 9);
          for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
        });
        bins.edgesNs.slice(1).forEach((x, i) => expect(x).toBeGreaterThan(bins.edgesNs[i]));
      }),
    );
  });

  test('put a bucket into the bin of its values', () => {
    const bins = binForDrawing([{ lowNs: [1000], highNs: [1000], counts: [3] }]);
    const at = bins.shares[0].findIndex((share) => share === 1);
    expect(bins.edgesNs[at]).toBe(1000);
  });

  test('leave 0 ns out of the axis and count it', () => {
    const bins = binForDrawing([{ lowNs: [0, 100], highNs: [0, 100], counts: [3, 1] }]);
    expect(bins.zeroShares).toEqual([0.75]);
    expect(bins.edgesNs[0]).toBe(100);
  });

  test('of nothing are none, and the chart has no x', () => {
    const section = sectionOf({ samples: 0 });
    const view = section.figures.find((figure) => figure.id === 's1-distribution')!.views[0];
    expect((view.chart as LinesChart).x).toEqual([]);
    expect(view.summary).toContain('no samples');
  });
});
