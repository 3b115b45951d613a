import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { readUnpacked } from '../../src/recording/read-unpacked.js';
import { readRecording } from '../../src/recording/read-recording.js';
import type { PeriodCounts, Recording } from '../../src/recording/recording.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { runCli } from './run-cli.js';
import { start } from './run-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-hostile-'));
  return () => rmSync(folder, { recursive: true });
});

function failure(text: string, file: string): string {
  try {
    parseScenario(text, file);
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

const written = 'sources: [{name: a, irql: 5, isr: 1us, arrivals: {poisson: 1k/s}}]\n';

describe('text that a parser could not bear', () => {
  it.each<[string, string, string, RegExp]>([
    ['YAML in brackets', 'a.yaml', `a: [${'1,'.repeat(1e6)}]`, /:1:\d+: .* 600,000 words and/],
    ['YAML in lines', 'a.yaml', `a:\n${'- 1\n'.repeat(1e6)}`, /:\d+:\d+: .* 600,000 words and/],
    ['YAML of objects', 'a.yml', `[${'{},'.repeat(1e6)}]`, /:1:\d+: .* 600,000 words and/],
    ['YAML without end', 'a.yaml', '- '.repeat(2e6), /:1:\d+: .* nest more than 64 deep/],
    ['TOML in brackets', 'a.toml', `a = [${'1,'.repeat(1e6)}]`, /:1:\d+: .* 200,000 values/],
    ['TOML of keys', 'a.toml', 'a.b = 1\n'.repeat(5e5), /:\d+:\d+: .* 200,000 values/],
    ['TOML in tables', 'a.toml', '[[a]]\n'.repeat(6e5), /:\d+:\d+: .* 200,000 values/],
    ['TOML without end', 'a.toml', `a = ${'['.repeat(2e6)}`, /:1:\d+: .* nest more than 64 deep/],
    [
      'TOML of a long string',
      'a.toml',
      `name = "${'x'.repeat(130_000)}"`,
      /:1:8: a string of more than 65,536 characters/,
    ],
    ['a string of many lines', 'a.toml', `name = '''${'x\n'.repeat(70_000)}'''`, /a string of/],
  ])(
    'is refused before a tree is made of it: %s',
    (_, file, text, message) => {
      expect(text.length).toBeLessThanOrEqual(4 * 1024 * 1024);
      expect(failure(text, file)).toMatch(message);
    },
    20_000,
  );

  it('is not what people write: a long list fits, what stands in strings does not count', () => {
    const times = Array.from({ length: 40_000 }, (_, i) => i);
    const yaml = written.replace('{poisson: 1k/s}', `{at: [${times.join(', ')}]}`);
    expect(failure(yaml, 'a.yaml')).toBe('nothing');
    const toml =
      `question = "${'[,'.repeat(900)}" # ${'['.repeat(300)}\n` +
      `name = '''${'{'.repeat(190)}'''\n[[sources]]\nname = "a\\"["\nirql = 5\nisr = "1us"\n` +
      `arrivals = { at = [\n${times.join(',\n')}] }\n`;
    expect(failure(toml, 'a.toml')).toBe('nothing');
  });
});

describe('two documents in one YAML file', () => {
  it.each(['---\n', '...\n---\n', '...\n'])('are refused where it begins: %j', (between) => {
    const message = failure(`${written}${between}${written}`, 'a.yaml');
    expect(message).toMatch(/^a\.yaml:\d:1: a second document begins here; .* holds one/);
  });

  it('are one with a mark at its start, or its end', () => {
    expect(failure(`---\n${written}`, 'a.yaml')).toBe('nothing');
    expect(failure(`%YAML 1.2\n---\n${written}...\n`, 'a.yaml')).toBe('nothing');
  });
});

describe('files that are no files, or no text', () => {
  it.each([
    ['run', '/dev/zero'],
    ['check', '/dev/zero'],
    ['report', '/dev/zero', '-o', 'none.html'],
    ['compare', '/dev/zero', '/dev/zero'],
    ['replay', '/dev/zero'],
    ['import', '/dev/zero', '-o', 'none.dpcrec'],
  ])('%s refuses the device %s', async (...args: string[]) => {
    const { code, err } = await runCli(args);
    expect(code).toBe(EXIT.files);
    expect(err).toMatch(/\/dev\/zero: this is a device, not a file/);
  });

  it('run and replay refuse a pipe into which nobody writes, in a few seconds', async () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    // Beside each other: each of them waits.
    const replay = start(['replay', pipe]);
    const silent = await runCli(['check', pipe]);
    expect(silent.code).toBe(EXIT.files);
    expect(silent.err).toMatch(/this is a pipe, and nothing came out of it in 5 s/);
    expect(await replay.ended).toBe(EXIT.files);
    expect(replay.texts.err).toMatch(/this is a pipe/);
  }, 30_000);

  it('check reads a pipe to its end, however late it begins', async () => {
    const pipe = join(folder, 'slow.yaml');
    execFileSync('mkfifo', [pipe]);
    const text = join(folder, 'text.yaml');
    writeFileSync(text, written);
    const writer = spawn('sh', ['-c', 'sleep 0.3; cat "$1" > "$2"', 'sh', text, pipe]);
    const { code, err } = await runCli(['check', pipe]);
    expect([code, err]).toEqual([EXIT.ok, '']);
    writer.kill();
  });

  it.each<[string, Buffer, number]>([
    ['UTF-16, little end first', Buffer.from(`\ufeff${written}`, 'utf16le'), EXIT.ok],
    ['UTF-16, big end first', Buffer.from(`\ufeff${written}`, 'utf16le').swap16(), EXIT.ok],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${written}`), EXIT.ok],
    ['Latin-1', Buffer.from(`${written}# \u00e9\n`, 'latin1'), EXIT.usage],
    ['half a surrogate', Buffer.from('\ufeff# \ud800\n', 'utf16le'), EXIT.usage],
  ])('reads text or says that it is none: %s', async (_, bytes, expected) => {
    const file = join(folder, 'text-of-some-kind.yaml');
    writeFileSync(file, bytes);
    const { code, err } = await runCli(['check', file]);
    expect(code).toBe(expected);
    if (expected !== EXIT.ok) expect(err).toMatch(/the file is not text in UTF-/);
  });
});

describe('a small recording', () => {
  const none: PeriodCounts = { count: 0, sumNs: 0, firstIndex: 0, counts: [] };
  const periodic = (arrivals: number): Recording => ({
    meta: {
      origin: 'a',
      format: 'ftrace',
      processors: 1,
      spanNs: arrivals * 1000,
      stampResolutionNs: 1,
    },
    processors: [
      {
        irqNs: 0,
        softirqNs: 0,
        clockNs: 0,
        ipiNs: 0,
        threadNs: 0,
        idleNs: 0,
        clockTicks: 0,
        tickPeriodNs: 0,
        ipisSent: 0,
        ipisReceived: 0,
        ipiFlightNs: 0,
        busyPeriods: none,
        idlePeriods: none,
      },
    ],
    streams: [
      {
        name: 'irq/a',
        kind: 'irq',
        target: null,
        atNs: Float64Array.from({ length: arrivals }, (_, i) => i * 1000),
        processor: new Uint16Array(arrivals),
        isrNs: new Uint32Array(arrivals),
        serviceNs: new Uint32Array(arrivals),
        latencyNs: new Uint32Array(arrivals),
      },
    ],
  });

  it('does not unpack to what no machine repeats so often', () => {
    expect(() => readRecording(writeRecording(periodic(2_000_000)), 'a.dpcrec')).toThrow(
      /unpacks to more than 50 times its size, as nothing recorded does/,
    );
    expect(readRecording(writeRecording(periodic(10_000))).streams[0].atNs).toHaveLength(10_000);
  });

  it('does not stand for many: sources share what one recording may hold', async () => {
    const random = periodic(400_000);
    let state = 1;
    random.streams[0].isrNs.forEach((_, i, column) => {
      state = (state * 48_271) % 2_147_483_647;
      column[i] = state % 5000;
    });
    writeFileSync(join(folder, 'a.dpcrec'), writeRecording(random));
    const sources = Array.from({ length: 42 }, (_, i) => ({
      name: `s${i}`,
      irql: 5,
      isr: 0,
      arrivals: { recording: 'a.dpcrec' },
    }));
    const file = join(folder, 'many.json');
    writeFileSync(file, JSON.stringify({ sources }));
    const { code, err } = await runCli(['check', file]);
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(/the sources of the scenario together hold more than 16,777,216 arrivals/);
  });
});

describe('gzip data', () => {
  it('are refused by name where more comes out than is allowed, or where they end early', () => {
    const path = join(folder, 'packed.json.gz');
    const packed = gzipSync(Buffer.alloc(3 * 2 ** 20, ' '));
    writeFileSync(path, packed);
    expect(readUnpacked(path, 4 * 2 ** 20).bytes).toHaveLength(3 * 2 ** 20);
    expect(() => readUnpacked(path, 2 ** 20)).toThrow(/packed.*more than 1 MiB come out of the gz/);
    writeFileSync(path, packed.subarray(0, packed.length - 12));
    expect(() => readUnpacked(path, 4 * 2 ** 20)).toThrow(/gzip data are damaged or cut off/);
  });
});
