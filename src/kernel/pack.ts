import * as abi from '../../assembly/shared/abi.js';
import { LOG_NOTHING } from '../../assembly/shared/log-layout.js';
import type { Importance, Policy } from '../policy/policy.js';
import type { Arrivals, DeviceSource, Distribution, Scenario } from '../scenario/scenario.js';
import { DistributionTable } from './pack-distribution.js';
import type { Shard } from './shard.js';
import { Slots } from './slots.js';
import { shardKey, streamKey, type StreamRole } from './stream-keys.js';

/** What a config block is made from besides the scenario. */
export interface PackOptions {
  policyIndex: number;
  /** Count decisions; left out: yes. */
  census?: boolean;
  /** LOG_NOTHING, LOG_EVENTS or LOG_DETAILS; left out: nothing. */
  eventLog?: number;
  /** Forbid running ahead: one event at a time, for comparing the two. */
  lockstep?: boolean;
}

/**
 * A config block but for its lists of arrivals, which may be hundreds of megabytes: they are
 * written where they are to stand, behind the rest.
 */
export interface PackedConfig {
  rest: Uint32Array;
  /** The whole block has so many slots of 64 bits. */
  length: number;
  /** Writes the lists into the whole block. */
  writeTables(block: Slots): void;
}

/** A list of arrivals of a source: which record names its place, and what it holds. */
interface ArrivalTable {
  record: number;
  count: number;
  width: number;
  write: (block: Slots, slot: number, index: number) => void;
}

/** Which random stream starts at a slot of the config block. */
interface StreamPlace {
  slot: number;
  key: Uint8Array;
}

const NT_IMPORTANCE: Record<Importance, number> = {
  low: abi.IMPORTANCE_LOW,
  medium: abi.IMPORTANCE_MEDIUM,
  high: abi.IMPORTANCE_HIGH,
  mediumHigh: abi.IMPORTANCE_MEDIUM_HIGH,
};
/** In the upper half of a slot. */
const PROCESSOR_SHIFT = abi.RECORDED_TIME_BITS - 32;
const ZERO: Distribution = { kind: 'constant', ns: 0 };

/**
 * The config block (assembly/shared/abi.ts) of a scenario under one policy, for any of its shards:
 * they differ in what `packShard` puts into the header.
 */
export function packConfig(
  scenario: Scenario,
  { policyIndex, census = true, eventLog = LOG_NOTHING, lockstep = false }: PackOptions,
): PackedConfig {
  const slots = new Slots();
  slots.append(abi.CONFIG_SLOTS);
  packMachine(slots, scenario);
  packPolicy(slots, scenario.policies[policyIndex]);
  slots.setInteger(abi.CONFIG_CENSUS, census);
  slots.setInteger(abi.CONFIG_EVENT_LOG, eventLog);
  slots.setInteger(abi.CONFIG_LOCKSTEP, lockstep);
  const packer = new Packer(slots);
  packer.sources(scenario);
  packer.background(scenario);
  packer.distributions();
  packer.streamTable();
  return packer.withTables();
}

/** Where a shard ends, and what seeds its random streams. */
export function packShard(header: Slots, shard: Shard): void {
  header.setInteger(abi.CONFIG_UNTIL_INTERRUPTS, shard.untilInterrupts ?? 0);
  header.setInteger(abi.CONFIG_UNTIL_TIME_NS, shard.untilTimeNs ?? Number(abi.MAX_TIME_NS));
  header.setInteger(abi.CONFIG_WARMUP, shard.warmupNs > 0);
  const key = shardKey(shard.seed, shard.shardIndex);
  header.setInteger(abi.CONFIG_SHARD_KEY_BYTES, key.length);
  header.setBytes(abi.CONFIG_SHARD_KEY, key);
}

