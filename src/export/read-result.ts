import { InputError } from '../errors.js';
import { LIMITS } from '../scenario/limits.js';
import { Places, SyntaxProblem } from '../scenario/places.js';
import type { ParsedText } from '../scenario/places.js';
import { problemsError } from '../scenario/problems.js';
import { readJson } from '../scenario/read-json.js';
import { isObject, Scope, Spot } from '../scenario/shape.js';
import { checkDocument } from '../result/check-document.js';
import { resultDocument, type ResultDocument } from '../result/document.js';
import { RESULT_SCHEMA } from '../result/figures.js';
import { warningsOf } from '../stats/warnings.js';
import { quote } from '../units.js';

const FAMILY = 'dpcbench-result/';
/** A text that is no result has many problems, all of one kind. */
const SHOWN_PROBLEMS = 5;
const HINT = 'write results with "dpcbench run … --json FILE"';

/**
 * Reads what `run --json` wrote: JSON with the shape of a result that does not contradict itself.
 * Keys that are not known are left out of what is read, except in the scenario, where they are
 * refused. `file` is for messages.
 *
 * @throws InputError with the place of each problem, for text that is no JSON, another schema, or a
 *   document that is not as it should be.
 */
export function readResult(text: string, file: string): ResultDocument {
  const value = parse(text, file);
  const seen = isObject(value) && Object.hasOwn(value, 'schema') ? value.schema : undefined;
  if (typeof seen !== 'string' || !seen.startsWith(FAMILY)) {
    throw refused(file, 'schema', 'this is no result of dpcbench');
  }
  if (seen !== RESULT_SCHEMA) {
    const message = `${quote(seen, 40)} is another version; this program reads ${RESULT_SCHEMA}`;
    throw refused(file, 'schema', message);
  }
  const scope = new Scope();
  const spot = new Spot(scope);
  const document = resultDocument.read(value, spot);
  if (document !== undefined && scope.problems.length === 0) checkDocument(document, spot);
  if (document !== undefined && scope.problems.length === 0) {
    // Written before there were any: of the same counters, they are the same.
    if (!Object.hasOwn(value as object, 'warnings')) document.warnings = warningsOf(document);
    return document;
  }
  const parsed = placesOf(text);
  throw problemsError(
    scope.problems,
    file,
    (path, on) => parsed && parsed.places.of(parsed.value, path, on),
    SHOWN_PROBLEMS,
  );
}

/** The platform's parser, which is many times as fast as the one that knows places. */
function parse(text: string, file: string): unknown {
  try {
    // A byte order mark is no part of the text.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    throw notJson(text, file);
  }
}

function notJson(text: string, file: string): InputError {
  try {
    if (text.length <= LIMITS.textLength) readJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const place = new Places(text).at(error.offset);
    const message = `this is not JSON: ${error.message}`;
    return new InputError([{ file, ...place, path: '', message, hint: HINT }]);
  }
  return refused(file, '', 'this is not JSON');
}

/** Null for a text that is too long to be read twice, or has a key twice. */
function placesOf(text: string): ParsedText | null {
  if (text.length > LIMITS.textLength) return null;
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof SyntaxProblem) return null;
    throw error;
  }
}

function refused(file: string, path: string, message: string): InputError {
  return new InputError([{ file, line: null, column: null, path, message, hint: HINT }]);
}
