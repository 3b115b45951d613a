import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { formatComparison } from '../../src/export/comparison.js';
import { toJson } from '../../src/export/json.js';
import { readResult } from '../../src/export/read-result.js';
import { resultJsonSchema } from '../../src/export/result-schema.js';
import { formatTerminal } from '../../src/export/terminal.js';
import { renderReport } from '../../src/report/render.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { compareDocuments } from '../../src/stats/compare-documents.js';
import { evaluateRegression, evaluateThreshold, parseThreshold } from '../../src/stats/gate.js';
import type { ResultDocument } from '../../src/result/document.js';
import { verdict } from '../../src/stats/verdict.js';
import { sha256 } from '../../src/disk/load-page.js';

/** Every form of source, arrivals and distribution that a result can carry. */
const forms = {
  name: 'everything',
  question: 'Which forms are there?',
  machine: {
    processors: 2,
    tick: '1ms',
    poll: '2us',
    background: { busy: { exponential: '1ms' }, idle: 1 },
  },
  sources: [
    {
      name: 'poisson',
      irql: 5,
      processor: [0, 1],
      isr: { uniform: ['1us', '3us'] },
      arrivals: { poisson: '20k/s' },
      dpc: { target: 1, importance: 'high', service: { lognormal: { mean: '5us', p99: '20us' } } },
    },
    {
      name: 'periodic',
      irql: 6,
      isr: { pareto: { shape: 2, min: '1us', max: '90us' } },
      arrivals: { periodic: { rate: '10k/s', jitter: { exponential: '1us' } } },
      dpc: { service: { histogram: { edges: [0, 1000, 9000], weights: [2, 1] } } },
    },
    {
      name: 'bursts',
      irql: 4,
      arrivals: { bursts: { on: '50us', off: '1ms', gap: '5us' } },
      isr: {
        mixture: [
          { weight: 1, of: '1us' },
          { weight: 2, of: { exponential: '2us' } },
        ],
      },
    },
    { name: 'timer', timer: { period: '2ms' }, service: '3us' },
  ],
  policies: ['pre-vista', { name: 'own', extends: 'vista', adaptive: false }],
  // Short: what is changed at random is a figure as often as one of many buckets.
  until: { time: '4ms' },
};
/** These begin anew in every shard, so that there can be one alone. */
const lists = [
  { name: 'at', irql: 3, isr: '1us', arrivals: { at: [0, '1us', 5_000] } },
  { name: 'recorded', irql: 3, isr: 0, arrivals: { recording: 'a.dpcrec' } },
];

const written = async (sources: readonly unknown[], shards: number): Promise<ResultDocument> => {
  const scenario = resolveScenario(
    { ...forms, sources },
    {
      resolveRecording: () => ({
        origin: 'a.dpcrec: irq/nic',
        atNs: Float64Array.of(10, 20),
        processor: Uint16Array.of(0, 1),
        isrNs: Uint32Array.of(30_000, 5),
        serviceNs: Uint32Array.of(0, 0),
      }),
    },
  );
  const options = { shards, intervals: 'all', warmup: 'none' } as const;
  const document = await runBenchmark(scenario, options, executeInProcess);
  return JSON.parse(toJson(document)) as ResultDocument;
};
const documents = [await written([...forms.sources, ...lists], 1), await written(forms.sources, 6)];
const texts = documents.map((document) => JSON.stringify(document));
const whole = documents[1];
const read = (document: unknown): ResultDocument => readResult(JSON.stringify(document), 'a.json');

type Container = Record<string, unknown>;

const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  -(2 ** 53),
  1e-300,
  '',
  'xyz',
  '\ud800',
  '\u001b[2J',
  '9007199254740993',
  [],
  {},
  [[]],
  [null],
  { low: 2, high: 1 },
  { kind: 'constant', ns: 1e99 },
];

