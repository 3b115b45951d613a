import { beforeAll, describe, it } from 'vitest';
import { sha256Hex } from '../../src/disk/sha256.js';
import type { ResultDocument } from '../../src/result/document.js';
import { describeScenario } from '../../src/run/describe-scenario.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { compareResults } from '../../src/stats/compare-experiments.js';
import { parseFigurePath, readFigure, relativeHalfWidth } from '../../src/stats/figure-path.js';
import { evaluateRegression, evaluateThreshold, parseThreshold } from '../../src/stats/gate.js';
import { scenarioDifferences } from '../../src/stats/scenario-differences.js';
import { drawScenario } from './draw-scenario.js';
import { expectGolden, hashOf } from './golden-file.js';
import { Pick } from './pick.js';

const SHOWN = 14;

const BASE = {
  name: 'compared',
  machine: { processors: 2, tick: '1ms' },
  sources: [
    {
      name: 'nic',
      irql: 6,
      isr: '2us',
      arrivals: { poisson: '30k/s' },
      dpc: { target: 1, importance: 'high', service: { exponential: '6us' } },
    },
    { name: 'disk', irql: 5, processor: 1, arrivals: { at: [] }, dpc: { service: '5us' } },
  ],
  policies: ['pre-vista', 'vista'],
  until: { interrupts: 1500 },
};
const disk = { ...BASE.sources[1], arrivals: { poisson: '5k/s' } };
const RANDOM = { ...BASE, sources: [BASE.sources[0], disk] };
const LISTED = {
  ...BASE,
  sources: [{ ...BASE.sources[0], arrivals: { at: [5, 900, 40_000, 90_000] } }],
};

/** Runs that have something in common, and what they are called. */
const RUNS: [name: string, written: object, options?: RunOptions][] = [
  ['base', RANDOM],
  ['seed 2', RANDOM, { seed: 2 }],
  ['fewer shards', RANDOM, { shards: 3 }],
  ['more shards', RANDOM, { shards: 8 }],
  ['all intervals', RANDOM, { intervals: 'all' }],
  ['dear dequeue', { ...RANDOM, machine: { ...BASE.machine, costs: { dequeue: '4us' } } }],
  ['a source less', { ...RANDOM, sources: [BASE.sources[0]] }],
  ['one policy', { ...RANDOM, policies: ['vista'] }],
  ['other policy', { ...RANDOM, policies: ['msdn'] }],
  ['list', LISTED],
  ['list, dear', { ...LISTED, machine: { ...BASE.machine, costs: { dequeue: '4us' } } }],
];

let results: { name: string; document: ResultDocument }[] = [];

beforeAll(async () => {
  for (const [name, written, options] of RUNS) {
    const isList = name.startsWith('list');
    const how: RunOptions = { warmup: 'none', shards: isList ? null : 6, ...options };
    const document = await runBenchmark(resolveScenario(written), how, executeInProcess);
    results.push({ name, document });
  }
  return () => void (results = []);
});

const short = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(7)) : value;

function said(of: () => string): string {
  try {
    return of();
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

function compared(before: ResultDocument, now: ResultDocument): string {
  const comparison = compareResults(
    { document: before, figures: null },
    { document: now, figures: null },
  );
  const { figures, ...rest } = comparison;
  const told = JSON.stringify(rest, short);
  const changes = figures.map(({ path, ...change }) => [path.text, change]);
  const outcomes = [0, 5, 40].map((percent) =>
    evaluateRegression(comparison, percent).map(({ message, status }) => `${status} ${message}`),
  );
  return [
    `${told.slice(0, 600)} ${hashOf(told)}`,
    ...outcomes[1].slice(0, 2),
    ...outcomes.map((of) => of.map((text) => text[0]).join('')),
    `${figures.length} figures ${hashOf(JSON.stringify(changes, short))}`,
  ].join('\n');
}

describe('as before is', () => {
  it('what differs between any two of some results', () => {
    const lines = results.flatMap((before) =>
      results.map((now) => {
        const told = said(() => compared(before.document, now.document));
        return `== ${before.name} and ${now.name}\n${told}`;
      }),
    );
    expectGolden('comparisons/results.txt', lines.join('\n') + '\n');
  });

  it('every figure of a result by its path, and what gates say of it', () => {
    const { document } = results[4];
    const counters = ['ipis', 'drains', 'dropped', 'routineTimeouts', 'rescues'];
    const names = { policies: ['pre-vista', 'vista'], sources: ['nic', 'disk'], counters };
    const scopes = ['', 'ratio.', 'sources.nic.', 'sources.disk.', 'sources.usb.'];
    const figures = [...counters, 'ipisPerThousand', 'drainsPerThousand', 'dpcWait.p99'];
    const more = ['dpcWait.p99.99', 'isrWait.mean', 'interruptToDpc.max', 'dpcWait.count'];
    const wrong = ['dpcWait', 'dpcWait.p98', 'ipi', 'ipisPerHundred', 'isrWait.p999Ns'];
    const texts = ['vista', 'pre-vista'].flatMap((policy) =>
      scopes.flatMap((scope) =>
        [...figures, ...more, ...wrong].map((of) => `${policy}.${scope}${of}`),
      ),
    );
    const lines = texts.map((text) => {
      const read = said(() => {
        const value = readFigure(document, parseFigurePath(text, names));
        return JSON.stringify([value, relativeHalfWidth(value)], short);
      });
      const gates = ['> 0', '<= 1ms', '== 5'].map((rest) =>
        said(() => {
          const { message, status } = evaluateThreshold(
            document,
            parseThreshold(`${text} ${rest}`, names),
          );
          return `${status} ${message}`;
        }),
      );
      return `${text}: ${read} ${read.startsWith('refused') ? '' : gates.join(' | ')}`;
    });
    expectGolden('comparisons/figures.txt', lines.join('\n') + '\n');
  });

  it('what differs between any two scenarios', () => {
    const lines = Array.from({ length: 40 }, (_, seed) => {
      const [a, b] = [seed, seed + 1].map((one) =>
        describeScenario(drawScenario(new Pick(one)), sha256Hex),
      );
      const told = scenarioDifferences(a, b).map(({ before, now, path }) => {
        return `  ${path}: ${before} -> ${now}`;
      });
      const shown = told.slice(0, SHOWN).join('\n');
      return `== ${seed}: ${told.length} ${hashOf(told.join())}\n${shown}`;
    });
    expectGolden('comparisons/scenarios.txt', lines.join('\n') + '\n');
  });
});