function packMachine(slots: Slots, { machine }: Scenario): void {
  const { costs, tunables } = machine;
  const wholeTicks = (ns = 0): number => Math.ceil(ns / machine.tickNs);
  const fields: [number, number | boolean][] = [
    [abi.CONFIG_ABI, abi.ABI_VERSION],
    [abi.CONFIG_PROCESSORS, machine.processors],
    [abi.CONFIG_TICK_NS, machine.tickNs],
    [abi.CONFIG_TICK_SKEW_NS, machine.tickSkewNs],
    [abi.CONFIG_DYNAMIC_TICK, machine.dynamicTick],
    [abi.CONFIG_POLL_NS, machine.pollNs],
    [abi.CONFIG_IPI_LEVEL, machine.ipi === 'ipi-level'],
    [abi.CONFIG_INTERRUPT_NS, costs.interruptNs],
    [abi.CONFIG_CLOCK_NS, costs.clockNs],
    [abi.CONFIG_DISPATCH_NS, costs.dispatchNs],
    [abi.CONFIG_DEQUEUE_NS, costs.dequeueNs],
    [abi.CONFIG_IPI_SEND_NS, costs.ipiSendNs],
    [abi.CONFIG_IPI_FLIGHT_NS, costs.ipiFlightNs],
    [abi.CONFIG_IPI_HANDLER_NS, costs.ipiHandlerNs],
    [abi.CONFIG_HALT_EXIT_NS, costs.haltExitNs],
    [abi.CONFIG_THREAD_SWITCH_NS, costs.threadSwitchNs ?? 0],
    [abi.CONFIG_WATCHDOG_ROUTINE_TICKS, wholeTicks(machine.watchdog?.routineNs)],
    [abi.CONFIG_WATCHDOG_DISPATCH_TICKS, wholeTicks(machine.watchdog?.dispatchNs)],
    [abi.CONFIG_WATCHDOG_STOP, machine.watchdog?.action === 'stop'],
    [abi.CONFIG_MAXIMUM_DPC_QUEUE_DEPTH, tunables.maximumDpcQueueDepth],
    [abi.CONFIG_MINIMUM_DPC_RATE, tunables.minimumDpcRate],
    [abi.CONFIG_IDEAL_DPC_RATE, tunables.idealDpcRate],
    [abi.CONFIG_ADJUST_DPC_THRESHOLD, tunables.adjustDpcThreshold],
  ];
  for (const [slot, value] of fields) slots.setInteger(slot, value);
}

function packPolicy(slots: Slots, policy: Policy): void {
  let atHead = 0;
  for (const importance of Object.keys(NT_IMPORTANCE) as Importance[]) {
    const number = NT_IMPORTANCE[importance];
    packTable(slots, abi.CONFIG_CONDITIONS + number, policy.current[importance].table);
    packTable(slots, abi.CONFIG_CONDITIONS + 4 + number, policy.other[importance].table);
    if (policy.insert[importance] === 'head') atHead |= 1 << number;
  }
  slots.setInteger(abi.CONFIG_INSERT_AT_HEAD, atHead);
  slots.setInteger(abi.CONFIG_DEPTH_EXCEEDS, policy.depth === 'exceeds');
  slots.setInteger(abi.CONFIG_SUPPRESS, policy.suppress);
  slots.setInteger(abi.CONFIG_TICK_RESCUE, policy.tickRescue);
  slots.setInteger(abi.CONFIG_ADAPTIVE, policy.adaptive);
  slots.setInteger(abi.CONFIG_DRAIN_LIMIT, policy.drainLimit);
  slots.setInteger(abi.CONFIG_DRAIN_TIME_NS, policy.drainTimeNs ?? 0);
}

function packTable(slots: Slots, slot: number, table: string): void {
  slots.setWords(slot, parseInt(table.slice(8), 16), parseInt(table.slice(0, 8), 16));
}

class Packer {
  private readonly streams: StreamPlace[] = [];
  private readonly table = new DistributionTable();
  private readonly arrivalTables: ArrivalTable[] = [];

  constructor(private readonly slots: Slots) {}

