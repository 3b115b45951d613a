import { describe, expect, it } from 'vitest';
import { disagreements } from '../../bench/agreement.js';
import { machineCases } from '../../bench/machine-cases.js';
import { measureRounds } from '../../bench/measure.js';
import { overheadCases, workerCases } from '../../bench/run-cases.js';
import { standardWorkloads, stressWorkloads } from '../../bench/scenarios.js';
import type { Workload } from '../../bench/scenarios.js';
import { simulateShard } from '../simulate.js';
import type { Counters } from '../../src/result/outcome.js';

const EVENTS = 4_000;

function countersOf(workload: Workload): { counters: Counters; work: number } {
  const outcome = simulateShard({ ...workload, seed: 1, shardIndex: 0, warmupNs: 0 });
  return { counters: outcome.machine.counters, work: workload.workOf(outcome) };
}

function stress(name: string): { counters: Counters; work: number } {
  const workload = stressWorkloads(EVENTS).find((one) => one.name === name);
  if (workload === undefined) throw new Error(`no stress workload is named ${name}`);
  return countersOf(workload);
}

describe('the workloads', () => {
  it('are the four standard ones under both policies', () => {
    expect(standardWorkloads(1).map(({ name }) => name)).toEqual(
      ['w1', 'w8', 'w64', 'w512'].flatMap((name) => [`${name} pre-vista`, `${name} vista`]),
    );
  });

  it('insert little else than objects that are queued already', () => {
    const { counters, work } = stress('inserts');
    expect(work).toBe(EVENTS);
    expect(counters.coalesced / work).toBeGreaterThan(0.95);
  });

  it('drain many DPCs at a time', () => {
    const { counters, work } = stress('drains');
    expect(work).toBe(EVENTS);
    expect(work / (counters.dispatchDrains + counters.idleDrains)).toBeGreaterThan(15);
  });

  it('tick with hardly an interrupt in between', () => {
    const { counters, work } = stress('ticks');
    expect(work).toBeGreaterThan(EVENTS - 5);
    expect(counters.arrivals).toBeLessThan(work / 1_000);
  });

  it('draw without queueing anything', () => {
    const { counters, work } = stress('draws');
    expect(work).toBe(EVENTS);
    expect(counters.inserts).toBe(0);
  });
});

describe('the cases', () => {
  it('of a workload come to the same result by kernel, lockstep and twin', async () => {
    const workloads = [...standardWorkloads(2_000), ...stressWorkloads(2_000)];
    const cases = workloads.flatMap((workload) => machineCases(workload, null));
    const measured = await measureRounds(cases, { rounds: 1 });
    // Two workloads are measured with their decisions counted as well.
    expect(measured).toHaveLength(3 * workloads.length + 2);
    expect(measured.every(({ values: [value] }) => value > 0)).toBe(true);
    expect(disagreements(measured)).toEqual([]);
  });

  it('of the pool come to the same document with any number of workers and with none', async () => {
    const cases = [...workerCases(20_000), overheadCases(20_000).at(-1)!];
    const measured = await measureRounds(cases, { rounds: 1 });
    expect(new Set(measured.flatMap(({ hashes }) => [...hashes])).size).toBe(1);
    expect(disagreements(measured)).toEqual([]);
  });
});
