import { createHash } from 'node:crypto';

/**
 * A journal: JOURNAL_MAGIC, then records. A record is its head (the lengths of its key and of its
 * bytes, 32 bits each, little-endian, and CHECK_BYTES of the SHA-256 of all else of it), its key in
 * UTF-8 and its bytes. The first record has the key "" and says, as JSON, what the journal is of.
 */
export const JOURNAL_VERSION = 1;
const FAMILY = 'dpcbench-journal/';
export const JOURNAL_MAGIC = Buffer.from(`${FAMILY}${JOURNAL_VERSION}\n`);
const CHECK_BYTES = 16;
export const HEAD_BYTES = 8 + CHECK_BYTES;
const MOST_KEY_BYTES = 1024;
/** More than the sum of the largest machine takes, packed. */
const MOST_BYTES = 2 ** 28;

/** The lengths that a head promises; null for those that no record has. */
export interface RecordHead {
  keyBytes: number;
  bytes: number;
}

/** @throws RangeError for a key or bytes that are too long. */
export function encodeRecord(key: string, bytes: Uint8Array): Buffer {
  const keyBytes = Buffer.from(key);
  if (keyBytes.length > MOST_KEY_BYTES || bytes.length > MOST_BYTES) {
    throw new RangeError(`a record of ${keyBytes.length} and ${bytes.length} bytes is too long`);
  }
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(keyBytes.length, 0);
  head.writeUInt32LE(bytes.length, 4);
  check(head, keyBytes, bytes).copy(head, 8);
  return Buffer.concat([head, keyBytes, bytes]);
}

export function readHead(head: Buffer): RecordHead | null {
  const lengths = { keyBytes: head.readUInt32LE(0), bytes: head.readUInt32LE(4) };
  return lengths.keyBytes <= MOST_KEY_BYTES && lengths.bytes <= MOST_BYTES ? lengths : null;
}

/** The record behind its head; null for one that is not as it was written. */
export function decodeRecord(
  head: Buffer,
  { keyBytes }: RecordHead,
  body: Buffer,
): { key: string; bytes: Buffer } | null {
  const [key, bytes] = [body.subarray(0, keyBytes), body.subarray(keyBytes)];
  if (!check(head, key, bytes).equals(head.subarray(8))) return null;
  return { key: key.toString('utf8'), bytes };
}

function check(head: Buffer, key: Uint8Array, bytes: Uint8Array): Buffer {
  const hash = createHash('sha256').update(head.subarray(0, 8)).update(key).update(bytes);
  return hash.digest().subarray(0, CHECK_BYTES);
}

/** What a file's first bytes say that it is. */
export function kindOfStart(start: Buffer): 'journal' | 'begun' | 'nothing' | number {
  if (start.equals(JOURNAL_MAGIC)) return 'journal';
  // Ended by whatever ends a program while it writes.
  if (JOURNAL_MAGIC.subarray(0, start.length).equals(start)) return 'begun';
  const [, version] = /^dpcbench-journal\/([0-9]{1,6})\n/.exec(start.toString('latin1')) ?? [];
  return version === undefined ? 'nothing' : Number(version);
}
