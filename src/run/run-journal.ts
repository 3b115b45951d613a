import { checkIdentity, type JournalIdentity, type JournalReader } from '../disk/journal.js';
import { sha256Hex } from '../disk/sha256.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import { focus } from '../result/answer-shape.js';
import { anyNumber, text, wholeFromOne, wholeFromZero } from '../result/figure-shapes.js';
import { simulatedScenario } from '../result/scenario-shape.js';
import { canonicalJson } from '../scenario/canonical.js';
import { flag, words } from '../scenario/leaf-shapes.js';
import { problemsError } from '../scenario/problems.js';
import { recordedSource } from '../scenario/recorded-source.js';
import type { Scenario } from '../scenario/scenario.js';
import { orNull, record, required, Scope, Spot, type Shape } from '../scenario/shape.js';
import { describeScenario, hashScenario } from './describe-scenario.js';
import type { PrecisionGoal } from './precision.js';
import type { RunOptions } from './run-benchmark.js';
import { checkSeed } from './seed.js';
import type { WarmupChoice } from './warmup-pilot.js';

/** What of a run's options decides its result. */
export type RunChoices = Pick<
  RunOptions,
  'seed' | 'shards' | 'warmup' | 'intervals' | 'census' | 'precision'
>;

/** Raised whenever the bytes of a sum or the keys of shards change. */
const SUMS_VERSION = 2;
const SCENARIO = 'scenario';
const CHOICES = 'choices';
/** It is no part of what is simulated, and decides what is kept of a shard. */
const FOCUS = 'focus';

/** The versions that all parts of a result must share. */
function versions(): JournalIdentity {
  const { abi, hash, rules } = shippedKernel().identity;
  return {
    work: 'a run',
    'sums version': String(SUMS_VERSION),
    'rules version': String(rules),
    'ABI version': String(abi),
    kernel: hash,
  };
}

/** A run whose shards fit to each other: one machine, one kernel, the same choices. */
export function runIdentity(scenario: Scenario, choices: RunChoices): JournalIdentity {
  const { census, seed, shards, warmup, intervals, precision } = written(choices);
  return {
    ...versions(),
    scenario: hashScenario(describeScenario(scenario, sha256Hex), sha256Hex),
    focus: scenario.focus === undefined ? 'not said' : canonicalJson(scenario.focus),
    seed: String(seed),
    shards: shards === null ? 'as planned' : String(shards),
    warmup: typeof warmup === 'number' ? `${warmup} ns` : warmup,
    intervals,
    decisions: census ? 'counted' : 'not counted',
    precision: precision === null ? 'not asked for' : canonicalJson(precision),
  };
}

/** What a journal of a run holds beside its shards: with it, the run is known without its file. */
export function runRecords(scenario: Scenario, choices: RunChoices): Map<string, Uint8Array> {
  const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value));
  return new Map([
    [SCENARIO, bytes(describeScenario(scenario, sha256Hex))],
    [CHOICES, bytes(written(choices))],
    [FOCUS, bytes(scenario.focus ?? null)],
  ]);
}

type WrittenChoices = ReturnType<typeof written>;

function written({
  census = true,
  intervals = 'machine',
  precision,
  seed,
  shards,
  warmup,
}: RunChoices) {
  const { figure, target, limit } = precision ?? {};
  return {
    seed: checkSeed(seed),
    shards: shards ?? null,
    warmup: warmup ?? 'settle',
    intervals,
    census,
    precision: precision === undefined ? null : { figure, target, limit: limit ?? null },
  };
}

const warmupChoice: Shape<WarmupChoice> = {
  allowed: 'settle, none, auto or a number of ns',
  read: (value, spot) =>
    typeof value === 'number'
      ? wholeFromOne.read(value, spot)
      : words(['settle', 'none', 'auto']).read(value, spot),
  json: () => ({}),
};
const writtenChoices = record('choices', {
  seed: required(wholeFromZero, 'The seed.'),
  shards: required(orNull(wholeFromOne), 'How many were asked for.'),
  warmup: required(warmupChoice, 'What is left out.'),
  intervals: required(words(['machine', 'all']), 'What has intervals.'),
  census: required(flag, 'Are decisions counted?'),
  precision: required(
    orNull(
      record('precision', {
        figure: required(text, 'Of what.'),
        target: required(anyNumber, 'How well.'),
        limit: required(orNull(wholeFromOne), 'The most shards.'),
      }),
    ),
    'What is to be known.',
  ),
});

/**
 * The run that a journal is of.
 *
 * @throws InputError for the journal of something else, of another kernel, or of a recording, which
 *   is not in it.
 */
export function readRun(journal: JournalReader): { scenario: Scenario; choices: RunChoices } {
  const { identity, path } = journal;
  const known = versions();
  const own = Object.fromEntries(Object.keys(known).map((name) => [name, identity[name] ?? '']));
  checkIdentity(path, own, known);
  const described = readJson(journal, SCENARIO, simulatedScenario);
  const recorded = recordedSource(described);
  if (recorded !== undefined) {
    throw inputError(
      `${path}: "${recorded.name}" replays a recording, which is not in the journal`,
      'give the command that wrote the journal again',
    );
  }
  const focused = readJson(journal, FOCUS, orNull(focus));
  const scenario = { ...(described as Scenario), ...(focused && { focus: focused }) };
  const { precision, ...others } = readJson(journal, CHOICES, writtenChoices);
  const choices = { ...others, precision: precision === null ? undefined : goalOf(precision) };
  checkIdentity(path, identity, runIdentity(scenario, choices));
  return { scenario, choices };
}

function goalOf({ limit, ...goal }: NonNullable<WrittenChoices['precision']>): PrecisionGoal {
  return (limit === null ? goal : { ...goal, limit }) as PrecisionGoal;
}

function readJson<T>(journal: JournalReader, key: string, shape: Shape<T>): T {
  const scope = new Scope();
  const bytes = journal.get(key);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw inputError(`${journal.path}: its record "${key}" is missing or no JSON`);
  }
  const read = shape.read(value, new Spot(scope).at(key));
  if (read !== undefined && scope.problems.length === 0) return read;
  throw problemsError(scope.problems, journal.path, () => null, 3);
}
