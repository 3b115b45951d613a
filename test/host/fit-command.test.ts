import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import { FIT_SCHEMA, type FitDocument } from '../../src/stats/fit.js';
import { countVerdicts } from '../../src/stats/fit-sentence.js';
import { type InventedRun, inventedRecording } from '../fixtures/recordings/invented-recording.js';
import { type Answer, runCli } from './run-cli.js';

const EXAMPLE = 'examples/recordings/http-loopback-2cpu.dpcrec';
const HAND_MADE = 'test/fixtures/recordings/hand-made.ftrace.txt';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-fit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fit = (...args: string[]): Promise<Answer> => runCli(['fit', ...args]);

async function written(name: string, invented: InventedRun): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, writeRecording(inventedRecording(invented)));
  return path;
}

describe('fit', () => {
  it('fits the recording that ships, and ends as its table does', async () => {
    const { code, out, err } = await fit(EXAMPLE);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const vector of ['TIMER', 'NET_RX', 'SCHED', 'RCU']) {
      expect(out).toMatch(new RegExp(`^${vector} +[\\d,]+ 1st half`, 'm'));
    }
    const document = JSON.parse((await fit(EXAMPLE, '--json', '-')).out) as FitDocument;
    expect(document.schema).toBe(FIT_SCHEMA);
    const { met, missed } = countVerdicts(document.vectors);
    expect(out).toContain(`${met} of ${met + missed} percentiles are within them.`);
    // Its two seconds differ by more than the target: docs/fit.md.
    expect(missed).toBeGreaterThan(0);
    expect(code).toBe(EXIT.threshold);
    expect(err).toBe(`${missed} of ${met + missed} percentiles miss their targets.\n`);
  });

  it('passes where the targets are met', async () => {
    const { code, out, err } = await fit(await written('steady.dpcrec', {}));
    expect([code, err]).toEqual([EXIT.ok, '']);
    expect(out).toContain('The targets are met');
  });

  it('does not where a half behaves differently', async () => {
    const path = await written('changed.dpcrec', {
      entryNs: (ns, isLater) => (isLater ? 3 * ns : ns),
    });
    const { code, out } = await fit(path);
    expect(code).toBe(EXIT.threshold);
    expect(out).toMatch(/\d missed/);
  });

  it('never passes where nothing can be judged', async () => {
    const { code, out, err } = await fit(await written('short.dpcrec', { events: 30 }));
    expect(code).toBe(EXIT.noData);
    expect(out).toContain('Nothing could be judged');
    expect(err).toMatch(/No percentile could be judged: record longer/);
  });

  it('prints one document and nothing else with --json -, the same each time', async () => {
    const path = await written('again.dpcrec', { events: 500 });
    const first = await fit(path, '--json', '-', '--seed', '7');
    expect((await fit(path, '--json', '-', '--seed', '7')).out).toBe(first.out);
    expect((await fit(path, '--json', '-', '--seed', '8')).out).not.toBe(first.out);
    expect((JSON.parse(first.out) as FitDocument).meta.seed).toBe(7);
    const file = join(folder, 'fit.json');
    const { out } = await fit(path, '--json', file, '--seed', '7');
    expect(readFileSync(file, 'utf8')).toBe(first.out);
    expect(out).toMatch(/^Latency from raise to entry/);
  });

  it('writes a report beside the answer', async () => {
    const path = await written('reported.dpcrec', {});
    const file = join(folder, 'fit.html');
    const { code, err } = await fit(path, '--report', file);
    expect([code, err]).toEqual([EXIT.ok, `Report: ${file}\n`]);
    const html = readFileSync(file, 'utf8');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain('The targets are met');
    const nowhere = join(folder, 'no', 'fit.html');
    expect((await fit(path, '--report', nowhere)).err).toContain('its folder does not exist');
  });

  it('says nothing and writes nothing after Ctrl-C', async () => {
    const controller = new AbortController();
    const path = await written('interrupted.dpcrec', {});
    const file = join(folder, 'interrupted.json');
    const ended = runCli(['fit', path, '--json', file], controller.signal);
    controller.abort();
    const { code, out } = await ended;
    expect([code, out, existsSync(file)]).toEqual([EXIT.interrupted, '', false]);
  });

  it.each([
    [['none.txt'], EXIT.files, /none\.txt/],
    [[HAND_MADE, '--quiet'], EXIT.usage, /half of the recording has no softirq.*record longer/],
    [[EXAMPLE, '--seed', 'x'], EXIT.usage, /whole number/],
    [[EXAMPLE, '--json', join('no', 'such', 'folder.json')], EXIT.files, /does not exist/],
    [[], EXIT.usage, /missing required argument/],
  ])('%j fails with exit code %d and says why', async (args, code, message) => {
    const answer = await fit(...args);
    expect([answer.code, answer.out]).toEqual([code, '']);
    expect(answer.err).toMatch(message);
    expect(answer.err).not.toContain('    at ');
  });
});
