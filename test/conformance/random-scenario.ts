import fc from 'fast-check';
import { IMPORTANCES } from '../../src/policy/policy.js';

/**
 * Random scenarios in the written core form that reach the corners of the rules: costs of nothing,
 * things due at one instant, short FIFOs, odd policies. They are small, so that a difference
 * between two models can be read; fast-check shrinks what it finds.
 */
export type WrittenScenario = Record<string, unknown>;

export interface ScenarioKind {
  /** Distributions where durations stand and arrivals by rate; otherwise everything is constant. */
  isDrawn: boolean;
}

type Json = unknown;
type Dice = fc.Arbitrary<Json>;

/** Round ones coincide, odd ones never do, and nothing is the best corner of all. */
const cost = (...values: number[]): Dice => fc.constantFrom(0, ...values);
const workTime: Dice = cost(0, 1, 500, 1_000, 2_000, 6_007, 20_000, 80_021);
/** From one arrival to the next; 0 and the costs make arrivals coincide, and with ends. */
const GAPS = [0, 0, 1, 97, 100, 500, 700, 800, 1_000, 2_500, 2_501, 9_000, 50_000, 100_000];

const SHORT_TICK = 10_000;

export function randomScenario({ isDrawn }: ScenarioKind): fc.Arbitrary<WrittenScenario> {
  return fc.integer({ min: 1, max: 5 }).chain((processors) =>
    fc.record<Record<string, Json>>({
      name: fc.constant('random'),
      machine: machine(processors, isDrawn),
      sources: sources(processors, isDrawn),
      policies: fc.tuple(preset, customPolicy),
      until,
    }).map((scenario) => withEnd(scenario as unknown as Parts)));
}

interface Parts {
  machine: { tick: number };
  sources: object[];
  until: { time?: number; interrupts?: number };
}

/**
 * A run that waits in vain does so for a thousand ticks: they are made short, or its log gets long.
 * Timers alone bring no interrupts to count.
 */
function withEnd(parts: Parts): WrittenScenario {
  const { machine, sources, until } = parts;
  if (until.time !== undefined) return { ...parts };
  if (sources.every((source) => 'timer' in source)) return { ...parts, until: { time: 300_000 } };
  return { ...parts, machine: { ...machine, tick: Math.min(machine.tick, SHORT_TICK) } };
}

/** By time, by number of interrupts, or both; more interrupts than there are, now and then. */
const until: Dice = fc.oneof(
  { weight: 3, arbitrary: fc.record({ time: fc.integer({ min: 1, max: 1_200_000 }) }) },
  { weight: 2, arbitrary: fc.record({ interrupts: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      time: fc.integer({ min: 50_000, max: 1_200_000 }),
      interrupts: fc.integer({ min: 1, max: 60 }),
    }),
  },
);

function machine(processors: number, isDrawn: boolean): Dice {
  return fc.record({
    processors: fc.constant(processors),
    tick: fc.constantFrom(10_000, 50_000, 50_000, 100_000, 1_000_000),
    tickSkew: fc.constantFrom(0, 0, 5_003, 10_000),
    dynamicTick: fc.boolean(),
    poll: fc.constantFrom(0, 0, 1, 1_500, 20_000, 1_000_000),
    ipi: fc.constantFrom('dispatch', 'ipi-level'),
    costs: fc.record({
      interrupt: cost(500, 701),
      clock: cost(1_000, 1_313),
      dispatch: cost(500, 811),
      dequeue: cost(97, 100),
      ipiSend: cost(200, 211),
      ipiFlight: cost(1, 800, 2_503, 60_000),
      ipiHandler: cost(449, 500),
      haltExit: cost(2_000, 2_003, 90_007),
    }),
    tunables: fc.record({
      maximumDpcQueueDepth: fc.integer({ min: 1, max: 4 }),
      minimumDpcRate: fc.constantFrom(0, 1, 3, 10),
      idealDpcRate: fc.constantFrom(0, 1, 20),
      adjustDpcThreshold: fc.constantFrom(1, 2, 3, 20),
    }),
    background: backgrounds(processors, isDrawn),
  });
}

function backgrounds(processors: number, isDrawn: boolean): Dice {
  const background = fc.record({
    busy: fc.constantFrom(0, 1, 20_011, 30_000, 1_000_000_000).chain((ns) => drawn(ns, isDrawn)),
    // With `busy: 1` an `idle` of 0 would make a thread of every nanosecond.
    idle: fc.constantFrom(1_000, 7_003, 30_000, 400_009).chain((ns) => drawn(ns, isDrawn)),
    passive: fc.constantFrom(0, 0, 1_000, 5_003, 30_011).chain((ns) => drawn(ns, isDrawn)),
    dispatch: fc.constantFrom(0, 1_000, 5_003, 25_013).chain((ns) => drawn(ns, isDrawn)),
  });
  const endless = fc.record({
    busy: fc.constantFrom(20_011, 100_000),
    idle: fc.constant(0),
    passive: fc.constantFrom(0, 5_000),
    dispatch: fc.constantFrom(0, 2_000),
  });
  const one = fc.oneof({ weight: 3, arbitrary: background }, { weight: 1, arbitrary: endless });
  const each = fc.array(one, { minLength: processors, maxLength: processors });
  return fc.oneof(each, fc.tuple(one), fc.constant([]));
}

