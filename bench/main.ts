import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { disagreements } from './agreement.js';
import { caseName } from './bench-case.js';
import { buildDocument } from './document.js';
import type { BenchDocument } from './document.js';
import { appendHistory, readHistory } from './history.js';
import { measureRounds } from './measure.js';
import { NativeKernel } from './native-kernel.js';
import {
  BEGIN,
  END,
  readmeFigures,
  replaceBetweenMarkers,
  speedFigures,
} from './readme-figures.js';
import { renderBenchPage } from './render-bench-page.js';
import { FULL, QUICK, selectCases } from './select-cases.js';
import { lookAround } from './surroundings.js';
import { formatTable } from './table.js';
import { sha256 } from '../src/disk/load-page.js';

/** Built to build/bench/main.mjs, two folders below the root. */
const ROOT = join(import.meta.dirname, '../..');

interface Flags {
  quick?: true;
  only?: RegExp;
  rounds?: number;
  interrupts?: number;
  native: boolean;
  memory?: true;
  record?: true;
}

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  const size = { ...(flags.quick ? QUICK : FULL) };
  if (flags.rounds !== undefined) size.rounds = flags.rounds;
  if (flags.interrupts !== undefined) size.interrupts = flags.interrupts;
  const native = flags.native
    ? NativeKernel.build(ROOT, join(ROOT, 'build/native'), (text) => say(`${text}\n`))
    : null;
  const cases = selectCases({
    root: ROOT,
    size,
    native,
    withMemory: flags.memory === true,
    only: flags.only ?? /(?:)/,
  });
  if (cases.length === 0) {
    say(`no case matches ${String(flags.only)}\n`);
    return 2;
  }
  const surroundings = lookAround(ROOT, native !== null);
  const measured = await measureRounds(cases, {
    rounds: size.rounds,
    onRun: (round, benchCase) => {
      const name = round < 0 ? 'warm-up' : `round ${round + 1} of ${size.rounds}`;
      progress(`${name}: ${caseName(benchCase)}`);
    },
  });
  progress('');
  const settings = {
    rounds: size.rounds,
    interrupts: size.interrupts,
    quick: flags.quick === true,
  };
  const document = buildDocument(measured, { ...surroundings, settings });
  process.stdout.write(formatTable(document));

  const problems = disagreements(measured);
  if (problems.length > 0) {
    say(`The results differ:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
    return 1;
  }
  const history = join(ROOT, 'bench/history.ndjson');
  if (flags.record) record(document, history, recordCommand(args));
  writePage(document, readHistory(history));
  return 0;
}

function readFlags(args: readonly string[]): Flags {
  const program = new Command('npm run bench --')
    .description('Measures the simulator against its twin, native code and itself.')
    .option('--quick', 'short runs and few rounds: for a look, not for figures')
    .option('--only <pattern>', 'cases whose name matches, such as "w8.*twin"', parsePattern)
    .option('--rounds <n>', `interleaved rounds (default: ${FULL.rounds})`, parseCount)
    .option('--interrupts <n>', 'interrupts of each workload, a run', parseCount)
    .option('--no-native', 'leave out the native bound')
    .option('--memory', 'also the memory of runs of 10 and 100 million interrupts')
    .option(
      '--record',
      'append the figures to bench/history.ndjson, put them into README.md and docs',
    )
    .parse(args, { from: 'user' });
  const flags = program.opts<Flags>();
  if (flags.record && flags.only !== undefined) {
    program.error('error: a record holds every figure: leave out --only', { exitCode: 2 });
  }
  return flags;
}

function parseCount(text: string): number {
  const count = Number(text.replaceAll('_', ''));
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.');
  }
}

/** The command that made a record, with its options. */
function recordCommand(args: readonly string[]): string {
  const options = args.filter((arg) => arg !== '--record');
  return ['npm run bench:record', ...(options.length === 0 ? [] : ['--', ...options])].join(' ');
}

function record(document: BenchDocument, history: string, command: string): void {
  appendHistory(history, document);
  writeFigures('README.md', readmeFigures(document, command));
  writeFigures('docs/speed.md', speedFigures(document, command));
}

function writeFigures(file: string, figures: string): void {
  const path = join(ROOT, file);
  const text = existsSync(path) ? replaceBetweenMarkers(readFileSync(path, 'utf8'), figures) : null;
  if (text === null) say(`${file} has no lines ${BEGIN} and ${END}: it is left as it is\n`);
  else writeFileSync(path, text);
}

function writePage(document: BenchDocument, history: readonly BenchDocument[]): void {
  const folder = join(ROOT, 'build/bench');
  mkdirSync(folder, { recursive: true });
  const asset = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const assets = { script: asset('page.js'), style: asset('style.css'), sha256 };
  writeFileSync(join(folder, 'index.html'), renderBenchPage(document, history, assets));
  say('build/bench/index.html shows it as charts\n');
}

function say(text: string): void {
  process.stderr.write(text);
}

/** On a terminal only: one line, redrawn. */
function progress(text: string): void {
  if (process.stderr.isTTY) say(`\r\x1b[2K${text}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  progress('');
  say(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
