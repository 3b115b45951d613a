import type { PlayState } from './play-state.js';
import type { Tour } from './tour.js';

/** What a live page carries beside its code; embedded as JSON, so that the page asks nobody. */
export interface PlayContent {
  schema: typeof PLAY_SCHEMA;
  version: string;
  kernels: Record<'release' | 'debug', PlayKernel>;
  /** In the order of presentation. */
  catalog: PlayScenario[];
  tours: Tour[];
  /** What the page opens with, unless its link says otherwise. */
  start: PlayState;
}

export const PLAY_SCHEMA = 'dpcbench-play/1';

export interface PlayKernel {
  /** SHA-256 of the bytes, hexadecimal. */
  hash: string;
  base64: string;
}

/**
 * A scenario as it is written; the ending of `file` says in which format. Null: a standard workload
 * (src/scenario/workloads.ts), whose text is made when it is asked for.
 */
export interface PlayScenario {
  name: string;
  file: string;
  text: string | null;
}
