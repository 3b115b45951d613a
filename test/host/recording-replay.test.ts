import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { simulateShard } from '../simulate.js';
import { PRESETS } from '../../src/policy/presets.js';
import { importRecording, openRecording } from '../../src/recording/import-recording.js';
import { periodEdgeNs, periodIndex } from '../../src/recording/period-histogram.js';
import { readRecordingFile } from '../../src/recording/read-recording.js';
import { recordedArrivals } from '../../src/recording/recording.js';
import { replayScenario } from '../../src/recording/replay.js';
import { recordingResolver } from '../../src/recording/resolve-recording.js';
import { meanNs } from '../../src/scenario/distribution-mean.js';

const EXAMPLES = join(import.meta.dirname, '../../examples/recordings');
const FIXTURES = join(import.meta.dirname, '../fixtures/recordings');
const EXAMPLE = 'http-loopback-2cpu.dpcrec';
const example = await readRecordingFile(join(EXAMPLES, EXAMPLE));

describe('the replay of a recording', () => {
  const scenario = replayScenario(example, 'http');

  // The machine has a clock of its own.
  const replayed = example.streams.filter((stream) => stream.kind !== 'vector');

  it('has a source for each stream, with every recorded arrival', () => {
    expect(scenario.sources.map((source) => source.name)).toEqual(
      replayed.map((stream) => stream.name),
    );
    for (const [i, source] of scenario.sources.entries()) {
      if (source.kind !== 'device') expect.fail(source.name);
      if (source.arrivals.kind !== 'recording') expect.fail(source.name);
      const { recording } = source.arrivals;
      const { kind, target, atNs, serviceNs, isrNs } = replayed[i];
      expect(recording.atNs).toBe(atNs);
      if (kind === 'irq') {
        expect(source).toMatchObject({ irql: 5, dpc: null });
        expect(isrNs.every((ns) => ns > 0)).toBe(true);
      } else {
        const dpc =
          kind === 'ipi'
            ? { importance: 'mediumHigh', target, objects: 'one' }
            : { importance: 'medium', target: 'current', objects: 'per-processor' };
        expect(source).toMatchObject({ irql: 3, dpc: { ...dpc, budget: 0 } });
        expect(isrNs.every((ns) => ns === 0)).toBe(true);
        expect(serviceNs.every((ns) => ns > 0)).toBe(true);
      }
    }
  });

  it('says how much of each kind there is', () => {
    expect(scenario.question).toContain(
      '36,760 softirqs, 2,010 device interrupts, 1,822 IPI requests',
    );
  });

  it('queues to other processors, and so tells policies apart', () => {
    const { sources } = scenario;
    const outcomes = PRESETS.map((_, policyIndex) =>
      simulateShard({
        scenario: { ...scenario, policies: [...PRESETS] },
        policyIndex,
        seed: 1,
        shardIndex: 0,
        untilTimeNs: scenario.until.timeNs,
        untilInterrupts: null,
        warmupNs: 0,
      }),
    );
    const ipis = new Map(PRESETS.map(({ name }, i) => [name, outcomes[i].machine.counters.ipis]));
    for (const outcome of outcomes) {
      // Softirqs are queued where they arrive: every IPI is due to a recorded one.
      const requests = sources.map((source, i) =>
        source.name.startsWith('ipi/') ? outcome.sources[i].counters.ipis : 0,
      );
      expect(outcome.machine.counters.ipis).toBe(requests.reduce((sum, each) => sum + each));
      expect(outcome.machine.counters.arrivals).toBe(36_760 + 2010 + 1822);
    }
    expect(ipis.get('vista')).toBeGreaterThan(0);
    expect(ipis.get('pre-vista')).toBeGreaterThan(2 * ipis.get('vista')!);
    expect(ipis.get('msdn')).toBeGreaterThan(ipis.get('pre-vista')!);
  });

  it('has the recorded machine', () => {
    const { machine, until } = scenario;
    expect(machine).toMatchObject({
      processors: 2,
      costs: { interruptNs: 0, dispatchNs: 500, haltExitNs: 2000 },
      tunables: { maximumDpcQueueDepth: 4 },
    });
    // CONFIG_HZ was 250.
    expect(machine.tickNs).toBeGreaterThan(3_990_000);
    expect(machine.tickNs).toBeLessThan(4_010_000);
    expect(until).toEqual({ timeNs: example.meta.spanNs, interrupts: null });
  });

  it('has threads that are as busy as the recorded ones', () => {
    expect(scenario.machine.background).toHaveLength(2);
    for (const [i, { busy, idle }] of scenario.machine.background.entries()) {
      const { busyPeriods, idlePeriods } = example.processors[i];
      if (idlePeriods.count === 0) {
        expect(meanNs(idle)).toBe(0);
        expect(meanNs(busy)).toBeGreaterThan(0);
        continue;
      }
      // Within a bucket draws are uniform, and a bucket is an eighth as wide as its values.
      expect(meanNs(busy) / (busyPeriods.sumNs / busyPeriods.count)).toBeCloseTo(1, 1);
      expect(meanNs(idle) / (idlePeriods.sumNs / idlePeriods.count)).toBeCloseTo(1, 1);
    }
  });

  it('takes importances by stream, and refuses those of other names', () => {
    const replay = (importances: Record<string, 'low' | 'high'>): Record<string, unknown> => {
      const { sources } = replayScenario(example, 'x', { importances });
      return Object.fromEntries(sources.map((source) => [source.name, source]));
    };
    expect(replay({ 'softirq/NET_RX': 'high', 'ipi/call-to-0': 'low' })).toMatchObject({
      'softirq/NET_RX': { dpc: { importance: 'high' } },
      'ipi/call-to-0': { dpc: { importance: 'low', target: 0 } },
      'ipi/call-to-1': { dpc: { importance: 'mediumHigh', target: 1 } },
    });
    expect(() => replay({ 'softirq/NETRX': 'high' })).toThrow(/did you mean "softirq\/NET_RX"/);
    expect(() => replay({ 'irq/virtio1-req.0': 'low' })).toThrow(/device interrupt/);
    expect(() => replay({ 'vector/local_timer': 'low' })).toThrow(/is an interrupt/);
    expect(() => replay({ 'softirq/RCU': 'urgent' as 'low' })).toThrow(/not an importance/);
  });

  it('replays a trace whose machine shows no clock and no idle loop', async () => {
    const { recording } = await importRecording(join(FIXTURES, 'hand-made.ftrace.txt'));
    const { machine } = replayScenario(recording, 'small');
    expect(machine.tickNs).toBe(15_625_000);
    // Processor 0 was never seen in a thread, processor 1 never in the idle loop.
    expect(machine.background.map(({ busy }) => meanNs(busy))).toEqual([0, 1_000_000_000]);
    expect(machine.background.map(({ idle }) => meanNs(idle))).toEqual([0, 0]);
  });
});

