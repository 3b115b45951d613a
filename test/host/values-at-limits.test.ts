import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as args from '../../src/cli/arguments.js';
import {
  encodeRecord,
  JOURNAL_MAGIC,
  kindOfStart,
  readHead,
} from '../../src/disk/journal-format.js';
import { Journal, JournalReader } from '../../src/disk/journal.js';
import { InputError } from '../../src/errors.js';
import { readRun, runIdentity, runRecords } from '../../src/run/run-journal.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { distributionFault, highestP99Ns } from '../../src/scenario/distribution-fault.js';
import { LIMITS } from '../../src/scenario/limits.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Distribution } from '../../src/scenario/scenario.js';

const device = (source: object, more: object = {}): object => ({
  sources: [
    { name: 'nic', irql: 5, arrivals: { poisson: 1000 }, dpc: { service: '1us' }, ...source },
  ],
  ...more,
});
const service = (of: unknown): object => device({ dpc: { service: of } });
const arriving = (arrivals: unknown): object => device({ arrivals });
const working = (background: object): object => device({}, { machine: { background } });
const HALF = { uniform: [0, 1] };

/** "", or all that is wrong. */
function refused(written: object): string {
  try {
    resolveScenario(written);
    return '';
  } catch (error) {
    return (error as InputError).message;
  }
}

describe('values of a scenario', () => {
  it.each<[string, object]>([
    ['a shape of 1,000', service({ pareto: { shape: 1000, min: 1, max: 2 } })],
    ['a weight of 10^15', service({ mixture: [{ weight: 1e15, of: 1 }] })],
    ['a question of 2,000 characters', device({}, { question: '\u{1f600}'.repeat(2000) })],
    ['a thousand million interrupts a second', arriving({ poisson: 1e9 })],
    ['an arrival at the last instant', arriving({ at: [0, LIMITS.spanNs] })],
    ['two phases of half a ns', arriving({ bursts: { on: HALF, off: HALF, gap: 1 } })],
    ['threads of half a ns, as long apart', working({ busy: HALF, idle: HALF })],
    ['the same at DISPATCH', working({ busy: 1000, idle: 1000, dispatch: HALF, passive: HALF })],
    ['a uniform duration from 5 to 5', service({ uniform: [5, 5] })],
    ['a p99 that is the mean', service({ lognormal: { mean: 50, p99: 50 } })],
    ['a p99 as high as it can be', service({ lognormal: { mean: 50, p99: highestP99Ns(50) } })],
    ['a processor by its last index', device({ processor: 1 }, { machine: { processors: 2 } })],
  ])('may be %s', (_, written) => expect(refused(written)).toBe(''));

  it.each<[string, object, RegExp]>([
    ['a shape above', service({ pareto: { shape: 1000.5, min: 1, max: 2 } }), /shape/],
    ['a shape of 0', service({ pareto: { shape: 0, min: 1, max: 2 } }), /shape/],
    ['a weight above', service({ mixture: [{ weight: 1e15 + 1, of: 1 }] }), /weight/],
    ['a weight below 0', service({ mixture: [{ weight: -1, of: 1 }] }), /weight/],
    ['a longer question', device({}, { question: '\u{1f600}'.repeat(2001) }), /question: /],
    ['more interrupts a second', arriving({ poisson: 1e9 + 1 }), /a rate above 0, up to/],
    ['an interrupt in a year', arriving({ poisson: 1e-8 }), /a rate above 0, up to/],
    ['an arrival after it', arriving({ at: [LIMITS.spanNs + 2] }), /arrivals\.at\[0\]/],
    ['arrivals that fall', arriving({ at: [5, 4] }), /arrivals\.at\[1\]/],
    ['half a ns and nothing', arriving({ bursts: { on: HALF, off: 0, gap: 1 } }), /bursts/],
    ['threads that take no time', working({ busy: HALF, idle: 0 }), /background/],
    [
      'none at DISPATCH',
      working({ busy: 1000, idle: 1000, dispatch: HALF, passive: 0 }),
      /background/,
    ],
    ['a uniform duration from 6 to 5', service({ uniform: [6, 5] }), /uniform/],
    ['a p99 below the mean', service({ lognormal: { mean: 50, p99: 49 } }), /p99/],
    ['a p99 above', service({ lognormal: { mean: 50, p99: highestP99Ns(50) + 1 } }), /p99/],
    ['one index more', device({ processor: 2 }, { machine: { processors: 2 } }), /from 0 to 1/],
    ['edges that stand still', service({ histogram: { edges: [1, 1], weights: [1] } }), /edges/],
  ])('are not %s', (_, written, message) => expect(refused(written)).toMatch(message));

  it('have faults in a resolved distribution as in a written one', () => {
    const histogram = (edgesNs: number[], weights: number[]): Distribution => {
      return { kind: 'histogram', edgesNs, weights };
    };
    const fine: Distribution[] = [
      { kind: 'constant', ns: 0 },
      { kind: 'uniform', minNs: 5, maxNs: 5 },
      { kind: 'exponential', meanNs: 1 },
      { kind: 'lognormal', meanNs: 1, p99Ns: 1 },
      { kind: 'lognormal', meanNs: 100, p99Ns: highestP99Ns(100) },
      { kind: 'pareto', shape: LIMITS.paretoShape, minNs: 1, maxNs: 2 },
      histogram([0, 1], [1]),
      histogram([0, 1, 5], [0, 1]),
      { kind: 'mixture', parts: [{ weight: 1, of: { kind: 'constant', ns: 0 } }] },
    ];
    expect(fine.map(distributionFault)).toEqual(fine.map(() => null));
    const faulty: Distribution[] = [
      { kind: 'uniform', minNs: 6, maxNs: 5 },
      { kind: 'exponential', meanNs: 0.9 },
      { kind: 'lognormal', meanNs: 0.9, p99Ns: 2 },
      { kind: 'lognormal', meanNs: 10, p99Ns: 9 },
      { kind: 'lognormal', meanNs: 100, p99Ns: highestP99Ns(100) + 1 },
      { kind: 'pareto', shape: 0, minNs: 1, maxNs: 2 },
      { kind: 'pareto', shape: LIMITS.paretoShape + 1, minNs: 1, maxNs: 2 },
      { kind: 'pareto', shape: 1, minNs: 0.5, maxNs: 2 },
      { kind: 'pareto', shape: 1, minNs: 2, maxNs: 2 },
      histogram([1, 1], [1]),
      histogram([1, 2, 2], [1, 1]),
      histogram([0, 1, 5], [0, 0]),
      { kind: 'mixture', parts: [{ weight: 0, of: { kind: 'constant', ns: 0 } }] },
    ];
    expect(faulty.map(distributionFault)).toEqual([
      'minNs is above maxNs',
      'its mean is below 1 ns',
      'its mean is below 1 ns',
      'no log-normal distribution has this p99Ns at this mean',
      'no log-normal distribution has this p99Ns at this mean',
      'its shape is out of range',
      'its shape is out of range',
      'minNs is not below maxNs, or is 0',
      'minNs is not below maxNs, or is 0',
      'edgesNs do not rise',
      'edgesNs do not rise',
      'every weight is 0',
      'every weight is 0',
    ]);
  });
});

