import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { formatExplanation } from '../../src/export/explanation.js';
import { FACTS } from '../../src/policy/facts.js';
import { conditionHolds } from '../../src/policy/parse-condition.js';
import { IMPORTANCES } from '../../src/policy/policy.js';
import { findPreset, PRESETS } from '../../src/policy/presets.js';
import { situationsOf, TARGETS } from '../../src/policy/situations.js';
import type { ResultDocument } from '../../src/result/document.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { explain } from '../../src/stats/explain.js';
import { runCli } from './run-cli.js';

const POLICIES = [findPreset('pre-vista')!, findPreset('vista')!];

describe('situations', () => {
  it('hold every state of a target once, with the answer of each policy', () => {
    for (const policies of [POLICIES, PRESETS]) {
      const situations = situationsOf(policies);
      for (const target of TARGETS) {
        for (const importance of IMPORTANCES) {
          const own = situations.filter(
            (each) => each.target === target && each.importances.includes(importance),
          );
          const sets = own.flatMap(({ facts }) => [...facts]);
          expect(new Set(sets).size).toBe(sets.length);
          // Three facts are free; of the others a processor is busy, or idle in one of three ways.
          expect(sets).toHaveLength(8 * 4);
          for (const { asks, facts } of own) {
            const answers = policies.map((policy) =>
              [...facts].map((set) => conditionHolds(policy[target][importance], set)),
            );
            expect(answers.map((all) => [...new Set(all)])).toEqual(asks.map((each) => [each]));
          }
        }
      }
    }
  });

  it('are told in words, in few of them', () => {
    const differing = situationsOf(POLICIES).filter(({ asks }) => asks[0] !== asks[1]);
    expect(differing.map(({ words }) => words)).toEqual([
      'Low or Medium, for another processor that is busy, queue over its depth',
      'MediumHigh, for another processor that is busy, queue over its depth',
      'MediumHigh, for another processor that is idle, queue not over its depth',
      'High, for another processor that is busy',
    ]);
    expect(FACTS).toHaveLength(6);
  });
});

describe('the explanation of the default scenario', () => {
  let document: ResultDocument;
  beforeAll(async () => {
    const scenario = { ...loadScenario('default'), until: { timeNs: null, interrupts: 300_000 } };
    document = await runBenchmark(scenario, { warmup: 'none' }, executeInProcess);
  });

  it('adds up to the counters', () => {
    const { situations } = explain(document);
    document.results.forEach(({ counters }, i) => {
      const sum = (of: 'inserts' | 'ipis' | 'local' | 'suppressed'): number =>
        situations.reduce((total, { figures }) => total + figures[i][of], 0);
      expect(sum('inserts')).toBe(counters.inserts);
      expect(sum('ipis')).toBe(counters.ipis);
      expect(sum('local')).toBe(counters.localRequests);
      expect(sum('suppressed')).toBe(counters.suppressed);
    });
  });

  it('finds the two situations that hold the whole story', () => {
    const { sentences, situations } = explain(document);
    const [first, second] = situations;
    expect(first.words).toBe(
      'MediumHigh, for another processor that is idle, queue not over its depth',
    );
    expect(first.figures.map(({ ipis }) => ipis)).toEqual([0, 6136]);
    expect(second.words).toBe('High, for another processor that is busy');
    expect(second.figures.map(({ ipis }) => ipis)).toEqual([4282, 0]);
    // What the event log gives, computed by hand: some 189 and 4.8 us, some 3.2 and 190 us.
    const p99s = [...first.figures, ...second.figures].map(({ wait }) => wait.p99Ns! / 1000);
    for (const [i, expected] of [189, 4.8, 3.2, 190].entries()) {
      expect(p99s[i] / expected).toBeGreaterThan(0.93);
      expect(p99s[i] / expected).toBeLessThan(1.07);
    }
    const [a, b] = document.results.map(({ counters }) => counters.ipis);
    const parts = [...sentences[0].matchAll(/([+−])([\d,]+) (?:for|in)/g)].map(
      ([, sign, digits]) => Number(digits.replace(/,/g, '')) * (sign === '+' ? 1 : -1),
    );
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(b - a);
    expect(sentences[0]).toContain(`vista sends ${(b - a).toLocaleString('en')} IPIs more`);
  });

  it('fits 80 columns', () => {
    for (const line of formatExplanation(document, explain(document)).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it('is refused for a result that is older than the census', () => {
    const results = document.results.map((result) => ({ ...result, decisions: null }));
    const older = { ...document, results };
    expect(() => explain(older)).toThrow(/counts no decisions of "pre-vista"/);
  });
});

describe('the commands', () => {
  it('explain a scenario, and refuse options for a result', async () => {
    const { code, out } = await runCli(['explain', 'default', '-n', '20k', '-q']);
    expect(code).toBe(0);
    expect(out).toContain('Where the policies decide differently');
  });

  it('show without a run where policies differ', async () => {
    const { code, out } = await runCli(['policies', '--diff', 'pre-vista', 'vista']);
    expect(code).toBe(0);
    expect(out).toContain('High, for another processor that is busy\n  pre-vista           asks');
    expect((await runCli(['policies', 'nt52', '--diff', 'nt52'])).code).toBe(2);
    expect((await runCli(['policies', '--diff', 'vista'])).code).toBe(2);
  });
});
