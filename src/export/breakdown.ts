import type { PolicyResult, ResultDocument, ScopeResult } from '../result/document.js';
import { addWaits } from '../result/decisions.js';
import type { Decision } from '../result/decision-shape.js';
import type { FocusLatency, FocusStatistic } from '../scenario/focus.js';
import { formatCount, formatCountOf } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { type TextColumn, TextTable, widest } from './text-table.js';
import { hardBreak } from './text-width.js';
import { wrap } from './wrap.js';
import { changeCell, percentText, shortCount, shortNs, spreadCell, WITHHELD } from './cells.js';

/** What the figures of a result can be broken down by. */
const BREAKDOWNS = ['source', 'processor', 'importance'] as const;
export type Breakdown = (typeof BREAKDOWNS)[number];

/** So many sources are shown unless all are asked for. */
const FEW = 5;
/** Policies that have a column of their own. */
const POLICIES = 4;
const LEAST_NAME = 12;
const WIDEST_NAME = 24;
/** Wider than any value, and enough of a policy's name to know it by. */
const VALUE_WIDTH = 8;
const POLICY_WIDTH = 10;
/** So much of a policy's column is left before another one is left out. */
const LEAST_VALUE = 7;

/** A table: the first cell of each row is a name. Of too many columns the last are left out. */
interface Table {
  title: string;
  heads: readonly string[];
  /** What stands beside the names. */
  columns: readonly TextColumn[];
  rows: readonly (readonly string[])[];
  /** What is not shown, or "". */
  rest: string;
}

/**
 * The lines of a table, the title first: all of what is asked for by name, and a few sources, worst
 * first, where nothing is. None for a result of a single source.
 */
export function breakdownLines(
  document: ResultDocument,
  { by, width }: { by?: Breakdown; width: number },
): string[] {
  if (by === 'processor')
    return document.results.flatMap((result) => drawn(processors(result), width));
  if (by === 'importance') return drawn(importances(document), width);
  if (by === undefined && document.scenario.sources.length === 1) return [];
  return drawn(sources(document, by === undefined ? FEW : Infinity), width);
}

function drawn({ columns, title, heads, rest, rows }: Table, width: number): string[] {
  const lines = [heads, ...rows].map((cells) => cells.map(visibleLine));
  const named = Math.min(WIDEST_NAME, widest(lines, 0));
  const name = {
    width: named,
    least: Math.min(LEAST_NAME, named),
    rank: 0,
    align: 'left',
  } as const;
  const table = new TextTable([name, ...columns], width);
  const drawn = lines.map((cells) => table.row(cells));
  const titled = wrap(visibleLine(title), width).flatMap((line) => hardBreak(line, width));
  return [...titled, ...drawn, ...(rest === '' ? [] : wrap(rest, width))];
}

const LATENCY_HEADS: Record<FocusLatency, string> = {
  isrWait: 'wait for the ISR',
  dpcWait: 'DPC latency',
  interruptToDpc: 'time from interrupt to DPC',
};
const STATISTIC_HEADS: Record<FocusStatistic, string> = {
  meanNs: 'mean',
  p50Ns: 'p50',
  p90Ns: 'p90',
  p99Ns: 'p99',
  p999Ns: 'p99.9',
  p9999Ns: 'p99.99',
};

interface SourceRow {
  name: string;
  /** By policy. */
  values: readonly (number | null)[];
  scopes: readonly ScopeResult[];
  /** The greatest value over the least, 1 where they are the same; null for fewer than two. */
  spread: number | null;
  worst: number;
}

/** From the rarest on; each takes fewer samples than the one before. */
const RARER_FIRST: readonly FocusStatistic[] = [
  'p9999Ns',
  'p999Ns',
  'p99Ns',
  'p90Ns',
  'p50Ns',
  'meanNs',
];

/** The one that is asked for, or, where no source has the samples for it, one that takes fewer. */
function knownStatistic(
  results: readonly PolicyResult[],
  latency: FocusLatency,
  asked: FocusStatistic,
): FocusStatistic {
  const scopes = results.flatMap(({ sources: of }) => of).map((scope) => scope.latency[latency]);
  const enough = RARER_FIRST.slice(RARER_FIRST.indexOf(asked));
  const isKnown = (statistic: FocusStatistic): boolean =>
    scopes.some((of) => of.count > 0 && of[statistic] !== null);
  return enough.find(isKnown) ?? asked;
}

