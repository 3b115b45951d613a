import type { GroupLoad } from '../result/over-time.js';
import type { Interval } from '../result/document.js';
import type { LatencyName } from '../result/figures.js';
import type { OverTimeColumns } from '../result/over-time-shape.js';
import type { LongestWait } from '../timeline/worst-wait.js';
import type { Activity } from './activity-colours.js';
import type { RichText } from './rich-text.js';

/** Version of the data that the page's script reads; the script refuses another one. */
export const REPORT_SCHEMA = 'dpcbench-report/2';

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
  /** What was simulated, in a line. */
  circumstances: string;
  /** In the order of the results; an index into it selects colour and shape. */
  policies: string[];
  headline: RichText;
  /** The rest of the answer, where it takes more than a sentence. */
  answer: RichText[];
  warnings: readonly string[];
  /** By policy from the second on, against the first; one set for a policy that is alone. */
  tiles: TileModel[][];
  /** Null where there is nothing to draw. */
  front: FrontModel | null;
  /** By policy from the second on; null where no decisions were counted. */
  reasons: (ReasonModel | null)[];
  /** Null where no decisions were counted. */
  decisions: DecisionMatrix | null;
  sources: SourcesModel;
  /** Null for a result that did not keep it. */
  overTime: OverTimeModel | null;
  time: TimeModel;
  /** Null for a result that did not measure it. */
  execution: ExecutionModel | null;
  processors: ProcessorsModel;
  figures: FigureModel[];
  longest: LongestModel | null;
  summary: TableModel;
  details: TableModel[];
  rules: RulesModel;
  doubts: readonly RichText[];
  scenarioText: string;
  meta: TableModel;
}

/** Why DPCs waited longest; null where nothing is to be told. */
export type LongestModel =
  | {
      /** By policy. */
      waits: LongestWait[];
      /** The command that tells more; null where there is none. */
      command: string | null;
    }
  /** A result that was not simulated here: the command tells it. */
  | { waits: null; text: string; command: string };

/** One figure: under the first policy, under another one, and what lies between. */
export interface TileModel {
  label: string;
  /** A name out of the scenario, behind the label. */
  subject?: string;
  /** `policy` is null where two sources are compared, not two policies. */
  values: { policy: number | null; text: string }[];
  detail: string;
}

export interface FrontModel {
  percentile: 'p99' | 'p90' | 'p50';
  /** By policy. */
  dots: FrontDot[];
}

export interface FrontDot {
  /** For each 1,000 interrupts. */
  ipis: number;
  ipisInterval: Interval | null;
  waitNs: number;
  waitInterval: Interval | null;
}

export interface ReasonModel {
  summary: RichText;
  situations: { head: string; text: RichText }[];
}

/** A row an importance, a column a state of the target. */
export interface DecisionMatrix {
  columns: string[];
  /** Null: nothing was queued there. */
  rows: { label: string; cells: (DecisionCell | null)[] }[];
}

export interface DecisionCell {
  /** Did the policies' conditions answer differently in a situation that occurred? */
  differs: boolean;
  lines: DecisionLine[];
}

export interface DecisionLine {
  /** All that it holds for. */
  policies: number[];
  word: string;
  isRequest: boolean;
  text: string;
}

/** Every source, what changes most first. */
export interface SourcesModel {
  rows: SourceRow[];
  /** The latency that is shown: DPC latency, or ISR wait where no source has a DPC. */
  latency: LatencyName;
  /** The highest percentile that most sources have samples enough for. */
  percentile: 'p99' | 'p90' | 'p50';
  /** Is there a row whose percentile is not known for want of samples? */
  hasFew: boolean;
}

export interface SourceRow {
  name: string;
  importance: string;
  processors: string;
  /** By policy. */
  figures: SourceFigures[];
  /** By policy from the second on: against the first. */
  changes: { text: string; differs: boolean; size: number }[];
}

/** In ns; `tailNs` is at the percentile of the list. Null: too few samples, or none at all. */
export interface SourceFigures {
  count: number;
  medianNs: number | null;
  tailNs: number | null;
  maxNs: number | null;
}

