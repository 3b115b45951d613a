import { FACT_IDLE, FACT_POLLING } from './facts.js';
import type { Policy } from './policy.js';

/**
 * The three readings of when a High DPC for another processor sends an IPI, and who gives them: the
 * published rules disagree in this (docs/semantics.md, section 8).
 */
export const READINGS = [
  {
    id: 'if idle',
    rule:
      'only if the target is idle, so one sent to a busy processor waits for its next drain ' +
      'or tick',
    source: 'OSR (Vista) and Windows Internals 7',
  },
  {
    id: 'unless polling',
    rule: 'unless the target is idle and polling, since it would find the DPC by itself',
    source: 'ReactOS',
  },
  {
    id: 'always',
    rule: 'whatever the target does',
    source: 'MSDN, and OSR and Russinovich before Vista',
  },
] as const;
export type Reading = (typeof READINGS)[number]['id'] | 'other';

/** What the policy's truth table says of High for another processor, whatever it is called. */
export function readingOf(policy: Policy): Reading {
  const table = BigInt(`0x${policy.other.high.table}`);
  const answers = (isPossible: (facts: number) => boolean): Set<boolean> => {
    const seen = new Set<boolean>();
    for (let facts = 0; facts < 64; facts++) {
      const isNonsense = (facts & FACT_POLLING) !== 0 && (facts & FACT_IDLE) === 0;
      if (!isNonsense && isPossible(facts)) seen.add(((table >> BigInt(facts)) & 1n) === 1n);
    }
    return seen;
  };
  const all = (seen: Set<boolean>, answer: boolean): boolean => seen.size === 1 && seen.has(answer);
  const busy = answers((facts) => (facts & FACT_IDLE) === 0);
  const polling = answers((facts) => (facts & FACT_POLLING) !== 0);
  const halted = answers((facts) => (facts & (FACT_IDLE | FACT_POLLING)) === FACT_IDLE);
  if (all(busy, false) && all(halted, true) && all(polling, true)) return 'if idle';
  if (all(busy, true) && all(halted, true)) {
    return all(polling, true) ? 'always' : 'unless polling';
  }
  return 'other';
}
