import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKED_FEW } from '../../assembly/shared/abi.js';
import { readResultFile } from '../../src/disk/read-result-file.js';
import { FILE_FORMATS } from '../../src/export/file-formats.js';
import { formatTerminal } from '../../src/export/terminal.js';
import type { Survey } from '../../src/kernel/survey.js';
import { nearestWord } from '../../src/nearest-word.js';
import { LiveColumns } from '../../src/play/live-column.js';
import { lastStep } from '../../src/play/slow-motion.js';
import { loadOf } from '../../src/recording/dpcisr-load.js';
import { readDpcIsr } from '../../src/recording/dpcisr-report.js';
import { readWholeFile } from '../../src/recording/read-whole-file.js';
import { readChunks } from '../../src/recording/standard-input.js';
import { packedProblem } from '../../src/result/check-packed.js';
import type { Counters } from '../../src/result/outcome.js';
import { ascend } from '../../src/result/sum-shape.js';
import { checkSeed, isSeed } from '../../src/run/seed.js';
import { SharedState } from '../../src/run/shared-state.js';
import { jobsOf } from '../../src/run/worker-jobs.js';
import { readYaml } from '../../src/scenario/read-yaml.js';
import type { Step } from '../../src/timeline/explain-event.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

describe('files', () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-edges-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('of results are refused from one byte above 256 MB on, before they are read', () => {
    const path = join(folder, 'huge.json');
    const file = openSync(path, 'w');
    ftruncateSync(file, 256 * 2 ** 20 + 1);
    closeSync(file);
    expect(() => readResultFile(path)).toThrow(/268,435,456|256 MB/);
  });

  it('are read up to their limit, and closed', () => {
    const path = join(folder, 'four');
    writeFileSync(path, 'four');
    const next = (): number => {
      const file = openSync(path, 'r');
      closeSync(file);
      return file;
    };
    const before = next();
    expect(readWholeFile(path, 4).toString()).toBe('four');
    expect(() => readWholeFile(path, 3)).toThrow('four');
    expect(next()).toBe(before);
  });
});

describe('seeds', () => {
  it.each([
    [0, true],
    [-1, false],
    [0.5, false],
    [2 ** 53 - 1, true],
    [2 ** 53, false],
  ])('%d: %s', (seed, isOne) => {
    expect(isSeed(seed)).toBe(isOne);
    if (isOne) expect(checkSeed(seed)).toBe(seed);
    else expect(() => checkSeed(seed)).toThrow('from 0 to 9007199254740991');
  });

  it('are 1 where none is given', () => {
    expect(checkSeed()).toBe(1);
  });
});

describe('what ascends', () => {
  it.each([
    [[], true],
    [[3], true],
    [[3, 4], true],
    [[3, 3], false],
    [[4, 3], false],
    [[1, 2, 2], false],
  ])('%j: %s', (values, does) => {
    expect(ascend(values)).toBe(does);
  });
});

describe('packed histograms', () => {
  /** Two samples in one block of buckets, at these places of it. */
  const packed = (places: [number, number]): Parameters<typeof packedProblem>[0] => ({
    bytes: Uint8Array.of(PACKED_FEW + 2, places[0] | (places[1] << 4)),
    starts: Float64Array.of(0, 2),
    count: Float64Array.of(2),
    minNs: Float64Array.of(Math.min(...places)),
    maxNs: Float64Array.of(places[1]),
    sumNs: [BigInt(places[0] + places[1])],
  });

  it('are refused where a sample comes before a smaller one', () => {
    expect(packedProblem(packed([3, 5]), 1)).toBe('');
    expect(packedProblem(packed([5, 5]), 1)).toBe('');
    expect(packedProblem(packed([5, 3]), 1)).toBe('histogram 0 contradicts itself');
  });
});

describe('what comes from standard input', () => {
  /** Bytes in pieces; null where there are none yet. */
  const reader = (...pieces: (string | null)[]): ((chunk: Buffer) => number) => {
    return (chunk) => {
      const piece = pieces.shift();
      return piece === undefined ? 0 : piece === null ? -1 : chunk.write(piece);
    };
  };

  it('is read to its end, however it comes, and up to a limit', () => {
    const pieces = ['ab', null, 'c', 'd'.repeat(65_536), 'e'];
    const whole = readChunks(reader(...pieces), 65_540).toString();
    expect(whole).toBe(`abc${'d'.repeat(65_536)}e`);
    expect(() => readChunks(reader(...pieces), 65_539)).toThrow('more than 65,539 bytes');
    expect(readChunks(reader(), 0)).toHaveLength(0);
  });
});

