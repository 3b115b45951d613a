import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EXIT, InputError } from '../../src/errors.js';
import { QueueAway, QueueRefused } from '../../src/queue/queue-engine.js';
import { connect, RedisQueue, unreachable } from '../../src/queue/redis-queue.js';
import type { ShardJob } from '../../src/queue/shard-job.js';

const RUN = '0123456789abcdef';
const A_DAY_S = 86_400;
const job = (index: number): ShardJob => ({ run: RUN, index }) as ShardJob;

/** What a server holds and was told, in its place. */
class InventedRedis {
  readonly told: unknown[][] = [];
  readonly there = new Map<string, Buffer>();
  popped: [string, string] | null = null;
  broken: Error | null = null;

  queue(): RedisQueue {
    const client = {
      set: this.telling('set', 'OK'),
      expire: this.telling('expire', 1),
      del: this.telling('del', 2),
      disconnect: this.telling('disconnect client', null),
      getdelBuffer: (key: string) => {
        const value = this.there.get(key) ?? null;
        this.there.delete(key);
        return Promise.resolve(value);
      },
      pipeline: () => this.pipeline(),
    };
    const waiting = {
      blpop: (key: string, seconds: number) => {
        this.told.push(['blpop', key, seconds]);
        return Promise.resolve(this.popped);
      },
      disconnect: this.telling('disconnect waiting', null),
    };
    const jobs = {
      addBulk: this.telling('addBulk', []),
      getWorkersCount: this.telling('getWorkersCount', 4),
      remove: (id: string) => {
        this.told.push(['remove', id]);
        return id.endsWith('-2') ? Promise.reject(new Error('it is locked')) : Promise.resolve(1);
      },
    };
    return new RedisQueue('redis://x', client as never, waiting as never, jobs as never);
  }

  private telling(name: string, answer: unknown) {
    return (...words: unknown[]): Promise<unknown> => {
      this.told.push([name, ...words]);
      return this.broken === null ? Promise.resolve(answer) : Promise.reject(this.broken);
    };
  }

  private pipeline(): object {
    const keys: string[] = [];
    return {
      exists: (key: string) => keys.push(key),
      exec: () =>
        Promise.resolve(
          keys.map((key) =>
            this.broken === null ? [null, Number(this.there.has(key))] : [this.broken],
          ),
        ),
    };
  }
}

describe('a queue of BullMQ', () => {
  it('keeps a scenario packed, for a day', async () => {
    const redis = new InventedRedis();
    await redis.queue().keepScenario('hash', Buffer.from('a scenario'));
    const [[name, key, packed, ...end]] = redis.told as [[string, string, Buffer, string, number]];
    expect([name, key, ...end]).toEqual(['set', 'dpcbench:scenario:hash', 'EX', A_DAY_S]);
    expect(inflateRawSync(packed).toString()).toBe('a scenario');
  });

  it('gives out jobs by the name of their shard and is awaited for a minute', async () => {
    const redis = new InventedRedis();
    await redis.queue().add([job(3), job(4)]);
    const opts = (index: number): object => ({
      jobId: `${RUN}-${index}`,
      removeOnComplete: true,
      removeOnFail: true,
    });
    expect(redis.told).toEqual([
      ['set', `dpcbench:alive:${RUN}`, '1', 'EX', 60],
      ['addBulk', [3, 4].map((index) => ({ name: 'shard', data: job(index), opts: opts(index) }))],
    ]);
  });

  it.each([
    [['list', '12'], 12],
    [['list', '0'], 0],
    [['list', '1.5'], null],
    [['list', 'x'], null],
  ] as const)('takes %j for the answer of shard %j', async (popped, index) => {
    const redis = new InventedRedis();
    redis.popped = [...popped];
    expect(await redis.queue().nextAnswered(RUN)).toBe(index);
    expect(redis.told).toEqual([
      ['expire', `dpcbench:alive:${RUN}`, 60],
      ['blpop', `dpcbench:answered:${RUN}`, 1],
    ]);
  });

  it('is awaited for a single job too', async () => {
    const redis = new InventedRedis();
    await redis.queue().add([job(3)]);
    expect(redis.told[0]).toEqual(['set', `dpcbench:alive:${RUN}`, '1', 'EX', 60]);
  });

  it('says that a run is awaited where nothing was answered', async () => {
    const redis = new InventedRedis();
    expect(await redis.queue().nextAnswered(RUN)).toBeNull();
    expect(redis.told.at(-1)).toEqual(['set', `dpcbench:alive:${RUN}`, '1', 'EX', 60]);
  });

  it('gives an answer once, and knows what is answered, queued and lost', async () => {
    const redis = new InventedRedis();
    const queue = redis.queue();
    redis.there.set(`dpcbench:answer:${RUN}:1`, Buffer.of(1));
    redis.there.set(`dpcbench:shards:${RUN}-2`, Buffer.of());
    expect(await queue.answered(RUN, [0, 1, 2])).toEqual([1]);
    expect(await queue.lost(RUN, [0, 1, 2, 3])).toEqual([0, 3]);
    expect(await queue.lost(RUN, [])).toEqual([]);
    expect(await queue.answer(RUN, 1)).toEqual(Buffer.of(1));
    expect(await queue.answer(RUN, 1)).toBeNull();
    expect(await queue.workers()).toBe(4);
  });

  it('takes a run away, but for what a worker has begun', async () => {
    const redis = new InventedRedis();
    await redis.queue().remove(RUN, [1, 2, 3]);
    expect(redis.told).toEqual([
      ['del', `dpcbench:alive:${RUN}`, `dpcbench:answered:${RUN}`],
      ...[1, 2, 3].map((index) => ['remove', `${RUN}-${index}`]),
    ]);
  });

  it('ends both of its connections', () => {
    const redis = new InventedRedis();
    redis.queue().close();
    expect(redis.told.flat().sort()).toEqual(['disconnect client', 'disconnect waiting']);
  });

  const named = (name: string, message: string): Error =>
    Object.assign(new Error(message), { name });
  const coded = (code: string): Error => Object.assign(new Error('cut'), { code });

  it.each([
    [named('AbortError', 'aborted'), QueueAway],
    [named('ConnectionClosedError', 'closed'), QueueAway],
    [new Error('Connection is closed.'), QueueAway],
    [coded('ECONNRESET'), QueueAway],
    [coded('ERR_INVALID'), Error],
    [new Error('The Connection is closed'), Error],
    [named('ReplyError', 'OOM command not allowed'), QueueRefused],
  ])('tells what a server refuses from a connection that was cut: %s', async (error, kind) => {
    const redis = new InventedRedis();
    redis.broken = error;
    for (const asked of [redis.queue().workers(), redis.queue().answered(RUN, [1])]) {
      const thrown: unknown = await asked.catch((one: unknown) => one);
      expect((thrown as Error).constructor).toBe(kind);
      if (kind === Error) expect(thrown).toBe(error);
    }
  });
});

