import { IMPORTANCES } from '../../src/policy/policy.js';
import type { Condition, Importance, Policy } from '../../src/policy/policy.js';

/** Facts of the target of an insert (R10): bits of the index into a truth table. */
export const OVER = 1;
export const SLOW = 2;
export const RARE = 4;
export const IDLE_TARGET = 8;
export const POLLING = 16;
export const DEEP = 32;
const FACT_SETS = 64;

/** A policy with its truth tables unfolded: `current[importance][facts]` is 0 or 1. */
export interface Rules {
  current: Record<Importance, Uint8Array>;
  other: Record<Importance, Uint8Array>;
  atHead: Record<Importance, boolean>;
  depthExceeds: boolean;
  suppress: boolean;
  tickRescue: boolean;
  adaptive: boolean;
  drainLimit: number;
  drainTimeNs: number;
}

export function unfoldRules(policy: Policy): Rules {
  const each = <T>(value: (importance: Importance) => T): Record<Importance, T> =>
    Object.fromEntries(IMPORTANCES.map((name) => [name, value(name)])) as Record<Importance, T>;
  return {
    current: each((importance) => unfold(policy.current[importance])),
    other: each((importance) => unfold(policy.other[importance])),
    atHead: each((importance) => policy.insert[importance] === 'head'),
    depthExceeds: policy.depth === 'exceeds',
    suppress: policy.suppress,
    tickRescue: policy.tickRescue,
    adaptive: policy.adaptive,
    drainLimit: policy.drainLimit,
    drainTimeNs: policy.drainTimeNs ?? 0,
  };
}

function unfold(condition: Condition): Uint8Array {
  const table = BigInt(`0x${condition.table.replace(/^0x/, '')}`);
  return Uint8Array.from({ length: FACT_SETS }, (_, n) => Number((table >> BigInt(n)) & 1n));
}
