import { beforeAll, describe, expect, it } from 'vitest';
import { CELL_COUNT, DECISION_BUCKETS } from '../../assembly/shared/abi.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { InputError } from '../../src/errors.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import { decodeSum, encodeSum } from '../../src/kernel/sum-bytes.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { planTasks } from '../../src/run/tasks.js';
import { resolveScenario } from '../../src/scenario/parse.js';

const scenario = resolveScenario({
  name: 'summed',
  machine: { processors: 2 },
  sources: ['nic', 'disk'].map((name) => ({
    name,
    irql: 6,
    arrivals: { poisson: '20k/s' },
    dpc: { target: 1, service: '3us' },
  })),
  focus: { sources: 'nic' },
  policies: ['pre-vista', 'vista'],
  until: { interrupts: 200 },
});

interface Written {
  policyIndex: number;
  lines: Record<string, unknown>[];
  census: { cell: number; buckets: number[]; counts: number[] }[] | null;
  latencies: { length: number; starts: number[]; count: number[] }[];
  [key: string]: unknown;
}

let bytes: Uint8Array;
let whole: PolicySumState;

beforeAll(async () => {
  const plan = [0, 1].map((index) => ({ index, untilTimeNs: null, untilInterrupts: 100 }));
  const shards = planTasks(scenario, plan, 3).map((shard) => ({ ...shard, binNs: 500_000 }));
  const sums: PolicySumState[] = [];
  const options = { kernel: shippedKernel(), workers: 1, intervals: 'all' as const };
  await executeInProcess(scenario, shards, (sum) => sums.push(sum), options);
  whole = sums[1];
  bytes = encodeSum(whole);
});

/** "", or why the bytes are no sum. */
function refused(of: Uint8Array): string {
  try {
    decodeSum(of, scenario, 'it');
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message.replace(/^it: /, '');
  }
}

/** Written anew, with a change in what is said of the bytes behind. */
function changed(change: (written: Written) => void): Uint8Array {
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const written = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Written;
  change(written);
  const json = new TextEncoder().encode(JSON.stringify(written));
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, json.length, true);
  return Buffer.concat([head, json, bytes.subarray(4 + length)]);
}

