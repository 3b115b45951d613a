import type { AnswerFigure } from '../result/answer-shape.js';
import { MACHINE_FOCUS } from '../scenario/guess-focus.js';
import { formatCount, formatCountOf, formatNs } from '../units.js';
import { answerSentences } from './answer-sentences.js';
import { isSameLatency as isSame, SHORTER_BELOW } from './comparison-sentence.js';
import { disputeHere } from './dispute-here.js';
import {
  DPC_GUIDELINE_NS,
  guidelineBreaches,
  ISR_GUIDELINE_NS,
  measuredBreaches,
} from './guidelines.js';
import type {
  FigureComparison,
  PolicyComparison,
  PolicyResult,
  ResultDocument,
} from '../result/document.js';
import type { Warning } from '../result/warning-shape.js';
import { timeoutSentences } from './watchdog.js';

/** Names that are listed before the rest is counted. */
const LISTED = 4;

/** A part by which the machine's figures must change to be told beside those of the sources. */
const NEWS = 0.05;

/** The answer in sentences: what was found, then what to distrust. */
export function verdict(document: ResultDocument): string[] {
  const wide = machineWide(document);
  return [...lead(document), ...(wide === '' ? [] : [wide]), ...distrust(document)];
}

/** What answers the scenario's question, to be said first. */
export function lead(document: ResultDocument): string[] {
  const { focus, sentences = [] } = document.answer ?? {};
  const asksForTimeouts = focus?.counters.some((name) => name.endsWith('Timeouts')) === true;
  const timeouts = asksForTimeouts ? timeoutSentences(document) : [];
  // What the machine counts of them is in these already.
  if (timeouts.length > 0 && focus!.latencies.length === 0) return timeouts;
  return [...timeouts, ...(sentences.length > 0 ? sentences : comparison(document))];
}

/**
 * What the policies cost the whole machine, where the question is about some sources alone; ""
 * where that is no news beside them.
 */
export function machineWide({ answer, comparisons, results, scenario }: ResultDocument): string {
  const isTold =
    answer === null || answer.sentences.length === 0 || answer.focus.sources.length === 0;
  if (isTold || scenario.sources.length === 1 || comparisons.length === 0) return '';
  const countOf = (name: string): number =>
    results.find(({ policy }) => policy === name)!.counters.ipis;
  const figures = comparisons.flatMap(({ against, latency, perThousand, policy }) => {
    const ofFigure = (
      figure: string,
      comparison: FigureComparison | null,
      valueOf: (comparison: FigureComparison) => readonly [number, number],
    ): AnswerFigure[] => {
      if (comparison === null) return [];
      const [first, other] = valueOf(comparison);
      return [
        {
          figure,
          from: { policy: against, source: null, value: first },
          to: { policy, source: null, value: other },
          comparison,
        },
      ];
    };
    return [
      ...ofFigure('ipis', perThousand.ipis, () => [countOf(against), countOf(policy)]),
      ...ofFigure('dpcWait.p99Ns', latency.dpcWait.p99Ns, ({ first, other }) => [first, other]),
    ];
  });
  const isNews = figures.some(({ comparison: { first, other } }) => {
    return Math.abs(other - first) > NEWS * Math.max(first, other);
  });
  return isNews ? answerSentences(MACHINE_FOCUS, figures).join(' ') : '';
}

/** Where the sources of the rules disagree, what was lost, and what is over the guidelines. */
export function distrust(document: ResultDocument): string[] {
  return [disputeHere(document), ...losses(document), ...overGuidelines(document)];
}

function comparison({ results, comparisons }: ResultDocument): string[] {
  const [first, ...others] = results;
  const compare = (other: PolicyResult): string => comparePair(first, other, comparisons);
  if (others.length === 0) {
    return [`${first.policy} ran alone: name a second policy to compare it with.`];
  }
  if (others.every((other) => isAlike(first, other))) return [sayAlike(results)];
  if (others.length <= 2) return others.map(compare);
  const fewest = best(results, (result) => result.counters.ipis);
  const shortest = best(results, (result) => result.latency.dpcWait.p99Ns);
  return [
    fewest === first ? `None sends fewer IPIs than ${first.policy}.` : compare(fewest),
    ...(shortest === fewest || shortest === first ? [] : [compare(shortest)]),
    ...(shortest === first ? [`None has a shorter p99 DPC latency than ${first.policy}.`] : []),
  ];
}

function isAlike(a: PolicyResult, b: PolicyResult): boolean {
  const [from, to] = [a.latency.dpcWait, b.latency.dpcWait];
  return (
    a.counters.ipis === b.counters.ipis &&
    isSame(from.maxNs, to.maxNs) &&
    (from.p99Ns === to.p99Ns ||
      (from.p99Ns !== null && to.p99Ns !== null && isSame(from.p99Ns, to.p99Ns)))
  );
}

function sayAlike(results: readonly PolicyResult[]): string {
  const [{ counters, latency }] = results;
  const names = results.map((result) => result.policy);
  const who = names.length === 2 ? names.join(' and ') : `All ${names.length} policies`;
  const { p99Ns, maxNs } = latency.dpcWait;
  const p99 = p99Ns === null ? '' : `a p99 DPC latency of ${formatNs(p99Ns)}, `;
  const ipis = counters.ipis === 0 ? 'no IPIs' : formatCountOf(counters.ipis, 'IPI');
  return `${who} cost the same here: ${ipis}, ${p99}the longest ${formatNs(maxNs)}.`;
}

