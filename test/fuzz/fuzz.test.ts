import { expect, it } from 'vitest';
import { campaign } from './campaign.js';
import { TARGETS } from './targets.js';

/** `npm run fuzz` has other seeds, and as many inputs as there is time for. */
const COUNTS: Record<string, number> = { recordings: 60, 'compact-recordings': 60, journals: 60 };
const SEED = 20_261_121;

it.each(TARGETS.map((target) => ({ target, name: target.name })))(
  'damaged $name are read or refused, and break nothing',
  async ({ target, name }) => {
    const count = COUNTS[name] ?? 150;
    const { findings, inputs, refused } = await campaign({ target, seed: SEED, from: 0, count });
    expect(findings).toEqual([]);
    expect(inputs).toBe(count);
    // Some are whole, most are not: else nothing would be looked at.
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(count);
  },
);
