import type { Policy } from '../policy/policy.js';
import { list } from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import { readTextOf } from './parse.js';
import { ownPolicy } from './policy.js';
import { problemsError } from './problems.js';
import { withUniqueNames } from './schema.js';
import { isObject, record, required, Scope, Spot } from './shape.js';

const policyFile = record('policyFile', {
  policies: required(
    withUniqueNames(list(ownPolicy, 1, LIMITS.policies)),
    'Policies, each in the form that it has in a scenario.',
  ),
});

/**
 * Reads a file of policies: a list under `policies`, or a single one, in the form that they have in
 * a scenario; JSON, YAML or TOML by the ending of `file`. One may extend a preset, or one that
 * stands before it. Throws InputError with every problem found, each with its place.
 */
export function parsePolicies(text: string, file: string): Policy[] {
  const { value, places } = readTextOf(text, file);
  const scope = new Scope();
  const isList = isObject(value) && Object.hasOwn(value, 'policies');
  const read = isList
    ? policyFile.read(value, new Spot(scope))?.policies
    : one(ownPolicy.read(value, new Spot(scope)));
  if (read !== undefined && scope.problems.length === 0) return read;
  throw problemsError(scope.problems, file, (path, on) => places.of(value, path, on));
}

function one(policy: Policy | undefined): Policy[] | undefined {
  return policy && [policy];
}