/** One latency of each source under each policy: that which the answer speaks of. */
function sources({ answer, results, scenario }: ResultDocument, most: number): Table {
  const latency = answer?.focus.latencies[0] ?? 'dpcWait';
  const statistic = knownStatistic(results, latency, answer?.focus.statistic ?? 'p99Ns');
  const all = scenario.sources.map(({ name }, i): SourceRow => {
    const scopes = results.map((result) => result.sources[i]);
    const values = scopes.map(({ latency: { [latency]: of } }) =>
      of.count === 0 ? null : of[statistic],
    );
    const known = values.filter((value) => value !== null);
    const [least, worst] = [Math.min(...known), Math.max(...known, 0)];
    const isKnown = known.length > 1 && (least > 0 || worst === 0);
    const spread = !isKnown ? null : worst === 0 ? 1 : worst / least;
    return { name, values, scopes, spread, worst };
  });
  const changeOf = ({ spread }: SourceRow): number =>
    spread === null || spread < CHANGED ? 1 : spread;
  const rows = [...all]
    .sort((a, b) => changeOf(b) - changeOf(a) || b.worst - a.worst)
    .slice(0, most);
  const shown = mostDifferent(all, results);
  const heads = shown.map((i) => results[i].policy);
  const isCompared = results.length > 1;
  const isChanged = all.some((row) => changeOf(row) > 1);
  // Between two policies the change has a direction: the second over the first.
  const head = results.length === 2 ? 'change' : 'spread';
  const what = `${STATISTIC_HEADS[statistic]} ${LATENCY_HEADS[latency]}`;
  return {
    title: `by source, ${isChanged ? 'those that change most' : 'worst'} first: ${what}`,
    heads: ['source', ...heads, ...(isCompared ? [head] : []), 'DPC max', 'ISR max', 'busy'],
    columns: sourceColumns(shown.length, isCompared),
    rows: rows.map((row) => [
      row.name,
      ...shown.map((i) => nsCell(row.values[i])),
      ...(isCompared ? [sourceChange(row)] : []),
      ...longestCells(row.scopes),
      busyCell(row.scopes[0], timeOf(results[0])),
    ]),
    rest: restOf(all.length - rows.length, results.length - shown.length),
  };
}

/** Those at the right are left out first. */
function plainColumns(widths: readonly number[]): TextColumn[] {
  return widths.map((wide, i) => ({ width: wide, least: wide, rank: i + 1 }));
}

/**
 * Where there is no room, names of policies are cut, then policies from the third on are left out:
 * how long a source's routines ran, and its share of a processor, is what is looked for first.
 */
function sourceColumns(policies: number, isCompared: boolean): TextColumn[] {
  const values = Array.from({ length: policies }, (_, i) => ({
    width: POLICY_WIDTH,
    least: LEAST_VALUE,
    rank: i < 2 ? i + 1 : i + 10,
  }));
  const change = { width: VALUE_WIDTH, least: LEAST_VALUE, rank: 3 };
  const ran = [7, 7, 6].map((width, i) => ({ width, least: width, rank: i + 4 }));
  return [...values, ...(isCompared ? [change] : []), ...ran];
}

function sourceChange({ spread, values }: SourceRow): string {
  if (spread === null) return WITHHELD;
  if (spread < CHANGED) return 'same';
  if (values.length > 2) return spreadCell(spread);
  return changeCell(values[1], values[0], { isLatency: true });
}

/** Simulated ns of a processor. */
function timeOf({ processors: [{ timeSplit }] }: PolicyResult): number {
  return Object.values(timeSplit).reduce((sum, ns) => sum + (ns ?? 0), 0);
}

/** The longest routine and ISR under any policy. */
function longestCells(scopes: readonly ScopeResult[]): string[] {
  return (['dpc', 'isr'] as const).map((kind) => {
    const all = scopes.map(({ execution }) => execution?.[kind].maxNs ?? 0);
    const most = Math.max(...all);
    return most === 0 ? WITHHELD : shortNs(most);
  });
}

/** The share of a processor of `timeNs` that its routines and ISRs took. */
function busyCell({ execution }: ScopeResult, timeNs: number): string {
  if (execution === null || timeNs === 0) return WITHHELD;
  return percentText((execution.isr.totalNs + execution.dpc.totalNs) / timeNs);
}

/** Closer than this is not news. */
const CHANGED = 1.01;

