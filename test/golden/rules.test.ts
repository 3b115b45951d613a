import { describe, expect, it } from 'vitest';
import { conditionText } from '../../src/policy/condition-text.js';
import { readingOf } from '../../src/policy/dispute.js';
import { FACT_IDLE, FACT_POLLING, FACTS } from '../../src/policy/facts.js';
import { parseCondition } from '../../src/policy/parse-condition.js';
import type { Policy } from '../../src/policy/policy.js';
import { PRESETS } from '../../src/policy/presets.js';
import { POSSIBLE_FACTS, situationsOf } from '../../src/policy/situations.js';
import { expectGolden, hashOf } from './golden-file.js';
import { Pick } from './pick.js';

const WORDS = FACTS.map(({ word }) => word);

function drawCondition(pick: Pick): string {
  const one = (): string => pick.of('', 'not ') + pick.of(...WORDS);
  const two = (): string => pick.of(one(), `${one()} and ${one()}`, `not (${one()} or ${one()})`);
  return pick.of(one(), two(), `${two()} or ${two()}`, `${two()} or ${two()} or ${one()}`);
}

function drawPolicy(pick: Pick): Policy {
  const [a, b, c] = [0, 1, 2].map(() => parseCondition(drawCondition(pick)));
  const of = (): Policy['other'] => {
    return { low: pick.of(a, b), medium: pick.of(a, b), mediumHigh: b, high: pick.of(b, c) };
  };
  const insert = { ...PRESETS[0].insert, medium: pick.of<'head' | 'tail'>('head', 'tail') };
  return { ...PRESETS[0], insert, current: of(), other: of() };
}

describe('as before are', () => {
  it('the situations that rule sets tell apart, in words', () => {
    const pairs = PRESETS.flatMap((first) => PRESETS.map((other) => [first, other]));
    const drawn = Array.from({ length: 6 }, (_, seed) => {
      const pick = new Pick(seed);
      return Array.from({ length: 1 + (seed % 3) }, () => drawPolicy(pick));
    });
    const lines = [...pairs.slice(1, 4), PRESETS, ...drawn].flatMap((policies) => [
      `== ${policies.map(({ name }) => name).join(' ')}`,
      ...situationsOf(policies).map(({ asks, brief, facts, words }) => {
        const answers = asks.map((answer) => (answer ? 'asks' : 'waits')).join(' ');
        return `${words} | ${brief} | ${answers} | ${facts.size} ${hashOf([...facts].join())}`;
      }),
    ]);
    expectGolden('rules/situations.txt', lines.join('\n') + '\n');
  });

  it('conditions that answer as they are asked to', () => {
    const lines = Array.from({ length: 36 }, (_, seed) => {
      const pick = new Pick(seed);
      const states = pick.some(...Array.from({ length: 64 }, (_, facts) => facts));
      const asks = states.filter(() => pick.of(true, seed % 3 === 0, false, false, seed % 2 === 0));
      const waits = states.filter((facts) => !asks.includes(facts));
      const few = seed % 4 === 0 ? 3 : seed % 4 === 1 ? 8 : 64;
      const texts = [
        conditionText(asks.slice(0, few), waits.slice(0, few)),
        conditionText(waits.slice(0, few), asks.slice(0, few)),
      ];
      const sets = [asks, waits].map((one) => one.slice(0, few).join(' '));
      return `${sets.join(' | ')}: ${texts.join(' | ')}`;
    });
    expectGolden('rules/conditions.txt', lines.join('\n') + '\n');
  });
});

it('a processor polls or is deeply halted only while it is idle, and never both', () => {
  const bits = (facts: number): string[] =>
    FACTS.filter(({ bit }) => (facts & bit) !== 0).map(({ word }) => word);
  const ofProcessor = new Set(
    POSSIBLE_FACTS.map((facts) =>
      bits(facts)
        .filter((word) => ['idle', 'polling', 'deep'].includes(word))
        .sort()
        .join(' '),
    ),
  );
  expect([...ofProcessor].sort()).toEqual(['', 'deep idle', 'idle', 'idle polling']);
  expect(POSSIBLE_FACTS).toHaveLength(4 * 2 ** (FACTS.length - 3));
  expect(POSSIBLE_FACTS[0]).toBe(0);
});

describe('the reading of a rule set', () => {
  it.each([
    ['idle', 'if idle'],
    ['idle or (idle and polling)', 'if idle'],
    ['always', 'always'],
    ['not polling', 'unless polling'],
    ['not (idle and polling)', 'unless polling'],
    ['not idle or not polling', 'unless polling'],
    ['never', 'other'],
    ['not idle', 'other'],
    ['polling', 'other'],
    ['idle and polling', 'other'],
    ['idle and not polling', 'other'],
    ['not idle or polling', 'other'],
    ['idle and not polling or not idle and over', 'other'],
    ['idle and over', 'other'],
    ['idle or over', 'other'],
    ['idle and polling and over or idle and not polling', 'other'],
    // Polling is answered both ways, all others ask: nothing published says so.
    ['not polling or over', 'unless polling'],
    ['not (idle and polling and deep)', 'unless polling'],
  ])('that asks when %j is %j', (text, reading) => {
    const policy = { ...PRESETS[0], other: { ...PRESETS[0].other, high: parseCondition(text) } };
    expect(readingOf(policy)).toBe(reading);
  });

  it('is that of those who wrote the policies that ship', () => {
    const readings = Object.fromEntries(PRESETS.map((one) => [one.name, readingOf(one)]));
    expect(readings).toMatchInlineSnapshot(`
      {
        "msdn": "always",
        "nt4-table": "always",
        "nt52": "unless polling",
        "pre-vista": "always",
        "vista": "if idle",
        "windows-internals": "if idle",
      }
    `);
  });

  it('does not look at what cannot be: a processor that polls and is not idle', () => {
    const table = (asks: (facts: number) => boolean): string => {
      const sets = Array.from({ length: 64 }, (_, facts) => facts).filter(asks);
      return sets.reduce((all, facts) => all | (1n << BigInt(facts)), 0n).toString(16);
    };
    const isNonsense = (facts: number): boolean =>
      (facts & FACT_POLLING) !== 0 && (facts & FACT_IDLE) === 0;
    const of = (asks: (facts: number) => boolean): string => {
      const high = { text: '', table: table(asks) };
      return readingOf({ ...PRESETS[0], other: { ...PRESETS[0].other, high } });
    };
    expect(of((facts) => !isNonsense(facts))).toBe('always');
    expect(of((facts) => isNonsense(facts) || (facts & FACT_IDLE) !== 0)).toBe('if idle');
    expect(of((facts) => (facts & FACT_POLLING) === 0 || isNonsense(facts))).toBe('unless polling');
  });
});
