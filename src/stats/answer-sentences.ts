import type { AnswerFigure } from '../result/answer-shape.js';
import type { FigureComparison, Interval } from '../result/comparison-shape.js';
import type { Focus, FocusCounter, FocusLatency, FocusStatistic } from '../scenario/focus.js';
import { formatCount, formatNs } from '../units.js';

const LATENCY_WORDS: Record<FocusLatency, string> = {
  isrWait: 'wait for its ISR',
  dpcWait: 'DPC latency',
  interruptToDpc: 'time from interrupt to DPC',
};
export const STATISTIC_WORDS: Record<FocusStatistic, string> = {
  meanNs: 'mean',
  p50Ns: 'median',
  p90Ns: 'p90',
  p99Ns: 'p99',
  p999Ns: 'p99.9',
  p9999Ns: 'p99.99',
};
const COUNTER_WORDS: Record<FocusCounter, string> = {
  ipis: 'IPIs',
  localRequests: 'requests to its own processor',
  suppressed: 'suppressed requests',
  declined: 'DPCs that request nothing',
  drains: 'drains',
  rescues: 'rescues by the clock tick',
  dpcs: 'DPC routines',
  isrs: 'ISRs',
  merged: 'merged interrupts',
  coalesced: 'coalesced inserts',
  dropped: 'dropped items',
  routineTimeouts: 'timeouts of a single routine or ISR',
  dispatchTimeouts: 'timeouts at DISPATCH',
};
/** Rare enough that each of them counts, whatever the number of interrupts. */
const COUNTED: ReadonlySet<string> = new Set<FocusCounter>(['routineTimeouts', 'dispatchTimeouts']);
/** So many values after the first one are told; of more, the least and the greatest. */
const TOLD = 3;
/** Policies whose figures are closer than this are told together, by the figures of the first. */
const ALIKE = 0.01;

/**
 * What the focus names, in plain words: before, after, how much that is, and its 95 % interval. A
 * sentence for each source, figures that do not differ left out where another one does.
 */
export function answerSentences(focus: Focus, figures: readonly AnswerFigure[]): string[] {
  // Figures that are the same are so without any.
  const hasIntervals = figures.some(({ comparison }) => comparison.differenceInterval !== null);
  const told = figures.map((figure): Told => {
    const lacksInterval = hasIntervals && figure.comparison.verdict === 'unknown';
    return { ...figure, lacksInterval };
  });
  const subjects = groupBy(told, ({ from, to }) => JSON.stringify([from.source, to.source]));
  return [...subjects.values()].flatMap((of) =>
    focus.against.length === 0 ? [`${sayPolicies(of)}.`] : saySources(of),
  );
}

interface Told extends AnswerFigure {
  /** Others have an interval: this one has too few samples in a shard. */
  lacksInterval: boolean;
}

/** A figure that there is nothing to compare with. */
export interface LoneFigure {
  figure: string;
  value: number;
  interval: Interval | null;
}

/** The figures of a source, or of the machine, under the only policy. */
export function sayAlone(
  policy: string,
  source: string | null,
  figures: readonly LoneFigure[],
): string {
  const parts = figures.map(({ figure, value, interval }, i) => {
    const { isLatency, words } = wordsOf(figure);
    if (!isLatency) return value === 0 ? `no ${words}` : `${formatCount(value)} ${words}`;
    const apart = interval && ` (${formatNs(interval.low)} to ${formatNs(interval.high)})`;
    return `${i === 0 ? 'a' : 'its'} ${words} of ${formatNs(value)}${apart ?? ''}`;
  });
  return `Under ${policy}, ${source ?? 'the machine'} has ${listed(parts)}.`;
}

/** One source, or the machine, under the first policy and under the others. */
function sayPolicies(figures: readonly Told[]): string {
  const byFigure = [...groupBy(figures, ({ figure }) => figure).values()];
  const news = byFigure.filter((of) => of.some(({ comparison }) => differs(comparison)));
  const [{ to }] = figures;
  const whose = to.source === null ? "The machine's" : `${to.source}'s`;
  return (news.length === 0 ? byFigure : news)
    .map((of, i) => `${i === 0 ? whose : 'its'} ${sayAcross(of, i > 0)}`)
    .join('; ');
}

