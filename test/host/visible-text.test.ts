import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLine } from '../../src/export/json.js';
import { toNdjson } from '../../src/export/ndjson.js';
import { formatTerminal } from '../../src/export/terminal.js';
import type { ResultDocument } from '../../src/result/document.js';
import { visibleLine, visibleText } from '../../src/visible-text.js';
import { runCli } from './run-cli.js';

/** Sets a title, colours, moves, an 8-bit control, a reordering mark and isolate, a tag. */
const HOSTILE =
  '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u001b[2m\u009b1A\u202eevil\u2066\u200f\u{e0041}\r\b';
const OBEYED = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}\u{e0000}-\u{e007f}]/u;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-visible-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Every text of a value with something hostile at its end. */
function poison(value: unknown, isText: (key: string) => boolean, key = ''): unknown {
  if (typeof value === 'string') return isText(key) ? `${value}${HOSTILE}` : value;
  if (Array.isArray(value)) return value.map((each) => poison(each, isText, key));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, each]) => [name, poison(each, isText, name)]);
  return Object.fromEntries(entries) as unknown;
}

async function someResult(): Promise<ResultDocument> {
  const { out } = await runCli(['run', 'w8', '-n', '3000', '--json', '-']);
  return JSON.parse(out) as ResultDocument;
}

describe('text for a terminal', () => {
  it('shows as an escape what a terminal would obey, and keeps words as they are', () => {
    expect(visibleText('a\u001b[31mb\nc\u202e')).toBe('a\\u{1b}[31mb\nc\\u{202e}');
    expect(visibleLine('a\nb\u0085')).toBe('a\\u{a}b\\u{85}');
    const words = 'Überlast, 割り込み, می‌خواهم, 👩‍💻, 12 µs ± 3 %';
    expect(visibleText(words)).toBe(words);
    expect(visibleText('\ud800')).toBe('\\u{d800}');
  });

  it('is the whole answer, whatever stands in the result', async () => {
    const document = await someResult();
    document.warnings.push({
      kind: 'dropped',
      policies: ['vista'],
      subjects: ['nic'],
      share: 1,
      sentence: 'nic drops',
    });
    const bad = poison(document, (key) =>
      ['name', 'question', 'policy', 'against', 'sentence', 'source', 'dpcbench'].includes(key),
    );
    for (const colours of [false, true]) {
      const text = formatTerminal(bad as ResultDocument, { colours });
      // eslint-disable-next-line no-control-regex
      expect(text.replace(/\u001b\[(?:1|2|22|33|39)m/g, '')).not.toMatch(OBEYED);
      expect(text).toContain('\\u{1b}[2m');
    }
  });

  it('is JSON that means the same', async () => {
    const value = { name: HOSTILE, list: ['\u2028\u009b\ufeff'] };
    expect(jsonLine(value).trimEnd()).not.toMatch(OBEYED);
    expect(JSON.parse(jsonLine(value))).toEqual(value);
    const event = { t: 1, p: 0, e: 'insert', source: HOSTILE };
    expect(toNdjson([event]).trimEnd()).not.toMatch(OBEYED);
    expect(JSON.parse(toNdjson([event]))).toEqual(event);
  });
});

describe('what a command prints', () => {
  it('holds nothing out of a result, a scenario, a recording or a name that moves it', async () => {
    const place = (name: string, text: string): string => {
      const path = join(folder, `${name}${HOSTILE.replaceAll('\u{e0041}', '')}.json`);
      writeFileSync(path, text);
      return path;
    };
    const document = await someResult();
    const poisoned = JSON.stringify(poison(document, (key) => key === 'question'));
    const result = place('result', poisoned);
    const scenario = place(
      'scenario',
      `{"name": "x", "${HOSTILE}": 1, "policies": ["${HOSTILE}"]}`.replace(
        /[\0-\x1f]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
    const text = readFileSync('test/fixtures/recordings/hand-made.ftrace.txt', 'utf8');
    const recording = place('recording', `${HOSTILE}\n${text.replace('eth0', `eth${HOSTILE}`)}`);
    const command = [
      ['compare', result, result],
      ['compare', result, scenario],
      ['check', scenario, result, `${result}\nforged: ok`],
      ['run', scenario],
      ['run', 'w8', '--policy', HOSTILE],
      ['run', 'w8', '-n', '300', '--report', `${recording}.html`],
      ['run', HOSTILE],
      ['run', 'w8', `--${HOSTILE}`],
      ['replay', recording],
      ['fit', recording],
      ['report', scenario, '-o', join(folder, 'x.html')],
      ['trace', scenario],
    ];
    for (const args of command) {
      const { out, err } = await runCli(args);
      expect(`${out}${err}`).not.toBe('');
      expect([args, out]).not.toEqual([args, expect.stringMatching(OBEYED)]);
      expect([args, err]).not.toEqual([args, expect.stringMatching(OBEYED)]);
      expect(err).not.toMatch(/^forged/m);
    }
  });
});
