import type { Distribution } from '../../src/scenario/scenario.js';

/** What a random stream is for. A source has five, a processor's background one. */
export type StreamUse = 'gap' | 'phase' | 'isr' | 'service' | 'perItem' | 'background';

/** The next duration of a distribution, in whole nanoseconds. */
export type Draw = () => number;

/** Where the twin's durations come from: the one thing that it must share with the kernel. */
export interface TwinDraws {
  /**
   * Draws of `distribution` out of the stream `use` of the source or processor with this index.
   * Draws opened on the same stream take turns on it.
   */
  open(use: StreamUse, index: number, distribution: Distribution): Draw;
}

/** For scenarios that leave nothing to chance: every duration is a constant. */
export const constantDraws: TwinDraws = {
  open(use, index, distribution) {
    if (distribution.kind !== 'constant') {
      throw new Error(`${use} of ${index} is ${distribution.kind}, not constant`);
    }
    const { ns } = distribution;
    return () => ns;
  },
};
