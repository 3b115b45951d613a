import { describe, expect, test } from 'vitest';
import type { Survey } from '../../src/kernel/survey.js';
import { LiveColumns } from '../../src/play/live-column.js';
import type { Counters, TimeSplit } from '../../src/result/outcome.js';

const SPLIT = { isrNs: 0, clockNs: 0, ipiNs: 0, dispatchDrainNs: 0, idleDrainNs: 0 };

/** What was counted by an instant, and how many waits there were of 0 ns, 1 ns and so on. */
function surveyOf(
  nowNs: number,
  [arrivals, ipis, dpcs]: readonly [number, number, number],
  waits: readonly number[],
  first = 0,
): Survey {
  const timeSplit: TimeSplit = { ...SPLIT, threadNs: 0, idleNs: nowNs };
  const counters = { arrivals, ipis, dpcs } as Counters;
  return {
    nowNs,
    counters,
    waits: { first, counts: Uint32Array.from(waits), maxNs: first + waits.length - 1 },
    census: [],
    processors: [{ counters, timeSplit, queueDepth: { maximum: 1, areaNs: nowNs } }],
  };
}

describe('surveys of a run', () => {
  test('become columns of what happened between them, and a total, over all shards', () => {
    const columns = new LiveColumns();
    expect(columns.total()).toBeNull();
    expect(columns.at(7)).toBe(7);

    columns.begin(1_000);
    expect(columns.at(1_000)).toBe(0);
    expect(columns.add(surveyOf(1_000, [0, 0, 0], []))).toBeNull();
    expect(columns.add(surveyOf(1_100, [40, 3, 30], [20, 10]))).toEqual({
      atNs: 100,
      spanNs: 100,
      arrivals: 40,
      ipis: 3,
      p50Ns: 0,
      p99Ns: null,
    });
    // Ten lie beyond the p99 of a thousand: of those after the first thirty, all at 3 and 5 ns.
    const second = surveyOf(1_150, [90, 5, 1_030], [20, 10, 0, 980, 0, 20]);
    expect(columns.add(second)).toEqual({
      atNs: 150,
      spanNs: 50,
      arrivals: 50,
      ipis: 2,
      p50Ns: 3,
      p99Ns: 5,
    });
    expect(columns.add(second)).toBeNull();
    expect(columns.total()).toEqual({
      atNs: 150,
      arrivals: 90,
      ipis: 5,
      dpcs: 1_030,
      p50Ns: 3,
      p99Ns: 5,
      maxNs: 5,
      census: [],
    });
    expect(columns.processors.read()!.depths[0]).toBeCloseTo(1_150 / 150, 5);

    // The next shard counts anew, but for its waits, which begin at a lower bucket now.
    columns.begin(500);
    expect(columns.total()).toBeNull();
    expect(columns.processors.read()).toBeNull();
    expect(columns.at(500)).toBe(150);
    expect(columns.add(surveyOf(510, [7, 1, 6], [20, 10, 0, 980, 30, 20]))).toEqual({
      atNs: 160,
      spanNs: 10,
      arrivals: 7,
      ipis: 1,
      p50Ns: 4,
      p99Ns: null,
    });
    expect(columns.total()).toMatchObject({ atNs: 160, arrivals: 97, ipis: 6, dpcs: 1_036 });

    columns.begin(0);
    columns.add(surveyOf(5, [1, 1, 1], [20, 10, 0, 980, 30, 20]));
    expect(columns.total()).toMatchObject({ atNs: 165, arrivals: 98, ipis: 7, dpcs: 1_037 });
  });

  test('may begin at a lower bucket than before, and count waits anew after a restart', () => {
    const columns = new LiveColumns();
    columns.begin(0);
    columns.add(surveyOf(10, [1, 1, 1], [30], 9));
    const lower = columns.add(surveyOf(20, [2, 2, 2], [0, 40, 0, 0, 30], 5));
    expect(lower).toMatchObject({ p50Ns: 6 });
    columns.restart();
    const anew = columns.add(surveyOf(30, [3, 3, 3], [0, 0, 0, 25], 5));
    expect(anew).toMatchObject({ p50Ns: 8, arrivals: 1 });
  });
});
