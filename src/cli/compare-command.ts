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
import { applyGates, type GateFlags, readThresholds, withGateOptions } from './gates.js';

/** `compare`: two results of one experiment, and gates on the second. */
export function addCompareCommand(program: Command, console: Console): void {
  withExportOption(withGateOptions(program.command('compare')))
    .summary('compare two results of the same scenario')
    .description(
      'Compares two results written with --json, figure by figure and exactly. Both must be of ' +
        'the same scenario, policies, rules, seed and shards. Gates are held against the second.',
    )
    .argument('<before>', 'the JSON result to compare with')
    .argument('<now>', 'the JSON result that is judged')
    .action(async (beforePath: string, nowPath: string, flags: GateFlags & ExportFlags) => {
      const { compareDocuments } = await import('../stats/compare-documents.js');
      const { formatComparison } = await import('../export/comparison.js');
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
      const comparison = compareDocuments(before, now);
      const policies = now.results.map(({ policy }) => ({ name: policy }));
      const { sources } = now.scenario;
      const thresholds = await readThresholds({ policies, sources }, flags);
      console.out(formatComparison(before, now, comparison));
      const attempts = new Attempts();
      const gates = await applyGates(now, { thresholds, comparison }, flags, console.out, attempts);
      await exportFiles({ results, comparison, gates }, flags, console, attempts);
      attempts.end(console);
    });
}
