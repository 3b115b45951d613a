import { beforeAll, describe, it } from 'vitest';
import { CATALOG_NAMES, loadCatalogScenario } from '../../src/disk/catalog.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import type { Shard } from '../../src/kernel/shard.js';
import { expectedEvents } from '../../src/run/expected-events.js';
import { expectedInterrupts, expectedTimeNs } from '../../src/run/expected-interrupts.js';
import { binFirstShards } from '../../src/run/plan-bins.js';
import { judgeSettling, planRun } from '../../src/run/plan-run.js';
import { commonShards, leastInterrupts, planShards } from '../../src/run/plan-shards.js';
import { seesThreshold, settlingTime, startsAtZero } from '../../src/run/settling-time.js';
import { planTasks, taskShare } from '../../src/run/tasks.js';
import { ownEventsPerNs } from '../../src/scenario/event-rate.js';
import { guessFocus } from '../../src/scenario/guess-focus.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { drawScenario } from './draw-scenario.js';
import { expectGolden } from './golden-file.js';
import { Pick } from './pick.js';

const DRAWN = 90;
let w8: Scenario;
let scenarios: { name: string; scenario: Scenario }[];

beforeAll(() => {
  w8 = loadCatalogScenario('w8');
  scenarios = everyScenario();
});

describe('as before, of each scenario that ships and of drawn ones, is', () => {
  it('what is expected of it, how it is cut and what it is about', () => {
    const lines = scenarios.map(({ name, scenario }, i) => {
      return `${name}: ${planned(scenario, i % 12 === 0 ? [3, 10_000, 10_001] : [3])}`;
    });
    expectGolden('plans/plans.txt', lines.join('\n') + '\n');
  });

  it('what is said of its start', () => {
    const lines = scenarios.flatMap(({ name, scenario }, i) => {
      const isToPrecision = i % 3 === 0;
      const shards = isToPrecision ? null : new Pick(i).of(null, 1, 4, 5);
      return [`${name} ${shards}: ${settled(scenario, isToPrecision, shards)}`];
    });
    expectGolden('plans/settling.txt', lines.join('\n') + '\n');
  });
});

function everyScenario(): { name: string; scenario: Scenario }[] {
  const shipped = CATALOG_NAMES.map((name) => ({ name, scenario: loadCatalogScenario(name) }));
  const drawn = Array.from({ length: DRAWN }, (_, seed) => {
    return { name: String(seed), scenario: drawScenario(new Pick(seed)) };
  });
  return [...shipped, ...drawn];
}

/** What it says, or why it refuses. */
function said(of: () => unknown): string {
  try {
    const value = of();
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

const short = (value: number): string => String(Number(value.toPrecision(8)));

function planned(scenario: Scenario, counts: readonly number[]): string {
  const settling = settlingTime(scenario);
  const shards = said(() => planShards(scenario).length);
  return [
    `interrupts ${short(expectedInterrupts(scenario))} in ${short(expectedTimeNs(scenario))} ns`,
    `events ${short(expectedEvents(scenario))}, own ${short(ownEventsPerNs(scenario))}`,
    `settles in ${short(settling.ns)} (${settling.slowest})`,
    `threshold ${seesThreshold(scenario)}, from zero ${startsAtZero(scenario)}`,
    `shards ${shards} of ${leastInterrupts(scenario)}`,
    ...counts.map((count) =>
      said(() => planShards(scenario, count).map((one) => Object.values(one).join(' '))[1]),
    ),
    `common ${said(() => commonShards(scenario, w8))}`,
    said(() => tasks(scenario)),
    JSON.stringify(guessFocus(scenario)),
  ].join('; ');
}

function tasks(scenario: Scenario): string {
  const cut: Shard[] = planTasks(scenario, planShards(scenario), 7, 1_000);
  binFirstShards(scenario, cut);
  const [first] = cut;
  const last = cut[cut.length - 1];
  const shares = [0, 5, 100_000].map((count) => short(taskShare(first, count, 20 * count)));
  return `${JSON.stringify(first)} ${JSON.stringify(last)} ${shares.join(' ')}`;
}

function settled(scenario: Scenario, isToPrecision: boolean, shards: number | null): string {
  const settling = settlingTime(scenario);
  return said(() => {
    const options = { seed: 1, shards, warmup: 'settle' as const, isToPrecision };
    const debugKernel = (): never => shippedKernel('debug') as never;
    const plan = planRun(scenario, { ...options, debugKernel }, settling);
    const drift = shards === 5 ? 'the DPC latency under vista' : null;
    const { sentence, state } = judgeSettling(scenario, plan, settling, drift);
    return `${plan.shards.length} ${JSON.stringify(plan.warmup)} ${state}: ${sentence}`;
  });
}
