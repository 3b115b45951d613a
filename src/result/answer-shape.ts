import { flag, list, words } from '../scenario/leaf-shapes.js';
import {
  FOCUS_COUNTERS,
  FOCUS_LATENCIES,
  FOCUS_STATISTICS,
  type Focus,
} from '../scenario/focus.js';
import { orNull, record, required } from '../scenario/shape.js';
import type { ReadOf } from '../scenario/shape.js';
import { figureComparison } from './comparison-shape.js';
import { ANY_LENGTH, fromZero, text } from './figure-shapes.js';

const names = list(text, 0, ANY_LENGTH);

export const focus = record<Focus>(
  'focus',
  {
    sources: required(names, 'Whose figures answer the question; empty: the machine.'),
    against: required(
      names,
      'The sources that those are compared with under the same policy, one for each; empty: each ' +
        'is compared with itself under the first policy.',
    ),
    latencies: required(list(words(FOCUS_LATENCIES), 0, ANY_LENGTH), 'Which latencies.'),
    statistic: required(words(FOCUS_STATISTICS), 'Which figure of them.'),
    counters: required(list(words(FOCUS_COUNTERS), 0, ANY_LENGTH), 'What is counted besides.'),
  },
  'ignored',
);

const side = (which: string) =>
  record(
    'side',
    {
      policy: required(text, `Under which policy the ${which} figure is.`),
      source: required(orNull(text), 'Of which source; null: of the whole machine.'),
      value: required(
        fromZero,
        'The figure itself: ns, or how often it was counted; what is compared of a count is that ' +
          'per 1,000 interrupts.',
      ),
    },
    'ignored',
  );

const answerFigure = record(
  'answerFigure',
  {
    figure: required(
      text,
      'Which figure: a latency and its statistic, such as dpcWait.p99Ns, or a counter.',
    ),
    from: required(side('first'), 'What it is compared with.'),
    to: required(side('other'), 'What is compared with it.'),
    comparison: required(
      figureComparison,
      'Of the two, over the same shards; counts per 1,000 interrupts of their own.',
    ),
  },
  'ignored',
);
/**
 * One figure before and after: of a source under two policies, or of two sources under one.
 */
export interface AnswerFigure extends ReadOf<typeof answerFigure> {}

export const answer = record(
  'answer',
  {
    focus: required(focus, 'What the question is about.'),
    isGuess: required(flag, 'The scenario names no focus: this one was chosen from its policies.'),
    figures: required(list(answerFigure, 0, ANY_LENGTH), 'What the focus names, compared.'),
    sentences: required(list(text, 0, ANY_LENGTH), 'The same in plain words.'),
  },
  'ignored',
);
/** The answer to the question that a scenario asks. */
export interface Answer extends ReadOf<typeof answer> {}
