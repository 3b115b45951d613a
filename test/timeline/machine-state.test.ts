import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import { conditionHolds } from '../../src/policy/parse-condition.js';
import type { LogEvent } from '../../src/timeline/log-event.js';
import { MachineState } from '../../src/timeline/machine-state.js';
import { irqlOf, type ProcessorState, type QueuedDpc } from '../../src/timeline/processor-state.js';
import { randomScenario } from '../conformance/random-scenario.js';
import { requestsOf } from '../conformance/simulate-models.js';
import type { Dpc } from '../model/dpc.js';
import type { Machine } from '../model/machine.js';
import * as twin from '../model/processor.js';
import { seededDraws } from '../model/seeded-draws.js';
import { twinAfter } from '../model/twin.js';
import { detailedLog } from '../simulate.js';

const RUNS = Number(process.env['DPCBENCH_RANDOM_RUNS'] ?? 40);
const SEED = 20_260_101;
const KINDS = ['idle', 'thread', 'wake', 'drain', 'drain', 'isr', 'clock', 'ipi', 'dpc-thread'];
const ORIGINS: Record<number, string> = {
  [twin.DISPATCH_DRAIN]: 'dispatch',
  [twin.IDLE_DRAIN]: 'idle',
};

/** What an inspector shows of a processor, of the state that the log tells. */
function told(state: MachineState, cpu: ProcessorState, atNs: number): unknown {
  const drain = cpu.stack.find(({ kind }) => kind === 'drain');
  const thread = cpu.stack.find(({ kind }) => kind === 'dpc-thread');
  return {
    irql: irqlOf(cpu, atNs),
    stack: cpu.stack
      .filter(({ kind }) => kind !== 'switch')
      .map(({ index, kind, origin }) => `${kind}${index < 0 ? '' : index}${origin ?? ''}`),
    isSwitching: cpu.stack.some(({ kind }) => kind === 'switch'),
    routine: drain?.routine?.dpc.name ?? null,
    routines: drain?.routines ?? 0,
    threadedRoutine: thread?.routine?.dpc.name ?? null,
    isSending: cpu.stack.filter(({ kind }) => kind === 'isr').map((isr) => isr.isSending),
    halted: cpu.halted,
    requested: cpu.requested,
    draining: cpu.draining,
    dispatchWaiting: cpu.dispatchWaiting,
    ipiWaiting: cpu.ipiWaiting,
    signalled: cpu.signalled,
    threadReady: cpu.threadReady,
    waiting: cpu.waiting.map(({ index }) => index).sort(),
    queue: cpu.queue.map(ofQueue),
    threadedQueue: cpu.threadedQueue.map(ofQueue),
    maximumDepth: cpu.maximumDepth,
    countdown: cpu.countdown,
    rates: [cpu.requestRate, cpu.drainRate, cpu.insertsSinceTick, cpu.dpcsSinceTick],
    ipis: state.ipis.filter(({ to }) => to === cpu.index).map(({ sentNs }) => sentNs),
  };
}

function ofQueue({ name, importance, threaded, queuedNs }: QueuedDpc): unknown {
  return { name, importance, threaded, queuedNs };
}

/** Out of the independent model. */
function expected(m: Machine, cpu: twin.Processor): unknown {
  const levels = Array.from({ length: cpu.top + 1 }, (_, level) => level);
  const isDraining = levels.some(
    (level) => cpu.kinds[level] === twin.DISPATCH_DRAIN || cpu.kinds[level] === twin.IDLE_DRAIN,
  );
  return {
    irql: cpu.irql(),
    stack: levels.map((level) => {
      const kind = cpu.kinds[level];
      const index = kind === twin.ISR ? cpu.lines[level]?.device.index : '';
      return `${KINDS[kind]}${index}${ORIGINS[kind] ?? ''}`;
    }),
    isSwitching: cpu.hasDpcThread() && cpu.switching,
    routine: isDraining && !cpu.entering ? (cpu.routine?.name ?? null) : null,
    routines: isDraining ? cpu.routinesRun : 0,
    threadedRoutine: cpu.hasDpcThread() ? (cpu.threadedRoutine?.name ?? null) : null,
    isSending: levels
      .filter((level) => cpu.kinds[level] === twin.ISR)
      .map((level) => cpu.lines[level]?.sendingIpi),
    halted: cpu.halted && cpu.kinds[0] === twin.IDLE,
    requested: cpu.requested,
    draining: cpu.draining,
    dispatchWaiting: cpu.dispatchWaits,
    ipiWaiting: cpu.ipiWaits,
    signalled: cpu.signalled,
    threadReady: cpu.background?.isReady ?? false,
    waiting: cpu.waitingLines.map(({ device }) => device.index).sort(),
    queue: [...cpu.queue].map(ofTwinQueue),
    threadedQueue: [...cpu.threadedQueue].map(ofTwinQueue),
    maximumDepth: cpu.maximumDepth,
    countdown: cpu.countdown,
    rates: [cpu.requestRate, cpu.drainRate, cpu.insertsSinceTick, cpu.dpcsSinceTick],
    ipis: m.ipis
      .slice(m.firstIpi)
      .filter(({ to }) => to === cpu)
      .map(({ atNs }) => atNs - m.costs.ipiFlightNs),
  };
}

