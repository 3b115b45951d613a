import { setImmediate } from 'node:timers/promises';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { inputError } from '../errors.js';
import { logBatches } from '../kernel/simulate.js';
import type { Scenario } from '../scenario/scenario.js';
import type { LogEvent } from '../timeline/log-event.js';
import { MachineState } from '../timeline/machine-state.js';
import { type Timeline, TimelineBuilder, type Window } from '../timeline/timeline.js';
import { formatNsExactly } from '../units.js';
import { checkSeed } from './seed.js';

export interface LookOptions {
  seed?: number;
}

/**
 * The machine of the scenario under its only policy at an instant, when everything has happened
 * that is due by then. It is a single shard from time 0 on, that of `trace`.
 *
 * @throws InputError when the run is over before, or there is not exactly one policy.
 */
export async function machineAt(
  scenario: Scenario,
  atNs: number,
  options: LookOptions,
): Promise<MachineState> {
  const state = new MachineState(scenario, 0);
  await follow(scenario, atNs, options, (event) => state.apply(event));
  return state;
}

/** The machine between two instants, in the same way. */
export async function timelineOf(
  scenario: Scenario,
  window: Window,
  options: LookOptions,
): Promise<Timeline> {
  if (window.toNs <= window.fromNs) {
    throw inputError('--to is not after --from', 'such as --from 1ms --to 2ms');
  }
  const builder = new TimelineBuilder(scenario, 0, window);
  await follow(scenario, window.toNs, options, (event) => builder.add(event));
  return builder.finish();
}

async function follow(
  scenario: Scenario,
  untilNs: number,
  { seed }: LookOptions,
  onEvent: (event: LogEvent) => void,
): Promise<void> {
  const { policies, until } = scenario;
  if (policies.length !== 1) {
    const names = policies.map(({ name }) => name).join(', ');
    throw inputError(
      `one policy is looked at, and ${scenario.name} has ${names}`,
      'choose one with --policy',
    );
  }
  const endsNs = Math.min(untilNs, until.timeNs ?? Infinity);
  const shard = { policyIndex: 0, seed: checkSeed(seed), shardIndex: 0, warmupNs: 0 };
  const run = { ...shard, scenario, untilTimeNs: endsNs, untilInterrupts: until.interrupts };
  const batches = logBatches(run, { kernel: shippedKernel('debug'), details: true });
  for (;;) {
    const { done, value } = batches.next();
    if (done === true) return checkEnd(value.endNs, untilNs);
    for (let i = 0; i < value.count; i++) {
      onEvent(value.detailedEvent(i, scenario) as unknown as LogEvent);
    }
    await setImmediate();
  }
}

function checkEnd(endNs: number, untilNs: number): void {
  if (endNs >= untilNs) return;
  throw inputError(
    `the run is over after ${formatNsExactly(endNs)}, before ${formatNsExactly(untilNs)}`,
    'look earlier, or let it run longer with --time',
  );
}
