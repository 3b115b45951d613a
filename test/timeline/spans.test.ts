import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeSplit } from '../../src/result/outcome.js';
import { type Span, type SpanKind } from '../../src/timeline/spans.js';
import { type Timeline, TimelineBuilder } from '../../src/timeline/timeline.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { randomScenario } from '../conformance/random-scenario.js';
import { requestsOf } from '../conformance/simulate-models.js';
import { detailedLog, simulateShard } from '../simulate.js';

const RUNS = 40;
const SEED = 20_260_102;

const TIME_OF: Record<Exclude<SpanKind, 'drain' | 'routine'>, keyof TimeSplit> = {
  poll: 'idleNs',
  halt: 'idleNs',
  wake: 'idleNs',
  passive: 'threadNs',
  'spin-lock': 'threadNs',
  'dpc-thread': 'dpcThreadNs',
  switch: 'dpcThreadNs',
  isr: 'isrNs',
  clock: 'clockNs',
  ipi: 'ipiNs',
};

/** The kernel's own split of time, out of spans: what a span did not spend under another one. */
function timeSplit(spans: readonly Span[]): Record<string, number> {
  const split: Record<string, number> = {};
  for (const span of spans) {
    const ownNs = span.endNs - span.startNs - coveredNs(span, spans);
    const name = nameOfTime(span);
    split[name] = (split[name] ?? 0) + ownNs;
  }
  return split;
}

function nameOfTime({ kind, origin }: Span): keyof TimeSplit {
  if (kind !== 'drain' && kind !== 'routine') return TIME_OF[kind];
  if (origin === null) return 'dpcThreadNs';
  return origin === 'idle' ? 'idleDrainNs' : 'dispatchDrainNs';
}

/** Lengths of what lies right above, be it within the span or, at level 0, beside it. */
function coveredNs(span: Span, spans: readonly Span[]): number {
  if (span.level === 0) return 0;
  const above = spans.filter(
    (other) =>
      other.level > span.level &&
      other.startNs >= span.startNs &&
      other.endNs <= span.endNs &&
      other.startNs < other.endNs,
  );
  let coveredNs = 0;
  let untilNs = span.startNs;
  for (const { endNs, startNs } of above.sort((a, b) => a.startNs - b.startNs)) {
    coveredNs += Math.max(0, endNs - Math.max(untilNs, startNs));
    untilNs = Math.max(untilNs, endNs);
  }
  return coveredNs;
}

function timelineOf(
  request: ReturnType<typeof requestsOf>[number],
  window: { fromNs: number; toNs: number },
): Timeline {
  const builder = new TimelineBuilder(request.scenario, request.policyIndex, window);
  for (const event of detailedLog({ ...request, untilTimeNs: window.toNs })) builder.add(event);
  return builder.finish();
}

