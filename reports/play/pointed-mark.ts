import type { LanePlace } from '../../src/report/draw-timeline.js';
import { spanTitle, waitTitle } from '../../src/report/lanes.js';
import { isHalted } from '../../src/timeline/spans.js';
import type { Timeline } from '../../src/timeline/timeline.js';

/** More waits than that at one place are only counted. */
const MOST_WAITS = 3;

/** What stands in a lane at an instant, in words: "" for nothing. */
export function wordsAt(timeline: Timeline, { irql, processor }: LanePlace, ns: number): string {
  if (irql === null) return waitsAt(timeline, processor, ns);
  const spans = timeline.spans.filter(
    (span) =>
      span.processor === processor &&
      span.startNs <= ns &&
      span.endNs >= ns &&
      span.irql >= irql &&
      !isHalted(span),
  );
  // What is higher up lies over what it interrupts.
  const [top] = spans.sort((a, b) => b.level - a.level || b.startNs - a.startNs);
  return top === undefined ? '' : spanTitle(top);
}

function waitsAt({ arrows }: Timeline, processor: number, ns: number): string {
  const waits = arrows.filter(
    ({ fromNs, kind, to, toNs }) =>
      kind === 'dpc' && to === processor && fromNs <= ns && toNs >= ns,
  );
  const left = waits.length - MOST_WAITS;
  const said = waits.slice(0, MOST_WAITS).map(waitTitle);
  return [...said, ...(left > 0 ? [`${left} more wait`] : [])].join('\n');
}
