import type { Interval, PolicyResult, ResultDocument, ScopeResult } from '../result/document.js';
import type { LatencyName } from '../result/figures.js';
import { formatCount, formatNs } from '../units.js';
import { latencyChange } from './change-words.js';
import { FEW } from './format.js';
import { escapeHtml, nameHtml } from './html.js';
import { importanceOf, SHORT_LABELS } from './latency-figures.js';
import type { SourceRow, SourcesModel } from './model.js';
import { logScale, type Scale } from './scale.js';
import { across, label, line, marker, swatch } from './svg.js';

/** Rows that stand open; the script, or paper without it, shows the others. */
export const OPEN_ROWS = 24;

/** Decimals of a share of the strip's width in which two places differ to the eye. */
const SAME_PLACE = 2;
const DECADE = 10;
/** Lines from a median to its marker; more would cover each other. */
export const MOST_LINES = 2;
/** Markers of a list that all stand in the page. */
const MOST_DRAWN = 400;
/** A p99 that differs by less is no news where no interval judges it. */
const NEWS = 0.02;

/** So many names of an axis have no room beside columns of figures. */
const CROWDED = 4;

type SimulatedSource = ResultDocument['scenario']['sources'][number];

/** Every source under every policy; what the second policy changes most comes first. */
export function sourcesOf({ scenario, results }: ResultDocument): SourcesModel {
  const hasDpcs = results.some(({ latency }) => latency.dpcWait.count > 0);
  const latency: LatencyName = hasDpcs ? 'dpcWait' : 'isrWait';
  const [percentile, key] = percentileOf(results, latency);
  const byName = new Map(scenario.sources.map((source) => [source.name, source]));
  const rows = (results[0]?.sources ?? []).map((scope, i) =>
    rowOf(byName.get(scope.name), results, { i, latency, key }),
  );
  const tail = ({ figures }: SourceRow): number =>
    Math.max(...figures.map(({ tailNs, maxNs }) => tailNs ?? maxNs ?? -1));
  const weight = ({ changes }: SourceRow): number => changes[0]?.size ?? 0;
  const order = (a: SourceRow, b: SourceRow): number =>
    weight(b) - weight(a) || tail(b) - tail(a) || longestOf(b) - longestOf(a);
  return {
    rows: [...rows].sort(order),
    latency,
    percentile,
    hasFew: rows.some(({ figures }) =>
      figures.some(({ count, tailNs }) => count > 0 && tailNs === null),
    ),
  };
}

const PERCENTILES = [
  ['p99', 'p99Ns'],
  ['p90', 'p90Ns'],
  ['p50', 'p50Ns'],
] as const;
type TailKey = (typeof PERCENTILES)[number][1];

/** The highest that half of the sources have, of those with samples. */
function percentileOf(
  results: readonly PolicyResult[],
  latency: LatencyName,
): (typeof PERCENTILES)[number] {
  const summaries = results
    .flatMap(({ sources }) => sources.map((scope) => scope.latency[latency]))
    .filter(({ count }) => count > 0);
  const isCommon = (key: TailKey): boolean =>
    summaries.filter((summary) => summary[key] !== null).length * 2 >= summaries.length;
  return PERCENTILES.find(([, key]) => isCommon(key)) ?? PERCENTILES[0];
}

function rowOf(
  source: SimulatedSource | undefined,
  results: readonly PolicyResult[],
  { i, latency, key }: { i: number; latency: LatencyName; key: TailKey },
): SourceRow {
  const scopes = results.map(({ sources }): ScopeResult | undefined => sources[i]);
  const figures = scopes.map((scope) => {
    const summary = scope?.latency[latency];
    if (summary === undefined || summary.count === 0) {
      return { count: 0, medianNs: null, tailNs: null, maxNs: null };
    }
    const { count, p50Ns, maxNs } = summary;
    return { count, medianNs: p50Ns, tailNs: summary[key], maxNs };
  });
  const intervals = scopes.map((scope) => scope?.intervals?.latency[latency][key] ?? null);
  const changes = figures.slice(1).map(({ tailNs }, j) => {
    const change = latencyChange(figures[0].tailNs, tailNs);
    if (change === null) return { text: '', differs: false, size: 0 };
    const ratio = Math.max(tailNs!, 1) / Math.max(figures[0].tailNs!, 1);
    if (!change.differs || isNews(ratio, intervals[0], intervals[j + 1])) {
      return { ...change, size: change.differs ? Math.abs(Math.log(ratio)) : 0 };
    }
    return { text: 'about the same', differs: false, size: 0 };
  });
  return {
    name: results[0].sources[i].name,
    importance: importanceOf(source),
    processors: processorsOf(source),
    figures,
    changes,
  };
}

