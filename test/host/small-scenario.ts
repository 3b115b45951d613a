import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';

/** One processor and one source, of which at least the arrivals are said, under two policies. */
export function smallScenario(source: object, until: object = { interrupts: 400 }): Scenario {
  return resolveScenario({
    name: 'small',
    machine: { processors: 1 },
    sources: [{ name: 'nic', irql: 6, dpc: { service: '3us' }, ...source }],
    policies: ['pre-vista', 'vista'],
    until,
  });
}
