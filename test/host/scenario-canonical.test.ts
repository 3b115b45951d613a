import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/scenario/canonical.js';

describe('canonical JSON', () => {
  it('sorts keys by code unit and leaves out what is undefined', () => {
    const value = { b: [1, { d: null, c: 'x' }], a: undefined, B: -0, é: true, '10': 1, 9: 2 };
    expect(canonicalJson(value)).toBe('{"10":1,"9":2,"B":0,"b":[1,{"c":"x","d":null}],"é":true}');
  });

  it('is JSON of the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  it.each([NaN, Infinity, 1n, undefined, () => 0, Float64Array.of(1), { a: [1n] }])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([key, member]) => [key, reversed(member)]));
}
