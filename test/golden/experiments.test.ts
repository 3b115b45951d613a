import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/result/document.js';
import { compareResults, refuseUnpaired } from '../../src/stats/compare-experiments.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { inventedShards } from '../fixtures/results/invented-shards.js';
import { expectGolden } from './golden-file.js';

interface Experiment {
  policies?: string[];
  seed?: number;
  shards?: number;
  scale?: number;
  change?: (document: ResultDocument) => void;
}

/** A result whose figures are those of invented shards. */
function resultOf(experiment: Experiment): ResultDocument {
  const { change, policies = ['a', 'b'], scale = 1, seed = 1, shards = 6 } = experiment;
  const invention = { policies, samples: 100, sources: ['nic'], processors: 1 };
  const document = inventedResult(invention);
  Object.assign(document.meta, { seed, shards });
  document.results.forEach((result, i) => {
    const { figures, result: own } = inventedShards(result.policy, shards, scale + i / 10, seed);
    const { counters, latency } = own;
    const intervals = figures.intervals(latency);
    Object.assign(result, { counters, latency, intervals, shards: figures.columns() });
  });
  change?.(document);
  return document;
}

/** Nine digits, which every machine computes alike. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' ? Number(each.toPrecision(9)) : each,
  );

function compared(before: Experiment, now: Experiment): string {
  const comparison = compareResults(
    { document: resultOf(before), figures: null },
    { document: resultOf(now), figures: null },
  );
  if (comparison.kind === 'documents') return `documents ${comparison.figures.length}`;
  const { differences, figures, method, pairs } = comparison;
  return [
    method,
    ...differences.map(({ before: from, now: to, path }) => `${path}: ${from} -> ${to}`),
    ...pairs.map(({ before: from, now: to, sentence }) => `${from} | ${to}: ${sentence}`),
    ...figures.map(
      ({ before: from, estimate, now: to, path }) =>
        `  ${path.text} ${text([from, to])} ${text(estimate)}`,
    ),
  ].join('\n');
}

const dearer = (document: ResultDocument): void =>
  void (document.scenario.machine.costs.dequeueNs = 7);
const listed = (atNs: number[]) => (document: ResultDocument) => {
  const [source] = document.scenario.sources;
  Object.assign(source, { arrivals: { kind: 'at', atNs } });
  document.meta.settling.state = 'from-start';
  dearer(document);
};

describe('two experiments are compared as before', () => {
  it.each<[string, Experiment, Experiment]>([
    ['paired', {}, { scale: 1.3, change: dearer }],
    ['of-other-seeds', {}, { seed: 2, scale: 1.5 }],
    ['of-other-shards', {}, { shards: 9, scale: 0.2, change: dearer }],
    ['without-shards', { change: ({ results }) => (results[0].shards = null) }, { change: dearer }],
    ['without-intervals', { shards: 4 }, { shards: 4, scale: 2, change: dearer }],
    ['alone', { policies: ['a'] }, { policies: ['b'], scale: 0.4, change: dearer }],
    ['of-some', { policies: ['a', 'b'] }, { policies: ['c', 'b'], change: dearer }],
    ['of-nothing', { scale: 0 }, { seed: 3 }],
    [
      'of-one-list',
      { shards: 1, change: listed([5]) },
      {
        shards: 1,
        scale: 2,
        change: (document) => {
          listed([5])(document);
          document.scenario.machine.costs.dequeueNs = 9;
        },
      },
    ],
    [
      'of-two-lists',
      { shards: 1, change: listed([5]) },
      { shards: 1, scale: 2, change: listed([6]) },
    ],
    [
      'of-other-warm-ups',
      {},
      {
        shards: 7,
        change: ({ meta }) => {
          meta.warmup.kind = 'settle';
        },
      },
    ],
  ])('%s', (name, before, now) => {
    expectGolden(`comparisons/${name}.experiments.txt`, `${compared(before, now)}\n`);
  });
});

it('one experiment is compared exactly, and none that have nothing in common', () => {
  expect(compared({}, {})).toBe('documents 18');
  expect(() => compared({}, { policies: ['c', 'd'], change: dearer })).toThrow(
    /: one is of a, b, the other of c, d, and no policy is in both/,
  );
  const rules = ({ meta }: ResultDocument): void => void (meta.versions.rules = 99);
  expect(() => compared({}, { change: rules })).toThrow(
    /one follows version 1 of the machine's rules, the other version 99/,
  );
  expect(() => refuseUnpaired(['a'], ['b'])).not.toThrow();
  expect(() => refuseUnpaired(['a', 'b'], ['c'])).toThrow(/no policy is in both/);
  expect(() => refuseUnpaired(['a'], ['b', 'c'])).toThrow(/no policy is in both/);
  expect(() => refuseUnpaired(['x', 'a'], ['b', 'x'])).not.toThrow();
});
