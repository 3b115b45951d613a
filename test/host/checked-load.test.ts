import { expect, it } from 'vitest';
import type { DpcIsrReport, ModuleTimes } from '../../src/recording/dpcisr-report.js';
import { checkLoad } from '../../src/study/check-load.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

const ofModule = (name: string, ...usec: number[]): ModuleTimes => ({
  name,
  usec,
  buckets: [{ fromUs: 1, toUs: 2, count: 40 }],
  line: 1,
});

it('a load is checked by the times of each processor, in as long as the report has', () => {
  const report: DpcIsrReport = {
    from: 'xperf',
    spanUs: 2_000,
    processors: 2,
    dpc: [ofModule('nic.sys', 30, 0), ofModule('disk.sys', 20, 10)],
    isr: [ofModule('nic.sys', 7, 0)],
    doubts: [],
    measured: [],
  };
  const document = inventedResult();
  const [first] = document.results;
  // A drain of the queue and one of the idle loop are both DPC time, here of 4,000 ns in all.
  const nothing = Object.fromEntries(Object.keys(first.processors[0].timeSplit).map((k) => [k, 0]));
  const timeSplit = { ...nothing, isrNs: 40, dispatchDrainNs: 100, idleDrainNs: 60, idleNs: 3_800 };
  first.processors = [
    { ...first.processors[0], timeSplit: { ...first.processors[0].timeSplit, ...timeSplit } },
    { ...first.processors[0], timeSplit: { ...first.processors[0].timeSplit, ...nothing } },
  ];
  const check = checkLoad(report, 'report.txt', document);
  const times = check.processors.map(({ dpc, isr }) =>
    [dpc, isr].map(({ chance, reportedNs, simulatedNs }) => [reportedNs, simulatedNs, chance]),
  );
  expect({ ...check, processors: times }).toEqual({
    policy: first.policy,
    seed: document.meta.seed,
    spanNs: 2_000_000,
    measuredNs: 4_000,
    processors: [
      [
        [50_000, 80_000, expect.closeTo(27.386128, 6)],
        [7_000, 20_000, expect.closeTo(32.274861, 6)],
      ],
      [
        [10_000, 0, expect.closeTo(96.824584, 6)],
        [0, 0, 0],
      ],
    ],
  });
});
