import { describe, expect, it } from 'vitest';
import { parseScenario, resolveScenario } from '../../src/scenario/parse.js';
import { lognormalSigma, meanNs } from '../../src/scenario/distribution-mean.js';
import type {
  Arrivals,
  DeviceSource,
  Distribution,
  RecordedArrivals,
  Scenario,
  TimerSource,
} from '../../src/scenario/scenario.js';

const scenarioWith = (source: object, rest: object = {}): Scenario =>
  resolveScenario({ sources: [{ name: 's', irql: 5, arrivals: { at: [1] }, ...source }], ...rest });

const arrivalsOf = (arrivals: unknown): Arrivals =>
  (scenarioWith({ arrivals }).sources[0] as DeviceSource).arrivals;

const distributionOf = (isr: unknown): Distribution =>
  (scenarioWith({ isr }).sources[0] as DeviceSource).isr;

const problemsOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('defaults', () => {
  it('fills in the documented machine, policies and end', () => {
    const scenario = scenarioWith({});
    expect(scenario.name).toBe('unnamed');
    expect(scenario.machine).toEqual({
      processors: 1,
      tickNs: 15_625_000,
      tickSkewNs: 0,
      dynamicTick: false,
      pollNs: 0,
      ipi: 'dispatch',
      costs: {
        interruptNs: 500,
        clockNs: 1_000,
        dispatchNs: 500,
        dequeueNs: 100,
        ipiSendNs: 200,
        ipiFlightNs: 800,
        ipiHandlerNs: 500,
        haltExitNs: 2_000,
      },
      tunables: {
        maximumDpcQueueDepth: 4,
        minimumDpcRate: 3,
        idealDpcRate: 20,
        adjustDpcThreshold: 20,
      },
      background: [],
    });
    expect(scenario.policies.map((policy) => policy.name)).toEqual(['pre-vista', 'vista']);
    expect(scenario.until).toEqual({ timeNs: null, interrupts: 1_000_000 });
  });

  it('reads a number of interrupts as the command line does', () => {
    const { until } = scenarioWith({}, { until: { interrupts: '10M' } });
    expect(until).toEqual({ timeNs: null, interrupts: 1e7 });
  });

  it('fills in a source and its DPC', () => {
    expect(scenarioWith({ dpc: { service: 5 } }).sources).toEqual([
      {
        kind: 'device',
        name: 's',
        irql: 5,
        processors: [0],
        isr: { kind: 'constant', ns: 0 },
        fifo: 1_024,
        arrivals: { kind: 'at', atNs: [1] },
        dpc: {
          importance: 'medium',
          target: 'current',
          objects: 'one',
          budget: 0,
          service: { kind: 'constant', ns: 5 },
          perItem: { kind: 'constant', ns: 0 },
        },
      },
    ]);
    expect((scenarioWith({}).sources[0] as DeviceSource).dpc).toBeNull();
  });

  it('has a timer due first after one period', () => {
    const scenario = resolveScenario({
      sources: [{ name: 't', timer: { period: '1ms' }, service: 10 }],
      until: { time: '1s' },
    });
    expect(scenario.sources[0] as TimerSource).toEqual({
      kind: 'timer',
      name: 't',
      processor: 0,
      dueNs: 1_000_000,
      periodNs: 1_000_000,
      service: { kind: 'constant', ns: 10 },
    });
  });

  it('gives one background to every processor', () => {
    const zero = { kind: 'constant', ns: 0 };
    const entry = { busy: { kind: 'constant', ns: 5 }, idle: zero, passive: zero, dispatch: zero };
    const machine = { processors: 3, background: { busy: 5 } };
    expect(scenarioWith({}, { machine }).machine.background).toEqual([entry, entry, entry]);
    const listed = { processors: 3, background: [{ busy: 5 }] };
    expect(scenarioWith({}, { machine: listed }).machine.background).toHaveLength(3);
    expect(
      problemsOf(() => scenarioWith({}, { machine: { processors: 3, background: [{}, {}] } })),
    ).toMatch(/machine\.background: expected one entry for all or 3, .*found a list of 2/);
  });

  it('takes the name of the file', () => {
    const text = '{"sources":[{"name":"s","irql":5,"arrivals":{"at":[1]}}]}';
    expect(parseScenario(text, '/somewhere/my load.json').name).toBe('my load');
  });
});

