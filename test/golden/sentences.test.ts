import { describe, it } from 'vitest';
import type { AnswerFigure } from '../../src/result/answer-shape.js';
import type { FigureComparison, Interval } from '../../src/result/comparison-shape.js';
import type { PolicyResult, ResultDocument } from '../../src/result/document.js';
import type { Focus } from '../../src/scenario/focus.js';
import { answerSentences, sayAlone } from '../../src/stats/answer-sentences.js';
import { sentenceOf } from '../../src/stats/comparison-sentence.js';
import { disputeHere } from '../../src/stats/dispute-here.js';
import { farLongestNs } from '../../src/stats/far-longest.js';
import { guidelineBreaches } from '../../src/stats/guidelines.js';
import { verdict } from '../../src/stats/verdict.js';
import { warningsOf } from '../../src/stats/warnings.js';
import { timeoutSentences } from '../../src/stats/watchdog.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { expectGolden } from './golden-file.js';
import { Pick } from './pick.js';

function around(value: number, share: number | null): Interval | null {
  if (share === null) return null;
  const half = Math.abs(value) * share + (value === 0 ? share : 0);
  return { low: value - half, high: value + half };
}

/** Two values, with intervals of this part of them. */
function compared(first: number, other: number, share: number | null): FigureComparison {
  const difference = other - first;
  const ratio = first === 0 ? null : other / first;
  const ratioInterval = ratio === null ? null : around(ratio, share);
  const half = (share ?? 0) * Math.max(first, other);
  const differenceInterval =
    share === null ? null : { low: difference - half, high: difference + half };
  const isApart = Math.abs(difference) > half;
  const told = share === null ? 'unknown' : difference > 0 ? 'higher' : 'lower';
  const verdict = first === other ? 'same' : isApart ? told : 'indistinguishable';
  return { first, other, difference, differenceInterval, ratio, ratioInterval, verdict };
}

const PAIRS = [
  [0, 0],
  [7, 7],
  [0, 12.34],
  [12.34, 0],
  [1000, 995],
  [1000, 1005],
  [1000, 500],
  [1000, 499],
  [1000, 2000],
  [1000, 2001],
  [1000, 101],
  [100, 98_765],
] as const;
const SHARES = [null, 0.00002, 0.01, 0.4, 1.2];

describe('in words, as before, are', () => {
  it('two policies, with intervals of any width', () => {
    const lines = PAIRS.flatMap(([first, other]) =>
      SHARES.flatMap((share) => {
        const figure = compared(first, other, share);
        const of = { policy: 'b', against: 'a', latency: { dpcWait: { p99Ns: figure } } };
        const comparison = { ...of, perThousand: { ipis: figure } };
        const none = { ...of, perThousand: { ipis: null }, latency: { dpcWait: { p99Ns: null } } };
        return [
          `${first} ${other} ±${share}: ${sentenceOf(comparison as never, 1)}`,
          ...(first === 7 ? [4, 5].map((shards) => sentenceOf(none as never, shards)) : []),
        ];
      }),
    );
    expectGolden('sentences/comparisons.txt', lines.join('\n') + '\n');
  });

  it('answers to questions', () => {
    const lines = Array.from({ length: 90 }, (_, seed) => `${seed}: ${answer(seed)}`);
    expectGolden('sentences/answers.txt', lines.join('\n') + '\n');
  });

  it('results, with what to distrust of them', () => {
    const lines = Array.from({ length: 50 }, (_, seed) => [`# ${seed}`, ...said(seed)]).flat();
    expectGolden('sentences/results.txt', lines.join('\n') + '\n');
  });
});

const FIGURES = ['ipis', 'dpcWait.p99Ns', 'isrWait.meanNs', 'interruptToDpc.p50Ns', 'dropped'];
const VALUES = [0, 3, 99.6, 990, 1000, 1010, 1011, 1999, 2000, 450, 1_234_567] as const;

function answer(seed: number): string {
  const pick = new Pick(seed);
  const against = pick.of([], [], ['disk']);
  const source = against.length > 0 ? 'nic' : pick.of(null, 'nic');
  const names = pick.some(...FIGURES, 'routineTimeouts');
  const policies = ['b', 'c', 'd', 'e', 'f', 'g'].slice(0, pick.of(1, 1, 2, 3, 6));
  const figures = names.flatMap((figure) => {
    const first = pick.of(...VALUES);
    return policies.map((policy): AnswerFigure => {
      const other = pick.of(first, ...VALUES);
      const from = against.length > 0 ? { policy, source: 'disk' } : { policy: 'a', source };
      return {
        figure,
        from: { ...from, value: first },
        to: { policy, source, value: other },
        comparison: compared(first, other, pick.of(...SHARES)),
      };
    });
  });
  const focus = { against } as unknown as Focus;
  const alone = figures.map(({ figure, to }) => {
    const interval = around(to.value, pick.of(null, 0.05));
    return { figure, value: to.value, interval };
  });
  const told = seed % 6 === 5 ? [sayAlone('a', source, alone)] : answerSentences(focus, figures);
  return told.join(' | ');
}

