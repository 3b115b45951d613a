import { inputError } from '../errors.js';
import { nearestWord } from '../nearest-word.js';
import type { Policy } from './policy.js';
import { quote } from '../units.js';
import { findPreset, PRESET_NAMES } from './presets.js';

/**
 * The policies of these names, in this order: the scenario's own first, then those that ship.
 * Throws InputError for a name that neither has or that stands twice.
 */
export function selectPolicies(
  scenario: { policies: readonly Policy[] },
  names: readonly string[],
): Policy[] {
  const own = new Map(scenario.policies.map((policy) => [policy.name, policy]));
  const known = [...new Set([...own.keys(), ...PRESET_NAMES])];
  const seen = new Set<string>();
  return names.map((name) => {
    if (seen.has(name)) throw inputError(`policy ${quote(name)} is named twice`);
    seen.add(name);
    const policy = own.get(name) ?? findPreset(name);
    if (policy !== undefined) return policy;
    const nearest = nearestWord(name, known);
    throw inputError(
      `there is no policy ${quote(name)}; there are ${known.join(', ')}`,
      nearest === null ? '' : `did you mean ${nearest}?`,
    );
  });
}
