import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { expectedEvents } from '../../src/run/expected-events.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { simulateShard } from '../simulate.js';

/** Prime, so that chunks end between events of any rhythm. */
const CHUNKS_NS = [7_919, 1_000_003, 15_625_000];
const END_NS = 40_000_000;

describe('how often the host is heard', () => {
  it.each(['w8', 'default', 'single-queue-rss', 'deep-idle'])('changes nothing in %s', (name) => {
    const scenario = loadScenario(name);
    const span = { seed: 11, shardIndex: 0, untilInterrupts: null, warmupNs: 0 };
    const request = { ...span, scenario, policyIndex: 0, untilTimeNs: END_NS };
    for (const lockstep of [false, true]) {
      const whole = simulateShard(request, { lockstep });
      expect(whole.machine.counters.arrivals).toBeGreaterThan(0);
      for (const chunkNs of CHUNKS_NS) {
        const heard: number[] = [];
        const onProgress = ({ timeNs }: { timeNs: number }): boolean => heard.push(timeNs) > 0;
        expect(simulateShard(request, { lockstep, chunkNs, onProgress })).toEqual(whole);
        expect(heard.length).toBeGreaterThanOrEqual(Math.floor(END_NS / chunkNs) - 1);
      }
    }
  });
});

function machineOf(machine: object, until: object): Scenario {
  const sources = [{ name: 'nic', irql: 5, isr: 1000, arrivals: { poisson: 10 } }];
  return parseScenario(JSON.stringify({ machine, sources, policies: ['vista'], until }), 'x.json');
}

describe('expected events', () => {
  it('are interrupts where the clock is slow, and ticks where it is fast', () => {
    const slow = machineOf({ processors: 1, tick: '1s' }, { interrupts: 1000 });
    expect(expectedEvents(slow)).toBeCloseTo(1000 + 100, 5);
    const fast = machineOf({ processors: 1024, tick: '100us' }, { time: '2s' });
    expect(expectedEvents(fast)).toBeCloseTo(20 + 1024 * 20_000, 5);
  });

  it('count the sections of threads', () => {
    const background = { busy: '10us', idle: '10us', passive: '4us', dispatch: '1us' };
    const machine = { processors: 2, tick: '1s', background };
    expect(expectedEvents(machineOf(machine, { time: '1s' }))).toBeCloseTo(
      10 + 2 + 2 * (2 / 20e-6 + 2 / 5e-6),
      3,
    );
  });
});
