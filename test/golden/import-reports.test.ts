import { describe, it } from 'vitest';
import { formatImportReport, type ImportReport } from '../../src/recording/import-report.js';
import type { TraceFormat } from '../../src/recording/recording.js';
import { expectGolden } from './golden-file.js';

const NONE = { entries: 0, exits: 0 };

function report(changes: Partial<ImportReport>): ImportReport {
  return {
    origin: 'trace.txt',
    format: 'ftrace',
    gzip: false,
    textBytes: 0,
    processors: 2,
    spanNs: 0,
    stampResolutionNs: 1,
    lines: { read: 0, events: 0, comments: 0, stackFrames: 0, lossMarkers: 0, malformed: 0 },
    used: {},
    skipped: {},
    outOfOrder: 0,
    interleaved: 0,
    lostEvents: 0,
    softirqs: {
      arrivals: 1,
      paired: 2,
      coalesced: 3,
      raisesWithoutEntry: 4,
      entriesWithoutRaise: 5,
    },
    interrupts: { arrivals: 6 },
    unpaired: { softirq: NONE, irq: NONE, clock: NONE, ipi: NONE },
    ipis: { arrivals: 7, sent: 8, received: 19, paired: 10, merged: 11, unanswered: 12 },
    vectors: { arrivals: 13 },
    cut: 0,
    malformedLines: [],
    notes: [],
    ...changes,
  };
}

/** So many events, of which every third count is the same. */
const counts = (names: number, more: Record<string, number> = {}): Record<string, number> => ({
  ...Object.fromEntries(
    Array.from({ length: names }, (_, i) => [`event_${String.fromCharCode(122 - i)}`, i >> 1]),
  ),
  ...more,
});

const word = (length: number): string => 'w'.repeat(length);
const REPORTS: Record<string, Partial<ImportReport>> = {
  'nothing to tell': {},
  everything: {
    gzip: true,
    textBytes: 12_345_678,
    lines: {
      read: 1_234_567,
      events: 7,
      comments: 6,
      stackFrames: 5,
      lossMarkers: 4,
      malformed: 3,
    },
    used: { softirq_raise: 2, softirq_entry: 2, 'a\u001bb': 3 },
    skipped: { kfree_skb: 1 },
    outOfOrder: 9,
    interleaved: 8,
    lostEvents: 7,
    unpaired: {
      softirq: { entries: 1, exits: 2 },
      irq: { entries: 3, exits: 0 },
      clock: { entries: 0, exits: 4 },
      ipi: { entries: 5, exits: 6 },
    },
    cut: 10,
    malformedLines: [
      { line: 7, text: 'a\tb' },
      { line: 1_000_000, text: 'x'.repeat(100) },
    ],
    notes: ['a note', 'another\u0007'],
  },
  'under a second': { spanNs: 999_999_999, textBytes: 49_999 },
  'a second': { spanNs: 1e9, textBytes: 50_000 },
  '79 characters of a name': { origin: 'o'.repeat(72) },
  '81 characters of a name': { origin: 'o'.repeat(73) },
  '13 names': { used: counts(13), skipped: counts(12) },
  '14 names': { used: counts(14), skipped: counts(15, { '(further names)': 7 }) },
  '13 names and further ones': { used: counts(13, { '(further names)': 100 }) },
  'names that just fit': {
    used: { ['n'.repeat(42)]: 1, ['m'.repeat(43)]: 2, ['l'.repeat(60)]: 3 },
  },
  'notes that just fit': {
    // With "Note: " before and a point behind.
    notes: [word(71), word(72), `${word(70)} b`, `${word(69)} b`, `${word(100)} c d`],
  },
};

describe('the report of an import is printed as before', () => {
  it.each<TraceFormat>(['ftrace', 'wpa-csv'])('of %s', (format) => {
    const told = Object.entries(REPORTS).flatMap(([name, changes]) => [
      `== ${name}`,
      ...formatImportReport(report({ ...changes, format })),
      '',
    ]);
    expectGolden(`recordings/report-${format}.txt`, told.join('\n'));
  });
});
