import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { ImportedRecording } from '../../src/recording/import-recording.js';
import { importRecording } from '../../src/recording/import-recording.js';
import { readRecording } from '../../src/recording/read-recording.js';
import { countArrivals } from '../../src/recording/recording.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import { anyText } from '../any-text.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-random-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Everything that the importers know, with fields as the kernel prints them, and something unknown.
 */
const EVENTS: readonly [string, string, string][] = [
  ['irq', 'softirq_raise', 'vec=3 [action=NET_RX]'],
  ['irq', 'softirq_entry', 'vec=3 [action=NET_RX]'],
  ['irq', 'softirq_exit', 'vec=3 [action=NET_RX]'],
  ['irq', 'softirq_raise', 'vec=1 [action=TIMER]'],
  ['irq', 'softirq_entry', 'vec=1 [action=TIMER]'],
  ['irq', 'softirq_exit', 'vec=1 [action=TIMER]'],
  ['irq', 'irq_handler_entry', 'irq=36 name=virtio1-req.0'],
  ['irq', 'irq_handler_exit', 'irq=36 ret=handled'],
  ['irq_vectors', 'local_timer_entry', 'vector=236'],
  ['irq_vectors', 'local_timer_exit', 'vector=236'],
  ['irq_vectors', 'reschedule_entry', 'vector=253'],
  ['irq_vectors', 'reschedule_exit', 'vector=253'],
  ['ipi', 'ipi_send_cpu', 'cpu=1 callsite=wakeup_preempt+0x92 callback=0x0'],
  ['ipi', 'ipi_send_cpumask', 'cpumask=0,2 callsite=a callback=b+0x0'],
  ['sched', 'sched_switch', 'prev_comm=a prev_pid=1 ==> next_comm=swapper/0 next_pid=0'],
  ['sched', 'sched_wakeup', 'comm=a pid=1'],
];

interface Step {
  event: number;
  processor: number;
  pid: number;
  gapNs: number;
}

const steps = fc.array(
  fc.record({
    event: fc.nat(EVENTS.length - 1),
    processor: fc.constantFrom(0, 0, 0, 1, 2),
    pid: fc.constantFrom(0, 0, 7, 19),
    gapNs: fc.oneof(fc.nat(5), fc.nat(3_000_000_000)),
  }),
  { maxLength: 60, size: 'max' },
);

/** Times from shortly before a full second on, as exact decimal text. */
function stamps(trace: readonly Step[]): string[] {
  let ns = 12_345_999_999_000n;
  return trace.map(({ gapNs }) => {
    ns += BigInt(gapNs);
    return `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
  });
}

function perfText(trace: readonly Step[]): string {
  const times = stamps(trace);
  const lines = trace.map(({ event, processor, pid }, i) => {
    const [system, name, detail] = EVENTS[event];
    return `  some [0] cmd ${pid} [00${processor}] ${times[i]}: ${system}:${name}: ${detail}`;
  });
  return lines.join('\n');
}

function ftraceText(trace: readonly Step[]): string {
  const times = stamps(trace);
  const lines = trace.map(({ event, processor, pid }, i) => {
    const [, name, detail] = EVENTS[event];
    return `  some [0] cmd-${pid} [00${processor}] d.h1. ${times[i]}: ${name}: ${detail}`;
  });
  return ['# tracer: nop', ...lines].join('\n');
}

async function imported(name: string, text: string): Promise<ImportedRecording | null> {
  const path = join(folder, name);
  writeFileSync(path, text);
  try {
    return await importRecording(path);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return null;
  }
}

const counted = (trace: readonly Step[], name: string): number =>
  trace.filter(({ event }) => EVENTS[event][1] === name).length;

describe('any trace', () => {
  it('is accounted for to the last event', async () => {
    let importedCount = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (trace) => {
        const result = await imported('perf.txt', perfText(trace));
        if (result === null) return;
        importedCount += 1;
        const { recording, report } = result;
        const { softirqs, unpaired, ipis, lines } = report;
        const raises = counted(trace, 'softirq_raise');
        const entries = counted(trace, 'softirq_entry');
        const exits = counted(trace, 'softirq_exit');
        expect(lines).toMatchObject({ read: trace.length, events: trace.length, malformed: 0 });
        expect(softirqs.paired + softirqs.coalesced + softirqs.raisesWithoutEntry).toBe(raises);
        expect(softirqs.paired + softirqs.entriesWithoutRaise).toBe(entries);
        expect(softirqs.arrivals + unpaired.softirq.entries).toBe(entries);
        expect(softirqs.arrivals + unpaired.softirq.exits).toBe(exits);
        expect(report.interrupts.arrivals + unpaired.irq.exits).toBe(
          counted(trace, 'irq_handler_exit'),
        );
        expect(ipis.paired + ipis.merged + ipis.unanswered).toBe(ipis.sent);
        expect(countArrivals(recording)).toBe(
          softirqs.arrivals + report.interrupts.arrivals + ipis.arrivals + report.vectors.arrivals,
        );
        for (const each of recording.processors) {
          const spent =
            each.irqNs + each.softirqNs + each.clockNs + each.ipiNs + each.threadNs + each.idleNs;
          expect(spent).toBe(recording.meta.spanNs);
        }
      }),
      { numRuns: 200 },
    );
    // The rest has no softirq and no interrupt that begins and ends, and is refused.
    expect(importedCount).toBeGreaterThan(100);
  });

  it('is the same in both formats, and comes back from a file', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (trace) => {
        const perf = await imported('same', perfText(trace));
        const ftrace = await imported('same', ftraceText(trace));
        expect(ftrace === null).toBe(perf === null);
        if (perf === null || ftrace === null) return;
        const { meta, ...rest } = perf.recording;
        expect(ftrace.recording).toEqual({ meta: { ...meta, format: 'ftrace' }, ...rest });
        expect(readRecording(writeRecording(perf.recording))).toEqual(perf.recording);
      }),
      { numRuns: 150 },
    );
  });

  it('never breaks the importer when it is damaged', async () => {
    const damage = fc.record({ at: fc.nat(), text: anyText({ maxLength: 9 }) });
    await fc.assert(
      fc.asyncProperty(steps, fc.array(damage, { maxLength: 8 }), async (trace, damages) => {
        let text = trace.length % 2 === 0 ? perfText(trace) : ftraceText(trace);
        for (const { at, text: other } of damages) {
          const cut = at % (text.length + 1);
          text = text.slice(0, cut) + other + text.slice(cut + other.length);
        }
        const result = await imported('damaged', text);
        if (result === null) return;
        const { lines } = result.report;
        const { events, comments, stackFrames, lossMarkers, malformed } = lines;
        expect(events + comments + stackFrames + lossMarkers + malformed).toBe(lines.read);
        expect(readRecording(writeRecording(result.recording))).toEqual(result.recording);
      }),
      { numRuns: 200 },
    );
  });
});