function ofTwinQueue({ name, importance, threaded, queuedNs }: Dpc): unknown {
  return { name, importance, threaded, queuedNs };
}

/** Stops both machines at an instant. Without an end by interrupts: that stops arrivals. */
function compareAt(request: ShardRequest, share: number): void {
  const { scenario, policyIndex, seed, shardIndex, untilInterrupts } = request;
  const atNs = Math.floor(share * (request.untilTimeNs ?? 1_000_000));
  const events = detailedLog({ ...request, untilTimeNs: atNs });
  const state = new MachineState(scenario, policyIndex);
  for (const event of events) state.apply(event);
  const draws = seededDraws(scenario, seed, shardIndex);
  const m = twinAfter(scenario, policyIndex, { draws, untilTimeNs: atNs, untilInterrupts });
  const endNs = Math.min(atNs, m.stop?.atNs ?? atNs);
  state.processors.forEach((cpu, i) => {
    // A run by interrupts may end within an instant, where neither machine is at rest.
    const what = `processor ${i} at ${endNs} ns`;
    expect(told(state, cpu, endNs), what).toEqual(expected(m, m.processors[i]));
  });
}

describe('the state that the log tells', () => {
  it.each([
    { name: 'constant durations', isDrawn: false },
    { name: 'drawn durations', isDrawn: true },
  ])('is that of the independent model, with $name', { timeout: 120_000 }, ({ isDrawn }) => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(randomScenario({ isDrawn }), fc.nat(), share, (written, seed, at) => {
        for (const request of requestsOf(written, { seed })) {
          compareAt({ ...request, untilInterrupts: null }, at);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('holds the facts by which R10 answered', { timeout: 120_000 }, () => {
    const asked: Record<string, number> = {};
    fc.assert(
      fc.property(randomScenario({ isDrawn: false }), fc.nat(), (written, seed) => {
        for (const request of requestsOf(written, { seed })) {
          const events = detailedLog({ ...request, untilTimeNs: request.untilTimeNs ?? 100_000 });
          const state = new MachineState(request.scenario, request.policyIndex);
          for (const event of events) {
            const before = structuredClone(state.processors);
            state.apply(event);
            checkAnswer(request, state, before, event, asked);
          }
        }
      }),
      { numRuns: 15, seed: SEED },
    );
    expect(Object.keys(asked).sort()).toEqual(['ipi', 'local', 'none', 'suppressed']);
  });
});

/** Asks the policy again, with the facts that were worked out. */
function checkAnswer(
  { scenario, policyIndex }: ShardRequest,
  state: MachineState,
  before: readonly ProcessorState[],
  event: LogEvent,
  asked: Record<string, number>,
): void {
  if (event.e !== 'insert' || !event.queued || event.request === undefined) return;
  const dpc = state.processors[event.target].queue.find(({ object }) => object === event.object);
  if (dpc === undefined) return;
  const policy = scenario.policies[policyIndex];
  const isCurrent = event.p === event.target;
  const condition = (isCurrent ? policy.current : policy.other)[dpc.importance];
  const { draining, requested } = before[event.target];
  const isSuppressed = policy.suppress && (draining || requested);
  const answer = !conditionHolds(condition, dpc.facts)
    ? 'none'
    : isSuppressed
      ? 'suppressed'
      : isCurrent
        ? 'local'
        : 'ipi';
  expect(event.request).toBe(answer);
  asked[answer] = (asked[answer] ?? 0) + 1;
}
