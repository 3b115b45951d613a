import { Queue, type QueueOptions } from 'bullmq';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { JOB_VERSION, type ShardJob } from '../../src/queue/shard-job.js';
import { start, type Started } from '../host/run-process.js';
import { RedisServer } from '../../bench/redis-server.js';

const RUN = ['run', 'w8', '-n', '400k', '--shards', '8', '--quiet'];
let server: RedisServer;
let folder: string;
let whole: string;
const started: Started[] = [];
const at = (name: string): string => join(folder, name);

function figures(name: string): string {
  const document = JSON.parse(readFileSync(at(name), 'utf8')) as { meta: { host?: object } };
  delete document.meta.host;
  return JSON.stringify(document);
}

function begin(...args: string[]): Started {
  const one = start(args);
  started.push(one);
  return one;
}

const worker = (): Started => begin('worker', server.address, '-w', '1', '--lease', '2s');
const byQueue = (...more: string[]): Started =>
  begin(...RUN, '--engine', server.address, '--json', at('queue.json'), ...more);

/** Where a queue of BullMQ is. */
function connection(): QueueOptions {
  const { hostname: host, port } = new URL(server.address);
  return { connection: { host, port: Number(port) }, prefix: 'dpcbench' };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(20);
}

beforeAll(async () => {
  server = await RedisServer.start();
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-queue-'));
  await start([...RUN, '--json', at('whole.json')]).ended;
  whole = figures('whole.json');
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});
afterAll(async () => {
  await server.end();
  rmSync(folder, { recursive: true });
});

it('two workers give the bytes of one process, and end on Ctrl-C', async () => {
  const workers = [worker(), worker()];
  expect(await byQueue().ended).toBe(0);
  expect(figures('queue.json')).toBe(whole);
  // On a busy machine one of them may have done all before the other one was there.
  await until(() => workers.some(({ texts }) => texts.err.includes('shards done')));
  for (const { child, ended, texts } of workers) {
    await until(() => texts.err !== '');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  }
});

it('a worker that is killed has its shard done by another, once', async () => {
  const victim = worker();
  const run = byQueue();
  await until(() => victim.texts.err.includes('1 shards done'));
  victim.child.kill('SIGKILL');
  worker();
  expect(await run.ended).toBe(0);
  expect(figures('queue.json')).toBe(whole);
});

it('a server that loses everything is given it again', async () => {
  const doer = worker();
  const run = byQueue();
  await until(() => doer.texts.err.includes('2 shards done'));
  await server.kill();
  await setTimeout(500);
  await server.resume();
  expect(await run.ended).toBe(0);
  expect(figures('queue.json')).toBe(whole);
});

it('Ctrl-C of a run keeps what is journalled, and leaves no job behind', async () => {
  const run = byQueue('--journal', at('journal'));
  const doer = worker();
  await until(() => doer.texts.err.includes('3 shards done'));
  doer.child.kill('SIGKILL');
  await setTimeout(300);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  const queue = new Queue('shards', connection());
  // The one that the dead worker has begun is seen to be nobody's when its lease is over.
  expect(await queue.getWaitingCount()).toBe(0);
  await queue.close();
  worker();
  const again = byQueue('--journal', at('journal'));
  expect(await again.ended).toBe(0);
  expect(figures('queue.json')).toBe(whole);
});

it('a worker of another kernel refuses with both, and what is no job goes away', async () => {
  const queue = new Queue('shards', connection());
  const nonsense = await queue.add('shard', { version: 'x', __proto__: null });
  const doer = worker();
  while ((await queue.getJobState(nonsense.id!)) !== 'completed') await setTimeout(50);
  const kernel = { hash: 'f'.repeat(64), abi: 1, rules: 999 };
  const shard = {
    policyIndex: 0,
    seed: 1,
    shardIndex: 0,
    untilTimeNs: null,
    untilInterrupts: 1,
    warmupNs: 0,
    halfNs: null,
    binNs: null,
  };
  const job: ShardJob = {
    version: JOB_VERSION,
    kernel,
    run: '0'.repeat(16),
    index: 0,
    scenario: 'a'.repeat(64),
    focus: null,
    intervals: 'machine',
    census: true,
    shard,
  };
  const foreign = await queue.add('shard', job);
  expect(await doer.ended).toBe(2);
  expect(doer.texts.err).toMatch(/version 999 of rules is wanted, and this worker has \d+/);
  // Left for a worker that it fits.
  expect(await queue.getJobState(foreign.id!)).toBe('waiting');
  await queue.obliterate({ force: true });
  await queue.close();
});
