import { setImmediate } from 'node:timers/promises';
import { ShardSeries } from '../kernel/shard-series.js';
import { SpareMemory } from '../kernel/spare-memory.js';
import { failedShard } from './failed-shard.js';
import { type Execute, RunCancelled, type RunProgress, taskShare } from './tasks.js';

/**
 * Carries out the shards one after another on this thread: for runs too small to pay for starting
 * workers. Between shards it lets the event loop run, so that Ctrl-C is heard.
 */
export const executeInProcess: Execute = (...words) => executeWith(new SpareMemory(), ...words);

/** Carries out shards in memory that earlier calls left, for this scenario and these options. */
export async function executeWith(
  spare: SpareMemory,
  ...[scenario, shards, onSum, options]: Parameters<Execute>
): Promise<void> {
  const { onProgress, signal, census, intervals, kernel, lockstep, oneByOne } = options;
  const seriesOptions = { census, intervals, kernel, lockstep, spare };
  let interrupts = 0;
  let series: ShardSeries | null = null;
  for (const [index, shard] of shards.entries()) {
    const progressAt = (within: number, share: number): RunProgress => ({
      interrupts: interrupts + within,
      share: (index + share) / shards.length,
      tasksDone: index,
      tasks: shards.length,
    });
    if (signal?.aborted === true) throw new RunCancelled(progressAt(0, 0));
    const onChunk = (chunk: { interrupts: number; timeNs: number }): boolean => {
      const share = taskShare(shard, chunk.interrupts, chunk.timeNs);
      onProgress?.(progressAt(chunk.interrupts, share));
      return true;
    };
    series ??= new ShardSeries(scenario, shard.policyIndex, seriesOptions);
    try {
      interrupts += series.simulate(shard, { onProgress: onChunk }).counters.arrivals;
    } catch (error) {
      throw failedShard(error, scenario, shards, index);
    }
    // In lockstep nothing is added up in a kernel: whoever checks by it checks that as well.
    const isAlone = lockstep === true || oneByOne === true;
    if (isAlone || shards[index + 1]?.policyIndex !== shard.policyIndex) {
      onSum(series.finish().state);
      series = null;
    }
    onProgress?.({ ...progressAt(0, 1), tasksDone: index + 1 });
    await setImmediate();
  }
}
