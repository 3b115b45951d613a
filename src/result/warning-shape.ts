import { list, words } from '../scenario/leaf-shapes.js';
import { LIMITS } from '../scenario/limits.js';
import { record, required } from '../scenario/shape.js';
import type { ReadOf } from '../scenario/shape.js';
import { ANY_LENGTH, fromZero, text } from './figure-shapes.js';

export const warning = record(
  'warning',
  {
    kind: required(
      words([
        'stopped',
        'timed out',
        'never served',
        'never ran',
        'saturated',
        'dropped',
        'unserved',
      ]),
      'stopped: by a watchdog (R23). timed out: counted by one. never served, never ran: a ' +
        'device source with arrivals, a timer. saturated: a processor without time for threads. ' +
        "dropped: over 1 % of a source's items, to a full FIFO. " +
        'unserved: over 1 % of all arrivals, when a run gave up (R21).',
    ),
    policies: required(list(text, 1, LIMITS.policies), 'Under which it holds, in their order.'),
    subjects: required(
      list(text, 0, ANY_LENGTH),
      'The sources or processors (`processor 3`), worst first.',
    ),
    share: required(
      fromZero,
      'The greatest one, above 0 and at most 1. Of all arrivals: never served, unserved; of the ' +
        "source's: dropped; of the processor's time: saturated; of the shards: stopped; 1: never " +
        'ran, timed out.',
    ),
    sentence: required(text, 'What it says, in words.'),
  },
  'ignored',
);
/** Something that makes every other figure mean something else. */
export interface Warning extends ReadOf<typeof warning> {}
