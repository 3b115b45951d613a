import { parentPort, workerData } from 'node:worker_threads';
import { campaign } from './campaign.js';
import { TARGETS, useScratch } from './targets.js';

/** What a thread of the harness is to do; `at` and `until` are shared with who watches it. */
export interface FuzzJob {
  target: string;
  seed: number;
  from: number;
  count: number;
  /** The input that is being read, and when to end, in ms of the harness. */
  at: Int32Array;
  endsMs: number;
  /** The folder of whoever watches: a thread that is ended clears nothing up. */
  scratch: string;
}

const { at, count, endsMs, from, scratch, seed, target: name } = workerData as FuzzJob;
useScratch(scratch);
const target = TARGETS.find((one) => one.name === name)!;
const before = (index: number): boolean => {
  Atomics.store(at, 0, index);
  return performance.timeOrigin + performance.now() < endsMs;
};
const counts = await campaign({ target, seed, from, count, before });
parentPort!.postMessage(counts);
