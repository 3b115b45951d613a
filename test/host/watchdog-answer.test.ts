import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import type { ResultDocument } from '../../src/result/document.js';
import { lead } from '../../src/stats/verdict.js';
import { timeoutSentences } from '../../src/stats/watchdog.js';
import { runCli } from './run-cli.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-watchdog-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A routine of 10 ms on processor 1, now and then, against a limit of 5 ms. */
function scenarioFile(action: 'count' | 'stop', watchdog: object = { routine: '5ms' }): string {
  const path = join(folder, `${action}.json`);
  writeFileSync(
    path,
    JSON.stringify({
      machine: { processors: 2, tick: '1ms', watchdog: { ...watchdog, action } },
      sources: [
        { name: 'nic', irql: 6, arrivals: { poisson: 10_000 }, dpc: { service: '5us' } },
        {
          name: 'rogue',
          irql: 5,
          processor: 1,
          arrivals: { poisson: 100 },
          dpc: {
            service: {
              mixture: [
                { weight: 9, of: '50us' },
                { weight: 1, of: '10ms' },
              ],
            },
          },
        },
      ],
      policies: ['vista'],
      until: { time: '1s' },
    }),
  );
  return path;
}

async function resultOf(path: string, ...args: string[]): Promise<ResultDocument> {
  const { code, out, err } = await runCli(['run', path, ...args, '--json', '-']);
  expect([code, err]).toEqual([EXIT.ok, '']);
  return JSON.parse(out) as ResultDocument;
}

describe('where a watchdog stops the machine', () => {
  it('the answer says so before any figure, as the blue screen would', async () => {
    const { code, out } = await runCli(['run', scenarioFile('stop'), '--shards', '1']);
    expect(code).toBe(EXIT.ok);
    const [before] = out.split('DPC latency');
    expect(before.replaceAll('\n', ' ')).toMatch(
      new RegExp(
        'Warning: DPC_WATCHDOG_VIOLATION \\(133\\), argument 0: a single DPC or ISR exceeded its ' +
          'time allotment: the machine stopped at [\\d.]+ ms on processor 1, in the DPC rogue\\.',
      ),
    );
  });

  it('the result has processor, instant and culprit, and its figures end there', async () => {
    const { meta, results, warnings } = await resultOf(
      scenarioFile('stop'),
      '--shards',
      '1',
      '--warmup',
      'none',
    );
    const [{ stopped, counters }] = results;
    expect(stopped).toMatchObject({
      shards: 1,
      first: { shard: 0, kind: 'routine', processor: 1, dpc: 'rogue', isr: null },
    });
    expect(stopped!.first.atNs).toBe(meta.durationNs);
    expect(meta.durationNs).toBeLessThan(1e9);
    expect(counters).toMatchObject({ routineTimeouts: 1, dispatchTimeouts: 0 });
    expect(warnings).toMatchObject([{ kind: 'stopped', subjects: ['processor 1'], share: 1 }]);
  });

  it('in the warm-up already, the answer says so though nothing was measured', async () => {
    const path = scenarioFile('stop');
    const { meta, results } = await resultOf(path, '--shards', '1', '--warmup', '500ms');
    expect(results[0].stopped!.first.atNs).toBeLessThan(5e8);
    expect([meta.durationNs, results[0].counters.arrivals]).toEqual([0, 0]);
    const report = join(folder, 'w.html');
    const { code, out } = await runCli([
      'run',
      path,
      '--shards',
      '1',
      '--warmup',
      '500ms',
      '--report',
      report,
      '-q',
    ]);
    expect(code).toBe(EXIT.ok);
    expect(out).toContain('DPC_WATCHDOG_VIOLATION');
    expect(out).not.toContain('NaN');
  });

  it('shards that stopped are counted, and the first of them is told', async () => {
    const path = scenarioFile('stop');
    const { results } = await resultOf(path, '--shards', '8');
    const { stopped } = results[0];
    expect(stopped!.shards).toBeGreaterThan(1);
    expect(results[0].counters.routineTimeouts).toBe(stopped!.shards);
    const { out } = await runCli(['run', path, '--shards', '8']);
    expect(out.replaceAll('\n', ' ')).toContain(
      `${stopped!.shards} of 8 shards stopped, the first (${stopped!.first.shard}) at`,
    );
  });

  it('a machine without a routine names none, and its other argument', async () => {
    const path = scenarioFile('stop', { dispatch: '5ms' });
    const { results, warnings } = await resultOf(path, '--shards', '1');
    expect(results[0].stopped!.first).toMatchObject({ kind: 'dispatch', processor: 1 });
    expect(warnings[0].sentence).toContain('argument 1: the system cumulatively spent');
  });

  it('timeouts that are only counted are said first, too', async () => {
    const { results, warnings } = await resultOf(scenarioFile('count'), '--shards', '1');
    expect(results[0]).not.toHaveProperty('stopped');
    const { routineTimeouts } = results[0].counters;
    expect(routineTimeouts).toBeGreaterThan(1);
    const counted = `${routineTimeouts} timeouts of a single DPC or ISR: with these limits`;
    expect(warnings[0].sentence.startsWith(counted)).toBe(true);
  });

  it('the report says it too, and has a column of timeouts', async () => {
    const report = join(folder, 'r.html');
    const path = scenarioFile('stop');
    const { code } = await runCli(['run', path, '--shards', '1', '--report', report, '-q']);
    expect(code).toBe(EXIT.ok);
    const html = readFileSync(report, 'utf8');
    expect(html).toContain('DPC_WATCHDOG_VIOLATION (133), argument 0');
    expect(html).toContain('Routine timeouts');
  });
});

