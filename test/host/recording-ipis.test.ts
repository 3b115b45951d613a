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
  const call = (target: number): string => `ipi_send_cpu: cpu=${target} callsite=a callback=b+0x0`;
  const columns = ({ recording }: ImportedRecording): unknown[] =>
    recording.streams.map(({ name, target, atNs, processor, isrNs, serviceNs, latencyNs }) => {
      const rows = [...atNs].map((at, i) => [
        at,
        processor[i],
        isrNs[i],
        serviceNs[i],
        latencyNs[i],
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
      arrivals: 5,
      sent: 5,
      received: 5,
      paired: 5,
      merged: 0,
      unanswered: 0,
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
      arrivals: 1,
      sent: 2,
      received: 2,
      paired: 1,
      merged: 1,
      unanswered: 0,
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

  const paired = ({ report: { ipis } }: ImportedRecording): number[] => [
    ipis.paired,
    ipis.merged,
    ipis.unanswered,
  ];

  it('pairs no handler with a request that its target has gone past', async () => {
    // With something to replay elsewhere.
    const handled: [number, number, string][] = [
      [1, 7000, 'reschedule_entry: vector=253'],
      [1, 7002, 'reschedule_exit: vector=253'],
      [2, 7010, 'irq_handler_entry: irq=36 name=disk'],
      [2, 7013, 'irq_handler_exit: irq=36 ret=handled'],
    ];
    const disk = (us: number): [number, number, string][] => [
      [1, us, 'irq_handler_entry: irq=36 name=disk'],
      [1, us + 3, 'irq_handler_exit: irq=36 ret=handled'],
    ];
    expect(paired(await imported([[0, 0, reschedule(1)], ...handled]))).toEqual([1, 0, 0]);
    // An IPI comes before a device and the clock, and before a switch of threads.
    const past = await imported([[0, 0, reschedule(1)], ...disk(200), ...handled]);
    expect(paired(past)).toEqual([0, 0, 1]);
    const names = past.recording.streams.map(({ name }) => name);
    expect(names).toEqual(['irq/disk', 'vector/reschedule']);
    const switched = 'sched_switch: prev_comm=a prev_pid=1 ==> next_comm=b next_pid=7';
    const after: [number, number, string][][] = [
      [
        [1, 200, 'local_timer_entry: vector=236'],
        [1, 205, 'local_timer_exit: vector=236'],
      ],
      [[1, 200, switched]],
      [
        [1, 200, 'call_function_entry: vector=252'],
        [1, 205, 'call_function_exit: vector=252'],
      ],
    ];
    for (const between of after) {
      const result = await imported([[0, 0, reschedule(1)], ...between, ...handled]);
      expect(paired(result)).toEqual([0, 0, 1]);
    }
    // Sent again after that it is answered.
    expect(
      paired(
        await imported([[0, 0, reschedule(1)], ...disk(200), [0, 6990, reschedule(1)], ...handled]),
      ),
    ).toEqual([1, 0, 1]);
  });

  it('leaves a request that is under way to a target with other things to do', async () => {
    const result = await imported([
      [0, 0, reschedule(1)],
      [1, 14, 'sched_switch: prev_comm=a prev_pid=1 ==> next_comm=b next_pid=7'],
      [1, 16, 'irq_handler_entry: irq=36 name=disk'],
      [1, 19, 'irq_handler_exit: irq=36 ret=handled'],
      [1, 21, 'reschedule_entry: vector=253'],
      [1, 23, 'reschedule_exit: vector=253'],
    ]);
    expect(paired(result)).toEqual([1, 0, 0]);
    expect(columns(result)[0]).toEqual(['ipi/reschedule-to-1', 1, [0, 0, 0, 2000, 21_000]]);
  });

  it("reads ARM's requests and handlers", async () => {
    const result = await imported([
      [0, 0, 'ipi_raise: target_mask=00000000,00000002 (Rescheduling interrupts)'],
      [1, 4, 'ipi_entry: (Rescheduling interrupts)'],
      [1, 5, 'ipi_exit: (Rescheduling interrupts)'],
      // Newer kernels tell of a request twice, the second time in ARM's words.
      [1, 20, 'ipi_send_cpumask: cpumask=0,2 callsite=a callback=b+0x0'],
      [1, 20, 'ipi_raise: target_mask=5 (Function call interrupts)'],
      [0, 26, 'ipi_entry: (Function call interrupts)'],
      [0, 29, 'ipi_exit: (Function call interrupts)'],
      [2, 27, 'ipi_entry: (Function call interrupts)'],
      [2, 31, 'ipi_exit: (Function call interrupts)'],
      [0, 40, 'ipi_raise: target_mask=00000001 (IRQ work interrupts)'],
      [0, 41, 'ipi_entry: (IRQ work interrupts)'],
      [0, 43, 'ipi_exit: (IRQ work interrupts)'],
    ]);
    expect(columns(result)).toEqual([
      ['ipi/call-to-0', 0, [20_000, 1, 0, 3000, 6000]],
      ['ipi/call-to-2', 2, [20_000, 1, 0, 4000, 7000]],
      ['ipi/reschedule-to-1', 1, [0, 0, 0, 1000, 4000]],
      ['vector/irq_work', null, [41_000, 0, 2000, 0, UNKNOWN_LATENCY]],
    ]);
    expect(result.report).toMatchObject({
      used: { ipi_raise: 3, ipi_entry: 4, ipi_exit: 4 },
      ipis: { arrivals: 3, sent: 3, received: 3, paired: 3, merged: 0, unanswered: 0 },
    });
  });
});