describe('a scenario that names a recording', () => {
  const resolve = recordingResolver(EXAMPLES);

  it('gets the columns of the stream', () => {
    const arrivals = resolve(EXAMPLE, 'softirq/BLOCK');
    expect(arrivals).toEqual(recordedArrivals(example, 'softirq/BLOCK'));
    expect(arrivals.origin).toContain('softirq/BLOCK');
    expect(resolve(EXAMPLE, 'softirq/BLOCK').atNs).toBe(arrivals.atNs);
  });

  it('is told what there is instead', () => {
    expect(() => resolve(EXAMPLE, 'softirq/BLOK')).toThrow(/it has ipi\/.*did you mean.*BLOCK/);
    expect(() => resolve(EXAMPLE, null)).toThrow(/has \d+ streams/);
    expect(() => resolve('none.dpcrec', 'x')).toThrow(InputError);
    expect(() => resolve('.', 'x')).toThrow(InputError);
    expect(() => recordingResolver(FIXTURES)('hand-made.ftrace.txt', 'x')).toThrow(
      /does not begin like one/,
    );
  });

  it('opens a recording of either kind', async () => {
    expect(await openRecording(join(EXAMPLES, EXAMPLE))).toEqual({
      recording: example,
      report: null,
    });
    const opened = await openRecording(join(FIXTURES, 'hand-made.trace-cmd.txt'));
    expect(opened.report?.format).toBe('ftrace');
  });
});

describe('the period histogram', () => {
  it('puts every value between the edges of its bucket', () => {
    let before = -1;
    for (let ns = 0; ns < 1e15; ns = Math.max(ns + 1, Math.floor(ns * 1.01))) {
      for (const value of [ns, 2 ** Math.ceil(Math.log2(ns + 1)) - 1]) {
        const index = periodIndex(value);
        expect(periodEdgeNs(index)).toBeLessThanOrEqual(value);
        expect(periodEdgeNs(index + 1)).toBeGreaterThan(value);
      }
      expect(periodIndex(ns) - before).toBeLessThanOrEqual(1);
      before = periodIndex(ns);
    }
  });
});
