import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, InputError } from '../../src/errors.js';
import { FormatDetector } from '../../src/recording/detect-format.js';
import { importRecording, openRecording } from '../../src/recording/import-recording.js';
import { LineTally } from '../../src/recording/line-tally.js';
import {
  isGzip,
  MAX_LINE_LENGTH,
  MOST_LINE_BYTES,
  readable,
  readLines,
  readStart,
  readUnpackedStart,
} from '../../src/recording/read-lines.js';
import { readUnpacked } from '../../src/recording/read-unpacked.js';
import { readWholeFile } from '../../src/recording/read-whole-file.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-text-lines-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: string | Uint8Array, name = 'text'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The lines of a text, of which a cut one is told by a mark; at most so many are wanted. */
async function linesOf(content: string | Uint8Array, most = Infinity): Promise<string[]> {
  const lines: string[] = [];
  await readLines(written(content), {
    line: (text, tooLong) => lines.push(text + (tooLong ? '>' : '')) < most,
  });
  return lines;
}

async function problemOf(
  reading: Promise<unknown>,
): Promise<{ line: number | null; message: string; hint: string; exitCode: number }> {
  const error: unknown = await reading.then(
    () => expect.fail('read'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const { problems, exitCode } = error as InputError;
  const [{ line, message, hint }] = problems;
  return { line, message, hint, exitCode };
}

const CHUNK_BYTES = 256 * 1024;

describe('the lines of a text', () => {
  it.each([
    ['', []],
    ['\n', ['']],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\n\nb', ['a', '', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\rb\nc\r', ['a\rb', 'c']],
    ['a\rb\rc', ['a', 'b', 'c']],
    ['a\rb\r', ['a', 'b']],
    ['\r', ['']],
  ])('of %j are %j', async (text, lines) => {
    expect(await linesOf(text)).toEqual(lines);
    expect(await linesOf(gzipSync(text))).toEqual(lines);
  });

  it('are cut beyond 4,096 characters', async () => {
    const long = 'x'.repeat(MAX_LINE_LENGTH);
    const text = `${long}\n${long}y\n${long}\r\n${long}y\r\nz`;
    expect(await linesOf(text)).toEqual([long, `${long}>`, long, `${long}>`, 'z']);
  });

  it.each([-4098, -4097, -4096, -2, -1, 0, 1])(
    'are whole, or cut, where a chunk ends %i bytes from their end',
    async (offset) => {
      const before = `${'-'.repeat(63)}\n`.repeat(CHUNK_BYTES / 64);
      for (const length of [MAX_LINE_LENGTH, MAX_LINE_LENGTH + 1]) {
        const from = CHUNK_BYTES - length - offset;
        const text = `${before.slice(0, from - 1)}\n${'x'.repeat(length)}\nend\n`;
        const lines = await linesOf(text);
        const cut = length > MAX_LINE_LENGTH ? '>' : '';
        expect(lines.slice(-2)).toEqual([`${'x'.repeat(MAX_LINE_LENGTH)}${cut}`, 'end']);
      }
    },
  );

  it('are cut one by one: what was thrown away of one is not of the next', async () => {
    const endless = 'x'.repeat(2 * CHUNK_BYTES);
    const cut = `${'x'.repeat(MAX_LINE_LENGTH)}>`;
    const text = `${endless}\nshort\n${endless}\n\n${endless}`;
    expect(await linesOf(text)).toEqual([cut, 'short', cut, '', cut]);
  });

  it('are cut where a return stands right behind what is kept', async () => {
    const long = 'x'.repeat(MAX_LINE_LENGTH);
    for (const end of ['', '\r']) {
      const more = 2 * CHUNK_BYTES - MAX_LINE_LENGTH - 3 - end.length;
      const lines = await linesOf(`a\n${long}\r${'y'.repeat(more)}${end}\nnext\n`);
      expect(lines).toEqual(['a', `${long}>`, 'next']);
    }
  });

  it('end by lone returns in all of the text if they do in its first chunk', async () => {
    const text = `${'a\r'.repeat(CHUNK_BYTES / 2)}b\nc\rd`;
    expect((await linesOf(text)).slice(-3)).toEqual(['a', 'b\nc', 'd']);
  });

  it('are as many as are wanted', async () => {
    expect(await linesOf('a\nb\nc\nd', 2)).toEqual(['a', 'b']);
    expect(await linesOf(`${'a\n'.repeat(CHUNK_BYTES)}`, 3)).toEqual(['a', 'a', 'a']);
  });

  it('have up to 16 MiB each, which no recorder writes', async () => {
    const most = Buffer.alloc(MOST_LINE_BYTES + 3, 'x');
    most.write('a\n');
    const lengths = async (text: Uint8Array): Promise<number[]> =>
      (await linesOf(text)).map(({ length }) => length);
    expect(await lengths(most.subarray(0, -1))).toEqual([1, MAX_LINE_LENGTH + 1]);
    const twice = Buffer.alloc(MOST_LINE_BYTES + 2 * CHUNK_BYTES, 'x');
    twice[MOST_LINE_BYTES / 2] = 10;
    expect(await lengths(twice)).toEqual([MAX_LINE_LENGTH + 1, MAX_LINE_LENGTH + 1]);
    expect(await problemOf(linesOf(most))).toEqual({
      line: 2,
      message: 'this line has more than 16 MiB: this is no recorded text',
      hint: 'give the text that "perf script" or "trace-cmd report" prints',
      exitCode: EXIT.usage,
    });
  });

  it('have a size, packed or not', async () => {
    const sink = { line: () => true };
    expect(await readLines(written('ab\nc'), sink)).toEqual({ textBytes: 4, gzip: false });
    expect(await readLines(written(gzipSync('ab\nc')), sink)).toEqual({ textBytes: 4, gzip: true });
  });
});

describe('the first bytes of a file', () => {
  it('are as many as there are', async () => {
    expect([...(await readStart(written('abc'), 2))]).toEqual([97, 98]);
    expect([...(await readStart(written('abc'), 9))]).toEqual([97, 98, 99]);
  });

  it('are unpacked as far as they are not damaged', async () => {
    const text = Array.from({ length: 5000 }, (_, i) => `${i} ${(i * 7919) % 104_729}\n`).join('');
    const packed = gzipSync(text);
    const start = async (content: Uint8Array, length: number): Promise<string> =>
      Buffer.from(await readUnpackedStart(written(content), length)).toString();
    expect(await start(packed, 4096)).toBe(text.slice(0, 4096));
    expect(await start(Buffer.from('plain'), 3)).toBe('pla');
    expect(text.startsWith(await start(packed.subarray(0, 3000), 4096))).toBe(true);
    expect(await start(packed.subarray(0, 3000), 4096)).toHaveLength(4096);
    expect(await start(Buffer.from('1f8b0800', 'hex'), 4096)).toBe('');
    expect(await start(Buffer.from('1f8bffff00112233445566778899', 'hex'), 4096)).toBe('');
    // Nothing repeats so often that it is refused.
    expect(await start(gzipSync(Buffer.alloc(300_000)), 512)).toHaveLength(512);
  });

  it.each([
    [[0x1f, 0x8b], true],
    [[0x1f, 0x8c], false],
    [[0x1e, 0x8b], false],
    [[0x1f], false],
    [[], false],
  ])('%j are those of gzip: %s', (bytes, expected) => {
    expect(isGzip(Uint8Array.from(bytes))).toBe(expected);
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['ENOENT', 'there is no such file', EXIT.files],
    ['EACCES', 'the file may not be read', EXIT.files],
    ['EISDIR', 'this is a folder, not a file', EXIT.files],
    ['EIO', 'the file cannot be read (EIO)', EXIT.files],
    ['ERR_INVALID_ARG_VALUE', 'the file cannot be read (ERR_INVALID_ARG_VALUE)', EXIT.files],
    ['Z_DATA_ERROR', 'the gzip data are damaged or cut off', EXIT.usage],
  ])('by %s is refused: %s', (code, message, exitCode) => {
    const error = readable(Object.assign(new Error('x'), { code }), 'a.txt') as InputError;
    expect(error).toBeInstanceOf(InputError);
    expect(error.problems[0]).toMatchObject({ file: 'a.txt', line: null, message });
    expect(error.exitCode).toBe(exitCode);
  });

  it('for any other reason is a defect', () => {
    for (const error of [new TypeError('x'), 'text', Object.assign(new Error(), { code: 'ERR_X' })])
      expect(readable(error, 'a.txt')).toBe(error);
    const known = new InputError([]);
    expect(readable(known, 'a.txt')).toBe(known);
  });

  it('says so, as lines, at its start and whole', async () => {
    const none = join(folder, 'none');
    const missing = { message: 'there is no such file', exitCode: EXIT.files };
    expect(await problemOf(readLines(none, { line: () => true }))).toMatchObject(missing);
    expect(await problemOf(readStart(none, 2))).toMatchObject(missing);
    expect(await problemOf(openRecording(none))).toMatchObject(missing);
    const isDevice = { message: 'this is a device, not a file', exitCode: EXIT.files };
    expect(await problemOf(readStart('/dev/null', 2))).toMatchObject(isDevice);
    expect(() => readWholeFile('/dev/null', 9)).toThrow('this is a device, not a file');
    const isFolder = { message: 'this is a folder, not a file', exitCode: EXIT.files };
    expect(await problemOf(readStart(folder, 2))).toMatchObject(isFolder);
    expect(await problemOf(importRecording(folder))).toMatchObject(isFolder);
  });

  it('is one with more bytes than are allowed, as they are or unpacked', () => {
    const path = written('x'.repeat(1000));
    expect(readWholeFile(path, 1000)).toHaveLength(1000);
    expect(() => readWholeFile(path, 999)).toThrow('the file is too long: 999 bytes are allowed');
    const packed = written(gzipSync('x'.repeat(2 ** 20)), 'packed');
    const { bytes, gzip } = readUnpacked(packed, 2 ** 20);
    expect([bytes.length, gzip]).toEqual([2 ** 20, true]);
    expect(readUnpacked(path, 1000).gzip).toBe(false);
    expect(() => readUnpacked(packed, 2 ** 19)).toThrow('more than 0.5 MiB come out of the gzip');
    expect(() => readUnpacked(path, 999)).toThrow('999 bytes are allowed');
  });
});

const RAISE = 'vec=9 [action=RCU]';
const perf = (name: string): string => `a 7 [000] 1.000001: irq:${name}: ${RAISE}`;
const ftrace = (name: string): string => `a-7 [000] 1.000001: ${name}: ${RAISE}`;

describe('the format of a text', () => {
  const found = (...lines: string[]): string | null => {
    const detector = new FormatDetector();
    for (const line of lines) detector.take(line, false);
    expect(detector.lines().map(({ text }) => text)).toEqual(lines);
    return detector.format();
  };

  it('is the one that reads more, an event that is used for four', () => {
    expect(found()).toBeNull();
    expect(found('# a', 'b')).toBeNull();
    const unused = ftrace('kfree_skb');
    expect(found(unused)).toBe('ftrace');
    expect(found(perf('softirq_raise'), unused, unused, unused)).toBe('perf-script');
    expect(found(perf('softirq_raise'), unused, unused, unused, unused)).toBe('perf-script');
    expect(found(unused, unused, unused, unused, unused, perf('softirq_raise'))).toBe('ftrace');
    expect(found(ftrace('softirq_raise'), perf('softirq_raise'))).toBe('perf-script');
  });

  it('is decided after 32 lines with an event, or 10,000 lines', () => {
    const detector = new FormatDetector();
    const taken = (text: string, count: number, tooLong = false): boolean[] =>
      Array.from({ length: count }, () => detector.take(text, tooLong));
    expect(taken(perf('a'), 31)).not.toContain(true);
    expect(taken('noise', 50)).not.toContain(true);
    expect(taken(perf('a'), 50, true)).not.toContain(true);
    expect(taken(perf('a'), 1)).toEqual([true]);
    const quiet = new FormatDetector();
    const answers = Array.from({ length: 10_000 }, () => quiet.take('noise', false));
    expect(answers.indexOf(true)).toBe(9_999);
  });
});

describe('what became of lines', () => {
  it('is told every 100,000 lines, with the first five that are malformed', () => {
    const told: unknown[] = [];
    const tally = new LineTally((progress) => told.push(progress) < 2);
    const wanted: number[] = [];
    for (let i = 1; i <= 200_001; i++) {
      tally.lines.read += 1;
      if (i % 2 === 0) tally.lines.events += 1;
      if (i <= 7) tally.malformed(`${i}\t${'x'.repeat(100)}`);
      if (!tally.goesOn()) wanted.push(i);
    }
    expect(told).toEqual([
      { lines: 100_000, events: 50_000 },
      { lines: 200_000, events: 100_000 },
    ]);
    expect(wanted).toEqual([200_000]);
    expect(tally.malformedLines).toEqual(
      [1, 2, 3, 4, 5].map((line) => ({ line, text: `${line}?${'x'.repeat(98)}` })),
    );
    expect(tally.lines).toEqual({
      read: 200_001,
      events: 100_000,
      comments: 0,
      stackFrames: 0,
      lossMarkers: 0,
      malformed: 7,
    });
    expect(new LineTally(undefined).goesOn()).toBe(true);
  });
});

describe('an import', () => {
  const events = (...stamps: string[]): string =>
    stamps
      .flatMap((at) => ['softirq_entry', 'softirq_exit'].map((name) => [at, name]))
      .map(([at, name]) => `a 7 [000] ${at}: irq:${name}: ${RAISE}\n`)
      .join('');

  it('ends before the first event at the time given, of the format given', async () => {
    const path = written(`${events('1.5', '1.500000009', '1.50000001', '1.6')}noise\n`);
    const spanOf = async (untilNs: number): Promise<[number, number]> => {
      const { recording, report } = await importRecording(path, { untilNs });
      return [recording.meta.spanNs, report.lines.read];
    };
    expect(await spanOf(9)).toEqual([0, 2]);
    expect(await spanOf(10)).toEqual([9, 4]);
    expect(await spanOf(11)).toEqual([10, 6]);
    expect(await spanOf(1e9)).toEqual([1e8, 9]);
    expect((await importRecording(path, { format: 'perf-script' })).report).toMatchObject({
      lines: { read: 9, events: 8, malformed: 1 },
      malformedLines: [{ line: 9, text: 'noise' }],
    });
    await expect(importRecording(path, { format: 'ftrace' })).rejects.toThrow(
      /no line is an event/,
    );
  });

  it('says which line is none, and what is wanted', async () => {
    const wanted = /^give what "perf script", .* a CSV of WPA, an XML of PerfView or a JSON of KU/;
    const said = await problemOf(importRecording(written(`# a\n\n \x07b${'x'.repeat(120)}\nc`)));
    expect(said).toEqual({
      line: 3,
      message: `no line is an event of a format that is read; line 3 reads " ?b${'x'.repeat(97)}"`,
      hint: expect.stringMatching(wanted),
      exitCode: EXIT.usage,
    });
    expect(await problemOf(importRecording(written('# a\n')))).toEqual({
      line: null,
      message: 'no line is an event of a format that is read',
      hint: expect.stringMatching(wanted),
      exitCode: EXIT.usage,
    });
    const cycles = '# a\n[00000007633690036389] h a: { 0 }, { 1 }\n';
    expect(await problemOf(importRecording(written(cycles)))).toMatchObject({
      line: 2,
      message: expect.stringMatching(/cycles of a clock here/),
    });
  });

  it('counts every line for what it is', async () => {
    const { report } = await importRecording(
      written(
        [
          '#P:5',
          ...Array.from(
            { length: 40 },
            (_, i) => `a-7 [001] 1.0000${i + 10}: softirq_raise: vec=1`,
          ),
          'CPU:2 [LOST 25 EVENTS]',
          'CPU:1 [LOST 4 EVENTS]',
          ' => frame',
          'cpus=3',
          'x'.repeat(5000),
          'a-7 [001] 1.000090: softirq_raise: vec=64',
          'a-7 [001] 1.000091: softirq_entry: vec=1',
          'a-7 [001] 1.000092: softirq_exit: vec=1',
        ].join('\n'),
      ),
    );
    expect(report).toMatchObject({
      processors: 5,
      lines: {
        read: 49,
        events: 42,
        comments: 2,
        stackFrames: 1,
        lossMarkers: 2,
        malformed: 2,
      },
      lostEvents: 29,
      softirqs: { coalesced: 39, raisesWithoutEntry: 1, entriesWithoutRaise: 1, arrivals: 1 },
      stampResolutionNs: 1000,
      spanNs: 82_000,
    });
    expect(report.malformedLines).toEqual([
      { line: 46, text: 'x'.repeat(100) },
      { line: 47, text: 'a-7 [001] 1.000090: softirq_raise: vec=64' },
    ]);
  });
});
