import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { EXIT, inputError, type InputError } from '../errors.js';
import { quote } from '../units.js';

/** The holder touches its lock that often; who waits for so many of them has seen no sign of it. */
const BEAT_MS = 2_000;
const SILENT_BEATS = 5;

interface Holder {
  host: string;
  pid: number;
  /** When the process started, as the system counts: a number is given out again. "": not known. */
  started: string;
}

/**
 * Keeps other processes from a file as long as it is held: a file `PATH.lock` beside it. One that a
 * process left which was killed is taken over: at once on the same host, and on another one, as in
 * a folder that hosts share, when it was not touched for ten seconds.
 */
export class LockFile {
  private readonly beat: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly text: string,
  ) {
    held.add(path);
    this.beat = setInterval(() => {
      const now = performance.timeOrigin / 1000 + performance.now() / 1000;
      // Where it is gone or may not be touched, whoever asks for it decides.
      attempt(() => utimesSync(path, now, now));
    }, BEAT_MS);
    this.beat.unref();
  }

  /**
   * Throws InputError if another process holds it, and the system's error if it cannot be
   * written.
   */
  static async take(file: string, silentMs = BEAT_MS * SILENT_BEATS): Promise<LockFile> {
    const path = `${file}.lock`;
    const own: Holder = { host: hostname(), pid: process.pid, started: startOf(process.pid) };
    const text = JSON.stringify(own);
    for (;;) {
      if (held.has(path)) throw inUse(file, 'this process');
      if (create(path, text)) return new LockFile(path, text);
      const seen = look(path);
      if (seen === null) continue;
      const name = await holderOf(path, seen, silentMs);
      if (name !== null) throw inUse(file, name);
      if (!held.has(path)) putAside(path, seen.text);
    }
  }

  release(): void {
    clearInterval(this.beat);
    held.delete(this.path);
    if (look(this.path)?.text === this.text) attempt(() => rmSync(this.path));
  }
}

/** Locks that this process holds. */
const held = new Set<string>();

interface Seen {
  text: string;
  touched: bigint;
}

function create(path: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(descriptor, text);
    // What is held is what stands there: a full disk takes a file's name and not its bytes.
    if (fstatSync(descriptor).size !== Buffer.byteLength(text)) {
      throw Object.assign(new Error('no space is left'), { code: 'ENOSPC' });
    }
  } catch (error) {
    attempt(() => rmSync(path));
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function look(path: string): Seen | null {
  return attempt(() => ({
    text: readFileSync(path, 'utf8'),
    touched: statSync(path, { bigint: true }).mtimeNs,
  }));
}

/** Who holds it; null for nobody who is still there. */
async function holderOf(path: string, seen: Seen, silentMs: number): Promise<string | null> {
  const holder = read(seen.text);
  if (holder?.host === hostname()) return lives(holder) ? `process ${holder.pid}` : null;
  // On another host, or not yet written: does it change?
  for (let waited = 0; waited < silentMs; waited += 100) {
    await setTimeout(100);
    const now = look(path);
    if (now === null || now.text !== seen.text || now.touched !== seen.touched) {
      return holder === null ? 'another process' : `process ${holder.pid} of ${quote(holder.host)}`;
    }
  }
  return null;
}

function read(text: string): Holder | null {
  const value = attempt(() => JSON.parse(text) as Partial<Holder> | null);
  const { host, pid, started } = value ?? {};
  if (typeof host !== 'string' || typeof started !== 'string') return null;
  return Number.isSafeInteger(pid) && (pid as number) > 0
    ? { host, pid: pid as number, started }
    : null;
}

function lives({ pid, started }: Holder): boolean {
  // What this process holds it knows; the rest is of one that had its number before.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/** Field 22 of /proc/PID/stat (proc(5)), where there is such a file. */
function startOf(pid: number): string {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Takes a lock away that nobody holds, and no other one that has come into its place. */
function putAside(path: string, text: string): void {
  const aside = `${path}.${randomBytes(8).toString('hex')}`;
  if (attempt(() => (renameSync(path, aside), true)) === null) {
    if (look(path)?.text !== text) return;
    throw Object.assign(new Error(), { code: 'EACCES' });
  }
  if (look(aside)?.text !== text) attempt(() => linkSync(aside, path));
  attempt(() => rmSync(aside));
}

function inUse(file: string, holder: string): InputError {
  return inputError(
    `${file}: ${holder} is writing into it`,
    'wait for it, end it, or give another file',
    EXIT.files,
  );
}

function attempt<T>(step: () => T): T | null {
  try {
    return step();
  } catch {
    return null;
  }
}
