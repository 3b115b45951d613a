import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HISTOGRAM_BUCKETS } from '../../assembly/shared/abi.js';
import { InputError } from '../../src/errors.js';
import { executeByQueue } from '../../src/queue/queue-engine.js';
import { answerKey, connect, RedisQueue } from '../../src/queue/redis-queue.js';
import { RunCancelled } from '../../src/run/tasks.js';
import { PERSISTENT } from '../../bench/redis-server.js';
import { ask, bytes, Stage, TASKS, whole } from './stage.js';

describe.concurrent('a server', () => {
  it('that stands still for a while is waited for, and that is told', async (context) => {
    const stage = new Stage(context);
    const server = await stage.server();
    stage.worker(server.address);
    const { seen, text } = await stage.run(server.address, {
      at: 3,
      when: async () => {
        server.pause();
        await setTimeout(4_000);
        server.unpause();
      },
    });
    expect(text).toBe(await whole);
    const queues = seen.map(({ queue }) => queue);
    expect(queues).toContain('away');
    expect(queues).toContain(1);
  });

  it('that holds back all commands is waited for', async (context) => {
    const stage = new Stage(context);
    const { address } = await stage.server();
    stage.worker(address);
    const when = (): unknown => ask(address, 'CLIENT', 'PAUSE', '3000', 'ALL');
    expect((await stage.run(address, { at: 2, when })).text).toBe(await whole);
  });

  it('that cuts every connection off, again and again, loses nothing', async (context) => {
    const stage = new Stage(context);
    const { address } = await stage.server();
    stage.worker(address);
    const { text } = await stage.run(address, {
      at: 1,
      when: async () => {
        for (let i = 0; i < 12; i++) {
          await ask(address, 'CLIENT', 'KILL', 'TYPE', 'normal');
          await setTimeout(60 + 20 * i);
        }
      },
    });
    expect(text).toBe(await whole);
  });

  it('whose way is cut, or lost without a word, is found again by another', async (context) => {
    const stage = new Stage(context);
    const server = await stage.server();
    const [way, other] = [await stage.way(server), await stage.way(server)];
    stage.worker(other.address);
    const { text } = await stage.run(way.address, {
      at: 2,
      when: async () => {
        way.isMute = true;
        way.cut();
        other.cut();
        await setTimeout(500);
        way.isMute = false;
        way.silence();
      },
    });
    expect(text).toBe(await whole);
  });

  it('that is killed and keeps its jobs on disk goes on with them', async (context) => {
    const stage = new Stage(context);
    const server = await stage.server(PERSISTENT);
    stage.worker(server.address);
    const { text } = await stage.run(server.address, {
      at: 3,
      when: async () => {
        await server.kill();
        await setTimeout(300);
        await server.resume();
      },
    });
    expect(text).toBe(await whole);
  });
});

describe.concurrent('a server without room', () => {
  const setRoom = (address: string, room: '1mb' | '0'): Promise<unknown> =>
    ask(address, 'CONFIG', 'SET', 'maxmemory', room);

  it('is refused at once, with its words and the way out', async (context) => {
    const stage = new Stage(context);
    const { address } = await stage.server();
    await setRoom(address, '1mb');
    const ended = stage.run(address, { at: 0, when: () => undefined });
    await expect(ended).rejects.toThrow(InputError);
    await expect(ended).rejects.toThrow(
      /^redis:\/\/127\.0\.0\.1:\d+: the queue cannot be used: OOM .* \(give the server more memory/,
    );
  });

  it('for a while loses nothing', async (context) => {
    const stage = new Stage(context);
    const { address } = await stage.server();
    const worker = stage.worker(address);
    const { text } = await stage.run(address, {
      at: 2,
      when: async () => {
        await setRoom(address, '1mb');
        await setTimeout(2_500);
        await setRoom(address, '0');
      },
    });
    expect(text).toBe(await whole);
    expect(worker.said.join()).toContain('OOM');
  });

  it('for good ends the run in words', async (context) => {
    const stage = new Stage(context);
    const { address } = await stage.server();
    stage.worker(address);
    const when = (): unknown => setRoom(address, '1mb');
    const ended = stage.run(address, { at: 2, when, refusedMs: 1_500 });
    await expect(ended).rejects.toThrow(/the queue cannot be used: OOM .*--journal/);
  });
});

describe.concurrent('a server that says nothing', () => {
  it('is not waited for at the start', async ({ onTestFinished }) => {
    const listener = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void listener.close());
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const connected = connect(`redis://127.0.0.1:${port}`, { firstAnswerMs: 200 });
    await expect(connected).rejects.toThrow('it has not answered for 0.2 s');
  });

  it('keeps neither run nor worker from ending', async (context) => {
    const stage = new Stage(context);
    const server = await stage.server();
    const worker = stage.worker(server.address);
    const stop = new AbortController();
    const ended = stage.run(server.address, {
      at: 2,
      signal: stop.signal,
      when: () => {
        server.pause();
        stop.abort();
      },
    });
    await expect(ended).rejects.toThrow(RunCancelled);
    await worker.end();
  });
});