describe('values of options', () => {
  const read = (reader: (text: string) => unknown, ...texts: string[]): unknown[] =>
    texts.map((text) => {
      try {
        return reader(text);
      } catch (error) {
        return (error as Error).message;
      }
    });

  it('are counts, shares, times and seeds within their limits', () => {
    const count = 'It must be a whole number above 0, such as 250000, 250k or 10M.';
    expect(read(args.parseCount, '1', '2k', '0', '-1', 'x')).toEqual([
      1,
      2000,
      count,
      count,
      count,
    ]);
    const things = 'It must be a number of things from 1 to 12.';
    expect(read(args.upTo(12, 'things'), '1', '12', '0', '13', '1.5', '')).toEqual([
      1,
      12,
      things,
      things,
      things,
      things,
    ]);
    const time = 'It must be a duration above 0, such as 50ms, 2s or 1min.';
    expect(read(args.parseTime, '1', '2us', '0', '0s', 'x')).toEqual([1, 2000, time, time, time]);
    const precision = 'It must be a percentage above 0 % and below 100 %, such as 2% or 0.5%.';
    expect(read(args.parsePrecision, '0.000001%', '99.999999 %')).toEqual([1e-6, 99.999999]);
    expect(read(args.parsePrecision, '0%', '100%', '101%', '5')).toEqual(
      Array.from({ length: 4 }, () => precision),
    );
    const percent = 'It must be a percentage from 0 up, such as 5% or 0.5%.';
    expect(read(args.parsePercent, '0%', '150 %', '5', '-5%', '5%%')).toEqual([
      0,
      150,
      percent,
      percent,
      percent,
    ]);
    const warmup = 'It must be settle, none, auto or a duration above 0, such as 50ms or 2s.';
    expect(read(args.parseWarmup, 'settle', 'none', 'auto', '1', '0', 'off')).toEqual([
      'settle',
      'none',
      'auto',
      1,
      warmup,
      warmup,
    ]);
    expect(read(args.parseSeed, '0', String(2 ** 53 - 1))).toEqual([0, 2 ** 53 - 1]);
    expect(read(args.parseSeed, String(2 ** 53), '-1', '1.5')).toEqual(
      Array.from(
        { length: 3 },
        () => expect.stringMatching(/^It must be a whole number/) as string,
      ),
    );
    expect(read((text) => args.collectNames(text, ['z']), 'a, b', 'a,', '')).toEqual([
      ['z', 'a', 'b'],
      'A name is empty.',
      'A name is empty.',
    ]);
    expect(args.collectTexts('a,b')).toEqual(['a,b']);
  });

  it('are threads, of which there is one at least', async () => {
    const scenario = resolveScenario({ ...device({}), until: { interrupts: 10 } });
    for (const workers of [0, -1, 1.5, NaN, 1e9]) {
      await expect(runBenchmark(scenario, { workers })).rejects.toThrow(
        /^workers .*: must be a whole number from 1 to /,
      );
    }
    await expect(runBenchmark({ ...scenario, policies: [] }, {})).rejects.toThrow(
      /^the scenario has no policy to run/,
    );
  });
});

