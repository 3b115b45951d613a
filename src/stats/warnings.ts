import type {
  PolicyResult,
  ProcessorResult,
  ResultDocument,
  ScopeResult,
} from '../result/document.js';
import type { Warning } from '../result/warning-shape.js';
import { formatCount, formatNs } from '../units.js';
import { stopText, timeoutText } from './watchdog.js';

/** Names that are listed before the rest is counted. */
const LISTED = 4;
/** A source that lost more of its items than this has the latencies of a selection. */
const LOST_SHARE = 0.01;
/** What rounds to 100 %. */
const FULL_SHARE = 0.995;

/** A result without what is to be made of it here. */
type Judged = Omit<ResultDocument, 'warnings'>;

/** A source or processor that something is wrong with, and how much. */
interface Case {
  subject: string;
  /** Above 0 and at most 1. */
  share: number;
  /** What else must be the same for policies to share the warning. */
  text?: string;
}

/** What may be wrong: how it is seen under a policy, and how it is said. */
interface Check {
  kind: Warning['kind'];
  find: (result: PolicyResult, document: Judged) => Case[];
  /** `cases`, of which there is one at least, worst first. Ends with a full stop. */
  say: (cases: readonly Case[], document: Judged) => string;
}

/** In the order in which they are said. */
const CHECKS: readonly Check[] = [
  { kind: 'stopped', find: stopped, say: sayText },
  { kind: 'timed out', find: timedOut, say: sayText },
  { kind: 'never served', find: neverServed, say: sayNeverServed },
  { kind: 'never ran', find: neverRan, say: sayNeverRan },
  { kind: 'saturated', find: saturated, say: saySaturated },
  { kind: 'dropped', find: dropped, say: sayDropped },
  { kind: 'unserved', find: unserved, say: sayUnserved },
];

/**
 * What makes every other figure of a result mean something else, to be said before them: a
 * function of counters and scenario alone. Policies that share it share the warning.
 */
export function warningsOf(document: Judged): Warning[] {
  return CHECKS.flatMap((check) => {
    const groups = new Map<string, { policies: string[]; cases: Case[] }>();
    for (const result of document.results) {
      const cases = check.find(result, document);
      if (cases.length === 0) continue;
      const key = JSON.stringify(cases.map(({ subject, text }) => [subject, text]));
      const group = groups.get(key) ?? { policies: [], cases };
      group.policies.push(result.policy);
      group.cases = group.cases.map((one, i) => (cases[i].share > one.share ? cases[i] : one));
      groups.set(key, group);
    }
    return [...groups.values()].map((group) => warningOf(check, group, document));
  });
}

function warningOf(
  check: Check,
  { policies, cases }: { policies: string[]; cases: Case[] },
  document: Judged,
): Warning {
  // Sorting is stable: equals stay in the order of the scenario.
  const worst = [...cases].sort((a, b) => b.share - a.share);
  const isEverywhere = policies.length === document.results.length;
  const where = isEverywhere ? '' : `under ${listed(policies)}, `;
  return {
    kind: check.kind,
    policies,
    subjects: worst.map(({ subject }) => subject),
    share: worst[0].share,
    sentence: `${where}${check.say(worst, document)}`,
  };
}

/** Shards that a watchdog stopped (R23). */
function stopped({ stopped: shardsStopped }: PolicyResult, document: Judged): Case[] {
  if (shardsStopped === undefined) return [];
  const { first, shards } = shardsStopped;
  const text = stopText(shardsStopped, document);
  return [{ subject: `processor ${first.processor}`, share: shards / document.meta.shards, text }];
}

/** Timeouts of watchdogs that only count (R23). */
function timedOut(result: PolicyResult): Case[] {
  const text = timeoutText(result);
  if (text === null) return [];
  return result.processors.flatMap(({ counters, index }) => {
    const hasTimeouts = (counters.routineTimeouts ?? 0) + (counters.dispatchTimeouts ?? 0) > 0;
    return hasTimeouts ? [{ subject: `processor ${index}`, share: 1, text }] : [];
  });
}

function sayText([{ text = '' }]: readonly Case[]): string {
  return text;
}

/** Has arrivals, and none of them came to the end of its service. */
function neverServed({ counters, sources }: PolicyResult, { scenario }: Judged): Case[] {
  return sources.flatMap((source, i) => {
    const isUnserved =
      scenario.sources[i].kind === 'device' && source.counters.arrivals > 0 && served(source) === 0;
    if (!isUnserved) return [];
    return [{ subject: source.name, share: source.counters.arrivals / counters.arrivals }];
  });
}

