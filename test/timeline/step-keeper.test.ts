import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/parse.js';
import type { LogEvent } from '../../src/timeline/log-event.js';
import { MachineState } from '../../src/timeline/machine-state.js';
import { StepKeeper } from '../../src/timeline/step-keeper.js';

const scenario = parseScenario(
  `{ machine: { processors: 2 }, policies: [vista], until: { interrupts: 1 }, sources: [
    { name: nic, irql: 5, isr: 1us, arrivals: { at: [0] }, dpc: { service: 1us } } ] }`,
  'steps.yaml',
);
const state = new MachineState(scenario, 0);
const WAIT = { processor: 1, object: 7, queuedNs: 200_000_000, takenNs: 200_000_100 };

/** When the steps happened that are kept, counted from the insert; of the others how many. */
function kept(...events: readonly LogEvent[]): string[] {
  const keeper = new StepKeeper(scenario, 0, WAIT);
  for (const event of events) keeper.add(event, state);
  return keeper.kept().map((step) => {
    return typeof step === 'number' ? `${step} left out` : `${step.t - WAIT.queuedNs}`;
  });
}

const clock = (atNs: number, p = 1): LogEvent => {
  return { e: 'clock-start', t: WAIT.queuedNs + atNs, p, due: 0 };
};
const clocks = (from: number, count: number): LogEvent[] =>
  Array.from({ length: count }, (_, i) => clock(from + i));

describe('the steps around a wait', () => {
  it('are the last before it, the first and the last of it, and the first after it', () => {
    expect(kept(...clocks(-9, 9), ...clocks(0, 101), ...clocks(101, 9))).toEqual([
      ...['-6', '-5', '-4', '-3', '-2', '-1'],
      ...['0', '1', '2', '3', '4', '5', '6', '7'],
      '85 left out',
      ...['93', '94', '95', '96', '97', '98', '99', '100'],
      ...['101', '102', '103', '104'],
    ]);
  });

  it('are all where there are few', () => {
    expect(kept()).toEqual([]);
    const of = (count: number): string[] => kept(...clocks(0, count));
    expect(of(16)).toHaveLength(16);
    expect(of(17)).toHaveLength(17);
    expect(of(17)[8]).toBe('1 left out');
    expect(kept(...clocks(-6, 6))).toHaveLength(6);
    expect(kept(...clocks(101, 4))).toHaveLength(4);
  });

  it('are those of its processor and of what is queued to it, not long before', () => {
    const insert = (p: number, target: number): LogEvent => {
      const own = { dpc: 'nic@0', object: 3, index: 0, target, queued: false } as const;
      return { e: 'insert', t: WAIT.queuedNs + 10 * p + target, p, ...own } as LogEvent;
    };
    expect(kept(clock(1, 0), clock(2, 1))).toEqual(['2']);
    expect(kept(insert(0, 0), insert(0, 1), insert(1, 0), insert(1, 1))).toEqual(['1', '10', '11']);
    const longBefore = [-100_000_001, -100_000_000, -99_999_999];
    expect(kept(...longBefore.map((ns) => clock(ns)))).toEqual(['-100000000', '-99999999']);
  });

  it('are those of which there is something to say', () => {
    expect(kept({ e: 'loop', t: WAIT.queuedNs, p: 1 }, clock(3))).toEqual(['3']);
  });
});
