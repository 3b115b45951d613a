import { describe, expect, it } from 'vitest';
import { timelineAround } from '../../src/play/slow-motion.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { LogEvent } from '../../src/timeline/log-event.js';
import { MachineState } from '../../src/timeline/machine-state.js';
import type { Span } from '../../src/timeline/spans.js';

const PROCESSORS = 20;

const scenario = resolveScenario({
  machine: { processors: PROCESSORS },
  sources: [{ name: 'a', irql: 5, isr: '1us', arrivals: { at: [] } }],
  policies: ['vista'],
  until: { time: '1ms' },
});

const spanOf = (processor: number): Span => {
  const times = { startNs: 0, endNs: 9, isOpen: false };
  return {
    processor,
    kind: 'isr',
    irql: 5,
    level: 1,
    label: 'a',
    index: 0,
    origin: null,
    ...times,
  };
};

/** What is shown around processor 5 of so many events on some processors, all of them busy. */
function shownOf(
  processors: number,
  ...counts: readonly (readonly [cpu: number, count: number])[]
) {
  const events = counts.flatMap(([p, count]) =>
    Array.from({ length: count }, (_, t): LogEvent => ({ e: 'ready', t, p })),
  );
  const state = new MachineState(scenario, 0).snapshot();
  const whole = {
    window: { fromNs: 0, toNs: 10_000 },
    processors,
    start: { ...state, processors: state.processors.slice(0, processors) },
    spans: Array.from({ length: processors }, (_, cpu) => spanOf(cpu)),
    arrows: [],
    events,
  };
  const { steps, timeline, told } = timelineAround(whole, scenario, 5);
  return [told ?? 'all', timeline.events.length, steps?.length ?? 'none'];
}

describe('what is shown of a timeline', () => {
  const upTo = (count: number, from = 0): number[] =>
    Array.from({ length: count }, (_, i) => from + i);

  it('is all of 16 processors with 8,000 events, and around one of more', () => {
    expect(shownOf(16, [5, 4000], [15, 4000])).toEqual(['all', 8000, 8000]);
    expect(shownOf(16, [5, 4000], [15, 4001])).toEqual([upTo(8), 4000, 4000]);
    expect(shownOf(17, [5, 4000], [15, 4000])).toEqual([upTo(16), 8000, 8000]);
    expect(shownOf(17, [5, 8000], [16, 9])).toEqual([upTo(16), 8000, 8000]);
  });

  it('is halved until it has 8,000 events, and of one with more it is without them', () => {
    expect(shownOf(16, [5, 4000], [3, 4001])).toEqual([upTo(4, 4), 4000, 4000]);
    expect(shownOf(16, [5, 4000], [6, 4001])).toEqual([[4, 5], 4000, 4000]);
    expect(shownOf(16, [5, 4000], [4, 4001])).toEqual([[5], 4000, 4000]);
    expect(shownOf(16, [5, 8000], [4, 1])).toEqual([[5], 8000, 8000]);
    expect(shownOf(16, [5, 8001])).toEqual([[5], 0, 'none']);
  });
});
