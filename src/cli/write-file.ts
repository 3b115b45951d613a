import { constants } from 'node:fs';
import { access, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EXIT, inputError, type InputError } from '../errors.js';

/**
 * Writes a file whole or not at all: beside its place first, then renamed into it. What stood there
 * before stays until then. Devices and pipes are written straight into.
 *
 * @throws InputError with exit code `files`.
 */
export async function writeFileWhole(path: string, content: string): Promise<void> {
  await replaceFile(path, (place) => writeFile(place, content));
}

/** Replaces a file by what a writer puts in the place that it is given. */
export async function replaceFile(
  path: string,
  write: (place: string) => Promise<void>,
): Promise<void> {
  const target = await realpath(path).catch(() => path);
  try {
    if (await isSpecial(target)) {
      await write(target);
      return;
    }
    const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    try {
      await write(beside);
      await rename(beside, target);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Fails before hours of work do: is there a folder for the file, and may it be written? */
export async function checkWritable(path: string): Promise<void> {
  try {
    const existing = await stat(path).catch(() => null);
    if (existing?.isDirectory() === true) throw Object.assign(new Error(), { code: 'EISDIR' });
    await access(existing === null || existing.isFile() ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function isSpecial(path: string): Promise<boolean> {
  const existing = await stat(path).catch(() => null);
  return existing !== null && !existing.isFile() && !existing.isDirectory();
}

const REASONS: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

function unwritable(path: string, error: unknown): InputError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return inputError(`${path}: cannot be written: ${REASONS[code] ?? message}`, '', EXIT.files);
}
