import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import type { ResultDocument } from '../../src/result/document.js';
import { inventedRecording } from '../fixtures/recordings/invented-recording.js';
import { type Answer, runCli } from './run-cli.js';

const EXAMPLE = resolve('examples/recordings/http-loopback-2cpu.dpcrec');
const POLICIES = ['--policy', 'pre-vista,vista', '--quiet'];
const PLACE = join('.dpcbench', 'baselines', 'main.json');
const home = process.cwd();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-replay-gate-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const replay = (...args: string[]): Promise<Answer> => runCli(['replay', ...args, ...POLICIES]);

describe('gates of replay', () => {
  it.each([
    ['vista.dpcWait.p50 > 1h', EXIT.ok, 'pass'],
    ['vista.ipis > 0', EXIT.threshold, 'FAIL'],
    ['vista.dpcWait.p9999 > 1h', EXIT.noData, 'NO DATA'],
    ['vista.sources.softirq/NET_RX.dpcWait.p50 > 0', EXIT.threshold, 'FAIL'],
  ])('%s ends with %d', async (condition, code, word) => {
    const answer = await replay(EXAMPLE, '--fail-if', condition);
    expect(answer.code).toBe(code);
    expect(answer.out).toMatch(new RegExp(`^${word} +vista\\.`, 'm'));
  });

  it('are written as JUnit', async () => {
    expect((await replay(EXAMPLE, '--fail-if', 'vista.ipis > 0', '--junit', 'g.xml')).code).toBe(
      EXIT.threshold,
    );
    expect(readFileSync('g.xml', 'utf8')).toContain('tests="1" failures="1" errors="0"');
  });

  it('hold against a baseline of the same recording, and save none that fails', async () => {
    const failed = ['--save-baseline', 'main', '--fail-if', 'vista.ipis > 0'];
    expect((await replay(EXAMPLE, ...failed)).code).toBe(EXIT.threshold);
    expect(existsSync(PLACE)).toBe(false);
    expect((await replay(EXAMPLE, '--save-baseline', 'main')).code).toBe(EXIT.ok);
    expect(readdirSync(join('.dpcbench', 'baselines'))).toEqual(['main.json']);

    const gate = ['--baseline', 'main', '--fail-on-regression', '0%'];
    const same = await replay(EXAMPLE, ...gate);
    expect([same.code, same.err]).toEqual([EXIT.ok, '']);
    expect(same.out).toContain('All simulated figures are the same.');

    const better = JSON.parse(readFileSync(PLACE, 'utf8')) as ResultDocument;
    better.results[1].latency.dpcWait.p99Ns! /= 2;
    writeFileSync(PLACE, JSON.stringify(better));
    const worse = await replay(EXAMPLE, ...gate);
    expect(worse.code).toBe(EXIT.regression);
    expect(worse.out).toMatch(/^FAIL +vista\.dpcWait\.p99 within/m);
  });

  it('pass nothing on by a baseline of another recording, and refuse one of nothing', async () => {
    writeFileSync('other.dpcrec', writeRecording(inventedRecording({ events: 200 })));
    expect((await replay(EXAMPLE, '--save-baseline', 'main')).code).toBe(EXIT.ok);
    const lax = ['--baseline', 'main', '--fail-on-regression', '900%'];
    const other = await replay('other.dpcrec', ...lax);
    expect(other.code).toBe(EXIT.noData);
    expect(other.out).toMatch(/sources\["softirq\/RCU"\] +only before/);
    const nothing = await replay(EXAMPLE, '--fail-on-regression', '5%');
    expect([nothing.code, nothing.out]).toEqual([EXIT.usage, '']);
    expect(nothing.err).toMatch(/nothing to compare with.*--baseline/);
  });

  it('judge a changed machine by the figures of one recording, which is all there is', async () => {
    const against = ['--against', EXAMPLE, '--fail-on-regression', '5%'];
    const slower = await replay(EXAMPLE, '--set', 'machine.costs.dispatch=5us', ...against);
    expect(slower.code).toBe(EXIT.regression);
    expect(slower.out).toMatch(/^FAIL +vista\.dpcWait\.p50/m);
    const faster = await replay(EXAMPLE, '--set', 'machine.costs.clock=900ns', ...against);
    expect(faster.out).toMatch(/^pass +none of 14 figures is a regression/m);
  });
});
