import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportedRecording } from '../../src/recording/import-recording.js';
import { importRecording } from '../../src/recording/import-recording.js';
import { UNKNOWN_LATENCY } from '../../src/recording/recording.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-losses-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What happens on a processor, or the word that some of it was lost. */
type Step = readonly [event: keyof typeof EVENTS | 'lost', processor: number];

const EVENTS = {
  raise: ['softirq_raise', 'vec=3 [action=NET_RX]'],
  entry: ['softirq_entry', 'vec=3 [action=NET_RX]'],
  exit: ['softirq_exit', 'vec=3 [action=NET_RX]'],
  irq: ['irq_handler_entry', 'irq=36 name=nic'],
  irqEnd: ['irq_handler_exit', 'irq=36 ret=handled'],
} as const;

/** One step each microsecond. A loss of perf stands in an event's place, of ftrace alone. */
const FORMATS = {
  'perf-script': ([event, processor]: Step, at: number): string => {
    const what =
      event === 'lost' ? 'PERF_RECORD_LOST lost 5' : `irq:${EVENTS[event][0]}: ${EVENTS[event][1]}`;
    return `  some 7 [00${processor}] ${stamp(at)}: ${what}`;
  },
  ftrace: ([event, processor]: Step, at: number): string => {
    if (event === 'lost') return `CPU:${processor} [LOST 5 EVENTS]`;
    return `  some-7 [00${processor}] d.h1. ${stamp(at)}: ${EVENTS[event].join(': ')}`;
  },
};

const stamp = (at: number): string => `100.${String(at).padStart(6, '0')}`;

async function imported(
  format: keyof typeof FORMATS,
  steps: readonly Step[],
): Promise<ImportedRecording> {
  const path = join(folder, 'trace.txt');
  // A pair in the end, on a processor of its own: without any there is nothing to import.
  const all: Step[] = [...steps, ['raise', 3], ['entry', 3], ['exit', 3]];
  writeFileSync(path, all.map(FORMATS[format]).join('\n'));
  return importRecording(path);
}

const PAIR = { arrivals: 1, paired: 1 };

describe.each(['perf-script', 'ftrace'] as const)('events lost in %s text', (format) => {
  it('do not pair an entry before them with an exit after them', async () => {
    const { report } = await imported(format, [
      ['raise', 0],
      ['entry', 0],
      ['irq', 0],
      ['lost', 0],
      ['irqEnd', 0],
      ['exit', 0],
    ]);
    expect(report).toMatchObject({
      lines: { lossMarkers: 1, malformed: 0 },
      lostEvents: 5,
      softirqs: { ...PAIR, paired: 2, raisesWithoutEntry: 0, entriesWithoutRaise: 0 },
      interrupts: { arrivals: 0 },
      unpaired: { softirq: { entries: 1, exits: 1 }, irq: { entries: 1, exits: 1 } },
    });
  });

  it('do not pair a raise before them with an entry after them', async () => {
    const { recording, report } = await imported(format, [
      ['raise', 0],
      ['lost', 0],
      ['entry', 0],
      ['exit', 0],
    ]);
    expect(report.softirqs).toMatchObject({
      arrivals: 2,
      paired: 1,
      raisesWithoutEntry: 1,
      entriesWithoutRaise: 1,
    });
    expect([...recording.streams[0].latencyNs]).toEqual([UNKNOWN_LATENCY, 1000]);
  });

  it('of another processor change nothing', async () => {
    const { report } = await imported(format, [
      ['raise', 0],
      ['lost', 1],
      ['entry', 0],
      ['lost', 1],
      ['exit', 0],
    ]);
    expect(report.softirqs).toMatchObject({ arrivals: 2, paired: 2 });
    expect(report.unpaired.softirq).toEqual({ entries: 0, exits: 0 });
  });

  it('are accounted for wherever they stand', async () => {
    const names = [...Object.keys(EVENTS), 'lost'] as (keyof typeof EVENTS | 'lost')[];
    const step = fc.tuple(fc.constantFrom(...names, 'lost'), fc.constantFrom(0, 0, 1));
    await fc.assert(
      fc.asyncProperty(fc.array(step as fc.Arbitrary<Step>, { maxLength: 60 }), async (steps) => {
        const { report } = await imported(format, steps);
        const { softirqs, unpaired, interrupts } = report;
        const count = (name: string): number => steps.filter(([event]) => event === name).length;
        expect(report.lines).toMatchObject({ lossMarkers: count('lost'), malformed: 0 });
        expect(softirqs.paired + softirqs.coalesced + softirqs.raisesWithoutEntry).toBe(
          count('raise') + 1,
        );
        expect(softirqs.paired + softirqs.entriesWithoutRaise).toBe(count('entry') + 1);
        expect(softirqs.arrivals + unpaired.softirq.entries).toBe(count('entry') + 1);
        expect(softirqs.arrivals + unpaired.softirq.exits).toBe(count('exit') + 1);
        expect(interrupts.arrivals + unpaired.irq.entries).toBe(count('irq'));
        expect(interrupts.arrivals + unpaired.irq.exits).toBe(count('irqEnd'));
      }),
      { numRuns: 100, seed: 25 },
    );
  });
});

describe('a line that begins with # in perf text', () => {
  it('is a comment wherever it stands, and says nothing of events', async () => {
    const path = join(folder, 'commented.txt');
    const line = FORMATS['perf-script'];
    writeFileSync(
      path,
      [
        '# ========',
        '# nrcpus online : 4',
        line(['raise', 0], 0),
        '#',
        `   # ${line(['lost', 0], 0)}`,
        `#${line(['exit', 0], 0)}`,
        line(['entry', 0], 1),
        line(['exit', 0], 2),
        '# end',
      ].join('\n'),
    );
    const { report } = await importRecording(path);
    expect(report).toMatchObject({
      format: 'perf-script',
      lines: { read: 9, events: 3, comments: 6, lossMarkers: 0, malformed: 0 },
      softirqs: PAIR,
    });
  });
});
