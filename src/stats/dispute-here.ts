import { READINGS, readingOf } from '../policy/dispute.js';
import type { Decision } from '../result/decision-shape.js';
import type { ResultDocument } from '../result/document.js';

const WHO = 'High for another processor that is busy or polling';
/** Sources that are named before the rest is counted. */
const NAMED = 2;
const MORE = 'docs/policies.md#the-dispute';

/**
 * Whether the dispute of the sources matters here: how many DPCs are in a situation in which their
 * readings differ, by the census of the first policy. Where decisions were not counted, which
 * sources can be in it.
 */
export function disputeHere(document: ResultDocument): string {
  const { decisions } = document.results[0];
  const names = decisions === null ? concerned(document) : [];
  const share = decisions === null ? null : disputedShare(decisions);
  if (share === 0 || (share === null && names.length === 0)) {
    return `The sources' dispute does not matter here: no DPC is ${WHO}.`;
  }
  const asks = followers(document);
  if (share !== null) {
    return `The sources dispute ${sharePercent(share)} of the DPCs here, ${WHO}${asks}: ${MORE}.`;
  }
  const rest = names.length - NAMED;
  const named = names.slice(0, NAMED).join(' and ') + (rest > 0 ? ` and ${rest} more` : '');
  const who = `DPCs of ${named} here, ${WHO}${asks}`;
  return `The sources may dispute ${who}; "explain" counts them: ${MORE}.`;
}

function disputedShare(decisions: readonly Decision[]): number {
  const sum = (of: readonly Decision[]): number => of.reduce((all, one) => all + one.inserts, 0);
  const disputed = decisions.filter(({ facts, importance, target, threaded }) => {
    const isRead = target === 'other' && importance === 'high' && !threaded;
    return isRead && (!facts.includes('idle') || facts.includes('polling'));
  });
  return sum(disputed) === 0 ? 0 : sum(disputed) / sum(decisions);
}

/** The sources with a High DPC, not threaded, that may go to another processor. */
function concerned({ scenario: { machine, sources } }: ResultDocument): string[] {
  const hasThreads = machine.threadedDpcs !== false;
  return sources.flatMap((source) => {
    if (source.kind !== 'device' || source.dpc?.importance !== 'high') return [];
    const { arrivals, dpc, name, processors } = source;
    if (dpc.target === 'current' || (dpc.threaded === true && hasThreads)) return [];
    const isElsewhere =
      dpc.target === 'round-robin' ||
      arrivals.kind === 'recording' ||
      processors.some((processor) => processor !== dpc.target);
    return machine.processors > 1 && isElsewhere ? [name] : [];
  });
}

/** Which policies of the run follow which reading. */
function followers({ scenario: { policies } }: ResultDocument): string {
  const asks = READINGS.flatMap(({ id }) => {
    const names = policies.filter((each) => readingOf(each) === id);
    return names.length === 0 ? [] : [`${id} [${names.map(({ name }) => name).join(', ')}]`];
  });
  return asks.length === 0 ? '' : `; an IPI ${asks.join(', ')}`;
}

function sharePercent(share: number): string {
  const percent = share * 100;
  return percent < 0.1 ? 'under 0.1 %' : `${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
