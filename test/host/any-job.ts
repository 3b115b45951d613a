import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { JOB_VERSION, type ShardJob } from '../../src/queue/shard-job.js';

/** A job of a queue: a hundred interrupts of a scenario whose hash is so many of a letter. */
export function anyJob(run: string, index: number, scenario: string): ShardJob {
  return {
    version: JOB_VERSION,
    kernel: shippedKernel().identity,
    run,
    index,
    scenario: scenario.repeat(64),
    focus: null,
    intervals: 'machine',
    census: true,
    shard: {
      policyIndex: 0,
      seed: 1,
      shardIndex: index,
      untilTimeNs: null,
      untilInterrupts: 100,
      warmupNs: 0,
      halfNs: null,
      binNs: null,
    },
  };
}
