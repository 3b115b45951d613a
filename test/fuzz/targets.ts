import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { run } from '../../src/cli.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { encodeRecord } from '../../src/disk/journal-format.js';
import { JournalReader } from '../../src/disk/journal.js';
import { EXIT, inputError, InputError } from '../../src/errors.js';
import { readResult } from '../../src/export/read-result.js';
import { decodeSum } from '../../src/kernel/sum-bytes.js';
import { parseCondition } from '../../src/policy/parse-condition.js';
import { PRESETS } from '../../src/policy/presets.js';
import { describeScenario, hashScenario } from '../../src/run/describe-scenario.js';
import { carryOutJob } from '../../src/queue/carry-out-job.js';
import { JOB_VERSION, readAnswer, readJob, type ShardJob } from '../../src/queue/shard-job.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { isShardKey } from '../../src/run/kept-shards.js';
import { planShards } from '../../src/run/plan-shards.js';
import { readRun } from '../../src/run/run-journal.js';
import { sha256Hex } from '../../src/disk/sha256.js';
import { canonicalJson } from '../../src/scenario/canonical.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { parseSetting } from '../../src/scenario/setting.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { parseThreshold } from '../../src/stats/gate.js';
import { parseCount, parseDuration, parseRate } from '../../src/units.js';
import { simulateShard } from '../simulate.js';
import { linkCorpus, readLink } from './read-link.js';
import { tomlOf } from './write-toml.js';

/** Something that reads what others made. */
export interface Target {
  name: string;
  /** What is right, to be damaged. */
  corpus: () => Uint8Array[] | Promise<Uint8Array[]>;
  /**
   * Reads one input: returns, or throws InputError. Anything else that it throws is a defect.
   */
  read: (bytes: Buffer) => unknown;
}

const HAND_MADE = 'test/fixtures/recordings/hand-made.ftrace.txt';
const DIGEST_BYTES = 32;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

let folder = '';

/** A folder for inputs that stand in files; that of another thread, if one is named. */
export function useScratch(path = folder): string {
  folder = path === '' ? mkdtempSync(join(tmpdir(), 'dpcbench-fuzz-')) : path;
  return folder;
}

export function removeScratch(): void {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
  folder = '';
}

/** Where a target that takes paths puts its input. */
function inFile(bytes: Uint8Array, name: string): string {
  const path = join(useScratch(), name);
  writeFileSync(path, bytes);
  return path;
}

/** Runs a command line; a defect of the program ends with exit code 1. A refusal is thrown. */
async function cli(...args: string[]): Promise<string> {
  const texts = { out: '', err: '' };
  const code = await run(args, {
    out: (text) => ((texts.out += text), true),
    err: (text) => ((texts.err += text), true),
    colours: false,
    width: 80,
    isInteractive: false,
    lost: null,
    listening: (work) => work(new AbortController().signal),
  });
  if (code === EXIT.internal) throw new Error(texts.err);
  const raw = /[\0-\x08\x0b-\x1f\x7f\x9b\u202e]/.exec(texts.out + texts.err);
  if (raw !== null) throw new Error(`a control character was printed: ${JSON.stringify(raw[0])}`);
  if (code !== EXIT.ok) throw inputError(texts.err, '', code);
  return texts.out;
}

function examples(pattern: RegExp): Uint8Array[] {
  return ['examples', 'test/fixtures/scenarios']
    .flatMap((name) => readdirSync(name).map((file) => join(name, file)))
    .filter((path) => pattern.test(path))
    .map((path) => readFileSync(path));
}

/** The written form of every scenario that ships or is a fixture. */
function writtenScenarios(): unknown[] {
  return examples(/\.json$/).map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as unknown);
}

/** A moment of simulation: a scenario that was let through must not break what comes after. */
function simulateMoment(scenario: Scenario): void {
  hashScenario(describeScenario(scenario, sha256Hex), sha256Hex);
  planShards(scenario);
  if (scenario.machine.processors > 16) return;
  simulateShard({
    scenario,
    policyIndex: 0,
    seed: 1,
    shardIndex: 0,
    untilTimeNs: 20_000,
    untilInterrupts: 100,
    warmupNs: 0,
  });
}

function scenarios(syntax: 'yaml' | 'json' | 'toml', corpus: Target['corpus']): Target {
  return {
    name: `scenarios-${syntax}`,
    corpus,
    read: (bytes) => simulateMoment(parseScenario(bytes.toString(), `input.${syntax}`)),
  };
}

async function smallResult(): Promise<string> {
  return cli('run', 'how-a-dpc-helps', '--quiet', '--json', '-');
}

async function smallJournal(): Promise<Uint8Array> {
  const path = join(useScratch(), 'corpus.journal');
  if (!existsSync(path)) {
    await cli('run', 'default', '-n', '2k', '--shards', '2', '--quiet', '--journal', path);
  }
  return readFileSync(path);
}

function recordingCorpus(): Uint8Array[] {
  const fixtures = 'test/fixtures/recordings';
  const texts = readdirSync(fixtures)
    .filter((name) => !name.endsWith('.ts'))
    .map((name) => {
      const bytes = readFileSync(join(fixtures, name));
      return name.endsWith('.gz') ? gunzipSync(bytes).subarray(0, 40_000) : bytes;
    });
  const windows = ['idle-desktop-16cpu.dpcisr.txt', 'idle-desktop-16cpu.cswitch.txt'].map((name) =>
    readFileSync(join('examples/windows', name)),
  );
  return [...texts, ...windows];
}

function refusalOf(parse: (text: string) => unknown, text: string): InputError[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (error instanceof InputError) return [error];
    throw error;
  }
}

