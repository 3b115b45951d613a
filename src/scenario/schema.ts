import { DEFAULT_POLICY_NAMES } from '../policy/presets.js';
import { focus } from './focus-shape.js';
import type { Focus } from './focus.js';
import { count, duration, list, printable } from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import { machine } from './machine.js';
import { policy } from './policy.js';
import type { Policy } from '../policy/policy.js';
import type { Machine, Scenario, Source, Until } from './scenario.js';
import { converted, defaulted, isObject, optional, record, required } from './shape.js';
import type { RecordShape, Shape, Spot } from './shape.js';
import { source } from './source.js';

interface WrittenUntil {
  time: number | null;
  interrupts: number | null;
}

export const untilRecord: RecordShape<WrittenUntil> = record('until', {
  time: optional(duration(1, LIMITS.spanNs), 'no limit', 'The simulated time at which it ends.'),
  interrupts: optional(
    count(1, LIMITS.interrupts),
    'no limit',
    'The number of arrivals, of all sources together, after which no more arrive; the run ends ' +
      'when all are served.',
  ),
});

const until: Shape<Until> = converted(untilRecord, ({ time, interrupts }, spot) =>
  time === null && interrupts === null
    ? spot.problem('expected time, interrupts or both, found neither')
    : { timeNs: time, interrupts },
);

interface WrittenScenario {
  $schema: string | null;
  name: string | null;
  question: string;
  machine: Machine;
  sources: Source[];
  focus: Focus | null;
  policies: Policy[];
  until: Until;
}

export const scenarioRecord: RecordShape<WrittenScenario> = record('scenario', {
  $schema: optional(
    printable(0, LIMITS.pathLength),
    'none',
    'For editors: where the JSON Schema is; not used here.',
  ),
  name: optional(printable(1, LIMITS.nameLength), "the file's name", 'The name in results.'),
  question: defaulted(
    printable(0, LIMITS.questionLength),
    '',
    'The question that the scenario answers.',
  ),
  machine: defaulted(machine, {}, 'The machine that is simulated.'),
  sources: required(
    knownByName(withUniqueNames(list(source, 1, LIMITS.sources))),
    'Where interrupts and timers come from.',
  ),
  // After the sources, which it names.
  focus: optional(
    focus,
    'the sources that the policies treat differently',
    'What the question is about: the answer begins with it. Changes nothing of what is simulated.',
  ),
  policies: defaulted(
    withUniqueNames(list(policy, 1, LIMITS.policies)),
    DEFAULT_POLICY_NAMES,
    'The queueing rules to compare, the first being what the others are compared with.',
  ),
  until: defaulted(until, { interrupts: 1_000_000 }, 'When a run ends; whichever comes first.'),
});

/** The written form in, the resolved scenario out. A scenario without a name gets `defaultName`. */
export function scenarioShape(defaultName: string): Shape<Scenario> {
  return converted(scenarioRecord, (written, spot) => {
    const { question, machine, sources, focus, policies, until } = written;
    if (until.timeNs === null && sources.every((one) => one.kind === 'timer')) {
      return spot
        .at('until')
        .problem(
          'a scenario of timers alone has no interrupts to count, so it would not end',
          'give until.time',
        );
    }
    return {
      name: written.name ?? defaultName,
      question,
      machine: inUse(machine, sources),
      sources,
      ...(focus === null ? {} : { focus }),
      policies,
      until,
    };
  });
}

/** Without the cost of switching to DPC threads where no DPC asks for one. */
function inUse(machine: Machine, sources: readonly Source[]): Machine {
  const hasThreaded = sources.some((each) => each.kind === 'device' && each.dpc?.threaded === true);
  if (hasThreaded) return machine;
  const { threadSwitchNs: _, ...costs } = machine.costs;
  return { ...machine, costs };
}

/** Tells what is read later which sources there are, also those that something is wrong with. */
function knownByName(sources: Shape<Source[]>): Shape<Source[]> {
  return {
    ...sources,
    read: (value, spot) => {
      const items: readonly unknown[] = Array.isArray(value) ? value : [];
      spot.scope.sourceNames = items.flatMap((item) =>
        isObject(item) && typeof item.name === 'string' ? [item.name] : [],
      );
      return sources.read(value, spot);
    },
  };
}

/**
 * Names are compared as written, so that a problem elsewhere in the list does not hide this one.
 */
export function withUniqueNames<T>(items: Shape<T[]>): Shape<T[]> {
  return {
    ...items,
    read: (value, spot) => {
      const read = items.read(value, spot);
      const isUnique = !Array.isArray(value) || reportRepeatedNames(value, spot);
      return isUnique ? read : undefined;
    },
  };
}

function reportRepeatedNames(items: readonly unknown[], spot: Spot): boolean {
  const seen = new Map<string, number>();
  let isUnique = true;
  for (let index = 0; index < items.length && !spot.scope.isFull; index += 1) {
    const item = items[index];
    const name = isObject(item) ? item.name : item;
    if (typeof name !== 'string') continue;
    const first = seen.get(name);
    if (first === undefined) {
      seen.set(name, index);
      continue;
    }
    isUnique = false;
    const at = isObject(item) ? spot.at(index).at('name') : spot.at(index);
    at.problem(`expected a name of its own, found that of item ${first} again`);
  }
  return isUnique;
}
