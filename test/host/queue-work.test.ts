import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JobMessage } from '../../src/queue/job-worker.js';
import { QueueWork, type WorkOptions } from '../../src/queue/queue-work.js';
import { sayOnce } from '../../src/queue/queue-worker.js';
import { JOB_VERSION, readAnswer, type ShardJob } from '../../src/queue/shard-job.js';
import { anyJob } from './any-job.js';

const RUN = '0123456789abcdef';
const A_DAY_S = 86_400;
const hashOf = (letter: string): string => letter.repeat(64);

const jobOf = (index: number, scenario = 'a'): ShardJob => anyJob(RUN, index, scenario);

/** What is kept for a run and what was asked of it, in place of a server and its threads. */
class InventedServer {
  isAwaited = true;
  /** So many transactions fail. */
  failures = 0;
  readonly scenarios = new Map<string, Buffer>();
  readonly asked: string[] = [];
  readonly handedIn: unknown[][][] = [];
  readonly messages: JobMessage[] = [];
  readonly ended: (Error | null)[] = [];
  readonly done: number[] = [];
  readonly troubles: string[] = [];
  readonly stop = new AbortController();
  answer: (message: JobMessage) => Promise<Uint8Array> = ({ job }) =>
    Promise.resolve(Uint8Array.of(1, job.index));

  constructor() {
    this.keep('a', 'scenario a');
  }

  keep(letter: string, text: string): void {
    this.scenarios.set(`dpcbench:scenario:${hashOf(letter)}`, deflateRawSync(text));
  }

  work(): QueueWork {
    const client = {
      exists: (key: string) => (this.asked.push(key), Promise.resolve(this.isAwaited ? 1 : 0)),
      getBuffer: (key: string) => {
        this.asked.push(key);
        return Promise.resolve(this.scenarios.get(key) ?? null);
      },
      multi: () => this.transaction(),
    };
    const threads = {
      run: (message: unknown) => {
        this.messages.push(message as JobMessage);
        return this.answer(message as JobMessage);
      },
      end: () => Promise.resolve(),
    };
    const options: WorkOptions = {
      signal: this.stop.signal,
      onDone: (shards) => this.done.push(shards),
      onTrouble: (what) => this.troubles.push(what),
    };
    const end = (error: Error | null): void => void this.ended.push(error);
    return new QueueWork(client as never, threads, options, end, 5);
  }

  private transaction(): object {
    const commands: unknown[][] = [];
    const taking =
      (name: string) =>
      (...words: unknown[]): object => {
        commands.push([name, ...words]);
        return chain;
      };
    const chain = {
      set: taking('set'),
      rpush: taking('rpush'),
      expire: taking('expire'),
      exec: () => {
        if (this.failures-- > 0) return Promise.reject(new Error('OOM no room'));
        this.handedIn.push(commands);
        return Promise.resolve([]);
      },
    };
    return chain;
  }
}

