import type { ShardOutcome } from '../src/result/outcome.js';
import { prepareShard } from '../src/kernel/simulate.js';
import type { ShardRequest } from '../src/kernel/simulate.js';
import { shippedKernel } from '../src/disk/shipped-kernel.js';
import { SpareMemory } from '../src/kernel/spare-memory.js';
import { perSecond } from './bench-case.js';
import type { BenchCase, FigureOf, RunFigure, TimedRun } from './bench-case.js';
import { fingerprint } from './fingerprint.js';
import type { NativeKernel } from './native-kernel.js';
import type { Workload } from './scenarios.js';
import { seededDraws } from '../test/model/seeded-draws.js';
import { runTwin } from '../test/model/twin.js';

export const SEED = 1;

/**
 * One workload by every simulator of the machine: the kernel as it ships, the kernel one event at a
 * time, the twin in TypeScript, and the kernel as native code where that could be built. On `w8`
 * also the kernel that counts decisions, which the others leave out as a run in a terminal does.
 * Setting up and reading the result are not timed; for the twin, which does not tell them apart,
 * they are.
 */
export function machineCases(workload: Workload, native: NativeKernel | null): BenchCase[] {
  const { name: subject, unit } = workload;
  const request: ShardRequest = {
    scenario: workload.scenario,
    policyIndex: workload.policyIndex,
    seed: SEED,
    shardIndex: 0,
    untilTimeNs: workload.untilTimeNs,
    untilInterrupts: workload.untilInterrupts,
    warmupNs: 0,
  };
  const figure = (outcome: ShardOutcome, ms: number): RunFigure => ({
    value: perSecond(workload.workOf(outcome), ms),
    hash: fingerprint({ ...outcome, census: null }),
  });
  const common = { subject, unit, resultKey: subject };
  const cases: BenchCase[] = [
    { ...common, variant: 'wasm', prepare: () => kernelRun(request, {}, figure) },
    {
      ...common,
      variant: 'lockstep',
      prepare: () => kernelRun(request, { lockstep: true }, figure),
    },
    { ...common, variant: 'twin', prepare: () => twinRun(request, figure) },
  ];
  if (subject.startsWith('w8 ')) {
    const prepare = (): TimedRun => kernelRun(request, { census: true }, figure);
    cases.push({ ...common, variant: 'census', prepare });
  }
  if (native === null) return cases;
  return [...cases, { ...common, variant: 'native', prepare: () => native.open(request, figure) }];
}

/**
 * The shard runs once before, untimed: the next one of the same scenario gets its memory, as in a
 * run of many shards. Otherwise the first touch of every page, by the operating system, would be
 * timed too.
 */
function kernelRun(
  request: ShardRequest,
  { census = false, lockstep }: { census?: boolean; lockstep?: boolean },
  figure: FigureOf,
): TimedRun {
  const options = { kernel: shippedKernel(), census, lockstep, spare: new SpareMemory() };
  const before = prepareShard(request, options);
  before.run();
  before.outcome();
  const shard = prepareShard(request, options);
  return { run: () => shard.run(), finish: (ms) => figure(shard.outcome(), ms) };
}

function twinRun(request: ShardRequest, figure: FigureOf): TimedRun {
  const { scenario, policyIndex, seed, shardIndex, untilTimeNs, untilInterrupts } = request;
  const draws = seededDraws(scenario, seed, shardIndex);
  let outcome: ShardOutcome;
  return {
    run() {
      outcome = runTwin(scenario, policyIndex, { draws, untilTimeNs, untilInterrupts });
    },
    finish: (ms) => figure(outcome, ms),
  };
}
