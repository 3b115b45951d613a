import { loadScenario } from '../../src/disk/load-scenario.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { RunCancelled } from '../../src/run/tasks.js';
import { formatCount } from '../../src/units.js';

/** Memory is looked at after so much of the run, by when all that stays is there. */
const SETTLED = 0.2;
/** It may grow by so much from then on: what the engine collects late. */
const MOST_GROWTH = 1.25;
const LOOK_EVERY_MS = 5_000;

export interface Length {
  interrupts: number;
  /** The most wall-clock time. */
  minutes: number;
  workers?: number;
}

/** One long run; answers 1 where memory grew, since nothing of a run may depend on its length. */
export async function simulateLong(
  name: string,
  { interrupts, minutes, workers }: Length,
): Promise<number> {
  const { policies, ...rest } = loadScenario(name);
  // With one policy: what is known of others is kept until the end, and is no growth.
  const until = { timeNs: null, interrupts };
  const scenario = { ...rest, policies: policies.slice(-1), until };
  const megabytes = (): number => process.memoryUsage().rss / 2 ** 20;
  let [settled, most, lookedMs] = [0, 0, 0];
  const started = performance.now();
  let done = 0;
  const run = runBenchmark(scenario, {
    workers,
    signal: AbortSignal.timeout(minutes * 60_000),
    onProgress: ({ interrupts, share }) => {
      done = interrupts;
      if (performance.now() - lookedMs < LOOK_EVERY_MS) return;
      lookedMs = performance.now();
      const elapsed = (performance.now() - started) / (60_000 * minutes);
      if (Math.max(share, elapsed) < SETTLED) settled = Math.max(settled, megabytes());
      else most = Math.max(most, megabytes());
      console.log(`${(100 * share).toFixed(0)} %: ${megabytes().toFixed(0)} MB`);
    },
  });
  await run
    .then(({ meta }) => (done = meta.interrupts))
    .catch((error: unknown) => {
      if (!(error instanceof RunCancelled)) throw error;
    });
  const seconds = (performance.now() - started) / 1000;
  console.log(`${formatCount(done)} interrupts in ${seconds.toFixed(0)} s`);
  console.log(`${settled.toFixed(0)} MB, and ${most.toFixed(0)} MB at most after that`);
  const hasGrown = settled > 0 && most > MOST_GROWTH * settled;
  console.log(hasGrown ? 'memory grew' : 'memory did not grow');
  return hasGrown ? 1 : 0;
}
