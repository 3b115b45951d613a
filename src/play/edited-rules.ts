import { conditionText } from '../policy/condition-text.js';
import { conditionHolds } from '../policy/parse-condition.js';
import type { Importance, Policy } from '../policy/policy.js';
import { PRESET_NAMES } from '../policy/presets.js';
import { selectPolicies } from '../policy/select-policies.js';
import { POSSIBLE_FACTS, type Target } from '../policy/situations.js';
import { parseScenario } from '../scenario/parse.js';
import { WrittenText } from './written-text.js';

/** What a policy decides, for a table that can be edited. */
export type Rules = Pick<Policy, 'name' | Target>;

/** A decision of R10 that is to be another one. */
export interface Decision {
  policy: string;
  target: Target;
  importance: Importance;
  /** The states of the target, each a set of facts (0 to 63), in which it is decided so. */
  facts: readonly number[];
  /** Whether an interrupt is asked for there. */
  asks: boolean;
}

/** A scenario's text in which a policy decides otherwise, and what that policy is called there. */
export interface Redecided {
  text: string;
  policy: string;
}

/**
 * Writes a decision into the scenario's text: as a short condition that answers so in every state
 * that a processor can be in. A preset stays as it is; the text gets a policy that extends it.
 *
 * @throws InputError where the text has no place for it.
 */
export function withDecision(file: string, text: string, decision: Decision): Redecided {
  const { asks, facts, importance, policy: name, target } = decision;
  const { policies } = parseScenario(text, file);
  const [policy] = selectPolicies({ policies }, [name]);
  const answers = (set: number): boolean =>
    facts.includes(set) ? asks : conditionHolds(policy[target][importance], set);
  const condition = conditionText(
    POSSIBLE_FACTS.filter(answers),
    POSSIBLE_FACTS.filter((set) => !answers(set)),
  );
  const written = new WrittenText(file, text);
  const index = policies.findIndex((each) => each.name === name);
  if (index >= 0 && !PRESET_NAMES.includes(name)) {
    const path = ['policies', index, target, importance];
    return { text: written.with(path, condition), policy: name };
  }
  const own = ownName(name, new Set(policies.map((each) => each.name)));
  const changed = { name: own, extends: name, [target]: { [importance]: condition } };
  if (written.has(['policies'])) {
    return { text: written.with(['policies', policies.length], changed), policy: own };
  }
  const all = [...policies.map((each) => each.name), changed];
  return { text: written.with(['policies'], all), policy: own };
}

function ownName(name: string, taken: ReadonlySet<string>): string {
  const base = `my-${name}`;
  for (let n = 2, own = base; ; n++) {
    if (!taken.has(own)) return own;
    own = `${base}-${n}`;
  }
}
