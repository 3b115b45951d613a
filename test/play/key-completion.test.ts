import { describe, expect, it } from 'vitest';
import { suggestionsAt } from '../../src/play/key-completion.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';

const schema = scenarioJsonSchema();

/** What is suggested where `|` stands. */
function suggested(marked: string): string[] {
  const offset = marked.indexOf('|');
  const found = suggestionsAt(marked.replace('|', ''), offset, schema);
  return found === null ? [] : found.all.map(({ word }) => word);
}

describe('completion', () => {
  it.each([
    ['|', 'machine'],
    ['machine:\n  pro|', 'processors'],
    ['machine:\n  costs:\n    |', 'ipiFlight'],
    ['machine: { tunables: { | } }', 'maximumDpcQueueDepth'],
    ['sources:\n  - name: nic\n    arr|', 'arrivals'],
    ['sources:\n  - |', 'irql'],
    ['sources:\n  - name: a\n    arrivals:\n      |', 'poisson'],
    ['sources:\n  - name: a\n    dpc: { |', 'importance'],
    ['sources:\n  - name: a\n    dpc: { importance: |', 'mediumHigh'],
    ['machine:\n  dynamicTick: |', 'true'],
    ['policies:\n  - name: mine\n    other: { hi|', 'high'],
    ['policies:\n  - extends: |', 'vista'],
    ['# a comment\nuntil:\n  |', 'interrupts'],
    ['sources: [{ name: a, |', 'irql'],
    ['sources: [{ name: a, dpc: { target: 0 }, |', 'irql'],
    ['sources: [{ name: a, processor: [0, 1], |', 'irql'],
    ['sources: [{ name: a }, { |', 'irql'],
    ['sources: [{ name: a, dpc: { importance: |', 'mediumHigh'],
    ['machine: { costs: { dequeue: 1us }, |', 'processors'],
    ['sources:\n  - name: a\n  - |', 'irql'],
    ['sources:\n- name: a\n  |', 'irql'],
    ['sources:\n- name: a\n- |', 'irql'],
    ['machine:\n  tick: 1ms\nsources:\n- name: a\n- name: b\n  dpc:\n    |', 'importance'],
    ['sources:\n  - dpc:\n      |', 'importance'],
    ['sources:\n  - dpc:\n      importance: low\n    |', 'irql'],
    ['policies:\n  - vista\n  - other:\n      |', 'low'],
  ])('at %j offers %s', (marked, word) => {
    expect(suggested(marked)).toContain(word);
  });

  it.each(['name: a b|', 'sources:\n  - name: x y |', 'nonsense:\n  |'])(
    'at %j is silent',
    (marked) => {
      expect(suggested(marked)).toEqual([]);
    },
  );

  it.each([
    'sources: [{ name: a }], |',
    'sources: [{ name: a, dpc: { target: 0 } }], |',
    'sources:\n  - name: a\n    dpc:\n      target: 0\n|',
  ])('at %j offers what stands at the top again, and nothing of a source', (marked) => {
    expect(suggested(marked)).toContain('machine');
    expect(suggested(marked)).not.toContain('irql');
  });

  it('begins where the word does, and says each word once', () => {
    const text = 'sources:\n  - name: nic\n    arr';
    const found = suggestionsAt(text, text.length, schema)!;
    expect(text.slice(found.from)).toBe('arr');
    const words = found.all.map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
    expect(found.all.find(({ word }) => word === 'arrivals')).toMatchObject({ kind: 'key' });
  });

  it('ends with a schema that stands in itself', () => {
    const nested = { $ref: '#/$defs/node' };
    const node = { properties: { inner: nested }, anyOf: [nested] };
    const own = { ...nested, $defs: { node } };
    expect(suggestionsAt('inner: { |', 9, own)?.all.map(({ word }) => word)).toEqual(['inner']);
  });
});
