import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import {
  access,
  type FileHandle,
  lstat,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { unwritable } from '../disk/unwritable.js';
import { CommandInterrupted } from './exit-code.js';

/** What a file is made of, whole or piece by piece. */
type Content = string | Iterable<Uint8Array>;

/**
 * Writes a file whole or not at all: beside its place first, then renamed into it. What stood there
 * before stays until then, and its mode and owner after it. Devices and pipes are written into.
 *
 * @throws InputError with exit code `files`; CommandInterrupted if the pieces throw it.
 */
export async function writeFileWhole(path: string, content: Content): Promise<void> {
  // A link stays one: what it points to is replaced.
  const target = await realpath(path).catch(() => path);
  try {
    const before = await stat(target).catch(() => null);
    if (before !== null && !before.isFile() && !before.isDirectory()) {
      await writeFile(target, content);
      return;
    }
    await removeLeftOvers(dirname(target));
    await replace(target, before, content);
  } catch (error) {
    throw error instanceof CommandInterrupted ? error : unwritable(path, error);
  }
}

async function replace(target: string, before: Stats | null, content: Content): Promise<void> {
  const beside = join(dirname(target), temporaryName(basename(target)));
  // Never into something that is there already, be it a link that somebody left to catch us.
  const file = await open(beside, 'wx', 0o666);
  try {
    try {
      if (before !== null) await keepAttributes(file, before);
      await writeFile(file, content);
    } finally {
      await file.close();
    }
    await moveOver(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** What Windows answers while another program, such as a virus scanner, has the target open. */
const HELD: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];
const HELD_MS = 2_000;
const RETRY_MS = 50;

async function moveOver(beside: string, target: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    try {
      await rename(beside, target);
      return;
    } catch (error) {
      const isHeld =
        process.platform === 'win32' && HELD.includes((error as NodeJS.ErrnoException).code);
      if (!isHeld || waitedMs >= HELD_MS) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

/** An owner that only the superuser could set is left alone. */
async function keepAttributes(file: FileHandle, before: Stats): Promise<void> {
  const made = await file.stat();
  if (made.uid !== before.uid || made.gid !== before.gid) {
    await file.chown(before.uid, before.gid).catch(() => undefined);
  }
  await file.chmod(before.mode & 0o777);
}

/** Characters of a name that go into a temporary one, which may have 255 bytes. */
const NAME_PART = 40;
const TEMPORARY = /^\..*\.dpcbench-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{16}\.tmp$/;

/** Says whose it is, so that another run can tell whether that one still lives. */
function temporaryName(name: string): string {
  const chance = randomBytes(8).toString('hex');
  return `.${name.slice(0, NAME_PART)}.dpcbench-${hostMark()}-${process.pid}-${chance}.tmp`;
}

/** Process numbers mean something on one host only; a folder may be shared by many. */
function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

/** Removes what runs that were killed while they wrote left in a folder. */
async function removeLeftOvers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, host, pid] = TEMPORARY.exec(name) ?? [];
    if (host !== hostMark() || lives(Number(pid))) continue;
    const path = join(folder, name);
    const isFile = await lstat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) await rm(path, { force: true }).catch(() => undefined);
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Fails before hours of work do: is there a folder for the file, and may it be written? */
export async function checkWritable(path: string): Promise<void> {
  try {
    const existing = await stat(path).catch(() => null);
    if (existing?.isDirectory() === true) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (existing !== null) await access(path, constants.W_OK);
    if (existing === null || existing.isFile()) await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}
