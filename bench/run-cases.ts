import { availableParallelism } from 'node:os';
import { ShardSeries } from '../src/kernel/shard-series.js';
import { executeInPool } from '../src/run/pool.js';
import { runBenchmark } from '../src/run/run-benchmark.js';
import type { Execute } from '../src/run/tasks.js';
import { resolveScenario } from '../src/scenario/parse.js';
import type { Scenario } from '../src/scenario/scenario.js';
import { standardWorkload } from '../src/scenario/workloads.js';
import type { ResultDocument } from '../src/stats/result.js';
import type { ShardLine } from '../src/stats/shard-figures.js';
import { perSecond } from './bench-case.js';
import type { BenchCase } from './bench-case.js';
import { hashDocument } from './hash-document.js';
import { SEED } from './machine-cases.js';

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
          document = await runBenchmark(scenario, { seed: SEED, workers }, executeInPool);
        },
        finish: (ms) => ({
          value: perSecond(document.meta.interrupts, ms),
          hash: hashDocument(document),
        }),
      };
    },
  }));
}

/** What a run costs beyond the kernel's own time: packing, instances, merging, figures. */
export function overheadCase(interrupts: number): BenchCase {
  const scenario = workload(interrupts);
  return {
    subject: 'w8 harness',
    variant: 'overhead',
    unit: '% of the run',
    resultKey: `w8 result ${interrupts}`,
    prepare() {
      let document: ResultDocument;
      let kernelMs = 0;
      const execute: Execute = async (_, tasks, _onOutcome, { onPart }) => {
        for (let policyIndex = 0; policyIndex < scenario.policies.length; policyIndex++) {
          const series = new ShardSeries(scenario, policyIndex);
          const lines: ShardLine[] = [];
          for (const task of tasks.filter((each) => each.policyIndex === policyIndex)) {
            const shard = series.prepare(task);
            const startMs = performance.now();
            shard.run();
            kernelMs += performance.now() - startMs;
            const { counters, latency } = shard.add();
            lines.push({ shardIndex: task.shardIndex, counters, latency });
          }
          onPart?.({ policyIndex, lines, sum: series.finish().state });
        }
      };
      return {
        async run() {
          document = await runBenchmark(scenario, { seed: SEED, workers: 1 }, execute);
        },
        finish: (ms) => ({ value: (1 - kernelMs / ms) * 100, hash: hashDocument(document) }),
      };
    },
  };
}
