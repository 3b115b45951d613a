import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReportLines } from '../../src/disk/read-report.js';
import { type Load, loadOf } from '../../src/recording/dpcisr-load.js';
import {
  type DpcIsrReport,
  type ModuleTimes,
  readDpcIsr,
} from '../../src/recording/dpcisr-report.js';
import { readIdleShares } from '../../src/recording/idle-shares.js';
import { meanNs } from '../../src/scenario/distribution-mean.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { ResultDocument } from '../../src/result/document.js';
import type { DeviceSource, Scenario } from '../../src/scenario/scenario.js';
import { planShards } from '../../src/run/plan-shards.js';
import { expectedRate } from '../../src/run/expected-interrupts.js';
import { runCli } from './run-cli.js';

const EXAMPLES = join(import.meta.dirname, '../../examples/windows');
const REPORT = join(EXAMPLES, 'idle-desktop-16cpu.dpcisr.txt');
const CSWITCH = join(EXAMPLES, 'idle-desktop-16cpu.cswitch.txt');

let folder = '';
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-windows-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Two processors, a driver with ISRs and DPCs, and one with DPCs alone, in 10 s. */
const SMALL = `
--------------------------
DPC Info

--------------------------
CPU Usage Summing By Module For the Whole Trace

CPU Usage from 0 us to 10000000 us:

     CPU 0 Usage,      CPU 1 Usage,
     usec      %,      usec      %, Module
     6000   0.06,      2000   0.02, nic.sys
        0   0.00,      3000   0.03, "Unknown"

Total = 1500
Elapsed Time, >        4 usecs AND <=        8 usecs,   1500, or 100.00%
Total,                                                  1500

Total = 1000 for module nic.sys
Elapsed Time, >        4 usecs AND <=        8 usecs,    600, or  60.00%
Elapsed Time, >       16 usecs AND <=       32 usecs,    400, or  40.00%
Total,                                                  1000

Total = 500 for module Unknown
Elapsed Time, >        4 usecs AND <=        8 usecs,    500, or 100.00%
Total,                                                   500

--------------------------
Interrupt Info

--------------------------
CPU Usage Summing By Module For the Whole Trace

CPU Usage from 0 us to 10000000 us:

     CPU 0 Usage,      CPU 1 Usage,
     usec      %,      usec      %, Module
     4000   0.04,         0   0.00, nic.sys

Total = 2000 for module nic.sys
Elapsed Time, >        1 usecs AND <=        2 usecs,   2000, or 100.00%
Total,                                                  2000
`;

async function imported(
  text: string | Uint8Array,
  ...more: string[]
): Promise<{ scenario: Scenario; yaml: string }> {
  writeFileSync(at('report.txt'), text);
  const answer = await runCli(['import', at('report.txt'), '-q', '-o', at('s.yaml'), ...more]);
  expect(answer).toEqual({ code: 0, out: '', err: '' });
  const yaml = readFileSync(at('s.yaml'), 'utf8');
  return { yaml, scenario: parseScenario(yaml, 's.yaml') };
}

async function refusal(text: string | Uint8Array, ...more: string[]): Promise<string> {
  writeFileSync(at('report.txt'), text);
  const args = ['import', at('report.txt'), '-q', '-o', at('refused.yaml'), ...more];
  const { code, err } = await runCli(args);
  expect(code).toBe(2);
  return err.replaceAll(`${folder}/`, '');
}

const devices = ({ sources }: Scenario): DeviceSource[] =>
  sources.map((source) => source as DeviceSource);

