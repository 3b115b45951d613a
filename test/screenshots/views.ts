import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { readHistory } from '../../bench/history.js';
import { renderBenchPage } from '../../bench/render-bench-page.js';
import { sha256 } from '../../src/disk/load-page.js';
import { EXIT } from '../../src/errors.js';

/** A page or a picture that the program writes. */
export interface View {
  name: string;
  ending: 'html' | 'svg';
  /** Writes it to `file`; what comes about beside it goes to `folder`. */
  make(file: string, folder: string): void | Promise<void>;
}

const RECORDING = resolve('examples/recordings/http-loopback-2cpu.dpcrec');
const WINDOWS = resolve('examples/windows/idle-desktop-16cpu.dpcisr.txt');
const ALL_POLICIES = ['-p', 'pre-vista,vista,msdn,nt52'];
const TICK = ['--param', 'machine.tick=1ms..16msx2'];
const DEQUEUE = ['--param', 'machine.costs.dequeue=100ns,500ns,1us,2us'];
const WINDOW = ['-p', 'vista', '--from', '1ms', '--to', '1.3ms'];

/** Every kind of page but the live one, by the command that writes it. */
export const VIEWS: readonly View[] = [
  report('default', ['run', 'default', '--intervals', 'all']),
  report('four', ['run', 'default', ...ALL_POLICIES, '-n', '300k']),
  report('one-policy', ['run', 'default', '-p', 'vista', '-n', '300k']),
  report('one-machine', ['run', 'w8', '--shards', '1', '-n', '300k']),
  report('unsettled', ['run', 'w8', '-n', '2k']),
  report('processors', ['run', 'w512', '-n', '2M']),
  report('sources', ['run', 'sources.yaml', '-n', '1M']),
  report('replay', ['replay', RECORDING]),
  report('windows', ['run', WINDOWS, '-n', '300k']),
  ...[
    'audio-behind-nic',
    'rogue-driver',
    'work-in-the-isr',
    'low-importance-light',
    'deep-idle',
    'how-a-dpc-helps',
    'moderation',
    'bounded-drains',
    'watchdog',
  ].map((name) => report(name, ['run', name])),
  { name: 'first', ending: 'html', make: firstReport },
  report('fit', ['fit', RECORDING]),
  sweep('sweep-one', ['w8', '-n', '200k', ...TICK]),
  sweep('sweep-two', ['w8', '-n', '100k', ...TICK, ...DEQUEUE]),
  sweep('sweep-three', [
    ...['w8', '-n', '50k', ...TICK, ...DEQUEUE],
    ...['--param', 'machine.costs.dispatch=100ns,1us'],
  ]),
  sweep('sweep-words', [
    ...['remote-completion', '-n', '100k', ...ALL_POLICIES],
    ...['--param', 'sources.0.dpc.importance=low,medium,mediumHigh,high'],
  ]),
  sweep('sweep-sample', [
    ...['default', '-n', '100k', ...ALL_POLICIES, '--sample', '60'],
    ...['--param', 'machine.tick=1ms..16ms', '--param', 'machine.costs.dequeue=100ns..10us'],
  ]),
  command('timeline', 'html', (file) => ['timeline', 'default', ...WINDOW, '-o', file]),
  command('timeline-drawn', 'svg', (file) => ['timeline', 'default', ...WINDOW, '-o', file]),
  command('worst-drawn', 'svg', (file) => [
    ...['worst', 'rogue-driver', '-p', 'vista', '-n', '300k', '-q', '--svg', file],
  ]),
  { name: 'bench', ending: 'html', make: benchPage },
];

/** What views of the list are made from, in `folder`. */
export function writeInputs(folder: string): void {
  const importances = ['low', 'medium', 'mediumHigh', 'high'];
  const sources = Array.from({ length: 1024 }, (_, i) => ({
    name: `queue-${i}`,
    irql: 4 + (i % 7),
    processor: i % 128,
    isr: '1us',
    arrivals: { poisson: '20/s' },
    dpc: {
      target: (i * 7) % 128,
      importance: importances[i % 4],
      service: { exponential: `${3 + (i % 40)}us` },
    },
  }));
  const scenario = {
    name: 'sources',
    machine: { processors: 128 },
    sources,
    policies: ['pre-vista', 'vista'],
  };
  writeFileSync(join(folder, 'sources.yaml'), JSON.stringify(scenario));
}

function report(name: string, words: readonly string[]): View {
  return command(name, 'html', (file) => [...words, '--report', file, '-q']);
}

function command(
  name: string,
  ending: View['ending'],
  words: (file: string) => readonly string[],
): View {
  return { name, ending, make: (file, folder) => dpcbench(folder, words(file)) };
}

function sweep(name: string, words: readonly string[]): View {
  return {
    name,
    ending: 'html',
    make(file, folder) {
      const output = join(folder, name);
      dpcbench(folder, ['sweep', ...words, '-o', output, '-q']);
      copyFileSync(join(output, 'index.html'), file);
    },
  };
}

/** What `npm start` writes: a recording and a scenario. */
function firstReport(file: string, folder: string): void {
  dpcbench(folder, []);
  copyFileSync(join(folder, 'dpcbench-report.html'), file);
}

function dpcbench(folder: string, words: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [resolve('dist/cli.js'), ...words], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // A fit that misses a target is written all the same.
  if (status !== EXIT.ok && status !== EXIT.threshold) throw new Error(words.join(' '));
}

/** The last bench on record as a page. */
async function benchPage(file: string, folder: string): Promise<void> {
  const history = readHistory('bench/history.ndjson');
  const last = history.at(-1);
  if (last === undefined) throw new Error('bench/history.ndjson has no record');
  const entryPoints = { page: 'bench/page/page.ts', style: 'bench/page/page.css' };
  await build({ entryPoints, outdir: folder, bundle: true, format: 'iife', target: 'es2022' });
  const [script, style] = ['page.js', 'style.css'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  writeFileSync(file, renderBenchPage(last, history, { script, style, sha256 }));
}
