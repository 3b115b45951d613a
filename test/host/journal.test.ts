import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, JournalReader } from '../../src/disk/journal.js';
import { encodeRecord, HEAD_BYTES, readHead } from '../../src/disk/journal-format.js';
import { LockFile } from '../../src/disk/lock-file.js';

const IDENTITY = { work: 'a sweep', seed: '1' };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-journal-'));
  path = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Everything that a journal holds. */
function contents(journal: Journal | JournalReader): Record<string, string> {
  const entries = journal.keys().map((key) => [key, Buffer.from(journal.get(key)!).toString()]);
  return Object.fromEntries(entries) as Record<string, string>;
}

async function write(records: Record<string, string>): Promise<void> {
  const journal = await Journal.open(path, IDENTITY);
  for (const [key, text] of Object.entries(records)) journal.add(key, bytesOf(text));
  journal.close();
}

async function reopened(): Promise<{ records: Record<string, string>; lostBytes: number }> {
  const journal = await Journal.open(path, IDENTITY);
  const answer = { records: contents(journal), lostBytes: journal.lostBytes };
  journal.close();
  return answer;
}

it('a record has the form that a journal of before has', () => {
  const record = encodeRecord('päivä', bytesOf('three'));
  const hash = createHash('sha256').update(
    Buffer.concat([record.subarray(0, 8), record.subarray(24)]),
  );
  expect(record.toString('hex')).toBe(
    `0700000005000000${hash.digest('hex').slice(0, 32)}` +
      Buffer.from('päiväthree').toString('hex'),
  );
});

describe('a journal', () => {
  it('gives back what was added, by key, and leaves nothing else behind', async () => {
    await write({ 'point 1': 'one', 'point 2': '', 'päivä 3': 'three' });
    await write({ 'point 4': 'four' });
    const records = { 'point 1': 'one', 'point 2': '', 'päivä 3': 'three', 'point 4': 'four' };
    expect(await reopened()).toEqual({ records, lostBytes: 0 });
    expect(readdirSync(folder)).toEqual(['journal']);
  });

  it('is read while it is written', async () => {
    const journal = await Journal.open(path, IDENTITY);
    journal.add('a', bytesOf('1'));
    const reader = JournalReader.open(path);
    expect(reader.identity).toEqual(IDENTITY);
    expect(contents(reader)).toEqual({ a: '1' });
    reader.close();
    journal.close();
  });

  it('cut off at any byte loses at most the record that was cut, and goes on', async () => {
    await write({ a: 'first', b: 'second' });
    const whole = readFileSync(path);
    const sizes = [0, 0, 0];
    for (let size = 0; size <= whole.length; size++) {
      writeFileSync(path, whole.subarray(0, size));
      const { lostBytes, records } = await reopened();
      const kept = Object.keys(records).length;
      sizes[kept]++;
      expect(records).toEqual(
        Object.fromEntries(Object.entries({ a: 'first', b: 'second' }).slice(0, kept)),
      );
      // What was cut off is said, but for a beginning: that holds nothing yet.
      expect(statSync(path).size + lostBytes).toBeGreaterThanOrEqual(size);
      await write({ c: 'third' });
      expect((await reopened()).records).toEqual({ ...records, c: 'third' });
    }
    const second = 24 + 'b'.length + 'second'.length;
    expect(sizes).toEqual([whole.length - second, second, 1]);
  });

  it('with any byte changed gives back nothing that was not added', async () => {
    await write({ a: 'first', b: 'second' });
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 0x41;
      writeFileSync(path, damaged);
      const outcome = await reopened().catch((error: Error) => error);
      if (outcome instanceof Error) {
        expect(outcome.message).toMatch(/no journal|damaged|of version/);
        expect(readFileSync(path)).toEqual(damaged);
        continue;
      }
      expect([{}, { a: 'first' }]).toContainEqual(outcome.records);
      expect(outcome.lostBytes).toBeGreaterThan(0);
    }
  });

  it('cuts off garbage behind its last record and says how much', async () => {
    await write({ a: 'first' });
    appendFileSync(path, Buffer.alloc(1000, 0xff));
    const reader = JournalReader.open(path);
    expect(reader.lostBytes).toBe(1000);
    reader.close();
    expect(await reopened()).toEqual({ records: { a: 'first' }, lostBytes: 1000 });
    expect((await reopened()).lostBytes).toBe(0);
  });

  it('of other work is refused with both values, and stays', async () => {
    await write({ a: 'first' });
    const before = readFileSync(path);
    await expect(Journal.open(path, { ...IDENTITY, seed: '2' })).rejects.toThrow(
      'this journal is of seed "1", not of "2"',
    );
    await expect(Journal.open(path, { work: 'a sweep' })).rejects.toThrow('seed "1", not of none');
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['journal']);
  });

  it.each([
    ['some other file, never to be written into', 'this is no journal of dpcbench'],
    ['dpcbench-journal/2\n', 'a journal of version 2, and this program keeps version 1'],
  ])('leaves %j alone', async (text, said) => {
    writeFileSync(path, text);
    await expect(Journal.open(path, IDENTITY)).rejects.toThrow(said);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is a plain file in a folder that is there', async () => {
    mkdirSync(path);
    await expect(Journal.open(path, IDENTITY)).rejects.toThrow('it is a folder');
    await expect(Journal.open('/dev/full', IDENTITY)).rejects.toThrow('must be a plain file');
    await expect(Journal.open(join(folder, 'no/journal'), IDENTITY)).rejects.toThrow(
      'its folder does not exist',
    );
    expect(() => JournalReader.open(join(folder, 'none'))).toThrow('no such file');
  });
});

