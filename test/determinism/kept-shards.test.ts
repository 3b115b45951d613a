import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../src/disk/journal.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { InputError } from '../../src/errors.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import { decodeSum, encodeSum } from '../../src/kernel/sum-bytes.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { isShardKey, keepShards, type ShardStore } from '../../src/run/kept-shards.js';
import { executeInPool } from '../../src/run/pool.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import { runIdentity, runRecords } from '../../src/run/run-journal.js';
import type { Execute } from '../../src/run/tasks.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { runCli } from '../host/run-cli.js';
import { start, startShell } from '../host/run-process.js';

const w8: Scenario = { ...loadScenario('w8'), until: { timeNs: null, interrupts: 20_000 } };
const options: RunOptions = { shards: 5 };
const RUN = ['run', 'w8', '-n', '20k', '--shards', '5', '--quiet'];
let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Everything that must not depend on the host. */
async function bytes(execute: Execute, scenario = w8, how = options): Promise<string> {
  const document = await runBenchmark(scenario, how, execute);
  const { host: _host, ...meta } = document.meta;
  return JSON.stringify({ ...document, meta });
}

/** All that must not depend on the host, of a result in a file. */
function bytesIn(path: string): string {
  const document = JSON.parse(readFileSync(path, 'utf8')) as { meta: { host?: object } };
  delete document.meta.host;
  return JSON.stringify(document);
}

class MapStore implements ShardStore {
  readonly path = 'a map';
  readonly map = new Map<string, Uint8Array>();
  get = (key: string): Uint8Array | undefined => this.map.get(key);
  add = (key: string, sum: Uint8Array): void => void this.map.set(key, sum);
}

/** How many shards were carried out. */
function counting(execute: Execute): { execute: Execute; count: () => number } {
  let count = 0;
  return {
    count: () => count,
    execute: (scenario, shards, onSum, how) => {
      count += shards.length;
      return execute(scenario, shards, onSum, how);
    },
  };
}

describe('shards that are kept', () => {
  it('give the same bytes, whichever of them were finished before', async () => {
    const whole = await bytes(executeInProcess);
    const store = new MapStore();
    expect(await bytes(keepShards(executeInProcess, store))).toBe(whole);
    const all = [...store.map];
    expect(all).toHaveLength(10);
    for (const kept of [0b0000000001, 0b1111100000, 0b0110101101, 0b1111111111]) {
      store.map.clear();
      all.forEach(([key, sum], i) => {
        if ((kept & (1 << i)) !== 0) store.map.set(key, sum);
      });
      const { execute, count } = counting(executeInProcess);
      const before = store.map.size;
      expect(await bytes(keepShards(execute, store))).toBe(whole);
      expect(count()).toBe(10 - before);
    }
  });

  it('come one by one out of worker threads, with intervals of every source', async () => {
    const how = { ...options, intervals: 'all' as const, workers: 2 };
    const [byPool, inProcess] = [new MapStore(), new MapStore()];
    const whole = await bytes(executeInProcess, w8, how);
    expect(await bytes(keepShards(executeInPool, byPool), w8, how)).toBe(whole);
    expect(await bytes(keepShards(executeInProcess, inProcess), w8, how)).toBe(whole);
    const sorted = ({ map }: MapStore): [string, string][] =>
      [...map]
        .map(([key, sum]): [string, string] => [key, Buffer.from(sum).toString('base64')])
        .sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(byPool)).toEqual(sorted(inProcess));
  });

  it('of another scenario or seed are none of this one', async () => {
    const store = new MapStore();
    await bytes(keepShards(executeInProcess, store));
    const { execute, count } = counting(executeInProcess);
    await bytes(keepShards(execute, store), w8, { ...options, seed: 2 });
    expect(count()).toBe(10);
  });
});

it('shards keep what the focus of a scenario asks of its sources', async () => {
  const scenario = loadScenario('rogue-driver');
  expect(scenario.focus).toBeDefined();
  const short = { ...scenario, until: { timeNs: null, interrupts: 5_000 } };
  const store = new MapStore();
  const whole = await bytes(executeInProcess, short);
  expect(await bytes(keepShards(executeInProcess, store), short)).toBe(whole);
  expect(await bytes(keepShards(executeInProcess, store), short)).toBe(whole);
});

