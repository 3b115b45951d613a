import { InputError } from '../errors.js';
import { derivePolicy } from '../policy/derive-policy.js';
import type { PolicyChanges } from '../policy/derive-policy.js';
import { CONDITION_LENGTH_LIMIT, parseCondition } from '../policy/parse-condition.js';
import { DEFAULT_BASE_NAME, PRESET_NAMES, findPreset } from '../policy/presets.js';
import { duration, either, flag, printable, whole, words } from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import { nearestWord } from '../nearest-word.js';
import type { Condition, Importance, Policy } from '../policy/policy.js';
import { converted, defaulted, isObject, optional, record, required, shared } from './shape.js';
import type { Field, RecordShape, Shape } from './shape.js';

/** A request condition such as `over and not polling`. */
const condition: Shape<Condition> = shared('condition', {
  allowed: 'a condition such as "over and not polling"',
  section: 'conditions',
  read: (value, spot) => {
    if (typeof value !== 'string') return spot.expected(condition.allowed, value);
    try {
      return parseCondition(value);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const [problem] = error.problems;
      return spot.problem(problem.message, problem.hint);
    }
  },
  json: () => ({
    type: 'string',
    maxLength: CONDITION_LENGTH_LIMIT,
    description:
      'A boolean expression of over, slow, rare, idle, polling, deep, always and never with not, ' +
      'and, or and parentheses.',
  }),
});

type ByImportance<T> = Record<Importance, T | null>;

function byImportance<T>(
  section: string,
  shape: Shape<T>,
  sentence: (importance: string) => string,
): RecordShape<ByImportance<T>> {
  const field = (importance: string): Field<T | null> =>
    optional(shape, 'as in `extends`', sentence(importance));
  return record(section, {
    low: field('Low'),
    medium: field('Medium'),
    mediumHigh: field('MediumHigh'),
    high: field('High'),
  });
}

export const conditionsRecord: RecordShape<ByImportance<Condition>> = byImportance(
  'conditions',
  condition,
  (importance) => `When a ${importance} DPC must interrupt its target at once.`,
);

export const insertRecord: RecordShape<ByImportance<'head' | 'tail'>> = byImportance(
  'insert',
  words(['head', 'tail']),
  (importance) => `Where in the queue a ${importance} DPC is put.`,
);

/** A preset says where its rule was published; a changed rule must not carry its name. */
const ownName: Shape<string> = converted(printable(1, LIMITS.nameLength), (name, spot) =>
  PRESET_NAMES.includes(name)
    ? spot.problem(
        `expected a name of its own, found that of the preset ${name}`,
        'results name the rule set, and a changed rule must not pass for the published one',
      )
    : name,
);

/** A preset, or a policy of one's own that stands before this one. */
const base: Shape<Policy> = {
  allowed: `${PRESET_NAMES.join(', ')}, or the name of a policy that stands before this one`,
  read: (value, spot) => {
    const own = typeof value === 'string' ? spot.scope.policies.get(value) : undefined;
    const found = own ?? (typeof value === 'string' ? findPreset(value) : undefined);
    if (found !== undefined) return structuredClone(found);
    const known = [...PRESET_NAMES, ...spot.scope.policies.keys()];
    const nearest = typeof value === 'string' ? nearestWord(value, known) : null;
    return spot.expected(base.allowed, value, nearest === null ? '' : `did you mean ${nearest}?`);
  },
  json: () => ({
    anyOf: [{ enum: [...PRESET_NAMES] }, { type: 'string', maxLength: LIMITS.nameLength }],
  }),
};

export const policyRecord: RecordShape<PolicyChanges> = record('policy', {
  name: required(ownName, 'The name in results: unique, and not the name of a preset.'),
  extends: defaulted(
    base,
    DEFAULT_BASE_NAME,
    'The policy whose rules hold wherever this object says nothing else.',
  ),
  current: defaulted(
    conditionsRecord,
    {},
    'Conditions for a DPC queued to the processor that queues it.',
  ),
  other: defaulted(conditionsRecord, {}, 'Conditions for a DPC queued to another processor.'),
  insert: defaulted(insertRecord, {}, 'Where in the queue a DPC is put.'),
  depth: optional(
    words(['reaches', 'exceeds']),
    'as in `extends`',
    'Whether a queue is over when its depth reaches its maximum depth or only when it exceeds it.',
  ),
  suppress: optional(
    flag,
    'as in `extends`',
    'Whether a processor that is draining or already requested is left alone.',
  ),
  tickRescue: optional(
    flag,
    'as in `extends`',
    'Whether a clock tick that finds DPCs waiting requests a drain.',
  ),
  adaptive: optional(flag, 'as in `extends`', 'Whether the maximum depth adapts to the load.'),
  drainLimit: optional(
    whole(0, LIMITS.routineCount),
    'as in `extends`',
    'Routines after which a drain ends although the queue is not empty; 0 means none.',
  ),
  drainTime: optional(
    duration(0, LIMITS.spanNs),
    'as in `extends`',
    'Time since a drain began after which it ends with the routine that runs, although the queue ' +
      'is not empty; 0 means none.',
  ),
});

const preset: Shape<Policy> = converted(words(PRESET_NAMES), findPreset);
/** An object that changes a preset, or a policy that stands before it. */
export const ownPolicy: Shape<Policy> = {
  ...converted(policyRecord, (changes, spot) => {
    const derived = derivePolicy(changes);
    spot.scope.policies.set(derived.name, derived);
    return derived;
  }),
  allowed: 'an object that extends one of them',
};

/** The name of a preset, or an object that changes one. */
export const policy: Shape<Policy> = shared(
  'policy',
  either((value) => !isObject(value), preset, ownPolicy),
);
