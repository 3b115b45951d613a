import type { Scenario } from '../scenario/scenario.js';
import type { Place } from './check-places.js';
import type { Console } from './console.js';
import { kindOfFile } from './kind-of-file.js';
import { openScenario } from './open-file.js';
import { openForReplay, type RecordingFlags } from './open-recording.js';
import { openReport, sayDoubts } from './open-report.js';

/**
 * What a command simulates: a scenario, a recording as its replay, or the load that a report of
 * Windows tells of, with what `--set` says put in. `inputs` gets the files that it was read from.
 */
export async function openSubject(
  what: string,
  flags: RecordingFlags,
  console: Console,
  inputs: Place[] = [],
  set: readonly string[] = [],
): Promise<Scenario> {
  const kind = await kindOfFile(what);
  if (kind === 'recording') {
    inputs.push({ as: 'the recording', path: what });
    return openForReplay(what, flags, console, set);
  }
  if (kind !== 'report') return openScenario(what, inputs, set);
  inputs.push({ as: 'the report', path: what });
  const opened = await openReport(what, {}, `${what}.yaml`, set);
  if (flags.quiet !== true) sayDoubts(what, opened, console);
  return opened.scenario;
}
