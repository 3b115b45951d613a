import { Command, CommanderError } from 'commander';
import { addCatalogCommands } from './cli/catalog-commands.js';
import { addCompareCommand } from './cli/compare-command.js';
import { Console, type Streams } from './cli/console.js';
import { exitCodeOf, exitCodeOfSuccess } from './cli/exit-code.js';
import { addExplainCommand } from './cli/explain-command.js';
import { addFileCommands } from './cli/file-commands.js';
import { addFitCommand } from './cli/fit-command.js';
import { addImportCommand } from './cli/import-command.js';
import { knownCommand } from './cli/known-command.js';
import { addLookCommands } from './cli/look-commands.js';
import { refuseLostFiles } from './cli/lost-files.js';
import { addMergeCommand } from './cli/merge-command.js';
import { addNewCommand } from './cli/new-command.js';
import { addPlayCommand } from './cli/play-command.js';
import { addRunCommands } from './cli/run-commands.js';
import { addTraceCommand } from './cli/trace-command.js';
import { addShellCommands } from './cli/shell-commands.js';
import { addSweepCommand } from './cli/sweep-command.js';
import { addTuneCommand } from './cli/tune-command.js';
import { addValidateCommand } from './cli/validate-command.js';
import { addWorstCommand } from './cli/worst-command.js';
import { addWorkerCommand } from './cli/worker-command.js';
import { packageVersion } from './disk/version.js';
import { EXIT, type ExitCode } from './errors.js';

const EXAMPLES = `
Without a command, pre-vista is compared with vista on a recording that ships and on the
default scenario, and dpcbench-report.html is written.

Examples:
  dpcbench                                            the default comparison
  dpcbench run w8 --interrupts 10M                    a scenario of the catalogue
  dpcbench run mine.yaml --policy vista,msdn --report mine.html
  dpcbench replay trace.txt.gz                        a recording of Linux or Windows
  dpcbench fit trace.txt.gz                           predicted latencies against its own
  dpcbench explain default                            which decisions made the difference
  dpcbench play default -o live.html                  the machine, live, in a page of its own
  dpcbench worst default                              the longest wait, and why
  dpcbench run w8 --fail-if 'vista.dpcWait.p99 > 1ms' a gate for CI
  dpcbench trace mine.yaml --policy vista | head      what happens, event by event
  dpcbench sweep w8 --param machine.tick=1ms..16msx2  what a setting moves
  dpcbench tune single-queue-rss                      rules that beat those of vista
  dpcbench scenarios                                  what there is, and which question it answers

Exit codes: 0 done, 1 a defect of dpcbench, 2 an input that cannot be used, 3 a file or stream
that cannot be read or written, 4 a failed threshold, 5 a regression, 6 a gate without enough
data, 130 ended by Ctrl-C. All of them: docs/cli.md.`;

/** Carries out one command line and returns its exit code (src/errors.ts). Never throws. */
export async function run(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const console = new Console(streams);
  const program = new Command('dpcbench')
    .description('Compares rules for queueing Windows DPCs: what each costs in IPIs and latency.')
    .version(packageVersion(), '-V, --version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .configureOutput({ writeOut: console.out, writeErr: console.err })
    .exitOverride();
  addRunCommands(program, console, args);
  addImportCommand(program, console, args);
  addFileCommands(program, console);
  addExplainCommand(program, console, args);
  addPlayCommand(program, console);
  addWorstCommand(program, console);
  addLookCommands(program, console);
  addTraceCommand(program, console);
  addMergeCommand(program, console, args);
  addWorkerCommand(program, console);
  addCompareCommand(program, console);
  addSweepCommand(program, console);
  addTuneCommand(program, console, args);
  addValidateCommand(program, console);
  addFitCommand(program, console);
  addCatalogCommands(program, console);
  addNewCommand(program, console);
  addShellCommands(program, console);
  refuseLostFiles(program);

  try {
    await program.parseAsync(await knownCommand(program, args), { from: 'user' });
  } catch (error) {
    const isCommanders = error instanceof CommanderError;
    if (!isCommanders) return exitCodeOf(error, console);
    // Commander has said what it had to say.
    if (error.exitCode !== 0) return EXIT.usage;
  }
  return exitCodeOfSuccess(console);
}