describe('a journal', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpcbench-limits-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has keys and bytes up to a limit', () => {
    expect(encodeRecord('k'.repeat(1024), bytes(1)).length).toBe(24 + 1024 + 1);
    expect(() => encodeRecord('k'.repeat(1025), bytes(1))).toThrow(
      new RangeError('a record of 1025 and 1 bytes is too long'),
    );
    const head = (keyBytes: number, length: number) => {
      const buffer = Buffer.alloc(24);
      buffer.writeUInt32LE(keyBytes, 0);
      buffer.writeUInt32LE(length, 4);
      return readHead(buffer);
    };
    expect(head(1024, 2 ** 28)).toEqual({ keyBytes: 1024, bytes: 2 ** 28 });
    expect([head(1025, 1), head(1, 2 ** 28 + 1)]).toEqual([null, null]);
  });

  it('is known by its first bytes, all of them or some', () => {
    const magic = JOURNAL_MAGIC.toString();
    expect(magic).toBe('dpcbench-journal/1\n');
    const kinds = ['', 'd', magic.slice(0, -1), magic, 'dpcbench-journal/27\n', 'x', `${magic}x`];
    expect(kinds.map((text) => kindOfStart(Buffer.from(text)))).toEqual([
      'begun',
      'begun',
      'begun',
      'journal',
      27,
      'nothing',
      expect.anything(),
    ]);
  });

  it.each<[string, string, unknown]>([
    ['a list', '', ['a']],
    ['null', '', null],
    ['a text', '', 'a'],
    ['an object of other than texts', '', { work: 1 }],
    ['an object under a key', 'k', { work: 'a' }],
  ])('that says what it is of by %s is refused', async (_, key, value) => {
    const path = at('odd.journal');
    writeFileSync(path, Buffer.concat([JOURNAL_MAGIC, encodeRecord(key, bytes(value))]));
    const said = `${path}: this journal does not say what it is of`;
    expect(() => JournalReader.open(path)).toThrow(said);
    await expect(Journal.open(path, { work: 'a' })).rejects.toThrow(said);
  });

  it('of a run whose choices are not those of a run is refused, at their place', async () => {
    const scenario = resolveScenario(device({}));
    const path = at('run.journal');
    const journal = await Journal.open(path, runIdentity(scenario, {}));
    for (const [key, record] of runRecords(scenario, {})) journal.add(key, record);
    journal.add('choices', bytes({ seed: 'one', shards: 0 }));
    journal.close();
    const reader = JournalReader.open(path);
    expect(() => readRun(reader)).toThrow(/choices\.seed: expected a whole number from 0 up/);
    reader.close();
    const more = await Journal.open(path, runIdentity(scenario, {}));
    const [choices] = [...runRecords(scenario, {})].filter(([key]) => key === 'choices');
    const known = JSON.parse(Buffer.from(choices[1]).toString()) as object;
    more.add('choices', bytes({ ...known, sheds: 3 }));
    more.close();
    const other = JournalReader.open(path);
    expect(() => readRun(other)).toThrow(/choices\.sheds: unknown key "sheds"/);
    other.close();
    const whole = await Journal.open(path, runIdentity(scenario, {}));
    for (const [key, record] of runRecords(scenario, {})) whole.add(key, record);
    whole.close();
    const again = JournalReader.open(path);
    expect(readRun(again).choices).toMatchObject({ seed: 1, warmup: 'settle', census: true });
    again.close();
  });
});
