import { FACTS } from '../policy/facts.js';
import { IMPORTANCES } from '../policy/policy.js';
import { flag, list, words } from '../scenario/leaf-shapes.js';
import { orNull, record, required } from '../scenario/shape.js';
import type { ReadOf } from '../scenario/shape.js';
import { ANY_LENGTH, fromZero, wholeFromZero, wholeFromOne } from './figure-shapes.js';

const decisionWait = record(
  'wait',
  {
    count: required(wholeFromZero, 'DPCs taken; with a warm-up also those queued before it ended.'),
    sumNs: required(fromZero, 'The sum of their waits.'),
    maxNs: required(fromZero, 'The longest.'),
    p50Ns: required(orNull(fromZero), 'Half of them are not longer; null: too few samples.'),
    p99Ns: required(orNull(fromZero), '99 % of them are not longer; null: too few samples.'),
    lowNs: required(
      list(fromZero, 0, ANY_LENGTH),
      'The least whole ns of each bucket, ascending; 32 to an octave.',
    ),
    counts: required(list(wholeFromOne, 0, ANY_LENGTH), 'How many waits fell into each.'),
  },
  'ignored',
);
/**
 * From being queued to being taken. Sum and maximum are exact, a percentile is the greatest value
 * of its bucket; null when there are too few samples.
 */
export interface DecisionWait extends ReadOf<typeof decisionWait> {}

export const decision = record(
  'decision',
  {
    target: required(
      words(['current', 'other']),
      'The processor queued to: that of the insert, or another one.',
    ),
    importance: required(words(IMPORTANCES), 'Their importance.'),
    threaded: required(flag, 'Threaded DPCs: R22 is asked, and no facts.'),
    facts: required(
      list(words(FACTS.map(({ word }) => word)), 0, FACTS.length),
      'What was true of the target right after each was queued (R10).',
    ),
    request: required(
      words(['none', 'suppressed', 'local', 'ipi']),
      'What was requested of the target.',
    ),
    inserts: required(wholeFromZero, 'How many were queued.'),
    wait: required(decisionWait, 'How long they waited.'),
  },
  'ignored',
);
/** The DPCs that were queued in one situation under one policy, and what came of it. */
export interface Decision extends ReadOf<typeof decision> {}
