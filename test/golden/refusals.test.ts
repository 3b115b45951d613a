import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { toJson } from '../../src/export/json.js';
import { readResult } from '../../src/export/read-result.js';
import { decodeSum, encodeSum } from '../../src/kernel/sum-bytes.js';
import { parseCondition } from '../../src/policy/parse-condition.js';
import { failureAnswer, readAnswer, readJob } from '../../src/queue/shard-job.js';
import { readRecording } from '../../src/recording/read-recording.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { canonicalJson } from '../../src/scenario/canonical.js';
import { parseScenario, readTextOf } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { parseSetting } from '../../src/scenario/setting.js';
import { parseThreshold } from '../../src/stats/gate.js';
import { parseParameter } from '../../src/sweep/parameter.js';
import { parseCount, parseDuration, parseRate } from '../../src/units.js';
import { inventedRecording } from '../fixtures/recordings/invented-recording.js';
import { inventedResult } from '../fixtures/results/invented-result.js';
import { Dice } from '../fuzz/dice.js';
import { mutate } from '../fuzz/mutate.js';
import { tomlOf } from '../fuzz/write-toml.js';
import { expectGolden, hashOf } from './golden-file.js';
import { Pick } from './pick.js';

const MIXED = join(import.meta.dirname, 'transcripts/mixed.yaml');
const LONGEST = 300;

/** What is said of an input: why it is refused, or what was read, as a hash. */
function outcome(read: () => unknown): string {
  try {
    const value = read();
    return `read ${hashOf(typeof value === 'string' ? value : JSON.stringify(value ?? null))}`;
  } catch (error) {
    // Anything else is a defect.
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as Error;
    return JSON.stringify(message.replaceAll(/\b[0-9a-f]{64}\b/g, 'HASH').slice(0, LONGEST));
  }
}

/** Damages bytes so often, by the number of each input alone. */
function expectDamaged(
  name: string,
  corpus: readonly Uint8Array[],
  count: number,
  read: (bytes: Buffer) => unknown,
): void {
  const lines = Array.from({ length: count }, (_, index) => {
    const bytes = mutate(corpus, new Dice('golden', name, index));
    return `${index}: ${outcome(() => read(bytes))}`;
  });
  expectGolden(`refusals/${name}.txt`, lines.join('\n') + '\n');
}

const NAMES = { policies: ['vista'], sources: ['nic'], counters: ['ipis'] };
/** What reads short texts, and some that are right. */
const WORDS: [(text: string) => unknown, ...string[]][] = [
  [parseCondition, 'idle and not (over or deep)', 'slow or rare and polling', 'always', 'never'],
  [parseDuration, '12ms', '1.5us', '3min', '800ns', '0.25s', '17'],
  [parseRate, '10k/s', '1.5M/s', '50/s', '2kHz', '9'],
  [parseCount, '250k', '10M', '1G', '17'],
  [parseSetting, 'sources.nic.irql=5', 'sources[0].dpc.service={exponential: 2us}', 'a="b c"'],
  [parseParameter, 'a=1..64x2', 'a=10us..1ms:10us', 'a=1,[2, 3],"4"', 'a=1k/s..9k/s:2k/s'],
  [
    (text) => parseThreshold(text, NAMES),
    'vista.dpcWait.p99 > 100us',
    'vista.ipisPerThousand >= 0.5',
    'vista.ipis != 10k',
    'vista.source.nic.isrWait.max<=1ms',
  ],
];

let written: object;
let scenario: Scenario;
let result: object;
const sums: Uint8Array[] = [];

beforeAll(async () => {
  const text = readFileSync(MIXED, 'utf8');
  written = readTextOf(text, 'mixed.yaml').value as object;
  const parsed = parseScenario(text, 'mixed.yaml');
  const until = { timeNs: null, interrupts: 300 };
  scenario = { ...parsed, policies: parsed.policies.slice(0, 2), until };
  const options = { warmup: 'none', shards: 5, intervals: 'all' } as const;
  const document = await runBenchmark(scenario, options, (of, shards, onSum, how) => {
    const keep: typeof onSum = (sum) => {
      sums.push(encodeSum(sum));
      onSum(sum);
    };
    return executeInProcess(of, shards, keep, { ...how, oneByOne: true });
  });
  // How long it took, where and by which build is another each time.
  const { host, kernelHash, versions } = inventedResult().meta;
  Object.assign(document.meta, { host, kernelHash, versions });
  result = JSON.parse(toJson(document)) as object;
});