describe('a worker of a queue', () => {
  it('answers a shard once, for a day, and says where it is', async () => {
    const server = new InventedServer();
    expect(await server.work().carryOut({ data: jobOf(7) })).toBe(true);
    expect(server.handedIn).toEqual([
      [
        ['set', `dpcbench:answer:${RUN}:7`, Buffer.of(1, 7), 'EX', A_DAY_S],
        ['rpush', `dpcbench:answered:${RUN}`, 7],
        ['expire', `dpcbench:answered:${RUN}`, A_DAY_S],
      ],
    ]);
    expect(server.messages.map(({ scenario }) => Buffer.from(scenario).toString())).toEqual([
      'scenario a',
    ]);
    expect(server.done).toEqual([1]);
    expect([server.ended, server.troubles]).toEqual([[], []]);
  });

  it('reads a scenario once for all its shards, and again after another one', async () => {
    const server = new InventedServer();
    server.keep('b', 'scenario b');
    const work = server.work();
    for (const [index, letter] of [...'aabba'].entries()) {
      expect(await work.carryOut({ data: jobOf(index, letter) })).toBe(true);
    }
    const read = server.asked.filter((key) => key.includes('scenario'));
    expect(read.map((key) => key.at(-1))).toEqual(['a', 'b', 'a']);
    expect(server.messages.map(({ scenario }) => Buffer.from(scenario).toString().at(-1))).toEqual([
      ...'aabba',
    ]);
    expect(server.done).toEqual([1, 2, 3, 4, 5]);
  });

  it('lets go what is no job, is awaited by nobody, or has no scenario', async () => {
    const server = new InventedServer();
    const work = server.work();
    expect(await work.carryOut({ data: { run: '../..' } })).toBe(true);
    expect(server.asked).toEqual([]);
    expect(await work.carryOut({ data: jobOf(0, 'c') })).toBe(true);
    server.isAwaited = false;
    expect(await work.carryOut({ data: jobOf(0) })).toBe(true);
    expect(server.asked.at(-1)).toBe(`dpcbench:alive:${RUN}`);
    expect([server.messages, server.handedIn, server.ended]).toEqual([[], [], []]);
  });

  it('ends for a job of another version, which it gives back', async () => {
    const server = new InventedServer();
    const job = { ...jobOf(0), version: JOB_VERSION + 1 };
    expect(await server.work().carryOut({ data: job })).toBe(false);
    expect(server.ended.map(String)).toEqual([
      expect.stringContaining('this worker is none for the run: version'),
    ]);
    expect(server.asked).toEqual([]);
  });

  it('reads no bytes of a scenario that is broken, or above 64 MB', async () => {
    const most = 2 ** 26;
    const server = new InventedServer();
    const packed = deflateRawSync(Buffer.alloc(most + 1), { level: 1 });
    server.scenarios.set(`dpcbench:scenario:${hashOf('c')}`, packed);
    server.scenarios.set(`dpcbench:scenario:${hashOf('d')}`, Buffer.from('no packed bytes'));
    const work = server.work();
    for (const letter of 'acd') await work.carryOut({ data: jobOf(0, letter) });
    expect(server.messages.map(({ scenario }) => scenario.length)).toEqual([10, 0, 0]);
  });

  it('answers what broke its thread, unless it was told to end', async () => {
    const server = new InventedServer();
    server.answer = () => Promise.reject(new Error('it broke'));
    expect(await server.work().carryOut({ data: jobOf(0) })).toBe(true);
    const [[[, , answer]]] = server.handedIn as [[[string, string, Buffer]]];
    expect(() => readAnswer(answer)).toThrow('a worker failed:\nError: it broke');
    const told = new InventedServer();
    told.answer = () => {
      told.stop.abort();
      return Promise.reject(new Error('aborted'));
    };
    expect(await told.work().carryOut({ data: jobOf(0) })).toBe(false);
    expect([told.handedIn, told.done]).toEqual([[], []]);
  });

  it('hands in again what a server refuses, as long as the run waits for it', async () => {
    const server = new InventedServer();
    server.failures = 2;
    expect(await server.work().carryOut({ data: jobOf(0) })).toBe(true);
    expect(server.troubles).toEqual(['OOM no room', 'OOM no room']);
    expect([server.handedIn.length, server.done]).toEqual([1, [1]]);

    const given = new InventedServer();
    given.failures = 1;
    given.answer = () => ((given.isAwaited = false), Promise.resolve(Uint8Array.of(1)));
    expect(await given.work().carryOut({ data: jobOf(0) })).toBe(true);
    expect([given.handedIn, given.done, given.troubles.length]).toEqual([[], [], 1]);
  });

  it('gives back what it cannot hand in before it is told to end', async () => {
    const server = new InventedServer();
    server.answer = () => (server.stop.abort(), Promise.resolve(Uint8Array.of(1)));
    expect(await server.work().carryOut({ data: jobOf(0) })).toBe(false);
    expect([server.handedIn, server.done]).toEqual([[], []]);
  });

  it('says a trouble once, until it is another', () => {
    const said: string[] = [];
    const say = sayOnce((what) => said.push(what));
    for (const what of ['a', 'a', 'b', 'b', 'a']) say(what);
    expect(said).toEqual(['a', 'b', 'a']);
  });
});
