import { SpareMemory } from '../kernel/spare-memory.js';
import { executeWith } from '../run/in-process.js';
import { carryOutJob } from './carry-out-job.js';
import type { ShardJob } from './shard-job.js';

/** A job and the bytes of its scenario. */
export interface JobMessage {
  job: ShardJob;
  scenario: Uint8Array;
}

/** What the jobs before have left: a thread lives as long as its worker, and a run has many. */
let last = { key: '', spare: new SpareMemory() };

/** Built to dist/job-worker.js; one thread of a worker of a queue. */
export default async function answerJob({ job, scenario }: JobMessage): Promise<Uint8Array> {
  const key = JSON.stringify([job.scenario, job.focus, job.intervals, job.census]);
  if (last.key !== key) last = { key, spare: new SpareMemory() };
  const { spare } = last;
  return carryOutJob(job, scenario, (...words) => executeWith(spare, ...words));
}
