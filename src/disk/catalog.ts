import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inputError } from '../errors.js';
import { nearestWord } from '../nearest-word.js';
import { parseScenario, resolveScenario } from '../scenario/parse.js';
import type { ScenarioOptions } from '../scenario/parse.js';
import type { Scenario } from '../scenario/scenario.js';
import { WORKLOAD_SIZES, standardWorkload } from '../scenario/workloads.js';

// The one file of this folder that touches the disk: the examples are data that ship with the
// package.

/** Scenarios that are files in `examples/`, the one that a run without a scenario takes first. */
export const EXAMPLE_NAMES = [
  'default',
  'remote-completion',
  'single-queue-rss',
  'audio-behind-nic',
  'rogue-driver',
  'work-in-the-isr',
  'low-importance-light',
  'low-importance-heavy',
  'deep-idle',
  'how-a-dpc-helps',
  'threaded-beside-audio',
  'moderation',
  'bounded-drains',
  'watchdog',
] as const;

/** What a run without a scenario simulates. */
export const DEFAULT_SCENARIO_NAME = 'default';

/** Every ready scenario by name, in the order of presentation. */
export const CATALOG_NAMES: readonly string[] = [
  ...EXAMPLE_NAMES,
  ...WORKLOAD_SIZES.map((processors) => `w${processors}`),
];

/** The folder of the package that holds the example files, whether built or run from source. */
export function catalogDirectory(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('dpcbench/package.json')), 'examples');
}

/** The file of an example, or null for a scenario that is made by a function. */
export function catalogFile(name: string): string | null {
  const isExample = (EXAMPLE_NAMES as readonly string[]).includes(name);
  return isExample ? join(catalogDirectory(), `${name}.yaml`) : null;
}

/** A ready scenario, resolved. Throws InputError for a name that the catalogue does not have. */
export function loadCatalogScenario(name: string, options: ScenarioOptions = {}): Scenario {
  const processors = WORKLOAD_SIZES.find((size) => name === `w${size}`);
  if (processors !== undefined) return resolveScenario(standardWorkload(processors), options);
  const file = catalogFile(name);
  if (file !== null) return parseScenario(readFileSync(file, 'utf8'), file, options);
  const nearest = nearestWord(name, CATALOG_NAMES);
  throw inputError(
    `the catalogue has no scenario of that name; it has ${CATALOG_NAMES.join(', ')}`,
    nearest === null ? '' : `did you mean ${nearest}?`,
  );
}
