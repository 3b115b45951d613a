import { nearestWord } from '../nearest-word.js';
import { formatCount, quote } from '../units.js';
import { FOCUS_COUNTERS, FOCUS_LATENCIES, STATISTICS } from './focus.js';
import type { Focus, FocusCounter, FocusLatency, WrittenStatistic } from './focus.js';
import { oneOrList, words } from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import { converted, defaulted, optional, record } from './shape.js';
import type { RecordShape, Shape } from './shape.js';

/** The name of a source of this scenario. */
const sourceOfScenario: Shape<string> = {
  allowed: 'the name of a source',
  read: (value, spot) => {
    const { sourceNames } = spot.scope;
    if (typeof value === 'string' && sourceNames.includes(value)) return value;
    if (typeof value !== 'string') return spot.expected('the name of a source', value);
    const nearest = nearestWord(value, sourceNames);
    return spot.problem(
      `there is no source ${quote(value)}`,
      nearest === null ? 'name one of the sources' : `did you mean ${nearest}?`,
    );
  },
  json: () => ({ type: 'string', minLength: 1, maxLength: LIMITS.nameLength }),
};

interface WrittenFocus {
  sources: string[];
  against: string[];
  latency: FocusLatency[] | null;
  statistic: WrittenStatistic;
  counter: FocusCounter[];
}

const sourceNames = oneOrList(sourceOfScenario, 0, LIMITS.focusSources);

export const focusRecord: RecordShape<WrittenFocus> = record('focus', {
  sources: defaulted(sourceNames, [], 'Whose figures answer the question; none: the machine.'),
  against: defaulted(
    sourceNames,
    [],
    'The sources that those are compared with under the same policy: one for each, or one for ' +
      'all. None: each is compared with itself under the first policy.',
  ),
  latency: optional(
    oneOrList(words(FOCUS_LATENCIES), 0, FOCUS_LATENCIES.length),
    '`dpcWait`, or none where there is a `counter`',
    'Which latencies: from arrival to ISR, from insert to routine, from arrival to routine.',
  ),
  statistic: defaulted(
    words(Object.keys(STATISTICS) as WrittenStatistic[]),
    'p99',
    'Which figure of them.',
  ),
  counter: defaulted(
    oneOrList(words(FOCUS_COUNTERS), 0, FOCUS_COUNTERS.length),
    [],
    'What is counted besides.',
  ),
});

/** After the sources have been read, whose names it refers to. */
export const focus: Shape<Focus> = converted(focusRecord, (written, spot) => {
  const { sources, against, statistic, counter } = written;
  if (against.length > 1 && against.length !== sources.length) {
    return spot
      .at('against')
      .problem(
        `expected one source, or one for each of the ${formatCount(sources.length)} in sources, ` +
          `found ${formatCount(against.length)}`,
      );
  }
  if (against.length > 0 && sources.length === 0) {
    return spot.at('against').problem('there are no sources to compare', 'name them in sources');
  }
  const paired = against.length === 1 ? sources.map(() => against[0]) : against;
  const same = sources.findIndex((name, i) => name === paired[i]);
  if (same >= 0) {
    return spot.at('against').problem(`${quote(sources[same])} is compared with itself`);
  }
  return {
    sources,
    against: paired,
    latencies: written.latency ?? (counter.length > 0 ? [] : ['dpcWait']),
    statistic: STATISTICS[statistic],
    counters: counter,
  };
});