describe('a report of xperf', () => {
  it('becomes sources with its counts, its times and its pairs', async () => {
    const { scenario, yaml } = await imported(SMALL);
    const sources = devices(scenario).map((source) => ({
      name: source.name,
      count: Math.round(1e10 * expectedRate(source)),
      isrUs: Math.round(meanNs(source.isr)) / 1000,
      dpcUs: source.dpc === null ? null : Math.round(meanNs(source.dpc.service)) / 1000,
    }));
    // 1,000 DPCs in 8,000 us; 2,000 ISRs in 4,000 us, all on CPU 0, where 750 of the DPCs ran.
    expect(sources).toEqual([
      { name: 'nic.sys cpu0', count: 750, isrUs: 2, dpcUs: 8 },
      { name: 'nic.sys cpu0 isr', count: 1250, isrUs: 2, dpcUs: null },
      { name: 'nic.sys cpu1 dpc', count: 250, isrUs: 0, dpcUs: 8 },
      { name: 'Unknown cpu1 dpc', count: 500, isrUs: 0, dpcUs: 6 },
    ]);
    expect(scenario.machine.background).toEqual([]);
    expect(yaml).toMatch(/^# - Threads\. Nothing was said about idle time/m);
  });

  it('is read alike in every encoding, with either end of lines, packed or not', async () => {
    const { yaml } = await imported(SMALL);
    const crlf = SMALL.replaceAll('\n', '\r\n');
    const bytes = [
      Buffer.from(crlf),
      Buffer.from(`\ufeff${crlf}`),
      Buffer.from(`\ufeff${crlf}`, 'utf16le'),
      gzipSync(crlf),
    ];
    for (const text of bytes) expect((await imported(text)).yaml).toBe(yaml);
    const codePage = Buffer.from(SMALL.replaceAll('nic.sys', 'n\xefc.sys'), 'latin1');
    expect((await imported(codePage)).yaml).toBe(yaml.replaceAll('nic.sys', 'n?c.sys'));
    // Two names that differ in such a character alone stay two.
    const alike = SMALL.replaceAll('nic.sys', 'n\xefc.sys').replace(/"?Unknown"?/g, 'n\xeec.sys');
    writeFileSync(at('alike.txt'), alike, 'latin1');
    const { dpc } = readDpcIsr(readReportLines(at('alike.txt')), 'alike.txt');
    expect(dpc.map(({ name }) => name)).toEqual(['n\xefc.sys', 'n\xeec.sys']);
  });

  it('is read by the heads of its columns, with decimal commas too', async () => {
    const { yaml } = await imported(SMALL);
    const swapped = SMALL.replaceAll(
      '     CPU 0 Usage,      CPU 1 Usage,',
      'CPU 1 Usage, CPU 0 Usage,',
    ).replaceAll(/^ +(\d+) +(\d)\.(\d+), +(\d+) +(\d)\.(\d+), (.+)$/gm, '$4 $5,$6, $1 $2,$3, $7');
    expect(swapped).toContain('2000 0,02, 6000 0,06, nic.sys');
    expect((await imported(swapped)).yaml).toBe(yaml);
  });

  it('gets its threads from idle shares', async () => {
    const { scenario } = await imported(SMALL, '--idle', '75%');
    const [{ busy, idle }] = scenario.machine.background;
    expect(meanNs(idle) / (meanNs(idle) + meanNs(busy))).toBeCloseTo(0.75, 9);
    const table =
      'StartTime, EndTime, Cpu 0, Cpu 1\n0, 1000000, 100.00, 40.00\n' +
      '1000000, 4000000, 100.00, 60.00\n';
    writeFileSync(at('idle.txt'), table);
    expect(readIdleShares(table.split('\n'), 'idle.txt', 2)).toEqual([1, 0.55]);
    const beside = await imported(SMALL, '--cswitch', at('idle.txt'));
    const inIt = await imported(SMALL + table);
    for (const { machine } of [beside.scenario, inIt.scenario]) {
      expect(meanNs(machine.background[0].busy)).toBe(0);
      expect(meanNs(machine.background[1].idle)).toBeCloseTo((1e6 * 0.55) / 0.45, -1);
    }
  });

  it('takes an interval of no length for what it is', () => {
    const lines = (middle: string): string[] => [
      'StartTime, EndTime, Cpu 0, Cpu 1',
      '0, 1000000, 100.00, 40.00',
      ...(middle === '' ? [] : [middle]),
      '1000000, 4000000, 100.00, 60.00',
    ];
    const shares = readIdleShares(lines('1000000, 1000000, 0.00, 0.00'), 'idle.txt', 2);
    expect(shares).toEqual(readIdleShares(lines(''), 'idle.txt', 2));
    expect(() => readIdleShares(lines('1000000, 999999, 0.00, 0.00'), 'idle.txt', 2)).toThrow(
      /idle\.txt:3: expected a start, an end/,
    );
  });

  it('has two modules with few routines as one, and a single one as it is', () => {
    const module = (name: string, count: number): ModuleTimes => ({
      name,
      usec: [5 * count, 0],
      buckets: [{ fromUs: 4, toUs: 8, count }],
      line: 9,
    });
    const load = (...dpc: ModuleTimes[]): Load =>
      loadOf({ ...readDpcIsr(SMALL.split('\n'), 'r.txt'), dpc, isr: [] }, 'r.txt');
    const names = ({ modules }: Load): string[] => modules.map(({ name }) => name);
    const one = load(module('a.sys', 9000), module('b.sys', 1));
    expect([names(one), one.merged, one.doubts]).toEqual([['a.sys', 'b.sys'], [], []]);
    const two = load(module('a.sys', 9000), module('b.sys', 1), module('c.sys', 2));
    expect([names(two), two.merged]).toEqual([
      ['a.sys', 'other modules'],
      ['b.sys', 'c.sys'],
    ]);
    const timeOnly = load(module('a.sys', 9000), { ...module('b.sys', 1), buckets: [] });
    expect(timeOnly.doubts).toEqual([
      expect.stringMatching(/^line 9: b\.sys has time in DPCs and/),
    ]);
  });

  it('is refused with the line that is wrong, and nothing is written', async () => {
    const histograms = SMALL.split('\n').filter((line) =>
      /^(Total|Elapsed|DPC|Interrupt)/.test(line),
    );
    expect(await refusal(histograms.join('\n'))).toMatch(/no "CPU Usage Summing By Module"/);
    const [row] = /.*, nic\.sys/.exec(SMALL)!;
    expect(await refusal(SMALL.replace(row, '  6000   0.06, nic.sys'))).toMatch(
      /^report\.txt:12: expected microseconds, a share and a comma for 2 processors/,
    );
    expect(await refusal(SMALL.replace(row, row.replace('6000', '60000000')))).toMatch(
      /^report\.txt:12: "nic\.sys" has 60,000,000 us on CPU 0/,
    );
    expect(await refusal(SMALL.replace('CPU 1 Usage', 'CPU 5000 Usage'))).toMatch(
      /^report\.txt:10: expected processors from 0 to 1023, each once, found "CPU 5000/,
    );
    expect(await refusal(SMALL.replace('usec      %, Module', 'usec      %, Driver'))).toMatch(
      /^report\.txt:11: expected the columns "usec %" for each processor/,
    );
    expect(await refusal(SMALL.replace('for module Unknown', 'for module nic.sys'))).toMatch(
      /^report\.txt:24: there is a histogram of "nic\.sys" above/,
    );
    expect(await refusal(SMALL.replaceAll('10000000 us', '0 us'))).toMatch(/^report\.txt:8: /);
    writeFileSync(at('idle.txt'), 'StartTime, EndTime, Cpu 0, Cpu 1\n0, 1000000, 100.00\n');
    expect(await refusal(SMALL, '--cswitch', at('idle.txt'))).toMatch(
      /^idle\.txt:2: expected a start, an end and 2 shares/,
    );
    expect(() => readFileSync(at('refused.yaml'))).toThrow(/ENOENT/);
  });

  it('says what does not add up in it', async () => {
    const { yaml } = await imported(SMALL.replace('Total = 1000 for', 'Total = 1001 for'));
    expect(yaml.replaceAll('\n#  ', '')).toContain(
      'Doubtful: line 19: the buckets of nic.sys hold 1,000 routines, and the total says 1,001',
    );
    const { doubts } = readDpcIsr(SMALL.split('Interrupt Info')[0].split('\n'), 'cut.txt');
    expect(doubts).toEqual(['the report has no table of ISRs; it may be cut off']);
  });

  it('has routines of a bucket without an end where its time has room for them', async () => {
    const open = (from: number): string =>
      SMALL.replace(
        'Total = 500 for module Unknown\n',
        'Total = 501 for module Unknown\n' +
          'Elapsed Time, >        2 usecs AND <=        4 usecs,      0, or   0.00%\n',
      ).replace(
        /(8 usecs, {4}500, or 100\.00%\n)(Total, +)500/,
        `$1Elapsed Time, > ${from} usecs                      ,      1, or   0.00%\n$2501`,
      );
    const read = (from: number): DpcIsrReport => readDpcIsr(open(from).split('\n'), 'open.txt');
    // 500 take 2,000 us at least, of 3,000.
    const room = read(999);
    expect(room.doubts).toEqual([]);
    expect(room.dpc[1].buckets.at(-1)).toMatchObject({ fromUs: 999, toUs: 1998, count: 1 });
    const none = read(1001);
    expect(none.doubts).toEqual([
      'line 13: in the 3,000 us of Unknown there is no room for 1 routine of over 1,001 us ' +
        'beside the others; left out',
    ]);
    expect(none.dpc[1].buckets.at(-1)).toMatchObject({ fromUs: 4, count: 500 });
  });

  it('has tables of intervals, which are not those by module', async () => {
    const { yaml } = await imported(SMALL);
    const bySecond = (head: string, columns: string): string =>
      `--------------------------\nUsage From 0 ms to 10000 ms, Summing In 1 second intervals. ` +
      `Intervals=10\n\n${head}\n${columns}\n 0-1000 :, 6000 0.60, 2000 0.20,\n\n`;
    for (const table of [
      bySecond('       ,  CPU 0 Usage ,  CPU 1 Usage ,', 'Start (ms) End (ms) , (usec) % ,'),
      bySecond('  CPU 0 Usage,  CPU 1 Usage,', '   (usec)      %,   (usec)      %,'),
    ]) {
      const behind = SMALL.replace(/(?=-{26}\nInterrupt Info)/, table);
      expect(behind).not.toBe(SMALL);
      expect((await imported(behind + table)).yaml).toBe(yaml);
    }
  });

  it('has the time of ISRs that merge in a simulation', async () => {
    // 3.6 s of 10 on CPU 0 by 90,000 ISRs: one in ten comes while another waits.
    const busy = SMALL.replace('     4000   0.04,', '  3600000  36.00,')
      .replace('Total = 2000 for', 'Total = 90000 for')
      .replace(/1 usecs AND <= +2 usecs, +2000,/, '32 usecs AND <= 64 usecs, 90000,');
    const { yaml } = await imported(busy);
    writeFileSync(at('busy.yaml'), yaml);
    const { out } = await runCli([
      'run',
      at('busy.yaml'),
      '-t',
      '10s',
      '-p',
      'vista',
      '--json',
      '-',
    ]);
    const [{ processors }] = (JSON.parse(out) as ResultDocument).results;
    const { isr, dpc } = processors[0].execution!;
    expect(processors[0].counters.merged).toBeGreaterThan(5000);
    expect(Math.abs(isr.totalNs / 3.6e9 - 1)).toBeLessThan(0.01);
    expect(Math.abs(dpc.totalNs / 6e6 - 1)).toBeLessThan(0.03);
  });

  it('is known to the commands that it is not for', async () => {
    writeFileSync(at('report.txt'), SMALL);
    const idle = await runCli(['import', CSWITCH, '-o', at('c.yaml')]);
    expect([idle.code, idle.err]).toEqual([2, expect.stringMatching(/give it beside a report/)]);
    const { err } = await runCli(['trace', at('report.txt')]);
    expect(err).toContain('this is a report of xperf or LatencyMon, not a scenario');
    expect(err).toContain('dpcbench import');
  });

  it('has rare routines as often as they were reported, and no longer', async () => {
    const rare = (usec: string, total: number): string =>
      SMALL.replace('        0   0.00,      3000   0.03, "Unknown"', `${usec}, rare.sys`)
        .replace('Total = 500 for module Unknown', `Total = ${total} for module rare.sys`)
        .replace(/8 usecs, {4}500, or/, `8 usecs, ${total}, or`);
    writeFileSync(at('report.txt'), rare('        0   0.00,        12   0.00', 2));
    const { out } = await runCli(['import', at('report.txt'), '-o', at('s.yaml')]);
    expect(out).toContain('All within 3 %');
    expect(readFileSync(at('s.yaml'), 'utf8')).toContain(
      'arrivals: { periodic: { period: 5000000000ns, jitter: { uniform: [0, 5000000000ns] } } }',
    );
    // 2 us of 600 on CPU 1, a third of a routine: it was one, and no longer than that.
    const { scenario } = await imported(rare('      598   0.00,         2   0.00', 100));
    const one = devices(scenario).find(({ name }) => name === 'rare.sys cpu1 dpc')!;
    expect(one.dpc!.service).toEqual({ kind: 'constant', ns: 2000 });
    expect(Math.round(1e10 * expectedRate(one))).toBe(1);
  });

  it('is found behind what a script wrote before it', async () => {
    const { yaml } = await imported(SMALL);
    const script = 'Using xperf: C:\\xperf.exe\n=====\n\n=== DPC SUMMARY ===\n';
    expect((await imported(script + SMALL)).yaml).toBe(yaml);
  });

  it('runs in one step, with its doubts', async () => {
    writeFileSync(at('report.txt'), SMALL);
    const { code, out, err } = await runCli(['run', at('report.txt'), '-t', '1s', '--json', '-']);
    expect([code, err]).toEqual([0, expect.stringContaining('No idle shares')]);
    const sources = JSON.parse(out).scenario.sources as { name: string }[];
    expect(sources.map(({ name }) => name)).toContain('nic.sys cpu1 dpc');
  });
});

describe('the report that ships', () => {
  const lines = readReportLines(REPORT);
  const report: DpcIsrReport = readDpcIsr(lines, REPORT);

  it('is read to the last count and microsecond', () => {
    expect(report).toMatchObject({ spanUs: 125_852_697, processors: 16, doubts: [] });
    const { modules, merged } = loadOf(report, REPORT);
    const sum = (key: 'dpcCount' | 'isrCount'): number =>
      modules.reduce((total, module) => total + module[key], 0);
    expect([sum('dpcCount'), sum('isrCount')]).toEqual([140_095, 79_368]);
    expect(merged).toContain('CLASSPNP.SYS');
    // Rows by hand: numbers before a share, 16 to a line that ends in a name of a module.
    const rows = lines
      .filter((line) => (line.match(/\d+ +\d\.\d\d,/g) ?? []).length === 16)
      .filter((line) => /\.(sys|exe|dll)$/i.test(line));
    const usec = rows
      .flatMap((line) => [...line.matchAll(/(\d+) +\d\.\d\d,/g)])
      .reduce((total, [, value]) => total + Number(value), 0);
    expect(
      [...report.dpc, ...report.isr]
        .flatMap((module) => module.usec)
        .reduce((total, value) => total + value, 0),
    ).toBe(usec);
  });

  it('comes out of the simulation within 3 % by processor', async () => {
    const args = ['import', REPORT, '--cswitch', CSWITCH, '-o', at('desktop.yaml')];
    const { code, out } = await runCli(args);
    expect(code).toBe(0);
    const rows = out.split('\n').filter((line) => /^ +\d+ +\d+\.\d{3} /.test(line));
    expect(rows).toHaveLength(16);
    rows.forEach((row, i) => {
      const cells = row.replaceAll(' %', '').trim().split(/\s+/).map(Number);
      expect(cells[0]).toBe(i);
      for (const [kind, first] of [
        ['dpc', 1],
        ['isr', 4],
      ] as const) {
        const usec = report[kind].reduce((sum, module) => sum + module.usec[i], 0);
        expect(cells[first]).toBe(usec / 1000);
        expect(Math.abs(cells[first + 1] / cells[first] - 1), `${kind} ${i}`).toBeLessThan(0.03);
      }
    });
    expect(out).toContain('All within 3 %');
    // What the page shows was printed here.
    const page = readFileSync(join(import.meta.dirname, '../../docs/windows.md'), 'utf8');
    const shown = page.split('\n').filter((line) => /^ +\d+ +\d+\.\d{3} |^All within/.test(line));
    expect(shown).toHaveLength(4);
    for (const line of shown) expect(out.split('\n')).toContain(line);
    // No source is so slow that a run were mostly its settling.
    const scenario = parseScenario(readFileSync(at('desktop.yaml'), 'utf8'), 'desktop.yaml');
    expect(planShards(scenario)).toHaveLength(20);
  }, 240_000);
});
