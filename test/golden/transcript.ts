import { isUtf8 } from 'node:buffer';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { runCli } from '../host/run-cli.js';
import { expectGolden, hashOf, shownFile, withoutBuild } from './golden-file.js';

/**
 * Command lines and all that they print and write, in the form of transcripts/*.txt: `$ COMMAND`,
 * the answer, `! ` before lines of standard error, `[CODE]` for an exit code that is not 0.
 * `$ cat FILE` shows a file, `> FILE` at the end writes one. Single quotes make one word. What a
 * machine or a build makes different is named by capitals. To add a case is to write its command
 * and `DPCBENCH_UPDATE=1 npx vitest run test/golden`.
 */
const FILES = join(import.meta.dirname, 'transcripts');
const FOLDERS = [
  FILES,
  join(import.meta.dirname, '../fixtures/recordings'),
  join(import.meta.dirname, '../../examples/windows'),
];
const VARYING: readonly [pattern: RegExp, name: string][] = [
  [/\b[\w-]{1,30}, Node\.js v[\d.]+, \d+ workers/g, 'HOST'],
  [/(?<=Wall clock[^]{0,80}>)[\d.]+ s/g, 'ELAPSED'],
  [/(?<![\d,])[\d,]{1,20} simulated interrupts per second/g, 'RATE'],
];

function withoutVarying(text: string): string {
  const known = withoutBuild(text).replaceAll(process.cwd(), 'FOLDER');
  return VARYING.reduce((told, [pattern, name]) => told.replace(pattern, name), known);
}

interface CommandLine {
  program: string;
  words: string[];
  /** Where standard output goes; the transcript if left out. */
  output?: string;
}

function commandOf(line: string): CommandLine {
  const found = [...line.matchAll(/'([^']*)'|(\S+)/g)];
  const [program, ...words] = found.map(([, quoted, plain]) => quoted ?? plain);
  if (found.at(-2)?.[2] !== '>') return { program, words };
  return { program, words: words.slice(0, -2), output: words.at(-1) };
}

function linesOf(text: string, mark: string): string {
  if (text === '') return '';
  return `${text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark}${line}`.trimEnd())
    .join('\n')}\n`;
}

async function answerTo(line: string): Promise<string> {
  const { output, program, words } = commandOf(line);
  if (program === 'cat') {
    if (!existsSync(words[0])) return 'no such file\n';
    const bytes = readFileSync(words[0]);
    if (!isUtf8(bytes)) return `${bytes.length} bytes: ${hashOf(bytes)}\n`;
    return linesOf(shownFile(withoutVarying(bytes.toString())), '');
  }
  const { code, err, out } = await runCli(words);
  if (output !== undefined) writeFileSync(output, out);
  return (
    (output === undefined ? linesOf(out, '') : '') +
    linesOf(err, '! ') +
    (code === 0 ? '' : `[${code}]\n`)
  );
}

/** A test for each transcript: its commands print and write again what stands in it. */
export function itPrintsAgain(names: readonly string[]): void {
  const before = process.cwd();
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'dpcbench-transcripts-')));
    for (const from of FOLDERS) cpSync(from, folder, { recursive: true });
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  it.each(names)('%s.txt', { timeout: 300_000 }, async (name) => {
    const transcript = readFileSync(join(FILES, `${name}.txt`), 'utf8');
    let told = /^(?!\$ )[^]*?(?=^\$ )/m.exec(transcript)?.[0] ?? '';
    for (const [, command] of transcript.matchAll(/^\$ (.*)$/gm)) {
      told += `$ ${command}\n${withoutVarying(await answerTo(command))}`;
    }
    expectGolden(`transcripts/${name}.txt`, told);
  });
}
