import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { processorLines } from '../../src/export/processor.js';
import { motionAround, slowMotionOf, timelineAround } from '../../src/play/slow-motion.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { lanesAround, MOST_LANES } from '../../src/timeline/narrowed-timeline.js';
import { ReplayedTimeline, sceneOf } from '../../src/timeline/replayed-timeline.js';
import type { Timeline } from '../../src/timeline/timeline.js';

const PROCESSORS = 40;
/** Each of the first 36 processors queues to another one, some far away, with IPIs and without. */
const SCENARIO = [
  `machine: { processors: ${PROCESSORS} }`,
  'policies: [pre-vista]',
  'sources:',
  ...Array.from({ length: 36 }, (_, i) => {
    const target = (i * 7) % PROCESSORS;
    const importance = i % 3 === 0 ? 'high' : 'medium';
    return `  - { name: nic${i}, irql: 7, processor: ${i}, isr: 1us, arrivals: { poisson: 9000/s },
      dpc: { importance: ${importance}, target: ${target}, service: 6us } }`;
  }),
  'until: { time: 10ms }',
].join('\n');

const FEW = [
  'machine: { processors: 4 }',
  'policies: [vista]',
  'sources:',
  ...[0, 1, 2, 3].map(
    (i) => `  - { name: nic${i}, irql: 7, processor: ${i}, isr: 1us, arrivals: { poisson: 50000/s },
      dpc: { target: ${i}, service: 1us } }`,
  ),
  'until: { time: 1s }',
].join('\n');

describe('the processors that are shown', () => {
  it('are those around one of them, in pages', () => {
    const busy = Array.from({ length: PROCESSORS }, (_, i) => 2 * i);
    expect(lanesAround(busy, 0)).toEqual(busy.slice(0, MOST_LANES));
    expect(lanesAround(busy, 31)).toEqual(busy.slice(0, MOST_LANES));
    expect(lanesAround(busy, 32)).toEqual(busy.slice(MOST_LANES, 2 * MOST_LANES));
    expect(lanesAround(busy, 999)).toEqual(busy.slice(2 * MOST_LANES));
    expect(lanesAround([5, 7], 0)).toEqual([5, 7]);
    expect(lanesAround([], 3)).toEqual([]);
  });
});

describe('a narrowed timeline', () => {
  const scenario = parseScenario(SCENARIO, 'wide.yaml');
  const shard = { policyIndex: 0, shardIndex: 0, seed: 3, untilTimeNs: 1e7, warmupNs: 0 };
  const whole = slowMotionOf(
    scenario,
    { ...shard, untilInterrupts: null },
    { kernel: shippedKernel('debug'), window: { fromNs: 3_000_000, toNs: 3_400_000 } },
  );

  const scene = sceneOf(scenario, 0);

  it.each([0, 20, 39])(
    'tells of the processors around %i what the whole one tells',
    (inspected) => {
      const narrow = motionAround(whole, inspected);
      const shown = [...new Set([...lanesAround(whole.busy, inspected), inspected])];
      const all = new ReplayedTimeline(scene, whole.timeline);
      const some = new ReplayedTimeline(scene, narrow.timeline, narrow.steps);
      expect(narrow.timeline.events.length).toBeLessThan(0.75 * whole.timeline.events.length);
      const isShown = ({ p, to }: { p: number; to: number }): boolean =>
        shown.includes(p) || shown.includes(to);
      expect(all.steps).toEqual(whole.steps.map(({ to: _, ...step }) => step));
      expect(some.steps).toEqual(whole.steps.filter(isShown));
      for (const { t } of some.steps.filter((_, i) => i % 20 === 0)) {
        for (const cpu of shown) {
          const lines = [all, some].map((each) => {
            return processorLines(scene, each.at(t), cpu, t).join('\n');
          });
          expect(lines[1]).toBe(lines[0]);
        }
      }
    },
  );

  it('is little of a message, however many processors stand by', () => {
    const narrow = motionAround(whole, 0);
    const { processors } = structuredClone(narrow.timeline.start);
    expect(new Set(processors).size).toBe(MOST_LANES + 1);
  });

  it('is the whole one where all processors have lanes', () => {
    const few = { ...whole, timeline: { ...whole.timeline, processors: MOST_LANES } };
    expect(motionAround(few, 1)).toBe(few);
  });
});

describe('the timeline of a wait', () => {
  const within = (text: string, toNs: number): [Timeline, Scenario] => {
    const scenario = parseScenario(text, 'wait.yaml');
    const shard = { policyIndex: 0, shardIndex: 0, seed: 3, untilTimeNs: 1e9, warmupNs: 0 };
    const { timeline } = slowMotionOf(
      scenario,
      { ...shard, untilInterrupts: null },
      { kernel: shippedKernel('debug'), window: { fromNs: 0, toNs } },
    );
    return [timeline, sceneOf(scenario, 0)];
  };

  it('is that of all processors where they have lanes and little happens', () => {
    const [timeline, scene] = within(FEW, 1_000_000);
    const shown = timelineAround(timeline, scene, 2);
    expect(shown.timeline).toBe(timeline);
    expect(shown.told).toBeUndefined();
    expect(shown.steps!.length).toBeGreaterThan(100);
  });

  it('is that of as many as can be told, and of one that has too much without its events', () => {
    const [timeline, scene] = within(FEW, 16_000_000);
    const { steps, timeline: shown, told } = timelineAround(timeline, scene, 2);
    expect(timeline.events.length).toBeGreaterThan(16_000);
    expect(shown.events.length).toBeLessThan(8_000);
    expect(steps!.length).toBeGreaterThan(1_000);
    expect(told).toEqual([2]);
    const [longer] = within(FEW, 80_000_000);
    const long = timelineAround(longer, scene, 2);
    expect([long.timeline.events, long.steps, long.told]).toEqual([[], undefined, [2]]);
    expect(long.timeline.spans.length).toBeGreaterThan(1_000);
  });
});
