import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { InputError } from '../../src/errors.js';
import { carryOutJob } from '../../src/queue/carry-out-job.js';
import {
  executeByQueue,
  type JobQueue,
  QueueAway,
  QueueRefused,
} from '../../src/queue/queue-engine.js';
import { readAddress } from '../../src/queue/redis-queue.js';
import {
  failureAnswer,
  JOB_VERSION,
  jobDifference,
  readAnswer,
  readJob,
  type ShardJob,
} from '../../src/queue/shard-job.js';
import { replayExample } from '../../src/cli/open-recording.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import { type Execute, RunCancelled, type RunProgress } from '../../src/run/tasks.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { anyJob } from './any-job.js';
import { runCli } from './run-cli.js';

const small: Scenario = {
  ...loadScenario('rogue-driver'),
  until: { timeNs: null, interrupts: 5_000 },
};

async function bytes(execute: Execute, options: RunOptions = {}): Promise<string> {
  const document = await runBenchmark(small, options, execute);
  const { host: _host, ...meta } = document.meta;
  return JSON.stringify({ ...document, meta });
}

/** What may become of a job in a queue that other hosts, and nobody, answer for. */
type Fate = 'done' | 'done twice' | 'lost' | 'done in silence' | 'never';

/** A queue in memory, whose workers do their job at once. */
class MemoryQueue implements JobQueue {
  readonly scenarios = new Map<string, Uint8Array>();
  readonly jobs: string[] = [];
  readonly answers = new Map<number, Uint8Array>();
  private readonly announced: number[] = [];
  private readonly silent = new Set<number>();
  added = 0;

  constructor(
    private readonly fateOf: (added: number) => Fate = () => 'done',
    private readonly change: (answer: Uint8Array) => Uint8Array = (answer) => answer,
  ) {}

  async keepScenario(hash: string, scenario: Uint8Array): Promise<void> {
    this.scenarios.set(hash, scenario);
  }

  async add(jobs: readonly ShardJob[]): Promise<void> {
    for (const job of jobs) {
      this.jobs.push(JSON.stringify(job));
      const fate = this.fateOf(this.added++);
      if (fate === 'lost') continue;
      this.silent.add(job.index);
      if (fate === 'never') continue;
      const read = readJob(JSON.parse(JSON.stringify(job)));
      const scenario = this.scenarios.get(read.scenario)!;
      this.answers.set(job.index, this.change(await carryOutJob(read, scenario, executeInProcess)));
      if (fate !== 'done in silence') this.announced.push(job.index);
      if (fate === 'done twice') this.announced.push(job.index);
    }
  }

  async nextAnswered(): Promise<number | null> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return this.announced.shift() ?? null;
  }

  async answer(_run: string, index: number): Promise<Uint8Array | null> {
    return this.answers.get(index) ?? null;
  }

  async answered(_run: string, indexes: readonly number[]): Promise<number[]> {
    return indexes.filter((index) => this.answers.has(index));
  }

  async workers(): Promise<number | null> {
    return 3;
  }

  async lost(_run: string, indexes: readonly number[]): Promise<number[]> {
    return indexes.filter((index) => !this.silent.has(index));
  }

  removing: (indexes: readonly number[]) => void = () => undefined;

  async remove(_run: string, indexes: readonly number[]): Promise<void> {
    this.jobs.length = 0;
    this.removing(indexes);
  }
}

