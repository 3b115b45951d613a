/**
 * The six facts about the target that a request condition may name (R10), as bits. A set of facts is
 * a number from 0 to 63; bit n of a condition's truth table is its answer when the facts are n.
 */
export const FACT_OVER: number = 1;
export const FACT_SLOW: number = 2;
export const FACT_RARE: number = 4;
export const FACT_IDLE: number = 8;
export const FACT_POLLING: number = 16;
export const FACT_DEEP: number = 32;

/** What is written, the bit, and what it means; in the order of the bits. */
export const FACTS = [
  { word: 'over', bit: FACT_OVER,
    sentence: 'the queue depth, the new DPC included, is over the maximum depth (see `depth`)' },
  { word: 'slow', bit: FACT_SLOW, sentence: 'its drain rate is below `minimumDpcRate`' },
  { word: 'rare', bit: FACT_RARE, sentence: 'its request rate is below `minimumDpcRate`' },
  { word: 'idle', bit: FACT_IDLE, sentence: 'the idle loop is at the bottom of its stack' },
  { word: 'polling', bit: FACT_POLLING, sentence: 'it is idle and its halted flag is clear' },
  { word: 'deep', bit: FACT_DEEP,
    sentence: 'its halted flag is set and the machine has `dynamicTick` on' },
] as const;
