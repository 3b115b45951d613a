import { IMPORTANCES } from './policy.js';
import type { Condition, Importance, Policy } from './policy.js';

/**
 * What a policy of one's own may change of what it extends; null keeps what is there.
 */
export interface PolicyChanges {
  name: string;
  /** What it extends. */
  extends: Policy;
  current: Record<Importance, Condition | null>;
  other: Record<Importance, Condition | null>;
  insert: Record<Importance, 'head' | 'tail' | null>;
  depth: Policy['depth'] | null;
  suppress: boolean | null;
  tickRescue: boolean | null;
  adaptive: boolean | null;
  drainLimit: number | null;
  drainTime: number | null;
}

/** What it extends with the changes made. */
export function derivePolicy(changes: PolicyChanges): Policy {
  const { extends: base } = changes;
  const drainTimeNs = changes.drainTime ?? base.drainTimeNs ?? 0;
  return {
    name: changes.name,
    sentence: '',
    source: '',
    current: changed(base.current, changes.current),
    other: changed(base.other, changes.other),
    insert: changed(base.insert, changes.insert),
    depth: changes.depth ?? base.depth,
    suppress: changes.suppress ?? base.suppress,
    tickRescue: changes.tickRescue ?? base.tickRescue,
    adaptive: changes.adaptive ?? base.adaptive,
    drainLimit: changes.drainLimit ?? base.drainLimit,
    ...(drainTimeNs > 0 ? { drainTimeNs } : {}),
  };
}

function changed<T>(
  base: Record<Importance, T>,
  changes: Record<Importance, T | null>,
): Record<Importance, T> {
  const result = { ...base };
  for (const importance of IMPORTANCES) {
    result[importance] = changes[importance] ?? base[importance];
  }
  return result;
}