describe('a run by a queue', () => {
  const FATES: Fate[] = ['done', 'lost', 'done twice', 'done in silence', 'lost', 'lost', 'done'];

  it('has the bytes of one process, whatever becomes of its jobs', async () => {
    for (const intervals of ['machine', 'all'] as const) {
      const whole = await bytes(executeInProcess, { intervals });
      expect(await bytes(executeByQueue(new MemoryQueue()), { intervals })).toBe(whole);
      const unsure = new MemoryQueue((added) => FATES[added % FATES.length]);
      expect(await bytes(executeByQueue(unsure), { intervals })).toBe(whole);
      expect(unsure.added).toBeGreaterThan(unsure.answers.size);
    }
  });

  it('asks again what was cut off, and tells how many workers there are', async () => {
    const queue = new MemoryQueue();
    let asked = 0;
    // Some are done, and that they are is lost.
    const unsure = new Proxy(queue, {
      get: (_, name: keyof MemoryQueue) => {
        const ask = queue[name] as (...words: unknown[]) => Promise<unknown>;
        return async (...words: unknown[]) => {
          const answer = await ask.apply(queue, words);
          if (asked++ % 8 === 3) throw new QueueAway();
          return answer;
        };
      },
    });
    const seen: RunProgress[] = [];
    const options = { shards: 2, onProgress: (progress: RunProgress) => void seen.push(progress) };
    const whole = await bytes(executeInProcess, { shards: 2 });
    expect(await bytes(executeByQueue(unsure), options)).toBe(whole);
    expect(asked).toBeGreaterThan(8);
    expect(seen.map((progress) => progress.queue)).toContain(3);
  });

  it('tells how far it is, shard by shard, and takes away what is left of it', async () => {
    const queue = new MemoryQueue();
    const removed: (readonly number[])[] = [];
    queue.removing = (indexes) => {
      removed.push(indexes);
      throw new QueueAway();
    };
    const seen: RunProgress[] = [];
    const options: RunOptions = { shards: 2, warmup: 'none', onProgress: (one) => seen.push(one) };
    const { results } = await runBenchmark(small, options, executeByQueue(queue, { lookMs: 1 }));
    const tasks = 2 * small.policies.length;
    const steps = [...new Set(seen.map(({ tasksDone }) => tasksDone))].filter((done) => done > 0);
    expect(steps).toEqual(Array.from({ length: tasks }, (_, i) => i + 1));
    for (const one of seen) expect(one).toMatchObject({ share: one.tasksDone / tasks, tasks });
    const interrupts = results.reduce((sum, { counters }) => sum + counters.arrivals, 0);
    expect(seen.at(-1)).toMatchObject({ interrupts, share: 1, tasksDone: tasks });
    expect(removed).toEqual([[]]);
  });

  it.each<[string, () => Promise<number | null>, RunProgress['queue']]>([
    ['does not answer', () => new Promise(() => undefined), 'away'],
    ['does not know', () => Promise.resolve(null), 'there'],
    ['cannot be asked', () => Promise.reject(new QueueAway()), 'there'],
    ['counts none', () => Promise.resolve(0), 0],
  ])('tells of a queue that %s', async (_, workers, told) => {
    const queue = new MemoryQueue(() => 'never');
    queue.workers = workers;
    const stop = new AbortController();
    const seen: RunProgress['queue'][] = [];
    const onProgress = ({ queue: one }: RunProgress): void => {
      seen.push(one);
      if (seen.length === 3) stop.abort();
    };
    const patience = { lookMs: 1, answerMs: 5 };
    const run = bytes(executeByQueue(queue, patience), { onProgress, signal: stop.signal });
    await expect(run).rejects.toThrow(RunCancelled);
    expect(seen.slice(0, 3)).toEqual([told, told, told]);
  });

  it('goes on where a refusal passes, and where what was answered is gone again', async () => {
    const queue = new MemoryQueue(() => 'done in silence');
    let refusals = 0;
    const { answered, answer } = queue;
    queue.answered = (run, indexes) => {
      if (refusals++ === 0) return Promise.reject(new QueueRefused([]));
      return answered.call(queue, run, indexes);
    };
    let gone = 0;
    queue.answer = (run, index) => {
      return gone++ === 0 ? Promise.resolve(null) : answer.call(queue, run, index);
    };
    const whole = await bytes(executeInProcess, { shards: 2 });
    expect(await bytes(executeByQueue(queue), { shards: 2 })).toBe(whole);
    expect([refusals, gone].map((count) => count > 1)).toEqual([true, true]);
  });

  it('ends in words where it is refused, at once or once it has lasted', async () => {
    const full = new QueueRefused([
      { file: null, line: null, column: null, path: '', message: 'it is full', hint: '' },
    ]);
    const early = new MemoryQueue();
    early.add = () => Promise.reject(full);
    await expect(bytes(executeByQueue(early))).rejects.toThrow('it is full');
    const late = new MemoryQueue();
    let refusals = 0;
    late.nextAnswered = () => {
      refusals++;
      return Promise.reject(full);
    };
    await expect(bytes(executeByQueue(late, { refusedMs: 400 }))).rejects.toThrow('it is full');
    expect(refusals).toBe(2);
  });

  it('gives a job a few hundred bytes, and the scenario once', async () => {
    const queue = new MemoryQueue();
    const sizes: number[] = [];
    const { add } = queue;
    queue.add = (jobs) => {
      sizes.push(...jobs.map((job) => JSON.stringify(job).length));
      return add.call(queue, jobs);
    };
    await bytes(executeByQueue(queue));
    expect(Math.max(...sizes)).toBeLessThan(1_500);
    expect(queue.scenarios.size).toBe(1);
  });

  it('gives up a shard that is lost again and again', async () => {
    const run = bytes(executeByQueue(new MemoryQueue(() => 'lost')));
    await expect(run).rejects.toThrow('was given out 11 times and never answered');
  });

  it('ends when it is told to, though nobody answers', async () => {
    const signal = AbortSignal.timeout(50);
    const run = bytes(executeByQueue(new MemoryQueue(() => 'never')), { signal });
    await expect(run).rejects.toThrow(RunCancelled);
  });

  it.each<[string, (answer: Uint8Array) => Uint8Array, string]>([
    ['nothing', () => new Uint8Array(), 'an answer'],
    ['half a sum', (answer) => answer.slice(0, 900), 'an answer of a worker: this is no sum'],
    ['a defect', () => failureAnswer(new Error('it broke')), 'a worker failed:\nError: it broke'],
    [
      'a failure without sense',
      () => Uint8Array.of(0, 123, 125),
      'an answer: the key problems is missing',
    ],
  ])('refuses an answer that is %s', async (_, change, said) => {
    const queue = new MemoryQueue(() => 'done', change);
    await expect(bytes(executeByQueue(queue))).rejects.toThrow(said);
  });

  it('says which shard it was that broke, and how to see it again', async () => {
    const queue = new MemoryQueue();
    let asked = 0;
    const { answer } = queue;
    queue.answer = async (run, index) => {
      const right = await answer.call(queue, run, index);
      return asked++ === 1 ? failureAnswer(new Error('unreachable executed')) : right;
    };
    const options = { warmup: 'none', shards: 2, seed: 7 } as const;
    const run = bytes(executeByQueue(queue), options);
    await expect(run).rejects.toThrow('unreachable executed');
    await expect(run).rejects.toThrow(
      /It was in shard 1 of .*"rogue-driver" under .*, seed 7\. .* --shard 2\/\d+ --journal/,
    );
  });

  it('refuses the sum of another shard', async () => {
    let first: Uint8Array | null = null;
    const queue = new MemoryQueue(
      () => 'done',
      (answer) => (first ??= answer),
    );
    const run = bytes(executeByQueue(queue), { warmup: 'none', shards: 2 });
    await expect(run).rejects.toThrow('an answer of a worker is of another shard');
  });

  it('hands on what the user can mend', () => {
    const refusal = new InputError([
      { file: 'a', line: 1, column: 1, path: 'until', message: 'too long', hint: 'shorter' },
    ]);
    expect(() => readAnswer(failureAnswer(refusal))).toThrow('until: too long (shorter)');
  });

  it('leaves recordings where they are, and --shard alone', async () => {
    const shards = await runCli(['run', 'w8', '--engine', 'redis://x', '--shard', '1/2']);
    expect(shards).toMatchObject({ code: 2 });
    expect(shards.err).toContain('--shard is for this host, and --engine for others');
    const scenario = await replayExample();
    const run = runBenchmark(scenario, {}, executeByQueue(new MemoryQueue()));
    await expect(run).rejects.toThrow('replays a recording, which stays on this host');
  });
});

