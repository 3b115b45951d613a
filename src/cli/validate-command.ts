import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { jsonLine } from '../export/json.js';
import { EXIT, inputError } from '../errors.js';
import type { RunProgress } from '../run/tasks.js';
import { collectNames, parseCount, upTo } from './arguments.js';
import { Attempts } from './attempts.js';
import { checkPlaces } from './check-places.js';
import type { Console } from './console.js';
import { deliverAnswer, outputPlaces, type OutputFlags } from './deliver.js';
import { GateFailed } from './exit-code.js';
import { ProgressDisplay } from './progress.js';
import { seedOption, workersOption } from './shared-options.js';

/** From so many on, means must agree within 0.5 %; some twelve seconds on two processors. */
const DEFAULT_INTERRUPTS = 10_000_000;

/** A week of them, about. */
const MOST_EXPERIMENTS = 1_000_000;

interface ValidateFlags extends Omit<OutputFlags, 'report'> {
  interrupts?: number;
  seed?: number;
  workers?: number;
  coverage?: number;
  of?: string[];
}

/** `validate`: the machine against closed forms. */
export function addValidateCommand(program: Command, console: Console): void {
  program
    .command('validate')
    .summary('set special cases of the machine against closed forms')
    .description(
      'Simulates special cases of the machine that queueing theory knows, and prints what is ' +
        'measured beside what theory says. Ends with exit code 4 when a figure differs.',
    )
    .option(
      '-n, --interrupts <n>',
      'interrupts of each random case, such as 1M (default: 10M)',
      parseCount,
    )
    .addOption(seedOption())
    .addOption(workersOption())
    .option(
      '--coverage <n>',
      'instead: how often intervals hold in n experiments',
      upTo(MOST_EXPERIMENTS, 'experiments'),
    )
    .option('--of <scenarios>', 'with --coverage: files or names, or "catalog"', collectNames)
    .option('--json <file>', 'write the figures as JSON; "-" prints them and nothing else')
    .option('-q, --quiet', 'no progress on standard error')
    .action(async (flags: ValidateFlags) => {
      await checkPlaces(outputPlaces(flags));
      const display = flags.quiet === true ? null : new ProgressDisplay(console, 'validate');
      try {
        const onProgress: OnProgress = (progress) => display?.show(progress);
        const answer = await console.listening((signal) =>
          carryOut(flags, { signal, onProgress }, console.width),
        );
        display?.end();
        await deliver(answer, flags, console);
      } finally {
        display?.end();
      }
    });
}

type OnProgress = (progress: RunProgress) => void;

interface Watching {
  signal: AbortSignal;
  onProgress: OnProgress;
}

interface Answer {
  value: unknown;
  text: string;
  verdicts: readonly { verdict: string }[];
}

async function carryOut(flags: ValidateFlags, watching: Watching, width: number): Promise<Answer> {
  const { formatCoverage, formatValidation } = await import('../export/validation-table.js');
  if (flags.of !== undefined) {
    return coverScenarios(flags.of, flags, watching, width);
  }
  if (flags.coverage !== undefined) {
    const { measureCoverage } = await import('../study/coverage.js');
    const coverage = await measureCoverage({ experiments: flags.coverage, ...watching });
    return { value: coverage, text: formatCoverage(coverage, width), verdicts: coverage };
  }
  const { validate } = await import('../study/validate.js');
  const { interrupts = DEFAULT_INTERRUPTS, seed, workers = availableParallelism() } = flags;
  const validation = await validate({ interrupts, seed, workers, ...watching });
  const text = formatValidation(validation, width);
  return { value: validation, text, verdicts: validation.figures };
}

async function coverScenarios(
  names: readonly string[],
  { coverage, workers = availableParallelism() }: ValidateFlags,
  watching: Watching,
  width: number,
): Promise<Answer> {
  if (coverage === undefined) {
    throw inputError('--of belongs to --coverage', 'such as --coverage 40 --of single-queue-rss');
  }
  const { EXAMPLE_NAMES } = await import('../disk/catalog.js');
  const { loadScenario } = await import('../disk/load-scenario.js');
  const { measureScenarioCoverage } = await import('../study/scenario-coverage.js');
  const { formatScenarioCoverage } = await import('../export/validation-table.js');
  const scenarios = names
    .flatMap((name) => (name === 'catalog' ? EXAMPLE_NAMES : [name]))
    .map((name) => loadScenario(name));
  const options = { experiments: coverage, workers, ...watching };
  const rows = await measureScenarioCoverage(scenarios, options);
  const verdicts = rows.flatMap(({ figures }) => figures).filter(({ value }) => value !== null);
  return { value: rows, text: formatScenarioCoverage(rows, width), verdicts };
}

async function deliver(answer: Answer, flags: ValidateFlags, console: Console): Promise<void> {
  const attempts = new Attempts();
  await deliverAnswer(flags, console, attempts, {
    toJson: () => jsonLine(answer.value),
    toText: () => answer.text,
  });
  await attempts.make(() => refuse(answer.verdicts));
  attempts.end(console);
}

/** @throws GateFailed with the exit code of a threshold that does not hold, or of too few data. */
function refuse(figures: readonly { verdict: string }[]): void {
  const count = (verdict: string): number =>
    figures.filter((figure) => figure.verdict === verdict).length;
  const differ = count('differs');
  if (differ > 0) {
    const message = `${differ} of ${figures.length} figures differ from theory`;
    throw new GateFailed(message, EXIT.threshold);
  }
  const few = count('too few samples');
  if (few > 0) {
    const message =
      `${few} of ${figures.length} figures have too few samples to be judged ` +
      '(raise --interrupts)';
    throw new GateFailed(message, EXIT.noData);
  }
}
