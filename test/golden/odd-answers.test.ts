import { describe, it } from 'vitest';
import { formatLoadCheck } from '../../src/export/load-table.js';
import { formatWorstWaits } from '../../src/export/worst-wait.js';
import { drawWorstWait } from '../../src/report/draw-worst-wait.js';
import type { TimePair } from '../../src/stats/load-check.js';
import type { WorstWait } from '../../src/timeline/worst-wait.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { inventedWait } from '../fixtures/results/invented-wait.js';
import { expectGolden, hashOf } from './golden-file.js';

/** Before and after an insert: where units and signs change. */
const OFFSETS_NS = [
  -2_000_000_000, -1_000_000, -999_999, -1000, -999, -1, 0, 1, 999, 1000, 999_999, 1_000_000,
  999_999_499, 999_999_500, 1_000_000_000, 12_345_678_901,
];

function waitOf(parts: number, causes: number): WorstWait {
  const told = inventedWait('vista');
  if (told.kind !== 'told') throw new Error('nothing is told');
  const { worst } = told;
  const { queuedNs } = worst.wait;
  const rule = 'R11';
  const text = 'Something happens of which a sentence has a little to say, and then some more.';
  return {
    ...worst,
    around: [3, ...OFFSETS_NS.map((ns) => ({ t: queuedNs + ns, p: 1, rule, text })), 1200],
    causes: Array.from({ length: causes }, (_, i) => ({ t: queuedNs + i, p: i % 2, rule, text })),
    parts: Array.from({ length: parts }, (_, i) => ({
      stage: (['unasked', 'asked', 'draining'] as const)[i % 3],
      activity: i === 1 ? 'the routine of a driver with a very long name indeed' : `part ${i}`,
      ns: worst.waitNs / 2 ** (i + 1),
    })),
  };
}

describe('at their edges, as before, are', () => {
  it('the longest waits', () => {
    const document = inventedResult({ samples: 500, sources: ['a'], processors: 1 });
    const told = [
      ...[20, 40, 41, 79, 80, 200].map((width) =>
        formatWorstWaits(document, [waitOf(6, 15), null, waitOf(7, 16)], { source: null, width }),
      ),
      formatWorstWaits(document, [waitOf(1, 14)], { source: 'a\x1b' }),
    ];
    const drawn = [5, 6, 7].map((causes) => drawWorstWait('it', waitOf(1, causes)));
    const hashes = [...told.slice(1), ...drawn].map(
      (text) => `${text.length} characters: ${hashOf(text)}`,
    );
    expectGolden('pages/odd-waits.txt', `${told[0]}====\n${told[4]}====\n${hashes.join('\n')}\n`);
  });

  it('loads beside their reports', () => {
    const pair = (simulatedNs: number, chance = 0): TimePair => ({
      reportedNs: 1e9,
      simulatedNs: 1e9 * simulatedNs,
      chance,
    });
    const check = (...pairs: [dpc: TimePair, isr: TimePair][]): string =>
      formatLoadCheck({
        policy: 'vista',
        seed: 7,
        spanNs: 12.34e9,
        measuredNs: 60e9,
        processors: pairs.map(([dpc, isr]) => ({ dpc, isr })),
      });
    const beyond = (count: number): string =>
      check(
        ...Array.from({ length: count }, (_, i): [TimePair, TimePair] => [
          pair(1.1 + i / 100, i / 1000),
          pair(1),
        ]),
      );
    const told = [
      check([pair(1), pair(0.99)]),
      check([pair(1.0299), pair(0.9701)], [{ ...pair(1), reportedNs: 0 }, pair(1)]),
      check([pair(1.031), pair(0.969, 0.02)]),
      check([pair(1.2, 0.005), pair(1, 0.5)]),
      beyond(6),
      beyond(7),
    ];
    expectGolden('pages/odd-loads.txt', told.join('====\n'));
  });
});
