import { fingerprint } from '../../bench/fingerprint.js';
import type { ShardRequest, TraceEvent } from '../../src/kernel/simulate.js';
import type { ShardOutcome } from '../../src/result/outcome.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { seededDraws } from '../model/seeded-draws.js';
import { runTwin } from '../model/twin.js';
import { type KernelBuild, type KernelChoice, simulateShard, traceShard } from '../simulate.js';
import type { WrittenScenario } from './random-scenario.js';

/** Both builds of the kernel, each running ahead where it can and one event at a time. */
export const KERNELS: readonly { build: KernelBuild; lockstep: boolean }[] = [
  { build: 'release', lockstep: false },
  { build: 'debug', lockstep: true },
  { build: 'release', lockstep: true },
  { build: 'debug', lockstep: false },
];

/** Two of them: in turn, all are seen in half the time. */
export const KERNEL_PAIRS = [KERNELS.slice(0, 2), KERNELS.slice(2)] as const;

/** A shard of the scenario under each of its policies, to the end that it says. */
export function requestsOf(
  written: WrittenScenario,
  shard: { seed: number; shardIndex?: number; warmupNs?: number },
): ShardRequest[] {
  const scenario = resolveScenario(written);
  const { timeNs, interrupts } = scenario.until;
  return scenario.policies.map((_, policyIndex) => ({
    scenario,
    policyIndex,
    shardIndex: 0,
    warmupNs: 0,
    ...shard,
    untilTimeNs: timeNs,
    untilInterrupts: interrupts,
  }));
}

/** The twin has no warm-up: it counts from the start. */
export function simulateTwin(
  request: ShardRequest,
  onEvent?: (event: TraceEvent) => void,
): ShardOutcome {
  const { scenario, policyIndex, seed, shardIndex, untilTimeNs, untilInterrupts } = request;
  const draws = seededDraws(scenario, seed, shardIndex);
  return runTwin(scenario, policyIndex, { draws, untilTimeNs, untilInterrupts, onEvent });
}

export function nameOf({ build = 'release', lockstep = false }: KernelChoice): string {
  return `${build} ${lockstep ? 'in step' : 'ahead'}`;
}

/** The fingerprints of several kernels by name, which should all be the same. */
export function fingerprintsOf(
  request: ShardRequest,
  kernels: readonly KernelChoice[],
): Record<string, string> {
  return Object.fromEntries(
    kernels.map((options) => [nameOf(options), fingerprint(simulateShard(request, options))]),
  );
}

/** The event log of the kernel and what else it answers. */
export function traceKernel(
  request: ShardRequest,
  options: Pick<KernelChoice, 'chunkInterrupts'> = {},
): { events: TraceEvent[]; outcome: ShardOutcome } {
  const events: TraceEvent[] = [];
  const outcome = traceShard(
    request,
    (batch) => {
      for (const event of batch) events.push(event);
    },
    options,
  );
  return { events, outcome };
}
