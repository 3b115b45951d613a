import { describe, it } from 'vitest';
import type { RoutineRun } from '../../src/export/routine-log.js';
import {
  DpcIsrText,
  DumperText,
  LatencyMonText,
  type WindowsText,
} from '../../src/export/windows-text.js';
import { expectGolden } from './golden-file.js';

const PROCESSORS = 2;
const HOUR_NS = 3.6e12;

/** Routines whose times lie at the edges of buckets, and two that are as long as each other. */
const EDGES_NS = [
  0, 999, 1_000, 1_001, 2_000, 2_001, 249_999, 250_000, 499_999, 500_000, 999_999, 1_000_000,
  1_999_999, 2_000_000, 3_999_999, 4_000_000, 9_000_000,
];
const RUNS = EDGES_NS.map((ownNs, i): RoutineRun => {
  const entryNs = 10_000_000 * i + 999;
  const kind = i % 3 === 0 ? 'isr' : 'dpc';
  const module = i % 2 === 0 ? 'nic.sys' : 'disk.sys';
  const times = { entryNs, exitNs: entryNs + ownNs + 1, ownNs, waitNs: 500 * i };
  return { kind, processor: i % PROCESSORS, module, routine: `routine${i}`, ...times };
});
const TIED: RoutineRun[] = ['b.sys', 'a.sys', 'c.sys'].map((module, i) => ({
  ...RUNS[6],
  module,
  processor: i % PROCESSORS,
}));

const CASES: Record<string, [runs: readonly RoutineRun[], spanNs: number]> = {
  'edges of buckets': [RUNS, 2.5 * HOUR_NS + 61.4e9],
  'modules alike': [TIED, 2_000_000],
  'nothing that ran': [[], 0],
  'no time at all': [[RUNS[0], { ...RUNS[0], kind: 'dpc' }], 0],
};

describe('texts of Windows on routines that were invented, as before, are', () => {
  it.each(Object.keys(CASES))('those of %s', (name) => {
    const [runs, spanNs] = CASES[name];
    const texts: WindowsText[] = [
      new DumperText(),
      new DpcIsrText(PROCESSORS),
      new LatencyMonText(PROCESSORS),
    ];
    const told = texts.map((text) => {
      for (const run of runs) text.onRoutine(run);
      text.onBottom({ processor: 1, atNs: 1_234_567, isIdle: true });
      const first = text.take();
      text.onBottom({ processor: 0, atNs: 9_999_999, isIdle: false });
      return `${first}|${text.end(spanNs)}`;
    });
    expectGolden(`pages/${name.replaceAll(' ', '-')}.windows.txt`, told.join('\n====\n'));
  });
});