function sayNeverServed(cases: readonly Case[]): string {
  const share = cases.reduce((sum, one) => sum + one.share, 0);
  return (
    `${listed(subjectsOf(cases))} ${were(cases)} never served: ` +
    `${percent(share)} of all arrivals are in no latency.`
  );
}

function neverRan({ sources }: PolicyResult, { scenario }: Judged): Case[] {
  return sources.flatMap((source, i) =>
    scenario.sources[i].kind === 'timer' && served(source) === 0
      ? [{ subject: source.name, share: 1 }]
      : [],
  );
}

function sayNeverRan(cases: readonly Case[], { meta, scenario }: Judged): string {
  const shardNs = meta.durationNs / meta.shards;
  const isLate = cases.every(({ subject }) =>
    scenario.sources.some(
      (source) => source.kind === 'timer' && source.name === subject && source.dueNs > shardNs,
    ),
  );
  const what = meta.shards === 1 ? 'the run' : 'a shard';
  const why = isLate ? `: ${what} ends after ${formatNs(Math.round(shardNs))}, before` : '';
  const due = isLate ? ` ${cases.length === 1 ? 'it is' : 'they are'} due` : '';
  return `${listed(subjectsOf(cases))} never ran${why}${due}.`;
}

/** Interrupts and DPCs leave nothing to threads and idle time. */
function saturated({ processors }: PolicyResult): Case[] {
  return processors.flatMap((processor) => {
    const share = busyShare(processor);
    return share < FULL_SHARE ? [] : [{ subject: `processor ${processor.index}`, share }];
  });
}

function busyShare({ timeSplit }: ProcessorResult): number {
  const { threadNs, idleNs, ...taken } = timeSplit;
  const takenNs = Object.values(taken).reduce((sum, ns) => sum + (ns ?? 0), 0);
  const allNs = takenNs + threadNs + idleNs;
  return allNs === 0 ? 0 : takenNs / allNs;
}

function saySaturated(cases: readonly Case[]): string {
  const all = cases.length > 1 ? ' each' : '';
  return (
    `${listed(subjectsOf(cases))} spent ${percent(cases[0].share)} of the time${all} on ` +
    'interrupts and DPCs: threads got none, and waits grow with the length of the run.'
  );
}

/** Sources that are never served are told of already. */
function dropped({ sources }: PolicyResult): Case[] {
  return sources
    .filter((source) => served(source) > 0)
    .flatMap((source) => {
      const items = source.counters.arrivals > 0 ? source.counters.arrivals : itemsOf(source);
      const share = items === 0 ? 0 : source.counters.dropped / items;
      return share > LOST_SHARE ? [{ subject: source.name, share }] : [];
    });
}

function sayDropped(cases: readonly Case[]): string {
  const latencies = 'latencies are those of the rest.';
  if (cases.length === 1) {
    const [{ subject, share }] = cases;
    return `${subject} lost ${percent(share)} of its arrivals to a full FIFO: ${latencies}`;
  }
  const shares = cases
    .slice(0, LISTED)
    .map(({ subject, share }) => `${subject} (${percent(share)})`);
  return `${withRest(shares, cases.length)} lost arrivals to full FIFOs: ${latencies}`;
}

function unserved({ counters }: PolicyResult): Case[] {
  const share = counters.arrivals === 0 ? 0 : counters.unserved / counters.arrivals;
  return share > LOST_SHARE ? [{ subject: 'the machine', share }] : [];
}

function sayUnserved([{ share }]: readonly Case[]): string {
  return `the run gave up with ${percent(share)} of the arrivals unserved: they are in no latency.`;
}

/** Items that came to the end of their service. */
function served(source: ScopeResult): number {
  return source.latency.interruptToDpc.count;
}

/** A timer has no arrivals, only items. */
function itemsOf(source: ScopeResult): number {
  return served(source) + source.counters.dropped;
}

function subjectsOf(cases: readonly Case[]): string[] {
  return cases.map(({ subject }) => subject);
}

function were(cases: readonly Case[]): string {
  return cases.length === 1 ? 'was' : 'were';
}

function listed(names: readonly string[]): string {
  return withRest(names.slice(0, LISTED), names.length);
}

/** `a, b and 3 more`; `a and b`. */
function withRest(shown: readonly string[], count: number): string {
  const rest = count - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${formatCount(rest)} more`;
  const last = shown[shown.length - 1];
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

function percent(share: number): string {
  const value = share * 100;
  if (value < 0.1) return 'under 0.1 %';
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}
