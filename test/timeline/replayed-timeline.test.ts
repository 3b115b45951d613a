import { expect, test } from 'vitest';
import { processorLines } from '../../src/export/processor.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { selectPolicies } from '../../src/policy/select-policies.js';
import { machineAt, timelineOf } from '../../src/run/look-at.js';
import { ReplayedTimeline, sceneOf } from '../../src/timeline/replayed-timeline.js';

const WINDOW = { fromNs: 2_000_000, toNs: 4_000_000 };

test('a timeline carried out again stands where the machine stood, in any order', async () => {
  const catalog = loadScenario('threaded-beside-audio');
  const scenario = { ...catalog, policies: selectPolicies(catalog, ['vista']) };
  const timeline = await timelineOf(scenario, WINDOW, { seed: 5 });
  const carried = structuredClone({ scene: sceneOf(scenario, 0), timeline });
  const replayed = new ReplayedTimeline(carried.scene, carried.timeline);
  expect(replayed.steps.length).toBeGreaterThan(50);
  for (const atNs of [2_390_000, 2_000_000, 2_150_001, 2_150_002, 2_100_000]) {
    const expected = await machineAt(scenario, atNs, { seed: 5 });
    const found = replayed.at(atNs);
    for (let cpu = 0; cpu < timeline.processors; cpu++) {
      expect(processorLines(carried.scene, found, cpu, atNs)).toEqual(
        processorLines(scenario, expected, cpu, atNs),
      );
    }
    const last = replayed.lastStepAt(atNs);
    expect(replayed.steps[last]?.t ?? WINDOW.fromNs).toBeLessThanOrEqual(atNs);
    expect(replayed.steps[last + 1].t).toBeGreaterThan(atNs);
  }
});

test('a timeline goes back to its start also where a single event was carried out', async () => {
  const catalog = loadScenario('threaded-beside-audio');
  const scenario = { ...catalog, policies: selectPolicies(catalog, ['vista']) };
  const { events } = await timelineOf(scenario, WINDOW, { seed: 5 });
  const lone = events.findIndex(
    ({ t }, i) => i > 0 && t > events[i - 1].t + 1 && t < events[i + 1].t,
  );
  const atNs = events[lone].t;
  const window = { fromNs: events[lone - 1].t + 1, toNs: WINDOW.toNs };
  const timeline = await timelineOf(scenario, window, { seed: 5 });
  const replayed = new ReplayedTimeline(sceneOf(scenario, 0), timeline);
  const told = (): string[] =>
    Array.from({ length: timeline.processors }, (_, cpu) =>
      processorLines(scenario, replayed.at(atNs - 1), cpu, atNs - 1).join('\n'),
    );
  const before = told();
  replayed.at(atNs);
  expect(told()).toEqual(before);
});
