import { visibleLine } from './visible-text.js';

/** Exit codes of the command line; documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** A defect of dpcbench itself: a broken invariant, an unexpected exception. */
  internal: 1,
  /** A command line, scenario, recording or result that cannot be used as it stands. */
  usage: 2,
  /** A file or stream that cannot be read or written. */
  files: 3,
  /** A condition given with --fail-if holds. */
  threshold: 4,
  /** A figure is worse than the baseline by more than --fail-on-regression allows. */
  regression: 5,
  /** A gate had no data, or too few, to decide on: never a pass. */
  noData: 6,
  /** Ended by Ctrl-C (128 + SIGINT). */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One thing wrong with an input, with all that is needed to mend it. */
export interface Problem {
  /** File name, or null for a value that came from the API. */
  file: string | null;
  /** From 1; null when the input has no lines. */
  line: number | null;
  column: number | null;
  /** Path in the scenario such as `sources[2].dpc.importance`, or "". */
  path: string;
  /** What is wrong, in a sentence that shows what was seen and what is allowed. */
  message: string;
  /** The way out, or "". */
  hint: string;
}

/** An input that the user can mend. Carries every problem found, not only the first. */
export class InputError extends Error {
  override readonly name = 'InputError';
  constructor(
    readonly problems: readonly Problem[],
    readonly exitCode: ExitCode = EXIT.usage,
  ) {
    super(problems.map(formatProblem).join('\n'));
  }
}

/** `file:line:column: path: message (hint)`, leaving out what is not known. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null);
  const parts = [place.join(':'), problem.path, problem.message].filter((part) => part !== '');
  const text = parts.join(': ') + (problem.hint === '' ? '' : ` (${problem.hint})`);
  return visibleLine(text);
}

/** An InputError with a single problem that has no place in a file. */
export function inputError(
  message: string,
  hint = '',
  exitCode: ExitCode = EXIT.usage,
): InputError {
  return new InputError(
    [{ file: null, line: null, column: null, path: '', message, hint }],
    exitCode,
  );
}
