import { describe, expect, it } from 'vitest';
import type { Focus } from '../../src/scenario/focus.js';
import { MACHINE_FOCUS } from '../../src/scenario/guess-focus.js';
import type { AnswerFigure } from '../../src/result/answer-shape.js';
import { answerOf, type FocusedResult } from '../../src/stats/answer.js';
import { answerSentences } from '../../src/stats/answer-sentences.js';
import { inventedShards } from '../fixtures/results/invented-shards.js';
import { expectGolden } from './golden-file.js';

/** The machine and two sources under a policy, all of their own. */
function focused(policy: string, shards: number, scale: number): FocusedResult {
  return {
    machine: inventedShards(policy, shards, scale, 1),
    sources: new Map([
      ['nic', inventedShards(policy, shards, 2 * scale, 2)],
      ['disk', inventedShards(policy, shards, 3, 3)],
    ]),
  };
}

const focus = (more: Partial<Focus> = {}): Focus => ({
  sources: [],
  against: [],
  latencies: ['dpcWait', 'interruptToDpc'],
  statistic: 'p90Ns',
  counters: ['ipis', 'drains'],
  ...more,
});

const FOCUSES: Focus[] = [
  focus(),
  focus({ sources: ['nic'] }),
  focus({ sources: ['nic', 'disk'], latencies: ['dpcWait'], statistic: 'meanNs' }),
  focus({ sources: ['nic'], against: ['disk'] }),
  focus({ latencies: ['isrWait'], counters: ['rescues', 'merged'] }),
  focus({ latencies: [], counters: ['ipis'] }),
  focus({ latencies: ['dpcWait'], counters: [], statistic: 'p999Ns' }),
];

/** Nine digits, which every machine computes alike. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' ? Number(each.toPrecision(9)) : each,
  );

it('answers to questions of each kind are as before, for one policy and for several', () => {
  const lines = FOCUSES.flatMap((of) =>
    [[focused('a', 6, 1)], [focused('a', 6, 1), focused('b', 6, 1.4), focused('c', 6, 1)]].flatMap(
      (policies) =>
        [true, false].flatMap((hasIntervals) => {
          const { figures, sentences } = answerOf(
            { focus: of, isGuess: false },
            policies,
            hasIntervals,
          );
          const told = figures.map(({ comparison, figure, from, to }) => {
            const sides = [from, to].map((one) => `${one.policy} ${one.source} ${text(one.value)}`);
            const { first, other, ratio, verdict } = comparison;
            return `  ${figure}: ${sides.join(' | ')} | ${text([first, other, ratio])} ${verdict}`;
          });
          return [`# ${text(of)} ${policies.length} ${hasIntervals}`, ...sentences, ...told];
        }),
    ),
  );
  expectGolden('sentences/answered.txt', lines.join('\n') + '\n');
});

describe('a guess', () => {
  const policies = [focused('a', 6, 1), focused('b', 6, 1.4)];

  it('is about the whole machine where a source has too few samples for its figure', () => {
    const asked = focus({ sources: ['nic'], statistic: 'p999Ns' });
    expect(answerOf({ focus: asked, isGuess: true }, policies, true).focus).toEqual(MACHINE_FOCUS);
    expect(answerOf({ focus: asked, isGuess: false }, policies, true).focus).toBe(asked);
    const known = focus({ sources: ['nic'] });
    expect(answerOf({ focus: known, isGuess: true }, policies, true).focus).toBe(known);
  });

  it('tells what the machine alone counts once, however many sources there are', () => {
    const asked = focus({ sources: ['nic', 'disk'], latencies: [], counters: ['drains', 'ipis'] });
    const { figures } = answerOf({ focus: asked, isGuess: false }, policies, true);
    expect(figures.map(({ figure, to }) => `${figure} ${to.source}`)).toEqual([
      'drains null',
      'ipis nic',
      'ipis disk',
    ]);
    const beside = focus({ ...asked, sources: ['nic'], against: ['disk'] });
    const paired = answerOf({ focus: beside, isGuess: false }, policies, true);
    expect(
      paired.figures.map(({ figure, from, to }) => `${figure} ${from.source} ${to.source}`),
    ).toEqual(['ipis disk nic', 'ipis disk nic']);
  });
});

describe('in words', () => {
  /** From 1,000 to so much, with the ends of the ratio's interval. */
  const change = (figure: string, other: number, [low, high]: [number, number]): string => {
    const side = (policy: string, value: number) => ({ policy, source: null, value });
    const comparison = {
      first: 1000,
      other,
      difference: other - 1000,
      differenceInterval: { low: 1, high: 2 },
      ratio: other / 1000,
      ratioInterval: { low, high },
      verdict: 'higher',
    };
    const one = { figure, from: side('a', 1000), to: side('b', other), comparison };
    return answerSentences(focus(), [one as AnswerFigure])[0].replace(/^.*: /, '');
  };
  const latency = (other: number, low: number, high: number): string =>
    change('dpcWait.p99Ns', other, [low, high]);

  it('twice as long is times, half is a share, and less than half is times again', () => {
    expect(latency(2000, 1.5, 2.5)).toBe('2.0 times as long (1.5 to 2.5).');
    expect(latency(1990, 1.5, 2.5)).toBe('99 % longer (50 to 150).');
    expect(latency(500, 0.4, 0.6)).toBe('50 % shorter (40 to 60).');
    expect(latency(499, 0.4, 0.6)).toBe('2.00 times shorter (1.67 to 2.50).');
    expect(latency(100, 0, 0.2)).toBe('10.0 times shorter.');
    expect(change('ipis', 499, [0.4, 0.6])).toBe('50 % fewer (40 to 60).');
  });

  it('ends of an interval are told by as many digits as its width lets them have', () => {
    expect(latency(1100, 1, 1.2)).toBe('10 % longer (0 to 20).');
    expect(latency(1100, 0.9, 1.3)).toBe('10 % longer (−10 to 30).');
    expect(latency(1100, 1.0999, 1.1001)).toBe('10.0 % longer (10.0 to 10.0).');
    expect(latency(1100, 1.1, 1.1)).toBe('10.0 % longer (10.0 to 10.0).');
    expect(latency(3_000_000, 2999, 3001)).toBe('3,000 times as long (3,000 to 3,000).');
  });
});
