import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readResult } from '../../src/export/read-result.js';
import { toJson } from '../../src/export/json.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { distributionFault } from '../../src/scenario/distribution-fault.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Distribution } from '../../src/scenario/scenario.js';
import { randomScenario } from '../conformance/random-scenario.js';

const source = { name: 'nic', irql: 5, isr: 1000, arrivals: { periodic: { period: 1000 } } };
const scenario = resolveScenario({
  name: 'forged',
  sources: [source],
  policies: ['vista'],
  until: { interrupts: 100 },
});

/** None of them can be written in a scenario. */
const FORGED: readonly Distribution[] = [
  { kind: 'uniform', minNs: 2, maxNs: 1 },
  { kind: 'exponential', meanNs: 0 },
  { kind: 'lognormal', meanNs: 0, p99Ns: 0 },
  { kind: 'lognormal', meanNs: 100, p99Ns: 0 },
  { kind: 'lognormal', meanNs: 100, p99Ns: 1_600 },
  { kind: 'pareto', shape: 0, minNs: 1, maxNs: 2 },
  { kind: 'pareto', shape: 1, minNs: 0, maxNs: 2 },
  { kind: 'pareto', shape: 1, minNs: 2, maxNs: 2 },
  { kind: 'histogram', edgesNs: [1, 1], weights: [1] },
  { kind: 'histogram', edgesNs: [1, 2], weights: [0] },
  { kind: 'mixture', parts: [{ weight: 0, of: { kind: 'constant', ns: 1 } }] },
  {
    kind: 'mixture',
    parts: [{ weight: 1, of: { kind: 'exponential', meanNs: 0 } }],
  },
];

type Forge = (of: { isr: unknown; arrivals: unknown }) => void;

async function readForged(forge: Forge): Promise<unknown> {
  const document = await runBenchmark(scenario, { shards: 1 }, executeInProcess);
  const written = JSON.parse(toJson(document)) as { scenario: { sources: [never] } };
  forge(written.scenario.sources[0]);
  return readResult(JSON.stringify(written), 'forged.json');
}

describe('a resolved scenario', () => {
  it('has no distribution that cannot be drawn from, whoever wrote it', async () => {
    await expect(readForged(() => undefined)).resolves.toBeDefined();
    for (const isr of FORGED) {
      const reading = readForged((of) => (of.isr = isr));
      await expect(reading, JSON.stringify(isr)).rejects.toThrow(/scenario\.sources\[0\]\.isr/);
    }
  });

  it('has no arrivals at which time would stand still', async () => {
    const zero: Distribution = { kind: 'constant', ns: 0 };
    for (const arrivals of [
      { kind: 'renewal', startNs: 0, gap: zero },
      { kind: 'periodic', startNs: 0, periodNs: 0, jitter: zero },
      { kind: 'bursts', startNs: 0, on: zero, off: zero, gap: { kind: 'constant', ns: 5 } },
      { kind: 'bursts', startNs: 0, on: { kind: 'constant', ns: 5 }, off: zero, gap: zero },
    ]) {
      const reading = readForged((of) => (of.arrivals = arrivals));
      await expect(reading, JSON.stringify(arrivals)).rejects.toThrow(/arrivals/);
    }
  });

  it('that was written has none of these faults', () => {
    fc.assert(
      fc.property(randomScenario({ isDrawn: true }), (written) => {
        for (const of of resolveScenario(written).sources) {
          if (of.kind === 'device') expect(distributionFault(of.isr)).toBeNull();
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});
