import { FACT_OVER, FACTS } from '../policy/facts.js';
import type { Policy } from '../policy/policy.js';
import { expectedRate } from './expected-interrupts.js';
import { meanNs, meanSquareNs2 } from '../scenario/distribution-mean.js';
import type {
  Arrivals,
  Background,
  Distribution,
  Machine,
  Scenario,
  Source,
} from '../scenario/scenario.js';

/** After so many halvings nothing is left of where the rates of R16 started. */
const RATE_TICKS = 16;
/**
 * How often the maximum depth may go through its whole range, a step each `adjustDpcThreshold`
 * ticks, until it has forgotten that it started at the top.
 */
const THRESHOLD_RANGES = 2;
/** A phase of a source or a thread has been forgotten after so many of them. */
const PHASES = 5;
/** Strict periods are passed so often before their rests say nothing any more. */
const PERIODS = 2;

/** A machine that sleeps more than this is not waited for. */
const LEAST_TICKED_SHARE = 1e-4;

export interface SettlingTime {
  ns: number;
  /** What takes longest, in words. */
  slowest: string;
}

/**
 * How long a machine that starts idle at time 0 needs to forget that, by its own time constants:
 * the rates and the adaptive threshold of R16 where a policy depends on it, on and off phases and
 * other spans of its sources, and its threads. It does not know of queues close to saturation.
 */
export function settlingTime(scenario: Scenario): SettlingTime {
  const { machine, sources } = scenario;
  const tickNs = machine.tickNs / tickedShare(scenario);
  const candidates: SettlingTime[] = [
    { slowest: 'the rates of the clock tick', ns: Math.ceil(RATE_TICKS * tickNs) },
    ...sources.map((source) => ({ slowest: `the source "${source.name}"`, ns: sourceNs(source) })),
    ...machine.background.map((background) => ({
      slowest: 'the background threads',
      ns: backgroundNs(background),
    })),
  ];
  const { adjustDpcThreshold, maximumDpcQueueDepth } = machine.tunables;
  if (seesThreshold(scenario)) {
    const ticks = THRESHOLD_RANGES * adjustDpcThreshold * maximumDpcQueueDepth;
    candidates.push({ slowest: 'the adaptive threshold', ns: Math.ceil(ticks * tickNs) });
  }
  return candidates.reduce((slowest, one) => (one.ns > slowest.ns ? one : slowest));
}

/**
 * The share of its ticks that a processor takes, about: all, unless `dynamicTick` lets it skip
 * those that find it halted. What it does with its time is told by mean rates.
 */
function tickedShare({ machine, sources }: Scenario): number {
  if (!machine.dynamicTick) return 1;
  const { costs, processors } = machine;
  const threads = machine.background.reduce((sum, { busy, idle }) => {
    const busyNs = meanNs(busy);
    return busyNs === 0 ? sum : sum + busyNs / (busyNs + meanNs(idle));
  }, 0);
  const work = sources.reduce((sum, source) => {
    const perNs = expectedRate(source);
    if (source.kind === 'timer') return sum + perNs * (costs.clockNs + meanNs(source.service));
    const isrNs = costs.haltExitNs + costs.interruptNs + meanNs(source.isr);
    const { dpc } = source;
    return sum + perNs * (isrNs + (dpc === null ? 0 : costs.dequeueNs + meanNs(dpc.service)));
  }, 0);
  return Math.min(1, Math.max(LEAST_TICKED_SHARE, (threads + work) / processors));
}

/** Does any policy decide by a maximum depth that moves? */
export function seesThreshold({ machine, policies, sources }: Scenario): boolean {
  if (machine.tunables.maximumDpcQueueDepth < 2) return false;
  return policies.some(
    (policy) =>
      policy.adaptive && sources.some((source) => decidesByDepth(machine, policy, source)),
  );
}

/** Does it have arrivals, or timers alone and nothing random, that cannot begin in the middle? */
export function startsAtZero({ machine, sources }: Scenario): boolean {
  if (sources.some(isListedSource)) return true;
  const isTimed = sources.every((each) => each.kind === 'timer' && isConstant(each.service));
  return isTimed && machine.background.every((threads) => Object.values(threads).every(isConstant));
}

function isConstant({ kind }: Distribution): boolean {
  return kind === 'constant';
}

export function isListedSource(source: Source): boolean {
  return (
    source.kind === 'device' &&
    (source.arrivals.kind === 'at' || source.arrivals.kind === 'recording')
  );
}

function decidesByDepth(machine: Machine, policy: Policy, source: Source): boolean {
  if (source.kind === 'timer') return dependsOn(policy.current.medium.table, FACT_OVER);
  const { dpc, processors } = source;
  // What a DPC thread serves is asked for by R22, which knows no depth.
  const isThreaded = dpc?.threaded === true && machine.threadedDpcs !== false;
  if (dpc === null || isThreaded) return false;
  const { importance, target } = dpc;
  const isRecorded = source.arrivals.kind === 'recording';
  const toCurrent = typeof target === 'string' || isRecorded || processors.includes(target);
  const toOther =
    target !== 'current' &&
    (typeof target === 'string' || isRecorded || processors.some((index) => index !== target));
  return (
    (toCurrent && dependsOn(policy.current[importance].table, FACT_OVER)) ||
    (toOther && dependsOn(policy.other[importance].table, FACT_OVER))
  );
}

/** Does a truth table, 64 bits in hexadecimal, answer otherwise with the fact than without it? */
function dependsOn(table: string, fact: number): boolean {
  const answers = BigInt(`0x${table}`);
  const answer = (facts: number): bigint => (answers >> BigInt(facts)) & 1n;
  return Array.from({ length: 1 << FACTS.length }, (_, facts) => facts).some(
    (facts) => answer(facts) !== answer(facts ^ fact),
  );
}

function sourceNs(source: Source): number {
  if (source.kind === 'timer') return source.dueNs + PERIODS * source.periodNs;
  const { arrivals } = source;
  return 'startNs' in arrivals ? arrivals.startNs + spanNs(arrivals) : 0;
}

function spanNs(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'renewal':
      // Poisson arrivals have nothing to forget.
      return arrivals.gap.kind === 'exponential' ? 0 : PHASES * restNs(arrivals.gap);
    case 'periodic':
      return fillsPeriod(arrivals.jitter, arrivals.periodNs) ? 0 : PERIODS * arrivals.periodNs;
    case 'bursts':
      return PHASES * (restNs(arrivals.on) + restNs(arrivals.off));
    default:
      return 0;
  }
}

/** At any instant of its period alike, also of the first: there is nothing to forget. */
function fillsPeriod(jitter: Distribution, periodNs: number): boolean {
  return jitter.kind === 'uniform' && jitter.minNs === 0 && jitter.maxNs >= periodNs;
}

function backgroundNs({ busy, dispatch, idle, passive }: Background): number {
  if (meanNs(busy) === 0) return 0;
  // Without a pause in between nobody sees where one thread ends and the next begins.
  const [first, other] = meanNs(idle) === 0 ? [passive, dispatch] : [busy, idle];
  return PHASES * (restNs(first) + restNs(other));
}

/**
 * How long a phase still lasts, on average, at an instant of a settled machine: E[X²] / 2 E[X].
 * Where durations differ much that is far more than half of their mean.
 */
function restNs(phase: Distribution): number {
  const mean = meanNs(phase);
  return mean === 0 ? 0 : meanSquareNs2(phase) / (2 * mean);
}