describe('a sum as bytes', () => {
  const sums: PolicySumState[] = [];
  const collect: Execute = (scenario, shards, _, how) =>
    executeInProcess(scenario, shards, (sum) => sums.push(sum), { ...how, oneByOne: true });

  beforeAll(async () => {
    await runBenchmark(
      w8,
      { ...options, intervals: 'all' },
      async (scenario, shards, onSum, how) => {
        await collect(scenario, shards.slice(0, 1), onSum, how);
        await executeInProcess(scenario, shards, onSum, how);
      },
    );
  });

  it('is the sum', () => {
    expect(decodeSum(encodeSum(sums[0]), w8, 'here')).toEqual(sums[0]);
  });

  it('is refused whatever is wrong with it, and never breaks', () => {
    const whole = encodeSum(sums[0]);
    let refused = 0;
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let i = 0; i < 1_000; i++) {
      const damaged = Buffer.from(whole);
      for (let k = random(3); k >= 0; k--) damaged[random(damaged.length)] = random(256);
      const cut = random(4) === 0 ? damaged.subarray(0, random(damaged.length)) : damaged;
      try {
        decodeSum(cut, w8, 'here');
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        refused++;
      }
    }
    // A digit of a counter may be another digit; a byte of a histogram may not.
    expect(refused).toBeGreaterThan(600);
    expect(() => decodeSum(whole, loadScenario('w64'), 'here')).toThrow(
      'of shards of the scenario',
    );
  });
});

describe('a journal', () => {
  it('killed at any instant goes on where it was and ends with the same bytes', async () => {
    await runCli([...RUN, '--json', at('whole.json')]);
    let kills = 0;
    for (let i = 0; i < 12; i++) {
      const { child, ended } = start([
        ...RUN,
        '--journal',
        at('journal'),
        '--json',
        at('kept.json'),
      ]);
      // From before it has begun until about when it ends.
      const timer = setTimeout(() => child.kill('SIGKILL'), 100 + i * 25);
      if ((await ended) === 'SIGKILL') kills++;
      clearTimeout(timer);
    }
    expect(kills).toBeGreaterThan(0);
    const { code } = await runCli([...RUN, '--journal', at('journal'), '--json', at('kept.json')]);
    expect(code).toBe(0);
    expect(bytesIn(at('kept.json'))).toBe(bytesIn(at('whole.json')));
  });

  it('cut anywhere is cut back, says so and is made whole again', async () => {
    await runCli([...RUN, '--journal', at('journal'), '--json', at('whole.json')]);
    const whole = readFileSync(at('journal'));
    for (const share of [0.2, 0.5, 0.93]) {
      writeFileSync(at('journal'), whole.subarray(0, Math.floor(whole.length * share)));
      const again = [...RUN.slice(0, -1), '--journal', at('journal'), '--json', at('kept.json')];
      const { code, err } = await runCli(again);
      expect(code).toBe(0);
      expect(err).toMatch(/journal: its last [\d,k.]+ bytes are no whole record and were cut off/);
      expect(err).toMatch(/shards? (was|were) finished before/);
      expect(bytesIn(at('kept.json'))).toBe(bytesIn(at('whole.json')));
      expect(statSync(at('journal')).size).toBe(whole.length);
    }
  });

  it('after Ctrl-C holds what was finished', async () => {
    // Many shards: a busy machine may finish some before this thread looks again.
    const many = [...'run w8 -n 200k --shards 20'.split(' '), '--journal', at('journal')];
    const controller = new AbortController();
    const looking = setInterval(() => {
      const size = statSync(at('journal'), { throwIfNoEntry: false })?.size ?? 0;
      if (size > 100_000) controller.abort();
    }, 1);
    const { code, err } = await runCli([...many, '--quiet'], controller.signal);
    clearInterval(looking);
    expect(code).toBe(130);
    expect(err).toMatch(
      /of 40 shards done.* What is finished is kept in .*journal: the same command/,
    );
    const { err: again } = await runCli(many);
    expect(again).toMatch(/\d shards? (was|were) finished before/);
  });

  it('on a disk without room keeps what it has, and says how to go on', async () => {
    // Blocks of 1,024 bytes.
    const { ended, texts } = startShell(
      `ulimit -f 300; trap '' XFSZ; $D ${RUN.join(' ')} --journal '${at('journal')}'`,
    );
    expect(await ended).toBe(3);
    expect(texts.err).toContain('cannot be written: it has the largest size that is allowed');
    expect(texts.err).toContain('give the same command again once there is room');
    const { code, err } = await runCli([...RUN.slice(0, -1), '--journal', at('journal')]);
    expect(code).toBe(0);
    expect(err).toMatch(/[1-9] shards? (was|were) finished before/);
    expect(err).not.toContain('cut off');
  });

  it('is of one run: another seed, scenario or choice is refused with both', async () => {
    await runCli([...RUN, '--journal', at('journal')]);
    const other = await runCli([...RUN, '--seed', '2', '--journal', at('journal')]);
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toContain('this journal is of seed "1", not of "2"');
    const all = await runCli([...RUN, '--intervals', 'all', '--journal', at('journal')]);
    expect(all.err).toContain('this journal is of intervals "machine", not of "all"');
  });
});