/** Judged by the intervals where there are any: those of equal figures overlap. */
function isNews(ratio: number, first: Interval | null, other: Interval | null): boolean {
  if (Math.abs(ratio - 1) < NEWS) return false;
  return first === null || other === null || first.high < other.low || other.high < first.low;
}

function processorsOf(source: SimulatedSource | undefined): string {
  if (source === undefined) return '';
  const all = source.kind === 'timer' ? [source.processor] : source.processors;
  if (all.length === 1) return `CPU ${all[0]}`;
  const isRun = all.every((processor, i) => i === 0 || processor === all[i - 1] + 1);
  if (isRun) return `CPU ${all[0]} to ${all[all.length - 1]}`;
  return all.length <= 4 ? `CPU ${all.join(', ')}` : `${formatCount(all.length)} CPUs`;
}

/** The sources as a table with a chart in its second column: a line a source. */
export function renderSources(
  model: SourcesModel,
  policies: readonly string[],
  id: string,
): string {
  const { rows, latency, percentile } = model;
  const scale = scaleOfRows(rows);
  const isPacked = areMarkersPacked(rows);
  const what = `${percentile} ${SHORT_LABELS[latency]}`;
  const others = policies.slice(1);
  const head =
    `<th scope="col">Source</th>` +
    `<th scope="col" class="strip">${scale === null ? what : renderAxis(scale, what)}</th>` +
    policies
      .map(
        (name, policy) =>
          `<th scope="col" class="n${variant(policy)}">${swatch(policy)} ${nameHtml(name)}</th>`,
      )
      .join('') +
    (others.length === 0 ? '' : '<th scope="col">Change</th>') +
    `<th scope="col" class="n">Longest</th>`;
  const body = rows
    .map((row, i) => renderRow(row, i, { scale: isPacked && i >= OPEN_ROWS ? null : scale, id }))
    .join('\n');
  return `<svg class="unseen" aria-hidden="true" width="0" height="0"><defs><g id="${id}-grid">${
    scale === null
      ? ''
      : scale.ticks.map((tick) => line([scale.at(tick), 0], [scale.at(tick), 34], 'g')).join('')
  }</g></defs></svg>
<table class="sources" aria-labelledby="${id}-sources-title">
<thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table>`;
}

/** Null where there is nothing to draw. */
export function scaleOfRows(rows: readonly SourceRow[]): Scale | null {
  const tails = rows.flatMap(({ figures }) => figures.map(({ tailNs }) => tailNs ?? 0));
  return scaleOf(tails.filter((ns) => ns > 0));
}

/** Are the markers of rows that do not stand open left to the script? They are most of a page. */
export function areMarkersPacked(rows: readonly SourceRow[]): boolean {
  return rows.flatMap(({ figures }) => figures).length > MOST_DRAWN;
}

/** Medians of next to nothing run out of it at the left: the place belongs to the tails. */
function scaleOf(tails: readonly number[]): Scale | null {
  if (tails.length === 0) return null;
  const least = tails.reduce((a, b) => Math.min(a, b));
  return logScale([least / DECADE, ...tails]);
}

/** Cells of policies from the second on: of those the one is shown that is compared. */
function variant(policy: number): string {
  return policy === 0 ? '' : ` v v${policy}`;
}

function renderAxis(scale: Scale, what: string): string {
  return `<span>${what}</span>${stripAxis(scale)}`;
}

