import type { ShardOutcome } from '../../src/result/outcome.js';
import { simulateShard, traceShard } from '../simulate.js';
import type { ShardRequest, TraceEvent } from '../../src/kernel/simulate.js';
import { PRESET_NAMES } from '../../src/policy/presets.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';

/** Machines under random load, as written; each reaches other corners of the rules. */
export const MACHINES: Record<string, { machine: object; sources: object[] }> = {
  'threads and remote DPCs': {
    machine: {
      processors: 4,
      tick: '200us',
      tickSkew: '10us',
      background: {
        busy: { exponential: '100us' },
        idle: { exponential: '50us' },
        passive: '20us',
        dispatch: '2us',
      },
    },
    sources: ['low', 'medium', 'mediumHigh', 'high'].flatMap((importance, i) => [
      {
        name: `near-${importance}`,
        irql: 3 + i,
        processor: i,
        isr: { exponential: '2us' },
        arrivals: { poisson: '15000/s' },
        dpc: { importance, service: { exponential: '8us' }, perItem: { uniform: [0, 900] } },
      },
      {
        name: `far-${importance}`,
        irql: 6 + i,
        processor: i,
        isr: '2us',
        arrivals: { poisson: '15000/s' },
        dpc: { importance, target: (i + 1) % 4, service: { exponential: '8us' } },
      },
    ]),
  },
  'deep idle, IPIs at ipi-level, few items': {
    machine: {
      processors: 3,
      tick: '100us',
      dynamicTick: true,
      ipi: 'ipi-level',
      poll: '3us',
      costs: { interrupt: 0, ipiFlight: 0 },
    },
    sources: [
      {
        name: 'shared',
        irql: 5,
        processor: [0, 1, 2],
        isr: { uniform: [0, 3000] },
        fifo: 3,
        arrivals: { bursts: { on: '50us', off: { exponential: '200us' }, rate: '300000/s' } },
        dpc: { importance: 'high', target: 'round-robin', service: '5us', budget: 2 },
      },
      {
        name: 'split',
        irql: 8,
        processor: [2, 1],
        isr: '1us',
        arrivals: { poisson: '20000/s' },
        dpc: {
          importance: 'mediumHigh',
          target: 0,
          objects: 'per-processor',
          service: '6us',
          budget: 1,
        },
      },
      {
        name: 'in the ISR',
        irql: 4,
        processor: [1, 0],
        isr: { exponential: '6us' },
        arrivals: { periodic: { period: '33us', jitter: { exponential: '10us' } } },
      },
    ],
  },
  'threaded DPCs, held interrupts, watchdogs': {
    machine: {
      processors: 3,
      tick: '100us',
      watchdog: { routine: '200us', dispatch: '300us' },
      background: {
        busy: { exponential: '100us' },
        idle: { exponential: '50us' },
        passive: '20us',
        dispatch: '2us',
      },
    },
    sources: [
      {
        name: 'held',
        irql: 5,
        processor: [0, 1, 2],
        isr: { exponential: '1us' },
        arrivals: { poisson: '60000/s' },
        moderation: { time: '40us', count: 6 },
        dpc: { objects: 'per-processor', service: '4us', perItem: { exponential: '1us' } },
      },
      {
        name: 'threaded far',
        irql: 6,
        processor: 0,
        isr: '2us',
        arrivals: { poisson: '8000/s' },
        dpc: { threaded: true, target: 1, service: { exponential: '30us' }, budget: 2 },
      },
      {
        name: 'threaded near',
        irql: 8,
        processor: [2, 1],
        isr: '2us',
        arrivals: { poisson: '9000/s' },
        dpc: { threaded: true, importance: 'high', service: { exponential: '20us' }, budget: 1 },
      },
      {
        name: 'long',
        irql: 7,
        processor: 2,
        isr: '1us',
        arrivals: { poisson: '7000/s' },
        dpc: {
          service: {
            mixture: [
              { weight: 19, of: '5us' },
              { weight: 1, of: '400us' },
            ],
          },
        },
      },
    ],
  },
  overload: {
    machine: { processors: 2, tick: '50us', background: [{ busy: '30us', idle: 0 }] },
    sources: [
      {
        name: 'flood',
        irql: 7,
        processor: [0, 1],
        isr: '1us',
        fifo: 16,
        arrivals: { poisson: '250000/s' },
        dpc: { importance: 'low', target: 'current', objects: 'per-processor', service: '9us' },
      },
      {
        name: 'drip',
        irql: 3,
        processor: 0,
        isr: '1us',
        arrivals: { poisson: '9000/s' },
        dpc: {
          importance: 'medium',
          target: 1,
          service: { pareto: { shape: 1.5, min: 900, max: '90us' } },
        },
      },
    ],
  },
};

export const TIMERS = [
  { name: 'fast', timer: { due: '30us', period: '70us' }, processor: 0, service: '1us' },
  { name: 'slow', timer: { period: '1ms' }, processor: 1, service: { exponential: '5us' } },
];

/** The machine under every preset, in one scenario. */
export function scenarioOf(name: string, extra: object[] = []): Scenario {
  const { machine, sources } = MACHINES[name];
  return resolveScenario({
    machine,
    sources: [...sources, ...extra],
    policies: PRESET_NAMES,
    until: { time: '20ms' },
  });
}

export interface Ending {
  untilTimeNs: number | null;
  untilInterrupts: number | null;
}
export const BY_TIME: Ending = { untilTimeNs: 20_000_000, untilInterrupts: null };
export const BY_INTERRUPTS: Ending = { untilTimeNs: null, untilInterrupts: 2000 };

export function outcomeOf(scenario: Scenario, policyIndex: number, ending: Ending): ShardOutcome {
  return simulateShard(requestOf(scenario, policyIndex, ending));
}

export function tracedOf(
  scenario: Scenario,
  policyIndex: number,
  ending: Ending,
): { outcome: ShardOutcome; events: TraceEvent[] } {
  const events: TraceEvent[] = [];
  const request = requestOf(scenario, policyIndex, ending);
  const outcome = traceShard(request, (batch) => events.push(...batch));
  return { outcome, events };
}

function requestOf(scenario: Scenario, policyIndex: number, ending: Ending): ShardRequest {
  return { scenario, policyIndex, seed: 11, shardIndex: 0, warmupNs: 0, ...ending };
}

/** Pairs of a machine and a policy, for `it.each`. */
export const CASES: [name: string, policy: string, policyIndex: number][] = Object.keys(
  MACHINES,
).flatMap((name) =>
  PRESET_NAMES.map((policy, index): [string, string, number] => [name, policy, index]),
);
