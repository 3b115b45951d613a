import { IMPORTANCES } from '../policy/policy.js';
import type { Importance } from '../policy/policy.js';

/** Sizes of the standard workloads, in processors: `w1`, `w8`, `w64` and `w512`. */
export const WORKLOAD_SIZES = [1, 8, 64, 512] as const;

const SOURCES_PER_PROCESSOR = 2;
const [LOW, MEDIUM, MEDIUM_HIGH, HIGH] = IMPORTANCES;

/** With NT's numbers, by which the workloads count through them. */
const BY_NT_NUMBER: readonly Importance[] = [LOW, MEDIUM, HIGH, MEDIUM_HIGH];

/** How far away the processor is that the second half of the sources queues to. */
const TARGET_DISTANCE = 3;

/**
 * A standard workload in the written form: `processors` processors that are busy two thirds of the
 * time, and twice as many Poisson sources of 20,000 interrupts a second. The first half of the
 * sources queues to its own processor, the second half to another, with all importances in turn.
 * Throughput is compared on these from one version to the next, so they do not change.
 */
export function standardWorkload(processors: number): Record<string, unknown> {
  const sources = Array.from({ length: SOURCES_PER_PROCESSOR * processors }, (_, index) =>
    workloadSource(index, processors),
  );
  return {
    name: `w${processors}`,
    question:
      `What do the rules cost on ${processors} ${processors === 1 ? 'processor' : 'processors'} ` +
      'with every importance at an even load, and how fast is the simulation?',
    machine: {
      processors,
      tick: '15.625ms',
      background: {
        busy: { exponential: '200us' },
        idle: { exponential: '100us' },
        passive: '20us',
        dispatch: '2us',
      },
    },
    sources,
    policies: ['pre-vista', 'vista'],
    until: { interrupts: 10_000_000 },
  };
}

/** The workload as a file would say it, in JSON; null for a name that is none of them. */
export function workloadText(name: string): string | null {
  const size = WORKLOAD_SIZES.find((processors) => name === `w${processors}`);
  return size === undefined ? null : `${JSON.stringify(standardWorkload(size), null, 2)}\n`;
}

function workloadSource(index: number, processors: number): Record<string, unknown> {
  const round = Math.floor(index / processors);
  return {
    name: `source-${index}`,
    irql: 3 + (index % 8),
    processor: index % processors,
    isr: '2us',
    fifo: 1_024,
    arrivals: { poisson: '20000/s' },
    dpc: {
      importance: BY_NT_NUMBER[(index + round) % BY_NT_NUMBER.length],
      target: round === 0 ? 'current' : (index + TARGET_DISTANCE) % processors,
      service: { exponential: '4us' },
    },
  };
}