describe('the head of a record in a journal', () => {
  it('names a key of 1,024 bytes at most', () => {
    const head = encodeRecord('k'.repeat(1024), Buffer.from('abc'));
    expect(readHead(head)).toEqual({ keyBytes: 1024, bytes: 3 });
    expect(() => encodeRecord('k'.repeat(1025), Buffer.alloc(0))).toThrow(RangeError);
    expect(() => encodeRecord('ä'.repeat(513), Buffer.alloc(0))).toThrow('1026 and 0 bytes');
  });

  it('is none where it promises more', () => {
    const lengths = (keyBytes: number, bytes: number): Buffer => {
      const head = Buffer.alloc(HEAD_BYTES);
      head.writeUInt32LE(keyBytes, 0);
      head.writeUInt32LE(bytes, 4);
      return head;
    };
    expect(readHead(lengths(1024, 2 ** 28))).toEqual({ keyBytes: 1024, bytes: 2 ** 28 });
    expect(readHead(lengths(1025, 0))).toBeNull();
    expect(readHead(lengths(0, 2 ** 28 + 1))).toBeNull();
  });
});

describe('two programs with one journal', () => {
  it('exclude each other, and the second may come after the first', async () => {
    const journal = await Journal.open(path, IDENTITY);
    await expect(Journal.open(path, IDENTITY)).rejects.toThrow('this process is writing into it');
    journal.close();
    expect((await reopened()).records).toEqual({});
  });

  const leave = (host: string, pid: number, started: string): void =>
    writeFileSync(`${path}.lock`, JSON.stringify({ host, pid, started }));

  it('exclude each other as long as both live', async () => {
    const started = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
      .split(') ')[1]
      .split(' ')[19];
    leave(hostname(), process.ppid, started);
    await expect(Journal.open(path, IDENTITY)).rejects.toThrow(
      `process ${process.ppid} is writing`,
    );
    // A process that had this number before.
    leave(hostname(), process.ppid, '1');
    expect((await reopened()).records).toEqual({});
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('on two hosts: a lock that nobody touches any more is taken over', async () => {
    leave('elsewhere', 1, '7');
    const lock = await LockFile.take(path, 300);
    lock.release();
    leave('elsewhere', 1, '7');
    const touching = setInterval(() => leave('elsewhere', 1, '7'), 50);
    await expect(LockFile.take(path, 300)).rejects.toThrow('process 1 of "elsewhere" is writing');
    clearInterval(touching);
  });

  it.each([
    ['nothing yet', ''],
    ['no object', 'null'],
    ['no host', '{"pid":1,"started":"7"}'],
    ['no start', '{"host":"elsewhere","pid":1}'],
    ['no process', '{"host":"elsewhere","started":"7"}'],
    ['process 0', '{"host":"elsewhere","pid":0,"started":"7"}'],
    ['half a process', '{"host":"elsewhere","pid":1.5,"started":"7"}'],
  ])('with %s in a lock that somebody touches, that is another process', async (_, text) => {
    writeFileSync(`${path}.lock`, text);
    const touching = setInterval(() => writeFileSync(`${path}.lock`, text), 20);
    await expect(LockFile.take(path, 200)).rejects.toThrow('another process is writing');
    clearInterval(touching);
  });

  it('on two hosts: a lock that goes or changes meanwhile is that of one who lives', async () => {
    const whose = 'process 1 of "elsewhere" is writing';
    leave('elsewhere', 1, '7');
    const { atime, mtime } = statSync(`${path}.lock`);
    const taken = expect(LockFile.take(path, 300)).rejects.toThrow(whose);
    leave('elsewhere', 1, '8');
    utimesSync(`${path}.lock`, atime, mtime);
    await taken;
    const removed = expect(LockFile.take(path, 300)).rejects.toThrow(whose);
    rmSync(`${path}.lock`);
    await removed;
  });

  it('begin at one instant: one of them gets it, whatever was left there', async () => {
    leave(hostname(), 2 ** 22 + 1, '1');
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => Journal.open(path, IDENTITY)),
    );
    const opened = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(opened).toHaveLength(1);
    opened[0].close();
  });

  it('cut nothing off of each other', async () => {
    await write({ a: 'first' });
    const before = statSync(path).size;
    const journal = await Journal.open(path, IDENTITY);
    journal.add('b', bytesOf('second'));
    truncateSync(path, before);
    expect(() => journal.get('b')).toThrow('it was changed while it was in use');
    journal.close();
  });
});
