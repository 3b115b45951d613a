import { sha256Hex } from '../disk/sha256.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import type { Shard } from '../kernel/shard.js';
import { encodeSum } from '../kernel/sum-bytes.js';
import { simulatedScenario } from '../result/scenario-shape.js';
import type { Execute } from '../run/tasks.js';
import { problemsError } from '../scenario/problems.js';
import type { Scenario } from '../scenario/scenario.js';
import { Scope, Spot } from '../scenario/shape.js';
import { failureAnswer, type ShardJob, sumAnswer } from './shard-job.js';

/**
 * Carries out a job that fits this program, and answers it: by the sum, or by what went wrong. Done
 * again, it answers the same bytes.
 */
export async function carryOutJob(
  job: ShardJob,
  scenarioBytes: Uint8Array,
  execute: Execute,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    const scenario = readScenario(scenarioBytes, job);
    const { halfNs, ...shard } = job.shard;
    if (shard.policyIndex >= scenario.policies.length) {
      throw inputError(`the scenario has no policy ${shard.policyIndex}`);
    }
    const one: Shard = halfNs === null ? shard : { ...shard, halfNs };
    const answers: Uint8Array[] = [];
    await execute(scenario, [one], (sum) => answers.push(sumAnswer(encodeSum(sum))), {
      kernel: shippedKernel(),
      workers: 1,
      intervals: job.intervals,
      census: job.census,
      oneByOne: true,
      signal,
    });
    return answers[0];
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const { cause } = error as Error;
    // A scenario that no reader of ours let through: times that are no whole numbers and the like.
    if (cause instanceof RangeError) {
      return failureAnswer(inputError(`the scenario of a job: ${cause.message}`));
    }
    // In which of its shards that was, the run says: here there is only one.
    return failureAnswer(cause instanceof Error ? cause : error);
  }
}

function readScenario(bytes: Uint8Array, { focus, scenario: hash }: ShardJob): Scenario {
  // What its hash names is its canonical JSON, byte by byte.
  if (sha256Hex([bytes]) !== hash) {
    throw inputError('the scenario of a job is not the one that it names');
  }
  const scope = new Scope();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw inputError('the scenario of a job is no JSON');
  }
  const described = simulatedScenario.read(value, new Spot(scope));
  if (described === undefined || scope.problems.length > 0) {
    throw problemsError(scope.problems, 'the scenario of a job', () => null, 3);
  }
  return { ...(described as Scenario), ...(focus && { focus }) };
}
