import { loadScenario } from '../../src/disk/load-scenario.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { formatCount } from '../../src/units.js';

/** Memory is looked at after so much of the run, by when all that stays is there. */
const SETTLED = 0.2;
/** It may grow by so much from then on: what the engine collects late. */
const MOST_GROWTH = 1.25;
const LOOK_EVERY_MS = 5_000;

/** One long run; answers 1 where memory grew, since nothing of a run may depend on its length. */
export async function simulateLong(name: string, interrupts: number): Promise<number> {
  const scenario = { ...loadScenario(name), until: { timeNs: null, interrupts } };
  const megabytes = (): number => process.memoryUsage().rss / 2 ** 20;
  let [settled, most, lookedMs] = [0, 0, 0];
  const started = performance.now();
  const { meta } = await runBenchmark(scenario, {
    onProgress: ({ share }) => {
      if (performance.now() - lookedMs < LOOK_EVERY_MS) return;
      lookedMs = performance.now();
      if (share < SETTLED) settled = Math.max(settled, megabytes());
      else most = Math.max(most, megabytes());
      console.log(`${(100 * share).toFixed(0)} %: ${megabytes().toFixed(0)} MB`);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  console.log(`${formatCount(meta.interrupts)} interrupts in ${seconds.toFixed(0)} s`);
  const hasGrown = settled > 0 && most > MOST_GROWTH * settled;
  console.log(hasGrown ? 'memory grew' : 'memory did not grow');
  return hasGrown ? 1 : 0;
}
