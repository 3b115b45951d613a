import type { Scenario } from '../scenario/scenario.js';
import { formatCountOf, formatNs } from '../units.js';
import { activityOf } from './activity.js';
import { decisionReason } from './decision-reason.js';
import type { DpcStartEvent, InsertEvent, LogEvent } from './log-event.js';
import type { MachineState } from './machine-state.js';
import { irqlOf, type ProcessorState } from './processor-state.js';

/** An event as a person would tell it: the rule that acted (docs/semantics.md), and why. */
export interface Step {
  t: number;
  p: number;
  rule: string;
  /** Names in it are the scenario's and may hold anything: escape them for where they go. */
  text: string;
}

/**
 * What happened and why; null for an event that tells nothing more than the one before it. `state`
 * is the machine right after the event.
 */
export function explainEvent(
  event: LogEvent,
  state: MachineState,
  scenario: Scenario,
  policyIndex: number,
): Step | null {
  const said = say(event, state, scenario, policyIndex);
  return said === null ? null : { t: event.t, p: event.p, rule: said[0], text: said[1] };
}

type Said = readonly [rule: string, text: string] | null;

function say(event: LogEvent, state: MachineState, scenario: Scenario, policyIndex: number): Said {
  const cpu = state.processors[event.p];
  switch (event.e) {
    case 'arrival':
    case 'raise':
      return sayRaise(event, cpu);
    case 'isr-start':
      return ['R7', `The ISR of ${event.source} starts, at IRQL ${irqlOf(cpu, event.t)}.`];
    case 'isr-end':
      return ['R7', `The ISR of ${event.source} ends.`];
    case 'insert':
      return sayInsert(event, state, scenario, policyIndex);
    case 'ipi':
      return ['R11', `The IPI arrives${ipiMeets(cpu, scenario, event.t)}.`];
    case 'drain-start':
      return event.origin === 'dispatch'
        ? ['R12', 'The DISPATCH interrupt is accepted: a drain starts on the DPC stack.']
        : ['R14', 'The idle loop finds the queue and drains it, on the idle stack.'];
    case 'dpc-start':
      return [isThreadedNow(cpu, event.object) ? 'R22' : 'R13', sayRoutine(event)];
    case 'dpc-end':
      return ['R13', `The routine of ${event.dpc} ends.`];
    case 'drain-end':
      return ['R13', sayDrainEnd(event.dpcs, cpu)];
    default:
      return sayElse(event, cpu);
  }
}

function sayRaise(event: LogEvent & { e: 'arrival' | 'raise' }, cpu: ProcessorState): Said {
  const { outcome, source } = event;
  const dropped = event.e === 'arrival' && event.dropped ? ' Its item is dropped: no room.' : '';
  if (outcome === 'held')
    return ['R24', `${source} has work and holds its interrupt back.${dropped}`];
  const rule = event.e === 'raise' ? 'R24' : outcome === 'merged' ? 'R6' : 'R5';
  if (outcome === 'merged') {
    return [rule, `${source} interrupts again: it merges with the one that waits.${dropped}`];
  }
  const irql = irqlOf(cpu, event.t);
  const own = cpu.waiting.at(-1)?.irql ?? 0;
  const waits =
    own > irql ? '' : `: it waits, IRQL ${own} against ${irql} of ${activityOf(cpu, event.t)}`;
  return [rule, `${source} interrupts processor ${cpu.index}${waits}.${dropped}`];
}

function sayInsert(
  event: InsertEvent & { t: number; p: number },
  state: MachineState,
  scenario: Scenario,
  policyIndex: number,
): Said {
  const target = state.processors[event.target];
  const to = event.p === event.target ? 'itself' : `processor ${event.target}`;
  const who = `Processor ${event.p} queues ${event.dpc} to ${to}`;
  const list = [...target.queue, ...target.threadedQueue];
  const dpc = list.find(({ object }) => object === event.object);
  if (!event.queued || dpc === undefined) {
    return [
      'R9',
      `Processor ${event.p} queues ${event.dpc}, which is queued already: nothing changes.`,
    ];
  }
  const { minimumDpcRate } = scenario.machine.tunables;
  const policy = scenario.policies[policyIndex];
  const reason = decisionReason({ dpc, target, policy, minimumDpcRate });
  return [dpc.threaded ? 'R22' : 'R10', `${who}, depth ${event.depth}. ${reason}`];
}

function sayRoutine({ dpc, items, wait }: DpcStartEvent): string {
  const taken = formatCountOf(items, 'item');
  return `The routine of ${dpc} starts after a wait of ${formatNs(wait)}, with ${taken}.`;
}

function wakesFor({ dispatchWaiting, threadReady }: ProcessorState): string {
  if (dispatchWaiting) return 'the DISPATCH interrupt';
  return threadReady ? 'a thread that is ready' : 'an interrupt';
}

function isThreadedNow(cpu: ProcessorState, object: number): boolean {
  return cpu.stack.some(
    ({ kind, routine }) => kind === 'dpc-thread' && routine?.dpc.object === object,
  );
}

function ipiMeets(cpu: ProcessorState, { machine }: Scenario, nowNs: number): string {
  const irql = irqlOf(cpu, nowNs);
  if (machine.ipi === 'ipi-level' || irql < 2) return '';
  return `, and waits: ${activityOf(cpu, nowNs)} is at IRQL ${irql}`;
}

function sayDrainEnd(routines: number, cpu: ProcessorState): string {
  const ran = `The drain ends after ${formatCountOf(routines, 'routine')}`;
  if (cpu.queue.length === 0) return routines === 0 ? `${ran}: nothing was queued.` : `${ran}.`;
  return `${ran}, as the policy bounds it, with ${cpu.queue.length} still queued.`;
}

function sayElse(event: LogEvent, cpu: ProcessorState): Said {
  switch (event.e) {
    case 'tick': {
      const rates = `request rate ${event.requestRate}, drain rate ${event.drainRate}`;
      return event.rescue
        ? [
            'R16',
            `The clock finds ${cpu.queue.length} queued that nobody is asked to drain: rescue.`,
          ]
        : ['R16', `The clock ends: ${rates}, maximum depth ${event.maximum}.`];
    }
    case 'clock-start':
      return ['R15', 'The clock ticks.'];
    case 'ipi-start':
      return ['R11', 'The handler of the IPI starts, at IRQL 14.'];
    case 'ipi-end':
      return ['R11', 'The handler of the IPI ends and leaves a DISPATCH interrupt waiting.'];
    case 'wake':
      return ['R14', `The processor leaves its halt for ${wakesFor(cpu)}.`];
    case 'halt':
      return ['R14', 'Nothing to do: the idle loop halts the processor.'];
    case 'ready':
      return ['R17', 'A thread is ready.'];
    case 'thread':
      return ['R17', 'A thread runs.'];
    case 'idle':
      return ['R17', 'The thread ends: the idle loop is the bottom again.'];
    case 'dpc-thread':
      return ['R22', 'The DPC thread takes over, and is switched to.'];
    case 'dpc-thread-end':
      return ['R22', 'The DPC thread has emptied its list and gives way.'];
    case 'watchdog':
      return ['R23', `The watchdog times out (${event.kind}).`];
    default:
      return null;
  }
}
