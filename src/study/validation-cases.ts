import { resolveScenario } from '../scenario/parse.js';
import * as theory from '../stats/queueing-theory.js';
import {
  ALWAYS_BUSY,
  FREE,
  machineWait,
  mean,
  oneServer,
  quantile,
  sourceWait,
  timeShare,
  under,
  type ValidationCase,
} from './validation-case.js';

/** All service times have this mean, in ns. */
const SERVICE_NS = 100_000;
/** Hundreds of services, and over ten times what the slowest queue here takes to settle. */
const WARMUP_NS = 50_000_000;

/** Every case, in the order of the table. */
export function validationCases(): ValidationCase[] {
  return [
    ...[0.2, 0.5, 0.7].map(exponentialServer),
    ...[0.2, 0.5, 0.7].map(constantServer),
    ...[0.2, 0.5, 0.7].map(mixedServer),
    ...[0.2, 0.4].map(interruptedServer),
    ...[0.4, 0.7].map(headOfLine),
    tickWait(),
    ...[0.2, 0.7].map(littlesLaw),
    ...[3, 4].map((count) => lowImportance(count, 'rare')),
    ...[3, 4, 5].map((count) => lowImportance(count, 'slow')),
  ];
}

const ratePerNs = (load: number): number => load / SERVICE_NS;
const poisson = (load: number): object => ({ poisson: Math.round(ratePerNs(load) * 1e9) });

/**
 * An M/G/1 queue: one DPC object that takes one item each time it runs and queues itself again
 * while items are left, so its FIFO is the waiting line and an item's time to its DPC is the wait.
 */
function queue(name: string, load: number, service: unknown): object {
  const dpc = { service, perItem: 0, budget: 1 };
  return {
    name,
    irql: 5,
    processor: 0,
    isr: 0,
    fifo: 10_000,
    arrivals: poisson(load),
    dpc,
  };
}

const EXPONENTIAL = { exponential: SERVICE_NS };
const exponential = theory.exponentialMoments(SERVICE_NS);

function exponentialServer(load: number): ValidationCase {
  const wait = theory.meanWait(ratePerNs(load), exponential);
  const p = (probability: number): number =>
    theory.exponentialWaitQuantile(load, SERVICE_NS, probability);
  return {
    model: 'M/M/1',
    load: `${load}`,
    isExact: false,
    warmupNs: WARMUP_NS,
    scenario: oneServer('M/M/1', [queue('line', load, EXPONENTIAL)], ['vista']),
    rows: [
      mean('mean wait', wait),
      ...(load > 0.5 ? [quantile(5_000, p(0.5))] : []),
      quantile(9_000, p(0.9)),
      quantile(9_900, p(0.99)),
      timeShare('utilisation', theory.utilisation(ratePerNs(load), exponential), 'dispatchDrainNs'),
    ],
  };
}

function constantServer(load: number): ValidationCase {
  const wait = theory.meanWait(ratePerNs(load), theory.constantMoments(SERVICE_NS));
  return {
    model: 'M/D/1',
    load: `${load}`,
    isExact: false,
    warmupNs: WARMUP_NS,
    scenario: oneServer('M/D/1', [queue('line', load, SERVICE_NS)], ['vista']),
    rows: [mean('mean wait', wait)],
  };
}

/** Nine short services and a long one: coefficient of variation 1.2. */
function mixedServer(load: number): ValidationCase {
  const parts = [
    { weight: 9, ns: 60_000 },
    { weight: 1, ns: 460_000 },
  ];
  const service = { mixture: parts.map(({ weight, ns }) => ({ weight, of: ns })) };
  const moments = theory.mixtureMoments(
    parts.map(({ weight, ns }) => ({ weight, of: theory.constantMoments(ns) })),
  );
  return {
    model: 'M/G/1',
    load: `${load}`,
    isExact: false,
    warmupNs: WARMUP_NS,
    scenario: oneServer('M/G/1', [queue('line', load, service)], ['vista']),
    rows: [mean('mean wait', theory.meanWait(ratePerNs(load), moments))],
  };
}

/** ISRs of a source without a DPC break into the DPCs of another one at any time. */
function interruptedServer(load: number): ValidationCase {
  const isrNs = 50_000;
  const rate = load / isrNs;
  const away = theory.mergedIsrPeriod(rate, isrNs);
  const low = { rate: ratePerNs(0.3), service: exponential };
  const storm = {
    name: 'storm',
    irql: 12,
    processor: 0,
    isr: isrNs,
    arrivals: { poisson: Math.round(rate * 1e9) },
  };
  return {
    model: 'ISR over DPC',
    load: `${load}+0.3`,
    isExact: false,
    warmupNs: WARMUP_NS,
    scenario: oneServer('ISR over DPC', [storm, queue('line', 0.3, EXPONENTIAL)], ['vista']),
    rows: [
      mean('mean wait', theory.interruptedWait(low, { rate, away }), sourceWait(1)),
      timeShare('ISR time', 1 - theory.availability({ rate, away }), 'isrNs'),
    ],
  };
}

