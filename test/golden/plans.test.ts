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
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
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

/** A scenario of one to four sources, whose times and kinds lie at the edges of what is planned. */
function drawScenario(pick: Pick): Scenario {
  const processors = pick.of(1, 2, 5, 62);
  const sources = Array.from({ length: pick.of(1, 1, 2, 3, 5) }, (_, i) =>
    pick.of(0, 0, 0, 1) === 1 ? timer(`t${i}`, pick) : device(`d${i}`, pick, processors),
  );
  const interrupts = pick.of(1, 1_999, 4_000, 50_000, 1e9, 3e10);
  const isTimed = sources.every((source) => 'timer' in source);
  const time = pick.of('1us', '10ms', '1s', '20s', '1000000s');
  return resolveScenario({
    name: 'drawn',
    machine: {
      processors,
      tick: pick.of('1ms', '15.625ms'),
      dynamicTick: pick.flip(),
      threadedDpcs: pick.flip(),
      tunables: { maximumDpcQueueDepth: pick.of(1, 2, 4), adjustDpcThreshold: pick.of(1, 20) },
      background: pick.of<object>([], background(pick), background(pick)),
    },
    sources,
    policies: pick.of(['vista'], ['pre-vista', 'vista'], ['nt52', 'msdn'], ['vista', own(pick)]),
    until: isTimed ? { time } : pick.of<object>({ interrupts }, { time }, { interrupts, time }),
  });
}

function own(pick: Pick): object {
  return {
    name: 'own',
    extends: 'vista',
    ...pick.of<object>(
      {},
      { insert: { high: 'tail' } },
      { insert: { low: 'head' } },
      { current: { medium: 'over' } },
      { other: { high: 'never', low: 'idle' } },
      { adaptive: false },
      { depth: 'exceeds' },
      { tickRescue: false },
    ),
  };
}

function background(pick: Pick): object {
  const times = { busy: duration(pick), idle: duration(pick), passive: duration(pick) };
  return { ...times, dispatch: pick.of<unknown>(0, '1us', duration(pick)) };
}

function timer(name: string, pick: Pick): object {
  const due = pick.of<object>({}, { due: '1s' });
  return { name, timer: { period: pick.of('1ms', '1s'), ...due }, service: duration(pick) };
}

function device(name: string, pick: Pick, processors: number): object {
  const some = [0, processors - 1].slice(0, processors);
  const dpc = {
    service: duration(pick),
    perItem: pick.of<unknown>(0, '100ns'),
    importance: pick.of('low', 'medium', 'mediumHigh', 'high'),
    target: pick.of<unknown>('current', 'current', 'round-robin', 0, processors - 1),
    threaded: pick.of(true, false, false),
  };
  return {
    name,
    irql: 5,
    isr: duration(pick),
    processor: pick.of<unknown>(0, [...new Set(some)]),
    arrivals: arrivals(pick),
    ...pick.of<object>({ dpc }, { dpc }, { dpc }, {}),
  };
}

function arrivals(pick: Pick): object {
  const start = pick.of<unknown>(0, '3ms');
  const rate = pick.of('50/s', '10k/s', '1M/s');
  return pick.of<object>(
    { poisson: { rate, start } },
    { poisson: rate },
    { periodic: { rate, start, jitter: pick.of<unknown>(0, { uniform: [0, '1s'] }, '1us') } },
    { periodic: { period: '10us', jitter: { uniform: [pick.of(0, 1), '10us'] } } },
    { bursts: { on: duration(pick), off: duration(pick), rate, start } },
    { renewal: { gap: duration(pick), start } },
    { at: pick.of<number[]>([], [0, 5, 90_000]) },
  );
}

function duration(pick: Pick): unknown {
  return pick.of<unknown>(
    '1us',
    '400us',
    { exponential: '20us' },
    { uniform: ['1us', '9us'] },
    { lognormal: { mean: '4us', p99: pick.of('20us', '4us') } },
    { pareto: { shape: pick.of(1, 1.5, 2, 3), min: '1us', max: '1ms' } },
    {
      mixture: [
        { weight: 3, of: '1us' },
        { weight: 1, of: { exponential: '1ms' } },
      ],
    },
    { histogram: { edges: [0, '10us', '20us'], weights: [1, 3] } },
  );
}
