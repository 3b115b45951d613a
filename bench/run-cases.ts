import { availableParallelism } from 'node:os';
import type { Kernel } from '../src/kernel/compiled-kernel.js';
import type { WatchKernel } from '../src/kernel/shard-kernel.js';
import { ShardSeries } from '../src/kernel/shard-series.js';
import { SpareMemory } from '../src/kernel/spare-memory.js';
import { executeInPool } from '../src/run/pool.js';
import { runBenchmark } from '../src/run/run-benchmark.js';
import type { Execute } from '../src/run/tasks.js';
import { resolveScenario } from '../src/scenario/parse.js';
import type { Scenario } from '../src/scenario/scenario.js';
import { standardWorkload } from '../src/scenario/workloads.js';
import type { ResultDocument } from '../src/result/document.js';
import { perSecond } from './bench-case.js';
import type { BenchCase, Goal } from './bench-case.js';
import { hashDocument } from './hash-document.js';
import { SEED } from './machine-cases.js';

/** As many machines as a long run has, and no warm-up: speed is that of what is counted. */
const CUT = { seed: SEED, shards: 20, warmup: 'none', census: false } as const;

/** `w8` under both policies, so many interrupts each. */
function workload(interrupts: number): Scenario {
  return resolveScenario({ ...standardWorkload(8), until: { interrupts } });
}

/** The pool that the command line uses, with 1, 2, 4, … workers up to one for each processor. */
export function workerCases(interrupts: number): BenchCase[] {
  const most = availableParallelism();
  const counts = [1, 2, 4, 8, 16, 32, 64].filter((count) => count < most);
  const scenario = workload(interrupts);
  return [...counts, most].map((workers) => ({
    subject: 'w8 pool',
    variant: workers === 1 ? '1 worker' : `${workers} workers`,
    unit: 'interrupts/s',
    resultKey: `w8 result ${interrupts}`,
    prepare() {
      let document: ResultDocument;
      return {
        async run() {
          document = await runBenchmark(scenario, { ...CUT, workers }, executeInPool);
        },
        finish: (ms) => ({
          value: perSecond(document.meta.interrupts, ms),
          hash: hashDocument(document),
        }),
      };
    },
  }));
}

/** What counts as the harness: all that is not the kernel, or all that is not the simulation. */
interface Overhead {
  variant: string;
  policies: 1 | 2;
  /** Does a call of this function of the kernel count as the kernel's own time? */
  isKernel(name: string): boolean;
  goal?: Goal;
}

const ALL_BUT_KERNEL: Overhead = {
  variant: '1 policy',
  policies: 1,
  isKernel: () => true,
  goal: { relation: 'at most', value: 1 },
};
/** Its set-up, and adding shards up, too. */
const ALL_BUT_RUN: Overhead = {
  variant: 'with set-up',
  policies: 1,
  isKernel: (name) => name === 'runShard',
};
const WITH_COMPARISON: Overhead = {
  variant: '2 policies',
  policies: 2,
  isKernel: () => true,
};

/** What a run costs beyond the kernel: the share of TypeScript, from scenario to figures. */
export function overheadCases(interrupts: number): BenchCase[] {
  return [ALL_BUT_KERNEL, ALL_BUT_RUN, WITH_COMPARISON].map((overhead) =>
    overheadCase(interrupts, overhead),
  );
}

function overheadCase(
  interrupts: number,
  { goal, isKernel, policies, variant }: Overhead,
): BenchCase {
  const both = workload(interrupts);
  const scenario = { ...both, policies: both.policies.slice(0, policies) };
  // For all rounds: a process has its memory once, and would not collect that of a run before.
  const spare = new SpareMemory();
  return {
    subject: 'w8 harness',
    variant,
    unit: '% of the run',
    resultKey: policies === 2 ? `w8 result ${interrupts}` : `w8 result ${interrupts}, one policy`,
    ...(goal === undefined ? {} : { goal }),
    prepare() {
      let document: ResultDocument;
      let kernelMs = 0;
      const watch: WatchKernel = (kernel) =>
        timed(kernel, (name, ms) => {
          if (isKernel(name)) kernelMs += ms;
        });
      const execute: Execute = async (_, shards, onSum, { census, kernel }) => {
        for (let policyIndex = 0; policyIndex < policies; policyIndex++) {
          const series = new ShardSeries(scenario, policyIndex, {
            census,
            kernel,
            spare,
            watch,
          });
          shards
            .filter((shard) => shard.policyIndex === policyIndex)
            .forEach((shard) => series.simulate(shard));
          onSum(series.finish().state);
        }
      };
      return {
        async run() {
          document = await runBenchmark(scenario, { ...CUT, workers: 1 }, execute);
        },
        finish: (ms) => ({ value: (1 - kernelMs / ms) * 100, hash: hashDocument(document) }),
      };
    },
  };
}

function timed(kernel: Kernel, onCall: (name: string, ms: number) => void): Kernel {
  const entries = Object.entries(kernel).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function') return [name, member];
    const call = (...args: unknown[]): unknown => {
      const startMs = performance.now();
      const answer: unknown = member(...args);
      onCall(name, performance.now() - startMs);
      return answer;
    };
    return [name, call];
  });
  return Object.fromEntries(entries) as Kernel;
}