/** High goes to the head of the queue, behind nothing but what runs; then the same at the tail. */
function headOfLine(load: number): ValidationCase {
  const half = { rate: ratePerNs(load / 2), service: exponential };
  const [high, medium] = theory.headOfLineWaits([half, half]);
  const sources = ['high', 'medium'].map((importance) => {
    const source = queue(importance, load / 2, EXPONENTIAL) as { dpc: object };
    return { ...source, dpc: { ...source.dpc, importance } };
  });
  const tail = { name: 'tail', extends: 'vista', insert: { high: 'tail' } };
  const together = theory.meanWait(ratePerNs(load), exponential);
  return {
    model: 'head of line',
    load: `${load}`,
    isExact: false,
    warmupNs: WARMUP_NS,
    scenario: oneServer('head of line', sources, ['vista', tail]),
    rows: [
      mean('High', high, sourceWait(0)),
      mean('Medium', medium, sourceWait(1)),
      mean('both', together),
      under(1, mean('both, no head', together)),
    ],
  };
}

/**
 * L = λ W as an identity (J. Little, 1961): what the machine adds up as depth × time is, to the
 * nanosecond, the sum of the waits that it records one by one, when the run ends with all served.
 */
function littlesLaw(load: number): ValidationCase {
  const scenario = oneServer('Little', [queue('line', load, EXPONENTIAL)], ['vista']);
  return {
    model: 'Little',
    load: `${load}`,
    isExact: true,
    warmupNs: 0,
    scenario: { ...scenario, until: { timeNs: null, interrupts: 100_000 } },
    rows: [
      {
        figure: 'waits / depth',
        unit: 'count',
        policy: 0,
        theory: 1,
        isPercentile: false,
        measure: ({ latency, processors: [{ queueDepth }] }) => ({
          numerator: latency.dpcWait.sumNs,
          denominator: Number(queueDepth.areaNs),
        }),
      },
    ],
  };
}

/** A DPC for another processor that nobody is told of: it waits for that processor's tick. */
function tickWait(): ValidationCase {
  const tickNs = 1_000_000;
  const never = { low: 'never', medium: 'never', mediumHigh: 'never', high: 'never' };
  const scenario = resolveScenario({
    name: 'tick wait',
    machine: { processors: 2, tick: tickNs, costs: FREE, background: ALWAYS_BUSY },
    sources: [
      {
        name: 'remote',
        irql: 5,
        processor: 0,
        isr: 0,
        fifo: 10_000,
        arrivals: { poisson: 50_000 },
        dpc: { target: 1, service: 0, perItem: 0 },
      },
    ],
    policies: [{ name: 'silent', extends: 'vista', other: never }],
    until: { interrupts: 1 },
  });
  return {
    model: 'tick wait',
    load: '50/tick',
    isExact: false,
    warmupNs: 10 * tickNs,
    scenario,
    rows: [
      mean('mean wait', tickNs / 2, machineWait),
      ...([5_000, 9_000, 9_900] as const).map((parts) =>
        quantile(parts, theory.tickWaitQuantile(tickNs, parts / 10_000)),
      ),
    ],
  };
}

/** `count` Low DPCs between ticks, each with an object of its own; the depth never counts. */
function lowImportance(count: number, rule: 'rare' | 'slow'): ValidationCase {
  const tickNs = 1_000_000;
  const minimumDpcRate = 3;
  const scenario = resolveScenario({
    name: 'low importance',
    machine: {
      processors: 1,
      tick: tickNs,
      costs: FREE,
      background: ALWAYS_BUSY,
      tunables: { minimumDpcRate, maximumDpcQueueDepth: 1000 },
    },
    sources: Array.from({ length: count }, (_, i) => ({
      name: `s${i}`,
      irql: 5,
      processor: 0,
      isr: 0,
      arrivals: { periodic: { period: tickNs, start: 100_000 * (i + 1) } },
      dpc: { importance: 'low', service: 1_000, perItem: 0 },
    })),
    policies: [{ name: rule, extends: 'vista', adaptive: false, current: { low: rule } }],
    until: { time: 900 * tickNs },
  });
  return {
    model: `Low if ${rule}`,
    load: `${count}/tick`,
    isExact: true,
    scenario,
    // Between two ticks, when no DPC is under way.
    warmupNs: 100 * tickNs + tickNs / 2 + 60_000,
    rows: [
      {
        figure: 'requests/tick',
        unit: 'count',
        policy: 0,
        isPercentile: false,
        theory: theory.lowRequestsPerTick(count, minimumDpcRate, rule),
        measure: ({ counters }) => ({
          numerator: counters.localRequests,
          denominator: counters.ticks,
        }),
      },
    ],
  };
}
