import type { Command } from 'commander';
import { EXIT, inputError, type InputError } from '../errors.js';
import type { ShardsMissing } from '../run/missing-shards.js';
import type { RunParts } from '../run/run-store.js';
import { SeenShards } from '../run/seen-shards.js';
import { formatCount } from '../units.js';
import { visibleLine } from '../visible-text.js';
import { parseWorkers } from './arguments.js';
import type { CarriedOut } from './carry-out.js';
import type { Console } from './console.js';
import { withExportOption } from './export-files.js';
import { withBaselineOptions } from './gates.js';
import { type AnswerFlags, answerJudged } from './judged-answer.js';
import { ProgressDisplay } from './progress.js';
import { quietOption } from './shared-options.js';

interface MergeFlags extends AnswerFlags {
  finish?: boolean;
}

/** `merge`: the result of a run whose shards were carried out apart. */
export function addMergeCommand(program: Command, console: Console, args: readonly string[]): void {
  const merge = program
    .command('merge')
    .summary('make one result of the journals of a run')
    .description(
      'Makes the result of a run out of the journals of its parts ("run --shard I/N --journal"), ' +
        'or of one journal: the same bytes as by one process.',
    )
    .argument('<journal...>', 'the journals')
    .option('--finish', 'carry out here what is missing')
    .option('-w, --workers <n>', 'threads for that; never changes a result', parseWorkers)
    .option('--json <file>', 'write the result as JSON; "-" prints it and nothing else')
    .option('--report <file>', 'write an HTML report')
    .addOption(quietOption());
  withBaselineOptions(withExportOption(merge)).action(
    async (paths: string[], flags: MergeFlags) => {
      const { RunParts } = await import('../run/run-store.js');
      const parts = RunParts.open(paths);
      try {
        await mergeAndDeliver(parts, paths, flags, console, ['dpcbench', ...args]);
      } finally {
        parts.close();
      }
    },
  );
}

async function mergeAndDeliver(
  parts: RunParts,
  paths: readonly string[],
  flags: MergeFlags,
  console: Console,
  commandLine: readonly string[],
): Promise<void> {
  const inputs = paths.map((path) => ({ as: 'a journal', path }));
  const seeded = { ...flags, seed: parts.choices.seed };
  await answerJudged(parts.scenario, { flags: seeded, inputs, outputs: [] }, console, async () => {
    if (flags.quiet !== true) sayParts(parts, console);
    return { before: null, now: await merge(parts, flags, console, commandLine) };
  });
}

async function merge(
  parts: RunParts,
  flags: MergeFlags,
  console: Console,
  commandLine: readonly string[],
): Promise<CarriedOut> {
  const { scenario } = parts;
  const seen = flags.report === undefined ? null : new SeenShards(null);
  const { runExperiment, usualExecutor } = await import('../run/run-benchmark.js');
  const { keepShards } = await import('../run/kept-shards.js');
  const { ShardsMissing, shareOf } = await import('../run/missing-shards.js');
  const share = shareOf(() => flags.finish === true);
  const kept = keepShards(usualExecutor(scenario), parts, share);
  const execute = seen?.watch(kept) ?? kept;
  const display = flags.quiet === true ? null : new ProgressDisplay(console, scenario.name);
  const options = {
    ...parts.choices,
    workers: flags.workers,
    commandLine: [...commandLine],
    onProgress: display?.show.bind(display),
  };
  try {
    const result = await console.listening((signal) =>
      runExperiment(scenario, { ...options, signal }, execute),
    );
    return { ...result, seen };
  } catch (error) {
    throw error instanceof ShardsMissing ? await incomplete(error, parts) : error;
  } finally {
    display?.end();
  }
}

async function incomplete(error: ShardsMissing, parts: RunParts): Promise<InputError> {
  const { missingParts, nameShards, roundReason } = await import('../run/missing-shards.js');
  const { missing, pass } = error;
  const { choices, partCount, scenario } = parts;
  const of = partCount === null ? [] : missingParts(error, partCount);
  const many = of.length > 10 ? `${of.slice(0, 10).join(', ')} and ${of.length - 10} more` : '';
  const whose =
    partCount === null ? '' : `; they belong to --shard ${many || of.join(', ')} of ${partCount}`;
  const why = roundReason(error, choices.precision !== undefined);
  const round =
    why === '' ? '' : ` of round ${pass.number} (${why}): what they are, round 1 has decided`;
  const count = `${formatCount(missing.length)} of ${formatCount(pass.shards.length)} shards`;
  return inputError(
    `${count}${round} are missing: ${nameShards(error, scenario)}${whose}`,
    why === ''
      ? 'give the journals that hold them, or carry them out here with --finish'
      : 'run every part again with its --journal and --others JOURNAL of the other parts, or ' +
          'carry them out here with --finish',
    EXIT.usage,
  );
}

function sayParts({ doubles, lost }: RunParts, console: Console): void {
  for (const { bytes, path } of lost) {
    const count = formatCount(bytes);
    console.err(`${visibleLine(path)}: its last ${count} bytes are no whole record: left out.\n`);
  }
  if (doubles.length === 0) return;
  const [{ first, second }] = doubles;
  const count = doubles.length === 1 ? '1 shard is' : `${formatCount(doubles.length)} shards are`;
  const files = `${visibleLine(first)} and ${visibleLine(second)}`;
  console.err(`${count} in two journals, the first in ${files}: counted once.\n`);
}