describe('arrivals', () => {
  const zero: Distribution = { kind: 'constant', ns: 0 };
  const exponential = (mean: number): Distribution => ({ kind: 'exponential', meanNs: mean });

  it.each<[unknown, Arrivals]>([
    [{ at: [0, '2us', 2000] }, { kind: 'at', atNs: [0, 2_000, 2_000] }],
    [{ at: [] }, { kind: 'at', atNs: [] }],
    [{ poisson: '20000/s' }, { kind: 'renewal', startNs: 0, gap: exponential(50_000) }],
    [
      { poisson: { rate: 1_000, start: '1ms' } },
      { kind: 'renewal', startNs: 1_000_000, gap: exponential(1e6) },
    ],
    [
      { periodic: { period: '1ms' } },
      { kind: 'periodic', startNs: 0, periodNs: 1_000_000, jitter: zero },
    ],
    [
      { periodic: { rate: '48kHz', start: 5, jitter: { uniform: [0, 10] } } },
      {
        kind: 'periodic',
        startNs: 5,
        periodNs: 20_833,
        jitter: { kind: 'uniform', minNs: 0, maxNs: 10 },
      },
    ],
    [
      { bursts: { on: '1ms', off: { exponential: '2ms' }, rate: '1MHz' } },
      {
        kind: 'bursts',
        startNs: 0,
        on: { kind: 'constant', ns: 1e6 },
        off: exponential(2e6),
        gap: exponential(1_000),
      },
    ],
    [
      { bursts: { on: 10, off: 0, gap: 3, start: 4 } },
      {
        kind: 'bursts',
        startNs: 4,
        on: { kind: 'constant', ns: 10 },
        off: zero,
        gap: { kind: 'constant', ns: 3 },
      },
    ],
    [
      { renewal: { gap: { uniform: ['1us', '3us'] } } },
      { kind: 'renewal', startNs: 0, gap: { kind: 'uniform', minNs: 1_000, maxNs: 3_000 } },
    ],
  ])('reads %j', (written, resolved) => {
    expect(arrivalsOf(written)).toEqual(resolved);
  });

  it.each<[unknown, RegExp]>([
    [{ at: [5, 4] }, /arrivals\.at\[1\]: .*not before the last, 5 ns, found 4 ns/],
    [{ at: [1.5] }, /arrivals\.at\[0\]: .*found|1\.5 is not a whole number/],
    [{ at: 5 }, /arrivals\.at: expected a list/],
    [{ poisson: 0 }, /arrivals\.poisson: .*above 0/],
    [{ poisson: 1e10 }, /up to 1,000,000,000 per second, found 10000000000/],
    [{ periodic: {} }, /arrivals\.periodic: expected period or rate, found neither/],
    [{ periodic: { period: 1, rate: 1 } }, /expected period or rate, found both/],
    [{ bursts: { on: 1, off: 1 } }, /expected gap or rate, found neither/],
    [{ bursts: { on: 0, off: 0, gap: 1 } }, /on and off together .*time would stand still/],
    [{ bursts: { on: 1, off: 1, gap: 0 } }, /bursts\.gap: .*time would stand still/],
    [{ renewal: { gap: { uniform: [0, 1] } } }, /renewal\.gap: .*mean of these gaps is below 1 ns/],
    [{ at: [1], poisson: 5 }, /found at and poisson at once \(keep one of them\)/],
    [{}, /with one of the keys at, poisson, periodic, bursts, renewal, recording/],
    [{ posson: 5 }, /arrivals\.posson: unknown key "posson".*did you mean poisson\?/],
    [[], /arrivals: expected an object .* found an empty list/],
  ])('refuses %j', (written, message) => {
    expect(problemsOf(() => arrivalsOf(written))).toMatch(message);
  });
});

describe('recordings', () => {
  const recording: RecordedArrivals = {
    origin: 'r.dpcrec#net',
    atNs: Float64Array.of(1, 2),
    processor: Uint16Array.of(0, 3),
    isrNs: Uint32Array.of(0, 0),
    serviceNs: Uint32Array.of(5, 6),
  };
  const arrivals = { recording: 'r.dpcrec', stream: 'net' };
  const source = { name: 's', irql: 5, arrivals, dpc: {} };

  it('are loaded by the caller, and need no service time', () => {
    const asked: unknown[] = [];
    const scenario = resolveScenario(
      { machine: { processors: 4 }, sources: [source] },
      {
        resolveRecording: (...request) => {
          asked.push(request);
          return recording;
        },
      },
    );
    expect(asked).toEqual([['r.dpcrec', 'net']]);
    const device = scenario.sources[0] as DeviceSource;
    expect(device.arrivals).toEqual({ kind: 'recording', recording });
    expect(device.dpc!.service).toEqual({ kind: 'constant', ns: 0 });
  });

  it('turn what goes wrong into a problem at their place', () => {
    const failing = (): never => {
      throw new Error('no stream is named net');
    };
    const text = JSON.stringify({ sources: [source] }, null, 1);
    expect(problemsOf(() => parseScenario(text, 'a.json', { resolveRecording: failing }))).toBe(
      'a.json:7:18: sources[0].arrivals.recording: no stream is named net',
    );
    expect(problemsOf(() => parseScenario(text, 'a.json'))).toMatch(/no loader was given/);
  });

  it('must fit the machine', () => {
    const options = { resolveRecording: () => recording };
    const written = { machine: { processors: 3 }, sources: [source] };
    expect(problemsOf(() => resolveScenario(written, options))).toMatch(
      /arrivals on processor 3, the machine has 3 .*set machine\.processors to 4 or more/,
    );
  });

  it('alone excuse a missing service time', () => {
    expect(problemsOf(() => scenarioWith({ dpc: {} }))).toMatch(
      /sources\[0\]\.dpc: the key service is missing/,
    );
  });
});

