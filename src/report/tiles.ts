import type {
  FigureComparison,
  Interval,
  PolicyResult,
  ResultDocument,
} from '../result/document.js';
import { changeOf, latencyChange, ratioText, type Change } from './change-words.js';
import { threeDigits } from './format.js';
import { rangeText } from './interval-text.js';
import type { TileModel } from './model.js';
import { spans } from './spans.js';
import { answerTiles } from './answer-tiles.js';

/** A percentile of a latency, read wherever it stands. */
type Percentile = 'p99Ns' | 'p999Ns';

/** A row of them fits a screen. */
const MOST = 4;

/** The figures that answer first: the first policy beside another one, or a policy alone. */
export function tilesOf(document: ResultDocument, other: number | null): TileModel[] {
  const asked = answerTiles(document, other);
  const others = [
    ipiTile(document, other),
    waitTile(document, other, 'p99Ns'),
    sourceTile(document, other) ?? waitTile(document, other, 'p999Ns'),
    longestTile(document, other),
  ];
  const isNew = ({ subject }: TileModel): boolean =>
    subject === undefined || asked.every((tile) => tile.subject !== subject);
  const rest = others.filter((tile) => tile !== null).filter(isNew);
  return [...asked, ...rest].slice(0, MOST);
}

function ipiTile(document: ResultDocument, other: number | null): TileModel | null {
  const { results } = document;
  const of = ({ counters }: PolicyResult): number | null =>
    counters.arrivals === 0 ? null : (counters.ipis / counters.arrivals) * 1000;
  const values = shown(results, other).map((policy) => ({ policy, value: of(results[policy]) }));
  if (values.some(({ value }) => value === null)) return null;
  const compared = comparisonOf(document, other)?.perThousand.ipis ?? null;
  const interval = results[0].intervals?.perThousand.ipis ?? null;
  return {
    label: 'IPIs per 1,000 interrupts',
    values: values.map(({ policy, value }) => ({ policy, text: threeDigits(value!) })),
    detail:
      other === null
        ? known(interval, 'rate')
        : compared !== null
          ? changeOf(compared, 'as many').text
          : ipiChange(values[0].value!, values[1].value!),
  };
}

function waitTile(
  document: ResultDocument,
  other: number | null,
  key: Percentile,
): TileModel | null {
  const { results } = document;
  const of = (policy: number): number | null => results[policy].latency.dpcWait[key];
  const policies = shown(results, other);
  if (policies.some((policy) => of(policy) === null)) return null;
  const compared = comparisonOf(document, other)?.latency.dpcWait[key] ?? null;
  const interval = results[0].intervals?.latency.dpcWait[key] ?? null;
  return {
    label: `${key === 'p99Ns' ? 'p99' : 'p99.9'} DPC latency, all sources`,
    values: spans(policies.map((policy) => ({ policy, ns: of(policy)! }))),
    detail: other === null ? known(interval, 'ns') : waitChange(compared, of(0)!, of(other)!),
  };
}

/** Whom it hits: the source whose p99 changes most. */
function sourceTile(document: ResultDocument, other: number | null): TileModel | null {
  if (other === null) return null;
  const [from, to] = [document.results[0].sources, document.results[other].sources];
  let best: { i: number; size: number; change: Change } | null = null;
  from.forEach((source, i) => {
    const [a, b] = [source, to[i]].map((scope) => scope?.latency.dpcWait.p99Ns ?? null);
    const change = latencyChange(a, b);
    if (change === null || !change.differs || !a || !b) return;
    const size = Math.abs(Math.log(b / a));
    if (best === null || size > best.size) best = { i, size, change };
  });
  if (best === null) return null;
  const { i, change } = best as { i: number; change: Change };
  const spanOf = (policy: number): number =>
    document.results[policy].sources[i].latency.dpcWait.p99Ns!;
  return {
    label: spanOf(other) > spanOf(0) ? 'Hit hardest, p99:' : 'Gains most, p99:',
    subject: from[i].name,
    values: spans([0, other].map((policy) => ({ policy, ns: spanOf(policy) }))),
    detail: change.text,
  };
}

/** The longest wait of all, and whose it was. */
function longestTile(document: ResultDocument, other: number | null): TileModel | null {
  const { results } = document;
  const policies = shown(results, other);
  if (policies.some((policy) => results[policy].latency.dpcWait.count === 0)) return null;
  const whose = policies.map((policy) => {
    const { latency, sources } = results[policy];
    return sources.find((source) => source.latency.dpcWait.maxNs === latency.dpcWait.maxNs)?.name;
  });
  const isOne = whose.every((name) => name !== undefined && name === whose[0]);
  const of = (policy: number): number => results[policy].latency.dpcWait.maxNs;
  const change = other === null ? null : latencyChange(of(0), of(other));
  return {
    label: isOne ? 'Longest DPC latency:' : 'Longest DPC latency',
    ...(isOne ? { subject: whose[0] } : {}),
    values: spans(policies.map((policy) => ({ policy, ns: of(policy) }))),
    detail: change === null ? '' : `${change.text}; one sample of each`,
  };
}

function comparisonOf(
  { results, comparisons }: ResultDocument,
  other: number | null,
): ResultDocument['comparisons'][number] | undefined {
  return other === null
    ? undefined
    : comparisons.find(({ policy }) => policy === results[other].policy);
}

function waitChange(compared: FigureComparison | null, first: number, other: number): string {
  return compared === null ? latencyChange(first, other)!.text : changeOf(compared).text;
}

/** Older results compare nothing: their two figures still do. */
function ipiChange(first: number, other: number): string {
  if (first === other) return 'the same';
  return first === 0 ? 'none in the first' : ratioText(other / first, 'as many');
}

/** A range from a figure to itself says nothing that the figure does not. */
function known(interval: Interval | null, unit: 'ns' | 'rate'): string {
  const text = interval === null ? '' : rangeText(interval, unit);
  return text.includes(' to ') ? text : '';
}

function shown(results: readonly unknown[], other: number | null): number[] {
  return other === null || results.length === 1 ? [0] : [0, other];
}
