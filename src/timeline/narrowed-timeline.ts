import type { LogEvent } from './log-event.js';
import { isHalted } from './spans.js';
import type { Timeline } from './timeline.js';

/** So many processors are shown at once. */
export const MOST_LANES = 16;

/** The processors that do something, ascending. */
export function busyProcessors({ spans }: Timeline): number[] {
  const busy = new Set(spans.filter((span) => !isHalted(span)).map(({ processor }) => processor));
  return [...busy].sort((a, b) => a - b);
}

/** Which of the busy processors are shown where that cannot be all: `processor` is. */
export function lanesAround(
  busy: readonly number[],
  processor: number,
  most = MOST_LANES,
): readonly number[] {
  const place = busy.findLastIndex((each) => each <= processor);
  const first = Math.max(0, place - (place % most));
  return busy.slice(first, first + most);
}

/**
 * What of a timeline concerns some processors, which is little where there are a thousand: their
 * spans, their events and those that queue to them. The others stand in it as one that is never
 * changed by what is left out.
 */
export function narrowed(timeline: Timeline, kept: ReadonlySet<number>): Timeline {
  const { arrows, events, spans, start } = timeline;
  const other = start.processors.find(({ index }) => !kept.has(index));
  return {
    ...timeline,
    start: {
      ...start,
      // One object for all of them: a copy of it is one too.
      processors: start.processors.map((cpu) => (kept.has(cpu.index) ? cpu : other!)),
      ipis: start.ipis.filter(({ to }) => kept.has(to)),
    },
    spans: spans.filter(({ processor }) => kept.has(processor)),
    arrows: arrows.filter(({ from, to }) => kept.has(from) || kept.has(to)),
    events: events.filter((event) => concerns(event, kept)),
  };
}

/** It happens on one of these processors, or queues to one. */
export function concerns(event: LogEvent, processors: ReadonlySet<number>): boolean {
  return processors.has(event.p) || (event.e === 'insert' && processors.has(event.target));
}