describe('a job', () => {
  const { identity } = shippedKernel();
  const job = anyJob('0123456789abcdef', 0, 'a');

  it('is refused where anything in it is not as it should be', () => {
    expect(readJob(job)).toEqual(job);
    const broken: unknown[] = [
      null,
      'job',
      { ...job, run: '../../x' },
      { ...job, index: -1 },
      { ...job, scenario: 'none' },
      { ...job, more: 1 },
      { ...job, shard: { ...job.shard, warmupNs: 0.5 } },
      { ...job, shard: { ...job.shard, seed: 2 ** 60 } },
      { ...job, kernel: { ...identity, hash: '' } },
    ];
    for (const value of broken) expect(() => readJob(value)).toThrow(InputError);
  });

  it('of another kernel, rules or format is refused with both', () => {
    const { abi, hash, rules } = identity;
    expect(jobDifference(job, identity)).toBe('');
    expect(jobDifference({ ...job, version: JOB_VERSION + 1 }, identity)).toBe(
      `version ${JOB_VERSION + 1} of jobs is wanted, and this worker has ${JOB_VERSION}`,
    );
    expect(jobDifference(job, { ...identity, rules: rules + 1 })).toBe(
      `version ${rules} of rules is wanted, and this worker has ${rules + 1}`,
    );
    expect(jobDifference(job, { ...identity, abi: 1 })).toContain(
      `version ${abi} of ABI is wanted`,
    );
    expect(jobDifference(job, { ...identity, hash: 'f'.repeat(64) })).toBe(
      `kernel ${hash} is wanted, and this worker has ${'f'.repeat(64)}`,
    );
  });

  it('whose scenario is another one, or none, is answered with a refusal', async () => {
    for (const text of ['{}', 'null', 'no JSON', '']) {
      const answer = await carryOutJob(job, new TextEncoder().encode(text), executeInProcess);
      expect(() => readAnswer(answer)).toThrow();
    }
  });
});

