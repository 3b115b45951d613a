import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ResultDocument } from '../src/result/document.js';
import type { BenchCase } from './bench-case.js';
import { hashDocument } from './hash-document.js';

/**
 * From the start of the command line to the end of a run of a single interrupt: a little more than
 * to the first simulated interrupt, and what can be seen from outside.
 */
export function startCase(root: string): BenchCase {
  return {
    subject: 'command line',
    variant: 'start',
    unit: 'ms',
    resultKey: 'start',
    goal: { relation: 'at most', value: 250 },
    prepare() {
      let output = '';
      return {
        async run() {
          const args = ['run', 'w8', '--interrupts', '1', '--quiet', '--json', '-'];
          output = await runNode([join(root, 'dist/cli.js'), ...args]);
        },
        finish: (ms) => ({
          value: ms,
          hash: hashDocument(JSON.parse(output) as ResultDocument),
        }),
      };
    },
  };
}

/**
 * Prints the process's peak in kB at its end. On Linux from /proc: what `resourceUsage` says begins
 * with the peak of whoever started the process.
 */
const PRINT_PEAK = `
  import { existsSync, readFileSync } from 'node:fs';
  process.on('exit', () => {
    const status = '/proc/self/status';
    const known = existsSync(status) && /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'));
    process.stdout.write(known ? known[1] : String(process.resourceUsage().maxRSS));
  });
`;

/** Greatest resident memory of a run by the command line, workers included. */
export function memoryCases(root: string, folder: string): BenchCase[] {
  return [10, 100].map((millions) => ({
    subject: `w8, ${millions} M`,
    variant: 'peak memory',
    unit: 'MB',
    resultKey: `memory ${millions}`,
    goal: { relation: 'at most', value: 200 },
    prepare() {
      let peak = '';
      mkdirSync(folder, { recursive: true });
      const result = join(folder, 'memory-run.json');
      const hook = `data:text/javascript,${encodeURIComponent(PRINT_PEAK)}`;
      return {
        async run() {
          const args = ['run', 'w8', '--interrupts', `${millions}M`, '--quiet', '--json', result];
          peak = await runNode(['--import', hook, join(root, 'dist/cli.js'), ...args]);
        },
        finish: () => ({
          value: Number(/\d+$/.exec(peak.trim())![0]) / 1e3,
          hash: hashDocument(JSON.parse(readFileSync(result, 'utf8')) as ResultDocument),
        }),
      };
    },
  }));
}

/** What the program prints. Throws when it fails. */
async function runNode(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`dpcbench ended with exit code ${code}: ${complaint}`);
  return output;
}
