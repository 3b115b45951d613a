import type { ShardOutcome } from '../src/result/outcome.js';
import { resolveScenario } from '../src/scenario/parse.js';
import type { Scenario } from '../src/scenario/scenario.js';
import { WORKLOAD_SIZES, standardWorkload } from '../src/scenario/workloads.js';
import type { Unit } from './bench-case.js';

/** A scenario under one of its policies, and the work by which its speed is given. */
export interface Workload {
  name: string;
  scenario: Scenario;
  policyIndex: number;
  untilTimeNs: number | null;
  untilInterrupts: number | null;
  unit: Unit;
  workOf: (outcome: ShardOutcome) => number;
}

/** `w1` to `w512` under both policies, so many interrupts each. */
export function standardWorkloads(interrupts: number): Workload[] {
  return WORKLOAD_SIZES.flatMap((processors) => {
    const scenario = resolveScenario(standardWorkload(processors));
    return scenario.policies.map((policy, policyIndex) => ({
      name: `${scenario.name} ${policy.name}`,
      scenario,
      policyIndex,
      untilTimeNs: null,
      untilInterrupts: interrupts,
      unit: 'interrupts/s' as const,
      workOf: arrivalsOf,
    }));
  });
}

/** Scenarios in which one part of the machine has nearly all the work; about `events` of it. */
export function stressWorkloads(events: number): Workload[] {
  const common = { policyIndex: 0, untilTimeNs: null, untilInterrupts: events };
  return [
    {
      ...common,
      name: 'inserts',
      scenario: resolveScenario(INSERTS),
      unit: 'inserts/s',
      workOf: ({ machine }) => machine.counters.inserts + machine.counters.coalesced,
    },
    {
      ...common,
      name: 'drains',
      scenario: resolveScenario(DRAINS),
      unit: 'DPCs/s',
      workOf: ({ machine }) => machine.counters.dpcs,
    },
    {
      ...common,
      name: 'ticks',
      scenario: resolveScenario(TICKS),
      unit: 'ticks/s',
      untilTimeNs: events * TICK_NS,
      untilInterrupts: null,
      workOf: ({ machine }) => machine.counters.ticks,
    },
    {
      ...common,
      name: 'draws',
      scenario: resolveScenario(DRAWS),
      unit: 'interrupts/s',
      workOf: arrivalsOf,
    },
  ];
}

function arrivalsOf({ machine }: ShardOutcome): number {
  return machine.counters.arrivals;
}

const TICK_NS = 1_000;
const FREE = {
  interrupt: 0,
  clock: 1,
  dispatch: 0,
  dequeue: 0,
  ipiSend: 0,
  ipiFlight: 0,
  ipiHandler: 0,
  haltExit: 1,
};
const POLICIES = ['vista'];

/**
 * Low DPCs for a busy processor wait there for its tick: nearly every insert finds its object
 * queued.
 */
const INSERTS = {
  name: 'inserts',
  machine: {
    processors: 2,
    tick: '1ms',
    costs: { ...FREE, interrupt: 100 },
    background: [
      { busy: 0, idle: 0 },
      { busy: '1000s', idle: '1us' },
    ],
  },
  sources: [0, 1, 2, 3].map((i) => ({
    name: `source-${i}`,
    irql: 5,
    processor: 0,
    isr: 100,
    fifo: 1,
    arrivals: { periodic: { period: '2us', start: 500 * i } },
    dpc: { importance: 'low', target: 1, service: 100 },
  })),
  policies: POLICIES,
  until: { interrupts: 1 },
};

/** Sixteen sources interrupt one after another, and one drain serves them all. */
const DRAINS = {
  name: 'drains',
  machine: { processors: 1, tick: '15.625ms', costs: FREE },
  sources: Array.from({ length: 16 }, (_, i) => ({
    name: `source-${i}`,
    irql: 5,
    processor: 0,
    isr: 100,
    fifo: 16,
    arrivals: { periodic: { period: '10us' } },
    dpc: { importance: 'medium', target: 'current', service: 200 },
  })),
  policies: POLICIES,
  until: { interrupts: 1 },
};

/** A tick every microsecond, and an interrupt every tenth of a second so that there is a source. */
const TICKS = {
  name: 'ticks',
  machine: { processors: 1, tick: TICK_NS, costs: { ...FREE, clock: 500 } },
  sources: [
    {
      name: 'rare',
      irql: 5,
      processor: 0,
      isr: 100,
      fifo: 16,
      arrivals: { periodic: { period: '100ms' } },
    },
  ],
  policies: POLICIES,
  until: { time: '1ms' },
};

/** Interrupts without DPCs, of which a gap and an ISR time are drawn each. */
const DRAWS = {
  name: 'draws',
  machine: { processors: 1, tick: '15.625ms' },
  sources: [
    {
      name: 'drawn',
      irql: 5,
      processor: 0,
      isr: { exponential: 100 },
      fifo: 16,
      arrivals: { poisson: '200000/s' },
    },
  ],
  policies: POLICIES,
  until: { interrupts: 1 },
};
