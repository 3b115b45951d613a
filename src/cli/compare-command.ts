import type { Command } from 'commander';
import { Attempts } from './attempts.js';
import { checkPlaces } from './check-places.js';
import type { Console } from './console.js';
import {
  exportFiles,
  type ExportFlags,
  exportPlaces,
  labelled,
  namesOf,
  withExportOption,
} from './export-files.js';
import { openResult } from './open-file.js';
import {
  applyGates,
  type GateFlags,
  readThresholds,
  sayComparison,
  withGateOptions,
} from './gates.js';

/** `compare`: two results, and gates on the second. */
export function addCompareCommand(program: Command, console: Console): void {
  withExportOption(withGateOptions(program.command('compare')))
    .summary('compare two results')
    .description(
      'Compares two results written with --json: those of one experiment exactly, others figure ' +
        'by figure with intervals, and says what differs. Gates are held against the second.',
    )
    .argument('<before>', 'the JSON result to compare with')
    .argument('<now>', 'the JSON result that is judged')
    .action(async (beforePath: string, nowPath: string, flags: GateFlags & ExportFlags) => {
      const before = await openResult(beforePath);
      const now = await openResult(nowPath);
      const results = labelled(['before', 'now'], [before, now]);
      await checkPlaces(
        [{ as: '--junit', path: flags.junit }, ...exportPlaces(flags, namesOf(results))],
        [
          { as: 'the result before', path: beforePath },
          { as: 'the result now', path: nowPath },
        ],
      );
      const policies = now.results.map(({ policy }) => ({ name: policy }));
      const { sources } = now.scenario;
      const thresholds = await readThresholds({ policies, sources }, flags);
      const comparison = await sayComparison(
        { document: before, figures: null },
        { document: now, figures: null },
        console.out,
        console.width,
      );
      const attempts = new Attempts();
      const judged = { thresholds, comparison, width: console.width };
      const gates = await applyGates(now, judged, flags, console.out, attempts);
      await exportFiles({ results, comparison, gates }, flags, console, attempts);
      attempts.end(console);
    });
}
