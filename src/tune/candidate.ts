import { FACT_OVER, FACTS } from '../policy/facts.js';
import { conditionText } from '../policy/condition-text.js';
import { conditionHolds, parseCondition } from '../policy/parse-condition.js';
import { type Importance, IMPORTANCES, type Policy } from '../policy/policy.js';
import type { Target } from '../policy/situations.js';

/** A state in which the request rule was asked (R10), and how often. */
export interface Cell {
  facts: number;
  inserts: number;
}

/** What can be decided here: the cells of one importance, for one kind of target. */
export interface Question {
  target: Target;
  importance: Importance;
  /** By falling number of inserts. */
  cells: Cell[];
}

/** A change of the scenario beside the policy, as `--set` takes it. */
export interface SettingChoice {
  path: string;
  /** The first is the scenario's own; "" is nothing there. */
  values: string[];
  /** The facts by which alone a rule sees it; 0 for what every rule does. */
  facts: number;
}

/** What may be searched in a scenario. */
export interface Space {
  questions: Question[];
  /** Importances that are queued at all. */
  importances: Importance[];
  settings: SettingChoice[];
  base: Policy;
}

/** One rule set, and what it is tried with. */
export interface Candidate {
  /** For each question, whether each of its cells asks. */
  asks: boolean[][];
  insert: ('head' | 'tail')[];
  depth: Policy['depth'];
  /** For each setting, the place of its value. */
  chosen: number[];
}

/** A policy that ships, as far as it can be told here. */
export function candidateOf(
  policy: Policy,
  { questions, importances, settings }: Space,
): Candidate {
  return {
    asks: questions.map(({ target, importance, cells }) =>
      cells.map(({ facts }) => conditionHolds(policy[target][importance], facts)),
    ),
    insert: importances.map((importance) => policy.insert[importance]),
    depth: policy.depth,
    chosen: settings.map(() => 0),
  };
}

/** The policy: what never occurs is as in the base where that says no more, or else shortest. */
export function policyOf(candidate: Candidate, space: Space, name: string): Policy {
  const { base, importances, questions } = space;
  const policy = structuredClone({ ...base, name, sentence: '', source: '' });
  questions.forEach(({ target, importance, cells }, i) => {
    const own = base[target][importance];
    const isBase = cells.every(
      ({ facts }, cell) => conditionHolds(own, facts) === candidate.asks[i][cell],
    );
    if (isBase) return;
    const factsOf = (wanted: boolean): number[] =>
      cells.filter((_, cell) => candidate.asks[i][cell] === wanted).map(({ facts }) => facts);
    policy[target][importance] = parseCondition(conditionText(factsOf(true), factsOf(false)));
  });
  importances.forEach((importance, i) => {
    policy.insert[importance] = candidate.insert[i];
  });
  policy.depth = candidate.depth;
  return policy;
}

/** `--set` texts of what differs from the scenario. */
export function settingsOf({ chosen }: Candidate, { settings }: Space): string[] {
  return settings.flatMap(({ path, values }, i) =>
    chosen[i] === 0 ? [] : [`${path}=${values[chosen[i]]}`],
  );
}

/** Equal for candidates that do the same in every cell that occurs. */
export function behaviourOf(candidate: Candidate, space: Space): string {
  const policy = policyOf(candidate, space, '');
  const seen = space.questions.reduce(
    (facts, { target, importance }) => facts | factsSeen(policy, target, importance),
    0,
  );
  const { asks, chosen, depth, insert } = candidate;
  const bearing = space.settings.map(({ facts }, i) =>
    facts === 0 || (facts & seen) !== 0 ? chosen[i] : 0,
  );
  // Nothing is decided by depth, or by a tunable, where no condition looks at it.
  return JSON.stringify([asks, insert, (seen & FACT_OVER) === 0 ? '' : depth, bearing]);
}

/** The facts on which a condition depends. */
function factsSeen(policy: Policy, target: Target, importance: Importance): number {
  const condition = policy[target][importance];
  const depends = ({ bit }: { bit: number }): boolean =>
    Array.from({ length: 64 }, (_, facts) => facts).some(
      (facts) => conditionHolds(condition, facts) !== conditionHolds(condition, facts ^ bit),
    );
  return FACTS.filter(depends).reduce((facts, { bit }) => facts | bit, 0);
}

/** A place in which a candidate differs from the base, and the candidate without it. */
export interface Change {
  /** Such as `other.high` or `machine.tunables.maximumDpcQueueDepth`. */
  path: string;
  own: string;
  base: string;
  without: Candidate;
}

/** Everything in which a candidate differs from the base. */
export function changesOf(candidate: Candidate, space: Space): Change[] {
  const base = candidateOf(space.base, space);
  const policy = policyOf(candidate, space, '');
  const changes: Change[] = [];
  space.questions.forEach(({ target, importance }, i) => {
    if (candidate.asks[i].join() === base.asks[i].join()) return;
    const asks = candidate.asks.map((own, j) => (j === i ? base.asks[i] : own));
    changes.push({
      path: `${target}.${importance}`,
      own: policy[target][importance].text,
      base: space.base[target][importance].text,
      without: { ...candidate, asks },
    });
  });
  space.importances.forEach((importance, i) => {
    if (candidate.insert[i] === base.insert[i]) return;
    const insert = candidate.insert.map((own, j) => (j === i ? base.insert[i] : own));
    const [own, before] = [candidate.insert[i], base.insert[i]];
    changes.push({
      path: `insert.${importance}`,
      own,
      base: before,
      without: { ...candidate, insert },
    });
  });
  if (candidate.depth !== base.depth) {
    const without = { ...candidate, depth: base.depth };
    changes.push({ path: 'depth', own: candidate.depth, base: base.depth, without });
  }
  space.settings.forEach(({ path, values }, i) => {
    if (candidate.chosen[i] === 0) return;
    const chosen = candidate.chosen.map((own, j) => (j === i ? 0 : own));
    const [before, own] = [values[0], values[candidate.chosen[i]]].map((value) => value || 'none');
    changes.push({
      path,
      own,
      base: before,
      without: { ...candidate, chosen },
    });
  });
  return changes;
}

/** Those in the set, in the order of presentation. */
export function occurring(importances: ReadonlySet<Importance>): Importance[] {
  return IMPORTANCES.filter((importance) => importances.has(importance));
}
