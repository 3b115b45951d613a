import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/scenario/parse.js';
import { meanNs } from '../../src/scenario/distribution-mean.js';
import { expectedRate } from '../../src/run/expected-interrupts.js';
import type { ResultDocument } from '../../src/result/document.js';
import type { DeviceSource } from '../../src/scenario/scenario.js';
import { runCli } from './run-cli.js';

const REAL = 'examples/windows/idle-desktop-16cpu.latencymon.txt';
let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-latencymon-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function sourcesOf(
  text: string | Uint8Array,
): Promise<{ yaml: string; sources: DeviceSource[] }> {
  writeFileSync(at('report.txt'), text);
  const answer = await runCli(['import', at('report.txt'), '-q', '-o', at('s.yaml')]);
  expect(answer).toEqual({ code: 0, out: '', err: '' });
  const yaml = readFileSync(at('s.yaml'), 'utf8');
  return { yaml, sources: parseScenario(yaml, 's.yaml').sources as DeviceSource[] };
}

/** Counts and seconds by processor, read with nothing of the importer's. */
function reported(text: string, kind: 'ISR' | 'DPC'): { count: number; seconds: number }[] {
  const value = (cpu: number, name: string): number =>
    Number(
      new RegExp(`CPU ${cpu} ${kind} ${name}[^:]*: +([\\d.,]+)`).exec(text)![1].replace(',', '.'),
    );
  return Array.from({ length: 16 }, (_, cpu) => ({
    count: value(cpu, 'count'),
    seconds: value(cpu, 'total execution time'),
  }));
}

describe("LatencyMon's text", () => {
  const text = readFileSync(REAL, 'utf8');

  it('becomes a scenario with the counts and the times of every processor', async () => {
    const { sources, yaml } = await sourcesOf(text);
    const spanSeconds = 105;
    for (const kind of ['ISR', 'DPC'] as const) {
      reported(text, kind).forEach(({ count, seconds }, cpu) => {
        const own = sources.filter(
          (source) =>
            source.processors[0] === cpu &&
            (kind === 'DPC' ? source.dpc !== null : meanNs(source.isr) > 0),
        );
        const rates = own.map((source) => 1e9 * expectedRate(source));
        const means = own.map((source) =>
          meanNs(kind === 'DPC' ? source.dpc!.service : source.isr),
        );
        const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
        // What is paired with an ISR leaves out at most a thousandth of the DPCs.
        expect(Math.abs(sum(rates) * spanSeconds - count)).toBeLessThanOrEqual(
          0.001 * count + 0.01,
        );
        const time = sum(rates.map((rate, i) => rate * means[i])) * (spanSeconds / 1e9);
        expect(Math.abs(time - seconds)).toBeLessThanOrEqual(0.001 * seconds + 2e-6);
      });
    }
    expect(yaml).toMatch(/LatencyMon measured highest 160\.60 us, average[^]*3\.377736 us/);
    expect(yaml).toContain('Which driver');
    expect(yaml).not.toContain('powers of two');
  });

  it('is read alike with decimal commas, broken signs of micro, CRLF and a code page', async () => {
    const { yaml } = await sourcesOf(text);
    const commas = text.replace(/(\d)\.(\d+)$/gm, '$1,$2');
    expect(commas).not.toBe(text);
    const variants = [
      commas.replaceAll('µs', '탎'),
      Buffer.from(text.replaceAll('\n', '\r\n').replace('\ufeff', ''), 'latin1'),
      Buffer.from(`\ufeff${text.replace('\ufeff', '')}`, 'utf16le'),
    ];
    for (const variant of variants) {
      const read = await sourcesOf(variant);
      const plain = (of: string): string => of.replace(/(\d),(\d+) us/g, '$1.$2 us');
      expect(plain(read.yaml)).toBe(plain(yaml));
    }
  });

  it('may have marks between thousands of its counts', async () => {
    const { yaml } = await sourcesOf(text);
    const grouped = text.replace(/(CPU \d+ (?:ISR|DPC) count: +\d{1,3})(\d{3})$/gm, '$1,$2');
    expect(grouped).toContain('241,319');
    expect((await sourcesOf(grouped)).yaml).toBe(yaml);
  });

  it('is refused without counts by processor, and doubted where it is cut off', async () => {
    const refusal = async (part: string): Promise<string> => {
      writeFileSync(at('part.txt'), part);
      const { code, err } = await runCli(['import', at('part.txt'), '-q', '-o', at('no.yaml')]);
      expect(code).toBe(2);
      return err;
    };
    expect(await refusal(text.split('PER CPU DATA')[0])).toMatch(/tells counts by processor/);
    expect(await refusal(text.slice(text.indexOf('PER CPU DATA')))).toMatch(/for how long/);
    expect(await refusal(text.replace(/(CPU 3 DPC count:) +\d+/, '$1 -7'))).toMatch(
      /part\.txt:\d+: -7 is not a number/,
    );
    const cut = text.slice(0, text.indexOf('CPU 9 Interrupt cycle'));
    const { yaml } = await sourcesOf(cut);
    expect(yaml.replace(/\n# +/g, ' ')).toMatch(
      /Doubtful: the processors have [\d,]+ DPCs together/,
    );
  });

  it.each<[string, (whole: string) => string, RegExp, RegExp]>([
    [
      'before a count',
      (whole) => whole.slice(0, whole.indexOf('CPU 3 DPC count')),
      /ends early or has a gap: CPU 3 has no line "DPC count"; its DPCs are left out/,
      /of 16 processors 4 have counts; the others count as idle/,
    ],
    [
      'before a time',
      (whole) => whole.slice(0, whole.indexOf('CPU 3 ISR total')),
      /CPU 3 has no line "ISR count"; its ISRs are left out/,
      /of 16 processors 3 have counts/,
    ],
    [
      'within a count',
      (whole) => whole.slice(0, whole.indexOf('CPU 0 DPC count') + 'CPU 0 DPC count: '.length + 39),
      /CPU 0 has 24 DPCs of at most [\d.]+ us, which cannot take \d+ us: the text is cut off/,
      /ends within the lines of CPU 0: its last number may be cut off/,
    ],
  ])('is doubted where it is cut off %s', async (_, cut, ...doubts) => {
    const { sources, yaml } = await sourcesOf(cut(text));
    expect(sources.length).toBeGreaterThan(0);
    for (const doubt of doubts) expect(yaml.replace(/\n# +/g, ' ')).toMatch(doubt);
    expect((await sourcesOf(text)).yaml).not.toContain('Doubtful');
  });

  it('runs with the times that it reports', async () => {
    writeFileSync(at('report.txt'), text);
    const end = ['-p', 'vista', '-t', '30s', '--warmup', 'none', '-q', '--json', '-'];
    const { code, out } = await runCli(['run', at('report.txt'), ...end]);
    expect(code).toBe(0);
    const { results } = JSON.parse(out) as ResultDocument;
    const { dispatchDrainNs, idleDrainNs } = results[0].processors[0].timeSplit;
    const seconds = ((dispatchDrainNs + idleDrainNs) / 1e9) * (105 / 30);
    expect(Math.abs(seconds / 3.206382 - 1)).toBeLessThan(0.03);
  });
});
