import { signal } from '@preact/signals';
import { describe, expect, test, vi } from 'vitest';
import type { ProcessorSurvey } from '../../src/kernel/survey.js';
import { firstProcessors } from '../../src/play/processor-order.js';
import { RecentProcessors } from '../../src/play/recent-processors.js';
import type { ProcessorWindow } from '../../src/play/recent-processors.js';
import { TIME_PARTS } from '../../src/report/activity-colours.js';
import type { Counters, TimeSplit } from '../../src/result/outcome.js';
import { ProcessorChoice } from '../../reports/play/processor-choice.js';

/** A processor that had its queue `areaNs` deep × ns, and `isrNs` of ISRs; idle for the rest. */
function surveyed(areaNs: number, isrNs: number, nowNs: number, maximum = 1): ProcessorSurvey {
  const none = { clockNs: 0, ipiNs: 0, dispatchDrainNs: 0, idleDrainNs: 0, threadNs: 0 };
  const timeSplit: TimeSplit = { ...none, isrNs, idleNs: nowNs - isrNs };
  return { counters: {} as Counters, timeSplit, queueDepth: { areaNs, maximum } };
}

const ISR = TIME_PARTS.findIndex(([name]) => name === 'isrNs');
const THREAD = TIME_PARTS.findIndex(([name]) => name === 'threadNs');
const IDLE = TIME_PARTS.findIndex(([name]) => name === 'idleNs');
const PARTS = TIME_PARTS.length;

describe('what processors did of late', () => {
  test('is nothing before a look, and what was counted since the shard began until then', () => {
    const recent = new RecentProcessors();
    recent.begin(1_000);
    expect(recent.read()).toBeNull();
    recent.add(1_100, [surveyed(50, 25, 100), surveyed(300, 0, 100, 7)]);
    const { deepest, depths, shares } = recent.read()!;
    expect([...depths]).toEqual([0.5, 3]);
    expect([...deepest]).toEqual([1, 7]);
    expect([shares[ISR], shares[IDLE], shares[PARTS + ISR]]).toEqual([0.25, 0.75, 0]);
  });

  test('forgets what is 20 looks old, and the shard before', () => {
    const recent = new RecentProcessors();
    recent.begin(0);
    // A hundred deep in the first span, empty ever after.
    for (let look = 1; look <= 20; look++) recent.add(10 * look, [surveyed(1_000, 0, 10 * look)]);
    expect(recent.read()!.depths[0]).toBe(5);
    recent.add(210, [surveyed(1_000, 0, 210)]);
    expect(recent.read()!.depths[0]).toBe(0);
    recent.begin(500);
    expect(recent.read()).toBeNull();
    recent.add(510, [surveyed(20, 5, 10)]);
    expect(recent.read()!.depths[0]).toBe(2);
    expect(recent.read()!.shares[ISR]).toBe(0.5);
  });
});

/** By processor: mean depth, greatest depth, the shares of ISRs and of a thread. */
function windowOf(
  ...cpus: (readonly [depth: number, deepest: number, isr: number, thread: number])[]
): ProcessorWindow {
  const shares = new Float32Array(PARTS * cpus.length);
  cpus.forEach(([, , isr, thread], cpu) => {
    shares[PARTS * cpu + ISR] = isr;
    shares[PARTS * cpu + THREAD] = thread;
    shares[PARTS * cpu + IDLE] = 1 - isr - thread;
  });
  return {
    depths: Float32Array.from(cpus, ([depth]) => depth),
    deepest: Uint32Array.from(cpus, ([, deepest]) => deepest),
    shares,
  };
}

const FIRST = windowOf([1, 3, 0.2, 0], [2, 2, 0.1, 0.9], [0, 1, 0.3, 0], [0.5, 9, 0, 0]);
const SECOND = windowOf([1, 3, 0.2, 0], [2, 2, 0.1, 0.1], [4, 5, 0.25, 0], [0.5, 9, 0, 0.5]);

describe('an order of processors', () => {
  test('goes by what either policy makes of them, or by what lies between the two', () => {
    const order = (name: Parameters<typeof firstProcessors>[1]): number[] =>
      firstProcessors([FIRST, SECOND], name, 4);
    expect(order('depth')).toEqual([2, 1, 0, 3]);
    expect(order('deepest')).toEqual([3, 2, 0, 1]);
    expect(order('interrupts')).toEqual([2, 0, 1, 3]);
    expect(order('depth-differs')).toEqual([2, 0, 1, 3]);
    expect(order('time-differs')).toEqual([1, 3, 2, 0]);
    expect(firstProcessors([FIRST, SECOND], 'deepest', 2)).toEqual([3, 2]);
  });
});

/** Twenty processors, of which one has the deepest queue. */
function wide(deepestCpu: number): ProcessorWindow {
  return windowOf(
    ...Array.from({ length: 20 }, (_, cpu) => [cpu === deepestCpu ? 9 : 1, 1, 0, 0] as const),
  );
}

describe('the processors that are shown', () => {
  const ground = () => {
    const machines: { processors: ProcessorWindow | null }[] = [
      { processors: null },
      { processors: null },
    ];
    return { glance: signal(0), machines, progress: signal('running') };
  };

  test('are none before both machines have told, and all where there are few', () => {
    const few = ground();
    few.machines[0].processors = FIRST;
    expect(new ProcessorChoice(few).shown.value).toEqual([]);
    few.machines[1].processors = SECOND;
    expect(new ProcessorChoice(few).shown.value).toEqual([0, 1, 2, 3]);
  });

  test('are sixteen, by the order that is chosen or from a number on', () => {
    const many = ground();
    for (const machine of many.machines) machine.processors = wide(18);
    const choice = new ProcessorChoice(many);
    expect(choice.shown.value).toEqual([18, ...Array.from({ length: 15 }, (_, i) => i)]);
    choice.order.value = 'number';
    expect(choice.shown.value).toEqual(Array.from({ length: 16 }, (_, i) => i));
    choice.from.value = 19;
    expect(choice.shown.value).toEqual(Array.from({ length: 16 }, (_, i) => i + 4));
  });

  test('keep their rows for two seconds of a run, and no longer', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const many = ground();
    const choice = new ProcessorChoice(many);
    const firstAfter = (ms: number, deepestCpu: number): number => {
      vi.advanceTimersByTime(ms);
      for (const machine of many.machines) machine.processors = wide(deepestCpu);
      many.glance.value++;
      return choice.shown.value[0];
    };
    expect(firstAfter(0, 18)).toBe(18);
    expect(firstAfter(1_999, 19)).toBe(18);
    expect(firstAfter(1, 19)).toBe(19);
    many.progress.value = 'paused';
    expect(firstAfter(1, 17)).toBe(17);
    vi.useRealTimers();
  });
});
