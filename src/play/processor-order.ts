import { TIME_PARTS } from '../report/activity-colours.js';
import type { ProcessorWindow } from './recent-processors.js';

/** Which processors come first where not all of them are shown: what it is called, and why. */
export const PROCESSOR_ORDERS = {
  depth: 'the deepest queues',
  deepest: 'the greatest depths',
  interrupts: 'most time in ISRs and DPCs',
  'depth-differs': 'mean depths differ most',
  'time-differs': 'time differs most',
  number: 'by number',
} as const;
export type ProcessorOrder = keyof typeof PROCESSOR_ORDERS;

const PARTS = TIME_PARTS.length;
/** Neither a thread's nor the idle loop's. */
const INTERRUPT_PARTS = TIME_PARTS.flatMap(([name], part) =>
  name === 'threadNs' || name === 'idleNs' ? [] : part,
);

/**
 * The `most` processors that come first, of machines that have the same ones. Those that are alike
 * in this respect go by number.
 */
export function firstProcessors(
  windows: readonly ProcessorWindow[],
  order: Exclude<ProcessorOrder, 'number'>,
  most: number,
): number[] {
  const count = Math.min(...windows.map(({ deepest }) => deepest.length));
  const scores = Float64Array.from({ length: count }, (_, cpu) => SCORES[order](windows, cpu));
  return Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, most);
}

type Score = (windows: readonly ProcessorWindow[], cpu: number) => number;

const SCORES: Record<Exclude<ProcessorOrder, 'number'>, Score> = {
  depth: (windows, cpu) => Math.max(...windows.map(({ depths }) => depths[cpu])),
  deepest: (windows, cpu) => Math.max(...windows.map(({ deepest }) => deepest[cpu])),
  interrupts: (windows, cpu) =>
    Math.max(
      ...windows.map(({ shares }) =>
        INTERRUPT_PARTS.reduce((sum, part) => sum + shares[PARTS * cpu + part], 0),
      ),
    ),
  'depth-differs': (windows, cpu) => spread(windows.map(({ depths }) => depths[cpu])),
  'time-differs': (windows, cpu) =>
    TIME_PARTS.reduce(
      (sum, _, part) => sum + spread(windows.map(({ shares }) => shares[PARTS * cpu + part])),
      0,
    ),
};

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
