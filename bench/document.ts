import { shortHash } from './agreement.js';
import type { Goal, Unit } from './bench-case.js';
import type { Measured } from './measure.js';
import type { RatioFigures } from './ratios.js';
import { measureRatios } from './ratios.js';
import { summarise } from './statistics.js';
import type { Summary } from './statistics.js';

export const BENCH_SCHEMA = 'dpcbench-bench/1';

/** Everything that one bench says: what is printed, drawn, and recorded as a line of history. */
export interface BenchDocument {
  schema: typeof BENCH_SCHEMA;
  /** Full hash, or "" outside of a repository. */
  commit: string;
  /** Were there changes that the commit does not have? */
  isModified: boolean;
  /** When it was measured, ISO 8601 in UTC. */
  at: string;
  machine: { cpu: string; processors: number; memoryBytes: number; system: string };
  /** Versions of node, V8, this package and its compilers; gcc "" without a native bound. */
  versions: Record<string, string>;
  /** SHA-256 of the shipped kernel. */
  kernelHash: string;
  settings: { rounds: number; interrupts: number; quick: boolean };
  cases: CaseFigures[];
  ratios: RatioFigures[];
}

export interface CaseFigures {
  subject: string;
  variant: string;
  unit: Unit;
  figure: Summary;
  goal?: Goal;
  /** The first digits. */
  hash: string;
}

export function buildDocument(
  measured: readonly Measured[],
  about: Omit<BenchDocument, 'schema' | 'cases' | 'ratios'>,
): BenchDocument {
  return {
    schema: BENCH_SCHEMA,
    ...about,
    cases: measured.map(({ benchCase: { subject, variant, unit, goal }, values, hashes }) => ({
      subject,
      variant,
      unit,
      figure: summarise(values),
      ...(goal === undefined ? {} : { goal }),
      hash: [...hashes].map(shortHash).join('/'),
    })),
    ratios: measureRatios(measured),
  };
}