  sources({ machine, sources }: Scenario): void {
    const { slots } = this;
    const hasThreads = machine.threadedDpcs !== false;
    slots.setInteger(abi.CONFIG_SOURCE_COUNT, sources.length);
    const first = slots.append(sources.length * abi.SOURCE_SLOTS);
    slots.setInteger(abi.CONFIG_SOURCE_SLOT, first);
    sources.forEach((source, index) => {
      const record = first + index * abi.SOURCE_SLOTS;
      if (source.kind === 'timer') {
        slots.setInteger(record + abi.SOURCE_IS_TIMER, 1);
        this.list(record, [source.processor]);
        slots.setInteger(record + abi.SOURCE_START_NS, source.dueNs);
        slots.setInteger(record + abi.SOURCE_PERIOD_NS, source.periodNs);
        this.drawn(record + abi.SOURCE_SERVICE, source.service);
        this.stream(record + abi.SOURCE_STREAMS + 6, 'service', source.name);
      } else {
        this.device(record, source, hasThreads);
      }
    });
  }

  private device(record: number, source: DeviceSource, hasThreads: boolean): void {
    const { slots } = this;
    const { dpc, moderation } = source;
    slots.setInteger(record + abi.SOURCE_IRQL, source.irql);
    slots.setInteger(record + abi.SOURCE_FIFO, source.fifo);
    this.list(record, source.processors);
    this.drawn(record + abi.SOURCE_ISR, source.isr);
    this.drawn(record + abi.SOURCE_SERVICE, dpc?.service ?? ZERO);
    this.drawn(record + abi.SOURCE_PER_ITEM, dpc?.perItem ?? ZERO);
    const roles: StreamRole[] = ['gap', 'phase', 'isr', 'service', 'perItem'];
    roles.forEach((role, i) => {
      this.stream(record + abi.SOURCE_STREAMS + 2 * i, role, source.name);
    });
    this.arrivals(record, source.arrivals);
    if (moderation !== undefined) {
      slots.setInteger(record + abi.SOURCE_MODERATED, 1);
      slots.setInteger(record + abi.SOURCE_MODERATION_TIME_NS, moderation.timeNs ?? -1);
      slots.setInteger(record + abi.SOURCE_MODERATION_COUNT, moderation.count ?? 0);
    }
    if (dpc === null) return;
    slots.setInteger(record + abi.SOURCE_HAS_DPC, 1);
    slots.setInteger(record + abi.SOURCE_IMPORTANCE, NT_IMPORTANCE[dpc.importance]);
    slots.setInteger(record + abi.SOURCE_TARGET, targetNumber(dpc.target));
    slots.setInteger(record + abi.SOURCE_PER_PROCESSOR, dpc.objects === 'per-processor');
    slots.setInteger(record + abi.SOURCE_BUDGET, dpc.budget);
    slots.setInteger(record + abi.SOURCE_THREADED, hasThreads && dpc.threaded === true);
  }

  private arrivals(record: number, arrivals: Arrivals): void {
    const { slots } = this;
    const set = (kind: number, startNs: number, periodNs: number, gap: Distribution): void => {
      slots.setInteger(record + abi.SOURCE_ARRIVALS, kind);
      slots.setInteger(record + abi.SOURCE_START_NS, startNs);
      slots.setInteger(record + abi.SOURCE_PERIOD_NS, periodNs);
      this.drawn(record + abi.SOURCE_GAP, gap);
    };
    switch (arrivals.kind) {
      case 'at':
        set(abi.ARRIVALS_AT, 0, 0, ZERO);
        return void this.arrivalTables.push({
          record,
          count: arrivals.atNs.length,
          width: 1,
          write: (block, slot, i) => block.setInteger(slot, arrivals.atNs[i]),
        });
      case 'renewal':
        return set(abi.ARRIVALS_RENEWAL, arrivals.startNs, 0, arrivals.gap);
      case 'periodic':
        return set(abi.ARRIVALS_PERIODIC, arrivals.startNs, arrivals.periodNs, arrivals.jitter);
      case 'bursts':
        set(abi.ARRIVALS_BURSTS, arrivals.startNs, 0, arrivals.gap);
        this.drawn(record + abi.SOURCE_ON, arrivals.on);
        return this.drawn(record + abi.SOURCE_OFF, arrivals.off);
      case 'recording': {
        const { atNs, processor, isrNs, serviceNs } = arrivals.recording;
        set(abi.ARRIVALS_RECORDING, 0, 0, ZERO);
        return void this.arrivalTables.push({
          record,
          count: atNs.length,
          width: abi.RECORDED_SLOTS,
          write: (block, slot, i) => {
            const high = Math.floor(atNs[i] / 2 ** 32) | (processor[i] << PROCESSOR_SHIFT);
            block.setWords(slot, atNs[i] >>> 0, high);
            block.setWords(slot + 1, isrNs[i], serviceNs[i]);
          },
        });
      }
    }
  }