/** One change somewhere in the document: which way down, and what to do there. */
const changes = fc.record({
  way: fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 9 }),
  act: fc.constantFrom('replace', 'delete', 'repeat', 'swap', 'scale', 'step', 'rename'),
  value: fc.constantFrom(...HOSTILE),
  factor: fc.constantFrom(-1, 0, 0.5, 2, 1e6, 1e300),
});
type Change = typeof changes extends fc.Arbitrary<infer T> ? T : never;

function mutate(document: ResultDocument, { act, factor, value, way }: Change): void {
  let owner = document as unknown as Container;
  let key = '';
  for (const step of way) {
    const keys = Object.keys(owner);
    if (keys.length === 0) break;
    key = keys[step % keys.length];
    const next = owner[key];
    if (typeof next !== 'object' || next === null || step === way.at(-1)) break;
    if (Object.keys(next).length > 0) owner = next as Container;
  }
  if (!Object.hasOwn(owner, key)) return;
  const seen = owner[key];
  const other = Object.keys(owner)[way[0] % Object.keys(owner).length];
  // A copy: the next change may be of what this one has put there.
  if (act === 'replace') owner[key] = structuredClone(value);
  else if (act === 'rename') [owner[`${key}!`], owner[key]] = [seen, undefined];
  else if (act === 'swap') [owner[key], owner[other]] = [owner[other], seen];
  else if (act === 'repeat' && Array.isArray(owner)) owner.push(seen);
  else if (act === 'scale' && typeof seen === 'number') owner[key] = seen * factor;
  else if (act === 'step' && typeof seen === 'number') owner[key] = seen + Math.sign(factor);
  else if (Array.isArray(owner)) owner.splice(Number(key), 1);
  else delete owner[key];
}

