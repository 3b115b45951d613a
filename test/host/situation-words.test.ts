import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACTS } from '../../src/policy/facts.js';
import { parseCondition } from '../../src/policy/parse-condition.js';
import { IMPORTANCES, type Policy } from '../../src/policy/policy.js';
import { PRESETS } from '../../src/policy/presets.js';
import { situationsOf } from '../../src/policy/situations.js';

/** What each phrase says of a set of facts; longer ones first, since some hold others. */
const MEANING: readonly (readonly [phrase: string, fact: string, holds: boolean])[] = [
  ['queue not over its depth', 'over', false],
  ['queue over its depth', 'over', true],
  ['not deeply halted', 'deep', false],
  ['deeply halted', 'deep', true],
  ['not draining slowly', 'slow', false],
  ['draining slowly', 'slow', true],
  ['not polling', 'polling', false],
  ['polling', 'polling', true],
  ['seldom asked', 'rare', true],
  ['often asked', 'rare', false],
  ['idle', 'idle', true],
  ['busy', 'idle', false],
];

/** Is what the words say of the target true of these facts? */
function isSaid(words: string, facts: number): boolean {
  const clause = words.slice(words.indexOf(' processor') + ' processor'.length);
  return clause.split('; or ').some((part) => {
    let rest = part;
    let holds = true;
    for (const [phrase, fact, expected] of MEANING) {
      if (!rest.includes(phrase)) continue;
      rest = rest.replace(phrase, '');
      const bit = FACTS.find(({ word }) => word === fact)!.bit;
      holds &&= ((facts & bit) !== 0) === expected;
    }
    // Asked so often that expect itself would take most of the time.
    if (/^(?:[,: ]|that is|and)*$/.test(rest)) return holds;
    return expect.unreachable(`of "${words}" this is not known: ${rest}`);
  });
}

const literal = fc
  .tuple(fc.boolean(), fc.constantFrom(...FACTS.map(({ word }) => word)))
  .map(([isNot, word]) => `${isNot ? 'not ' : ''}${word}`);
const condition = fc
  .tuple(literal, fc.array(fc.tuple(fc.constantFrom('and', 'or'), literal), { maxLength: 4 }))
  .map(([first, rest]) =>
    parseCondition([first, ...rest.map(([joint, next]) => `${joint} ${next}`)].join(' ')),
  );

/** A policy with one condition of its own for each importance and target. */
const policy: fc.Arbitrary<Policy> = fc
  .array(condition, { minLength: 8, maxLength: 8 })
  .map((conditions) => {
    const of = (first: number): Policy['other'] =>
      Object.fromEntries(
        IMPORTANCES.map((name, i) => [name, conditions[first + i]]),
      ) as Policy['other'];
    return { ...PRESETS[0], current: of(0), other: of(4) };
  });

describe('the words of a situation', () => {
  it('are true of its states, and of no other state that a target can be in', () => {
    fc.assert(
      fc.property(policy, policy, (first, other) => {
        const situations = situationsOf([first, other]);
        const wrong: string[] = [];
        for (const { facts, importances, target, words } of situations) {
          const alike = situations.filter(
            (each) => each.target === target && each.importances[0] === importances[0],
          );
          for (const state of alike.flatMap((each) => [...each.facts])) {
            if (isSaid(words, state) !== facts.has(state)) wrong.push(`${words} of ${state}`);
          }
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  it('name importances together that every policy treats alike, of those that occur', () => {
    const heads = (occurs?: Parameters<typeof situationsOf>[1]): string[] => [
      ...new Set(
        situationsOf(PRESETS.slice(0, 2), occurs).map(({ words }) =>
          words.slice(0, words.indexOf(' processor')),
        ),
      ),
    ];
    expect(heads()).toEqual([
      'Low, for the current',
      'Medium or MediumHigh, for the current',
      'High, for the current',
      'Low or Medium, for another',
      'MediumHigh, for another',
      'High, for another',
    ]);
    expect(heads((target, importance) => target === 'other' && importance !== 'low')).toEqual([
      'Medium, for another',
      'MediumHigh, for another',
      'High, for another',
    ]);
  });
});

describe('dpcbench policies --diff', async () => {
  const { runCli } = await import('./run-cli.js');

  it('names the settings that differ, and where each rule set was read', async () => {
    const { code, out } = await runCli(['policies', '--diff', 'vista', 'msdn']);
    expect(code).toBe(0);
    expect(out).toMatch(/A queue is over its depth when its length … the maximum: vista reaches,/);
    expect(out).toMatch(/vista: OSR, .*\nmsdn: MSDN, "Organization of DPC Queues"\.\n$/);
    const alike = await runCli(['policies', '--diff', 'pre-vista', 'vista']);
    expect(alike.out).not.toMatch(/A queue is over/);
  });
});
