import { type Command, Option } from 'commander';
import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import { visibleLine } from '../visible-text.js';
import { parseCount, parseTime } from './arguments.js';
import { applyFlags } from './carry-out.js';
import { checkPlaces, type Place } from './check-places.js';
import type { Console } from './console.js';
import { CommandInterrupted } from './exit-code.js';
import { LOG_FORMATS, type LogFormat, logWriter } from './log-writer.js';
import { openScenario } from './open-file.js';
import { policyFileOption, seedOption } from './shared-options.js';
import { writeFileWhole } from './write-file.js';

interface TraceFlags {
  policy?: string;
  policyFile?: string[];
  seed?: number;
  interrupts?: number;
  time?: number;
  format: LogFormat | 'perfetto';
  output?: string;
}

/** `trace`: every event of a run. */
export function addTraceCommand(program: Command, console: Console): void {
  program
    .command('trace')
    .summary('print every event of a run as NDJSON, or write it for Perfetto')
    .description(
      'Prints every event of a run under one policy, one JSON object a line, in the order in ' +
        'which they happen (docs/semantics.md, section 10), or writes them as a trace that ' +
        'ui.perfetto.dev opens. The run is a single shard.',
    )
    .argument('<scenario>', 'a file or a name of the catalogue')
    .option('-p, --policy <name>', 'the policy; may be left out if the scenario has only one')
    .addOption(policyFileOption())
    .addOption(seedOption())
    .option('-n, --interrupts <n>', 'end after this many interrupts', parseCount)
    .option('-t, --time <duration>', 'end after this simulated time', parseTime)
    .addOption(
      new Option('--format <format>', 'events, for Perfetto, or as xperf and LatencyMon print')
        .choices([...LOG_FORMATS, 'perfetto'])
        .default('ndjson'),
    )
    .option('-o, --output <file>', 'the file to write; for Perfetto')
    .action(async (nameOrPath: string, flags: TraceFlags) => {
      const inputs: Place[] = [];
      const policy = flags.policy === undefined ? undefined : [flags.policy];
      const written = await openScenario(nameOrPath, inputs);
      const scenario = await applyFlags(written, { ...flags, policy });
      if (flags.format === 'perfetto') await writePerfetto(scenario, flags, console, inputs);
      else await printEvents(scenario, flags, console);
    });
}

/** Nobody reads the event log any more (`| head`), or it cannot be written any further. */
class StreamEnded extends Error {}

async function printEvents(
  scenario: Scenario,
  { format, output, seed }: TraceFlags,
  console: Console,
): Promise<void> {
  if (output !== undefined || format === 'perfetto') {
    throw inputError('--output is for --format perfetto', 'text goes to standard output: > FILE');
  }
  const { trace } = await import('../run/trace.js');
  const writer = await logWriter(format, scenario.machine.processors);
  const write = (text: string): void => {
    if (text !== '' && !console.out(text)) throw new StreamEnded();
  };
  try {
    const { endNs } = trace(scenario, { seed }, (events) => write(writer.take(events)));
    write(writer.end(endNs));
  } catch (error) {
    if (!(error instanceof StreamEnded)) throw error;
  }
}

/** Piece by piece, so that the trace may be of any size. */
async function writePerfetto(
  scenario: Scenario,
  { output, seed }: TraceFlags,
  console: Console,
  inputs: readonly Place[],
): Promise<void> {
  if (output === undefined) {
    throw inputError('a trace for Perfetto is no text', 'name its file, such as -o run.pftrace');
  }
  await checkPlaces([{ as: '--output', path: output }], inputs);
  const { perfettoTrace } = await import('../run/trace.js');
  const pieces = perfettoTrace(scenario, { seed });
  await console.listening((interrupted) =>
    writeFileWhole(output, untilInterrupted(pieces, interrupted)),
  );
  console.err(`Trace: ${visibleLine(output)}, for https://ui.perfetto.dev\n`);
}

/** A file is left out rather than left half: what is begun beside its place is taken away. */
function* untilInterrupted<T>(pieces: Iterable<T>, interrupted: AbortSignal): Generator<T> {
  for (const piece of pieces) {
    if (interrupted.aborted) throw new CommandInterrupted('Interrupted: no trace was written.');
    yield piece;
  }
}
