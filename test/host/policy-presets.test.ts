import { describe, expect, it } from 'vitest';
import { FACT_IDLE, FACT_OVER, FACT_POLLING } from '../../src/policy/facts.js';
import { conditionHolds } from '../../src/policy/parse-condition.js';
import { PRESETS, PRESET_NAMES, findPreset } from '../../src/policy/presets.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { IMPORTANCES } from '../../src/policy/policy.js';
import type { Policy } from '../../src/policy/policy.js';

/** The published table: current low, other low and medium, other mediumHigh, other high. */
const TABLE: Record<string, [string, string, string, string, Policy['depth']]> = {
  'pre-vista': ['over or slow', 'over', 'over', 'always', 'reaches'],
  vista: ['over or slow', 'over and idle', 'idle', 'idle', 'reaches'],
  'nt4-table': ['over or rare or idle', 'over or idle', 'over or idle', 'always', 'exceeds'],
  nt52: ['over or rare', 'over and not polling', 'over and not polling', 'not polling', 'reaches'],
  msdn: ['over or rare', 'over', 'always', 'always', 'exceeds'],
  'windows-internals': ['over or rare', 'over or idle', 'idle', 'idle', 'exceeds'],
};

describe('the presets', () => {
  it('are the published six', () => {
    expect(PRESET_NAMES).toEqual(Object.keys(TABLE));
  });

  it.each(PRESETS)('$name has the conditions of its source', (preset) => {
    const [currentLow, otherLow, otherMediumHigh, otherHigh, depth] = TABLE[preset.name];
    expect(preset.current.low.text).toBe(currentLow);
    for (const importance of ['medium', 'mediumHigh', 'high'] as const) {
      expect(preset.current[importance].text).toBe('always');
    }
    expect(preset.other.low.text).toBe(otherLow);
    expect(preset.other.medium.text).toBe(otherLow);
    expect(preset.other.mediumHigh.text).toBe(otherMediumHigh);
    expect(preset.other.high.text).toBe(otherHigh);
    expect(preset.depth).toBe(depth);
    expect(preset.insert).toEqual({
      low: 'tail',
      medium: 'tail',
      mediumHigh: 'tail',
      high: 'head',
    });
    expect([preset.suppress, preset.tickRescue, preset.adaptive, preset.drainLimit]).toEqual([
      true,
      true,
      true,
      0,
    ]);
    expect(preset.sentence).toMatch(/\.$/);
    expect(preset.source).not.toBe('');
  });

  it('disagree about a High DPC for a busy and for a polling processor', () => {
    const askedOf = (name: string, facts: number): boolean =>
      conditionHolds(findPreset(name)!.other.high, facts);
    expect(PRESET_NAMES.filter((name) => !askedOf(name, FACT_OVER))).toEqual([
      'vista',
      'windows-internals',
    ]);
    expect(PRESET_NAMES.filter((name) => !askedOf(name, FACT_IDLE | FACT_POLLING))).toEqual([
      'nt52',
    ]);
  });

  it('cannot be changed through a copy', () => {
    findPreset('vista')!.other.high.text = 'never';
    expect(findPreset('vista')!.other.high.text).toBe('idle');
    expect(findPreset('__proto__')).toBeUndefined();
  });
});

describe('a policy of one’s own', () => {
  const resolve = (policy: unknown): Policy =>
    resolveScenario({
      sources: [{ name: 's', irql: 5, arrivals: { at: [1] } }],
      policies: [policy],
    }).policies[0];

  it('keeps what it does not change', () => {
    const other = { high: 'idle and not polling' };
    const mine = resolve({ name: 'mine', extends: 'nt4-table', other });
    const base = findPreset('nt4-table')!;
    expect(mine.other.high.text).toBe('idle and not polling');
    expect({ ...mine, other: { ...mine.other, high: base.other.high } }).toEqual({
      ...base,
      name: 'mine',
      sentence: '',
      source: '',
    });
  });

  it('changes everything that it names', () => {
    const conditions = { low: 'never', medium: 'over', mediumHigh: 'idle', high: 'deep' };
    const insert = { low: 'head', medium: 'head', mediumHigh: 'head', high: 'tail' };
    const settings = {
      depth: 'exceeds',
      suppress: false,
      tickRescue: false,
      adaptive: false,
      drainLimit: 7,
    };
    const mine = resolve({
      name: 'mine',
      extends: 'pre-vista',
      current: conditions,
      other: conditions,
      insert,
      ...settings,
    });
    for (const importance of IMPORTANCES) {
      expect(mine.current[importance].text).toBe(conditions[importance]);
      expect(mine.other[importance].text).toBe(conditions[importance]);
    }
    expect(mine).toMatchObject({ insert, ...settings });
  });

  it('builds on vista when it names no preset', () => {
    expect(resolve({ name: 'mine' })).toEqual({
      ...findPreset('vista')!,
      name: 'mine',
      sentence: '',
      source: '',
    });
  });
});
