import { describe, expect, it } from 'vitest';
import {
  compare,
  gate,
  type ResultDocument,
  run,
  type Scenario,
  toCsv,
  toOpenMetrics,
} from '../../src/index.js';
import {
  BOOLEAN,
  COUNT,
  either,
  FUNCTION,
  NUMBER,
  OBJECT,
  oneOf,
  orNull,
  PAIR,
  PER_CENT,
  SIGNAL,
  TEXTS,
  TIME,
} from '../../src/option-kinds.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

describe('kinds of options', () => {
  const signal = { aborted: false, addEventListener: () => {} };
  it.each([
    ['a number', NUMBER, [0, -1.5, NaN], ['1', null]],
    ['a count', COUNT, [1, 2 ** 53 - 1], [0, -1, 1.5, '1', 2 ** 53]],
    ['a time', TIME, [0, 1], [-1, 0.5, 2 ** 53]],
    ['per cent', PER_CENT, [0, 0.5, 1000], [-0.1, Infinity, NaN, '5%']],
    ['a boolean', BOOLEAN, [true, false], [0, null]],
    ['an object', OBJECT, [{}], [null, [], 'x']],
    ['a function', FUNCTION, [() => {}], [{}]],
    ['a signal', SIGNAL, [signal, AbortSignal.abort()], [{ aborted: true }, {}, null]],
    ['a signal that says nothing', SIGNAL, [], [{ addEventListener: () => {} }]],
    ['texts', TEXTS, [[], ['a']], [['a', 1], 'a']],
    ['a pair', PAIR, [['a', 'b']], [['a'], ['a', 'b', 'c'], [1, 2]]],
    ['a count or null', orNull(COUNT), [1, null], [0, undefined]],
    ['a word', oneOf('a', 'b'), ['a', 'b'], ['c', 0]],
    ['one or the other', either(oneOf('a'), TIME), ['a', 0], ['b', -1]],
  ] as const)('%s', (_, kind, are, areNot) => {
    expect(are.map((value) => kind.is(value))).toEqual(are.map(() => true));
    expect(areNot.map((value) => kind.is(value))).toEqual(areNot.map(() => false));
  });
});

describe('what the library is given', () => {
  const document = inventedResult({ samples: 500, sources: ['a'], policies: ['vista'] });
  const one = toCsv(document).split('\n');
  const two = toCsv(document, document).split('\n');

  it('is named by its place where there is more than one result', () => {
    expect(two.length).toBe(2 * one.length - 2);
    // The header, then all rows of the first.
    const column = (lines: readonly string[]): string[] => [
      ...new Set(lines.slice(1, -1).map((line) => line.split(',')[0])),
    ];
    expect(column(one)).toEqual(['']);
    expect(column(two)).toEqual(['1', '2']);
    expect(toOpenMetrics(document)).not.toContain('result="1"');
  });

  it.each([
    ['no results', { results: [] }],
    ['no meta', { meta: null }],
    ['another schema', { schema: 'dpcbench-result/0' }],
    ['results that are none', { results: 'x' }],
  ])('is refused as a result with %s', (_, edit) => {
    const wrong = { ...document, ...edit } as unknown as ResultDocument;
    for (const call of [() => toCsv(wrong), () => compare(document, wrong), () => gate(wrong, {})])
      expect(call).toThrow('is no result');
  });

  it('may be a regression of nothing at all', () => {
    const outcomes = gate(document, { baseline: document, failOnRegression: 0 });
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.every(({ status }) => status !== 'fail')).toBe(true);
    expect(gate(document, {})).toEqual([]);
    for (const options of [{ baseline: document }, { failOnRegression: 0 }])
      expect(() => gate(document, options)).toThrow('belong together');
  });

  it.each([
    ['nothing', null],
    ['a scenario as it is written', { machine: { processors: 2 } }],
    ['one without an end', { machine: { processors: 2 }, until: {}, policies: [] }],
    [
      'one with policies by name',
      { machine: { processors: 2 }, until: { timeNs: 1 }, policies: ['vista'] },
    ],
    [
      'one with policies of nothing',
      { machine: { processors: 2 }, until: { timeNs: 1 }, policies: [{}] },
    ],
  ])('is refused as a scenario: %s', async (_, scenario) => {
    await expect(run(scenario as unknown as Scenario)).rejects.toThrow('a resolved scenario');
  });
});
