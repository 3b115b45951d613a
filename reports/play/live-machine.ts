import type { LiveColumn, LiveTotal } from '../../src/play/live-column.js';
import type { ProcessorWindow } from '../../src/play/recent-processors.js';
import type { FromMachine } from './messages.js';

/** What the page knows of one policy's machine. */
export interface LiveMachine {
  columns: LiveColumn[];
  total: LiveTotal | null;
  processors: ProcessorWindow | null;
  shard: number;
  /** Where its shard stands, its warm-up included. */
  shardNs: number;
  busyMs: number;
  arrivals: number;
  /** It takes a processor: more than half of the time between its last two messages. */
  isWorking: boolean;
  heardMs: number;
}

/** No chart has more columns; so many are forgotten at once, not with each message. */
const MOST_COLUMNS = 1_200;
const COLUMNS_AT_ONCE = 200;

export function newMachine(): LiveMachine {
  const nothing = { shard: 0, shardNs: 0, busyMs: 0, arrivals: 0, heardMs: 0 };
  return { columns: [], total: null, processors: null, ...nothing, isWorking: false };
}

/** The machine after its next message, which came at `nowMs`; its columns stay the same list. */
export function heard(machine: LiveMachine, message: FromMachine, nowMs: number): LiveMachine {
  const { busyMs, isOver, shard, shardNs, total } = message;
  const { columns } = machine;
  columns.push(...message.columns);
  if (columns.length > MOST_COLUMNS) columns.splice(0, COLUMNS_AT_ONCE);
  const isWorking = !isOver && busyMs - machine.busyMs > (nowMs - machine.heardMs) / 2;
  const { arrivals } = total;
  const processors = message.processors ?? machine.processors;
  const where = { shard, shardNs, busyMs, arrivals };
  return { columns, total, processors, ...where, isWorking, heardMs: nowMs };
}

/** A processor is left for the page beside those that its machines take. */
export function isProcessorSpare(processors: number, machines: readonly LiveMachine[]): boolean {
  return processors > machines.filter(({ isWorking }) => isWorking).length;
}
