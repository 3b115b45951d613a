import { EXIT, type ExitCode, InputError } from '../errors.js';
import { RunCancelled } from '../run/tasks.js';
import { formatCount } from '../units.js';
import { type Console, OutputClosed } from './console.js';

/** Says what ended a command, in the words that its user needs, and gives its exit code. */
export function exitCodeOf(error: unknown, console: Console): number {
  if (error instanceof OutputClosed) return EXIT.ok;
  try {
    return explain(error, console);
  } catch (closed) {
    // Nobody reads standard error any more; the code is still right.
    if (closed instanceof OutputClosed) return EXIT.internal;
    throw closed;
  }
}

function explain(error: unknown, console: Console): number {
  if (error instanceof InputError) {
    console.err(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof GateFailed) {
    console.err(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof RunCancelled) {
    const { tasks, tasksDone, interrupts } = error.progress;
    console.err(
      `Interrupted: ${formatCount(tasksDone)} of ${formatCount(tasks)} shards done, ` +
        `${formatCount(interrupts)} interrupts simulated. ` +
        'A part is no result: nothing was written.\n',
    );
    return EXIT.interrupted;
  }
  if (error instanceof CommandInterrupted) {
    console.err('Interrupted: nothing was written.\n');
    return EXIT.interrupted;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.err(`A defect of dpcbench, please report it with the command line:\n${details}\n`);
  return EXIT.internal;
}

/** Ctrl-C while something other than a run was going on. */
export class CommandInterrupted extends Error {
  override readonly name = 'CommandInterrupted';
}

/** The run went well and its answer is out, but a gate did not pass. */
export class GateFailed extends Error {
  override readonly name = 'GateFailed';
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
