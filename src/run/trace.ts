import { PerfettoTrace } from '../export/perfetto.js';
import { inputError } from '../errors.js';
import type { ShardOutcome } from '../result/outcome.js';
import type { ShardRequest } from '../kernel/shard.js';
import { logBatches, type TraceEvent, traceShard } from '../kernel/simulate.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import type { Scenario } from '../scenario/scenario.js';
import type { LogEvent } from '../timeline/log-event.js';
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
  const request = requestOf(scenario, options);
  return traceShard(request, onEvents, { kernel: shippedKernel('debug') });
}

/**
 * The same run as a trace for ui.perfetto.dev, in pieces that are simulated when they are asked
 * for.
 *
 * @throws InputError as `trace` does.
 */
export function perfettoTrace(
  scenario: Scenario,
  options: { seed?: number },
): Generator<Uint8Array, void, undefined> {
  // Refused here, not where the first piece is written.
  return pieces(scenario, requestOf(scenario, options));
}

function* pieces(
  scenario: Scenario,
  request: ShardRequest,
): Generator<Uint8Array, void, undefined> {
  const trace = new PerfettoTrace(scenario);
  const batches = logBatches(request, { kernel: shippedKernel('debug'), details: true });
  for (;;) {
    const { done, value } = batches.next();
    if (done === true) {
      yield* trace.finish(value.endNs);
      return;
    }
    for (let i = 0; i < value.count; i++) {
      yield* trace.add(value.detailedEvent(i, scenario) as unknown as LogEvent);
    }
  }
}

function requestOf(scenario: Scenario, { seed }: { seed?: number }): ShardRequest {
  const names = scenario.policies.map((policy) => policy.name);
  if (names.length !== 1) {
    throw inputError(
      `an event log is of one policy, and ${scenario.name} has ${names.join(', ')}`,
      'choose one with --policy',
    );
  }
  const { timeNs, interrupts } = scenario.until;
  return {
    scenario,
    policyIndex: 0,
    seed: checkSeed(seed),
    shardIndex: 0,
    untilTimeNs: timeNs,
    untilInterrupts: interrupts,
    warmupNs: 0,
  };
}
