import { caseName } from './bench-case.js';
import type { Goal } from './bench-case.js';
import type { Measured } from './measure.js';
import { pairedRatios, summarise } from './statistics.js';
import type { Summary } from './statistics.js';

/** A question that two cases answer together. */
export interface Ratio {
  /** `wasm / twin`. */
  name: string;
  /** On what: `w8 vista`. */
  subject: string;
  /** What it should be, or null where there is no aim. */
  goal: Goal | null;
}

export interface RatioFigures extends Ratio {
  figure: Summary;
}

const AT_LEAST_3: Goal = { relation: 'at least', value: 3 };
const AT_LEAST_95_PERCENT: Goal = { relation: 'at least', value: 0.95 };
const SCALING: Goal = { relation: 'at least', value: 1.85 };
const LARGE_MACHINE: Goal = { relation: 'at most', value: 2.5 };

/** Rates of one subject by two variants. */
const OF_VARIANTS: readonly { over: string; under: string; goal: Goal | null }[] = [
  { over: 'wasm', under: 'twin', goal: AT_LEAST_3 },
  { over: 'wasm', under: 'native', goal: AT_LEAST_95_PERCENT },
  { over: 'wasm', under: 'lockstep', goal: null },
  { over: 'census', under: 'wasm', goal: null },
  { over: '2 workers', under: '1 worker', goal: SCALING },
];

/** Every ratio whose two cases were measured, round by round. */
export function measureRatios(measured: readonly Measured[]): RatioFigures[] {
  const byName = new Map(measured.map((entry) => [caseName(entry.benchCase), entry]));
  const ratios: RatioFigures[] = [];
  const add = (ratio: Ratio, over: Measured | undefined, under: Measured | undefined): void => {
    if (over === undefined || under === undefined) return;
    ratios.push({ ...ratio, figure: summarise(pairedRatios(over.values, under.values)) });
  };
  const find = (subject: string, variant: string): Measured | undefined =>
    byName.get(caseName({ subject, variant }));

  for (const { over, under, goal } of OF_VARIANTS) {
    for (const subject of new Set(measured.map(({ benchCase }) => benchCase.subject))) {
      const ratio = { name: `${over} / ${under}`, subject, goal };
      add(ratio, find(subject, over), find(subject, under));
    }
  }
  // The rate of the small machine over that of the large one is the cost the other way round.
  for (const policy of ['pre-vista', 'vista']) {
    const ratio = { name: 'w512 / w8 cost', subject: policy, goal: LARGE_MACHINE };
    add(ratio, find(`w8 ${policy}`, 'wasm'), find(`w512 ${policy}`, 'wasm'));
  }
  return ratios;
}
