import { type KernelBuild, shippedKernel } from '../src/disk/shipped-kernel.js';
import * as simulator from '../src/kernel/simulate.js';
import type { ShardRequest, SimulateOptions, TraceEvent } from '../src/kernel/shard.js';
import type { LogEvent } from '../src/timeline/log-event.js';
import type { ShardOutcome } from '../src/result/outcome.js';

export type { KernelBuild };
export type KernelChoice = Omit<SimulateOptions, 'kernel'> & { build?: KernelBuild };

/** Simulates a shard by one of the kernels that ship; by the release build unless told. */
export function simulateShard(
  request: ShardRequest,
  { build, ...options }: KernelChoice = {},
): ShardOutcome {
  return simulator.simulateShard(request, { ...options, kernel: shippedKernel(build) });
}

/** The detailed event log of a shard (src/timeline/log-event.ts). */
export function detailedLog(
  request: ShardRequest,
  options: Omit<simulator.LogOptions, 'kernel'> = {},
): LogEvent[] {
  const { scenario } = request;
  const events: TraceEvent[] = [];
  const kernel = shippedKernel('debug');
  for (const batch of simulator.logBatches(request, { ...options, kernel, details: true })) {
    for (let i = 0; i < batch.count; i++) events.push(batch.detailedEvent(i, scenario));
  }
  return events as unknown as LogEvent[];
}

/** Simulates a shard by the debug build, with the event log on. */
export function traceShard(
  request: ShardRequest,
  onEvents: (events: TraceEvent[]) => void,
  options: Omit<simulator.TraceOptions, 'kernel'> = {},
): ShardOutcome {
  return simulator.traceShard(request, onEvents, { ...options, kernel: shippedKernel('debug') });
}