describe('to the letter, as before, is what is said of damaged', () => {
  it.each(['yaml', 'json', 'toml'] as const)('scenarios in %s', (syntax) => {
    const text = {
      yaml: () => readFileSync(MIXED, 'utf8'),
      json: () => JSON.stringify(written, null, 1),
      toml: () => tomlOf(written),
    }[syntax]();
    expectDamaged(syntax, [Buffer.from(text)], 70, (bytes) =>
      canonicalJson(parseScenario(bytes.toString(), `input.${syntax}`)),
    );
  });

  it('words', () => {
    const lines = WORDS.flatMap(([parse, ...examples]) =>
      Array.from({ length: 36 }, (_, index) => {
        const corpus = examples.map((example) => Buffer.from(example));
        const text = mutate(corpus, new Dice('golden', 'words', index)).toString();
        return `${JSON.stringify(text.slice(0, 80))}: ${outcome(() => parse(text))}`;
      }),
    );
    expectGolden('refusals/words.txt', lines.join('\n') + '\n');
  });

  it('sums of shards', () => {
    expectDamaged('sums', sums.slice(0, 3), 150, (bytes) => {
      return hashOf(encodeSum(decodeSum(bytes, scenario, 'input')));
    });
  });

  it('recordings, behind their digests', () => {
    const digestBytes = 32;
    const bytes = writeRecording(inventedRecording({ events: 60 })).subarray(0, -digestBytes);
    expectDamaged('recordings', [bytes], 150, (damaged) => {
      const digest = createHash('sha256').update(damaged).digest();
      const { meta, streams } = readRecording(Buffer.concat([damaged, digest]), 'input');
      return JSON.stringify([meta, streams.map(({ name, atNs }) => [name, atNs.length])]);
    });
  });

  it('results', () => {
    const places = placesIn(result);
    const lines = Array.from({ length: 120 }, (_, seed) => {
      const { tampered, what } = tamperedLeaf(result, new Pick(seed), places);
      const text = JSON.stringify(tampered);
      return `${what}: ${outcome(() => readResult(text, 'input.json').schema)}`;
    });
    expectGolden('refusals/results.txt', lines.join('\n') + '\n');
  });

  it('jobs and answers of a queue', () => {
    const shard = { policyIndex: 0, seed: 1, shardIndex: 0, untilTimeNs: null, untilInterrupts: 9 };
    const job = {
      version: 4,
      kernel: { hash: 'a'.repeat(64), abi: 1, rules: 1 },
      run: '0123456789abcdef',
      index: 3,
      scenario: 'b'.repeat(64),
      focus: {
        sources: ['a'],
        against: [],
        latencies: ['dpcWait'],
        statistic: 'p99Ns',
        counters: [],
      },
      intervals: 'all',
      census: true,
      shard: { ...shard, warmupNs: 0, halfNs: null, binNs: 5 },
    };
    const problem = { file: null, line: null, column: null, path: 'a.b', message: 'm', hint: 'h' };
    const refusal = JSON.parse(
      Buffer.from(failureAnswer(new InputError([problem])).subarray(1)).toString(),
    ) as object;
    const lines = Array.from({ length: 120 }, (_, seed) => {
      const ofJob = tamperedLeaf(job, new Pick(seed));
      const ofAnswer = tamperedLeaf(refusal, new Pick(seed));
      const answer = Buffer.concat([Buffer.of(0), Buffer.from(JSON.stringify(ofAnswer.tampered))]);
      return [
        `${ofJob.what}: ${outcome(() => readJob(ofJob.tampered))}`,
        ...(seed < 30 ? [`${ofAnswer.what}: ${answered(answer)}`] : []),
      ].join('\n');
    });
    expectGolden('refusals/jobs.txt', lines.join('\n') + '\n');
  });
});

/** A defect of a worker is none of the host's. */
function answered(answer: Uint8Array): string {
  try {
    return `a sum of ${readAnswer(answer).length} bytes`;
  } catch (error) {
    return `${(error as Error).name} ${JSON.stringify((error as Error).message)}`;
  }
}

type Path = readonly (string | number)[];

/** All that an object holds, lists and objects as well, by what their paths have in common. */
function placesIn(value: unknown, path: Path = []): Map<string, Path[]> {
  const places = new Map<string, Path[]>();
  const visit = (at: unknown, here: Path): void => {
    if (here.length > 0) {
      const key = here.map((step) => (typeof step === 'number' ? '*' : step)).join('.');
      const known = places.get(key);
      if (known === undefined) places.set(key, [here]);
      else known.push(here);
    }
    if (typeof at !== 'object' || at === null) return;
    for (const [step, of] of Object.entries(at)) {
      visit(of, [...here, Array.isArray(at) ? Number(step) : step]);
    }
  };
  visit(value, path);
  return places;
}

/** With one value in it that is another: every kind of place is as likely. */
function tamperedLeaf(
  value: object,
  pick: Pick,
  places = placesIn(value),
): { tampered: object; what: string } {
  const tampered = structuredClone(value) as Record<string | number, unknown>;
  // A part is drawn first: most figures are in a few of them.
  const partOf = (key: string): string => key.split('.').slice(0, 3).join('.');
  const part = pick.of(...new Set([...places.keys()].map(partOf)));
  const key = pick.of(...[...places.keys()].filter((one) => partOf(one) === part));
  const path = pick.of(...places.get(key)!);
  let parent = tampered;
  for (const step of path.slice(0, -1)) parent = parent[step] as typeof parent;
  const last = path[path.length - 1];
  const before = parent[last];
  const other = otherThan(before, pick);
  if (other === undefined) delete parent[last];
  else parent[last] = other;
  const shown = JSON.stringify(other)?.slice(0, 40) ?? 'nothing';
  return { tampered, what: `${path.join('.')} = ${shown}` };
}

function otherThan(value: unknown, pick: Pick): unknown {
  const any = pick.of<unknown>(undefined, null, 'x', -1, 1.5, {}, []);
  if (typeof value === 'number') return pick.of<unknown>(value + 1, value - 1, value + 1, any);
  if (typeof value === 'boolean') return pick.of<unknown>(!value, any);
  if (typeof value === 'string') return pick.of<unknown>(`${value} `, '', value.slice(1), any);
  if (!Array.isArray(value)) return any;
  const [first] = value as unknown[];
  return pick.of<unknown>(value.slice(1), value.slice(0, -1), [first, ...value], [], any);
}
