import type { ResultDocument } from '../result/document.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Place } from './check-places.js';
import { loadKind } from './kind-of-file.js';

/**
 * A scenario out of a file or the catalogue, with what `--set` says put in; `inputs` gets the files
 * that it was read from.
 */
export async function openScenario(
  nameOrPath: string,
  inputs: Place[] = [],
  set: readonly string[] = [],
): Promise<Scenario> {
  const { loadScenario } = await import('../disk/load-scenario.js');
  const { parseSetting } = await import('../scenario/setting.js');
  const settings = set.map((text) => parseSetting(text));
  return loadKind('scenario', nameOrPath, () =>
    loadScenario(nameOrPath, (path) => inputs.push({ as: 'the scenario', path }), settings),
  );
}

/** The result in a file. */
export async function openResult(path: string): Promise<ResultDocument> {
  const { readResultFile } = await import('../disk/read-result-file.js');
  return loadKind('result', path, () => readResultFile(path));
}
