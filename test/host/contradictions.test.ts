import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PACKED_BLOCK } from '../../assembly/shared/abi.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { readResult } from '../../src/export/read-result.js';
import { loadOf } from '../../src/recording/dpcisr-load.js';
import { readDpcIsr } from '../../src/recording/dpcisr-report.js';
import { importKutrace } from '../../src/recording/import-kutrace.js';
import { kutraceRows } from '../../src/recording/kutrace-json.js';
import { VarintReader } from '../../src/recording/recording-format.js';
import type { ResultDocument } from '../../src/result/document.js';
import { packedProblem } from '../../src/result/check-packed.js';
import { sumWidth } from '../../src/result/histogram-packer.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';

describe('a block of packed counts', () => {
  const write = (view: DataView, at: number, width: number, value: number): void => {
    if (width === 1) view.setUint8(at, value);
    else if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setFloat64(at, value, true);
  };

  /** So many samples of 3 ns, in a block whose counts have so many bytes each. */
  const problemOf = (width: number, samples: number): string => {
    const counts = 1 + sumWidth(width);
    const bytes = new Uint8Array(counts + PACKED_BLOCK * width);
    const view = new DataView(bytes.buffer);
    write(view, 0, 1, width);
    write(view, 1, sumWidth(width), samples);
    write(view, counts + 3 * width, width, samples);
    const [starts, count] = [Float64Array.of(0, bytes.length), Float64Array.of(samples)];
    const [minNs, sumNs] = [Float64Array.of(3), [BigInt(3 * samples)]];
    return packedProblem({ bytes, starts, count, minNs, maxNs: minNs, sumNs }, 1);
  };

  it.each([
    [1, 200],
    [2, 60_000],
    [4, 70_000],
    [8, 5e9],
  ])('has counts of %i bytes', (width, samples) => {
    expect(problemOf(width, samples)).toBe('');
  });

  it.each([3, 5, 6, 7, 9])('has no counts of %i bytes', (width) => {
    expect(problemOf(width, 200)).toBe('histogram 0 contradicts itself');
  });
});

describe('decisions', () => {
  type Result = ResultDocument['results'][0];
  let text = '';
  beforeAll(async () => {
    const scenario = {
      ...loadScenario('remote-completion'),
      until: { timeNs: null, interrupts: 2_000 },
    };
    text = JSON.stringify(await runBenchmark(scenario, { shards: 1 }));
  });

  const changed = (change: (result: Result) => void) => (): unknown => {
    const document = JSON.parse(text) as ResultDocument;
    change(document.results[0]);
    return readResult(JSON.stringify(document), 'result.json');
  };

  it('add up to the counters', () => {
    expect(changed(() => {})).not.toThrow();
    const more: [what: string, change: (result: Result) => void][] = [
      ['inserts', ({ decisions }) => (decisions![0].inserts += 1)],
      [
        'waits',
        ({ decisions }) => {
          decisions![0].wait.count += 1;
          decisions![0].wait.counts[0] += 1;
        },
      ],
    ];
    for (const counter of ['ipis', 'localRequests', 'suppressed', 'declined'] as const) {
      more.push([counter, ({ counters }) => (counters[counter] += 1)]);
    }
    for (const [what, change] of more) {
      expect(changed(change)).toThrow(new RegExp(`they add up to [\\d,]+ ${what}, not to`));
    }
  });
});

it('a number of a recording has at most eight bytes', () => {
  const read = (bytes: number): number =>
    new VarintReader(Uint8Array.of(...Array<number>(bytes - 1).fill(0x80), 0)).read();
  expect([read(1), read(8), read(9)]).toEqual([0, 0, -1]);
});

it('a trace of KUtrace is up to 256 MiB long', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-long-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'trace.json');
  writeFileSync(path, '{');
  truncateSync(path, 256 * 2 ** 20 + 1);
  expect(() => importKutrace(path)).toThrow(/268,435,456 bytes are allowed/);
});

it('events of KUtrace that are none are counted', () => {
  const event = [0.5, 0.001, 0, 7, 0, 65_536, 0, 0, 0, 'name'];
  const odd = [
    null,
    5,
    [],
    event.slice(0, 9),
    [...event.slice(0, 9), 3],
    ['0.5', ...event.slice(1)],
  ];
  const text = JSON.stringify({ events: [event, ...odd, event] });
  expect(kutraceRows(text, 'k.json')).toMatchObject({ rows: { length: 2 }, odd: odd.length });
});

it('histograms with different edges are refused at the line of the first', () => {
  const times = (info: string, modules: string[]): string => `${info} Info
CPU Usage Summing By Module For the Whole Trace
CPU Usage from 0 us to 10000000 us:
     CPU 0 Usage,
     usec      %, Module
${modules.map((name) => `     300   0.06, ${name}`).join('\n')}
`;
  const histogram = (name: string, from: number, to: number): string => `
Total = 50 for module ${name}
Elapsed Time, > ${from} usecs AND <= ${to} usecs, 50, or 100.00%
Total, 50
`;
  const text =
    times('DPC', ['a.sys', 'b.sys']) +
    histogram('a.sys', 4, 8) +
    histogram('b.sys', 6, 12) +
    times('Interrupt', []);
  const lines = text.split('\n');
  const place = `report.txt:${1 + lines.findIndex((line) => line.includes('a.sys'))}:`;
  const load = (): unknown => loadOf(readDpcIsr(lines, 'report.txt'), 'report.txt');
  expect(load).toThrow(place);
  expect(load).toThrow('histograms have different edges from here on');
});
