import {
  FACT_DEEP,
  FACT_IDLE,
  FACT_OVER,
  FACT_POLLING,
  FACT_RARE,
  FACT_SLOW,
} from '../../assembly/shared/abi.js';

export { FACT_DEEP, FACT_IDLE, FACT_OVER, FACT_POLLING, FACT_RARE, FACT_SLOW };

/**
 * The six facts about the target that a request condition may name (R10), in the order of their
 * bits. A set of facts is a number from 0 to 63; bit n of a condition's truth table is its answer
 * when the facts are n.
 */
export const FACTS = [
  {
    word: 'over',
    bit: FACT_OVER,
    sentence: 'the queue depth, the new DPC included, is over the maximum depth (see `depth`)',
  },
  { word: 'slow', bit: FACT_SLOW, sentence: 'its drain rate is below `minimumDpcRate`' },
  { word: 'rare', bit: FACT_RARE, sentence: 'its request rate is below `minimumDpcRate`' },
  { word: 'idle', bit: FACT_IDLE, sentence: 'the idle loop is at the bottom of its stack' },
  { word: 'polling', bit: FACT_POLLING, sentence: 'it is idle and its halted flag is clear' },
  {
    word: 'deep',
    bit: FACT_DEEP,
    sentence: 'its halted flag is set and the machine has `dynamicTick` on',
  },
] as const;
export type FactWord = (typeof FACTS)[number]['word'];