/** The least; the earlier one of equals, so that the first policy stands unless it is beaten. */
function best(
  results: readonly PolicyResult[],
  figure: (result: PolicyResult) => number | null,
): PolicyResult {
  return results.reduce((least, result) => {
    const value = figure(result);
    const leastValue = figure(least);
    if (value === null || leastValue === null) return least;
    return isSame(value, leastValue) || value > leastValue ? least : result;
  });
}

/** With intervals where there are shards enough for them. */
function comparePair(
  first: PolicyResult,
  other: PolicyResult,
  comparisons: readonly PolicyComparison[],
): string {
  const compared = comparisons.find(({ policy }) => policy === other.policy);
  if (compared !== undefined && other.intervals !== null) return compared.sentence;
  const ipis = compareIpis(first, other);
  const from = first.latency.dpcWait;
  const to = other.latency.dpcWait;
  const p99 =
    from.p99Ns === null || to.p99Ns === null
      ? 'there are too few DPCs for a p99 of their latency'
      : `its p99 DPC latency is ${compareNs(first.policy, from.p99Ns, to.p99Ns)}`;
  const longest = compareNs(first.policy, from.maxNs, to.maxNs);
  return `${other.policy} ${ipis}; ${p99}, its longest ${longest}.`;
}

function compareIpis(first: PolicyResult, other: PolicyResult): string {
  const from = first.counters.ipis;
  const to = other.counters.ipis;
  if (from === to) {
    return from === 0
      ? `sends no IPIs, like ${first.policy}`
      : `sends as many IPIs as ${first.policy} (${formatCount(from)})`;
  }
  const counts = `${formatCount(to)} against ${formatCount(from)}`;
  if (from === 0 || to > 2 * from) {
    const times = from === 0 ? '' : `${(to / from).toPrecision(2)} times as many: `;
    return `sends more IPIs than ${first.policy} (${times}${counts})`;
  }
  const part = Math.abs(1 - to / from) * 100;
  const percent = part < 0.1 ? 'under 0.1 %' : `${part < 10 ? part.toFixed(1) : part.toFixed(0)} %`;
  return `sends ${percent} ${to < from ? 'fewer' : 'more'} IPIs than ${first.policy} (${counts})`;
}

function compareNs(first: string, from: number, to: number): string {
  if (isSame(from, to)) return `the same (${formatNs(to)})`;
  const against = `${formatNs(to)} against ${formatNs(from)}`;
  if (from === 0 || to === 0) return `${to > from ? 'longer' : 'shorter'} (${against})`;
  const ratio = to / from;
  if (ratio < SHORTER_BELOW) return `${shortTimes(1 / ratio)} times shorter (${against})`;
  const shown = shortTimes(ratio);
  if (shown === '1.00') return `about the same (${against})`;
  return `${shown} times that of ${first} (${against})`;
}

function shortTimes(ratio: number): string {
  return ratio.toFixed(ratio >= 9.95 ? 0 : 2);
}

/** What is lost without being worth a warning. */
function losses({ results, warnings }: ResultDocument): string[] {
  const isWarned = (policy: string, kind: Warning['kind']): boolean =>
    warnings.some((warning) => warning.kind === kind && warning.policies.includes(policy));
  return results.flatMap(({ policy, counters }) => [
    ...(counters.dropped > 0 && !isWarned(policy, 'dropped')
      ? [`${policy}: ${items(counters.dropped, ' found a full FIFO and', 'dropped')}`]
      : []),
    ...(counters.unserved > 0 && !isWarned(policy, 'unserved')
      ? [`${policy}: ${items(counters.unserved, '', 'never served')}`]
      : []),
  ]);
}

/** `7 items found a full FIFO and were dropped.` */
function items(count: number, found: string, what: string): string {
  return `${formatCountOf(count, 'item')}${found} ${count === 1 ? 'was' : 'were'} ${what}.`;
}

/** The longest as measured; how often is not measured, but known of what the scenario draws. */
function overGuidelines(document: ResultDocument): string[] {
  const expected = guidelineBreaches(document.scenario);
  const measured = measuredBreaches(document);
  return (['DPC', 'ISR'] as const).flatMap((kind) => {
    const shareOf = (source: string): number =>
      expected.find((one) => one.kind === kind && one.source === source)?.share ?? 0;
    const over =
      measured ?? expected.map((breach) => ({ ...breach, longestNs: null as number | null }));
    const told = over.filter((one) => one.kind === kind);
    if (told.length === 0) return [];
    const some = told.slice(0, LISTED);
    const limitNs = kind === 'ISR' ? ISR_GUIDELINE_NS : DPC_GUIDELINE_NS;
    const longest = some.map(({ longestNs, source }) =>
      longestNs === null ? source : `${source} (longest ${formatNs(longestNs)})`,
    );
    const rest = told.length > LISTED ? ` and ${formatCount(told.length - LISTED)} more` : '';
    const drawn = some.map(({ source }) => shareOf(source)).filter((share) => share > 0);
    const often =
      drawn.length < some.length ? '' : ` The scenario draws ${sayShares(drawn)} so long.`;
    return [
      `${kind}s over the ${formatNs(limitNs)} of Microsoft's guideline: ` +
        `${longest.join(', ')}${rest}.${often}`,
    ];
  });
}

function sayShares(shares: readonly number[]): string {
  const texts = shares.map((share) => {
    const percent = share * 100;
    return share === 1 ? 'all' : `${percent < 0.1 ? 'under 0.1' : percent.toPrecision(2)} %`;
  });
  if (texts.length === 1) return `${texts[0]} of them`;
  return `${texts.slice(0, -1).join(', ')} and ${texts[texts.length - 1]} of them`;
}
