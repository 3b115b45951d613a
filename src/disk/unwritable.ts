import { EXIT, inputError, type InputError } from '../errors.js';

const REASONS: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'it is read-only, or another program has it open',
  EBUSY: 'another program has it open',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it has the largest size that is allowed',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
};

/** What the system said to a write, in words; `hint` is the way out. */
export function unwritable(path: string, error: unknown, hint = ''): InputError {
  return inputError(`${path}: cannot be written: ${reasonOf(error)}`, hint, EXIT.files);
}

/** In words, or as the system says it. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}
