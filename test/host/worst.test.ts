import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli.js';
import { formatWorstWaits } from '../../src/export/worst-wait.js';
import { buildReportModel } from '../../src/report/build-model.js';
import type { ResultDocument } from '../../src/result/document.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { findWorstWaits } from '../../src/run/worst-wait.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { noDpcScenario } from '../fixtures/scenarios/no-dpc.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { inventedWait } from '../fixtures/results/invented-wait.js';
import { runCli } from './run-cli.js';

const BUSY = { busy: { exponential: '300us' }, idle: { exponential: '200us' }, passive: '20us' };

function scenarioOf(until: object): Scenario {
  return resolveScenario({
    name: 'worst',
    machine: { processors: 3, tick: '1ms', background: [{ ...BUSY, dispatch: '5us' }] },
    sources: [
      {
        name: 'nic',
        irql: 6,
        processor: [0, 1, 2],
        isr: '1us',
        arrivals: { poisson: '20k/s' },
        dpc: { target: 'current', objects: 'per-processor', service: { exponential: '9us' } },
      },
      {
        name: 'disk',
        irql: 5,
        processor: 0,
        isr: '2us',
        arrivals: { poisson: '5k/s' },
        dpc: { importance: 'high', target: 1, service: '12us' },
      },
      { name: 'timer', timer: { due: '1ms', period: '2ms' }, processor: 2, service: '30us' },
    ],
    policies: ['pre-vista', 'vista', 'msdn'],
    until,
  });
}