/**
 * `p99 DPC latency goes from 10.4 µs under pre-vista to 147 µs under vista: 14.1 times as long`;
 * `isKnown`: a sentence before has said which policies these are, where there are two.
 */
function sayAcross(of: readonly Told[], isKnown: boolean): string {
  const [{ comparison, figure, from }] = of;
  const { isLatency, words } = wordsOf(figure);
  const isShort = isKnown && of.length === 1;
  const under = (names: readonly string[]): string => (isShort ? '' : ` under ${listed(names)}`);
  const alike = of.filter(({ comparison }) => !differs(comparison));
  const first = [from.policy, ...alike.map(({ to }) => to.policy)];
  const valueText = valuesIn(figure);
  const fromText = valueText(comparison.first, from.value);
  const is = isLatency ? 'is' : 'are';
  if (alike.length === of.length) {
    return `${words} ${is} the same${under(first)} (${fromText})`;
  }
  const apart = of.filter((one) => !alike.includes(one));
  const byChance = apart.filter(({ comparison: { verdict } }) => verdict === 'indistinguishable');
  const groups = groupsOf(apart.filter((one) => !byChance.includes(one)));
  const parts = groups.map((group) => {
    const [{ comparison, to }] = group;
    const change = changeOf(group[0], groups.length === 1 ? 'brackets' : 'comma');
    const changed = change === '' ? '' : groups.length === 1 ? `: ${change}` : ` (${change})`;
    const toText = valueText(comparison.other, to.value);
    return `to ${toText}${under(group.map(({ to }) => to.policy))}${changed}`;
  });
  const chances = byChance.map(({ comparison, to }) => {
    return `${to.policy}'s ${valueText(comparison.other, to.value)} may differ by chance alone`;
  });
  if (parts.length === 0) return `${words} ${is} ${fromText}${under(first)}; ${chances.join(', ')}`;
  const goes = `${words} ${isLatency ? 'goes' : 'go'} from`;
  return [`${goes} ${fromText}${under(first)} ${listed(parts)}`, ...chances].join('; ');
}

/**
 * Latencies, timeouts as they were counted, other counts as a rate; the first rate that is not 0
 * has the unit behind it.
 */
function valuesIn(figure: string): (value: number, count: number) => string {
  if (wordsOf(figure).isLatency) return formatNs;
  if (COUNTED.has(figure)) return (_, count) => (count === 0 ? 'none' : formatCount(count));
  let hasUnit = false;
  return (rate) => {
    if (rate === 0 || hasUnit) return perThousand(rate);
    hasUnit = true;
    return `${perThousand(rate)} per 1,000 interrupts`;
  };
}

