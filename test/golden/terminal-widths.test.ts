import { describe, it } from 'vitest';
import { formatComparison, formatGates } from '../../src/export/comparison.js';
import { formatExperiments } from '../../src/export/experiments.js';
import { formatExplanation } from '../../src/export/explanation.js';
import { formatFit } from '../../src/export/fit-table.js';
import { toMarkdown } from '../../src/export/markdown.js';
import { formatTerminal } from '../../src/export/terminal.js';
import {
  formatCoverage,
  formatScenarioCoverage,
  formatValidation,
} from '../../src/export/validation-table.js';
import { formatWorstWaits } from '../../src/export/worst-wait.js';
import { summarize } from '../../src/result/histogram.js';
import { compareDocuments, type FigureChange } from '../../src/stats/compare-documents.js';
import { coverageOf } from '../../src/stats/coverage.js';
import { explain } from '../../src/stats/explain.js';
import type { EntryTimes, FitDocument } from '../../src/stats/fit.js';
import type { GateOutcome } from '../../src/stats/gate.js';
import { fitOf, histogramOf } from '../../src/stats/prediction.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { INVENTED_FIGURE } from '../fixtures/results/invented-validation.js';
import { inventedWait } from '../fixtures/results/invented-wait.js';
import { expectGolden, hashOf } from './golden-file.js';

const LONG = 'a-name-that-is-longer-than-any-column-of-any-of-the-tables';
const INVENTION = { processors: 3, samples: 9000, sources: ['nvme', LONG, 'nic'] };
const WIDTHS = Array.from({ length: 45 }, (_, i) => 38 + i);
const SHOWN = 56;

const [now, before] = [7, 8].map((seed) => inventedResult({ ...INVENTION, seed }));
for (const document of [now, before]) {
  document.meta.seed = 7;
  document.results[1].policy = LONG;
  document.scenario.policies[1].name = LONG;
}

/** The text at one width; at all others which texts are alike, and how wide they are. */
function atEachWidth(write: (width: number) => string): string {
  const told = WIDTHS.map((width) => {
    const text = write(width);
    const widest = Math.max(...text.split('\n').map((line) => line.length));
    return `${width}: ${widest} ${hashOf(text).slice(0, 6)}`;
  });
  const rows = Array.from({ length: Math.ceil(told.length / 5) }, (_, i) =>
    told.slice(5 * i, 5 * i + 5).join('  '),
  );
  return `${write(SHOWN)}${rows.join('\n')}\n`;
}

function comparedExperiments(): Parameters<typeof formatExperiments>[2] {
  const { figures } = compareDocuments(before, now);
  const estimates: FigureChange['estimate'][] = [
    { difference: null, ratio: null, verdict: 'same', isExact: false },
    { difference: null, ratio: null, verdict: 'indistinguishable', isExact: false },
    { difference: null, ratio: null, verdict: 'higher', isExact: false },
    ...[
      { low: 0.9, high: 1.1 },
      { low: 0.95, high: 1.0999 },
      { low: 1.0101, high: 1.0102 },
      { low: 2, high: 300 },
    ].flatMap((ratio) =>
      (['indistinguishable', 'lower'] as const).map((verdict) => {
        return { difference: ratio, ratio, verdict, isExact: false };
      }),
    ),
    undefined,
  ];
  const changes = figures.map((change, i) => {
    const { estimate, ...rest } = { ...change, estimate: estimates[i % estimates.length] };
    const known = { ...rest, ...(estimate === undefined ? {} : { estimate }) };
    return i === 5 ? { ...known, before: null } : known;
  });
  const differences = [
    { path: 'machine.costs.dequeueNs', before: '100', now: '200' },
    { path: `sources.${LONG}`, before: 'there', now: null },
    { path: 'sources.nic', before: null, now: 'there' },
    { path: 'sources.nvme.irql', before: '4', now: null },
    { path: 'sources.disk.irql', before: null, now: '5' },
    {
      path: 'question',
      before: `${LONG} ${LONG}`,
      now: 'a word and another one, and more of them',
    },
  ];
  const pairs = [
    { before: 'pre-vista', now: 'pre-vista', sentence: 'Nothing differs between these two.' },
    { before: 'vista', now: LONG, sentence: 'The p99 DPC latency of one is 1.2 ms longer.' },
  ];
  const method = 'Intervals are of 95 %, by shards that had the same arrivals, and so on.';
  return { kind: 'experiments', differences, figures: changes, method, pairs };
}

