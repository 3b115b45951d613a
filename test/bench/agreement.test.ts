import { describe, expect, it } from 'vitest';
import { disagreements } from '../../bench/agreement.js';
import { measuredAs } from './invented-bench.js';

const GOOD = 'abcdef0123456789';
const BAD = '9999999999999999';

describe('results', () => {
  it('that are all the same are no problem', () => {
    expect(
      disagreements([measuredAs('w8 vista', 'wasm', [1]), measuredAs('w8 vista', 'twin', [1])]),
    ).toEqual([]);
  });

  it('of different subjects may differ', () => {
    expect(
      disagreements([
        measuredAs('w8 vista', 'wasm', [1], [GOOD]),
        measuredAs('w1 vista', 'wasm', [1], [BAD]),
      ]),
    ).toEqual([]);
  });

  it('of one subject may not, and both sides are named', () => {
    const problems = disagreements([
      measuredAs('w8 vista', 'wasm', [1], [GOOD]),
      measuredAs('w8 vista', 'twin', [1], [GOOD]),
      measuredAs('w8 vista', 'native', [1], [BAD]),
    ]);
    expect(problems).toEqual([
      'different results of w8 vista: abcdef01 (w8 vista, wasm; w8 vista, twin) ' +
        'against 99999999 (w8 vista, native)',
    ]);
  });

  it('of one case may not change from round to round', () => {
    const problems = disagreements([measuredAs('w8 vista', 'wasm', [1], [GOOD, BAD])]);
    expect(problems).toEqual(['w8 vista, wasm came to 2 different results: abcdef01, 99999999']);
  });

  it('are compared whole, beyond the digits that are shown', () => {
    const problems = disagreements([
      measuredAs('w8 vista', 'wasm', [1], [GOOD]),
      measuredAs('w8 vista', 'twin', [1], [`${GOOD.slice(0, -1)}0`]),
    ]);
    expect(problems).toHaveLength(1);
  });
});
