import { IMPORTANCES } from './policy.js';
import type { Condition, Importance, Policy } from './policy.js';
import { findPreset } from './presets.js';

/**
 * What a policy of one's own may change of the preset that it extends; null keeps what is there.
 */
export interface PolicyChanges {
  name: string;
  /** The name of a preset. */
  extends: string;
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

/** The preset with the changes made. Throws RangeError when no preset has the name in `extends`. */
export function derivePolicy(changes: PolicyChanges): Policy {
  const base = findPreset(changes.extends);
  if (base === undefined) throw new RangeError(`no preset is named ${changes.extends}`);
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
