import { inputError } from '../errors.js';
import type { ShardOutcome } from '../result/outcome.js';
import { type TraceEvent, traceShard } from '../kernel/simulate.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import type { Scenario } from '../scenario/scenario.js';
import { checkSeed } from './seed.js';

/**
 * Runs the scenario under its only policy as a single shard and hands on what happens, in order.
 * What `onEvents` throws ends the run.
 *
 * @throws InputError when the scenario has not exactly one policy.
 */
export function trace(
  scenario: Scenario,
  options: { seed?: number },
  onEvents: (events: TraceEvent[]) => void,
): ShardOutcome {
  const names = scenario.policies.map((policy) => policy.name);
  if (names.length !== 1) {
    throw inputError(
      `an event log is of one policy, and ${scenario.name} has ${names.join(', ')}`,
      'choose one with --policy',
    );
  }
  const { timeNs, interrupts } = scenario.until;
  return traceShard(
    {
      scenario,
      policyIndex: 0,
      seed: checkSeed(options.seed),
      shardIndex: 0,
      untilTimeNs: timeNs,
      untilInterrupts: interrupts,
      warmupNs: 0,
    },
    onEvents,
    { kernel: shippedKernel('debug') },
  );
}
