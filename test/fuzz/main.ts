import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type CampaignCounts, type Finding, inputOf } from './campaign.js';
import type { FuzzJob } from './fuzz-worker.js';
import { removeScratch, TARGETS, type Target, useScratch } from './targets.js';

/**
 * `npm run fuzz -- --minutes 10 --seed 7 --only scenarios`: damaged inputs of every kind, each of
 * which must be read or refused within a second and 512 MB. A finding prints what reads the very
 * input again; the input itself is left in build/fuzz/.
 */
const STUCK_MS = 20_000;
const MOST_MEGABYTES = 512;
/** So many of a target are shown; the others are likely alike. */
const MOST_SHOWN = 5;
const FOLDER = 'build/fuzz';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '1000000000' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const targets = TARGETS.filter(({ name }) => name.startsWith(values.only));
if (targets.length === 0) {
  throw new Error(`--only: there are ${TARGETS.map(({ name }) => name).join(', ')}`);
}
const scratch = useScratch();
process.on('exit', removeScratch);
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
console.log(`seed ${seed}`);

/** Reads inputs in a thread that may be ended, until the time is over or one is not survived. */
async function readSome(
  target: Target,
  job: Pick<FuzzJob, 'from' | 'count' | 'endsMs'>,
): Promise<CampaignCounts & { next: number }> {
  const at = new Int32Array(new SharedArrayBuffer(4));
  Atomics.store(at, 0, job.from);
  const workerData: FuzzJob = { ...job, target: target.name, seed, at, scratch };
  const worker = new Worker(new URL('./fuzz-worker.mjs', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  let [seen, seenMs] = [-1, performance.now()];
  return new Promise((resolve) => {
    const lost = (what: string): void => {
      clearInterval(watching);
      void worker.terminate();
      const index = Atomics.load(at, 0);
      const findings = [{ target: target.name, seed, index, what }];
      resolve({ inputs: index + 1 - job.from, refused: 0, findings, next: index + 1 });
    };
    const watching = setInterval(() => {
      const index = Atomics.load(at, 0);
      if (index !== seen) [seen, seenMs] = [index, performance.now()];
      else if (performance.now() - seenMs > STUCK_MS) lost(`it took over ${STUCK_MS} ms`);
    }, 200);
    worker.on('error', (error) => lost(error.stack ?? error.message));
    worker.on('message', (counts: CampaignCounts) => {
      clearInterval(watching);
      void worker.terminate();
      resolve({ ...counts, next: job.from + job.count });
    });
  });
}

async function report(target: Target, { index, what }: Finding): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/${target.name}-${seed}-${index}`;
  writeFileSync(file, inputOf(await target.corpus(), { target, seed }, index));
  console.log(`${target.name} ${index}: ${what}`);
  console.log(
    `  again: npm run fuzz -- --only ${target.name} --seed ${seed} --from ${index} --count 1`,
  );
  console.log(`  the input: ${file}`);
}

let found = 0;
const eachMs = (Number(values.minutes) * 60_000) / targets.length;
for (const target of targets) {
  const endsMs = performance.timeOrigin + performance.now() + eachMs;
  const isOver = (): boolean => performance.timeOrigin + performance.now() >= endsMs;
  const last = Number(values.from) + Number(values.count);
  let [inputs, refused] = [0, 0];
  for (let from = Number(values.from); from < last && !isOver();) {
    const done = await readSome(target, { from, count: last - from, endsMs });
    inputs += done.inputs;
    refused += done.refused;
    found += done.findings.length;
    for (const finding of done.findings.slice(0, MOST_SHOWN)) await report(target, finding);
    from = done.next;
  }
  console.log(`${target.name}: ${inputs} inputs, ${refused} of them refused`);
}
console.log(found === 0 ? 'nothing found' : `${found} found`);
process.exit(found === 0 ? 0 : 1);
