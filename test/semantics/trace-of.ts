import { expect } from 'vitest';
import { fingerprint } from '../../bench/fingerprint.js';
import type { ShardOutcome } from '../../src/result/outcome.js';
import { simulateShard, traceShard } from '../simulate.js';
import type { ShardRequest, TraceEvent } from '../../src/kernel/simulate.js';
import { resolveScenario } from '../../src/scenario/parse.js';

/**
 * The times in these tests are worked out by hand from the default costs, in ns: interrupt 500,
 * clock 1000, dispatch 500, dequeue 100, ipiSend 200, ipiFlight 800, ipiHandler 500, haltExit 2000,
 * threadSwitch 1500.
 * A test that sets others says so. The tick is far away unless a test gives one.
 */
const FAR_TICK = '1s';

/** What a test says of its scenario; the rest is what `device` and the defaults below give. */
export interface Written {
  machine?: Record<string, unknown>;
  sources: Record<string, unknown>[];
  policy?: string | Record<string, unknown>;
  until: Record<string, unknown> | number;
}

/** A thread that never ends, from time 0; and none. */
export const THREAD = { busy: '1000s', idle: 0 };
export const NO_THREAD = { busy: 0, idle: 0 };

/** A device source at IRQL 5 on processor 0: ISR 2 µs, so 2,500 ns with `costs.interrupt`. */
export function device(
  name: string,
  at: number[],
  rest: Record<string, unknown> = {},
): Record<string, unknown> {
  return { name, irql: 5, processor: 0, isr: 2000, arrivals: { at }, ...rest };
}

/** Its DPC: Medium, current processor, 4 µs, so 4,100 ns with `costs.dequeue`. */
export function dpc(rest: Record<string, unknown> = {}): Record<string, unknown> {
  return { importance: 'medium', target: 'current', service: 4000, ...rest };
}

export interface Trace {
  /** The event log, a short line for each event. */
  lines: string[];
  /** Only the lines with one of these events. */
  only(...events: string[]): string[];
  outcome: ShardOutcome;
}

/**
 * Runs a scenario with the event log on, then in both builds and both engines, which must agree
 * with it to the last bit.
 */
export function traceOf(written: Written): Trace {
  const { machine, sources, policy = 'pre-vista', until } = written;
  const scenario = resolveScenario({
    machine: { tick: FAR_TICK, ...machine },
    sources,
    policies: [policy],
    until: typeof until === 'number' ? { time: until } : until,
  });
  const request: ShardRequest = {
    scenario,
    policyIndex: 0,
    seed: 1,
    shardIndex: 0,
    untilTimeNs: scenario.until.timeNs,
    untilInterrupts: scenario.until.interrupts,
    warmupNs: 0,
  };
  const events: TraceEvent[] = [];
  const outcome = traceShard(request, (batch) => events.push(...batch));
  for (const build of ['release', 'debug'] as const) {
    for (const lockstep of [false, true]) {
      const other = simulateShard(request, { build, lockstep });
      expect(fingerprint(other), `${build}, lockstep ${lockstep}`).toBe(fingerprint(outcome));
    }
  }
  return {
    lines: events.map(lineOf),
    only: (...wanted) => events.filter(({ e }) => wanted.includes(e)).map(lineOf),
    outcome,
  };
}

/** `52500 p0 insert nic -> 1 depth 1 ipi` */
function lineOf(event: TraceEvent): string {
  const { t, p, e } = event;
  const words = [t, `p${p}`, e];
  switch (e) {
    case 'arrival':
      words.push(event.source as string);
      if (event.outcome !== 'raised') words.push(event.outcome as string);
      if (event.dropped) words.push('dropped');
      break;
    case 'raise':
      words.push(event.source as string);
      if (event.outcome !== 'raised') words.push(event.outcome as string);
      break;
    case 'watchdog':
      words.push(event.kind as string);
      if (event.dpc !== undefined) words.push('dpc', event.dpc as string);
      if (event.source !== undefined) words.push('isr', event.source as string);
      break;
    case 'isr-start':
    case 'isr-end':
      words.push(event.source as string);
      break;
    case 'insert':
      words.push(event.dpc as string, '->', event.target as number);
      if (event.queued) words.push('depth', event.depth as number, event.request as string);
      else words.push('coalesced');
      break;
    case 'drain-start':
      words.push(event.origin as string);
      break;
    case 'dpc-start':
      words.push(event.dpc as string, 'items', event.items as number, 'wait', event.wait as number);
      break;
    case 'dpc-end':
      words.push(event.dpc as string);
      break;
    case 'drain-end':
      words.push(event.dpcs as number);
      break;
    case 'tick':
      words.push('request', event.requestRate as number, 'drain', event.drainRate as number);
      words.push('maximum', event.maximum as number);
      if (event.rescue) words.push('rescue');
      break;
  }
  return words.join(' ');
}
