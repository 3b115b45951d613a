import fc from 'fast-check';
import { IMPORTANCES } from '../../src/policy/policy.js';
import { PALETTES, type Palette, type PaletteName } from './time-palettes.js';

/**
 * Random scenarios in the written core form that reach the corners of the rules: costs of nothing,
 * things due at one instant, short FIFOs, odd policies. They are small, so that a difference
 * between two models can be read; fast-check shrinks what it finds.
 *
 * A new setting of the machine goes into one record below, with its default among the values; one
 * that may not stand in each kind of scenario asks the palette.
 */
export type WrittenScenario = Record<string, unknown>;

type Json = unknown;
type Dice = fc.Arbitrary<Json>;

export interface ScenarioKind {
  /** Distributions where durations stand and arrivals by rate; otherwise everything is constant. */
  isDrawn: boolean;
  palette?: PaletteName;
}

/** What the dice of a scenario depend on. */
interface Table extends Palette {
  processors: number;
  isDrawn: boolean;
}

const SHORT_TICK = 10_000;

export function randomScenario({
  isDrawn,
  palette = 'corners',
}: ScenarioKind): fc.Arbitrary<WrittenScenario> {
  const chosen = PALETTES[palette];
  return fc.integer({ min: chosen.meets ? 2 : 1, max: 5 }).chain((processors) => {
    const table = { ...chosen, processors, isDrawn };
    return fc
      .record<Record<string, Json>>({
        name: fc.constant('random'),
        machine: machine(table),
        sources: sources(table),
        policies: fc.tuple(preset, customPolicy(table)),
        until: table.until,
      })
      .map((scenario) => withEnd(scenario as unknown as Parts));
  });
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

function machine(table: Table): Dice {
  const rare = fc.record(
    { threadedDpcs: fc.constantFrom(true, true, false), watchdog: watchdog(table) },
    { requiredKeys: [] },
  );
  const common = fc.record({
    processors: fc.constant(table.processors),
    tick: fc.constantFrom(...table.ticks),
    tickSkew: fc.constantFrom(...table.tickSkews),
    dynamicTick: fc.boolean(),
    poll: fc.constantFrom(...table.polls),
    ipi: fc.constantFrom('dispatch', 'ipi-level'),
    costs: fc.record(
      Object.fromEntries(
        Object.entries(table.costs).map(([name, values]) => [name, fc.constantFrom(...values)]),
      ),
    ),
    tunables: fc.record({
      maximumDpcQueueDepth: fc.integer({ min: 1, max: 4 }),
      minimumDpcRate: fc.constantFrom(0, 1, 3, 10),
      idealDpcRate: fc.constantFrom(0, 1, 20),
      adjustDpcThreshold: fc.constantFrom(1, 2, 3, 20),
    }),
    background: backgrounds(table),
  });
  return fc.tuple(common, rare).map(([always, sometimes]) => ({ ...always, ...sometimes }));
}

/** A timeout that ends the run ends it for all processors: they cannot run ahead (R23). */
function watchdog(table: Table): Dice {
  return fc.record(
    {
      routine: fc.constantFrom(...table.watchdogs),
      dispatch: fc.constantFrom(...table.watchdogs),
      action: table.meets ? fc.constant('count') : fc.constantFrom('count', 'count', 'stop'),
    },
    { requiredKeys: [] },
  );
}

/** With a time, a count, or both (R24). */
function moderation(table: Table): Dice {
  const heldTime = fc.constantFrom(...table.moderations);
  const count = fc.constantFrom(1, 2, 3, 8);
  return fc.oneof(
    fc.record({ time: heldTime }),
    fc.record({ count }),
    fc.record({ time: heldTime, count }),
  );
}

function backgrounds(table: Table): Dice {
  const { background: times, processors } = table;
  const background = fc.record({
    busy: time(table, times.busy),
    idle: time(table, times.idle),
    passive: time(table, times.passive),
    dispatch: time(table, times.dispatch),
  });
  const endless = fc.record({
    busy: fc.constantFrom(...table.endless),
    idle: fc.constant(0),
    passive: fc.constantFrom(0, 5_000),
    dispatch: fc.constantFrom(0, 2_000),
  });
  const one = fc.oneof({ weight: 3, arbitrary: background }, { weight: 1, arbitrary: endless });
  const each = fc.array(one, { minLength: processors, maxLength: processors });
  return fc.oneof(each, fc.tuple(one), fc.constant([]));
}

function sources(table: Table): Dice {
  const source = fc.oneof(
    { weight: 5, arbitrary: device(table) },
    { weight: 1, arbitrary: timer(table) },
  );
  const named = (list: Json[]): Json =>
    list.map((entry, i) => ({ name: `source${i}`, ...(entry as object) }));
  return fc.array(source, { minLength: table.meets ? 2 : 1, maxLength: 6 }).map(named);
}

function timer(table: Table): Dice {
  return fc.record({
    timer: fc.record({
      due: fc.constantFrom(...table.timer.due),
      period: fc.constantFrom(...table.timer.period),
    }),
    processor: fc.nat(table.processors - 1),
    service: time(table, table.works),
  });
}

function device(table: Table): Dice {
  const processor = fc.nat(table.processors - 1);
  const several = fc.array(processor, { minLength: 1, maxLength: 5 });
  const isr = time(table, table.works);
  const meeting = table.meets ? ['dpc' as const] : [];
  return fc
    .record(
      {
        irql: fc.integer({ min: 3, max: 12 }),
        processor: fc.oneof(processor, several),
        isr,
        fifo: fc.constantFrom(1, 2, 5, 20, 1_024),
        arrivals: table.isDrawn ? fc.oneof(table.listed, drawnArrivals) : table.listed,
        dpc: dpc(table),
        moderation: moderation(table),
      },
      { requiredKeys: ['irql', 'processor', 'isr', 'fifo', 'arrivals', ...meeting] },
    )
    .map((written) => (table.meets ? withOwnObjects(written as WrittenDevice) : written));
}

interface WrittenDevice {
  processor: number | number[];
  dpc?: { objects: string };
}

/** Processors that share an object or an ISR's items cannot run ahead. */
function withOwnObjects(written: WrittenDevice): WrittenDevice {
  const { processor, dpc } = written;
  if (dpc !== undefined) return { ...written, dpc: { ...dpc, objects: 'per-processor' } };
  return { ...written, processor: [processor].flat()[0] };
}

function dpc(table: Table): Dice {
  const fixed = fc.nat(table.processors - 1);
  return fc.record({
    importance: fc.constantFrom(...IMPORTANCES),
    target: table.meets ? fixed : fc.oneof(fc.constantFrom('current', 'round-robin'), fixed),
    objects: fc.constantFrom('one', 'per-processor'),
    service: time(table, table.works),
    perItem: time(table, table.perItems),
    budget: fc.constantFrom(0, 0, 1, 2, 3),
    threaded: fc.boolean(),
  });
}

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

/** One of the times, or a distribution about it. */
function time({ isDrawn }: Table, values: readonly number[]): Dice {
  return fc.constantFrom(...values).chain((ns) => drawn(ns, isDrawn));
}

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
    {
      mixture: [
        { weight: 3, of: low },
        { weight: 1, of: { exponential: 2 * ns } },
      ],
    },
    { histogram: { edges: [low, ns, 3 * ns], weights: [2, 1] } },
  );
}

const preset: Dice = fc.constantFrom(
  'pre-vista',
  'vista',
  'nt4-table',
  'nt52',
  'msdn',
  'windows-internals',
);

const CONDITIONS = [
  'always',
  'never',
  'over',
  'slow',
  'rare',
  'idle',
  'polling',
  'deep',
  'not polling',
  'over or slow',
  'over and idle',
  'idle and not polling',
  'not (over or idle)',
  'deep or over',
  'not deep and (rare or slow)',
];

const conditions: Dice = byImportance(CONDITIONS);

function byImportance(values: readonly string[]): Dice {
  const value = fc.constantFrom(...values);
  return fc.record(
    { low: value, medium: value, mediumHigh: value, high: value },
    {
      requiredKeys: [],
    },
  );
}

const customPolicy = (table: Table): Dice =>
  fc.record({
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
    drainTime: fc.constantFrom(...table.drains),
  });
