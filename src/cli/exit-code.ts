import { EXIT, type ExitCode, InputError } from '../errors.js';
import { RunCancelled } from '../run/tasks.js';
import { formatCount } from '../units.js';
import type { Console } from './console.js';

/** Says what ended a command, in the words that its user needs, and gives its exit code. */
export function exitCodeOf(error: unknown, console: Console): ExitCode {
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

/** What is left of a command that went well: was all of it written? */
export function exitCodeOfSuccess(console: Console): ExitCode {
  if (console.lost === null) return EXIT.ok;
  console.err(`${console.lost}: not everything was written\n`);
  return EXIT.files;
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
