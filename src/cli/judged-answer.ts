import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import type { ExperimentResult } from '../stats/compare-experiments.js';
import { Attempts } from './attempts.js';
import { type CarriedOut, deliver, refuseImprecise, type RunFlags } from './carry-out.js';
import { checkPlaces, type Place } from './check-places.js';
import type { Console } from './console.js';
import { outputPlaces } from './deliver.js';
import { exportFiles, type ExportFlags, exportPlaces, labelled } from './export-files.js';
import { gatePlaces, openGates, passGates, type RunGateFlags } from './gates.js';

/** Everything that becomes of a result. */
export interface AnswerFlags extends RunFlags, RunGateFlags, ExportFlags {}

/** A run, and the one that it is to be compared with. */
export interface Compared {
  before: ExperimentResult | null;
  now: CarriedOut;
}

/**
 * Makes a result and answers it: table, files, gates, exports. What is wrong with the gates or with
 * the places of files is refused before it is made.
 */
export async function answerJudged(
  scenario: Scenario,
  { flags, inputs, outputs }: { flags: AnswerFlags; inputs: Place[]; outputs: Place[] },
  console: Console,
  make: () => Promise<Compared>,
): Promise<void> {
  if (flags.open === true && flags.report === undefined) {
    throw inputError('--open has no report to open', 'add --report report.html');
  }
  const gates = await openGates(scenario, flags);
  const places = gatePlaces(flags);
  const policies = scenario.policies.map(({ name }) => name);
  const exports = exportPlaces(flags, [{ label: '', policies }]);
  await checkPlaces(
    [...outputPlaces(flags), ...exports, ...outputs, ...places.outputs],
    [...inputs, ...places.inputs],
  );
  const { before, now } = await make();
  const { document } = now;
  const attempts = new Attempts();
  await deliver(scenario, now, flags, console, attempts);
  const outcomes = await passGates(now, gates, flags, console, attempts, before);
  await exportFiles(
    { results: labelled([''], [document]), gates: outcomes },
    flags,
    console,
    attempts,
  );
  await attempts.make(() => refuseImprecise(document));
  attempts.end(console);
}
