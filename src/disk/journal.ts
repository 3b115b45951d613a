import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  realpathSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { EXIT, InputError, inputError } from '../errors.js';
import { quote } from '../units.js';
import {
  decodeRecord,
  encodeRecord,
  HEAD_BYTES,
  JOURNAL_MAGIC,
  JOURNAL_VERSION,
  kindOfStart,
  readHead,
} from './journal-format.js';
import { LockFile } from './lock-file.js';
import { unwritable } from './unwritable.js';

/** What a journal is of, by name: what is kept in it holds for nothing else. */
export type JournalIdentity = Readonly<Record<string, string>>;

/** Where a record's bytes stand. */
interface Place {
  offset: number;
  head: Buffer;
  keyBytes: number;
  bytes: number;
}

const OTHER_FILE = 'give another file, or remove this one to begin anew';

/**
 * Finished work by key, on disk as soon as it is added: whatever ends the program, at any byte,
 * costs at most what was not added yet. Opened again, the file is cut back to its last whole
 * record. One program at a time writes into it.
 */
export class Journal {
  private constructor(
    readonly path: string,
    private readonly records: RecordFile,
    private readonly lock: LockFile,
    /** Bytes of a torn or damaged end that was cut off. */
    readonly lostBytes: number,
  ) {}

  /**
   * Opens the journal of this work, or begins one.
   *
   * @throws InputError for a file that is something else, the journal of other work, in use, or
   *   that cannot be written.
   */
  static async open(path: string, identity: JournalIdentity): Promise<Journal> {
    return attempt(path, async () => {
      const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
      let lock: LockFile | null = null;
      try {
        checkPlain(path, descriptor);
        lock = await LockFile.take(realpathSync(path));
        const records = RecordFile.scan(path, descriptor);
        if (records.identity === null) records.begin(identity);
        else checkIdentity(path, records.identity, identity);
        return new Journal(path, records, lock, records.cutBack());
      } catch (error) {
        lock?.release();
        closeSync(descriptor);
        throw error;
      }
    });
  }

  /** What was added, by this program or one before it. */
  keys(): string[] {
    return this.records.keys();
  }

  /** @throws InputError for bytes that are no longer what was added. */
  get(key: string): Uint8Array | undefined {
    return this.records.get(key);
  }

  /**
   * Once it returns, the bytes are on the disk.
   *
   * @throws InputError when they cannot be; what was added before stays.
   */
  add(key: string, bytes: Uint8Array): void {
    const hint = 'what is finished is kept in it: give the same command again once there is room';
    try {
      this.records.append(key, bytes);
    } catch (error) {
      throw error instanceof RangeError ? error : unwritable(this.path, error, hint);
    }
  }

  close(): void {
    closeSync(this.records.descriptor);
    this.lock.release();
  }
}

/** A journal as it stands, to be read while others may write into it. */
export class JournalReader {
  private constructor(
    readonly path: string,
    private readonly records: RecordFile,
    readonly identity: JournalIdentity,
  ) {}

