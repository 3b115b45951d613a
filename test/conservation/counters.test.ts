import { describe, expect, it } from 'vitest';
import { COUNTER_NAMES } from '../../src/result/outcome.js';
import type { CounterName, HistogramData, ScopeOutcome } from '../../src/result/outcome.js';
import { addHistograms, emptyHistogram } from '../../src/result/histogram.js';
import { BY_INTERRUPTS, BY_TIME, CASES, outcomeOf, scenarioOf, TIMERS } from './machines.js';

const LATENCIES = ['isrWait', 'dpcWait', 'interruptToDpc'] as const;
/** What sources count; the rest belongs to processors alone. */
const PER_SOURCE: CounterName[] = [
  'arrivals',
  'merged',
  'dropped',
  'isrs',
  'inserts',
  'coalesced',
  'localRequests',
  'ipis',
  'suppressed',
  'declined',
  'dpcs',
  'missed',
  'held',
  'stillQueued',
];

/** Every latency recorded is one of something that was counted, and every insert had one answer. */
function expectOwnBalance({ counters, isrWait, dpcWait }: ScopeOutcome): void {
  const { localRequests, ipis, suppressed, declined, inserts } = counters;
  expect(localRequests + ipis + suppressed + declined).toBe(inserts);
  expect(inserts).toBe(counters.dpcs + counters.stillQueued);
  expect(isrWait.count).toBe(counters.isrs);
  expect(dpcWait.count).toBe(counters.dpcs);
}

function sumOf(scopes: readonly ScopeOutcome[], name: CounterName): number {
  return scopes.reduce((sum, { counters }) => sum + (counters[name] ?? 0), 0);
}

function expectSameHistogram(actual: HistogramData, expected: HistogramData): void {
  const columns = (of: HistogramData): unknown => ({ ...of, counts: [...of.counts] });
  expect(columns(actual)).toEqual(columns(expected));
}

describe.each(CASES)('%s, %s', (name, _policy, index) => {
  it('loses no insert, ISR or item when a run ends by time', () => {
    const scenario = scenarioOf(name);
    const { machine, sources, processors } = outcomeOf(scenario, index, BY_TIME);
    expect(machine.counters.arrivals).toBeGreaterThan(400);
    expect(machine.counters.dpcs).toBeGreaterThan(200);
    for (const scope of [machine, ...sources, ...processors]) expectOwnBalance(scope);
    scenario.sources.forEach((source, i) => {
      const { counters, interruptToDpc } = sources[i];
      const lines = source.kind === 'device' ? new Set(source.processors).size : 0;
      // One interrupt of each line may be waiting, and so may the items that nobody has taken.
      const waiting = counters.arrivals - counters.merged - counters.isrs;
      expect(waiting).toBeGreaterThanOrEqual(0);
      // Some arrivals that were held raised an interrupt when the time was over.
      expect(waiting).toBeLessThanOrEqual(lines + (counters.held ?? 0));
      const items = counters.arrivals - counters.dropped - interruptToDpc.count;
      expect(items).toBeGreaterThanOrEqual(0);
      expect(items).toBeLessThanOrEqual(source.kind === 'device' ? source.fifo * lines : 1024);
    });
  });

  it('serves every arrival when it ends by number of interrupts', () => {
    const { machine, sources, unserved } = outcomeOf(scenarioOf(name), index, BY_INTERRUPTS);
    expect(unserved).toBe(0);
    expect(machine.counters.arrivals).toBe(BY_INTERRUPTS.untilInterrupts);
    expect(machine.counters.stillQueued).toBe(0);
    for (const { counters, interruptToDpc } of sources) {
      expect(counters.arrivals - counters.isrs - counters.merged).toBeGreaterThanOrEqual(0);
      expect(counters.arrivals - counters.isrs - counters.merged).toBeLessThanOrEqual(
        counters.held ?? 0,
      );
      expect(interruptToDpc.count).toBe(counters.arrivals - counters.dropped);
    }
  });

  it('counts the same by source as by processor', () => {
    const { sources, processors } = outcomeOf(scenarioOf(name), index, BY_TIME);
    for (const counter of PER_SOURCE) {
      expect(sumOf(sources, counter), counter).toBe(sumOf(processors, counter));
    }
    for (const counter of COUNTER_NAMES.filter((each) => !PER_SOURCE.includes(each))) {
      expect(sumOf(sources, counter), counter).toBe(0);
    }
    for (const latency of LATENCIES) {
      const total = (scopes: readonly ScopeOutcome[]): HistogramData =>
        scopes.map((scope) => scope[latency]).reduce(addHistograms, emptyHistogram());
      expectSameHistogram(total(sources), total(processors));
    }
  });

  it('books timer DPCs on processors alone, and their items on the timers too', () => {
    const { machine, sources, processors } = outcomeOf(scenarioOf(name, TIMERS), index, BY_TIME);
    for (const scope of [machine, ...sources, ...processors]) expectOwnBalance(scope);
    const timers = sources.slice(-TIMERS.length);
    expect(timers.map(({ counters }) => counters.inserts)).toEqual([0, 0]);
    expect(sumOf(sources, 'inserts')).toBeLessThan(machine.counters.inserts);
    expect(sumOf(sources, 'missed')).toBe(machine.counters.missed);
    const items = sources.reduce((sum, { interruptToDpc }) => sum + interruptToDpc.count, 0);
    expect(items).toBe(machine.interruptToDpc.count);
    // Every due time up to the last tick that expired something is served, missed or waiting.
    const [fast] = timers;
    const known = fast.interruptToDpc.count + fast.counters.missed + fast.counters.dropped;
    const due = Math.floor((20_000_000 - 30_000) / 70_000) + 1;
    expect(known).toBeLessThanOrEqual(due);
    expect(known).toBeGreaterThan(0);
  });
});