/** Options of commands, conditions of gates and of policies: short texts. */
const WORDS: Record<string, (text: string) => unknown> = {
  condition: parseCondition,
  duration: parseDuration,
  rate: parseRate,
  count: parseCount,
  setting: (text) => parseSetting(text),
  threshold: (text) =>
    parseThreshold(text, { policies: ['vista'], sources: ['nic'], counters: ['ipis'] }),
};

function conditionCorpus(): Uint8Array[] {
  const conditions = PRESETS.flatMap(({ current, other }) =>
    [...Object.values(current), ...Object.values(other)].map(({ text }) => text),
  );
  const others = ['12ms', '1.5us', '10k/s', '250k', 'sources.nic.irql=5', '3/8'];
  const thresholds = ['vista.dpcWait.p99 > 100us', 'vista.ipisPerThousand >= 0.5'];
  return [...new Set(conditions), ...others, ...thresholds].map(bytesOf);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw inputError('no JSON');
  }
}

/** A moment of it: how long a shard takes is its run's to say. */
function shortened(job: ShardJob): ShardJob {
  return { ...job, shard: { ...job.shard, untilTimeNs: 20_000, untilInterrupts: 100 } };
}

function jobCorpus(): Uint8Array[] {
  return ['how-a-dpc-helps', 'bounded-drains', 'moderation'].map((name) => {
    const scenario = loadScenario(name);
    const described = describeScenario(scenario, sha256Hex);
    const job: ShardJob = {
      version: JOB_VERSION,
      kernel: shippedKernel().identity,
      run: '0123456789abcdef',
      index: 0,
      scenario: hashScenario(described, sha256Hex),
      focus: scenario.focus ?? null,
      intervals: 'machine',
      census: true,
      shard: {
        policyIndex: 0,
        seed: 1,
        shardIndex: 0,
        untilTimeNs: 20_000,
        untilInterrupts: 100,
        warmupNs: 0,
        halfNs: null,
        binNs: null,
      },
    };
    return bytesOf(`${JSON.stringify(job)}\n${canonicalJson(described)}`);
  });
}

let sumScenario: Scenario | null = null;

export const TARGETS: readonly Target[] = [
  scenarios('yaml', () => examples(/\.yaml$/)),
  scenarios('json', () => examples(/\.json$/)),
  scenarios('toml', () => writtenScenarios().map((written) => bytesOf(tomlOf(written)))),
  {
    name: 'words',
    corpus: conditionCorpus,
    read: (bytes) => {
      const refused = Object.values(WORDS).flatMap((parse) => refusalOf(parse, bytes.toString()));
      if (refused.length === Object.keys(WORDS).length) throw refused[0];
    },
  },
  {
    name: 'recordings',
    corpus: recordingCorpus,
    read: async (bytes) => {
      const path = inFile(bytes, 'input.txt');
      await cli('import', path, '--quiet', '-o', resolve(path, '../imported.yaml'));
    },
  },
  {
    // Behind its digest, as whoever means harm writes it.
    name: 'compact-recordings',
    corpus: async () => {
      const path = join(useScratch(), 'corpus.dpcrec');
      await cli('import', HAND_MADE, '--quiet', '-o', path);
      return [readFileSync(path).subarray(0, -DIGEST_BYTES)];
    },
    read: async (bytes) => {
      const digest = createHash('sha256').update(bytes).digest();
      const path = inFile(Buffer.concat([bytes, digest]), 'input.dpcrec');
      await cli('replay', path, '--quiet', '--policy', 'vista', '-n', '100');
    },
  },
  {
    name: 'results',
    corpus: async () => [bytesOf(await smallResult())],
    read: async (bytes) => {
      const text = bytes.toString();
      readResult(text, 'input.json');
      const path = inFile(bytes, 'input.json');
      await cli('explain', path);
      await cli('compare', path, path);
    },
  },
  {
    name: 'journals',
    corpus: async () => [await smallJournal()],
    read: async (bytes) => {
      await cli('merge', inFile(bytes, 'input.journal'), '--quiet');
    },
  },
  {
    // What whoever reaches the queue puts there: a job, and its scenario.
    name: 'jobs',
    corpus: jobCorpus,
    read: async (bytes) => {
      const [text, scenario = ''] = bytes.toString().split('\n');
      const job = readJob(readJson(text));
      const written = Buffer.from(scenario);
      const named = { ...shortened(job), scenario: sha256Hex([written]) };
      const answer = await carryOutJob(named, written, executeInProcess);
      readAnswer(answer);
    },
  },
  { name: 'links', corpus: linkCorpus, read: readLink },
  {
    // Behind their checksums, as another host may send them.
    name: 'sums',
    corpus: async () => {
      const path = inFile(await smallJournal(), 'sums.journal');
      const journal = JournalReader.open(path);
      sumScenario = readRun(journal).scenario;
      const sums = journal
        .keys()
        .filter(isShardKey)
        .map((key) => journal.get(key)!);
      journal.close();
      return sums;
    },
    read: (bytes) => decodeSum(bytes, sumScenario!, 'input'),
  },
  {
    name: 'journal-records',
    corpus: async () => {
      const journal = JournalReader.open(inFile(await smallJournal(), 'records.journal'));
      const records = ['scenario', 'choices', 'focus'].map((key) => journal.get(key)!);
      journal.close();
      return records;
    },
    read: async (bytes) => {
      const whole = await smallJournal();
      const key = bytes.toString('latin1', 0, 20).includes('intervals') ? 'choices' : 'scenario';
      const path = inFile(Buffer.concat([whole, encodeRecord(key, bytes)]), 'input.journal');
      await cli('merge', path, '--quiet');
    },
  },
];
