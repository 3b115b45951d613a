import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDpcIsr } from '../../src/recording/dpcisr-report.js';
import { readLatencyMon } from '../../src/recording/latencymon-report.js';
import { importRecording } from '../../src/recording/import-recording.js';
import { encodingOf } from '../../src/recording/text-encoding.js';
import { runCli } from './run-cli.js';

/** A machine on which ISRs interrupt routines, and DPCs go elsewhere. */
const SCENARIO = `
machine:
  processors: 3
  background: { busy: { exponential: 50us }, idle: { exponential: 90us } }
sources:
  - name: nic.sys
    irql: 6
    processor: [0, 1]
    isr: { exponential: 2us }
    arrivals: { poisson: 20k/s }
    dpc: { service: { exponential: 20us } }
  - name: 'odd, "name"!'
    irql: 9
    processor: 0
    isr: 3us
    arrivals: { periodic: { period: 37123ns } }
    dpc: { target: 2, importance: high, service: { lognormal: { mean: 30us, p99: 400us } } }
policies: [vista]
until: { time: 40ms }
`;

interface Logged {
  t: number;
  p: number;
  e: string;
  source?: string;
  dpc?: string;
}
interface Ran {
  kind: string;
  module: string;
  processor: number;
  elapsed: number;
  own: number;
}

let folder: string;
let ran: Ran[];
const at = (name: string): string => join(folder, name);
const printed = async (format: string): Promise<string> => {
  const { code, out, err } = await runCli(['trace', at('s.yaml'), '--format', format]);
  expect([code, err]).toEqual([0, '']);
  return out;
};

