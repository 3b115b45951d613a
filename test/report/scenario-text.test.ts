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
});
