import { describe, expect, test } from 'vitest';
import { withDecision } from '../../src/play/edited-rules.js';
import { FACT_IDLE, FACT_OVER } from '../../src/policy/facts.js';
import { conditionHolds } from '../../src/policy/parse-condition.js';
import { type Importance, IMPORTANCES } from '../../src/policy/policy.js';
import { findPreset } from '../../src/policy/presets.js';
import { POSSIBLE_FACTS, TARGETS } from '../../src/policy/situations.js';
import { parseScenario } from '../../src/scenario/parse.js';

const SOURCES = `
# Stays.
sources:
  - { name: nic, irql: 5, isr: 1us, arrivals: { poisson: 1000/s }, dpc: { service: 2us } }
`;
const BUSY = POSSIBLE_FACTS.filter((facts) => (facts & FACT_IDLE) === 0);

const policyIn = (text: string, name: string, file = 'mine.yaml') =>
  parseScenario(text, file).policies.find((policy) => policy.name === name)!;

describe('a decision that is edited', () => {
  test('becomes a policy of its own that extends the preset, and nothing else changes', () => {
    const decision = { policy: 'vista', target: 'other', importance: 'high', asks: true } as const;
    const { policy, text } = withDecision('mine.yaml', SOURCES, { ...decision, facts: BUSY });
    expect(policy).toBe('my-vista');
    expect(text).toContain('# Stays.');
    expect(parseScenario(text, 'mine.yaml').policies.map(({ name }) => name)).toEqual([
      'pre-vista',
      'vista',
      'my-vista',
    ]);
    const made = policyIn(text, 'my-vista');
    expect(made.other.high.text).toBe('always');
    const { name: _, other, sentence: __, source: ___, ...rest } = findPreset('vista')!;
    expect(made).toMatchObject({ ...rest, other: { ...other, high: made.other.high } });
  });

  test('is written into the policy where it is the scenario’s own', () => {
    const own = `policies:\n  - vista\n  - { name: mine, other: { high: over } } # so\n${SOURCES}`;
    const decision = { policy: 'mine', target: 'other', importance: 'low', asks: false } as const;
    const first = withDecision('mine.yaml', own, { ...decision, facts: POSSIBLE_FACTS });
    expect(first.policy).toBe('mine');
    expect(policyIn(first.text, 'mine').other.low.text).toBe('never');
    const over = POSSIBLE_FACTS.filter((facts) => (facts & FACT_OVER) !== 0);
    const high = { ...decision, importance: 'high', facts: over } as const;
    const second = withDecision('mine.yaml', first.text, high);
    expect(policyIn(second.text, 'mine').other).toMatchObject({
      low: { text: 'never' },
      high: { text: 'never' },
    });
    expect(second.text).toContain('# so');
  });

  test('takes a name that is free, and keeps JSON as JSON', () => {
    const json = JSON.stringify({
      sources: [{ name: 'nic', irql: 5, isr: '1us', arrivals: { poisson: '1/s' } }],
      policies: ['vista', { name: 'my-vista', extends: 'vista' }],
    });
    const decision = { policy: 'vista', target: 'current', importance: 'low' } as const;
    const made = withDecision('mine.json', json, { ...decision, facts: [0], asks: true });
    expect(made.policy).toBe('my-vista-2');
    expect(policyIn(made.text, 'my-vista-2', 'mine.json').name).toBe('my-vista-2');
    expect(() => JSON.parse(made.text) as unknown).not.toThrow();
  });

  test('holds in the states that were meant, and in no other, whichever they are', () => {
    let text = SOURCES;
    let policy = 'nt52';
    const expected = new Map<string, boolean>();
    const key = (...parts: unknown[]): string => parts.join(' ');
    // Every seventh state of every condition, by turns asked and not asked.
    for (const target of TARGETS) {
      for (const importance of IMPORTANCES) {
        const facts = POSSIBLE_FACTS.filter((_, i) => i % 7 === 3);
        const asks = importance !== 'high';
        for (const set of facts) expected.set(key(target, importance, set), asks);
        ({ policy, text } = withDecision('mine.yaml', text, {
          policy,
          target,
          importance,
          facts,
          asks,
        }));
      }
    }
    const made = policyIn(text, policy);
    const preset = findPreset('nt52')!;
    for (const target of TARGETS) {
      for (const importance of IMPORTANCES as readonly Importance[]) {
        for (const set of POSSIBLE_FACTS) {
          const was = conditionHolds(preset[target][importance], set);
          const wanted = expected.get(key(target, importance, set)) ?? was;
          expect(conditionHolds(made[target][importance], set)).toBe(wanted);
        }
      }
    }
  });

  test('is refused where the text has no place for it', () => {
    const toml =
      '[[sources]]\nname = "nic"\nirql = 5\nisr = "1us"\narrivals = { poisson = "1/s" }\n';
    const decision = { policy: 'vista', target: 'other', importance: 'low', asks: true } as const;
    expect(() => withDecision('mine.toml', toml, { ...decision, facts: [0] })).toThrow(/TOML/);
  });
});
