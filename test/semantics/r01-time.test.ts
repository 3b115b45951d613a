import { afterEach, describe, expect, it, vi } from 'vitest';
import { device, dpc, traceOf } from './trace-of.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const RANDOM = {
  sources: [
    {
      name: 'nic',
      irql: 5,
      isr: { exponential: '1us' },
      arrivals: { poisson: '50000/s' },
      dpc: dpc({ service: { lognormal: { mean: '4us', p99: '20us' } } }),
    },
  ],
  until: 10_000_000,
};

describe('R1: simulated time', () => {
  it('starts at 0, where things already happen', () => {
    const { lines, outcome } = traceOf({
      sources: [device('nic', [0], { dpc: dpc() })],
      until: 9000,
    });
    expect(lines).toEqual([
      '0 p0 arrival nic',
      '0 p0 isr-start nic', // before the halt of this instant, so there is none to leave
      '2500 p0 insert nic -> 0 depth 1 local',
      '2500 p0 isr-end nic',
      '2500 p0 drain-start idle',
      '2500 p0 dpc-start nic items 1 wait 0',
      '6600 p0 dpc-end nic',
      '6600 p0 drain-end 1',
      '6600 p0 halt',
    ]);
    expect(outcome.endNs).toBe(9000);
  });

  it('keeps every nanosecond, even after eleven days', () => {
    const { only } = traceOf({
      machine: { tick: '1000000s' },
      sources: [device('nic', [999_999_999_990_001])],
      until: 1_000_000_000_000_000,
    });
    expect(only('arrival', 'isr-end')).toEqual([
      '999999999990001 p0 arrival nic',
      '999999999994501 p0 isr-end nic', // haltExit 2000 + interrupt 500 + ISR 2000
    ]);
  });

  it('is a whole number, whatever is drawn, and never goes back', () => {
    const { lines } = traceOf(RANDOM);
    const times = lines.map((line) => line.split(' ')[0]);
    expect(times.length).toBeGreaterThan(1000);
    expect(times.every((time) => /^\d+$/.test(time))).toBe(true);
    const numbers = times.map(Number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('asks no clock of the host', () => {
    const expected = traceOf(RANDOM).lines;
    const refuse = (): never => {
      throw new Error('the simulation read a clock');
    };
    vi.spyOn(Date, 'now').mockImplementation(refuse);
    vi.spyOn(performance, 'now').mockImplementation(refuse);
    vi.spyOn(Math, 'random').mockImplementation(refuse);
    let lines: string[] = [];
    try {
      lines = traceOf(RANDOM).lines;
    } finally {
      vi.restoreAllMocks();
    }
    expect(lines).toEqual(expected);
  });
});
