import { join } from 'node:path';
import { caseName } from './bench-case.js';
import type { BenchCase } from './bench-case.js';
import { memoryCases, startCase } from './command-line-cases.js';
import { importCase } from './import-case.js';
import { machineCases } from './machine-cases.js';
import type { NativeKernel } from './native-kernel.js';
import { overheadCases, workerCases } from './run-cases.js';
import { standardWorkloads, stressWorkloads } from './scenarios.js';

export interface BenchSize {
  rounds: number;
  /** In a run of a standard workload. */
  interrupts: number;
  /** Inserts, drains, ticks or draws, a run. */
  events: number;
  /** A policy of a run in the pool, where starting workers must not count. */
  poolInterrupts: number;
  /** A policy of the run whose overhead is measured. */
  overheadInterrupts: number;
  importMegabytes: number;
}

export const FULL: BenchSize = {
  rounds: 9,
  interrupts: 2_000_000,
  events: 2_000_000,
  poolInterrupts: 50_000_000,
  overheadInterrupts: 10_000_000,
  importMegabytes: 50,
};
export const QUICK: BenchSize = {
  rounds: 3,
  interrupts: 200_000,
  events: 200_000,
  poolInterrupts: 2_000_000,
  overheadInterrupts: 2_000_000,
  importMegabytes: 8,
};

export interface Choice {
  root: string;
  size: BenchSize;
  native: NativeKernel | null;
  /** Runs of 10 and 100 million interrupts for their memory too. */
  withMemory: boolean;
  /** Only cases whose name matches. */
  only: RegExp;
}

/** The cases of a bench, in the order in which a round runs and the table shows them. */
export function selectCases({ root, size, native, withMemory, only }: Choice): BenchCase[] {
  const folder = join(root, 'build/bench');
  const workloads = [...standardWorkloads(size.interrupts), ...stressWorkloads(size.events)];
  return [
    ...workloads.flatMap((workload) => machineCases(workload, native)),
    ...workerCases(size.poolInterrupts),
    ...overheadCases(size.overheadInterrupts),
    importCase(root, folder, size.importMegabytes),
    startCase(root),
    ...(withMemory ? memoryCases(root, folder) : []),
  ].filter((benchCase) => only.test(caseName(benchCase)));
}