  /** Where the lists stand is known once all else is packed. */
  withTables(): PackedConfig {
    const { slots, arrivalTables } = this;
    let { length } = slots;
    for (const { record, count, width } of arrivalTables) {
      slots.setInteger(record + abi.SOURCE_TABLE_SLOT, length);
      slots.setInteger(record + abi.SOURCE_TABLE_COUNT, count);
      length += count * width;
    }
    return {
      rest: slots.view(),
      length,
      writeTables: (block) => {
        let slot = slots.length;
        for (const { count, width, write } of arrivalTables) {
          for (let i = 0; i < count; i++, slot += width) write(block, slot, i);
        }
      },
    };
  }

  background({ machine }: Scenario): void {
    const { slots } = this;
    const first = slots.append(machine.background.length * abi.BACKGROUND_SLOTS);
    slots.setInteger(abi.CONFIG_BACKGROUND_COUNT, machine.background.length);
    slots.setInteger(abi.CONFIG_BACKGROUND_SLOT, first);
    machine.background.forEach((threads, processor) => {
      const record = first + processor * abi.BACKGROUND_SLOTS;
      this.drawn(record + abi.BACKGROUND_BUSY, threads.busy);
      this.drawn(record + abi.BACKGROUND_IDLE, threads.idle);
      this.drawn(record + abi.BACKGROUND_PASSIVE, threads.passive);
      this.drawn(record + abi.BACKGROUND_DISPATCH, threads.dispatch);
      this.stream(record + abi.BACKGROUND_STREAM, 'thread', String(processor));
    });
  }

  distributions(): void {
    const { slots, table } = this;
    slots.setInteger(abi.CONFIG_DISTRIBUTION_COUNT, table.count);
    slots.setInteger(abi.CONFIG_DISTRIBUTION_SLOT, table.write(slots));
  }

  streamTable(): void {
    const { slots, streams } = this;
    const first = slots.append(streams.length * abi.STREAM_SLOTS);
    slots.setInteger(abi.CONFIG_STREAM_COUNT, streams.length);
    slots.setInteger(abi.CONFIG_STREAM_SLOT, first);
    streams.forEach(({ slot, key }, i) => {
      const record = first + i * abi.STREAM_SLOTS;
      const keySlot = slots.append(Math.ceil(key.length / 8));
      slots.setInteger(record + abi.STREAM_STATE, slot);
      slots.setInteger(record + abi.STREAM_KEY, keySlot);
      slots.setInteger(record + abi.STREAM_KEY_BYTES, key.length);
      slots.setBytes(keySlot, key);
    });
  }

  private drawn(slot: number, distribution: Distribution): void {
    this.slots.setInteger(slot, this.table.number(distribution));
  }

  private stream(slot: number, role: StreamRole, name: string): void {
    this.streams.push({ slot, key: streamKey(role, name) });
  }

  private list(record: number, processors: readonly number[]): void {
    const first = this.slots.append(processors.length);
    processors.forEach((processor, i) => this.slots.setInteger(first + i, processor));
    this.slots.setInteger(record + abi.SOURCE_PROCESSORS_SLOT, first);
    this.slots.setInteger(record + abi.SOURCE_PROCESSORS_COUNT, processors.length);
  }
}

function targetNumber(target: 'current' | 'round-robin' | number): number {
  if (target === 'current') return abi.TARGET_CURRENT;
  return target === 'round-robin' ? abi.TARGET_ROUND_ROBIN : target;
}