/** The first policy, and those that differ most from it. */
function mostDifferent(rows: readonly SourceRow[], results: readonly PolicyResult[]): number[] {
  const difference = (policy: number): number =>
    rows.reduce((most, { values }) => {
      const [from, to] = [values[0], values[policy]];
      if (from === null || to === null || from === 0 || to === 0) return most;
      return Math.max(most, Math.abs(Math.log(to / from)));
    }, 0);
  const others = results.slice(1).map((_, i) => i + 1);
  const kept = [...others].sort((a, b) => difference(b) - difference(a)).slice(0, POLICIES - 1);
  return [0, ...kept.sort((a, b) => a - b)];
}

function restOf(sourcesLeft: number, policiesLeft: number): string {
  const more = [
    ...(sourcesLeft > 0 ? [`${formatCount(sourcesLeft)} more with --by source`] : []),
    ...(policiesLeft > 0
      ? [`${formatCountOf(policiesLeft, 'more policy', 'more policies')} in --json`]
      : []),
  ];
  return more.join(', ');
}

/**
 * How each processor spent its time under one policy, the busiest with interrupts first; then how
 * long its DPCs waited, its longest routine and ISR, and how deep its queue was.
 */
function processors({ policy, processors: all }: PolicyResult): Table {
  const rows = all.map((processor) => {
    const { index, latency, queueDepth, timeSplit } = processor;
    const {
      clockNs,
      dispatchDrainNs,
      dpcThreadNs = 0,
      idleDrainNs,
      idleNs,
      ipiNs,
      isrNs,
    } = timeSplit;
    const dpcNs = dispatchDrainNs + idleDrainNs;
    const allNs = clockNs + dpcNs + dpcThreadNs + idleNs + ipiNs + isrNs + timeSplit.threadNs;
    const share = (ns: number): string => (allNs === 0 ? WITHHELD : percentText(ns / allNs));
    return {
      taken: allNs === 0 ? 0 : (isrNs + dpcNs + clockNs + ipiNs) / allNs,
      cells: [
        `processor ${index}`,
        share(isrNs),
        share(dpcNs),
        share(clockNs + ipiNs),
        share(timeSplit.threadNs + dpcThreadNs),
        share(idleNs),
        nsCell(latency.dpcWait.p99Ns),
        ...longestCells([processor]),
        shortCount(queueDepth.maximum),
      ],
    };
  });
  return {
    title: `by processor, busiest first: share of the time, under ${policy}`,
    heads: [
      '',
      'ISRs',
      'DPCs',
      'clock',
      'threads',
      'idle',
      'DPC p99',
      'DPC max',
      'ISR max',
      'depth',
    ],
    columns: plainColumns([5, 5, 5, 7, 5, 7, 7, 7, 5]),
    rows: rows.sort((a, b) => b.taken - a.taken).map(({ cells }) => cells),
    rest: '',
  };
}

/** By target and importance, as the request rule sees a DPC (R10). */
function importances({ results }: ResultDocument): Table {
  const keyOf = ({ importance, target, threaded }: Decision): string =>
    threaded ? 'threaded' : `${importance}, ${target === 'other' ? 'to another' : 'to its own'}`;
  const keys = [...new Set(results.flatMap(({ decisions }) => (decisions ?? []).map(keyOf)))];
  const rows = keys.sort().flatMap((key) =>
    results.map(({ decisions, policy }) => {
      const of = (decisions ?? []).filter((decision) => keyOf(decision) === key);
      const count = (some: readonly Decision[]): number =>
        some.reduce((sum, { inserts }) => sum + inserts, 0);
      const asked = of.filter(({ request }) => request === 'ipi' || request === 'local');
      const wait = addWaits(of.map((decision) => decision.wait));
      const inserts = count(of);
      return [
        key,
        policy,
        shortCount(inserts),
        inserts === 0 ? WITHHELD : percentText(count(asked) / inserts),
        nsCell(wait.p50Ns),
        nsCell(wait.p99Ns),
        wait.count === 0 ? WITHHELD : shortNs(wait.maxNs),
      ];
    }),
  );
  return {
    title: 'by importance: DPCs, how many of them interrupt at once, and how long they wait',
    heads: ['', 'policy', 'DPCs', 'asked', 'p50', 'p99', 'max'],
    columns: plainColumns([12, 6, 6, 7, 7, 7]),
    rows: rows.length === 0 ? [['no DPC was queued', '', '', '', '', '', '']] : rows,
    rest: '',
  };
}

function nsCell(ns: number | null): string {
  return ns === null ? WITHHELD : shortNs(ns);
}