it('a clock that is set again and again keeps no worker from being replaced', async (context) => {
  const stage = new Stage(context);
  const server = await stage.server();
  const way = await stage.way(server);
  const lost = stage.worker(way.address);
  const { now } = Date;
  const days = [400, -400, 0, 1, -1];
  let asked = 0;
  // Every time that it is read, of run, workers and their queue alike.
  Date.now = () => now() + days[asked++ % days.length] * 86_400_000;
  stage.atEnd(() => (Date.now = now));
  const { text } = await stage.run(server.address, {
    at: 2,
    when: () => {
      // It goes on with its shard, but nobody hears of it: its lease runs out.
      way.isMute = true;
      way.silence();
      stage.worker(server.address);
    },
  });
  expect(text).toBe(await whole);
  expect(asked).toBeGreaterThan(20);
  expect(lost.done()).toBeLessThan(TASKS);
});

it('a job is some hundred bytes, and a packed result comes back', async (context) => {
  const stage = new Stage(context);
  const { address } = await stage.server();
  const queue = await RedisQueue.open(address);
  stage.atEnd(() => queue.close());
  const sizes = { jobs: [] as number[], answers: [] as number[] };
  const sizeOf = async (...words: string[]): Promise<number> =>
    Number(await ask(address, ...words));
  const watched = Object.create(queue) as RedisQueue;
  watched.add = async (jobs) => {
    await queue.add(jobs);
    for (const { index, run } of jobs) {
      sizes.jobs.push(await sizeOf('MEMORY', 'USAGE', `dpcbench:shards:${run}-${index}`));
    }
    stage.worker(address);
  };
  watched.answer = async (run, index) => {
    sizes.answers.push(await sizeOf('STRLEN', answerKey(run, index)));
    return queue.answer(run, index);
  };
  expect(await bytes(executeByQueue(watched))).toBe(await whole);
  expect(sizes.jobs).toHaveLength(TASKS);
  expect(Math.max(...sizes.jobs)).toBeLessThan(2_000);
  expect(sizes.answers).toHaveLength(TASKS);
  // Three latencies of the machine, of 16 sources and 8 processors, in buckets of 4 bytes.
  const unpacked = 3 * (1 + 16 + 8) * HISTOGRAM_BUCKETS * 4;
  expect(Math.max(...sizes.answers)).toBeLessThan(unpacked / 20);
});

it('workers are counted as they come and go', async (context) => {
  const stage = new Stage(context);
  const { address } = await stage.server();
  const queue = await RedisQueue.open(address);
  stage.atEnd(() => queue.close());
  const until = async (count: number): Promise<void> => {
    while ((await queue.workers()) !== count) await setTimeout(20);
  };
  await until(0);
  stage.worker(address);
  const second = stage.worker(address);
  await until(2);
  await second.end();
  await until(1);
});
