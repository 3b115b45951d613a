import { describe, it } from 'vitest';
import { describeDifferences } from '../../src/export/differences.js';
import { truthTable } from '../../src/export/truth-table.js';
import { parseCondition } from '../../src/policy/parse-condition.js';
import type { Policy } from '../../src/policy/policy.js';
import { findPreset, PRESETS } from '../../src/policy/presets.js';
import { expectGolden } from './golden-file.js';

const VISTA = findPreset('vista')!;

/** Rule sets of one's own, each of which changes little of what it extends. */
const OWN: Record<string, Partial<Policy>> = {
  'a-drain-of-one': { drainLimit: 1 },
  'a-ns-long-drain': { drainTimeNs: 1, drainLimit: 2000 },
  'asks-again': { suppress: !VISTA.suppress },
  'no-rescue': { tickRescue: !VISTA.tickRescue, adaptive: !VISTA.adaptive },
  'inserts-otherwise': {
    insert: { low: 'head', medium: 'head', mediumHigh: 'head', high: 'tail' },
    depth: VISTA.depth === 'exceeds' ? 'reaches' : 'exceeds',
  },
  'deep-and-slow': {
    other: {
      low: parseCondition('slow and rare'),
      medium: parseCondition('deep'),
      mediumHigh: parseCondition('idle and not polling or over and slow'),
      high: parseCondition('polling or not idle and rare'),
    },
    current: { ...VISTA.current, low: parseCondition('rare'), high: parseCondition('idle') },
  },
};
const OWN_POLICIES = Object.entries(OWN).map(([name, changes]): Policy => ({
  ...VISTA,
  name,
  source: '',
  ...changes,
}));
const ALL = [...PRESETS, ...OWN_POLICIES];

describe('rules, as before, are', () => {
  it('told by what differs between them', () => {
    const pairs: (readonly Policy[])[] = [
      ...ALL.slice(1).map((policy, i) => [ALL[i], policy]),
      ...OWN_POLICIES.map((policy) => [VISTA, policy]),
      [VISTA, { ...VISTA, name: 'the same' }],
      PRESETS.slice(0, 3),
    ];
    const told = pairs.map((policies) => {
      const names = policies.map(({ name }) => name).join(' and ');
      return `== ${names}\n${describeDifferences(policies)}`;
    });
    expectGolden('pages/rules-compared.txt', told.join('\n'));
  });

  it('laid out as a table of when they ask', () => {
    const told = ALL.map((policy) => `== ${policy.name}\n${truthTable(policy).join('\n')}\n`);
    expectGolden('pages/rules-tables.txt', told.join('\n'));
  });
});
