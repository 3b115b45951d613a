import { describe, expect, it } from 'vitest';
import { readResult } from '../../src/export/read-result.js';
import { InputError } from '../../src/errors.js';
import { compareDocuments } from '../../src/stats/compare-documents.js';
import { readFigure } from '../../src/stats/figure-path.js';
import type { ResultDocument } from '../../src/result/document.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { standardWorkload } from '../../src/scenario/workloads.js';

// An earlier version knew of no interrupts that a device holds back, and counted none.
const written = standardWorkload(2) as { sources: object[] };
const scenario = resolveScenario({
  ...written,
  sources: written.sources.map((source) => ({ ...source, moderation: { count: 2, time: '20us' } })),
  until: { interrupts: 2000 },
});
const document = await runBenchmark(scenario, { workers: 1 });

type Members = Record<string, unknown>;

/** The document without a counter, as an earlier version wrote it. */
function without(counter: string): string {
  const strip = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(strip);
    const entries = Object.entries(value as Members).filter(([name]) => name !== counter);
    return Object.fromEntries(entries.map(([name, member]) => [name, strip(member)]));
  };
  return JSON.stringify(strip(document));
}

describe('a result from before a counter existed', () => {
  it('is read, the counter as not counted', () => {
    const { results, comparisons } = readResult(without('held'), 'old.json');
    for (const { counters, processors, sources } of results) {
      for (const scope of [{ counters }, ...processors, ...sources]) {
        expect(scope.counters).not.toHaveProperty('held');
        expect(scope.counters.ipis).toBeGreaterThanOrEqual(0);
      }
    }
    for (const { perThousand } of comparisons) {
      expect(perThousand).not.toHaveProperty('held');
    }
  });

  it('differs from one of today in nothing', () => {
    const before = readResult(without('held'), 'old.json');
    const today = JSON.parse(JSON.stringify(document)) as ResultDocument;
    expect(compareDocuments(before, today).firstDifference).toBeNull();
    today.results[0].counters.ticks += 1;
    expect(compareDocuments(before, today).firstDifference).toMatch(/counters\.ticks/);
  });

  it('has no figure of it, which is no data for a gate', () => {
    const before = readResult(without('held'), 'old.json');
    const policy = before.results[0].policy;
    for (const kind of ['counter', 'perThousand'] as const) {
      const figure = { kind, name: 'held' } as const;
      const path = { text: '', policy, source: null, of: 'value', figure, unit: 'count' } as const;
      expect(readFigure(before, path).value).toBeNull();
      expect(readFigure(document, path).value).not.toBeNull();
    }
  });

  it('has no census of decisions, which is no difference either', () => {
    const before = readResult(without('decisions'), 'old.json');
    for (const { decisions } of before.results) expect(decisions).toBeNull();
    expect(compareDocuments(before, document).firstDifference).toBeNull();
  });

  it('is refused without a counter that there always was', () => {
    expect(() => readResult(without('ipis'), 'old.json')).toThrow(InputError);
  });
});
