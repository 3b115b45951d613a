import { inputError } from '../errors.js';
import type { Policy } from '../policy/policy.js';
import { FACTS } from '../policy/facts.js';
import { type Situation, situationsOf, TARGETS } from '../policy/situations.js';
import type { Decision, DecisionWait } from '../result/decision-shape.js';
import { addWaits } from '../result/decisions.js';
import type { ResultDocument } from '../result/document.js';
import { formatCount, formatNs, quote } from '../units.js';

/** What came of the DPCs that were queued in a situation, under one policy. */
export interface SituationFigures {
  policy: string;
  asks: boolean;
  /** The condition that decided, as written; R22 for threaded DPCs. */
  rule: string;
  inserts: number;
  local: number;
  ipis: number;
  /** Asked, but the target was draining or asked already. */
  suppressed: number;
  /** What the decision is answerable for: the waits of all but the suppressed. */
  wait: DecisionWait;
}

export interface ExplainedSituation {
  words: string;
  /** As part of a sentence; null where nothing short says it. */
  brief: string | null;
  /** Do the policies decide differently here? */
  differs: boolean;
  figures: SituationFigures[];
}

/** Which line of the rules caused what: the census of decisions of some policies, side by side. */
export interface Explanation {
  /** Where the policies decide differently first, the ones with most IPIs between them first. */
  situations: ExplainedSituation[];
  /** What makes the first policy differ from each other one, exactly. */
  sentences: string[];
}

/** The decisions that were counted under a policy. */
export type Counted = { policy: Policy; decisions: readonly Decision[] };

/**
 * Puts the census of each policy side by side, by the situations that the policies tell apart.
 * Sums over situations are the counters of the result.
 *
 * @throws InputError for a result whose decisions were not counted.
 */
export function explain(document: ResultDocument): Explanation {
  const counted = document.results.map(({ policy: name, decisions }): Counted => {
    const policy = document.scenario.policies.find((each) => each.name === name);
    if (decisions === null || policy === undefined) {
      throw inputError(
        `the result counts no decisions of ${quote(name)}`,
        'it is older than they are, or was run with --no-decisions: dpcbench explain SCENARIO',
      );
    }
    return { policy: policy as Policy, decisions };
  });
  return explainDecisions(counted);
}

/** `explain` of what has been counted by now, while a run goes on. */
export function explainDecisions(counted: readonly Counted[]): Explanation {
  const situations = [...ofConditions(counted), ...ofThreaded(counted)]
    .filter(({ figures }) => figures.some(({ inserts }) => inserts > 0))
    .sort((a, b) => Number(b.differs) - Number(a.differs) || weight(b) - weight(a));
  return {
    situations,
    sentences: counted.slice(1).flatMap((_, i) => attribute(situations, i + 1)),
  };
}

function ofConditions(counted: readonly Counted[]): ExplainedSituation[] {
  const policies = counted.map(({ policy }) => policy);
  const seen = new Set(
    counted
      .flatMap(({ decisions }) => decisions)
      .filter(({ threaded }) => !threaded)
      .map(({ importance, target }) => `${target} ${importance}`),
  );
  const situations = situationsOf(policies, (target, importance) =>
    seen.has(`${target} ${importance}`),
  );
  return situations.map((situation): ExplainedSituation => ({
    words: situation.words,
    brief: situation.brief,
    differs: situation.asks.some((asks) => asks !== situation.asks[0]),
    figures: counted.map(({ policy, decisions }, i) =>
      figuresOf(
        policy,
        { asks: situation.asks[i], rule: policy[situation.target][situation.importances[0]].text },
        decisions.filter((decision) => isIn(decision, situation)),
      ),
    ),
  }));
}

function isIn(decision: Decision, { target, importances, facts }: Situation): boolean {
  if (decision.threaded || decision.target !== target) return false;
  return importances.includes(decision.importance) && facts.has(factsOf(decision));
}

