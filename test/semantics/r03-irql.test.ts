import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

describe('R3: an interrupt is accepted above the IRQL of what runs', () => {
  it('lets equal and lower IRQLs wait, then takes the highest, then the first source', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('top', [1000], { irql: 8, isr: 10_000 }), // to 11500
        device('five', [2000], { irql: 5, isr: 1000 }),
        device('sevenA', [4000], { irql: 7, isr: 1000 }),
        device('sevenB', [3000], { irql: 7, isr: 1000 }), // earlier, but it stands later
        device('equal', [5000], { irql: 8, isr: 1000 }),
      ],
      until: 30_000,
    });
    expect(only('isr-start')).toEqual([
      '1000 p0 isr-start top',
      '11500 p0 isr-start equal',
      '13000 p0 isr-start sevenA',
      '14500 p0 isr-start sevenB',
      '16000 p0 isr-start five',
    ]);
  });

  it('accepts what waits before the interrupted ISR under it goes on, if it is above that', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('bottom', [1000], { irql: 4, isr: 9500 }), // 10000 in all
        device('top', [2000], { irql: 9, isr: 4500 }), // to 7000
        device('between', [3000], { irql: 6, isr: 500 }), // 1000 in all
        device('below', [3500], { irql: 3, isr: 500 }),
      ],
      until: 30_000,
    });
    expect(only('isr-start', 'isr-end')).toEqual([
      '1000 p0 isr-start bottom',
      '2000 p0 isr-start top',
      '7000 p0 isr-end top',
      '7000 p0 isr-start between',
      '8000 p0 isr-end between',
      '17000 p0 isr-end bottom', // 10000 and the 6000 of those above
      '17000 p0 isr-start below',
      '18000 p0 isr-end below',
    ]);
  });

  it('puts the clock, 13, above the highest device, 12', () => {
    const { lines } = traceOf({
      machine: { background: [THREAD], tick: 6000 },
      sources: [device('top', [1000], { irql: 12, isr: 10_000 })],
      until: 14_000,
    });
    expect(lines).toEqual([
      '0 p0 thread',
      '1000 p0 arrival top',
      '1000 p0 isr-start top', // would end at 11500
      '7000 p0 tick request 0 drain 0 maximum 4',
      '13000 p0 tick request 0 drain 0 maximum 4', // due at 12000, when 500 were left
      '13500 p0 isr-end top',
    ]);
  });

  it('lets a device wait for the clock', () => {
    const { only } = traceOf({
      machine: { background: [THREAD], tick: 6000 },
      sources: [device('top', [6500], { irql: 12, isr: 500 })],
      until: 9000,
    });
    expect(only('tick', 'isr-start')).toEqual([
      '7000 p0 tick request 0 drain 0 maximum 4',
      '7000 p0 isr-start top',
    ]);
  });

  it('puts the IPI of ipi-level, 14, above the clock', () => {
    const { only } = traceOf({
      machine: {
        processors: 2,
        ipi: 'ipi-level',
        tick: 100_000,
        tickSkew: 10_000,
        background: [THREAD],
      },
      sources: [device('nic', [107_000], { dpc: dpc({ importance: 'high', target: 1 }) })],
      until: 113_000,
    });
    expect(only('ipi', 'tick', 'drain-start')).toEqual([
      '101000 p0 tick request 0 drain 0 maximum 4',
      '110300 p1 ipi', // sent when the ISR ended at 109500
      '111500 p1 tick request 0 drain 0 maximum 4', // 1000 of its own and 500 of the handler
      '111500 p1 drain-start dispatch',
    ]);
  });

  it('accepts a device above a drain, and the DISPATCH interrupt not above a drain', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      policy: { name: 'loud', extends: 'pre-vista', suppress: false },
      sources: [
        device('a', [1000], { dpc: dpc() }), // drain from 3500, routine from 4000 to 10600
        device('b', [5000], { irql: 3, dpc: dpc() }),
      ],
      until: 16_000,
    });
    expect(only('isr-start', 'drain-start', 'dpc-start')).toEqual([
      '1000 p0 isr-start a',
      '3500 p0 drain-start dispatch',
      '4000 p0 dpc-start a items 1 wait 500',
      '5000 p0 isr-start b',
      '10600 p0 dpc-start b items 1 wait 3100', // in the same drain: its DISPATCH had to wait
      '14700 p0 drain-start dispatch', // and finds nothing
    ]);
  });
});
