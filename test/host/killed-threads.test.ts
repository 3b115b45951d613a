import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { EXIT } from '../../src/errors.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { executeInPool } from '../../src/run/pool.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import type { Execute, RunProgress } from '../../src/run/tasks.js';
import { runCli } from './run-cli.js';

const w8 = loadScenario('w8');
const INTERRUPTS = 1_000_000;
const options: RunOptions = { shards: 4, warmup: 'none', workers: 2 };

/** Everything that must not depend on who carried it out. */
async function bytes(
  execute: Execute,
  more: RunOptions = {},
  interrupts = INTERRUPTS,
): Promise<string> {
  const until = { timeNs: null, interrupts };
  const scenario = { ...w8, policies: w8.policies.slice(0, 2), until };
  const document = await runBenchmark(scenario, { ...options, ...more }, execute);
  const { host: _host, ...meta } = document.meta;
  return JSON.stringify({ ...document, meta });
}

/** The threads that are started until the test is over. */
function startedThreads(onStart?: (thread: Worker) => void): Worker[] {
  const threads: Worker[] = [];
  const note = (thread: Worker): void => {
    threads.push(thread);
    onStart?.(thread);
  };
  process.on('worker', note);
  onTestFinished(() => void process.off('worker', note));
  return threads;
}

it.each([
  ['adds shards up', {}],
  ['has a shard alone', { lockstep: true }],
])('a thread that is ended while it %s is replaced, and nothing is lost', async (_, how) => {
  const execute: Execute = (known, shards, onSum, more) =>
    executeInPool(known, shards, onSum, { ...more, ...how });
  // Where the host is busy, the word that the thread has work may come when it has none any more.
  for (let interrupts = INTERRUPTS; ; interrupts *= 4) {
    const threads = startedThreads();
    let ended: Promise<number> | null = null;
    const onProgress = ({ interrupts, share }: RunProgress): void => {
      // With something done, and something to do.
      if (interrupts > 0 && share < 0.9) ended ??= threads[0].terminate();
    };
    const text = await bytes(execute, { onProgress }, interrupts);
    expect(text).toBe(await bytes(executeInProcess, {}, interrupts));
    if ((await ended) === 1) break;
    expect(interrupts).toBeLessThan(50 * INTERRUPTS);
  }
});

it('threads that are ended again and again end the run in words', async () => {
  // Once it is loaded, by when it has its job.
  startedThreads((thread) => thread.on('message', () => setTimeout(() => thread.terminate(), 20)));
  await expect(bytes(executeInPool)).rejects.toMatchObject({
    exitCode: EXIT.files,
    message: expect.stringContaining('worker threads are ended from outside'),
  });
});

it('threads that end before they have begun end the run in words', async () => {
  startedThreads((thread) => void thread.terminate());
  await expect(bytes(executeInPool)).rejects.toMatchObject({ exitCode: EXIT.files });
});

it('a point of a sweep whose thread is ended is done again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-threads-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const sweep = async (name: string): Promise<string> => {
    const setting = ['--param', 'machine.costs.dequeue=1us,2us', '-n', '400k', '--shards', '2'];
    const to = join(folder, name);
    const { code, err } = await runCli(['sweep', 'default', ...setting, '-w', '2', '-o', to]);
    expect([code, err]).toEqual([0, expect.any(String)]);
    return readFileSync(join(to, 'points.csv'), 'utf8');
  };
  const expected = await sweep('undisturbed');
  let isFirst = true;
  startedThreads((thread) => {
    if (!isFirst) return;
    isFirst = false;
    thread.once('message', () => setTimeout(() => thread.terminate(), 20));
  });
  expect(await sweep('disturbed')).toBe(expected);
});