describe('distributions', () => {
  it.each<[unknown, Distribution, number]>([
    ['2us', { kind: 'constant', ns: 2_000 }, 2_000],
    [{ uniform: [1, '1us'] }, { kind: 'uniform', minNs: 1, maxNs: 1_000 }, 500.5],
    [{ exponential: '4us' }, { kind: 'exponential', meanNs: 4_000 }, 4_000],
    [
      { lognormal: { mean: '3us', p99: '12us' } },
      { kind: 'lognormal', meanNs: 3_000, p99Ns: 12_000 },
      3_000,
    ],
    [
      { pareto: { shape: 1, min: 1_000, max: 2_000 } },
      { kind: 'pareto', shape: 1, minNs: 1_000, maxNs: 2_000 },
      2_000 * Math.LN2,
    ],
    [
      { pareto: { shape: 2, min: 1_000, max: 2_000 } },
      { kind: 'pareto', shape: 2, minNs: 1_000, maxNs: 2_000 },
      4_000 / 3,
    ],
    [
      {
        mixture: [
          { weight: 3, of: 100 },
          { weight: 1, of: { uniform: [0, 400] } },
        ],
      },
      {
        kind: 'mixture',
        parts: [
          { weight: 3, of: { kind: 'constant', ns: 100 } },
          { weight: 1, of: { kind: 'uniform', minNs: 0, maxNs: 400 } },
        ],
      },
      125,
    ],
    [
      { histogram: { edges: [0, 10, 30], weights: [1, 3] } },
      { kind: 'histogram', edgesNs: [0, 10, 30], weights: [1, 3] },
      16.25,
    ],
  ])('reads %j', (written, resolved, mean) => {
    const distribution = distributionOf(written);
    expect(distribution).toEqual(resolved);
    expect(meanNs(distribution)).toBeCloseTo(mean, 6);
  });

  it.each<[unknown, RegExp]>([
    ['4.000000001s', /isr: expected a duration from 0 ns to 4 s/],
    [true, /isr: expected a duration .*found true/],
    [{ uniform: [2, 1] }, /isr\.uniform: the least, 2 ns, is above the greatest, 1 ns/],
    [{ uniform: [1] }, /expected a list of 2 items, found a list of 1/],
    [{ exponential: 0 }, /isr\.exponential: .*from 1 ns/],
    [{ lognormal: { mean: 100, p99: 99 } }, /isr\.lognormal\.p99: .*from 100 ns to 1\.496 µs/],
    [{ lognormal: { mean: 100, p99: 1_497 } }, /isr\.lognormal\.p99/],
    [{ pareto: { shape: 0, min: 1, max: 2 } }, /isr\.pareto\.shape: expected a number above 0/],
    [{ pareto: { shape: 1, min: 2, max: 2 } }, /isr\.pareto\.max: expected a duration above min/],
    [{ mixture: [] }, /expected a list of 1 to 16 items/],
    [{ mixture: [{ weight: 0, of: 1 }] }, /isr\.mixture: every weight is 0/],
    [{ mixture: [{ weight: -1, of: 1 }] }, /isr\.mixture\[0\]\.weight/],
    [{ histogram: { edges: [0, 1], weights: [1, 1] } }, /expected 1 weights for 2 edges, found 2/],
    [{ histogram: { edges: [0, 5, 5], weights: [1, 1] } }, /histogram\.edges\[2\]/],
    [{ histogram: { edges: [0, 5], weights: [0] } }, /histogram\.weights: every weight is 0/],
    [{ exponential: 5, uniform: [1, 2] }, /found uniform and exponential at once/],
    [{ expnential: 5 }, /did you mean exponential\?/],
  ])('refuses %j', (written, message) => {
    expect(problemsOf(() => distributionOf(written))).toMatch(message);
  });

  it('nest four deep and no deeper', () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? 1 : { mixture: [{ weight: 1, of: nested(depth - 1) }] };
    expect(meanNs(distributionOf(nested(4)))).toBe(1);
    expect(problemsOf(() => distributionOf(nested(5)))).toMatch(/mixtures nest more than 4 deep/);
  });

  it('have a log-normal deviation that gives back mean and 99th percentile', () => {
    const sigma = lognormalSigma(3_000, 12_000);
    const mu = Math.log(3_000) - sigma ** 2 / 2;
    expect(Math.exp(mu + 2.3263478740408408 * sigma)).toBeCloseTo(12_000, 6);
    expect(lognormalSigma(5, 5)).toBe(0);
  });

  it('have a bounded Pareto mean without overflow', () => {
    const steep = meanNs({ kind: 'pareto', shape: 1_000, minNs: 1e9, maxNs: 4e9 });
    expect(steep).toBeCloseTo(1.001001e9, -3);
    const below = meanNs({ kind: 'pareto', shape: 1 - 1e-9, minNs: 10, maxNs: 1e6 });
    const above = meanNs({ kind: 'pareto', shape: 1 + 1e-9, minNs: 10, maxNs: 1e6 });
    expect(below / above).toBeCloseTo(1, 6);
  });
});
