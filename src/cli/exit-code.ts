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
    const { keptIn } = error;
    console.err(
      `Interrupted: ${formatCount(tasksDone)} of ${formatCount(tasks)} shards done, ` +
        `${formatCount(interrupts)} interrupts simulated. ` +
        (keptIn === null
          ? 'A part is no result: nothing was written.\n'
          : `What is finished is kept in ${keptIn}: the same command goes on from there.\n`),
    );
    return EXIT.interrupted;
  }
  if (error instanceof CommandInterrupted) {
    console.err(`${error.message}\n`);
    return EXIT.interrupted;
  }
  const refusal = systemRefusal(error);
  if (refusal !== null) {
    console.err(`${refusal}\n`);
    return EXIT.files;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.err(`A defect of dpcbench, please report it with the command line:\n${details}\n`);
  return EXIT.internal;
}

/** What the system gave no more of, in words; null for an error that is something else. */
function systemRefusal(error: unknown): string | null {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open (use fewer --workers, or raise the limit: ulimit -n)';
    case 'ENOMEM':
    case 'ERR_WORKER_OUT_OF_MEMORY':
    case 'ERR_MEMORY_ALLOCATION_FAILED':
      return 'the system gives no more memory (use fewer --workers, or a smaller scenario)';
    case 'EAGAIN':
    case 'ERR_WORKER_INIT_FAILED':
      return 'the system starts no more threads (use fewer --workers)';
    default:
      return null;
  }
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
  constructor(message = 'Interrupted: nothing was written.') {
    super(message);
  }
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