describe('the address of a queue', () => {
  it('is read, with credentials out of the environment', () => {
    const env = { DPCBENCH_REDIS_USERNAME: 'me', DPCBENCH_REDIS_PASSWORD: 'secret' };
    expect(readAddress('rediss://[::1]:7000/3', env)).toEqual({
      name: 'rediss://[::1]:7000',
      host: '::1',
      port: 7000,
      db: 3,
      username: 'me',
      password: 'secret',
      tls: {},
    });
    expect(readAddress('redis://cache', {})).toMatchObject({ host: 'cache', port: 6379, db: 0 });
  });

  it.each(['', 'cache:6379', 'http://cache', 'redis://cache/x', 'redis://cache/1/2'])(
    'is not %j',
    (text) => {
      expect(() => readAddress(text, {})).toThrow('this is no address of a queue');
    },
  );

  it('holds no credentials, which are not said again', () => {
    const read = (): unknown => readAddress('redis://me:hunter2@cache', {});
    expect(read).toThrow('credentials do not belong on a command line');
    expect(read).not.toThrow('hunter2');
  });

  it('where nobody listens is refused in words', async () => {
    const { code, err } = await runCli(['run', 'w8', '-q', '--engine', 'redis://127.0.0.1:1']);
    expect(code).toBe(3);
    expect(err).toContain('redis://127.0.0.1:1: the queue cannot be used: ');
    const worker = await runCli(['worker', 'redis://127.0.0.1:1', '-q']);
    expect(worker).toMatchObject({ code: 3, out: '' });
  });
});