function factsOf({ facts }: Decision): number {
  return FACTS.reduce((set, { word, bit }) => (facts.includes(word) ? set | bit : set), 0);
}

/** Threaded DPCs ask R22, the same under every policy. */
function ofThreaded(counted: readonly Counted[]): ExplainedSituation[] {
  return TARGETS.map((target): ExplainedSituation => ({
    words: `threaded, for ${target === 'current' ? 'the current' : 'another'} processor`,
    brief: null,
    differs: false,
    figures: counted.map(({ policy, decisions }) =>
      figuresOf(
        policy,
        { asks: true, rule: 'R22' },
        decisions.filter((decision) => decision.threaded && decision.target === target),
      ),
    ),
  }));
}

function figuresOf(
  { name }: Policy,
  { asks, rule }: { asks: boolean; rule: string },
  decisions: readonly Decision[],
): SituationFigures {
  const sum = (request?: Decision['request']): number =>
    decisions
      .filter((decision) => request === undefined || decision.request === request)
      .reduce((total, { inserts }) => total + inserts, 0);
  return {
    policy: name,
    asks,
    rule,
    inserts: sum(),
    local: sum('local'),
    ipis: sum('ipi'),
    suppressed: sum('suppressed'),
    wait: addWaits(
      decisions.filter(({ request }) => request !== 'suppressed').map(({ wait }) => wait),
    ),
  };
}

/** How much there is to see: the IPIs that lie between the policies, then how often it happens. */
function weight({ figures }: ExplainedSituation): number {
  const ipis = figures.map((each) => each.ipis);
  const inserts = Math.max(...figures.map((each) => each.inserts));
  return (Math.max(...ipis) - Math.min(...ipis)) * 1e3 + inserts;
}

/** So many situations are told one by one; the others are added up. */
const TOLD = 3;

/** The difference in IPIs between the first policy and another, situation by situation. */
function attribute(situations: readonly ExplainedSituation[], index: number): string[] {
  const pairs = situations
    .map(({ words, figures }) => ({ words, a: figures[0], b: figures[index] }))
    .map((pair) => ({ ...pair, more: pair.b.ipis - pair.a.ipis }));
  const all = pairs.reduce((sum, { more }) => sum + more, 0);
  const told = pairs
    .filter(({ a, b }) => a.asks !== b.asks && a.inserts + b.inserts > 0)
    .sort((one, other) => Math.abs(other.more) - Math.abs(one.more))
    .slice(0, TOLD);
  if (situations.length === 0) return [];
  const [{ figures }] = situations;
  const [a, b] = [figures[0], figures[index]];
  if (told.length === 0) {
    return [`${b.policy} decides like ${a.policy} in every situation that occurred.`];
  }
  const rest = all - told.reduce((sum, { more }) => sum + more, 0);
  const total =
    all === 0
      ? `${b.policy} sends as many IPIs as ${a.policy}`
      : `${b.policy} sends ${formatCount(Math.abs(all))} IPIs ${moreOrFewer(all)} than ${a.policy}`;
  return [
    `${total}: ${told.map(({ more, words }) => `${signed(more)} for ${words}`).join('; ')}; ` +
      `${signed(rest)} in all other situations.`,
    ...told.map(tellWaits),
  ];
}

function tellWaits({
  words,
  a,
  b,
}: {
  words: string;
  a: SituationFigures;
  b: SituationFigures;
}): string {
  const tell = ({ policy, asks, wait }: SituationFigures): string => {
    const p99 = wait.p99Ns === null ? 'too few waits for a p99' : `p99 ${formatNs(wait.p99Ns)}`;
    return `${policy} ${asks ? 'asks' : 'lets it wait'}, ${p99}`;
  };
  return `${words}: ${tell(a)}; ${tell(b)}.`;
}

function moreOrFewer(difference: number): string {
  return difference > 0 ? 'more' : 'fewer';
}

function signed(difference: number): string {
  if (difference === 0) return 'none';
  return `${difference > 0 ? '+' : '−'}${formatCount(Math.abs(difference))}`;
}
