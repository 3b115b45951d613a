import { basename } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../errors.js';
import type { Recording } from '../recording/recording.js';
import type { FitDocument } from '../stats/fit.js';
import { jsonLine } from '../export/json.js';
import { Attempts } from './attempts.js';
import { checkPlaces } from './check-places.js';
import type { Console } from './console.js';
import { deliverAnswer, deliverReport, outputPlaces, type OutputFlags } from './deliver.js';
import { GateFailed } from './exit-code.js';
import { openRecordingFile } from './open-recording.js';
import { ProgressDisplay } from './progress.js';
import { seedOption } from './shared-options.js';

interface FitFlags extends OutputFlags {
  seed?: number;
}

/** `fit`: the machine against a real one. */
export function addFitCommand(program: Command, console: Console): void {
  program
    .command('fit')
    .summary('set predicted latencies beside the recorded ones')
    .description(
      'Measures the costs of the recorded machine on the first half of a recording, replays all ' +
        'of it, and prints predicted beside recorded latencies of the second half. Ends with ' +
        'exit code 4 when a percentile misses its target.',
    )
    .argument('<recording>', 'the recording, of any kind that "replay" takes')
    .addOption(seedOption())
    .option('--json <file>', 'write the fit as JSON; "-" prints it and nothing else')
    .option('--report <file>', 'write an HTML report with the distributions')
    .option('-q, --quiet', 'no notes on standard error')
    .action(async (path: string, flags: FitFlags) => {
      await fit(path, flags, console);
    });
}

async function fit(path: string, flags: FitFlags, console: Console): Promise<void> {
  await checkPlaces(outputPlaces(flags), [{ as: 'the recording', path }]);
  const { recording } = await openRecordingFile(path, flags, console);
  const document = await predict(recording, path, flags, console);
  const attempts = new Attempts();
  await deliverAnswer(flags, console, attempts, {
    toJson: () => jsonLine(document),
    toText: async () => (await import('../export/fit-table.js')).formatFit(document, console.width),
  });
  await deliverReport(flags, console, attempts, async () => {
    const { renderFitDocument } = await import('../run/render-documents.js');
    return renderFitDocument(document);
  });
  await attempts.make(() => refuse(document));
  attempts.end(console);
}

async function predict(
  recording: Recording,
  path: string,
  { quiet, seed }: FitFlags,
  console: Console,
): Promise<FitDocument> {
  const { fitRecording } = await import('../study/fit-recording.js');
  const display = quiet === true ? null : new ProgressDisplay(console, basename(path));
  try {
    return fitRecording(recording, { seed, onProgress: (progress) => display?.show(progress) });
  } finally {
    display?.end();
  }
}

/** @throws GateFailed if a percentile misses its target, or if there is none to judge. */
async function refuse({ vectors }: FitDocument): Promise<void> {
  const { countVerdicts } = await import('../stats/fit-sentence.js');
  const { met, missed } = countVerdicts(vectors);
  if (missed > 0) {
    throw new GateFailed(
      `${missed} of ${met + missed} percentiles miss their targets.`,
      EXIT.threshold,
    );
  }
  if (met === 0) {
    throw new GateFailed(
      'No percentile could be judged: record longer, with stamps in nanoseconds.',
      EXIT.noData,
    );
  }
}