  /** @throws InputError for a file that cannot be read or is no journal. */
  static open(path: string): JournalReader {
    let descriptor: number;
    try {
      // A pipe would keep it waiting for whoever writes.
      descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'ENOENT' ? 'no such file' : `cannot be read: ${message}`;
      throw inputError(`${path}: ${reason}`, '', EXIT.files);
    }
    try {
      checkPlain(path, descriptor);
      const records = RecordFile.scan(path, descriptor);
      if (records.identity !== null) return new JournalReader(path, records, records.identity);
      throw inputError(`${path}: nothing whole has been journalled in it`, '', EXIT.files);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Bytes of a torn or damaged end, which is left where it is. */
  get lostBytes(): number {
    return this.records.lostBytes;
  }

  keys(): string[] {
    return this.records.keys();
  }

  get(key: string): Uint8Array | undefined {
    return this.records.get(key);
  }

  close(): void {
    closeSync(this.records.descriptor);
  }
}

/** The whole records of a file; their bytes stay in it. */
class RecordFile {
  private readonly places = new Map<string, Place>();
  identity: JournalIdentity | null = null;
  /** Where the last whole record ends. */
  private end = JOURNAL_MAGIC.length;
  lostBytes = 0;

  private constructor(
    private readonly path: string,
    readonly descriptor: number,
  ) {}

  static scan(path: string, descriptor: number): RecordFile {
    const file = new RecordFile(path, descriptor);
    const { size } = fstatSync(descriptor);
    const kind = kindOfStart(file.read(0, Math.min(size, JOURNAL_MAGIC.length)));
    if (kind === 'begun') return file;
    if (kind === 'nothing') {
      throw inputError(`${path}: this is no journal of dpcbench`, 'give another file');
    }
    if (kind !== 'journal') {
      throw inputError(
        `${path}: a journal of version ${kind}, and this program keeps version ${JOURNAL_VERSION}`,
        OTHER_FILE,
      );
    }
    for (;;) {
      const found = file.recordAt(file.end, size);
      if (found === null) break;
      const { bytes, key, place } = found;
      if (file.end === JOURNAL_MAGIC.length) file.identity = readIdentity(path, key, bytes);
      else file.places.set(key, place);
      file.end = place.offset + place.keyBytes + place.bytes;
    }
    file.lostBytes = size - file.end;
    return file;
  }

  private recordAt(
    offset: number,
    size: number,
  ): { key: string; bytes: Buffer; place: Place } | null {
    if (offset + HEAD_BYTES > size) return null;
    const head = this.read(offset, HEAD_BYTES);
    const lengths = readHead(head);
    const body = offset + HEAD_BYTES;
    if (lengths === null || body + lengths.keyBytes + lengths.bytes > size) return null;
    const record = decodeRecord(head, lengths, this.read(body, lengths.keyBytes + lengths.bytes));
    return record && { ...record, place: { offset: body, head, ...lengths } };
  }

  keys(): string[] {
    return [...this.places.keys()];
  }

  get(key: string): Uint8Array | undefined {
    const place = this.places.get(key);
    if (place === undefined) return undefined;
    const body = this.read(place.offset, place.keyBytes + place.bytes);
    const record = decodeRecord(place.head, place, body);
    if (record !== null) return record.bytes;
    throw inputError(`${this.path}: it was changed while it was in use`, '', EXIT.files);
  }

  /**
   * Begins a journal where there is none, or what a program left that was ended while it did so.
   *
   * @throws InputError for anything else: it may hold more than can be seen.
   */
  begin(identity: JournalIdentity): void {
    const start = Buffer.concat([
      JOURNAL_MAGIC,
      encodeRecord('', Buffer.from(JSON.stringify(identity))),
    ]);
    const { size } = fstatSync(this.descriptor);
    if (!this.read(0, Math.min(size, start.length + 1)).equals(start.subarray(0, size))) {
      throw inputError(`${this.path}: the beginning of this journal is damaged`, OTHER_FILE);
    }
    ftruncateSync(this.descriptor, 0);
    this.lostBytes = 0;
    this.end = 0;
    this.write(start);
    fsyncSync(this.descriptor);
    flushFolder(dirname(realpathSync(this.path)));
  }

  /** Answers how many bytes were cut off. */
  cutBack(): number {
    if (this.lostBytes > 0) {
      ftruncateSync(this.descriptor, this.end);
      fsyncSync(this.descriptor);
    }
    return this.lostBytes;
  }

  append(key: string, bytes: Uint8Array): void {
    const record = encodeRecord(key, bytes);
    const { end } = this;
    try {
      this.write(record);
      fsyncSync(this.descriptor);
    } catch (error) {
      this.end = end;
      ftruncateSync(this.descriptor, end);
      throw error;
    }
    const head = record.subarray(0, HEAD_BYTES);
    const keyBytes = Buffer.byteLength(key);
    const place = { offset: end + HEAD_BYTES, keyBytes, bytes: bytes.length };
    this.places.set(key, { ...place, head: Buffer.from(head) });
  }

  private write(bytes: Buffer): void {
    for (let from = 0; from < bytes.length;) {
      const written = writeSync(this.descriptor, bytes, from, bytes.length - from, this.end);
      from += written;
      this.end += written;
    }
  }

  /** Fewer bytes where the file ends before. */
  private read(offset: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    let from = 0;
    while (from < length) {
      const read = readSync(this.descriptor, bytes, from, length - from, offset + from);
      if (read === 0) break;
      from += read;
    }
    return bytes.subarray(0, from);
  }
}

/** What a system answers that cannot flush a folder: Windows, and some that hosts share. */
const NO_FOLDER_FLUSH: readonly unknown[] = ['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'];

/** A file's name is a part of its folder: without it the file's own bytes may be lost. */
function flushFolder(path: string): void {
  let folder: number | null = null;
  try {
    folder = openSync(path, constants.O_RDONLY);
    fsyncSync(folder);
  } catch (error) {
    if (!NO_FOLDER_FLUSH.includes((error as NodeJS.ErrnoException).code)) throw error;
  } finally {
    if (folder !== null) closeSync(folder);
  }
}

function checkPlain(path: string, descriptor: number): void {
  if (fstatSync(descriptor).isFile()) return;
  throw inputError(`${path}: a journal must be a plain file`, 'give another file', EXIT.files);
}

function readIdentity(path: string, key: string, bytes: Buffer): JournalIdentity {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as unknown;
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (key === '' && isRecord && Object.values(value).every((one) => typeof one === 'string')) {
      return value as JournalIdentity;
    }
  } catch {
    // Not written by this program.
  }
  throw inputError(`${path}: this journal does not say what it is of`, OTHER_FILE);
}

/** @throws InputError that names the first difference, with both values. */
export function checkIdentity(path: string, found: JournalIdentity, wanted: JournalIdentity): void {
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  for (const name of names) {
    const [has, needs] = [valueOf(found, name), valueOf(wanted, name)];
    if (has === needs) continue;
    throw inputError(`${path}: this journal is of ${name} ${has}, not of ${needs}`, OTHER_FILE);
  }
}

function valueOf(identity: JournalIdentity, name: string): string {
  return Object.hasOwn(identity, name) ? quote(identity[name], 80) : 'none';
}

async function attempt<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof InputError ? error : unwritable(path, error);
  }
}
