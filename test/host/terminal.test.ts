import { describe, expect, it } from 'vitest';
import { formatTerminal } from '../../src/export/terminal.js';
import { wrap } from '../../src/export/wrap.js';
import { PRESET_NAMES } from '../../src/policy/presets.js';
import { selectPolicies } from '../../src/policy/select-policies.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { guidelineBreaches } from '../../src/stats/guidelines.js';
import type { ResultDocument } from '../../src/result/document.js';
import { verdict } from '../../src/stats/verdict.js';

function simulate(
  scenario: Scenario,
  policies: readonly string[],
  interrupts: number,
): Promise<ResultDocument> {
  const changed: Scenario = {
    ...scenario,
    policies: selectPolicies(scenario, policies),
    until: { timeNs: null, interrupts },
  };
  return runBenchmark(changed, {}, executeInProcess);
}

const all = await simulate(loadScenario('w8'), PRESET_NAMES, 100_000);

/** The document with figures of the first policy put into the second. */
function alike(document: ResultDocument): ResultDocument {
  const [first, second] = document.results;
  return { ...document, answer: null, results: [first, { ...first, policy: second.policy }] };
}

describe('formatTerminal', () => {
  it('fits 80 columns with every policy that ships', () => {
    const text = formatTerminal(all, { colours: false });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const name of PRESET_NAMES) expect(text).toContain(`\n${name} `);
  });

  it('fits 80 columns whatever the size of the numbers', () => {
    for (const scale of [0, 1, 1e3, 1e6, 1e9]) {
      const results = all.results.map((result, i) => {
        // Up to the longest run that a scenario may ask for, 10^15 ns.
        const grown = Math.min(1e15, Math.round(1.2345678 * scale * (i + 1) ** 4));
        const count = grown;
        const latency = { ...result.latency.dpcWait, p50Ns: grown, p99Ns: null, maxNs: grown };
        return {
          ...result,
          counters: { ...result.counters, ipis: count, rescues: count, arrivals: 1_000_000 },
          latency: { ...result.latency, dpcWait: latency },
        };
      });
      const text = formatTerminal({ ...all, results }, { colours: false });
      const table = text.split('\n\nvista ')[0];
      for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it('says how much was simulated, of what', () => {
    const text = formatTerminal(all, { colours: false });
    expect(text).toContain('8 processors, 100,000 interrupts a policy');
    expect(text.replaceAll('\n', ' ')).toContain(all.scenario.question);
  });

  it('has colours only when asked for', () => {
    expect(formatTerminal(all, { colours: false })).not.toContain('\u001b');
    expect(formatTerminal(all, { colours: true })).toContain('\u001b[');
  });

  it('marks a percentile of too few samples', async () => {
    const few = await simulate(loadScenario('w8'), ['pre-vista', 'vista'], 500);
    const row = formatTerminal(few, { colours: false })
      .split('\n')
      .find((line) => line.startsWith('pre-vista'))!;
    expect(row.split(/ +/)[5]).toBe('-');
  });

  it('calls equal figures the same and gives no ratio for them', () => {
    const text = formatTerminal(alike(all), { colours: false });
    const relative = text.split('relative to pre-vista\n')[1].split('\n')[0];
    expect(relative.split(/ +/).slice(1)).toEqual(Array.from({ length: 9 }, () => 'same'));
    expect(verdict(alike(all))[0]).toMatch(/^pre-vista and vista cost the same here: [\d,]+ IPIs/);
  });
});

describe('verdict', () => {
  it('names the two policies and their figures', () => {
    const [first, second] = all.results;
    const two = { ...all, answer: null, results: [first, second] };
    const fewer = Math.round((1 - second.counters.ipis / first.counters.ipis) * 100);
    expect(verdict(two)[0]).toContain(`vista sends ${fewer} % fewer IPIs than pre-vista`);
  });

  it('reads from the rules, not from their names, who follows which source', () => {
    const said = verdict(all).find((sentence) => sentence.startsWith('The sources dispute'))!;
    const asks =
      'an IPI if idle [vista, windows-internals], unless polling [nt52], ' +
      'always [pre-vista, nt4-table, msdn]';
    expect(said).toContain(asks);
    const policies = all.scenario.policies.map((policy) => ({
      ...policy,
      name: `my ${policy.name}`,
    }));
    const renamed = { ...all, scenario: { ...all.scenario, policies } };
    expect(verdict(renamed).join(' ')).toContain('if idle [my vista, my windows-internals]');
  });

  it('says that the dispute does not matter where no DPC goes to another processor', async () => {
    const local = await simulate(loadScenario('w1'), ['pre-vista', 'vista'], 2_000);
    const said = verdict(local).join(' ');
    expect(said).toContain("The sources' dispute does not matter here");
    expect(said).not.toContain('The sources dispute');
  });

  it('names what is over the guidelines and what was lost', () => {
    const [first, ...others] = all.results;
    const lossy = { ...first, counters: { ...first.counters, dropped: 7, unserved: 3 } };
    const said = verdict({ ...all, results: [lossy, ...others] }).join(' ');
    expect(said).toContain('pre-vista: 7 items found a full FIFO');
    expect(said).toContain('pre-vista: 3 items were never served');
  });
});

describe('guidelineBreaches', () => {
  it('finds the slow driver of the default scenario and how often it is slow', async () => {
    const { scenario } = await simulate(loadScenario('rogue-driver'), ['vista'], 100);
    const [rogue] = guidelineBreaches(scenario).sort((a, b) => b.share - a.share);
    expect(rogue.kind).toBe('DPC');
    expect(rogue.share).toBeGreaterThan(0.5);
  });

  it('counts in a recording what was over them', () => {
    const [source] = all.scenario.sources;
    if (source.kind === 'timer' || source.dpc === null) throw new Error('w8 begins with a DPC');
    const recording = { origin: 'x', hash: '', arrivals: 200, longIsrs: 1, longServices: 50 };
    const sources = [{ ...source, arrivals: { kind: 'recording' as const, recording } }];
    expect(guidelineBreaches({ ...all.scenario, sources })).toEqual([
      { source: source.name, kind: 'ISR', limitNs: 25_000, share: 0.005 },
      { source: source.name, kind: 'DPC', limitNs: 100_000, share: 0.25 },
    ]);
  });
});

describe('wrap', () => {
  it('keeps every word and breaks at spaces only', () => {
    const text = 'one two three antidisestablishmentarianism four';
    const lines = wrap(text, 13);
    expect(lines).toEqual(['one two three', 'antidisestablishmentarianism', 'four']);
  });
});