function madeUpFit(): FitDocument {
  const values = (count: number, from: number): number[] =>
    Array.from({ length: count }, (_, i) => from + 17 * i);
  const latencies = (count: number, from: number) => histogramOf(values(count, from));
  const vector = (name: string, counts: readonly number[], stepNs = 1) => {
    const [before, recorded, predicted] = counts.map((count, i) => latencies(count, 900 + 100 * i));
    return fitOf(name, { before, recorded, predicted }, stepNs);
  };
  const entry = (name: string, count: number, pooled: boolean): EntryTimes => {
    return { name, entry: summarize(latencies(count, 1200)), pooled, lateCount: 0 };
  };
  return {
    schema: 'dpcbench-fit/1',
    meta: {
      versions: { dpcbench: '0.1.0', abi: 1, rules: 1 },
      kernelHash: 'c0ffee',
      origin: 'a recording',
      processors: 3,
      spanNs: 2e9,
      halfNs: 1e9,
      seed: 1,
    },
    policy: { name: 'linux', sentence: '', source: '' },
    calibration: {
      dispatchNs: 812,
      dequeueNs: 90,
      dequeueCount: 1,
      afterRaise: [entry('NET_RX', 5000, false), entry(LONG, 12, true)],
      afterHandler: [entry('irq 16', 700, false), entry(`${LONG} of another kind`, 0, true)],
      beforeHandler: [entry('irq 17', 50, false)],
    },
    vectors: [
      vector('NET_RX', [6000, 5000, 4900]),
      vector(LONG, [6000, 15, 16]),
      vector('TWELVE_CHARS', [100, 4000, 12_000]),
      vector('THIRTEEN_CHAR', [100, 4000, 4000], 9000),
      vector('TIMER', [0, 0, 0]),
    ],
  };
}

const FIT = madeUpFit();

const validation = (width: number): string => {
  const next = {
    ...INVENTED_FIGURE,
    figure: 'waits',
    measured: null,
    verdict: 'too few samples',
  } as const;
  const figures = [
    INVENTED_FIGURE,
    { ...next, interval: null },
    { ...INVENTED_FIGURE, interval: { low: 1, high: 1 } },
  ];
  const told = { schema: 'dpcbench-validation/1', interrupts: 1000, seed: 1, shards: 5 } as const;
  return formatValidation({ ...told, figures }, width);
};

const coverage = (width: number): string => {
  const rows = [coverageOf('mean wait', 95, 100), coverageOf(LONG, 500, 1000)];
  const none = { ...rows[0], value: null };
  const known = rows.map((row) => ({ ...row, value: 7 }));
  const scenarios = [
    { scenario: 'desktop', policy: 'vista', figures: [...known, { ...none, value: 0 }] },
    { scenario: 'desktop', policy: LONG, figures: [none, ...known] },
    { scenario: LONG, policy: LONG, figures: [none, none, none] },
  ];
  return `${formatCoverage(rows, width)}${formatScenarioCoverage(scenarios, width)}`;
};

const gates = (width: number): string => {
  const gate = (kind: GateOutcome['kind'], status: GateOutcome['status']): GateOutcome => {
    const message = 'was 1.23 ms, is 2.46 ms, which is far more than the 5 % that are allowed';
    return { kind, name: `vista.sources.${LONG}.p99`, status, message };
  };
  const outcomes = [gate('threshold', 'fail'), gate('regression', 'noData')];
  return formatGates(outcomes, width);
};

const TEXTS: Record<string, (width: number) => string> = {
  answer: (width) => formatTerminal(now, { colours: false, width }),
  'answer by processor': (width) => formatTerminal(now, { colours: false, width, by: 'processor' }),
  'answer by importance': (width) =>
    formatTerminal(now, { colours: false, width, by: 'importance' }),
  explanation: (width) => formatExplanation(now, explain(now), width),
  comparison: (width) => formatComparison(before, now, compareDocuments(before, now), width),
  experiments: (width) => formatExperiments(before, now, comparedExperiments(), width),
  gates,
  fit: (width) => formatFit(FIT, width),
  validation,
  coverage,
  'longest waits': (width) => {
    const waits = [40, 400].map((spans) => inventedWait('vista', spans, LONG));
    const worst = waits.map((wait) => (wait.kind === 'told' ? wait.worst : null));
    return formatWorstWaits(now, [...worst, null], { source: LONG, width });
  },
};

describe('in a summary for a pull request, as before, is', () => {
  it('what two results have in common, and what not', () => {
    const results = [before, now].map((document, i) => ({ label: `${i}`, document }));
    const gateOf = (status: GateOutcome['status']): GateOutcome => {
      return { kind: 'threshold', name: 'vista.ipis > 1', status, message: 'vista.ipis is 5' };
    };
    const gates = (['pass', 'fail', 'noData'] as const).map(gateOf);
    const compared = comparedExperiments();
    const same = { ...compareDocuments(before, now), firstDifference: null };
    const well = structuredClone(now);
    Object.assign(well.meta, { shards: 1, processors: 1 });
    const [first, second] = well.results;
    first.intervals = {
      perThousand: { ipis: { low: 170, high: 230 } },
      latency: {
        dpcWait: { p50Ns: { low: 2000, high: 3000 }, p99Ns: { low: 17_099, high: 17_101 } },
        interruptToDpc: { p99Ns: null },
      },
    } as never;
    Object.assign(second.latency.dpcWait, { count: 0 });
    Object.assign(second.counters, { arrivals: 0 });
    const told = [
      toMarkdown({ results, comparison: compareDocuments(before, now), gates }),
      toMarkdown({ results, comparison: same }),
      toMarkdown({ results, comparison: compared }),
      toMarkdown({ results, comparison: { ...compared, differences: [] } as never, gates: [] }),
      toMarkdown({ results: [{ label: '', document: well }] }),
    ];
    expectGolden('pages/summaries.md.txt', told.join('====\n'));
  });
});

describe('at every width of a terminal, as before, is', () => {
  it.each(Object.keys(TEXTS))('the %s', (name) => {
    const file = `pages/${name.replaceAll(' ', '-')}.widths.txt`;
    expectGolden(file, atEachWidth(TEXTS[name]));
  });
});