describe('the parts of a run', () => {
  const PART = RUN.slice(0, -1);
  const part = (i: number, n: number, ...more: string[]) =>
    runCli([...PART, '--quiet', '--shard', `${i}/${n}`, '--journal', at(`${i}`), ...more]);
  const merge = (names: string[], ...more: string[]) =>
    runCli(['merge', ...names.map(at), '--json', at('merged.json'), ...more]);

  it('give the bytes of one process, however many there are', async () => {
    await runCli([...RUN, '--json', at('whole.json')]);
    for (const n of [1, 3]) {
      for (let i = 1; i <= n; i++) expect((await part(i, n)).code).toBe(0);
      const names = Array.from({ length: n }, (_, i) => String(i + 1));
      expect(await merge(names, '--quiet')).toMatchObject({ code: 0, err: '' });
      expect(bytesIn(at('merged.json'))).toBe(bytesIn(at('whole.json')));
      for (const name of names) rmSync(at(name));
    }
  });

  it('answer the question of their scenario', async () => {
    const rogue = ['run', 'rogue-driver', '-n', '5k', '--quiet'];
    await runCli([...rogue, '--json', at('whole.json')]);
    await runCli([...rogue, '--shard', '1/1', '--journal', at('1')]);
    expect(await merge(['1'])).toMatchObject({ code: 0 });
    expect(bytesIn(at('merged.json'))).toBe(bytesIn(at('whole.json')));
  });

  it('that are missing are named, with whose they are, or carried out here', async () => {
    await runCli([...RUN, '--json', at('whole.json')]);
    const { out } = await part(1, 3);
    expect(out).toContain('Part 1/3: 4 of 10 shards are in');
    await part(3, 3);
    const { code, err } = await merge(['1', '3']);
    expect(code).toBe(2);
    expect(err).toContain('3 of 10 shards are missing: shards 1, 4 under ');
    expect(err).toContain('they belong to --shard 2 of 3');
    expect(await merge(['1', '3'], '--finish')).toMatchObject({ code: 0 });
    expect(bytesIn(at('merged.json'))).toBe(bytesIn(at('whole.json')));
  });

  it('that are given twice are counted once, and differing ones refused', async () => {
    for (const i of [1, 2]) await part(i, 2);
    writeFileSync(at('copy'), readFileSync(at('2')));
    const { code, err } = await merge(['1', '2', 'copy']);
    expect(code).toBe(0);
    expect(err).toMatch(/5 shards are in two journals, the first in .*2 and .*copy: counted once/);
    // Another result of a shard, as a broken host might give.
    rmSync(at('copy'));
    const forged = await Journal.open(at('copy'), runIdentity(w8, options));
    for (const [key, record] of runRecords(w8, options)) forged.add(key, record);
    const store = new MapStore();
    await bytes(keepShards(executeInProcess, store));
    const [key, sum] = [...store.map].find(([one]) => isShardKey(one))!;
    const state = decodeSum(sum, w8, 'here');
    state.counters[0]++;
    forged.add(key, encodeSum(state));
    forged.close();
    const differing = await merge(['1', '2', 'copy']);
    expect(differing.code).toBe(2);
    expect(differing.err).toContain('they hold different results of one shard');
  });

  it('of another run, kernel or version are refused with both', async () => {
    await part(1, 2);
    const identity = runIdentity(w8, options);
    const changes = [
      ['rules version', '1'],
      ['ABI version', '3'],
      ['kernel', 'f'.repeat(64)],
      ['sums version', '7'],
      ['scenario', '0'.repeat(64)],
      ['seed', '9'],
    ];
    for (const [name, value] of changes) {
      const journal = await Journal.open(at('other'), { ...identity, [name]: value });
      for (const [key, record] of runRecords(w8, options)) journal.add(key, record);
      journal.close();
      for (const names of [['1', 'other'], ['other', '1'], ['other']]) {
        const { code, err } = await merge(names);
        expect(code).toBe(2);
        expect(err).toContain(`this journal is of ${name} "${value}", not of "${identity[name]}"`);
      }
      rmSync(at('other'));
    }
  });

  /** A queue that only grows: every pass drifts, so there is another one with longer shards. */
  const FLOOD = {
    machine: { processors: 1, tick: '1ms' },
    sources: [
      {
        name: 'disk',
        irql: 5,
        isr: '1us',
        fifo: 1_000_000,
        arrivals: { poisson: 22_000 },
        dpc: { service: { exponential: '50us' }, budget: 1 },
      },
    ],
    policies: ['vista'],
    until: { time: '4s' },
  };
  const TO_PRECISION =
    '-n 20k --shards 10 --warmup none --precision 2% --figure vista.dpcWait.mean';

  it.each([
    ['to a precision', ['run', 'w8', ...TO_PRECISION.split(' ')], 'more shards are needed'],
    ['that drifts', ['run', 'FLOOD'], 'the figures still drift'],
  ])('of a run %s go in rounds, each decided by those before', async (_, words, why) => {
    writeFileSync(at('flood.json'), JSON.stringify(FLOOD));
    const command = [...words, '--quiet'].map((word) =>
      word === 'FLOOD' ? at('flood.json') : word,
    );
    expect((await runCli([...command, '--json', at('whole.json')])).code).toBe(0);
    const carryOut = (own: number, others: number[]) =>
      runCli([
        ...command,
        ...['--shard', `${own}/2`, '--journal', at(`${own}`)],
        ...others.flatMap((other) => ['--others', at(`${other}`)]),
      ]);
    await carryOut(1, []);
    await carryOut(2, []);
    const { code, err } = await merge(['1', '2']);
    expect(code).toBe(2);
    expect(err).toContain(`of round 2 (${why}`);
    expect(err).toContain('--others JOURNAL');
    let said = '';
    let rounds = 1;
    for (; rounds < 20 && !said.includes('nothing is left'); rounds++) {
      said = (await carryOut(1, [2])).out;
      await carryOut(2, [1]);
    }
    expect(rounds).toBeGreaterThan(2);
    expect(await merge(['1', '2'])).toMatchObject({ code: 0 });
    expect(bytesIn(at('merged.json'))).toBe(bytesIn(at('whole.json')));
  });

  it('have no answer of their own, need a journal, and are no recording', async () => {
    const refusals: [string[], string][] = [
      [['--shard', '1/2'], '--shard needs a file for its part'],
      [['--others', 'x'], '--others is about the parts of a run'],
      [['--journal', at('1'), '--against', 'w64'], 'a journal is of one run'],
      [['--shard', '3/2', '--journal', at('1')], 'It must be a part and how many there are'],
      [['--shard', '1/2', '--journal', at('1'), '--json', '-'], 'a part of a run has no answer'],
    ];
    for (const [more, said] of refusals) {
      const { code, err } = await runCli([...RUN, ...more]);
      expect(code).toBe(2);
      expect(err).toContain(said);
    }
    const recording = 'test/fixtures/recordings/hand-made.ftrace.txt';
    await runCli(['replay', recording, '--quiet', '--journal', at('replay')]);
    const { code, err } = await merge(['replay']);
    expect(code).toBe(2);
    expect(err).toContain('replays a recording, which is not in the journal');
    const replayed = await runCli(['replay', recording, '--quiet', '--journal', at('replay')]);
    const plain = await runCli(['replay', recording, '--quiet']);
    expect(replayed).toEqual(plain);
  });
});
