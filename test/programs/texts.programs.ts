import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/result/document.js';
import { runCli } from '../host/run-cli.js';

/** ISRs run on CPU 0 and their DPCs on others, so that a routine's time is from start to end. */
const SCENARIO = `
machine: { processors: 3 }
sources:
  - name: nic port
    irql: 6
    processor: 0
    isr: { exponential: 2us }
    arrivals: { poisson: 20k/s }
    dpc: { target: 1, service: { exponential: 20us } }
  - name: disk.sys
    irql: 6
    processor: 0
    isr: 3us
    arrivals: { periodic: { period: 37123ns } }
    dpc: { target: 2, service: { lognormal: { mean: 30us, p99: 400us } } }
policies: [vista]
until: { time: 700ms }
`;

interface Ran {
  kind: 'isr' | 'dpc';
  module: string;
  processor: number;
  ns: number;
}

let folder: string;
let ran: Ran[];
const at = (name: string): string => join(folder, name);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

async function printed(format: string): Promise<string> {
  const { code, out, err } = await runCli(['trace', at('s.yaml'), '--format', format]);
  expect([code, err]).toEqual([0, '']);
  return out;
}

/** Runs a program of the host's. Without the program the test fails. */
function program(name: string, ...args: readonly string[]): string {
  return execFileSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What gawk prints of a text, in rows of cells. */
function gawk(script: string, text: string): string[][] {
  writeFileSync(at('text'), text);
  return program('gawk', '-v', 'OFS=\t', script, at('text'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-programs-'));
  writeFileSync(at('s.yaml'), SCENARIO);
  const starts = new Map<string, number>();
  ran = (await printed('ndjson'))
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const { e, p, t, source, dpc } = JSON.parse(line) as Record<string, string | number>;
      const kind = String(e).slice(0, 3) as Ran['kind'];
      const key = `${kind} ${p}`;
      if (e === 'isr-start' || e === 'dpc-start') starts.set(key, Number(t));
      if (e !== 'isr-end' && e !== 'dpc-end') return [];
      const name = String(source ?? dpc).replace(/@.*/, '');
      const module = name === 'nic port' ? 'nic_port.sys' : name;
      return [{ kind, module, processor: Number(p), ns: Number(t) - starts.get(key)! }];
    });
  expect(ran.length).toBeGreaterThan(50_000);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What gnuplot put into a table. */
function pointsOf(name: string): number[][] {
  return readFileSync(at(name), 'utf8')
    .split('\n')
    .filter((line) => /^\s*\d/.test(line))
    .map((line) => line.trim().split(/\s+/).map(Number));
}

const of = (kind: string, module: string | null, processor: number | null): number[] =>
  ran
    .filter((one) => one.kind === kind && (module === null || one.module === module))
    .filter((one) => processor === null || one.processor === processor)
    .map(({ ns }) => ns);

describe('gnuplot', () => {
  it('plots a .hgrm as the example beside HdrHistogram does, over 1/(1-percentile)', async () => {
    const args = ['run', at('s.yaml'), '-q', '--json', '-', '--export', at('r.hgrm')];
    const { code, out } = await runCli(args);
    expect(code).toBe(0);
    const [{ distribution, latency }] = (JSON.parse(out) as ResultDocument).results;
    const { counts, highNs } = distribution.dpcWait;
    const file = at('r.vista.dpcWait.hgrm');
    const plots = ['points', 'counts'].map(
      (name, i) =>
        `set table '${at(name)}'; plot '${file}' using ${i === 0 ? '4:1' : '3:1'} with lines`,
    );
    const ends = `stats '${file}' using 1 nooutput; print STATS_max, STATS_records`;
    program('gnuplot', '-e', `set logscale x; set format '%.12g'; ${plots.join('; ')}`);
    program('gnuplot', '-e', `set print '${at('ends')}'; ${ends}`);
    const [maxUs, records] = readFileSync(at('ends'), 'utf8').split(' ').map(Number);
    expect(Math.round(1000 * maxUs)).toBe(latency.dpcWait.maxNs);
    const [points, byCount] = ['points', 'counts'].map(pointsOf);
    for (const [below, us] of byCount) {
      let sofar = 0;
      const bucket = counts.findIndex((n) => (sofar += n) >= below);
      expect(Math.round(1000 * us)).toBe(Math.min(highNs[bucket], latency.dpcWait.maxNs));
    }
    expect(byCount.at(-1)![0]).toBe(latency.dpcWait.count);
    // The last line, of the whole, has no place on an axis of 1/(1-percentile).
    expect(points).toHaveLength(records - 1);
    points.forEach(([beyond, us], i) => {
      const [below, same] = byCount[i];
      expect(us).toBe(same);
      expect(below / latency.dpcWait.count).toBeGreaterThanOrEqual(1 - 1.001 / (beyond - 0.005));
    });
  });
});

describe('gawk', () => {
  it('sums what is printed as "xperf -a dpcisr" by module and processor', async () => {
    const script = `
      /^DPC Info/ { kind = "dpc" }  /^Interrupt Info/ { kind = "isr" }
      /^ *usec +%/ { inTable = 1; next }
      inTable && !NF { inTable = 0 }
      inTable { n = split($0, cell, ","); gsub(/ /, "", cell[n])
        for (i = 1; i < n; i++) {
          split(cell[i], of, " "); print "time", kind, cell[n], i - 1, of[1] } }
      match($0, /^Total = ([0-9]+) for module ([^ ]+)$/, m) {
        module = m[2]; print "count", kind, module, m[1] }
      match($0, /usecs, +([0-9]+), or +([0-9.]+)%$/, m) && module { sums[kind OFS module] += m[1] }
      /^Total,/ { module = "" }
      END { for (key in sums) print "buckets", key, sums[key] }`;
    const rows = gawk(script, await printed('dpcisr'));
    const times = rows.filter(([what]) => what === 'time');
    expect(times).toHaveLength(2 * 2 * 3);
    for (const [, kind, module, cpu, usec] of times) {
      const own = sum(of(kind, module, Number(cpu)));
      expect(Math.abs(1000 * Number(usec) - own), `${kind} ${module}`).toBeLessThanOrEqual(500);
    }
    for (const what of ['count', 'buckets']) {
      const counts = rows.filter(([first]) => first === what);
      expect(counts).toHaveLength(4);
      for (const [, kind, module, count] of counts) {
        expect(Number(count)).toBe(of(kind, module, null).length);
      }
    }
  });

  it("reads LatencyMon's lines by processor, and its drivers", async () => {
    const script = `
      BEGIN { FS = ": +" }
      /^CPU [0-9]+ (ISR|DPC) / {
        split($1, word, " "); print word[2], tolower(word[3]), word[4], $2 }
      match($1, /^Driver with highest (ISR|DPC) (routine|total) execution time$/, m) {
        print m[2], tolower(m[1]), "driver", $2 }`;
    const rows = gawk(script, await printed('latencymon'));
    expect(rows.filter(([, , what]) => what === 'count')).toHaveLength(2 * 3);
    for (const [of_, kind, what, value] of rows) {
      const own = of(kind, null, Number(of_));
      if (what === 'count') expect(Number(value)).toBe(own.length);
      else if (what === 'highest') expect(1000 * Number(value)).toBe(Math.max(0, ...own));
      else if (what === 'total') expect(Math.abs(1e9 * Number(value) - sum(own))).toBeLessThan(500);
      else {
        const by = (module: string): number =>
          of_ === 'total' ? sum(of(kind, module, null)) : Math.max(...of(kind, module, null));
        const modules = ['disk.sys', 'nic_port.sys'];
        expect(value).toBe(modules.sort((a, b) => by(b) - by(a))[0]);
      }
    }
    expect(rows).toHaveLength(2 * 3 * 3 + 4);
  });
});