/** The first machine of each policy over its simulated time, in bins of the same width. */
export interface OverTimeModel {
  id: string;
  /** Where statistics begin: a bin ends there. */
  warmupNs: number;
  binNs: number;
  /** Where the last of all bins ends. */
  lastsNs: number;
  shards: number;
  processors: number;
  policies: TimedPolicy[];
  table: TableModel;
}

/** A value for each bin. */
export interface TimedPolicy {
  /** Counted from the end of the warm-up, below 0 before it. */
  places: number[];
  endsNs: number[];
  waits: OverTimeColumns['waits'];
  /** Null: too short a bin. */
  ipisPerSecond: (number | null)[];
  /** On average over the bin, all processors together. */
  queued: (number | null)[];
  busy: GroupLoad[];
}

/** Where the time of all processors together went. */
export interface TimeModel {
  parts: { label: string; activity: Activity | 'idle' }[];
  /** `[policy][part]`, shares from 0 to 1. */
  shares: number[][];
}

/** Execution times of sources under the first policy, what is furthest over its limit first. */
export interface ExecutionModel {
  rows: ExecutionRow[];
  /** Sources that are not shown. */
  left: number;
}

/** Null: the source has none. */
export interface ExecutionRow {
  name: string;
  isr: RunTimes | null;
  dpc: RunTimes | null;
}

export interface RunTimes {
  longestNs: number;
  totalNs: number;
  /** The total as a part of the time of all processors, 0 to 1. */
  share: number;
}

export interface ProcessorsModel {
  figures: ProcessorFigure[];
}

/** A figure of each processor under each policy. */
export interface ProcessorFigure {
  id: string;
  title: string;
  note: string;
  unit: 'share' | 'decimal';
  /** `[policy][processor]`. */
  values: number[][];
}

/** A chart that the page's script draws, with its data as a table; a view for each latency. */
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
  chart: LinesChart;
  table: TableModel;
}

/** All rules in one matrix: a row a clause, a column a policy. */
export interface RulesModel {
  /** `isDecision`: the clauses decide what queueing asks for (R10). "": clauses of all kinds. */
  groups: { label: string; isDecision: boolean; rows: RuleRow[] }[];
  texts: { sentence: string; source: string }[];
}

export interface RuleRow {
  label: string;
  /** By policy. */
  cells: string[];
  /** By policy: is it another rule than the first policy's? */
  differs: boolean[];
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

/**
 * Lines over a common ascending x in ns, on a logarithmic axis; steps, each value holding until the
 * next x. `beyond` is the share of samples that are longer than x, on a logarithmic axis;
 * `cumulative` the share up to x, on a linear one.
 */
export interface LinesChart {
  kind: 'lines';
  yScale: 'beyond' | 'cumulative';
  x: number[];
  /** `[policy][x]`; null: nothing is known there. */
  values: (number | null)[][];
}

/** What is embedded in the page for its script: the charts, and nothing that the HTML holds. */
export interface PageData {
  schema: typeof REPORT_SCHEMA;
  sections: {
    id: string;
    policies: string[];
    figures: { id: string; views: { latency: LatencyName | null; chart: LinesChart }[] }[];
    /** What rows of sources do not say of themselves; null for a report without them. */
    sources: PackedSources | null;
    /** Figures of processors, where they are too many to be written out. */
    cells: { id: string; unit: 'share' | 'decimal'; values: number[][] }[];
  }[];
}

/** In the order of the rows; by policy from the second on, against the first. */
export interface PackedSources {
  /** Each text once. */
  texts: string[];
  /** `[policy][row]`: which text is the figure, and which the change. */
  figures: number[][];
  changes: number[][];
  /** `[policy][row]`: how much it changes, in hundredths; 0 where it does not. */
  sizes: number[][];
  /**
   * `[policy][row]`, the first policy as well: where its marker is, in thousandths of the width; -1
   * for none. Null where the rows have their markers.
   */
  places: number[][] | null;
  /** As `places`, of medians: a line goes from there to the marker. Null for no lines. */
  medians: number[][] | null;
  /** By row, in ns, under any policy; -1 where it is not known. */
  tailNs: number[];
  longestNs: number[];
}
