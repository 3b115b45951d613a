import { describe, expect, it } from 'vitest';
import { overTimeRows } from '../../src/export/over-time-rows.js';
import type { OverTimeColumns } from '../../src/result/over-time-shape.js';
import { timeColumns } from '../../src/result/time-columns.js';
import { groupCount, groupSize, type TimeBin } from '../../src/result/over-time.js';

/** Bins that end at these instants; in the second nothing waited. */
function columnsOf(processors: number, ...endsNs: readonly number[]): OverTimeColumns {
  const bins = endsNs.map((endNs, bin): TimeBin => {
    const isEmpty = bin === 1;
    return {
      endNs,
      arrivals: 10 + bin,
      ipis: bin,
      queuedNs: 250,
      waits: { buckets: isEmpty ? [] : [9], counts: isEmpty ? [] : [1], maxNs: isEmpty ? 0 : 77 },
      busyNs: Array.from({ length: groupCount(processors) }, (_, i) =>
        i === 0 ? 0 : 25 * groupSize(processors),
      ),
    };
  });
  const [columns] = timeColumns([{ warmupNs: 0, binNs: 100, bins }], processors);
  return columns!;
}

const told = (columns: OverTimeColumns | null, processors: number): string[] =>
  [...overTimeRows(columns, processors)].map(
    ({ figure, name, scope, unit, value }) => `${scope} ${name} ${figure} ${unit} ${value}`,
  );

describe('rows of a run over its time', () => {
  it('are those of each bin, and of its processors', () => {
    const rows = (name: string, ...values: readonly unknown[]): string[] => {
      const figures = ['begin ns', 'end ns', 'arrivals count', 'ipis count'];
      figures.push('queueDepth.mean count', 'dpcWait.count count');
      figures.push(...['p50', 'p99', 'max'].map((each) => `dpcWait.${each} ns`));
      return values.map((value, i) => `bin ${name} ${figures[i]} ${String(value)}`);
    };
    expect(told(columnsOf(2, 100, 200, 201), 2)).toEqual([
      ...rows('0', 0, 100, 10, 0, 2.5, 1, null, null, 77),
      'bin 0/cpu0 busy share 0',
      'bin 0/cpu1 busy share 0.25',
      ...rows('1', 100, 200, 11, 1, 2.5, 0, null, null, null),
      'bin 1/cpu0 busy share 0',
      'bin 1/cpu1 busy share 0.25',
      ...rows('2', 200, 201, 12, 2, 250, 1, null, null, 77),
      'bin 2/cpu0 busy share 0',
      'bin 2/cpu1 busy share 25',
    ]);
  });

  it('are none where that was not kept', () => {
    expect(told(null, 2)).toEqual([]);
  });

  it('name the first and the last of neighbours, and one that is left alone', () => {
    const names = told(columnsOf(201, 100), 201).filter((row) => row.includes(' busy '));
    expect([...names.slice(0, 2), ...names.slice(-2)]).toEqual([
      'bin 0/cpu0-1 busy share 0',
      'bin 0/cpu2-3 busy share 0.25',
      'bin 0/cpu198-199 busy share 0.25',
      'bin 0/cpu200 busy share 0.5',
    ]);
  });
});
