import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import type { ResultDocument } from '../../src/result/document.js';
import { runCli } from './run-cli.js';

/** Its DPCs of half a second end the machine. */
const STOPS = `
machine: { processors: 2, watchdog: { routine: 300ms, action: stop } }
sources:
  - name: hangs
    irql: 5
    processor: 1
    arrivals: { poisson: 5/s }
    dpc: { service: { mixture: [{ weight: 9, of: 200us }, { weight: 1, of: 500ms }] } }
policies: [vista]
until: { time: 20s }
`;

interface Row {
  policy: string;
  scope: string;
  name: string;
  figure: string;
  value: string;
}

let folder: string;
const place = (name: string): string => join(folder, name);
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-rows-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function exported(...args: string[]): Promise<{ rows: Row[]; result: ResultDocument }> {
  const files = ['--export', place('r.csv'), '--json', place('r.json')];
  expect((await runCli(['run', ...args, '-q', ...files])).code).toBe(EXIT.ok);
  return {
    rows: parse(readFileSync(place('r.csv'), 'utf8'), { columns: true }),
    result: JSON.parse(readFileSync(place('r.json'), 'utf8')),
  };
}

describe('rows of an exported result', () => {
  it('tell how the first shard went over its time, bin by bin', async () => {
    const { rows, result } = await exported('w8', '-n', '5k', '--warmup', 'none', '--over-time');
    for (const { policy, overTime } of result.results) {
      const own = rows.filter((row) => row.policy === policy && row.scope === 'bin');
      const values = (figure: string, of = /^\d+$/): number[] =>
        own
          .filter((row) => row.figure === figure && of.test(row.name))
          .map(({ value }) => Number(value));
      const { arrivals, endsNs, ipis, processors, queuedNs, waits } = overTime!;
      const lastsNs = endsNs.map((endNs, i) => endNs - (endsNs[i - 1] ?? 0));
      expect(endsNs.length).toBeGreaterThan(5);
      expect(values('end')).toEqual(endsNs);
      expect(values('begin')).toEqual([0, ...endsNs.slice(0, -1)]);
      expect(values('arrivals')).toEqual(arrivals);
      expect(values('ipis')).toEqual(ipis);
      expect(values('dpcWait.count')).toEqual(waits.count);
      expect(values('dpcWait.max')).toEqual(waits.maxNs);
      expect(values('dpcWait.p50')).toEqual(waits.p50Ns.map(Number));
      expect(values('queueDepth.mean')).toEqual(queuedNs.map((ns, i) => ns / lastsNs[i]));
      const busy = processors.busyNs.map((each) => each.map((ns, i) => ns / lastsNs[i]));
      expect(processors.perGroup).toBe(1);
      expect(busy.map((_, cpu) => values('busy', new RegExp(`/cpu${cpu}$`)))).toEqual(busy);
    }
  });

  it('tell how much was simulated, and not whether it had settled unless asked', async () => {
    const { rows, result } = await exported('w8', '-n', '1k', '--warmup', 'none');
    expect(rows.filter(({ scope }) => scope === 'bin')).toEqual([]);
    const run = rows.filter(({ scope }) => scope === 'run');
    expect(run.map(({ policy, figure, value }) => [policy, figure, value])).toEqual([
      ['', 'shards', '1'],
      ['', 'simulated', String(result.meta.durationNs)],
      ['', 'warmup', '0'],
      ['', 'settling', ''],
      ['', 'settled', ''],
    ]);
  });

  it('tell what a watchdog stopped, and whether the machine had settled', async () => {
    const yaml = place('stops.yaml');
    writeFileSync(yaml, STOPS);
    const { rows, result } = await exported(yaml);
    const { meta, results } = result;
    const value = (figure: string): string => rows.find((row) => row.figure === figure)!.value;
    const { shards, first } = results[0].stopped!;
    expect([value('stopped.shards'), value('stopped.share')]).toEqual(
      [shards, shards / meta.shards].map(String),
    );
    expect(value('stopped.first.shard')).toBe(String(first.shard));
    expect(value('stopped.first.processor')).toBe(String(first.processor));
    expect(value('stopped.first.at')).toBe(String(first.atNs));
    expect(value('settling')).toBe(String(meta.settling.ns));
    expect(value('settled')).toBe(meta.settling.state === 'settled' ? '1' : '0');
    expect(Number(value('warmup'))).toBeGreaterThan(0);
  });
});
