import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { start, startShell } from './run-process.js';

const RECORDING = resolve('test/fixtures/recordings/http-loopback-end.perf-script.txt.gz');
const FAILING = ['--fail-if', 'vista.arrivals > 1'];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-streams-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The exit code of a command whose standard output nobody reads, from its first byte on. */
async function codeUnread(args: readonly string[]): Promise<number | string> {
  const { child, ended } = start(args, { cwd: folder });
  child.stdout.destroy();
  return ended;
}

describe('a reader of standard output that has gone', () => {
  it('changes no gate, and no file that was asked for', async () => {
    const names = { json: 'r.json', report: 'r.html', junit: 'r.xml', 'save-baseline': 'kept' };
    const files = Object.entries(names).flatMap(([option, name]) => [`--${option}`, name]);
    const run = ['run', 'w8', '-n', '3000', '-q', ...files];
    expect(await codeUnread([...run, ...FAILING])).toBe(EXIT.threshold);
    expect(readFileSync(join(folder, 'r.json'), 'utf8')).toMatch(/^\{"schema"/);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(readFileSync(join(folder, 'r.xml'), 'utf8')).toContain('<failure');
    const baseline = join(folder, '.dpcbench/baselines/kept.json');
    expect(existsSync(baseline)).toBe(false);
    expect(await codeUnread([...run, '--fail-if', 'vista.arrivals < 1'])).toBe(EXIT.ok);
    expect(existsSync(baseline)).toBe(true);
  });

  it('leaves compare, check, validate and fit their exit codes', async () => {
    await start(['run', 'w8', '-n', '3000', '--json', 'one.json'], { cwd: folder }).ended;
    const commands: [string[], number][] = [
      [['compare', 'one.json', 'one.json', ...FAILING], EXIT.threshold],
      [['check', 'w8', 'none.yaml'], EXIT.files],
      [['validate', '-n', '10', '-q'], EXIT.noData],
      [['fit', RECORDING, '-q'], EXIT.noData],
      [['run', 'w8', '-n', '3000', '--json', '-', ...FAILING], EXIT.threshold],
      [['policies'], EXIT.ok],
    ];
    for (const [args, code] of commands) {
      expect([args, await codeUnread(args)]).toEqual([args, code]);
    }
  });

  it('is no matter of luck', async () => {
    const line = `set -o pipefail; $D run w8 -n 3000 --fail-if 'vista.ipis > 1' -q | head -3`;
    for (let i = 0; i < 5; i++) expect(await startShell(line).ended).toBe(EXIT.threshold);
  });

  it('ends an event log quietly', async () => {
    const { texts, ended } = startShell('set -o pipefail; $D trace w8 -p vista -n 1M | head -3');
    expect([await ended, texts.err]).toEqual([EXIT.ok, '']);
    expect(texts.out.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('a closed standard error', () => {
  it('changes no exit code', async () => {
    for (const [args, code] of [
      [['run', 'w8', '-n', '3000', ...FAILING], EXIT.threshold],
      [['run', 'none.yaml'], EXIT.files],
      [['run', 'w8', '--wrong'], EXIT.usage],
      [['run', 'w8', '-n', '3000', '--report', 'unsaid.html'], EXIT.ok],
    ] as const) {
      const { child, ended } = start(args, { cwd: folder });
      child.stderr.destroy();
      expect([args, await ended]).toEqual([args, code]);
    }
    expect(await startShell('$D run none.yaml 2>&-').ended).toBe(EXIT.files);
    expect(await startShell('$D policies >&-').ended).toBe(EXIT.ok);
  });
});

// `/dev/full` is a device that is always full.
describe('a full disk', () => {
  it('under standard output is said, with the code for files', async () => {
    for (const command of ['policies', '--help', 'trace w8 -p vista -n 2000', 'run w8 -n 3000']) {
      const { texts, ended } = startShell(`$D ${command} >/dev/full`);
      expect([command, await ended]).toEqual([command, EXIT.files]);
      expect(texts.err).toBe('standard output: the disk is full: not everything was written\n');
    }
  });

  it('under standard error gives the same code, unless there is a worse one', async () => {
    const run = '$D run w8 -n 3000 --report full.html 2>/dev/full';
    expect(await startShell(run, { cwd: folder }).ended).toBe(EXIT.files);
    expect(existsSync(join(folder, 'full.html'))).toBe(true);
    expect(await startShell('$D run w8 --wrong 2>/dev/full').ended).toBe(EXIT.usage);
  });

  it('does not stand in the way of a gate', async () => {
    const line = `$D run w8 -n 3000 --fail-if 'vista.ipis > 1' --json r2.json >/dev/full`;
    expect(await startShell(line, { cwd: folder }).ended).toBe(EXIT.threshold);
    expect(existsSync(join(folder, 'r2.json'))).toBe(true);
  });

  it('under one file keeps neither the others nor the gates', async () => {
    const line =
      '$D run w8 -n 3000 --json /dev/full --report beside.html ' + `--fail-if 'vista.ipis > 1'`;
    const { texts, ended } = startShell(line, { cwd: folder });
    expect(await ended).toBe(EXIT.threshold);
    expect(texts.err).toContain('/dev/full: cannot be written: the disk is full');
    expect(texts.out).toContain('FAIL');
    expect(existsSync(join(folder, 'beside.html'))).toBe(true);
  });
});
