import { describe, expect, it } from 'vitest';
import { scenarioText } from '../../src/report/scenario-text.js';

describe('a scenario as text', () => {
  const textOf = (rest: object): string =>
    scenarioText({ policies: [], ...rest } as unknown as Parameters<typeof scenarioText>[0]);

  it('has on one line what takes up to 90 characters as JSON', () => {
    // Beside the letters `{"b":""}`.
    const [fits, isLonger] = [82, 83].map((letters) => 'x'.repeat(letters));
    expect(textOf({ a: { b: fits } })).toContain(`a: { b: ${fits} }`);
    expect(textOf({ a: { b: isLonger } })).toContain(`a:\n  b: ${isLonger}`);
  });

  it('has up to 600 lines, and says how many are left', () => {
    const of = (keys: number): string[] =>
      textOf(Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, i]))).split('\n');
    const whole = of(599);
    expect(whole).toHaveLength(600);
    expect(whole.join()).not.toContain('more lines');
    const cut = of(602);
    expect(cut).toHaveLength(601);
    expect(cut.at(-1)).toBe('# … 3 more lines: see "scenario" in the JSON result');
  });

  it('counts what is left of long lists, and equal entries once', () => {
    const of = (list: unknown[]): string => {
      return textOf({ list })
        .replace('policies: []', '')
        .replace(/[\s,]+/g, ' ')
        .trim();
    };
    const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    const most = numbers(24).join(' ');
    expect(of([7, 7, 7])).toBe('list: [ 7 7 7 ]');
    expect(of(numbers(24))).toBe(`list: [ ${most} ]`);
    expect(of(numbers(25))).toBe(`list: [ ${most} (1 more) ]`);
    expect(of(numbers(2_024))).toContain(' 22 23 "(2 000 more)"');
    const entry = { a: 1, b: 'x' };
    expect(of([entry])).toBe('list: [ { a: 1 b: x } ]');
    expect(of([entry, entry])).toBe('list: [ { a: 1 b: x } "(1 more all equal)" ]');
    expect(of([entry, { a: 2 }])).toBe('list: [ { a: 1 b: x } { a: 2 } ]');
    expect(of([{ a: 2 }, entry, entry])).toBe('list: [ { a: 2 } { a: 1 b: x } { a: 1 b: x } ]');
  });

  it('writes what comes twice twice, and folds no short text', () => {
    const twice = { ns: 5 };
    expect(textOf({ a: twice, b: [twice, 1] })).toBe(
      'a: { ns: 5 }\nb: [ { ns: 5 }, 1 ]\npolicies: []',
    );
    const words = (count: number): string => Array(count).fill('word').join(' ');
    expect(textOf({ question: words(17) }).split('\n')).toHaveLength(2);
    expect(textOf({ question: words(18) }).split('\n')).toHaveLength(2);
    expect(textOf({ question: words(19) }).split('\n')).toHaveLength(2);
  });
});
