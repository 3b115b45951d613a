import { InputError } from '../errors.js';
import type { KernelIdentity } from '../kernel/compiled-kernel.js';
import type { Shard } from '../kernel/shard.js';
import { focus } from '../result/answer-shape.js';
import { hexadecimal, text, wholeFromOne, wholeFromZero } from '../result/figure-shapes.js';
import type { IntervalScope } from '../result/shard-line.js';
import type { Focus } from '../scenario/focus.js';
import { flag, list, whole, words } from '../scenario/leaf-shapes.js';
import { problemsError } from '../scenario/problems.js';
import { orNull, record, required, Scope, Spot } from '../scenario/shape.js';

/** Raised with every change of what jobs and answers hold. */
export const JOB_VERSION = 4;

/** One shard for whoever takes it: a few hundred bytes. The scenario is kept once, by its hash. */
export interface ShardJob {
  version: number;
  kernel: KernelIdentity;
  /** The run's name, in hexadecimal. */
  run: string;
  /** Its place among the shards of the run. */
  index: number;
  scenario: string;
  focus: Focus | null;
  intervals: IntervalScope;
  census: boolean;
  shard: Required<Omit<Shard, 'halfNs' | 'binNs'>> & {
    halfNs: number | null;
    binNs: number | null;
  };
}

const seed = whole(0, Number.MAX_SAFE_INTEGER);
const shardJob = record<ShardJob>('job', {
  version: required(wholeFromZero, 'The version of jobs.'),
  kernel: required(
    record<KernelIdentity>('kernel', {
      hash: required(hexadecimal(64), 'SHA-256 of its bytes.'),
      abi: required(wholeFromZero, 'Its ABI version.'),
      rules: required(wholeFromZero, 'Its rules version.'),
    }),
    'The kernel of the run.',
  ),
  run: required(hexadecimal(16), 'The run.'),
  index: required(wholeFromZero, 'Its place.'),
  scenario: required(hexadecimal(64), 'The hash of the scenario.'),
  focus: required(orNull(focus), 'What the scenario asks.'),
  intervals: required(words(['machine', 'all']), 'What has lines.'),
  census: required(flag, 'Are decisions counted?'),
  shard: required(
    record<ShardJob['shard']>('shard', {
      policyIndex: required(wholeFromZero, 'Under which policy.'),
      seed: required(seed, 'The seed.'),
      shardIndex: required(wholeFromZero, 'Which shard.'),
      untilTimeNs: required(orNull(wholeFromOne), 'Where it ends.'),
      untilInterrupts: required(orNull(wholeFromOne), 'Where it ends.'),
      warmupNs: required(wholeFromZero, 'What it leaves out.'),
      halfNs: required(orNull(wholeFromZero), 'Where it is looked at.'),
      binNs: required(orNull(wholeFromOne), 'How wide its bins over time are.'),
    }),
    'The shard.',
  ),
});

/** @throws InputError for what is no job: whoever can reach the queue can put anything there. */
export function readJob(value: unknown): ShardJob {
  const scope = new Scope();
  const job = shardJob.read(value, new Spot(scope));
  if (job !== undefined && scope.problems.length === 0) return job;
  throw problemsError(scope.problems, 'a job of the queue', () => null, 3);
}

/** In what a job's run differs from who is to do it, in words; "" where in nothing. */
export function jobDifference(job: ShardJob, own: KernelIdentity): string {
  const wanted = { jobs: job.version, rules: job.kernel.rules, ABI: job.kernel.abi };
  const has = { jobs: JOB_VERSION, rules: own.rules, ABI: own.abi };
  for (const name of ['jobs', 'rules', 'ABI'] as const) {
    if (wanted[name] === has[name]) continue;
    return `version ${wanted[name]} of ${name} is wanted, and this worker has ${has[name]}`;
  }
  if (job.kernel.hash === own.hash) return '';
  return `kernel ${job.kernel.hash} is wanted, and this worker has ${own.hash}`;
}

/** What comes back when there is no sum. */
const failure = record('failure', {
  problems: required(
    list(
      record('problem', {
        path: required(text, 'Where in the scenario.'),
        message: required(text, 'What is wrong.'),
        hint: required(text, 'The way out.'),
      }),
      0,
      100,
    ),
    'What the user can mend; none for a defect.',
  ),
  defect: required(text, 'What the worker did not expect, or "".'),
});

const SUM = 1;
const FAILURE = 0;

/** A sum as an answer. */
export function sumAnswer(sum: Uint8Array): Uint8Array {
  const answer = new Uint8Array(1 + sum.length);
  answer[0] = SUM;
  answer.set(sum, 1);
  return answer;
}

/** What a shard threw, as an answer. */
export function failureAnswer(error: unknown): Uint8Array {
  const problems = error instanceof InputError ? error.problems : [];
  const defect = error instanceof InputError ? '' : String((error as Error).stack ?? error);
  const said = problems.map(({ hint, message, path }) => ({ path, message, hint }));
  const json = new TextEncoder().encode(JSON.stringify({ problems: said, defect }));
  return Uint8Array.of(FAILURE, ...json);
}

/**
 * The bytes of the sum in an answer.
 *
 * @throws what the shard threw, and InputError for what is no answer.
 */
export function readAnswer(answer: Uint8Array): Uint8Array {
  if (answer[0] === SUM) return answer.subarray(1);
  const scope = new Scope();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(answer.subarray(1)));
  } catch {
    value = null;
  }
  const read = failure.read(value, new Spot(scope));
  if (read === undefined) throw problemsError(scope.problems, 'an answer', () => null, 3);
  if (read.problems.length === 0) throw new Error(`a worker failed:\n${read.defect}`);
  throw new InputError(
    read.problems.map((problem) => ({ file: null, line: null, column: null, ...problem })),
  );
}
