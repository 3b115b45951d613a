import type { WorstWait } from '../timeline/worst-wait.js';
import { formatNs, formatNsExactly } from '../units.js';
import { drawTimeline } from './draw-timeline.js';

/** Processors beside the one that the wait is about. */
const MOST_OTHERS = 5;

/** Causes above the picture; the answer in the terminal has all. */
const MOST_CAUSES = 6;

/** The longest wait of a DPC as a picture; the axis counts from the insert. */
export function drawWorstWait(scenario: string, worst: WorstWait): string {
  const { causes, dpc, policy, shard, timeline, wait, waitNs } = worst;
  const { processor, queuedNs: fromNs, takenNs: toNs } = wait;
  const label = `${dpc} waits ${formatNsExactly(waitNs)}`;
  return drawTimeline(timeline, {
    title: `${label} on processor ${processor}`,
    notes: [
      `${scenario}, ${policy}, shard ${shard}. The axis counts from the insert.`,
      ...causes.slice(0, MOST_CAUSES).map(({ rule, t, text }) => {
        const at = t === fromNs ? '0' : `+${formatNs(t - fromNs)}`;
        return [at, rule, text].filter((part) => part !== '').join(' ');
      }),
    ],
    zeroNs: fromNs,
    lanes: lanesOfWait(worst, MOST_OTHERS),
    marked: { processor, fromNs, toNs, label },
  });
}

/**
 * The processors that a wait is about, ascending: the one that took the DPC, the one that queued
 * it, and of those that sent it something so many that they are `mostOthers` in all.
 */
export function lanesOfWait({ causes, timeline, wait }: WorstWait, mostOthers: number): number[] {
  const { processor } = wait;
  const others = new Set<number>([causes[0].p]);
  for (const { from, to } of timeline.arrows) {
    if (to === processor) others.add(from);
  }
  others.delete(processor);
  return [processor, ...[...others].slice(0, mostOthers)].sort((a, b) => a - b);
}
