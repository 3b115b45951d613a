import { type KernelBuild, shippedKernel } from '../src/disk/shipped-kernel.js';
import * as simulator from '../src/kernel/simulate.js';
import type { ShardRequest, SimulateOptions, TraceEvent } from '../src/kernel/shard.js';
import { SpareMemory } from '../src/kernel/spare-memory.js';
import type { LogEvent } from '../src/timeline/log-event.js';
import type { ShardOutcome } from '../src/result/outcome.js';
import type { Scenario } from '../src/scenario/scenario.js';

export type { KernelBuild };
export type KernelChoice = Omit<SimulateOptions, 'kernel'> & { build?: KernelBuild };

/**
 * Memory for the next shard, whatever it is of: all zero for another scenario, as if it were new.
 * Fresh memory, and collecting it, would take half of the time of a small machine.
 */
class ReusedMemory extends SpareMemory {
  private scenario: Scenario | null = null;

  /** For a scenario that is not changed between its shards. */
  of(scenario: Scenario): this {
    const memory = scenario === this.scenario ? undefined : this.take();
    if (memory !== undefined) {
      zero(memory);
      this.keep(memory);
    }
    this.scenario = scenario;
    return this;
  }

  override keep(memory: WebAssembly.Memory): void {
    if (memory.buffer.byteLength <= LARGE_BYTES) super.keep(memory);
  }
}

/** Zeroing more than that takes longer than the next small machine does. */
const LARGE_BYTES = 2 ** 25;
const PAGE_BYTES = 65_536;
const ZEROS = Buffer.alloc(PAGE_BYTES);

/** Most pages have never been touched: to see that is quicker than to write them. */
function zero({ buffer }: WebAssembly.Memory): void {
  for (let at = 0; at < buffer.byteLength; at += PAGE_BYTES) {
    const page = Buffer.from(buffer, at, PAGE_BYTES);
    if (!page.equals(ZEROS)) page.fill(0);
  }
}

/** By what is laid out alike: build, engine, log. */
const reused = new Map<string, ReusedMemory>();

/** Memory that shards of such a layout have used before. */
export function reusedMemory(scenario: Scenario, layout: string): SpareMemory {
  let memory = reused.get(layout);
  if (memory === undefined) reused.set(layout, (memory = new ReusedMemory()));
  return memory.of(scenario);
}

/** Simulates a shard by one of the kernels that ship; by the release build unless told. */
export function simulateShard(
  request: ShardRequest,
  { build = 'release', ...options }: KernelChoice = {},
): ShardOutcome {
  const spare = reusedMemory(request.scenario, `${build} ${options.lockstep === true}`);
  return simulator.simulateShard(request, { spare, ...options, kernel: shippedKernel(build) });
}

/** The detailed event log of a shard (src/timeline/log-event.ts). */
export function detailedLog(
  request: ShardRequest,
  options: Omit<simulator.LogOptions, 'kernel'> = {},
): LogEvent[] {
  const { scenario } = request;
  const events: TraceEvent[] = [];
  const kernel = shippedKernel('debug');
  const spare = reusedMemory(scenario, 'details');
  const settings = { spare, ...options, kernel, details: true };
  for (const batch of simulator.logBatches(request, settings)) {
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
  const spare = reusedMemory(request.scenario, 'events');
  return simulator.traceShard(request, onEvents, {
    spare,
    ...options,
    kernel: shippedKernel('debug'),
  });
}
