import { describe, expect, it, vi } from 'vitest';
import { readResult } from '../../src/export/read-result.js';
import { InputError } from '../../src/errors.js';
import { compareDocuments } from '../../src/stats/compare-documents.js';
import { readFigure } from '../../src/stats/figure-path.js';
import type { ResultDocument } from '../../src/result/document.js';
import { loadCatalogScenario } from '../../src/disk/catalog.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';

// As if `rescues` had been counted only since this version.
vi.mock('../../src/result/outcome.js', async (original) => {
  const outcome = await original<typeof import('../../src/result/outcome.js')>();
  return { ...outcome, LATER_COUNTERS: [...outcome.LATER_COUNTERS, 'rescues'] };
});

// A real one: an invented result does not add up, which a reader refuses.
const result = await runBenchmark(
  { ...loadCatalogScenario('w1'), until: { timeNs: null, interrupts: 20_000 } }, {},
  executeInProcess,
);

type Members = Record<string, unknown>;

/** The document without a counter, as an earlier version wrote it. */
function without(counter: string): string {
  const strip = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(strip);
    const entries = Object.entries(value as Members).filter(([name]) => name !== counter);
    return Object.fromEntries(entries.map(([name, member]) => [name, strip(member)]));
  };
  return JSON.stringify(strip(result));
}

describe('a result from before a counter existed', () => {
  it('is read, the counter as not counted', () => {
    const { results, comparisons } = readResult(without('rescues'), 'old.json');
    for (const { counters, processors, sources } of results) {
      for (const scope of [{ counters }, ...processors, ...sources]) {
        expect(scope.counters).not.toHaveProperty('rescues');
        expect(scope.counters.ipis).toBeGreaterThanOrEqual(0);
      }
    }
    for (const { perThousand } of comparisons) {
      expect(perThousand).not.toHaveProperty('rescues');
    }
  });

  it('differs from one of today in nothing', () => {
    const before = readResult(without('rescues'), 'old.json');
    const today = JSON.parse(JSON.stringify(result)) as ResultDocument;
    expect(compareDocuments(before, today).firstDifference).toBeNull();
    today.results[0].counters.ticks += 1;
    expect(compareDocuments(before, today).firstDifference).toMatch(/counters\.ticks/);
  });

  it('has no figure of it, which is no data for a gate', () => {
    const before = readResult(without('rescues'), 'old.json');
    const policy = before.results[0].policy;
    for (const kind of ['counter', 'perThousand'] as const) {
      const figure = { kind, name: 'rescues' } as const;
      const path = { text: '', policy, source: null, of: 'value', figure, unit: 'count' } as const;
      expect(readFigure(before, path).value).toBeNull();
      expect(readFigure(result, path).value).not.toBeNull();
    }
  });

  it('is refused without a counter that there always was', () => {
    expect(() => readResult(without('ipis'), 'old.json')).toThrow(InputError);
  });
});