describe('what threads share', () => {
  it('says who has which task, how far it is, and what of it is lost', () => {
    const state = SharedState.create(3);
    const other = SharedState.attach(state.buffer);
    expect([state.take(0, 1), other.take(0, 2), other.take(2, 2), state.take(1, 2)]).toEqual([
      ...[true, false, true, true],
    ]);
    state.report(0, 5, 70);
    other.report(2, 6, 80);
    state.finish(0, 1);
    other.finish(2, 2);
    const told = [0, 1, 2].map((task) => Object.values(state.read(task)));
    expect([told, state.tasksDone]).toEqual([
      [
        [5, 70],
        [0, 0],
        [6, 80],
      ],
      2,
    ]);
    state.giveBack(2, 3);
    expect([other.tasksDone, other.read(2), other.read(0)]).toEqual([
      1,
      { interrupts: 0, timeNs: 0 },
      { interrupts: 5, timeNs: 70 },
    ]);
    expect([state.take(0, 3), state.take(1, 3), state.take(2, 3)]).toEqual([false, true, true]);
    expect(other.cancelled).toBe(false);
    state.cancel();
    expect([other.cancelled, other.tasksDone]).toEqual([true, 1]);
  });
});

describe('values under an alias', () => {
  const aliased = (count: number): string =>
    `a: &a [${Array(999).fill(0).join()}]\nb: [${Array(count).fill('*a').join()}]`;

  it('are counted, and no others', () => {
    expect(() => readYaml(aliased(100))).not.toThrow();
    expect(() => readYaml(aliased(101))).toThrow('more than 100,000 values');
  });
});

describe('the jobs of threads', () => {
  const shards = [0, 0, 0, 1, 2, 2].map((policyIndex) => ({ policyIndex }));
  const told = (threads: number, areAlone: boolean): string[] =>
    jobsOf(shards, threads, areAlone).map(({ end, first, number }) => `${number}: ${first}-${end}`);

  it('are one for each thread and policy, at most one for each shard', () => {
    expect(told(2, false)).toEqual(['1: 0-3', '2: 0-3', '3: 3-4', '4: 4-6', '5: 4-6']);
    expect(told(1, false)).toEqual(['1: 0-3', '2: 3-4', '3: 4-6']);
    expect(told(9, false)).toHaveLength(6);
  });

  it('are the shards where each is to be alone', () => {
    expect(told(2, true)).toEqual(['1: 0-1', '2: 1-2', '3: 2-3', '4: 3-4', '5: 4-5', '6: 5-6']);
  });
});

describe('the columns of packed histograms', () => {
  const none = (count: number, starts = count + 1): Parameters<typeof packedProblem>[0] => ({
    bytes: new Uint8Array(),
    starts: new Float64Array(starts),
    count: new Float64Array(count),
    minNs: new Float64Array(count),
    maxNs: new Float64Array(count),
    sumNs: Array.from({ length: count }, () => 0n),
  });

  it('are as many as the histograms, and their bytes are all there is', () => {
    expect(packedProblem(none(3), 3)).toBe('');
    expect(packedProblem(none(3), 2)).toBe('they are not 2');
    expect(packedProblem(none(3, 5), 3)).toBe('they are not 3');
    expect(packedProblem({ ...none(3), minNs: new Float64Array(2) }, 3)).toBe('they are not 3');
    const [begun, ended] = [none(2), none(2)];
    begun.starts[0] = 1;
    ended.starts[2] = 1;
    for (const packed of [begun, ended]) {
      expect(packedProblem(packed, 2)).toBe('they have other bytes');
    }
    expect(packedProblem({ ...none(1), count: Float64Array.of(1) }, 1)).toBe(
      'histogram 0 contradicts itself',
    );
    expect(packedProblem({ ...none(1), sumNs: [1n] }, 1)).toBe('histogram 0 contradicts itself');
    expect(packedProblem({ ...none(1), minNs: Float64Array.of(1) }, 1)).toBe(
      'histogram 0 contradicts itself',
    );
  });
});

describe('the routines of a module', () => {
  const report = (count: number): string[] => [
    'DPC Info',
    `Total = ${count} for module nic.sys`,
    `Elapsed Time, >  0 usecs AND <=  1 usecs, ${count}, or 100.00%`,
  ];

  it('are as many as a scenario may have interrupts', () => {
    const beyond = 'is beyond what a';
    const read = (count: number) => (): unknown => readDpcIsr(report(count), 'report.txt');
    expect(read(1e12)).toThrow(/^(?!.*is beyond what a)/);
    expect(read(1e12 + 1)).toThrow(beyond);
  });

  it.each([
    [299, true, true],
    [300, false, true],
    [2_999, false, true],
    [3_000, false, false],
  ])('%d in a report of xperf: rare %s, periodic %s', (count, isRare, isPeriodic) => {
    const text = `
DPC Info
CPU Usage Summing By Module For the Whole Trace
CPU Usage from 0 us to 10000000 us:
     CPU 0 Usage,
     usec      %, Module
     ${6 * count}   0.06, nic.sys

Total = ${count} for module nic.sys
Elapsed Time, >        4 usecs AND <=        8 usecs,    ${count}, or 100.00%
Total,                                                   ${count}

Interrupt Info
`;
    const { modules } = loadOf(readDpcIsr(text.split('\n'), 'report.txt'), 'report.txt');
    const [source] = modules.flatMap((module) => module.sources);
    expect(source).toMatchObject({ isRare, isPeriodic });
  });
});

