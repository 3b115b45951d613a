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
  ])('at %j offers %s', (marked, word) => {
    expect(suggested(marked)).toContain(word);
  });

  it.each(['name: a b|', 'sources:\n  - name: x y |', 'nonsense:\n  |'])(
    'at %j is silent',
    (marked) => {
      expect(suggested(marked)).toEqual([]);
    },
  );
});
