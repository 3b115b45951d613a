import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ResultDocument } from '../src/result/document.js';
import { parseCount } from '../src/units.js';
import { hashDocument } from './hash-document.js';
import { RedisServer } from './redis-server.js';
import { pairedRatios, summarise } from './statistics.js';

/**
 * `npm run bench:engines -- --interrupts 100M --rounds 5`: one run by two threads of this process,
 * and by two workers of a queue on this host, in turn. Prints how fast the queue is of the threads'
 * speed, from the start of the command to its end.
 */
const CLI = join(import.meta.dirname, '../../dist/cli.js');
const GOAL = 0.95;

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'w8' },
    interrupts: { type: 'string', default: '100M' },
    rounds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '2' },
  },
});
const interrupts = parseCount(values.interrupts);
const [rounds, workers] = [Number(values.rounds), Number(values.workers)];
const folder = mkdtempSync(join(tmpdir(), 'dpcbench-engines-'));

/** Seconds from start to end, and what stands in the result but for its host. */
async function timeRun(...options: string[]): Promise<{ seconds: number; hash: string }> {
  const file = join(folder, 'result.json');
  const words = ['run', values.scenario, '-n', String(interrupts), '-q', '--json', file];
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, ...words, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the run ended with exit code ${code}`);
  const seconds = (performance.now() - started) / 1_000;
  const document = JSON.parse(readFileSync(file, 'utf8')) as ResultDocument;
  return { seconds, hash: hashDocument(document) };
}

const server = await RedisServer.start();
const hosts = Array.from({ length: workers }, () =>
  spawn(process.execPath, [CLI, 'worker', server.address, '-w', '1', '-q'], { stdio: 'inherit' }),
);
try {
  const engines = {
    threads: () => timeRun('-w', String(workers)),
    queue: () => timeRun('--engine', server.address),
  };
  const seconds = { threads: [] as number[], queue: [] as number[] };
  const hashes = new Set<string>();
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const name of ['threads', 'queue'] as const) {
      const done = await engines[name]();
      hashes.add(done.hash);
      if (round > 0) seconds[name].push(done.seconds);
      console.log(
        `${round === 0 ? 'warm-up' : `round ${round}`}: ${name} ${done.seconds.toFixed(2)} s`,
      );
    }
  }
  if (hashes.size > 1) throw new Error('the results differ');
  const ratio = summarise(pairedRatios(seconds.threads, seconds.queue));
  console.log(
    `${values.scenario}, ${values.interrupts}: ${workers} workers of a queue reach ` +
      `${ratio.median.toFixed(3)} of the speed of ${workers} threads ` +
      `(${ratio.min.toFixed(3)} to ${ratio.max.toFixed(3)} in ${rounds} rounds; wanted: ${GOAL})`,
  );
  process.exitCode = ratio.median < GOAL ? 1 : 0;
} finally {
  const ends = hosts.map((host) => once(host, 'exit'));
  for (const host of hosts) host.kill('SIGINT');
  await Promise.all(ends);
  await server.end();
  rmSync(folder, { recursive: true });
}
