import {
  MAX_PROCESSORS,
  MAX_SOURCES,
  MAX_TIME_NS,
  MAX_WORK_NS,
} from '../../assembly/shared/abi.js';

/**
 * Every limit of a scenario, once. The schema builds validation, JSON Schema and reference page
 * from these, and an error shows the limit that it is about.
 */
export const LIMITS = {
  /** Characters of a scenario file, and of one in a format whose parser is slow on long lists. */
  textLength: 64 * 1024 * 1024,
  slowTextLength: 4 * 1024 * 1024,
  /**
   * Words and marks of such a file, one or two for each value beside the value itself: their
   * parsers build some 2 kB for a value, so that these are half a gigabyte and a few seconds.
   */
  yamlTokens: 600_000,
  tomlMarks: 200_000,
  /** Characters of a string in TOML, whose parser cannot take twice as many. */
  tomlStringLength: 65_536,
  /** Nesting of lists and objects in a file. */
  nesting: 64,
  /** Values that YAML aliases may add up to: a small file must not stand for a huge one. */
  aliasedValues: 100_000,
  /** Problems that are reported; more say nothing new. */
  problems: 100,

  processors: MAX_PROCESSORS,
  sources: MAX_SOURCES,
  /** Sources that an answer speaks of one by one. */
  focusSources: 8,
  policies: 64,
  nameLength: 200,
  questionLength: 2_000,
  pathLength: 4_096,
  irqlLow: 3,
  irqlHigh: 12,
  /** Any instant or span of a scenario: 11.5 days, exact in a double with room for sums. */
  spanNs: MAX_TIME_NS,
  /** One drawn ISR, service or per-item time: fits 32 bits of nanoseconds. */
  workNs: MAX_WORK_NS,
  costNs: 1e9,
  tickLowNs: 1_000,
  fifo: 1_048_576,
  routineCount: 1e9,
  processorList: 65_536,
  arrivalList: 1_000_000,
  interrupts: 1e12,
  tunable: 1e6,
  ratePerSecond: 1e9,
  mixtureDepth: 4,
  mixtureParts: 16,
  histogramBuckets: 4_096,
  weight: 1e15,
  paretoShape: 1_000,
} as const;
