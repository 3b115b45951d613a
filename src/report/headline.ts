import type { PolicyResult, ResultDocument } from '../result/document.js';
import { isSameLatency } from '../stats/comparison-sentence.js';
import { explain, type ExplainedSituation } from '../stats/explain.js';
import { formatNs } from '../units.js';
import { ratioText, signedPercent } from './change-words.js';
import { threeDigits } from './format.js';
import type { RichText } from './rich-text.js';

type Part = RichText[number];

/** A p99 that differs by less is no news beside the number of IPIs. */
const NEWS = 0.1;
/** A situation that occurs so much less often than another one is left to the matrix. */
const WORTH_TELLING = 0.1;

/**
 * The answer as a sentence that a person would say. It says what costs what and whom it hits; its
 * figures stand below it, with their intervals.
 */
export function headlineOf(document: ResultDocument): RichText {
  const { results } = document;
  if (results.length === 1) return alone(results[0]);
  if (results.slice(1).every((other) => isAlike(results[0], other))) return alike(results);
  return results.length === 2 ? ofPair(document) : ofMany(results);
}

function alone(result: PolicyResult): RichText {
  const p99 = result.latency.dpcWait.p99Ns;
  const wait = p99 === null ? '' : `, and 99 of 100 DPCs wait at most ${formatNs(p99)}`;
  return [{ policy: 0 }, ` sends ${rate(result)}${wait}.`];
}

function alike(results: readonly PolicyResult[]): RichText {
  const p99 = results[0].latency.dpcWait.p99Ns;
  const wait = p99 === null ? '' : ` and a p99 DPC latency of ${formatNs(p99)}`;
  const who: Part[] =
    results.length === 2
      ? [{ policy: 0 }, ' and ', { policy: 1 }]
      : [`All ${results.length} rule sets`];
  return [...who, ` cost the same here: ${rate(results[0])}${wait}.`];
}

function ofPair(document: ResultDocument): RichText {
  const [first, other] = document.results;
  const moved = movedWaits(document);
  const ipis = ipiWords(first, other);
  const wait = waitWords(first, other);
  const joint = ipis.goesUp === wait.goesUp ? 'and' : 'but';
  const sentence: Part[] = [{ policy: 1 }, ` ${ipis.words} `, { policy: 0 }];
  if (wait.words !== '') sentence.push(`, ${joint} ${wait.words}`);
  if (moved !== '')
    sentence.push(wait.words === '' ? `, and moves the waiting: ${moved}` : `: ${moved}`);
  return [...sentence, '.'];
}

function ipiWords(first: PolicyResult, other: PolicyResult): { words: string; goesUp: boolean } {
  const [from, to] = [first.counters.ipis, other.counters.ipis];
  const goesUp = to > from;
  if (from === to)
    return { words: from === 0 ? 'sends no IPIs, like' : 'sends as many IPIs as', goesUp };
  if (from === 0 || to === 0) return { words: `sends ${rate(other)}, unlike`, goesUp };
  const ratio = to / from;
  if (ratio >= 2 || ratio <= 0.5) {
    const words = ratioText(ratio, 'as many');
    return { words: `sends ${words} IPIs ${goesUp ? 'as' : 'than'}`, goesUp };
  }
  const percent = signedPercent(ratio - 1).slice(1);
  return { words: `sends ${percent} ${goesUp ? 'more' : 'fewer'} IPIs than`, goesUp };
}

/** The machine's p99, where it differs enough to be news. */
function waitWords(first: PolicyResult, other: PolicyResult): { words: string; goesUp: boolean } {
  const [from, to] = [first.latency.dpcWait.p99Ns, other.latency.dpcWait.p99Ns];
  const none = { words: '', goesUp: false };
  if (from === null || to === null || from === 0 || to === 0) return none;
  const ratio = to / from;
  if (Math.abs(ratio - 1) < NEWS) return none;
  const goesUp = to > from;
  const far = ratio >= 2 || ratio <= 0.5;
  const size = far
    ? ratioText(ratio)
    : `${signedPercent(ratio - 1).slice(1)} ${goesUp ? 'longer' : 'shorter'}`;
  return { words: `its p99 DPC latency is ${size}`, goesUp };
}

