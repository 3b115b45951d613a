import { describe, expect, it } from 'vitest';
import { formatLoadCheck } from '../../src/export/load-table.js';
import { run } from '../../src/index.js';
import { loadOf } from '../../src/recording/dpcisr-load.js';
import type { DpcIsrReport } from '../../src/recording/dpcisr-report.js';
import { dpcIsrScenario } from '../../src/recording/dpcisr-scenario.js';
import { chanceByProcessor } from '../../src/recording/dpcisr-until.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { LoadCheck, TimePair } from '../../src/stats/load-check.js';

/** Poisson arrivals of DPCs on CPU 0; on CPU 1 fewer, which come once a period. */
const REPORT: DpcIsrReport = {
  from: 'xperf',
  spanUs: 10_000_000,
  processors: 2,
  dpc: [
    {
      name: 'often.sys',
      usec: [100_000, 0],
      buckets: [
        { fromUs: 4, toUs: 8, count: 3000 },
        { fromUs: 64, toUs: 128, count: 1000 },
      ],
      line: 1,
    },
    {
      name: 'seldom.sys',
      usec: [0, 9000],
      buckets: [
        { fromUs: 4, toUs: 8, count: 300 },
        { fromUs: 32, toUs: 64, count: 150 },
      ],
      line: 1,
    },
  ],
  isr: [],
  doubts: [],
  measured: [],
};

describe('chance in the times of a simulated report', () => {
  it('is what they differ by from seed to seed', async () => {
    const yaml = dpcIsrScenario(REPORT, 'r.txt', 'r', null);
    const scenario = parseScenario(yaml, 'r.yaml');
    const seconds = 10;
    const short = { ...scenario, until: { timeNs: seconds * 1e9, interrupts: null } };
    const one = { ...short, policies: short.policies.slice(0, 1) };
    const times: number[][] = [[], []];
    for (let seed = 1; seed <= 40; seed++) {
      const { results } = await run(one, { seed, workers: 1, warmup: 'none' });
      results[0].processors.forEach(({ execution }, i) => times[i].push(execution!.dpc.totalNs));
    }
    const chance = chanceByProcessor(loadOf(REPORT, 'r.txt'), 2, 'dpc', seconds);
    times.forEach((of, i) => {
      const mean = of.reduce((sum, ns) => sum + ns, 0) / of.length;
      const variance = of.reduce((sum, ns) => sum + (ns - mean) ** 2, 0) / (of.length - 1);
      // 40 of them tell a deviation to 11 %.
      expect(Math.sqrt(variance) / mean / chance[i], `CPU ${i}`).toBeGreaterThan(0.7);
      expect(Math.sqrt(variance) / mean / chance[i], `CPU ${i}`).toBeLessThan(1.3);
    });
  });

  const verdict = (dpc: Partial<TimePair>): string => {
    const near: TimePair = { reportedNs: 1e9, simulatedNs: 1.01e9, chance: 0.004 };
    const check: LoadCheck = {
      policy: 'vista',
      seed: 1,
      spanNs: 10e9,
      measuredNs: 100e9,
      processors: [{ dpc: { ...near, ...dpc }, isr: near }],
    };
    return formatLoadCheck(check).split('\n').slice(5).join(' ').trim();
  };

  it('is told beside what lies beyond the limit, with the run that it takes', () => {
    expect(verdict({})).toBe('All within 3 %: the farthest is +1.0 %, DPCs of CPU 0.');
    expect(verdict({ simulatedNs: 1.035e9, chance: 0.0102 })).toBe(
      'Beyond 3 %: DPCs of CPU 0 (+3.5 %; chance: ± 2.0 %). Chance is how far 95 % of such runs ' +
        'lie from their mean, as few routines ran. With ± 1 % it is in a run of 400 s: run the ' +
        'scenario with --time 400s.',
    );
    expect(verdict({ simulatedNs: 0.9e9 })).toMatch(
      /\(-10\.0 %; chance: ± 0\.8 %\).* More than that is the model's: it cannot carry this load/,
    );
  });
});