/** All that a result is read for. Comparing may find that two results are of different runs. */
function useEverywhere(document: ResultDocument): void {
  formatTerminal(document, { colours: true });
  verdict(document);
  renderReport([document], { script: '', style: '', sha256 });
  const names = {
    policies: document.results.map(({ policy }) => policy),
    sources: document.scenario.sources.map(({ name }) => name),
    counters: ['ipis'],
  };
  for (const figure of ['ipis > 3', 'dpcWait.p99 > 3us', 'ipisPerThousand > 0.5']) {
    const policy = document.results[0].policy;
    try {
      evaluateThreshold(document, parseThreshold(`${policy}.${figure}`, names));
    } catch (error) {
      // A name that no gate can be written for.
      if (!(error instanceof InputError)) throw error;
    }
  }
  try {
    const comparison = compareDocuments(whole, document);
    evaluateRegression(comparison, 5);
    formatComparison(whole, document, comparison);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

describe('a result that was read', () => {
  it('is what was written, for every form that it can carry', () => {
    for (const document of documents) {
      expect(read(document)).toEqual(document);
      useEverywhere(read(document));
    }
  });

  it(
    'is refused with a path, or everything works with it, whatever was changed',
    {
      timeout: 300_000,
    },
    () => {
      const isResult = new Ajv2020({ strict: true }).compile(resultJsonSchema());
      let refused = 0;
      const runs = 2000;
      fc.assert(
        fc.property(fc.nat(1), fc.array(changes, { minLength: 1, maxLength: 2 }), (which, list) => {
          const changed = JSON.parse(texts[which]) as ResultDocument;
          for (const change of list) mutate(changed, change);
          const text = JSON.stringify(changed);
          let result: ResultDocument;
          try {
            result = readResult(text, 'a.json');
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            const [{ message, line, path }] = (error as InputError).problems;
            expect(message).not.toBe('');
            expect(line !== null || path === 'schema').toBe(true);
            refused += 1;
            return;
          }
          expect(isResult(JSON.parse(text)), JSON.stringify(isResult.errors)).toBe(true);
          useEverywhere(result);
        }),
        { numRuns: runs },
      );
      // The test would say nothing if all were refused, or none.
      expect(refused).toBeGreaterThan(runs / 4);
      expect(refused).toBeLessThan(runs);
    },
  );
});

describe('a result that contradicts itself', () => {
  const first = (document: ResultDocument) => document.results[0];

  it.each<[string, (document: ResultDocument) => unknown, RegExp]>([
    [
      'a truth table',
      (d) => (d.scenario.policies[0].other.high.table = 'xyz'),
      /^a\.json:1:\d+: scenario\.policies\[0\]\.other\.high\.table: expected 16 hexadecimal/,
    ],
    [
      'a bucket',
      (d) => (first(d).distribution.dpcWait.highNs[0] += 1),
      /results\[0\]\.distribution\.dpcWait\.lowNs\[0\]: \d+ to \d+ is no bucket/,
    ],
    ['the order of buckets', (d) => first(d).distribution.dpcWait.lowNs.reverse(), /no bucket/],
    [
      'a count of samples',
      (d) => (first(d).distribution.isrWait.counts[0] += 1),
      /results\[0\]\.distribution\.isrWait\.counts: expected [\d,]+ samples, .* found [\d,]+/,
    ],
    [
      'the length of a column',
      (d) => first(d).distribution.isrWait.counts.pop(),
      /the columns differ in length/,
    ],
    [
      'a sum',
      (d) => (first(d).counters.ipis += 1),
      /results\[0\]\.counters\.ipis: expected the sum over all processors, [\d,]+, found \d+/,
    ],
    [
      'an interval',
      (d) => (first(d).intervals!.perThousand.ipis = { low: 2, high: 1 }),
      /results\[0\]\.intervals\.perThousand\.ipis: low is above high/,
    ],
    [
      'a name',
      (d) => (first(d).policy = 'other'),
      /results\[0\]\.policy: expected the name of this policy in the scenario, found "other"/,
    ],
    [
      'two names',
      (d) => (d.scenario.sources[1].name = d.scenario.sources[0].name),
      /scenario\.sources\[1\]\.name: expected a name of its own/,
    ],
    ['a processor', (d) => (first(d).processors[1].index = 0), /processors\[1\]\.index/],
    ['the number of processors', (d) => (d.meta.processors = 3), /meta\.processors/],
    [
      'an unknown setting of the machine',
      (d) => ((d.scenario.machine as unknown as Container).turbo = 1),
      /scenario\.machine\.turbo: unknown key "turbo"/,
    ],
  ])('is refused: %s', (_, change, message) => {
    const changed = structuredClone(whole);
    change(changed);
    expect(() => read(changed)).toThrow(message);
  });

  it('is refused for mixtures nested deeper than a scenario has them', () => {
    const changed = structuredClone(whole);
    const source = changed.scenario.sources[2];
    const nested = (depth: number): unknown =>
      depth === 0
        ? { kind: 'constant', ns: 1 }
        : { kind: 'mixture', parts: [{ weight: 1, of: nested(depth - 1) }] };
    (source as unknown as Container).isr = nested(5);
    expect(() => read(changed)).toThrow(/mixtures nest more than 4 deep/);
    (source as unknown as Container).isr = nested(4);
    expect(read(changed).scenario.sources[2]).toEqual(source);
  });
});

describe('a result of another version', () => {
  it('may lack what is not always recorded, and that is null', () => {
    const older = structuredClone(whole) as unknown as Container;
    delete (older.meta as Container).precision;
    delete older.comparisons;
    delete older.warnings;
    for (const result of older.results as Container[]) {
      delete result.intervals;
      delete result.load;
    }
    const document = read(older);
    expect(document.meta.precision).toBeNull();
    expect(document.results.map(({ intervals, load }) => [intervals, load])).toEqual(
      documents[1].results.map(() => [null, null]),
    );
    expect(document.comparisons).toEqual([]);
    expect(document.warnings).toEqual(whole.warnings);
    useEverywhere(document);
  });

  it('may have more than is known, which is left out', () => {
    const newer = structuredClone(whole) as unknown as Container;
    newer.later = 1;
    (newer.meta as Container)['__proto__ '] = { polluted: true };
    expect(read(newer)).toEqual(whole);
    const hostile = JSON.stringify(whole).replace('{', '{"__proto__": {"schema": 1}, ');
    expect(readResult(hostile, 'a.json')).toEqual(whole);
  });
});
