import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/disk/sha256.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { InputError } from '../../src/errors.js';
import { decodeSum, encodeSum } from '../../src/kernel/sum-bytes.js';
import { carryOutJob } from '../../src/queue/carry-out-job.js';
import {
  failureAnswer,
  jobDifference,
  readAnswer,
  readJob,
  type ShardJob,
  sumAnswer,
} from '../../src/queue/shard-job.js';
import { describeScenario } from '../../src/run/describe-scenario.js';
import { executeInProcess } from '../../src/run/in-process.js';
import type { ExecuteOptions } from '../../src/run/tasks.js';
import { canonicalJson } from '../../src/scenario/canonical.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { anyJob } from './any-job.js';

const scenario = resolveScenario({
  name: 'queued',
  machine: { processors: 2 },
  sources: [
    {
      name: 'nic',
      irql: 6,
      arrivals: { poisson: '20k/s' },
      dpc: { target: 1, service: '3us' },
    },
  ],
  policies: ['pre-vista', 'vista'],
  until: { interrupts: 200 },
});
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const BYTES = encode(canonicalJson(describeScenario(scenario, sha256Hex)));

function job(shard: Partial<ShardJob['shard']> = {}, bytes = BYTES): ShardJob {
  const any = anyJob('0123456789abcdef', 0, 'a');
  return { ...any, scenario: sha256Hex([bytes]), shard: { ...any.shard, ...shard } };
}

const carryOut = (one: ShardJob, bytes = BYTES, signal?: AbortSignal): Promise<Uint8Array> =>
  carryOutJob(one, bytes, executeInProcess, signal);

/** Why there is no sum. */
async function failed(one: ShardJob, bytes = BYTES): Promise<string> {
  const answer = await carryOut(one, bytes);
  try {
    readAnswer(answer);
    return '';
  } catch (error) {
    return `${error instanceof InputError ? '' : 'defect: '}${(error as Error).message}`;
  }
}