/** The axis of a strip in the head of a table; where it has little room, every other name. */
export function stripAxis(scale: Scale): string {
  const isCrowded = scale.ticks.length >= CROWDED;
  const ticks = scale.ticks.map((tick, i) => {
    const name = isCrowded && i % 2 === 1 ? 't roomy' : 't';
    return label(formatNs(tick), across(scale.at(tick)), 12, { name, anchor: 'middle' });
  });
  return `<svg class="row axis" height="16" aria-hidden="true">${ticks.join('')}</svg>`;
}

function renderRow(
  row: SourceRow,
  i: number,
  { scale, id }: { scale: Scale | null; id: string },
): string {
  const { name, importance, processors, figures, changes } = row;
  const differs = changes.some((change) => change.differs);
  const names = [
    ...(i >= OPEN_ROWS ? ['more'] : []),
    ...(differs || changes.length === 0 ? [] : ['equal']),
  ];
  const strip = scale === null ? '' : renderStrip(figures, scale, id);
  // One policy beside the first is shown at a time: the script puts in the texts of another one.
  const shown = figures.slice(0, 2).map((figure, policy) => {
    const name = policy === 0 ? 'n p p0' : 'n p p1 figure';
    return `<td class="${name}">${escapeHtml(figureText(figure))}</td>`;
  });
  const said = changes.slice(0, 1).map(({ text, differs: isNews }) => {
    return `<td class="change${isNews ? ' news' : ''}">${escapeHtml(text)}</td>`;
  });
  const longest = longestOf(row);
  const where = [importance, processors].filter((text) => text !== '').join(' · ');
  return (
    `<tr${names.length === 0 ? '' : ` class="${names.join(' ')}"`}>` +
    `<th scope="row">${nameHtml(name)} <small>${escapeHtml(where)}</small></th>` +
    `<td class="strip">${strip}</td>${shown.join('')}${said.join('')}` +
    `<td class="n longest">${longest < 0 ? '–' : formatNs(longest)}</td></tr>`
  );
}

/** Under any policy, in ns; -1 where it is not known. */
export function longestOf({ figures }: SourceRow): number {
  return Math.max(...figures.map(({ maxNs }) => maxNs ?? -1));
}

/** As `longestOf`, of the percentile that the list shows. */
export function tailOf({ figures }: SourceRow): number {
  return Math.max(...figures.map(({ tailNs }) => tailNs ?? -1));
}

export function figureText({ count, tailNs }: SourceRow['figures'][number]): string {
  if (count === 0) return '–';
  return tailNs === null ? FEW : formatNs(tailNs);
}

/**
 * A marker at the tail; a line from the median to it, unless many would cover each other. Policies
 * that would lie upon one another share the first one's marker.
 */
function renderStrip(figures: SourceRow['figures'], scale: Scale, id: string): string {
  const lines = figures.map(({ medianNs, tailNs }, policy) => {
    const y = laneOf(policy, figures.length);
    if (medianNs === null || tailNs === null || figures.length > MOST_LINES) return '';
    return line([scale.at(medianNs), y], [scale.at(tailNs), y], `e p p${policy}`);
  });
  const places = new Map<string, { x: number; y: number; policies: number[] }>();
  figures.forEach(({ tailNs }, policy) => {
    if (tailNs === null) return;
    const [x, y] = [scale.at(tailNs), laneOf(policy, figures.length)];
    const key = `${x.toFixed(SAME_PLACE)} ${y}`;
    const place = places.get(key);
    if (place === undefined) places.set(key, { x, y, policies: [policy] });
    else place.policies.push(policy);
  });
  const marks = [...places.values()]
    .map(({ x, y, policies: [first, ...alike] }) => marker(first, x, y, alike))
    .reverse();
  return `<svg class="row" height="26" aria-hidden="true"><use
href="#${id}-grid"/>${lines.join('')}${marks.join('')}</svg>`;
}

/** Two stand above one another, more share the middle. */
function laneOf(policy: number, count: number): number {
  if (count === 1) return 13;
  return policy === 0 ? 9 : 17;
}
