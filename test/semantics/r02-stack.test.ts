import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

describe('R2: a processor runs one activity at a time, and they nest', () => {
  it('lets an interrupted ISR and an interrupted routine keep their remaining time', () => {
    const { lines, outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('disk', [10_000], { irql: 4, isr: 10_000, dpc: dpc() }),
        device('nic', [12_000], { irql: 8, dpc: dpc() }),
        device('usb', [25_000], { irql: 3, isr: 1000 }),
      ],
      until: 40_000,
    });
    expect(lines).toEqual([
      '0 p0 thread',
      '10000 p0 arrival disk',
      '10000 p0 isr-start disk', // would end at 20500
      '12000 p0 arrival nic',
      '12000 p0 isr-start nic',
      '14500 p0 insert nic -> 0 depth 1 local',
      '14500 p0 isr-end nic', // disk has 20500 - 12000 = 8500 left
      '23000 p0 insert disk -> 0 depth 2 suppressed',
      '23000 p0 isr-end disk',
      '23000 p0 drain-start dispatch',
      '23500 p0 dpc-start nic items 1 wait 9000', // would end at 27600
      '25000 p0 arrival usb',
      '25000 p0 isr-start usb',
      '26500 p0 isr-end usb',
      '29100 p0 dpc-end nic',
      '29100 p0 dpc-start disk items 1 wait 6100',
      '33200 p0 dpc-end disk',
      '33200 p0 drain-end 2',
    ]);
    const { timeSplit } = outcome.processors[0];
    expect(timeSplit).toEqual({
      isrNs: 10_500 + 2500 + 1500, // each once, however often interrupted
      clockNs: 0,
      ipiNs: 0,
      dispatchDrainNs: 500 + 2 * 4100,
      idleDrainNs: 0,
      threadNs: 10_000 + (40_000 - 33_200),
      idleNs: 0,
    });
  });

  it('nests five deep: thread, drain, two ISRs, clock', () => {
    const { only } = traceOf({
      machine: { background: [THREAD], tick: 20_000 },
      sources: [
        device('low', [1000], { irql: 3, dpc: dpc({ service: 50_000 }) }),
        device('disk', [10_000], { irql: 4, isr: 9500 }),
        device('nic', [12_000], { irql: 8, isr: 9500 }),
      ],
      until: 32_000,
    });
    // nic would end at 22000; the tick of 20000 runs for 1000 above it.
    expect(only('tick', 'isr-end')).toEqual([
      '3500 p0 isr-end low',
      '21000 p0 tick request 0 drain 0 maximum 4',
      '23000 p0 isr-end nic',
      '31000 p0 isr-end disk', // 10000 for itself, 10000 for nic, 1000 for the clock
    ]);
  });
});