describe('spans', () => {
  it('spend the time that the kernel says was spent', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(randomScenario({ isDrawn: true }), fc.nat(), (written, seed) => {
        for (const each of requestsOf(written, { seed })) {
          const untilTimeNs = Math.min(each.untilTimeNs ?? Infinity, 60_000);
          const request = { ...each, untilTimeNs, untilInterrupts: null };
          const outcome = simulateShard(request);
          const { spans } = timelineOf(request, { fromNs: 0, toNs: outcome.endNs });
          outcome.processors.forEach(({ timeSplit: split }, i) => {
            const own = spans.filter(({ processor }) => processor === i);
            const { dispatchDrainNs, idleDrainNs, ...rest } = split;
            const told = timeSplit(own);
            for (const [name, ns] of Object.entries({ dispatchDrainNs, idleDrainNs, ...rest })) {
              expect(told[name] ?? 0, `${name} of processor ${i}`).toBe(Number(ns));
            }
          });
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('nest, and the bottom lies beside what is above it', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(randomScenario({ isDrawn: false }), fc.nat(), (written, seed) => {
        const [request] = requestsOf(written, { seed });
        const toNs = Math.min(request.untilTimeNs ?? Infinity, 40_000);
        const { spans } = timelineOf(request, { fromNs: 0, toNs });
        for (const span of spans.filter(({ level }) => level > 1)) {
          const isCarried = spans.some(
            (under) =>
              under.processor === span.processor &&
              under.level < span.level &&
              under.level > 0 &&
              under.startNs <= span.startNs &&
              under.endNs >= span.endNs &&
              under.irql <= span.irql,
          );
          expect(isCarried, JSON.stringify(span)).toBe(true);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

/** What of a timeline touches a part of its window; a halt that began before begins with it. */
function touching(timeline: Timeline, { fromNs, toNs }: { fromNs: number; toNs: number }): object {
  const spans = timeline.spans
    .filter(({ endNs, startNs }) => endNs >= fromNs && startNs <= toNs)
    .map((span) => {
      const isIdle = span.kind === 'halt' || span.kind === 'poll';
      return isIdle ? { ...span, startNs: Math.max(span.startNs, fromNs) } : span;
    })
    .filter(({ endNs, startNs, level }) => level > 0 || endNs > startNs);
  const arrows = timeline.arrows.filter((each) => each.toNs >= fromNs && each.fromNs <= toNs);
  return { spans, arrows };
}

describe('a window', () => {
  it('of a machine under way is the part of the whole', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        randomScenario({ isDrawn: true }),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (written, seed, share) => {
          const [request] = requestsOf(written, { seed });
          const toNs = Math.min(request.untilTimeNs ?? Infinity, 60_000);
          const window = { fromNs: Math.floor(share * toNs), toNs };
          const whole = timelineOf(request, { fromNs: 0, toNs });
          expect(touching(timelineOf(request, window), window)).toEqual(touching(whole, window));
        },
      ),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

describe('arrows', () => {
  const scenario = resolveScenario({
    name: 'one IPI',
    machine: { processors: 2, costs: { ipiFlight: 800 } },
    sources: [
      {
        name: 'nic',
        irql: 5,
        processor: 0,
        isr: 1000,
        arrivals: { at: [10_000] },
        dpc: { importance: 'high', target: 1, service: 2000 },
      },
    ],
    policies: ['pre-vista'],
    until: { time: 30_000 },
  });
  const request = {
    scenario,
    policyIndex: 0,
    seed: 1,
    shardIndex: 0,
    untilTimeNs: 30_000,
    untilInterrupts: null,
    warmupNs: 0,
  };

  it('go from an insert to its routine, and from a request to its delivery', () => {
    const { arrows, spans } = timelineOf(request, { fromNs: 0, toNs: 30_000 });
    const both = { label: 'nic', index: 0, from: 0, to: 1, request: 'ipi' };
    // Both processors are halted: the ISR pays 2,000 ns of exit, and the woken one 2,000 ns.
    const fromNs = 10_000 + 2000 + 500 + 1000;
    expect(arrows).toEqual([
      { kind: 'ipi', ...both, fromNs, toNs: fromNs + 800 },
      { kind: 'dpc', ...both, fromNs, toNs: fromNs + 800 + 2000 },
    ]);
    expect(
      spans
        .filter(({ processor }) => processor === 1)
        .map(({ kind, origin, startNs, endNs }) => `${kind} ${origin ?? ''} ${startNs} ${endNs}`),
    ).toEqual([
      'halt  0 14300',
      'wake  14300 16300',
      'drain idle 16300 18400',
      'routine idle 16300 18400',
      'halt  18400 30000',
    ]);
  });

  it('and spans are those that touch the window', () => {
    const { arrows, events, spans } = timelineOf(request, { fromNs: 15_000, toNs: 17_000 });
    expect(arrows.map(({ kind }) => kind)).toEqual(['dpc']);
    expect(events.every(({ t }) => t >= 15_000 && t <= 17_000)).toBe(true);
    expect(spans.map(({ kind, isOpen, processor }) => `${processor} ${kind} ${isOpen}`)).toEqual([
      '0 halt true',
      '1 wake false',
      '1 drain true',
      '1 routine true',
    ]);
  });
});

describe('a thread that takes a lock', () => {
  /** What a thread of so many ns is cut into, by its sections of 10 ns each. */
  const piecesOf = (busyNs: number): string[] => {
    const scenario = resolveScenario({
      machine: {
        processors: 1,
        background: { busy: `${busyNs}ns`, idle: '1us', passive: '10ns', dispatch: '10ns' },
      },
      sources: [{ name: 'a', irql: 5, isr: '1us', arrivals: { at: [] } }],
      policies: ['vista'],
      until: { time: '150us' },
    });
    const request = { scenario, policyIndex: 0, shardIndex: 0, seed: 1, warmupNs: 0 };
    const limits = { untilTimeNs: 150_000, untilInterrupts: null };
    const { spans } = timelineOf({ ...request, ...limits }, { fromNs: 0, toNs: 150_000 });
    const own = spans.filter(({ kind }) => kind === 'passive' || kind === 'spin-lock');
    const first = own.filter(({ startNs }) => startNs < own[0].startNs + busyNs);
    return first.map(({ endNs, irql, kind, startNs }) => `${kind} ${irql} ${endNs - startNs}`);
  };

  it('is told in its sections, up to ten thousand of them', () => {
    expect(piecesOf(45)).toEqual([
      'passive 0 10',
      'spin-lock 2 10',
      'passive 0 10',
      'spin-lock 2 10',
      'passive 0 5',
    ]);
    expect(piecesOf(100_000)).toHaveLength(10_000);
    expect(piecesOf(100_001)).toEqual(['passive 0 100001']);
  });
});