describe('a job of a queue', () => {
  it('is answered by the sum of its shard, the same bytes each time', async () => {
    const answer = await carryOut(job());
    expect(await carryOut(job())).toEqual(answer);
    const sum = decodeSum(readAnswer(answer), scenario, 'it');
    expect([sum.policyIndex, sum.lines.length, sum.lines[0].counters.arrivals]).toEqual([
      0, 1, 100,
    ]);
    expect([sum.lines[0].halves, sum.lines[0].overTime]).toEqual([null, null]);
    let alone: Uint8Array | null = null;
    const shard = { ...job().shard, halfNs: undefined, binNs: undefined };
    const options = { kernel: shippedKernel(), workers: 1, oneByOne: true };
    await executeInProcess(scenario, [shard], (one) => (alone = encodeSum(one)), options);
    expect(readAnswer(answer)).toEqual(alone);
    const other = await carryOut(job({ policyIndex: 1 }));
    expect(decodeSum(readAnswer(other), scenario, 'it').policyIndex).toBe(1);
  });

  it('has what it asks for: a look half-way, bins, a focus, no census', async () => {
    const focus = { sources: ['nic'], against: [], latencies: [], counters: [] };
    const asked = {
      ...job({ halfNs: 1_000_000, binNs: 500_000 }),
      focus: { ...focus, statistic: 'p99Ns' as const },
      census: false,
      intervals: 'all' as const,
    };
    const focused = { ...scenario, focus: asked.focus };
    const sum = decodeSum(readAnswer(await carryOut(asked)), focused, 'it');
    const [line] = sum.lines;
    expect(line.halves).not.toBeNull();
    expect(line.overTime!.bins.length).toBeGreaterThan(2);
    expect(Object.keys(line.focused)).toEqual(['nic']);
    expect([line.sources.length, line.processors.length, sum.census]).toEqual([1, 2, null]);
  });

  it('is carried out by one worker, each sum on its own', async () => {
    const seen: ExecuteOptions[] = [];
    await carryOutJob(job(), BYTES, (_, shards, onSum, options) => {
      seen.push(options);
      return executeInProcess(_, shards, onSum, options);
    });
    expect(seen).toMatchObject([
      { workers: 1, oneByOne: true, intervals: 'machine', census: true },
    ]);
  });

  it('is answered by what is wrong with it', async () => {
    expect(await failed(job({ policyIndex: 2 }))).toBe('the scenario has no policy 2');
    expect(await failed({ ...job(), scenario: 'a'.repeat(64) })).toBe(
      'the scenario of a job is not the one that it names',
    );
    for (const bytes of [encode('{'), Uint8Array.of(0xff, 0xfe)]) {
      expect(await failed(job({}, bytes), bytes)).toBe('the scenario of a job is no JSON');
    }
    const described = describeScenario(scenario, sha256Hex);
    const without = (change: object): Uint8Array =>
      encode(canonicalJson({ ...described, ...change }));
    const torn = without({ sources: 5, policies: [], until: 1, machine: 2 });
    const said = await failed(job({}, torn), torn);
    expect(said).toMatch(/^machine: |\nmachine: /);
    expect(said).toMatch(/further problems, after these 3, are not shown$/);
  });

  it('is answered by a defect where a worker fails, and ends where it is told to', async () => {
    const failing = (error: Error): Promise<Uint8Array> =>
      carryOutJob(job(), BYTES, () => Promise.reject(error));
    const of = async (error: Error): Promise<string> => {
      const answer = await failing(error);
      try {
        return String(readAnswer(answer));
      } catch (read) {
        return (read as Error).message;
      }
    };
    expect(await of(new TypeError('oops'))).toMatch(/^a worker failed:\nTypeError: oops\n/);
    expect(await of(new Error('outer', { cause: new TypeError('inner') }))).toMatch(
      /^a worker failed:\nTypeError: inner\n/,
    );
    expect(await of(new Error('outer', { cause: new RangeError('0.5 is no time') }))).toBe(
      'the scenario of a job: 0.5 is no time',
    );
    expect(await of(new Error('outer', { cause: 'a text' }))).toMatch(
      /^a worker failed:\nError: outer/,
    );
    await expect(carryOut(job(), BYTES, AbortSignal.abort())).rejects.toMatchObject({
      name: 'RunCancelled',
    });
  });

  it('is read as it was written, and refused where it is none', () => {
    expect(readJob(structuredClone(job()))).toEqual(job());
    const refused = (change: object): string => {
      try {
        readJob({ ...job(), ...change });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const shard = (change: object): string => refused({ shard: { ...job().shard, ...change } });
    expect(refused({ more: 1 })).toMatch(/unknown key "more"/);
    expect(refused({ run: 'g'.repeat(16) })).toMatch(/run: .*16 hexadecimal digits/);
    expect(refused({ run: 'a'.repeat(17) })).toMatch(/run: /);
    expect(refused({ scenario: 'a'.repeat(63) })).toMatch(/scenario: .*64 hexadecimal digits/);
    expect(shard({ seed: -1 })).toMatch(/shard\.seed: /);
    expect(shard({ seed: 0 })).toBe('');
    expect(shard({ untilInterrupts: 0 })).toMatch(/shard\.untilInterrupts: /);
    const many = refused({ version: -1, run: 1, index: -1, census: 1, intervals: 'x' });
    expect(many.split('\n')).toHaveLength(4);
    expect(() => readJob(null)).toThrow(InputError);
  });

  it('fits a worker of the same version, rules, ABI and kernel alone', () => {
    const own = shippedKernel().identity;
    expect(jobDifference(job(), own)).toBe('');
    expect(jobDifference({ ...job(), version: 3 }, own)).toMatch(
      /^version 3 of jobs is wanted, and/,
    );
    expect(jobDifference(job(), { ...own, rules: 0 })).toMatch(/of rules is wanted, .* has 0$/);
    expect(jobDifference(job(), { ...own, abi: 0 })).toMatch(/of ABI is wanted, .* has 0$/);
    const hash = 'b'.repeat(64);
    expect(jobDifference(job(), { ...own, hash })).toBe(
      `kernel ${own.hash} is wanted, and this worker has ${hash}`,
    );
  });

  it('has answers that are a sum, problems or a defect, and nothing else', () => {
    expect([...readAnswer(sumAnswer(Uint8Array.of(7, 8)))]).toEqual([7, 8]);
    expect([...sumAnswer(Uint8Array.of(7, 8))]).toEqual([1, 7, 8]);
    const problem = { path: 'until', message: 'it is', hint: 'so' };
    const nowhere = { file: null, line: null, column: null };
    const error = new InputError([{ ...nowhere, ...problem }]);
    expect(failureAnswer(error)[0]).toBe(0);
    expect(() => readAnswer(failureAnswer(error))).toThrow('until: it is (so)');
    for (const bytes of [[], [0], [2, 1], [0, 0x7b], [0, 0x35]]) {
      expect(() => readAnswer(Uint8Array.from(bytes)), bytes.join()).toThrow(InputError);
    }
    const said = (problems: unknown): Uint8Array =>
      Uint8Array.of(0, ...encode(JSON.stringify({ problems, defect: 'x' })));
    expect(() => readAnswer(said([]))).toThrow('a worker failed:\nx');
    const list = (count: number) => said(Array.from({ length: count }, () => problem));
    expect(() => readAnswer(list(100))).toThrow(/^until: it is \(so\)\n/);
    expect(() => readAnswer(list(101))).toThrow(/problems: /);
  });
});