function said(seed: number): string[] {
  const document = tweaked(new Pick(seed));
  document.warnings = warningsOf(document);
  const drawn = guidelineBreaches(document.scenario).map(({ kind, limitNs, share, source }) => {
    return `${kind} of ${source} over ${limitNs}: ${share.toPrecision(3)}`;
  });
  return [
    ...document.warnings.map(({ kind, policies, share, subjects, sentence }) => {
      const who = `[${policies.join()}] [${subjects.join()}]`;
      return `${kind} ${who} ${share.toPrecision(6)}: ${sentence}`;
    }),
    ...verdict(document),
    ...timeoutSentences(document),
    disputeHere({
      ...document,
      results: document.results.map((result) => ({ ...result, decisions: null })),
    }),
    `far ${farLongestNs(document)}`,
    drawn.join('; '),
  ];
}

/** A small result whose figures lie at the limits of what is said of them. */
function tweaked(pick: Pick): ResultDocument {
  const document = inventedResult({
    name: 'edges',
    processors: pick.of(1, 2, 3),
    policies: pick.of(['vista'], ['nt52', 'vista'], ['vista', 'nt52'], ['a', 'b', 'c']),
    sources: ['nic', 'disk', 'usb', 'gpu', 'tick', 'audio'].slice(0, pick.of(1, 2, 5, 6)),
    samples: 300,
  });
  const { meta, results, scenario } = document;
  meta.shards = pick.of(1, 4);
  const limits = { routineNs: 100_000, dispatchNs: 1_000_000, action: 'count' as const };
  if (pick.flip()) Object.assign(scenario.machine, { watchdog: limits });
  if (pick.flip()) scenario.machine.threadedDpcs = false;
  for (const source of scenario.sources) {
    const ns = pick.of(25_000, 25_001, 100_000, 100_001);
    if (source.kind === 'timer') {
      source.dueNs = pick.of(1, meta.durationNs / meta.shards, meta.durationNs + 1);
      source.service = { kind: 'constant', ns };
      continue;
    }
    source.isr = { kind: 'constant', ns: pick.of(25_000, 25_001, 1) };
    source.processors = pick.of([0], [0, 1]).slice(0, scenario.machine.processors);
    if (source.dpc === null || pick.flip()) continue;
    Object.assign(source.dpc, {
      importance: 'high',
      threaded: pick.flip(),
      target: pick.of<unknown>('current', 'round-robin', 0, 1),
      service: { kind: 'constant', ns },
      perItem: { kind: 'constant', ns: pick.of(0, 1) },
    });
  }
  for (const result of results) tweak(result, pick);
  return document;
}

function tweak(result: PolicyResult, pick: Pick): void {
  const { counters, latency, processors, sources } = result;
  const isShort = pick.flip();
  counters.ipis = pick.of(0, 100, 200, 201, 1000, 999, 9995, 10_000);
  counters.dropped = pick.of(0, 1);
  counters.unserved = pick.of(0, counters.arrivals / 100, counters.arrivals / 100 + 1);
  latency.dpcWait.p99Ns = pick.of(null, 0, 1000, 1003, 1033, 2000, 499, 50_000);
  latency.dpcWait.maxNs = pick.of(0, 99_999, 100_000, 150_000, 1_000_000);
  for (const source of sources) {
    const { counters: own, execution, latency: waits } = source;
    own.arrivals = pick.of(0, 100, 1000);
    own.dropped = pick.of(0, 0, 1, 10, 11);
    waits.interruptToDpc.count = pick.of(0, 1, 1000);
    if (execution === null || execution === undefined) continue;
    execution.isr.maxNs = pick.of(0, 25_000, 25_001, 30_000);
    execution.dpc.maxNs = pick.of(0, 100_000, 100_001, 200_000);
    execution.isr.totalNs = pick.of(0, 5e8);
    execution.dpc.totalNs = pick.of(0, 5e8, 1.1e9);
    if (isShort) execution.dpc.maxNs = 1;
  }
  for (const { counters: own, timeSplit } of processors) {
    own.routineTimeouts = pick.of(0, 0, 1, 2, 3);
    own.dispatchTimeouts = pick.of(0, 0, 1, 2, 1500);
    const threadNs = pick.of(0, 4_999, 5_000, 5_001, 1e6);
    const isrNs = 1e6 - threadNs;
    if (pick.flip()) {
      Object.assign(timeSplit, { isrNs, threadNs, idleNs: 0, clockNs: 0, ipiNs: 0 });
      Object.assign(timeSplit, { dispatchDrainNs: 0, idleDrainNs: 0 });
    }
  }
  counters.routineTimeouts = pick.of(0, 0, 1, 2);
  counters.dispatchTimeouts = pick.of(0, 0, 1);
  const [dpc, isr] = pick.of<[string | null, string | null]>(
    ['nic', null],
    [null, 'nic'],
    [null, null],
  );
  const first = {
    shard: 1,
    kind: pick.of('routine' as const, 'dispatch' as const),
    processor: 1,
    atNs: 5_000,
    dpc,
    isr,
  };
  if (pick.of(true, false, false, false)) result.stopped = { shards: pick.of(1, 2), first };
  if (pick.flip()) result.decisions = null;
}
