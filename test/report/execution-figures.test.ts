import { describe, expect, it } from 'vitest';
import { executionOf } from '../../src/report/execution-figures.js';
import type { ExecutionTimes } from '../../src/result/execution-shape.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

type Longest = readonly [isrNs: number, dpcNs: number];

/** Sources whose ISRs and DPCs ran so long at most, and 400 ns in all, of a machine of 1,000 ns. */
function modelOf(longest: readonly (Longest | null)[], splitNs: number | undefined = 1000) {
  const sources = longest.map((_, i) => `${i}`);
  const document = inventedResult({ processors: 1, samples: 100, policies: ['vista'], sources });
  const [{ processors, sources: scopes }] = document.results;
  for (const key of Object.keys(processors[0].timeSplit)) {
    Object.assign(processors[0].timeSplit, { [key]: 0 });
  }
  Object.assign(processors[0].timeSplit, { idleNs: splitNs, dpcThreadNs: undefined });
  longest.forEach((each, i) => {
    const of = (maxNs: number) => ({ maxNs, totalNs: 400 });
    const times: ExecutionTimes | null = each && { isr: of(each[0]), dpc: of(each[1]) };
    scopes[i].execution = times;
  });
  return executionOf(document);
}

const namesOf = (...longest: readonly (Longest | null)[]): string[] | undefined =>
  modelOf(longest)?.rows.map(({ name }) => name);

describe('how long ISRs and DPC routines run', () => {
  it('is told of what is nearest to its guideline first, 25 µs of an ISR and 100 of a DPC', () => {
    expect(namesOf([1000, 0], [25_000, 0], [0, 99_999], [0, 100_001], [1000, 1])).toEqual([
      '3',
      '1',
      '2',
      '0',
      '4',
    ]);
    expect(namesOf([5000, 20_004], [0, 20_000], [5001, 3])).toEqual(['0', '2', '1']);
  });

  it('has shares of the time of all processors, and nothing of what took no time', () => {
    expect(
      modelOf([
        [5, 0],
        [0, 7],
        [0, 0],
      ]),
    ).toEqual({
      rows: [
        { name: '0', isr: { longestNs: 5, totalNs: 400, share: 0.4 }, dpc: null },
        { name: '1', isr: null, dpc: { longestNs: 7, totalNs: 400, share: 0.4 } },
      ],
      left: 0,
    });
    expect(modelOf([[5, 0]], 0)!.rows[0].isr!.share).toBe(0);
    expect(modelOf([[5, 0]], 1)!.rows[0].isr!.share).toBe(400);
  });

  it('is not told where nothing ran, or of a result that did not measure it', () => {
    expect(modelOf([[0, 0]])).toBeNull();
    expect(modelOf([[5, 5], null])).toBeNull();
  });

  it('has 24 rows, and counts the others', () => {
    const longest = (count: number): Longest[] => Array.from({ length: count }, () => [9, 9]);
    const of = (count: number) => modelOf(longest(count))!;
    expect([24, 25].map((count) => of(count).rows.length)).toEqual([24, 24]);
    expect([24, 25].map((count) => of(count).left)).toEqual([0, 1]);
  });
});
