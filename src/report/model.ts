import type { ResultDocument } from '../result/document.js';
import type { LatencyName } from '../result/figures.js';
import type { DecisionMatrix } from './decision-matrix.js';

/** Version of the data that the page's script reads; the script refuses another one. */
export const REPORT_SCHEMA = 'dpcbench-report/1';

/** A result, and the sentences that answer its scenario's question where there are any. */
export interface ReportedDocument extends ResultDocument {
  verdict?: readonly string[];
}

/** Everything that a report shows, in the order in which it shows it. Plain data, no markup. */
export interface ReportModel {
  schema: typeof REPORT_SCHEMA;
  sections: SectionModel[];
}

export interface SectionModel {
  /** `s1`, `s2`, …: the section's anchor. Names out of a scenario never become identifiers. */
  id: string;
  name: string;
  question: string;
  warnings: readonly string[];
  verdict: readonly string[];
  /** In the order of the results; an index into it selects colour, dash and marker. */
  policies: string[];
  key: TableModel;
  /** Null where no decisions were counted, or there is one policy alone. */
  decisions: DecisionMatrix | null;
  /** How well the figures are known, and the policies against the first; null without intervals. */
  intervals: TableModel | null;
  comparisons: TableModel | null;
  figures: FigureModel[];
  rules: RuleModel[];
  scenarioText: string;
  meta: TableModel;
}

/** A chart with its data as a table; one view, or one for each kind of latency. */
export interface FigureModel {
  id: string;
  title: string;
  /** How to read it, in a sentence or two. */
  note: string;
  views: ViewModel[];
}

export interface ViewModel {
  /** The kind of latency that selects this view; null when the figure has a single one. */
  latency: LatencyName | null;
  /** What the chart cannot show, or "". */
  note: string;
  /** What the chart says, for those who do not see it. */
  summary: string;
  chart: ChartModel;
  table: TableModel;
}

/** One policy's rule in words, its source, and its conditions by importance. */
export interface RuleModel {
  policy: string;
  sentence: string;
  source: string;
  conditions: TableModel;
  settings: string;
}

export interface TableModel {
  caption: string;
  columns: ColumnModel[];
  /** What was left out and where it stands, or "". */
  note: string;
}

/** Columns of a table have equal lengths. */
export interface ColumnModel {
  label: string;
  unit: ColumnUnit;
  /** A string is shown as it stands; null means too few samples for the figure. */
  values: (string | number | null)[];
}

/** `share` is 0 to 1; `ratio` is a multiple such as × 1.25; `name` is text out of a scenario. */
export type ColumnUnit = 'name' | 'text' | 'count' | 'decimal' | 'ns' | 'share' | 'ratio';

export type ChartModel = BarsChart | StackChart | RangesChart | LinesChart | ColumnsChart;

/** Horizontal bars: for each category one bar a policy. */
export interface BarsChart {
  kind: 'bars';
  categories: string[];
  /** `[policy][category]`, counts. */
  values: number[][];
}

/** One bar a policy, cut into parts that add up to 1. */
export interface StackChart {
  kind: 'stack';
  parts: string[];
  /** `[policy][part]`, shares from 0 to 1. */
  shares: number[][];
}

/** For each category and policy the span from the median to p99, in ns; null: too few samples. */
export interface RangesChart {
  kind: 'ranges';
  categories: string[];
  /** By category: what is said beside its name. */
  details: string[];
  lowNs: (number | null)[][];
  highNs: (number | null)[][];
}

/**
 * Lines over a common ascending x. `percentile` is 1 / (1 − p), so 2 is the median and 100 is p99;
 * `ns` is logarithmic and its lines are steps, each value holding until the next x. `cumulative` is
 * the share of samples up to x.
 */
export interface LinesChart {
  kind: 'lines';
  x: number[];
  xScale: 'percentile' | 'ns';
  yScale: 'ns' | 'share' | 'cumulative';
  /** `[policy][x]`. */
  values: (number | null)[][];
}

/** One column a policy for each processor, from 0; lines where there are too many for columns. */
export interface ColumnsChart {
  kind: 'columns';
  /** `[policy][processor]`, DPCs. */
  values: number[][];
}

/** What is embedded in the page for its script: the charts, and nothing that the HTML holds. */
export interface PageData {
  schema: typeof REPORT_SCHEMA;
  sections: {
    id: string;
    policies: string[];
    figures: { id: string; views: { latency: LatencyName | null; chart: ChartModel }[] }[];
  }[];
}

/** The part of the sections that the page's script reads. */
export function pageData(
  sections: readonly Pick<SectionModel, 'id' | 'policies' | 'figures'>[],
): PageData {
  return {
    schema: REPORT_SCHEMA,
    sections: sections.map(({ id, policies, figures }) => ({
      id,
      policies,
      figures: figures.map((figure) => ({
        id: figure.id,
        views: figure.views.map(({ latency, chart }) => ({ latency, chart })),
      })),
    })),
  };
}
