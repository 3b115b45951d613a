import { InputError } from '../errors.js';
import type { Problem } from '../errors.js';
import { quote } from '../units.js';
import { LIMITS } from './limits.js';
import type { Place } from './places.js';
import type { Path, PathProblem } from './shape.js';

/** Where something was written: in the file that is read, or in `origin`, which has no lines. */
export type WrittenPlace = Place | { origin: string };

/**
 * The error that tells of problems, each with its place. At most `limit` are told, and the last
 * says that there are more.
 */
export function problemsError(
  found: readonly PathProblem[],
  file: string | null,
  placeOf: (path: Path, on: 'key' | 'value') => WrittenPlace | null,
  limit: number = LIMITS.problems,
): InputError {
  const problems = found.slice(0, limit).map((problem) => placed(problem, file, placeOf));
  // In the order of the file, as a reader goes through it; without a file all places are equal.
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  if (found.length > limit || found.length >= LIMITS.problems) {
    const message = `further problems, after these ${limit}, are not shown`;
    problems.push({ file, line: null, column: null, path: '', message, hint: '' });
  }
  return new InputError(problems);
}

function placed(
  problem: PathProblem,
  file: string | null,
  placeOf: (path: Path, on: 'key' | 'value') => WrittenPlace | null,
): Problem {
  const { path, on, message, hint } = problem;
  const found = placeOf(path, on);
  const isElsewhere = found !== null && 'origin' in found;
  return {
    file: isElsewhere ? found.origin : file,
    line: found === null || isElsewhere ? null : found.line,
    column: found === null || isElsewhere ? null : found.column,
    path: formatPath(path),
    message,
    hint,
  };
}

/** `sources[2].dpc.importance`; a key that is no identifier stands in brackets and quotes. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]{0,60}$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${quote(step)}]`;
  }
  return text;
}
