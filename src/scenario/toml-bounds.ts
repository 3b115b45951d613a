import { formatCount } from '../units.js';
import { LIMITS } from './limits.js';
import { LONG_LIST_HINT, SyntaxProblem } from './places.js';

/**
 * Refuses TOML that its parser could not bear, before it is parsed: too many values, strings that
 * are too long, lists and tables that nest too deep. A single pass that knows of strings, comments
 * and brackets and no more; what else is wrong with the text, the parser will say.
 *
 * Throws SyntaxProblem.
 */
export function refuseHugeToml(text: string): void {
  let marks = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '#':
        at = endOf(text, '\n', at);
        break;
      case '"':
      case "'":
        at = endOfString(text, at);
        break;
      case '[':
      case '{':
        depth += 1;
        // Exactly, the builder counts: headers of tables stand in brackets too.
        if (depth > 2 * LIMITS.nesting) {
          throw new SyntaxProblem(`lists and tables nest more than ${LIMITS.nesting} deep`, at);
        }
        break;
      case ']':
      case '}':
        depth = Math.max(0, depth - 1);
        break;
      case ',':
      case '=':
      case '.':
      case '\n':
        marks += 1;
    }
    if (marks > LIMITS.tomlMarks) {
      throw new SyntaxProblem(
        `the file has more than ${formatCount(LIMITS.tomlMarks)} values, keys and lines up to here`,
        at,
        LONG_LIST_HINT,
      );
    }
  }
}

/** Where the string ends that begins at `start`: its last quote, or where it ought to have been. */
function endOfString(text: string, start: number): number {
  const quote = text[start];
  const fence = quote.repeat(3);
  const isLong = text.startsWith(fence, start);
  const closing = isLong ? fence : quote;
  let at = start + closing.length;
  while (at < text.length && !text.startsWith(closing, at)) {
    if (!isLong && text[at] === '\n') break;
    at += quote === '"' && text[at] === '\\' ? 2 : 1;
    if (at - start > LIMITS.tomlStringLength) {
      throw new SyntaxProblem(
        `a string of more than ${formatCount(LIMITS.tomlStringLength)} characters`,
        start,
      );
    }
  }
  return Math.min(at + closing.length, text.length) - 1;
}

/** Where the mark stands next, from `start` on; the end of the text where it does not. */
function endOf(text: string, mark: string, start: number): number {
  const at = text.indexOf(mark, start);
  // The line's end is a mark of its own.
  return at < 0 ? text.length : at - 1;
}