describe('the longest wait found again', () => {
  it.each([
    { name: 'by time', until: { time: '400ms' }, options: { seed: 3 } },
    { name: 'by interrupts', until: { interrupts: 8000 }, options: { seed: 4, shards: 3 } },
    { name: 'without a warm-up', until: { time: '80ms' }, options: { warmup: 'none' as const } },
  ])('is the maximum that run prints, $name', async ({ until, options }) => {
    const scenario = scenarioOf(until);
    const run = await runBenchmark(scenario, { ...options, workers: 1 });
    const { document, worst } = await findWorstWaits(scenario, { ...options, workers: 1 });
    expect({ ...document, meta: { ...document.meta, host: null } }).toEqual({
      ...run,
      meta: { ...run.meta, host: null },
    });
    worst.forEach((each, i) => {
      const { maxNs } = run.results[i].latency.dpcWait;
      expect(each?.waitNs).toBe(maxNs);
      expect(each?.parts.reduce((sum, { ns }) => sum + ns, 0)).toBe(maxNs);
      expect(each?.shard).toBeLessThan(run.meta.shards);
    });
  });

  it('is that of a source, if one is named', async () => {
    const scenario = scenarioOf({ time: '200ms' });
    const run = await runBenchmark(scenario, { workers: 1 });
    for (const [index, source] of ['nic', 'disk'].entries()) {
      const { worst } = await findWorstWaits(scenario, { source, workers: 1 });
      worst.forEach((each, i) => {
        expect(each?.waitNs).toBe(run.results[i].sources[index].latency.dpcWait.maxNs);
        expect(each?.dpc.startsWith(source)).toBe(true);
      });
    }
    await expect(findWorstWaits(scenario, { source: 'timer' })).rejects.toThrow(
      /--source timer: it has no DPC of its own/,
    );
    await expect(findWorstWaits(scenario, { source: 'nix' })).rejects.toThrow(/no such source/);
  });

  it('is told with the same bytes again, whatever the number of workers', async () => {
    const scenario = scenarioOf({ time: '200ms' });
    const texts = [];
    for (const workers of [1, 2]) {
      const { document, worst } = await findWorstWaits(scenario, { workers });
      texts.push(formatWorstWaits(document, worst, { source: null }));
    }
    expect(texts[0]).toBe(texts[1]);
    for (const line of texts[0].split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const { document, worst } = await findWorstWaits(scenario, { workers: 1 });
    const narrow = formatWorstWaits(document, worst, { source: null, width: 60 });
    // The table of parts keeps its columns.
    for (const line of narrow.split('\n').filter((each) => !each.includes(' %  '))) {
      expect(line.length).toBeLessThanOrEqual(60);
    }
  });

  it('is none where no DPC was taken', async () => {
    const scenario = noDpcScenario();
    const { document, worst } = await findWorstWaits(scenario, { warmup: 'none' });
    expect(new Set(worst)).toEqual(new Set([null]));
    expect(formatWorstWaits(document, worst, { source: null })).toContain('no DPC was taken');
  });
});

describe('dpcbench worst', () => {
  it('changes the scenario and replays recordings as run does', async () => {
    const set = ['--set', 'machine.costs.clock=2us', '-t', '20ms', '-p', 'vista', '-q'];
    expect((await runCli(['worst', 'default', ...set])).code).toBe(0);
    const recording = 'examples/recordings/http-loopback-2cpu.dpcrec';
    const replayed = await runCli(['worst', recording, '-p', 'msdn', '-t', '200ms', '-q']);
    expect(replayed.code).toBe(0);
    expect(replayed.out).toContain('Where the wait went:');
    const state = await runCli(['inspect', recording, '-p', 'msdn', '--at', '10ms']);
    expect(state.code).toBe(0);
    expect(state.out).toContain('!dpcs');
  });

  it('answers on standard output and names what cannot be', async () => {
    const args = ['worst', 'default', '-p', 'vista', '-t', '20ms', '-q'];
    const { out, code } = await runCli(args);
    expect(code).toBe(0);
    expect(out).toContain('Where the wait went:');
    const unknown = await runCli([...args, '--source', 'x\u001b[2J']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('there is no such source');
    expect(unknown.err).not.toContain('\u001b');
  });
});

describe('the report of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-waits-'));
  const file = (name: string): string => join(folder, name);
  const told = (name: string): string[] =>
    readFileSync(file(name), 'utf8').match(/<details class="longest".*?<\/details>/gs) ?? [];
  afterAll(() => rmSync(folder, { recursive: true }));

  it('tells the longest waits, as it does by way of journals', async () => {
    const common = ['default', '-t', '20ms', '--shards', '2', '--warmup', 'none', '-q'];
    const whole = ['--report', file('run.html'), '--json', file('run.json')];
    expect((await runCli(['run', ...common, ...whole])).code).toBe(0);
    expect(told('run.html')).toHaveLength(2);
    for (const wait of told('run.html')) expect(wait).toContain('<b>R10</b> Processor ');
    const parts = [1, 2].map((i) => file(`${i}.journal`));
    for (const [i, journal] of parts.entries()) {
      const part = ['--shard', `${i + 1}/2`, '--journal', journal];
      expect((await runCli(['run', ...common, ...part])).code).toBe(0);
    }
    const merged = ['merge', ...parts, '--report', file('merged.html'), '-q'];
    expect((await runCli(merged)).code).toBe(0);
    expect(told('merged.html')).toEqual(told('run.html'));
  });

  it('of many parts has the first of them, and one line for the time of all others', async () => {
    const told = inventedWait('vista');
    if (told.kind !== 'told') throw new Error('a wait was expected');
    const parts = Array.from({ length: 9 }, (_, i) => ({
      stage: 'asked' as const,
      activity: `part ${i}`,
      ns: 100 + i,
    }));
    const text = formatWorstWaits(inventedResult(), [{ ...told.worst, parts }], { source: null });
    expect(text).toMatch(/105 ns .*part 5\n +321 ns +0\.1 % +3 more\n/);
    expect(text).not.toContain('part 6');
  });

  it('out of a file has the command', async () => {
    const document = JSON.parse(readFileSync(file('run.json'), 'utf8')) as ResultDocument;
    const command = `dpcbench worst default -t 20ms --shards 2 --warmup none`;
    expect(document.meta.host.worstCommand).toBe(command);
    const [{ latency }] = document.results;
    latency.dpcWait.maxNs = Math.max(latency.dpcWait.maxNs, 1_000_000);
    latency.dpcWait.p99Ns = 1_000;
    expect(buildReportModel([document]).sections[0].longest).toMatchObject({
      waits: null,
      command,
    });
  });

  it('is not written when the reader does not want to wait, and the answer stands', async () => {
    const interrupt = new AbortController();
    const answer = { out: '', err: '' };
    const write = (name: 'out' | 'err') => (text: string) => {
      answer[name] += text;
      // The run is over: the answer is being printed.
      if (name === 'out') interrupt.abort();
      return true;
    };
    const args = ['run', 'default', '-t', '20ms', '--warmup', 'none', '--report', file('no.html')];
    const code = await run([...args, '-q'], {
      out: write('out'),
      err: write('err'),
      colours: false,
      width: 80,
      isInteractive: false,
      lost: null,
      listening: (work) => work(interrupt.signal),
    });
    expect([code, answer.err]).toEqual([130, 'Interrupted: the report was not written.\n']);
    expect(answer.out).toContain('pre-vista');
    expect(existsSync(file('no.html'))).toBe(false);
  });
});
