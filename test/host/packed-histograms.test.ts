import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  SUMMARY_COUNTS_ADDRESS,
  SUMMARY_FIRST,
  SUMMARY_SAMPLES,
  SUMMARY_SLOTS,
  SUMMARY_USED,
} from '../../assembly/shared/abi.js';
import type { HistogramData } from '../../src/result/outcome.js';
import { HistogramPacker, type PackedHistograms } from '../../src/result/histogram-packer.js';
import { summarizePacked, unpackHistogram } from '../../src/result/packed-histograms.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { ShardKernel } from '../../src/kernel/shard-kernel.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import {
  addHistograms,
  bucketIndex,
  emptyHistogram,
  sparseHistogram,
  summarize,
} from '../../src/result/histogram.js';

const HISTOGRAMS = 3;

/** Samples of one histogram as a kernel counts them: 32-bit counts from the first bucket on. */
interface Counted {
  index: number;
  first: number;
  counts: Uint32Array;
  data: HistogramData;
}

/** The bucket in which the kernel counts a latency. */
function bucketOf(ns: number): number {
  return Math.min(bucketIndex(ns), 28_671);
}

const counted: fc.Arbitrary<Counted> = fc
  .tuple(
    fc.nat(HISTOGRAMS - 1),
    fc.oneof(
      fc.array(fc.oneof(fc.nat(3_000), fc.nat(2 ** 36)), { maxLength: 40 }),
      // All in the last bucket, where the kernel counts what no other holds.
      fc.array(fc.integer({ min: 2 ** 37, max: 2 ** 40 }), { maxLength: 5 }),
    ),
  )
  .map(([index, samples]) => {
    if (samples.length === 0) {
      return { index, first: 0, counts: new Uint32Array(), data: emptyHistogram() };
    }
    const minNs = Math.min(...samples);
    const maxNs = Math.max(...samples);
    const first = bucketOf(minNs);
    const counts = new Uint32Array(bucketOf(maxNs) - first + 1);
    for (const sample of samples) counts[bucketOf(sample) - first]++;
    const sumNs = BigInt(samples.reduce((sum, sample) => sum + sample, 0));
    return { index, first, counts, data: sparseHistogram({ sumNs, minNs, maxNs }, first, counts) };
  });
const list = fc.array(counted, { maxLength: 8 });

function pack(parts: readonly Counted[]): PackedHistograms {
  const packer = new HistogramPacker(HISTOGRAMS);
  for (let i = 0; i < HISTOGRAMS; i++) {
    const part = parts.find(({ index }) => index === i);
    if (part === undefined) packer.addHistogram(emptyHistogram());
    else addAsCounts(packer, part);
  }
  return packer.finish();
}

const shardKernel = new ShardKernel(loadScenario('w1'), 0, { kernel: shippedKernel() });
shardKernel.start({
  policyIndex: 0,
  seed: 1,
  shardIndex: 0,
  untilTimeNs: 1,
  untilInterrupts: null,
  warmupNs: 0,
});
const { kernel } = shardKernel;
const free = kernel.memory.grow(4) * 65_536;

/** By the kernel. */
function addAsCounts(packer: HistogramPacker, { counts, data, first }: Counted): void {
  const record = free;
  const from = free + 1024;
  const { buffer } = kernel.memory;
  new Uint32Array(buffer, from, 28_672).fill(0).set(counts, first);
  const slots = new BigInt64Array(buffer, record, SUMMARY_SLOTS);
  slots[SUMMARY_COUNTS_ADDRESS] = BigInt(from + 4 * first);
  slots[SUMMARY_FIRST] = BigInt(first);
  slots[SUMMARY_USED] = BigInt(counts.length);
  const length = kernel.pack(record);
  const packed = new Uint8Array(buffer, kernel.packedAddress() >>> 0, length);
  packer.addPacked(data, Number(slots[SUMMARY_SAMPLES]), packed);
}

function unpack(all: readonly PackedHistograms[]): HistogramData[] {
  return Array.from({ length: HISTOGRAMS }, (_, i) => unpackHistogram(all, i));
}

/** The model: sparse histograms, added two by two. */
function expected(parts: readonly Counted[]): HistogramData[] {
  return Array.from({ length: HISTOGRAMS }, (_, i) => {
    const sum = parts
      .filter(({ index }) => index === i)
      .map(({ data }) => data)
      .reduce(addHistograms, emptyHistogram());
    return { ...sum, counts: Float64Array.from(sum.counts) };
  });
}

describe('packed histograms', () => {
  it('add up as addHistograms adds them, also after crossing a boundary', () => {
    fc.assert(
      fc.property(list, (parts) => {
        const packed = parts.map((part) => structuredClone(pack([part])));
        expect(unpack(packed)).toEqual(expected(parts));
        expect(unpack([...packed].reverse())).toEqual(expected(parts));
        expect(expected(parts).map((_, i) => summarizePacked(packed, i))).toEqual(
          expected(parts).map(summarize),
        );
      }),
    );
  });

  it('have the same bytes whether packed from counts or from sparse histograms', () => {
    fc.assert(
      fc.property(list, (parts) => {
        for (const part of parts) {
          const packer = new HistogramPacker(1);
          packer.addHistogram(part.data);
          const other = new HistogramPacker(1);
          addAsCounts(other, part);
          expect(packer.finish()).toEqual(other.finish());
        }
      }),
    );
  });

  it('hold counts of any size, and the last bucket', () => {
    const counts = new Uint32Array(28_672);
    counts[0] = 1;
    counts[28_671] = 2 ** 32 - 1;
    const totals = { sumNs: 1n, minNs: 0, maxNs: 2 ** 37 - 1 };
    const packer = new HistogramPacker(1);
    addAsCounts(packer, { index: 0, first: 0, counts, data: sparseHistogram(totals, 0, counts) });
    const packed = packer.finish();
    const sum = unpackHistogram([packed, packed, packed, packed], 0);
    expect(sum).toMatchObject({
      count: 4 * 2 ** 32,
      sumNs: 4n,
      buckets: Uint16Array.of(0, 28_671),
      counts: Float64Array.of(4, 4 * (2 ** 32 - 1)),
    });
    const again = new HistogramPacker(1);
    again.addHistogram(sum);
    expect(unpackHistogram([again.finish()], 0)).toEqual(sum);
  });

  it('take as many bytes for a count as a block of them needs, and half a one for a few', () => {
    const counts = new Uint32Array(4 * 16 + 5);
    counts[0] = 16;
    counts[2 * 16] = 256;
    counts.set([2, 0, 0, 1], 3 * 16 + 4);
    counts[4 * 16 + 4] = 2 ** 32 - 1 - 16 - 256 - 3;
    const packer = new HistogramPacker(1);
    addAsCounts(packer, { index: 0, first: 16, counts, data: emptyHistogram() });
    const { bytes } = packer.finish();
    const [byte, short, few, long] = [1 + 4 + 16, 1 + 4 + 2 * 16, 1 + 2, 1 + 4 + 4 * 16];
    expect(bytes.length).toBe(byte + 1 + short + few + long);
    expect([...bytes.subarray(0, 7)]).toEqual([1, 16, 0, 0, 0, 16, 0]);
    expect([...bytes.subarray(byte, byte + 8)]).toEqual([0, 2, 0, 1, 0, 0, 0, 1]);
    // Three samples: places 4, 4 and 7.
    expect([...bytes.subarray(-long - few, -long)]).toEqual([16 + 3, 0x44, 0x07]);
    expect(bytes.at(-long)).toBe(4);
  });
});
