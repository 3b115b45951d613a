import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { type Browser, chromium, type Page } from 'playwright-core';
import { playPage } from '../src/disk/load-play.js';
import type { PlayState } from '../src/play/play-state.js';
import { formatCount } from '../src/units.js';
import { findBrowser } from '../test/browser/find-browser.js';
import { mainThreadTasks, residentMegabytes, watchFrames } from './page-watch.js';
import { summarise } from './statistics.js';
import { threeDigits } from './table.js';

/** Built to build/bench/live-page.mjs, two folders below the root. */
const ROOT = join(import.meta.dirname, '../..');
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
/** How long the page is traced from its start. */
const TRACED_MS = 5_000;

interface Options {
  scenario: string;
  policies: [string, string];
  interrupts: number;
  rounds: number;
}

/** Rows of the table: a name, a unit, and a figure of each round. */
type Figures = Map<string, { unit: string; values: number[] }>;

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const path = process.env['DPCBENCH_CHROMIUM'] ?? (await findBrowser(process));
  if (path === null) throw new Error('There is no Chromium: name one with DPCBENCH_CHROMIUM.');
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-page-'));
  const browser = await chromium.launch({ executablePath: path, args: FLAGS });
  try {
    const address = writePage(folder, options);
    const figures: Figures = new Map();
    for (let round = 0; round < options.rounds; round++) {
      progress(`round ${round + 1} of ${options.rounds}: the page`);
      const page = await runInPage(browser, address, options, figures);
      progress(`round ${round + 1} of ${options.rounds}: the command line`);
      const one = await runByCommand(options, 1);
      add(figures, 'by run --workers 1', 'M interrupts/s', one);
      add(figures, 'a policy in the page / that', '', page / one);
      const both = await runByCommand(options, options.policies.length);
      add(figures, 'by run --workers 2', 'M interrupts/s', both);
      add(figures, 'both policies in the page / that', '', (options.policies.length * page) / both);
    }
    progress('a traced run');
    const longest = await traceStart(browser, address);
    add(figures, 'longest task since the start, its own time', 'ms', longest);
    progress('');
    process.stdout.write(table(options, browser.version(), figures));
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readOptions(args: readonly string[]): Options {
  const program = new Command('npm run bench:page --')
    .description('Measures the live page: frames, tasks, speed against the command line, memory.')
    .option('--scenario <name>', 'a name of the catalogue', 'w8')
    .option('--policies <a,b>', 'two policies', 'pre-vista,vista')
    .option('--interrupts <n>', 'interrupts of a policy, a round', parseCount, 100_000_000)
    .option('--rounds <n>', 'interleaved rounds', parseCount, 5)
    .parse(args, { from: 'user' });
  const flags = program.opts<Options & { policies: string }>();
  return { ...flags, policies: flags.policies.split(',') as [string, string] };
}

function parseCount(text: string): number {
  const count = Number(text.replaceAll('_', ''));
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

function writePage(folder: string, { interrupts, policies, scenario }: Options): string {
  const file = join(folder, 'play.html');
  const rest = { seed: 1, speedNs: null, view: null };
  const start: PlayState = { scenario: { name: scenario }, policies, interrupts, ...rest };
  writeFileSync(file, playPage(start));
  return pathToFileURL(file).href;
}

/**
 * Runs that start anew on a page that is open: one is timed, the next one's frames are watched,
 * which takes time itself. Answers million interrupts a second.
 */
async function runInPage(
  browser: Browser,
  address: string,
  { interrupts }: Options,
  figures: Figures,
): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(address);
  await page.getByText('so far:').waitFor({ timeout: 0 });
  const before = await heapMegabytes(page);
  const speed = interrupts / (await runToEnd(page, 2)) / 1e3;
  await page.evaluate(watchFrames);
  await runToEnd(page, 3);
  const { frames, tasks } = await page.evaluate(() => globalThis.dpcbenchWatch!);
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))];
  add(figures, 'a frame, p50', 'ms', at(0.5));
  add(figures, 'a frame, p99', 'ms', at(0.99));
  add(figures, 'the longest frame', 'ms', at(1));
  add(figures, 'frames over 50 ms, of 1,000', '', (1e3 * over(sorted)) / sorted.length);
  add(figures, 'the longest task', 'ms', Math.max(0, ...tasks));
  add(figures, 'a policy, in the page', 'M interrupts/s', speed);
  add(figures, 'heap of the page at the start', 'MB', before);
  add(figures, 'heap of the page at the end', 'MB', await heapMegabytes(page));
  const resident = await residentMegabytes(browser);
  if (resident !== null) add(figures, 'page and workers, resident', 'MB', resident);
  await page.close();
  return speed;
}

/** How long a run takes from the key that starts it, in ms. */
async function runToEnd(page: Page, seed: number): Promise<number> {
  const startedMs = performance.now();
  await page.getByLabel('Seed').fill(String(seed));
  await page.keyboard.press('Enter');
  const end = page.getByText('To the last digit');
  await end.waitFor({ state: 'detached', timeout: 0 });
  await end.waitFor({ timeout: 0 });
  return performance.now() - startedMs;
}

function over(frames: readonly number[]): number {
  return frames.filter((ms) => ms > 50).length;
}

async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}

/** Million interrupts a second, all workers together. Decisions are counted, as in the page. */
async function runByCommand(
  { interrupts, policies, scenario }: Options,
  workers: number,
): Promise<number> {
  const count = String(interrupts);
  const words = ['run', scenario, '-p', policies.join(','), '-s', '2', '-n', count];
  const startedMs = performance.now();
  const how = ['--workers', String(workers), '--decisions', '--quiet'];
  const command = [join(ROOT, 'dist/cli.js'), ...words, ...how];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`dpcbench ${words.join(' ')} ended with exit code ${code}`);
  return (policies.length * interrupts) / (performance.now() - startedMs) / 1e3;
}

/**
 * From the start of the page: the longest task in its thread's own processor time, which does not
 * grow when others use the machine.
 */
async function traceStart(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await browser.startTracing(page, { categories: ['toplevel'] });
  await page.goto(address);
  await page.waitForTimeout(TRACED_MS);
  const tasks = mainThreadTasks((await browser.stopTracing()).toString('utf8'));
  await page.close();
  return Math.max(...tasks);
}

function add(figures: Figures, name: string, unit: string, value: number): void {
  const row = figures.get(name) ?? { unit, values: [] };
  row.values.push(value);
  figures.set(name, row);
}

function table(
  { interrupts, policies, rounds, scenario }: Options,
  version: string,
  figures: Figures,
): string {
  const rows = [...figures].map(([name, { unit, values }]) => {
    const { max, median, min } = summarise(values);
    const cells = [median, min, max].map((value) => threeDigits(value).padStart(9));
    return `${name.padEnd(44)}${cells.join('')}  ${unit}`.trimEnd();
  });
  return [
    `${scenario}, ${policies.join(' and ')}, ${formatCount(interrupts)} interrupts each, ` +
      `rounds: ${rounds};`,
    `Chromium ${version}, ${cpus().length} processors (${cpus()[0].model.trim()})`,
    '',
    `${''.padEnd(44)}${['median', 'least', 'greatest'].map((word) => word.padStart(9)).join('')}`,
    ...rows,
    '',
  ].join('\n');
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

await main(process.argv.slice(2));
