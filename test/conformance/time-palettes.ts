import fc from 'fast-check';

/**
 * `corners`: round times, which coincide, and odd ones, which never do. `crowded`: many arrivals at
 * few instants, at one of which the run ends. `grid`: all times are small multiples of 100 ns and
 * the processors may run ahead of each other, meeting at one instant again and again.
 */
export type PaletteName = keyof typeof PALETTES;

/** Times in ns to choose from. */
export interface Palette {
  works: number[];
  perItems: number[];
  ticks: number[];
  tickSkews: number[];
  polls: number[];
  costs: Record<CostName, number[]>;
  /** Limits of the watchdogs (R23), of held interrupts (R24) and of drains (R13). */
  watchdogs: number[];
  moderations: number[];
  drains: number[];
  /** For a thread that follows the one before at once. */
  endless: number[];
  background: Record<'busy' | 'idle' | 'passive' | 'dispatch', number[]>;
  timer: Record<'due' | 'period', number[]>;
  /** Lists of arrivals. */
  listed: fc.Arbitrary<unknown>;
  until: fc.Arbitrary<unknown>;
  /** Only what lets processors run ahead and makes them meet: see canRunAhead in the kernel. */
  meets: boolean;
}

type CostName =
  | 'interrupt'
  | 'clock'
  | 'dispatch'
  | 'dequeue'
  | 'ipiSend'
  | 'ipiFlight'
  | 'ipiHandler'
  | 'haltExit'
  | 'threadSwitch';

/** From one arrival to the next; 0 and the costs make arrivals coincide, and with ends. */
const GAPS = [0, 0, 1, 97, 100, 500, 700, 800, 1_000, 2_500, 2_501, 9_000, 50_000, 100_000];
const STARTS = [0, 1, 1_000, 50_000, 100_000];

const corners: Palette = {
  works: [0, 0, 1, 500, 1_000, 2_000, 6_007, 20_000, 80_021],
  perItems: [0, 0, 0, 100, 1_000],
  ticks: [10_000, 50_000, 50_000, 100_000, 1_000_000],
  tickSkews: [0, 0, 5_003, 10_000],
  polls: [0, 0, 1, 1_500, 20_000, 1_000_000],
  costs: {
    interrupt: [0, 500, 701],
    clock: [0, 1_000, 1_313],
    dispatch: [0, 500, 811],
    dequeue: [0, 97, 100],
    ipiSend: [0, 200, 211],
    ipiFlight: [0, 1, 800, 2_503, 60_000],
    ipiHandler: [0, 449, 500],
    haltExit: [0, 2_000, 2_003, 90_007],
    threadSwitch: [0, 1_500, 1_511],
  },
  watchdogs: [0, 1, 50_000, 100_000, 250_001],
  moderations: [0, 0, 1, 700, 2_500, 9_007, 60_000],
  drains: [0, 0, 0, 1, 2_000, 6_107, 50_000],
  background: {
    busy: [0, 1, 20_011, 30_000, 1_000_000_000],
    // With `busy: 1` an `idle` of 0 would make a thread of every nanosecond.
    idle: [1_000, 7_003, 30_000, 400_009],
    passive: [0, 0, 1_000, 5_003, 30_011],
    dispatch: [0, 1_000, 5_003, 25_013],
  },
  endless: [20_011, 100_000],
  timer: {
    due: [0, 1, 50_000, 50_001, 123_457],
    period: [7_001, 30_000, 50_000, 125_000, 333_333],
  },
  listed: listOf(STARTS, GAPS, 30),
  /** By time, by number of interrupts, or both; more interrupts than there are, now and then. */
  until: fc.oneof(
    { weight: 3, arbitrary: fc.record({ time: fc.integer({ min: 1, max: 1_200_000 }) }) },
    { weight: 2, arbitrary: fc.record({ interrupts: fc.integer({ min: 1, max: 60 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        time: fc.integer({ min: 50_000, max: 1_200_000 }),
        interrupts: fc.integer({ min: 1, max: 60 }),
      }),
    },
  ),
  meets: false,
};

/** Between the instants with a crowd; a multiple of the costs and of the shortest tick. */
export const CROWD_NS = 10_000;

const crowded: Palette = {
  ...corners,
  ticks: [CROWD_NS, CROWD_NS, 50_000, 1_000_000],
  // 300 are more than the kernel draws ahead for a line.
  listed: fc
    .array(fc.tuple(fc.nat(6), fc.constantFrom(1, 2, 5, 20, 70, 300)), {
      minLength: 1,
      maxLength: 4,
    })
    .map((crowds) => ({
      at: crowds
        .sort(([a], [b]) => a - b)
        .flatMap(([instant, count]) => Array<number>(count).fill(instant * CROWD_NS)),
    })),
  until: fc.oneof(
    { weight: 4, arbitrary: fc.record({ time: fc.nat(7).map((i) => Math.max(i * CROWD_NS, 1)) }) },
    { weight: 1, arbitrary: fc.record({ interrupts: fc.integer({ min: 1, max: 400 }) }) },
  ),
};

const units = (...values: number[]): number[] => values.map((value) => 100 * value);

const grid: Palette = {
  works: units(0, 1, 2, 3, 5, 8),
  perItems: units(0, 0, 1),
  ticks: units(20, 50, 100),
  tickSkews: units(0, 0, 1, 7),
  polls: units(0, 1, 5),
  costs: {
    interrupt: units(1, 2, 3),
    clock: units(1, 2, 5),
    dispatch: units(0, 1, 2),
    dequeue: units(0, 1),
    ipiSend: units(0, 1, 2),
    ipiFlight: units(1, 2, 3, 4, 5, 8),
    ipiHandler: units(0, 1, 2),
    haltExit: units(1, 2, 4),
    threadSwitch: units(0, 1, 2),
  },
  watchdogs: units(0, 20, 100),
  moderations: units(0, 0, 1, 2, 3, 8, 21),
  drains: units(0, 0, 0, 3, 8),
  background: {
    busy: units(0, 20, 100_000),
    idle: units(1, 10, 50),
    passive: units(0, 5),
    dispatch: units(0, 2),
  },
  endless: units(20, 100),
  timer: { due: units(0, 10, 33), period: units(50, 70) },
  listed: listOf(units(0, 1, 2, 3, 4, 5), units(0, 1, 2, 3, 4, 5, 8, 13, 21), 40),
  until: fc.record({ time: fc.integer({ min: 50, max: 600 }).map((count) => 100 * count) }),
  meets: true,
};

export const PALETTES = { corners, crowded, grid };

/** Up to `most` arrivals after the first one. */
function listOf(
  starts: readonly number[],
  gaps: readonly number[],
  most: number,
): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...starts), fc.array(fc.constantFrom(...gaps), { maxLength: most }))
    .map(([start, each]) => {
      let at = start;
      return { at: [start, ...each.map((gap) => (at += gap))] };
    });
}
