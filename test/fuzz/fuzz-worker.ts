import { parentPort, workerData } from 'node:worker_threads';
import { campaign } from './campaign.js';
import { TARGETS } from './targets.js';

/** What a thread of the harness is to do; `at` and `until` are shared with who watches it. */
export interface FuzzJob {
  target: string;
  seed: number;
  from: number;
  count: number;
  /** The input that is being read, and when to end, in ms of the harness. */
  at: Int32Array;
  endsMs: number;
}

const { at, count, endsMs, from, seed, target: name } = workerData as FuzzJob;
const target = TARGETS.find((one) => one.name === name)!;
const before = (index: number): boolean => {
  Atomics.store(at, 0, index);
  return performance.timeOrigin + performance.now() < endsMs;
};
const counts = await campaign({ target, seed, from, count, before });
parentPort!.postMessage(counts);
