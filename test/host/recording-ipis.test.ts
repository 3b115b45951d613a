import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportedRecording } from '../../src/recording/import-recording.js';
import { importRecording } from '../../src/recording/import-recording.js';
import { UNKNOWN_LATENCY } from '../../src/recording/recording.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-ipis-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('requests between processors', () => {
  /** Lines of `processor`, µs, event, as the kernel prints it. */
  async function imported(
    events: [processor: number, us: number, event: string][],
  ): Promise<ImportedRecording> {
    const lines = events.map(([processor, us, event]) => {
      const stamp = `7.${String(us).padStart(6, '0')}`;
      return `  <idle>-0 [00${processor}] d.h1. ${stamp}: ${event}`;
    });
    const path = join(folder, 'ipis.txt');
    writeFileSync(path, lines.join('\n'));
    return importRecording(path);
  }
  const reschedule = (target: number): string =>
    `ipi_send_cpu: cpu=${target} callsite=a callback=0x0`;
  const call = (target: number): string =>
    `ipi_send_cpu: cpu=${target} callsite=a callback=b+0x0`;
  const columns = ({ recording }: ImportedRecording): unknown[] =>
    recording.streams.map(({ name, target, atNs, processor, isrNs, serviceNs, latencyNs }) => {
      const rows = [...atNs].map((at, i) => [
        at, processor[i], isrNs[i], serviceNs[i], latencyNs[i],
      ]);
      return [name, target, ...rows];
    });

  it('tells handlers and targets apart, whoever asks', async () => {
    const result = await imported([
      [0, 0, reschedule(2)],
      [0, 1, call(2)],
      [2, 10, 'reschedule_entry: vector=253'],
      [2, 12, 'reschedule_exit: vector=253'],
      [2, 12, 'call_function_single_entry: vector=251'],
      [2, 15, 'call_function_single_exit: vector=251'],
      [1, 20, 'ipi_send_cpumask: cpumask=0,2 callsite=a callback=b+0x0'],
      [2, 30, 'call_function_entry: vector=252'],
      [2, 34, 'call_function_exit: vector=252'],
      [0, 31, 'call_function_entry: vector=252'],
      [0, 32, 'call_function_exit: vector=252'],
      [1, 40, call(1)],
      [1, 41, 'call_function_single_entry: vector=251'],
      [1, 43, 'call_function_single_exit: vector=251'],
    ]);
    expect(columns(result)).toEqual([
      ['ipi/call-to-0', 0, [20_000, 1, 0, 1000, 11_000]],
      ['ipi/call-to-1', 1, [40_000, 1, 0, 2000, 1000]],
      ['ipi/call-to-2', 2, [1000, 0, 0, 3000, 11_000], [20_000, 1, 0, 4000, 10_000]],
      ['ipi/reschedule-to-2', 2, [0, 0, 0, 2000, 10_000]],
    ]);
    expect(result.report.ipis).toEqual({
      arrivals: 5, sent: 5, received: 5, paired: 5, merged: 0, unanswered: 0,
    });
  });

  it('merges a request with one under way and gives a handler its own time', async () => {
    const result = await imported([
      [0, 0, call(1)],
      [2, 5, call(1)],
      [1, 9, 'call_function_single_entry: vector=251'],
      [1, 10, 'local_timer_entry: vector=236'],
      [1, 14, 'local_timer_exit: vector=236'],
      [1, 16, 'call_function_single_exit: vector=251'],
      [1, 20, 'call_function_single_entry: vector=251'],
      [1, 21, 'call_function_single_exit: vector=251'],
    ]);
    expect(columns(result)).toEqual([
      ['ipi/call-to-1', 1, [0, 0, 0, 3000, 9000]],
      // Nobody asked for the second handler, nor for the clock's.
      ['vector/call_function_single', null, [20_000, 1, 1000, 0, UNKNOWN_LATENCY]],
      ['vector/local_timer', null, [10_000, 1, 4000, 0, UNKNOWN_LATENCY]],
    ]);
    expect(result.report.ipis).toEqual({
      arrivals: 1, sent: 2, received: 2, paired: 1, merged: 1, unanswered: 0,
    });
    expect(result.recording.processors[1]).toMatchObject({ ipiNs: 4000, clockNs: 4000 });
  });

  it('pairs no handler with a request of more than 10 ms before', async () => {
    const result = await imported([
      [0, 0, call(1)],
      [0, 10_001, call(1)],
      [1, 20_001, 'call_function_single_entry: vector=251'],
      [1, 20_002, 'call_function_single_exit: vector=251'],
      [0, 30_000, call(1)],
      [1, 40_001, 'call_function_single_entry: vector=251'],
      [1, 40_002, 'call_function_single_exit: vector=251'],
      [0, 50_000, call(1)],
      [1, 50_005, 'call_function_single_entry: vector=251'],
    ]);
    expect(columns(result)).toEqual([
      ['ipi/call-to-1', 1, [10_001_000, 0, 0, 1000, 10_000_000]],
      ['vector/call_function_single', null, [40_001_000, 1, 1000, 0, UNKNOWN_LATENCY]],
    ]);
    expect(result.report).toMatchObject({
      ipis: { arrivals: 1, sent: 4, received: 3, paired: 2, merged: 0, unanswered: 2 },
      unpaired: { ipi: { entries: 1, exits: 0 } },
    });
  });
});