describe('what a server says', () => {
  it.each([
    ['NOAUTH Authentication required.', '', 'DPCBENCH_REDIS_PASSWORD'],
    ['WRONGPASS invalid', '', 'hold others'],
    ['OOM command not allowed', '', 'more memory'],
    ['MISCONF Errors writing', '', 'disk is full'],
    ["READONLY You can't write", '', 'its primary'],
    ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
    ['something else', '', ''],
  ])('%s: with the way out', (message, code, hint) => {
    const refused = unreachable('redis://x', Object.assign(new Error(message), { code }));
    expect(refused).toBeInstanceOf(InputError);
    expect(refused.exitCode).toBe(EXIT.files);
    expect(refused.problems).toEqual([
      {
        file: null,
        line: null,
        column: null,
        path: '',
        message: `redis://x: the queue cannot be used: ${message}`,
        hint: hint === '' ? '' : expect.stringContaining(hint),
      },
    ]);
  });

  it('of a transaction is what it said of the command in it', () => {
    const error = Object.assign(new Error('EXECABORT Transaction discarded'), {
      previousErrors: [new Error('OOM first'), new Error('second')],
    });
    expect(unreachable('redis://x', error).message).toContain('OOM first');
  });
});

describe('a connection', () => {
  /** A server of one word, that can fall silent. */
  async function listen(): Promise<{
    address: string;
    sockets: Socket[];
    state: { isMute: boolean };
  }> {
    const sockets: Socket[] = [];
    const state = { isMute: false };
    const listener = createServer((socket) => {
      sockets.push(socket);
      const isMute = state.isMute;
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        if (isMute || state.isMute) return;
        // A reply for every command: an array begins with its length.
        const commands = data.toString().match(/\*\d+\r\n\$\d+\r\n[a-z]+/gi) ?? [];
        for (const command of commands) {
          socket.write(/info$/i.test(command) ? '$13\r\nredis_mode:x1\r\n' : '+PONG\r\n');
        }
      });
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    });
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    return { address: `redis://127.0.0.1:${port}`, sockets, state };
  }

  it('is given up for another one where it is silent for too long', async () => {
    const { address, sockets, state } = await listen();
    const { client, name } = await connect(address, { silentMs: 80 });
    onTestFinished(() => client.disconnect());
    expect(name).toBe(address);
    // Answered in time it stays: several times as long as it may be silent.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sockets).toHaveLength(1);
    state.isMute = true;
    await vi.waitUntil(() => sockets.length > 1, { timeout: 30_000 });
    state.isMute = false;
    await vi.waitUntil(() => client.status === 'ready', { timeout: 30_000 });
  });

  it('is waited for at first for so long, and no longer', async () => {
    const { address, state } = await listen();
    state.isMute = true;
    const waited = connect(address, { firstAnswerMs: 50 });
    await expect(waited).rejects.toThrow(
      'the queue cannot be used: it has not answered for 0.05 s',
    );
  });
});