describe('a gate on timeouts', () => {
  it('fails where there are any, and has no data where nothing is limited', async () => {
    const gate = ['--shards', '1', '-q', '--fail-if', 'vista.routineTimeouts > 0'];
    expect((await runCli(['run', scenarioFile('count'), ...gate])).code).toBe(EXIT.threshold);
    const { code, out } = await runCli(['run', 'w1', '-n', '100', ...gate]);
    expect(code).toBe(EXIT.noData);
    expect(out.replace(/\s+/g, ' ')).toContain('vista.routineTimeouts is not counted');
  });
});

describe('where a watchdog counts', () => {
  it('the answer names the driver and the processor', async () => {
    const path = scenarioFile('count', { routine: '5ms', dispatch: '8ms' });
    const scenario = JSON.parse(readFileSync(path, 'utf8'));
    const focus = { counter: ['routineTimeouts', 'dispatchTimeouts'] };
    writeFileSync(path, JSON.stringify({ ...scenario, focus }));
    const document = await resultOf(path, '--shards', '1');
    const { routineTimeouts } = document.results[0].processors[1].counters;
    expect(routineTimeouts).toBeGreaterThan(2);
    const said = timeoutSentences(document);
    expect(said[0]).toBe(
      'Under vista, rogue reaches the limit of a single DPC or ISR (5 ms) ' +
        `${routineTimeouts} times on processor 1: its longest DPC ran 10 ms.`,
    );
    expect(lead(document)).toEqual(said);
    // With a second driver of such DPCs there, which one it was is not known.
    const two = structuredClone(document);
    const [result] = two.results;
    two.scenario.sources.push({ ...two.scenario.sources[1], name: 'other' });
    result.sources.push({ ...result.sources[1], name: 'other' });
    expect(timeoutSentences(two)[0]).toBe(
      'Under vista, the limit of a single DPC or ISR (5 ms) is reached ' +
        `${routineTimeouts} times on processor 1.`,
    );
    // A driver that takes most of the processor is named for the time at DISPATCH.
    const busy = structuredClone(document);
    const [, { counters, timeSplit }] = busy.results[0].processors;
    [counters.routineTimeouts, counters.dispatchTimeouts] = [0, 2];
    const timeNs = Object.values(timeSplit).reduce((sum: number, ns) => sum + (ns ?? 0), 0);
    const { execution } = busy.results[0].sources[1];
    [execution!.dpc.totalNs, execution!.isr.totalNs] = [0.9 * timeNs, 0];
    expect(timeoutSentences(busy)).toEqual([
      'Under vista, rogue takes 90 % of processor 1 for its ISRs and DPCs, and the limit of the ' +
        'time at DISPATCH (8 ms) is reached twice.',
    ]);
  });
});