/** Who waits now and who no longer does: the decisions that differ, the greatest of each kind. */
function movedWaits(document: ResultDocument): string {
  if (document.results.some(({ decisions }) => decisions === null)) return '';
  const told = explain(document).situations.filter(
    ({ brief, differs, figures }) =>
      brief !== null && differs && figures[0].asks !== figures[1].asks,
  );
  const most = (situations: ExplainedSituation[]): ExplainedSituation | undefined =>
    situations.reduce<ExplainedSituation | undefined>(
      (best, each) => (best === undefined || size(each) > size(best) ? each : best),
      undefined,
    );
  const least = Math.max(...told.map(size)) * WORTH_TELLING;
  const weighty = told.filter((each) => size(each) >= least);
  const now = most(weighty.filter(({ figures }) => figures[0].asks));
  const noLonger = most(weighty.filter(({ figures }) => figures[1].asks));
  if (now === undefined) return noLonger === undefined ? '' : `${noLonger.brief} no longer wait`;
  if (noLonger === undefined) return `${now.brief} now wait`;
  return `${now.brief} now wait, ${noLonger.brief!.replace(/processors$/, 'ones')} no longer do`;
}

function size({ figures }: ExplainedSituation): number {
  return Math.max(...figures.map(({ inserts }) => inserts));
}

function ofMany(results: readonly PolicyResult[]): RichText {
  const fewest = least(results, ({ counters }) => counters.ipis);
  const quickest = least(results, ({ latency }) => latency.dpcWait.p99Ns);
  const p99 = results[quickest].latency.dpcWait.p99Ns;
  const isAsMany = results.every(({ counters }) => counters.ipis === results[0].counters.ipis);
  if (isAsMany && p99 !== null) return asMany(results, quickest, p99);
  const head = `Of ${results.length} rule sets `;
  if (p99 === null)
    return [
      head,
      { policy: fewest },
      ` sends the fewest IPIs, ${perThousandWords(results[fewest])} per 1,000 interrupts.`,
    ];
  if (fewest === quickest) {
    const few = `${perThousandWords(results[fewest])} per 1,000 interrupts`;
    const short = `has the shortest p99 DPC latency (${formatNs(p99)})`;
    return [head, { policy: fewest }, ` sends the fewest IPIs (${few}) and ${short}.`];
  }
  return [
    head,
    { policy: fewest },
    ` sends the fewest IPIs (${perThousandWords(results[fewest])} per 1,000 interrupts) and `,
    { policy: quickest },
    ` has the shortest p99 DPC latency (${formatNs(p99)}); none is best at both.`,
  ];
}

/** Rule sets that all send as many IPIs are told apart by their waits alone. */
function asMany(results: readonly PolicyResult[], quickest: number, p99Ns: number): RichText {
  const head =
    results[0].counters.ipis === 0
      ? `None of ${results.length} rule sets sends an IPI; `
      : `All ${results.length} rule sets send ${rate(results[0])}; `;
  return [head, { policy: quickest }, ` has the shortest p99 DPC latency (${formatNs(p99Ns)}).`];
}

/** The first of the least. */
function least(
  results: readonly PolicyResult[],
  of: (result: PolicyResult) => number | null,
): number {
  return results.reduce(
    (best, result, i) => ((of(result) ?? Infinity) < (of(results[best]) ?? Infinity) ? i : best),
    0,
  );
}

function isAlike(a: PolicyResult, b: PolicyResult): boolean {
  const [from, to] = [a.latency.dpcWait, b.latency.dpcWait];
  if (a.counters.ipis !== b.counters.ipis || !isSameLatency(from.maxNs, to.maxNs)) return false;
  if (from.p99Ns === null || to.p99Ns === null) return from.p99Ns === to.p99Ns;
  return isSameLatency(from.p99Ns, to.p99Ns);
}

function rate(result: PolicyResult): string {
  if (result.counters.ipis === 0) return 'no IPIs';
  return `${perThousandWords(result)} IPIs per 1,000 interrupts`;
}

function perThousandWords({ counters }: PolicyResult): string {
  return threeDigits(counters.arrivals === 0 ? 0 : (counters.ipis / counters.arrivals) * 1000);
}