/** Policies with one value together; of many values the least and the greatest. */
function groupsOf(of: readonly Told[]): Told[][] {
  const groups: Told[][] = [];
  for (const one of of) {
    const group = groups.find(([{ to }]) => isAlike(to.value, one.to.value));
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  if (groups.length <= TOLD) return groups;
  const sorted = [...groups].sort(([a], [b]) => a.to.value - b.to.value);
  return [sorted[0], sorted[sorted.length - 1]];
}

function isAlike(a: number, b: number): boolean {
  return Math.abs(a - b) <= ALIKE * Math.max(a, b);
}

/** A source beside another one, under each policy; policies that say the same say it once. */
function saySources(figures: readonly Told[]): string[] {
  const groups: { policies: string[]; of: Told[] }[] = [];
  for (const [policy, of] of groupBy(figures, ({ to }) => to.policy)) {
    const group = groups.find((one) => saysAlike(one.of, of));
    if (group === undefined) groups.push({ policies: [policy], of });
    else group.policies.push(policy);
  }
  return groups.map(({ policies, of }) => `Under ${listed(policies)}, ${sayBeside(of)}.`);
}

function saysAlike(a: readonly AnswerFigure[], b: readonly AnswerFigure[]): boolean {
  return a.every(
    (one, i) =>
      one.figure === b[i]?.figure &&
      one.comparison.verdict === b[i].comparison.verdict &&
      isAlike(one.comparison.first, b[i].comparison.first) &&
      isAlike(one.comparison.other, b[i].comparison.other),
  );
}

/** `a's p99 time from interrupt to DPC is 124 µs against b's 90 µs: 38 % longer` */
function sayBeside(figures: readonly Told[]): string {
  const news = figures.filter(({ comparison }) => differs(comparison));
  return (news.length === 0 ? figures : news)
    .map((one, i) => {
      const { comparison, figure, from, to } = one;
      const { isLatency, words } = wordsOf(figure);
      const subject = `${i === 0 ? `${to.source}'s` : 'its'} ${words} ${isLatency ? 'is' : 'are'}`;
      const text = (value: number): string => (isLatency ? formatNs(value) : perThousand(value));
      const unit = isLatency ? '' : ' per 1,000 interrupts';
      if (!differs(comparison)) {
        return `${subject} like that of ${from.source} (${text(comparison.other)}${unit})`;
      }
      const change = changeOf(one, 'brackets');
      return (
        `${subject} ${text(comparison.other)}${unit} against ${from.source}'s ` +
        `${text(comparison.first)}${change === '' ? '' : `: ${change}`}`
      );
    })
    .join('; ');
}

function perThousand(rate: number): string {
  if (rate === 0) return 'none';
  return rate >= 100 ? formatCount(Math.round(rate)) : rate.toPrecision(3);
}

function differs({ verdict }: FigureComparison): boolean {
  return verdict !== 'same';
}

/** `14.1 times as long (13.8 to 14.4)`; three significant digits. "" where one of them is 0. */
function changeOf(
  { comparison, figure, lacksInterval }: Told,
  style: 'brackets' | 'comma',
): string {
  const { ratio, ratioInterval, verdict } = comparison;
  const { isLatency } = wordsOf(figure);
  if (verdict === 'indistinguishable') return 'not to be told apart from chance';
  if (ratio === null || ratio === 0) return '';
  const say = (value: number, words: string, interval: Interval | null): string => {
    const digits = digitsOf(value, interval);
    const apart =
      interval && `${grouped(interval.low, digits)} to ${grouped(interval.high, digits)}`;
    const text = `${grouped(value, digits)} ${words}`;
    if (apart === null && !lacksInterval) return text;
    if (apart === null) return `${text}, too few samples for an interval`;
    return style === 'brackets' ? `${text} (${apart})` : `${text}, ${apart}`;
  };
  if (ratio >= 2) return say(ratio, `times as ${isLatency ? 'long' : 'many'}`, ratioInterval);
  if (isLatency && ratio < 0.5) {
    const isSure = ratioInterval !== null && ratioInterval.low > 0;
    const inverse = isSure ? { low: 1 / ratioInterval.high, high: 1 / ratioInterval.low } : null;
    return say(1 / ratio, 'times shorter', inverse);
  }
  const [more, less] = isLatency ? ['longer', 'shorter'] : ['more', 'fewer'];
  const percent = (of: number): number => (ratio > 1 ? of - 1 : 1 - of) * 100;
  const ends = ratioInterval && [percent(ratioInterval.low), percent(ratioInterval.high)];
  const apart = ends && { low: Math.min(...ends), high: Math.max(...ends) };
  return say(percent(ratio), `% ${ratio > 1 ? more : less}`, apart);
}

/** Decimals for three significant digits, or as many as its interval lets it have. */
function digitsOf(value: number, interval: Interval | null): number {
  const magnitude = Math.floor(Math.log10(Math.max(Math.abs(value), 1e-3)));
  const significant = Math.min(3, 2 - magnitude);
  const width = interval === null ? 0 : interval.high - interval.low;
  if (!(width > 0)) return significant;
  return Math.min(significant, Math.max(0, 1 - Math.floor(Math.log10(width))));
}

function grouped(value: number, digits: number): string {
  if (value < 0) return `−${grouped(-value, digits)}`;
  const step = 10 ** Math.max(0, -digits);
  const rounded = (Math.round(value / step) * step).toFixed(0);
  const [whole, fraction] = (digits > 0 ? value.toFixed(digits) : rounded).split('.');
  const thousands = formatCount(BigInt(whole));
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}

function wordsOf(figure: string): { isLatency: boolean; words: string } {
  const [name, statistic] = figure.split('.');
  if (statistic === undefined) {
    return { isLatency: false, words: COUNTER_WORDS[name as FocusCounter] };
  }
  const words = LATENCY_WORDS[name as FocusLatency];
  return { isLatency: true, words: `${STATISTIC_WORDS[statistic as FocusStatistic]} ${words}` };
}

function listed(names: readonly string[]): string {
  if (names.length === 1) return names[0];
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}
