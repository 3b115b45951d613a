import { EXIT, InputError, inputError } from '../errors.js';
import { PRESET_NAMES } from '../policy/presets.js';
import type { Policy } from '../policy/policy.js';
import { readWholeFile } from '../recording/read-whole-file.js';
import { decodeText } from '../scenario/decode-text.js';
import { parsePolicies } from '../scenario/parse-policies.js';
import { quote } from '../units.js';

/** Some hundred policies with long conditions are a tenth of it. */
const MAXIMUM_FILE_BYTES = 4 * 1024 * 1024;

/**
 * The policies of these files, in their order.
 *
 * @throws InputError with every problem of a file, and for a name that two of them have; exit code
 *   `files` for one that cannot be read.
 */
export function loadPolicies(paths: readonly string[]): Policy[] {
  const owners = new Map<string, string>();
  return paths.flatMap((path) => {
    const policies = parsePolicies(readPolicyFile(path), path);
    for (const { name } of policies) {
      const other = owners.get(name);
      if (other !== undefined) {
        throw inputError(`${path}: the policy ${quote(name)} is in ${other} as well`, 'rename it');
      }
      owners.set(name, path);
    }
    return policies;
  });
}

function readPolicyFile(path: string): string {
  try {
    return decodeText(readWholeFile(path, MAXIMUM_FILE_BYTES), path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const isPreset = PRESET_NAMES.includes(path);
    const hint = isPreset ? `a policy that ships is named by --policy ${path}` : '';
    const reason = code === 'ENOENT' ? 'no such file' : `cannot be read (${code ?? String(error)})`;
    throw inputError(`${path}: ${reason}`, hint, EXIT.files);
  }
}