describe('a sum of shards as bytes', () => {
  it('is read as it was, from wherever in a larger buffer it stands', () => {
    const read = decodeSum(bytes, scenario, 'it');
    expect(decodeSum(encodeSum(read), scenario, 'it')).toEqual(read);
    expect(read.lines.map(({ shardIndex }) => shardIndex)).toEqual([0, 1]);
    expect(read.latencies).toEqual(
      whole.latencies.map((one) => ({ ...one, bytes: Uint8Array.from(one.bytes) })),
    );
    const larger = new Uint8Array(bytes.length + 7).fill(9);
    larger.set(bytes, 3);
    expect(refused(larger.subarray(3, 3 + bytes.length))).toBe('');
    expect(refused(changed(() => undefined))).toBe('');
  });

  it('is none where it is torn, longer, or no text', () => {
    const none = 'this is no sum of shards';
    const length = new DataView(bytes.buffer).getUint32(0, true);
    for (const end of [0, 3, 4, 3 + length]) {
      expect(refused(bytes.subarray(0, end)), String(end)).toBe(none);
    }
    expect(refused(Uint8Array.of(0, 0, 0, 0))).toBe(none);
    expect(refused(Uint8Array.of(2, 0, 0, 0, 0xff, 0xff))).toBe(none);
    const other = `${none} of the scenario: it has other bytes`;
    expect(refused(bytes.subarray(0, 4 + length))).toBe(other);
    expect(refused(bytes.subarray(0, -1))).toBe(other);
    expect(refused(Buffer.concat([bytes, Buffer.of(0)]))).toBe(other);
  });

  const of = 'this is no sum of shards of the scenario: ';
  const line = `${of}a line is of another machine`;
  it.each<[string, (written: Written) => void, string]>([
    ['of no policy', (sum) => (sum.policyIndex = 2), `${of}it is of no policy`],
    [
      'of the same shard',
      ({ lines }) => (lines[1]['shardIndex'] = 0),
      `${of}a shard is in it twice`,
    ],
    ['that ends before it begins', ({ lines }) => (lines[0]['startNs'] = 1e15), line],
    ['of some sources', ({ lines }) => (lines[1]['sources'] as unknown[]).pop(), line],
    ['of sources alone', ({ lines }) => (lines[1]['processors'] = []), line],
    ['of processors alone', ({ lines }) => (lines[1]['sources'] = []), line],
    ['without what the focus names', ({ lines }) => (lines[1]['focused'] = {}), line],
    ['with fewer counters', ({ counters }) => (counters as unknown[]).pop(), `${of}counters are `],
    ['with fewer times', ({ times }) => (times as unknown[]).pop(), `${of}times are `],
    [
      'with more depths',
      ({ depthMaximum }) => (depthMaximum as number[]).push(1),
      `${of}depthMaximum are 3 instead of 2`,
    ],
    [
      'with fewer executions',
      ({ executions }) => (executions as unknown[]).pop(),
      `${of}executions are 4 instead of 5`,
    ],
    [
      'whose cells do not ascend',
      ({ census }) => census!.push(census![0]),
      `${of}its cells do not ascend`,
    ],
    [
      'with other samples',
      ({ latencies }) => (latencies[0].count[0] += 1),
      `${of}of its histograms, histogram 0 contradicts itself`,
    ],
    [
      'with histograms that are torn',
      ({ latencies }) => (latencies[0].starts[1] = 1e9),
      `${of}of its histograms, histogram 1 ends before it begins`,
    ],
    ['with other bytes', ({ latencies }) => (latencies[0].length -= 1), `${of}it has other bytes`],
  ])('is refused %s', (_, change, message) => {
    expect(refused(changed(change)).slice(0, message.length)).toBe(message);
  });

  it.each<[string, (written: Written) => void, RegExp]>([
    ['no lines', (sum) => (sum.lines = []), /^it: |lines: /],
    ['a cell beyond all', ({ census }) => (census!.at(-1)!.cell = CELL_COUNT), /cell: /],
    [
      'a bucket beyond all',
      ({ census }) => {
        census![0].buckets = [DECISION_BUCKETS];
        census![0].counts = [1];
      },
      /buckets\[0\]: /,
    ],
    [
      'buckets that do not ascend',
      ({ census }) => {
        census![0].buckets = [3, 3];
        census![0].counts = [1, 1];
      },
      /buckets: they do not ascend, or are not as many as counts/,
    ],
    [
      'fewer buckets than counts',
      ({ census }) => {
        census![0].buckets = [3];
        census![0].counts = [1, 1];
      },
      /buckets: they do not ascend, or are not as many as counts/,
    ],
    [
      'a count of nothing',
      ({ census }) => {
        census![0].buckets = [3];
        census![0].counts = [0];
      },
      /counts\[0\]: /,
    ],
    ['an unknown key', (sum) => (sum['more'] = 1), /more/],
    ['a sum that is none', (sum) => (sum['durationNs'] = '-1'), /durationNs: /],
    ['no shard index', ({ lines }) => delete lines[0]['shardIndex'], /shardIndex/],
  ])('is refused with %s, at its place', (_, change, message) => {
    expect(refused(changed(change))).toMatch(message);
  });

  it('may lack what was not asked for: a census, lines of sources and processors', () => {
    expect(refused(changed((sum) => (sum.census = null)))).toBe('');
    expect(refused(changed((sum) => (sum.census = [])))).toBe('');
    const machine = changed(({ lines }) => {
      for (const one of lines) Object.assign(one, { sources: [], processors: [], overTime: null });
    });
    expect(refused(machine)).toBe('');
    const edge = changed(({ census }) => {
      Object.assign(census![0], { buckets: [0, DECISION_BUCKETS - 1], counts: [1, 1] });
    });
    expect(refused(edge)).toBe('');
    expect(refused(changed(({ lines }) => (lines[0]['startNs'] = lines[0]['endNs'])))).toBe('');
  });

  it('has bins that follow each other up to where its shard ends', () => {
    interface Bins {
      warmupNs: number;
      binNs: number;
      bins: { endNs: number; busyNs: number[] }[];
    }
    const withBins = (change: (time: Bins) => void): string =>
      refused(changed(({ lines }) => change(lines[0]['overTime'] as Bins)));
    expect(whole.lines[0].overTime!.bins.length).toBeGreaterThan(2);
    expect(withBins(() => undefined)).toBe('');
    expect(withBins(({ bins }) => bins.pop())).toBe(line);
    expect(withBins(({ bins }) => bins.shift())).toBe('');
    expect(withBins(({ bins }) => (bins[1].endNs = bins[0].endNs))).toBe(line);
    expect(withBins(({ bins }) => bins[0].busyNs.pop())).toBe(line);
    expect(withBins(({ bins }) => (bins.at(-1)!.endNs += 1))).toBe(line);
  });
});