/** What ran, told of the events by a way of its own: each processor by itself, from the end. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-texts-'));
  writeFileSync(at('s.yaml'), SCENARIO);
  const events: Logged[] = (await printed('ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  ran = [0, 1, 2].flatMap((processor) => {
    const log = events.filter(({ p, e }) => p === processor && /^(isr|dpc)-(start|end)$/.test(e));
    const spans = log.flatMap((end, i) => {
      if (!end.e.endsWith('-end')) return [];
      // Nothing runs twice at a time: the last start of that name is its own.
      const kind = end.e.slice(0, 3);
      const start = log.findLast(
        ({ e, source, dpc }, k) =>
          k < i && e === `${kind}-start` && source === end.source && dpc === end.dpc,
      )!;
      return [{ kind, from: start.t, to: end.t, name: (end.source ?? end.dpc)! }];
    });
    return spans.map((span) => {
      const { kind, from, to, name } = span;
      const within = spans.filter((one) => one !== span && one.from >= from && one.to <= to);
      const isDirect = (one: typeof span): boolean =>
        !within.some((other) => other !== one && one.from >= other.from && one.to <= other.to);
      const nested = sum(within.filter(isDirect).map((one) => one.to - one.from));
      const file = name.replace(/@.*$/, '').replace(/[" ,!]+/g, '_');
      const module = file.endsWith('.sys') ? file : `${file}.sys`;
      return { kind, module, processor, elapsed: to - from, own: to - from - nested };
    });
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const of = (kind: string, module?: string, processor?: number): Ran[] =>
  ran.filter(
    (one) =>
      one.kind === kind &&
      (module === undefined || one.module === module) &&
      (processor === undefined || one.processor === processor),
  );
const MODULES = ['nic.sys', 'odd_name_.sys'];

it('looks at a machine with nested routines', () => {
  expect(ran.length).toBeGreaterThan(2000);
  expect(ran.filter(({ own, elapsed }) => own < elapsed).length).toBeGreaterThan(50);
  expect(new Set(ran.map(({ module }) => module))).toEqual(new Set(MODULES));
});

describe('trace --format dumper', () => {
  it('is read back with every routine, found to be stamped at its exit', async () => {
    writeFileSync(at('dumper.csv'), await printed('dumper'));
    const { recording, report } = await importRecording(at('dumper.csv'));
    expect(report.notes[0]).toMatch(/^stamps are the exit of routines/);
    expect(report.lines.malformed).toBe(0);
    expect(report.interrupts.arrivals).toBe(of('isr').length);
    for (const { name, serviceNs, isrNs } of recording.streams) {
      const [, prefix, module] = /^(dpc|irq)\/(.*)!/.exec(name)!;
      const own = of(prefix === 'dpc' ? 'dpc' : 'isr', module);
      expect(serviceNs.length, name).toBe(own.length);
      const read = sum([...serviceNs, ...isrNs]) / own.length;
      expect(Math.abs(read - sum(own.map((one) => one.own)) / own.length)).toBeLessThan(300);
    }
    expect(recording.processors[2].idleNs).toBeGreaterThan(0);
  });
});

describe('trace --format dpcisr', () => {
  it('is read back with the times and the histograms of every module', async () => {
    const text = await printed('dpcisr');
    const { dpc, isr, processors, spanUs, doubts } = readDpcIsr(text.split('\n'), 'sim.txt');
    expect([processors, spanUs, doubts]).toEqual([3, 40_000, []]);
    for (const [kind, modules] of Object.entries({ dpc, isr })) {
      expect(modules.map(({ name }) => name)).toEqual(MODULES);
      for (const { name, usec, buckets } of modules) {
        usec.forEach((value, processor) => {
          const own = sum(of(kind, name, processor).map((one) => one.own));
          expect(Math.abs(value - own / 1000)).toBeLessThanOrEqual(0.5);
        });
        for (const { fromUs, toUs, count } of buckets) {
          const within = of(kind, name).filter(({ own }) => {
            return (own > 1000 * fromUs || fromUs === 0) && own <= 1000 * toUs;
          });
          expect(count, `${name} ${fromUs}`).toBe(within.length);
        }
      }
    }
    expect(text).toContain(`All Module = ${of('dpc').length},  Total = ${of('dpc').length},`);
  });

  it('says beside each bucket which share of the total it has', async () => {
    const histograms = (await printed('dpcisr')).split(/^Total = /m).slice(1);
    expect(histograms.length).toBeGreaterThan(2);
    for (const text of histograms) {
      const total = Number.parseInt(text, 10);
      const buckets = [...text.matchAll(/^Elapsed Time.* usecs, +(\d+), or +([\d.]+)%$/gm)];
      expect(sum(buckets.map(([, count]) => Number(count)))).toBe(total);
      for (const [, count, share] of buckets) {
        expect(Number(share)).toBeCloseTo((100 * Number(count)) / total, 1);
      }
    }
  });
});

describe('trace --format latencymon', () => {
  it('is read back with the counts and the times of every processor', async () => {
    const text = await printed('latencymon');
    const long = text.replace('0:00:00', '0:00:01');
    const { dpc, isr, doubts } = readLatencyMon(long.split('\n'), 'sim.txt');
    expect(doubts).toEqual([]);
    for (const [kind, modules] of Object.entries({ dpc, isr })) {
      modules.forEach(({ usec, buckets }, processor) => {
        const own = of(kind, undefined, processor);
        expect(sum(buckets.map(({ count }) => count))).toBe(own.length);
        expect(Math.abs(usec[processor] - sum(own.map((one) => one.own)) / 1000)).toBeLessThan(1);
      });
    }
    const longest = Math.max(...of('dpc').map(({ own }) => own));
    expect(text).toMatch(
      `Highest DPC routine execution time (µs):              ${(longest / 1000).toFixed(6)}`,
    );
    const times = MODULES.map((module) => sum(of('dpc', module).map(({ own }) => own)));
    const busiest = MODULES[times.indexOf(Math.max(...times))];
    expect(text).toMatch(
      new RegExp(`Driver with highest DPC total execution time: +${busiest}\\n`),
    );
    const over = of('dpc').filter(({ own }) => own >= 250_000 && own < 500_000).length;
    expect(over).toBeGreaterThan(0);
    expect(text).toMatch(new RegExp(`DPC count \\(execution time 250-500 µs\\): +${over}\\n`));
  });
});

it('a text of Windows has its encoding told by a mark, or by where zeros stand', () => {
  const little = new Uint8Array(Buffer.from('Total = 1', 'utf16le'));
  const big = new Uint8Array(Buffer.from(little).swap16());
  expect(encodingOf(little)).toBe('utf-16le');
  expect(encodingOf(big)).toBe('utf-16be');
  expect(encodingOf(Uint8Array.of(0xff, 0xfe))).toBe('utf-16le');
  expect(encodingOf(Uint8Array.of(0xfe, 0xff))).toBe('utf-16be');
  expect(encodingOf(Uint8Array.of(0xef, 0xbb, 0xbf))).toBe('utf8-bom');
  for (const other of ['Total = 1', '', '\0\0\0\0', '\0T', '\0TTo']) {
    expect(encodingOf(Buffer.from(other, 'latin1')), other).toBe('latin1');
  }
});
