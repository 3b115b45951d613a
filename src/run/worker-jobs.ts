import type { Shard } from '../kernel/shard.js';
import type { WorkerJob } from './worker.js';

/**
 * In lockstep every shard is a job, and nothing is added up in a kernel: whoever checks by it
 * checks that as well. So it is where each sum is to be of a single shard.
 */
export function jobsOf(
  shards: readonly Pick<Shard, 'policyIndex'>[],
  threads: number,
  areAlone: boolean,
): WorkerJob[] {
  if (areAlone) return shards.map((_, i) => ({ number: i + 1, first: i, end: i + 1 }));
  return jobsByPolicy(shards, threads);
}

/** For each policy, whose shards stand side by side, one job for every thread. */
function jobsByPolicy(shards: readonly Pick<Shard, 'policyIndex'>[], threads: number): WorkerJob[] {
  const jobs: WorkerJob[] = [];
  for (let first = 0; first < shards.length;) {
    let end = first + 1;
    while (end < shards.length && shards[end].policyIndex === shards[first].policyIndex) end++;
    for (let i = 0; i < Math.min(threads, end - first); i++) {
      jobs.push({ number: jobs.length + 1, first, end });
    }
    first = end;
  }
  return jobs;
}