function sources(processors: number, isDrawn: boolean): Dice {
  const source = fc.oneof(
    { weight: 5, arbitrary: device(processors, isDrawn) },
    { weight: 1, arbitrary: timer(processors, isDrawn) },
  );
  const named = (list: Json[]): Json =>
    list.map((entry, i) => ({ name: `source${i}`, ...(entry as object) }));
  return fc.array(source, { minLength: 1, maxLength: 6 }).map(named);
}

function timer(processors: number, isDrawn: boolean): Dice {
  return fc.record({
    timer: fc.record({
      due: fc.constantFrom(0, 1, 50_000, 50_001, 123_457),
      period: fc.constantFrom(7_001, 30_000, 50_000, 125_000, 333_333),
    }),
    processor: fc.nat(processors - 1),
    service: workTime.chain((ns) => drawn(ns as number, isDrawn)),
  });
}

function device(processors: number, isDrawn: boolean): Dice {
  const processor = fc.nat(processors - 1);
  return fc.record(
    {
      irql: fc.integer({ min: 3, max: 12 }),
      processor: fc.oneof(processor, fc.array(processor, { minLength: 1, maxLength: 5 })),
      isr: workTime.chain((ns) => drawn(ns as number, isDrawn)),
      fifo: fc.constantFrom(1, 2, 5, 20, 1_024),
      arrivals: isDrawn ? fc.oneof(listedArrivals, drawnArrivals) : listedArrivals,
      dpc: dpc(processors, isDrawn),
    },
    { requiredKeys: ['irql', 'processor', 'isr', 'fifo', 'arrivals'] },
  );
}

function dpc(processors: number, isDrawn: boolean): Dice {
  return fc.record({
    importance: fc.constantFrom(...IMPORTANCES),
    target: fc.oneof(fc.constantFrom('current', 'round-robin'), fc.nat(processors - 1)),
    objects: fc.constantFrom('one', 'per-processor'),
    service: workTime.chain((ns) => drawn(ns as number, isDrawn)),
    perItem: cost(0, 0, 100, 1_000).chain((ns) => drawn(ns as number, isDrawn)),
    budget: fc.constantFrom(0, 0, 1, 2, 3),
  });
}

const listedArrivals: Dice = fc
  .tuple(
    fc.constantFrom(0, 1, 1_000, 50_000, 100_000),
    fc.array(fc.constantFrom(...GAPS), { maxLength: 30 }),
  )
  .map(([start, gaps]) => {
    let at = start;
    return { at: [start, ...gaps.map((gap) => (at += gap))] };
  });

const drawnArrivals: Dice = fc.oneof(
  fc.record({ poisson: fc.constantFrom('5000/s', '20000/s', '100000/s') }),
  fc.record({
    periodic: fc.record({
      period: fc.constantFrom(10_000, 25_000, 62_500),
      start: fc.constantFrom(0, 1, 30_000),
      jitter: fc.constantFrom(0, 3_000, 90_000).chain((ns) => drawn(ns, true)),
    }),
  }),
  fc.record({
    bursts: fc.record({
      on: fc.constantFrom(20_000, 100_000).chain((ns) => drawn(ns, true)),
      off: fc.constantFrom(0, 50_000, 200_000).chain((ns) => drawn(ns, true)),
      gap: fc.constantFrom(1_000, 7_000).chain((ns) => drawn(ns, true)),
      start: fc.constantFrom(0, 40_000),
    }),
  }),
  fc.record({
    renewal: fc.record({ gap: fc.constantFrom(5_000, 50_000).chain((ns) => drawn(ns, true)) }),
  }),
);

/** Some distribution of about this mean; a constant of nothing stays nothing. */
function drawn(ns: number, isDrawn: boolean): Dice {
  if (!isDrawn || ns < 2) return fc.constant(ns);
  const low = Math.floor(ns / 2);
  return fc.constantFrom<Json>(
    ns,
    { uniform: [0, 2 * ns] },
    { exponential: ns },
    { lognormal: { mean: ns, p99: 3 * ns } },
    { pareto: { shape: 1.5, min: low, max: 10 * ns } },
    { mixture: [{ weight: 3, of: low }, { weight: 1, of: { exponential: 2 * ns } }] },
    { histogram: { edges: [low, ns, 3 * ns], weights: [2, 1] } },
  );
}

const preset: Dice = fc.constantFrom(
  'pre-vista', 'vista', 'nt4-table', 'nt52', 'msdn', 'windows-internals',
);

const CONDITIONS = [
  'always', 'never', 'over', 'slow', 'rare', 'idle', 'polling', 'deep', 'not polling',
  'over or slow', 'over and idle', 'idle and not polling', 'not (over or idle)',
  'deep or over', 'not deep and (rare or slow)',
];

const conditions: Dice = byImportance(CONDITIONS);

function byImportance(values: readonly string[]): Dice {
  const value = fc.constantFrom(...values);
  return fc.record({ low: value, medium: value, mediumHigh: value, high: value }, {
    requiredKeys: [],
  });
}

const customPolicy: Dice = fc.record({
  name: fc.constant('custom'),
  extends: preset,
  current: conditions,
  other: conditions,
  insert: byImportance(['head', 'tail']),
  depth: fc.constantFrom('reaches', 'exceeds'),
  suppress: fc.boolean(),
  tickRescue: fc.boolean(),
  adaptive: fc.boolean(),
  drainLimit: fc.constantFrom(0, 0, 1, 2),
});