describe('the last step by an instant', () => {
  const steps = [10, 20, 20, 30].map((t) => ({ t }) as Step);
  it.each([
    [9, -1],
    [10, 0],
    [19, 0],
    [20, 2],
    [29, 2],
    [30, 3],
    [99, 3],
  ])('%d ns: %d', (nowNs, last) => {
    // Plus 0: there are two of them.
    expect(lastStep(steps, nowNs) + 0).toBe(last);
  });

  it('is none where there are none', () => {
    expect(lastStep([], 5)).toBe(-1);
  });
});

describe('a command that tells more', () => {
  it('stands behind its words where both fit, else whole on a line of its own', () => {
    const document = inventedResult();
    document.meta.host.worstCommand = 'dpcbench worst x';
    const linesAt = (width: number): string[] =>
      formatTerminal(document, { colours: false, width }).trimEnd().split('\n').slice(-2);
    const [, line] = linesAt(80);
    expect(line).toMatch(/^Why one DPC waited .* ms: dpcbench worst x$/);
    expect(linesAt(line.length)).toEqual(['', line]);
    expect(linesAt(line.length - 1)).toEqual([line.slice(0, -17), 'dpcbench worst x']);
  });
});

describe('the word that was meant', () => {
  it.each([
    ['x', ['y'], 'y'],
    ['xx', ['yy'], null],
    ['hihg', ['low', 'high'], 'high'],
    ['HIGH', ['high'], 'high'],
    ['abcdef', ['abcdxy'], 'abcdxy'],
    ['abcdef', ['abcxyz'], null],
    ['abc', ['abd', 'abe'], 'abd'],
    ['', ['a'], 'a'],
    ['', [], null],
    [`${'x'.repeat(39)}y`, ['x'.repeat(40)], 'x'.repeat(40)],
    [`${'x'.repeat(40)}y`, ['x'.repeat(41)], null],
  ])('by %s of %j is %s', (word, known, meant) => {
    expect(nearestWord(word, known)).toBe(meant);
  });
});

describe('names of files', () => {
  it('have at most 60 characters of a policy, and differ', () => {
    const policies = [60, 61, 62].map((length) => 'p'.repeat(length));
    const { suffixes } = FILE_FORMATS.find(({ ending }) => ending === '.hgrm')!;
    const names = suffixes([{ label: '', policies }]).filter((name) => name.includes('isrWait'));
    const cut = `${'p'.repeat(60)}.isrWait`;
    expect(names).toEqual([cut, `${cut}-2`, `${cut}-3`]);
  });
});

describe('live columns', () => {
  const surveyAt = (nowNs: number, counts: number[]): Survey => ({
    nowNs,
    counters: { arrivals: 0, ipis: 0, dpcs: 0 } as Counters,
    waits: { first: 100, counts: Uint32Array.from(counts), maxNs: 102 },
    census: [],
    processors: [],
  });

  it('have the waits since the column before', () => {
    const columns = new LiveColumns();
    columns.begin(0);
    const few = columns.add(surveyAt(1000, [60, 0, 0]))!;
    expect(few.p50Ns).toBe(100);
    const later = columns.add(surveyAt(2000, [60, 0, 50]))!;
    expect(later.p50Ns).toBe(102);
    expect(columns.add(surveyAt(2000, [60, 0, 50]))).toBeNull();
    expect(columns.total()!.p50Ns).toBe(100);
  });

  it('count from where the warm-up of a shard ends, one shard after another', () => {
    const columns = new LiveColumns();
    expect(columns.total()).toBeNull();
    columns.begin(400);
    expect(columns.at(500)).toBe(100);
    expect(columns.add(surveyAt(400, [0]))).toBeNull();
    expect(columns.add(surveyAt(1000, [60]))).toMatchObject({ atNs: 600, spanNs: 600 });
    columns.begin(200);
    expect(columns.at(200)).toBe(600);
    expect(columns.add(surveyAt(500, [60, 0, 9]))).toMatchObject({ atNs: 900, spanNs: 300 });
    expect(columns.total()).toMatchObject({ atNs: 900 });
  });

  it('have waits of buckets that begin elsewhere than before', () => {
    const columns = new LiveColumns();
    columns.begin(0);
    const waits = (first: number, counts: number[]): Survey['waits'] => ({
      ...{ first, counts: Uint32Array.from(counts), maxNs: 110 },
    });
    columns.add({ ...surveyAt(1000, []), waits: waits(102, [50, 7]) });
    // What was counted lies two buckets further on, and new samples in the first.
    const next = columns.add({ ...surveyAt(2000, []), waits: waits(100, [30, 0, 50, 7]) })!;
    expect([next.p50Ns, next.p99Ns]).toEqual([100, null]);
    columns.restart();
    const anew = columns.add({ ...surveyAt(3000, []), waits: waits(104, [40]) })!;
    expect(anew.p50Ns).toBe(104);
  });
});
