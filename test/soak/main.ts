import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { parseCount, formatCount } from '../../src/units.js';
import type { WrittenScenario } from '../conformance/random-scenario.js';
import { disagreement } from './agreement.js';
import { killSweeps } from './killed-sweeps.js';
import { soakPage } from './live-page.js';
import { type Length, simulateLong } from './long-run.js';
import { mergeMany, queueMany } from './many-parts.js';
import { type SmallFailure, tryRandomMachines } from './random-machines.js';

/**
 * `npm run soak -- --minutes 10 --seed 7`: random machines in the model, both builds and both
 * engines. What is found is left in build/soak/, and `--replay FILE` tries it again. `--long w512
 * --interrupts 1G` is one long run instead, of `--minutes` at most, which says how its memory did,
 * and `--long w64 --parts 1000` what so many workers cost whoever merges, with `--queue` by a
 * queue. `--kills 100` kills a sweep so often, at random instants, and goes on with it. `--page 1`
 * watches the memory of the live page for so many minutes, twice.
 */
const FOLDER = 'build/soak';
const BATCH = 200;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    replay: { type: 'string' },
    long: { type: 'string' },
    interrupts: { type: 'string', default: '100M' },
    parts: { type: 'string' },
    queue: { type: 'boolean', default: false },
    kills: { type: 'string' },
    page: { type: 'string' },
    workers: { type: 'string' },
  },
});

// A kernel of another build than the sources would be found in every scenario.
for (const build of ['release', 'debug'] as const) shippedKernel(build);
if (values.replay !== undefined) process.exit(replay(values.replay));
else if (values.page !== undefined) process.exit(await soakPage(Number(values.page)));
else if (values.kills !== undefined) process.exit(await killMany(Number(values.kills)));
else if (values.long === undefined) process.exit(soak(Number(values.minutes ?? 1)));
else if (values.parts !== undefined) {
  await (values.queue ? queueMany : mergeMany)(values.long, Number(values.parts));
} else process.exit(await simulateLong(values.long, lengthOf(values)));

function lengthOf({ interrupts, minutes, workers }: typeof values): Length {
  return {
    interrupts: parseCount(interrupts),
    minutes: Number(minutes ?? 60),
    workers: workers === undefined ? undefined : Number(workers),
  };
}

async function killMany(kills: number): Promise<number> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-kills-'));
  const { differing, killed, whole } = await killSweeps(folder, { kills, seed });
  rmSync(folder, { recursive: true });
  console.log(`seed ${seed}: killed ${killed} times, ${whole} sweeps gone on with to their end`);
  console.log(differing.length === 0 ? 'all the same to the byte' : `differs: ${differing.join()}`);
  return differing.length === 0 ? 0 : 1;
}

function soak(minutes: number): number {
  const first = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  console.log(`seed ${first}`);
  const endsMs = performance.now() + minutes * 60_000;
  let count = 0;
  for (let seed = first; performance.now() < endsMs; seed++) {
    const failure = tryRandomMachines(disagreement, { count: BATCH, seed });
    if (failure !== null) return report(failure, seed);
    count += BATCH;
  }
  console.log(`${formatCount(count)} random machines: all agree`);
  return 0;
}

function report(failure: SmallFailure, seed: number): number {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/${seed}.json`;
  writeFileSync(file, `${JSON.stringify(failure, null, 2)}\n`);
  console.log(`${failure.what}\n  the machine: ${file}`);
  console.log(`  again: npm run soak -- --replay ${file}`);
  return 1;
}

function replay(file: string): number {
  const { seed, written } = JSON.parse(readFileSync(file, 'utf8')) as SmallFailure;
  const what = disagreement(written as WrittenScenario, seed);
  console.log(what === '' ? 'all agree' : what);
  return what === '' ? 0 : 1;
}
