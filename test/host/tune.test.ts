import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { conditionText } from '../../src/policy/condition-text.js';
import { FACT_DEEP, FACT_IDLE, FACT_OVER, FACT_POLLING } from '../../src/policy/facts.js';
import { conditionHolds, parseCondition } from '../../src/policy/parse-condition.js';
import { findPreset, PRESETS } from '../../src/policy/presets.js';
import type { ResultDocument } from '../../src/result/document.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { parseSetting } from '../../src/scenario/setting.js';
import { parsePolicies } from '../../src/scenario/parse-policies.js';
import { SeededStream } from '../../src/stats/seeded-stream.js';
import {
  behaviourOf,
  type Candidate,
  candidateOf,
  changesOf,
  policyOf,
  settingsOf,
  type Space,
} from '../../src/tune/candidate.js';
import { searchFront, type Tried } from '../../src/tune/search.js';
import { commandsToSee, frontYaml } from '../../src/tune/policy-file.js';
import { finalistsOf, type TuneResult } from '../../src/tune/tune.js';
import { spaceOf } from '../../src/tune/space.js';
import { type Answer, runCli } from './run-cli.js';

describe('the text of a condition', () => {
  it('is short', () => {
    const [idle, over, polling] = [FACT_IDLE, FACT_OVER, FACT_IDLE | FACT_POLLING];
    expect(conditionText([], [0])).toBe('never');
    expect(conditionText([0, idle], [])).toBe('always');
    expect(conditionText([idle], [0])).toBe('idle');
    expect(conditionText([0], [idle])).toBe('not idle');
    expect(conditionText([idle, over, idle | over], [0])).toBe('idle or over');
    expect(conditionText([idle | over], [0, over, idle])).toBe('over and idle');
    expect(conditionText([idle], [0, polling])).toBe('idle and not polling');
  });

  it('answers as it was asked to, whatever that is', () => {
    const stream = new SeededStream([5]);
    for (let round = 0; round < 200; round += 1) {
      const answers = Array.from({ length: 64 }, () => stream.below(3));
      const setsOf = (answer: number): number[] =>
        answers.flatMap((own, facts) => (own === answer ? [facts] : []));
      const condition = parseCondition(conditionText(setsOf(1), setsOf(0)));
      for (const facts of setsOf(1)) expect(conditionHolds(condition, facts)).toBe(true);
      for (const facts of setsOf(0)) expect(conditionHolds(condition, facts)).toBe(false);
    }
  });
});

const SPACE: Space = {
  questions: [
    {
      target: 'other',
      importance: 'high',
      cells: [0, FACT_IDLE, FACT_OVER, FACT_IDLE | FACT_OVER].map((facts, i) => ({
        facts,
        inserts: 100 - i,
      })),
    },
    { target: 'current', importance: 'low', cells: [{ facts: 0, inserts: 5 }] },
  ],
  importances: ['low', 'high'],
  settings: [
    { path: 'machine.tunables.maximumDpcQueueDepth', values: ['4', '1', '2'], facts: FACT_OVER },
  ],
  base: findPreset('vista')!,
};

describe('a candidate', () => {
  it.each(PRESETS)('made of $name does what that does where anything occurs', (preset) => {
    const policy = policyOf(candidateOf(preset, SPACE), SPACE, 'x');
    for (const { target, importance, cells } of SPACE.questions) {
      for (const { facts } of cells) {
        const [own, other] = [policy, preset].map((one) => one[target][importance]);
        expect(conditionHolds(own, facts)).toBe(conditionHolds(other, facts));
      }
    }
    expect(policy.insert.high).toBe(preset.insert.high);
  });

  it('keeps what is as in vista, and names what is not, with the way back', () => {
    const base = candidateOf(SPACE.base, SPACE);
    expect(changesOf(base, SPACE)).toEqual([]);
    const candidate: Candidate = {
      asks: [[true, true, true, true], base.asks[1]],
      insert: ['tail', 'tail'],
      depth: 'exceeds',
      chosen: [2],
    };
    expect(settingsOf(candidate, SPACE)).toEqual(['machine.tunables.maximumDpcQueueDepth=2']);
    const changes = changesOf(candidate, SPACE);
    expect(changes.map(({ path, own, base: before }) => [path, own, before])).toEqual([
      ['other.high', 'always', 'idle'],
      ['insert.high', 'tail', 'head'],
      ['depth', 'exceeds', 'reaches'],
      ['machine.tunables.maximumDpcQueueDepth', '2', '4'],
    ]);
    for (const { path, without } of changes) {
      const left = changesOf(without, SPACE).map((change) => change.path);
      expect(left).toEqual(changes.map((change) => change.path).filter((one) => one !== path));
    }
  });
});

describe('what is searched', () => {
  const scenario = parseScenario(
    `sources:
  - { name: nic, irql: 5, isr: 1us, arrivals: { poisson: 1k/s },
      moderation: { time: 100us, count: 9 }, dpc: { target: 0, service: 1us } }
  - { name: "a.b", irql: 5, isr: 1us, arrivals: { poisson: 1k/s },
      dpc: { target: 0, service: 1us } }
`,
    'it.yaml',
  );
  const document = { results: [] } as unknown as ResultDocument;
  const vista = findPreset('vista')!;

  it('is every tunable and every device that can hold interrupts back', () => {
    const { settings } = spaceOf(document, scenario, vista, false);
    expect(settings.map(({ path, values }) => [path, values[0], values.length])).toEqual([
      ['machine.tunables.maximumDpcQueueDepth', '4', 5],
      ['machine.tunables.idealDpcRate', '20', 5],
      ['machine.tunables.adjustDpcThreshold', '20', 4],
      ['machine.tunables.minimumDpcRate', '3', 5],
      ['sources.nic.moderation', '{ time: 100us, count: 9 }', 6],
      ['sources["a.b"].moderation', '', 5],
    ]);
    // Nothing there is a choice where something is.
    expect(settings[4].values).toContain('');
    for (const { path, values } of settings) {
      for (const value of values) parseSetting(`${path}=${value}`);
    }
    expect(spaceOf(document, scenario, vista, true).settings).toEqual([]);
  });

  it('is no tunable that no condition sees', () => {
    const settings = [
      { path: 'seen', values: ['1', '2'], facts: FACT_DEEP | FACT_OVER },
      { path: 'unseen', values: ['1', '2'], facts: FACT_DEEP },
      { path: 'always', values: ['1', '2'], facts: 0 },
    ];
    const space = { ...SPACE, settings };
    const asks = [[false, true, true, false], candidateOf(SPACE.base, SPACE).asks[1]];
    const behaviour = (...chosen: number[]): string =>
      behaviourOf({ ...candidateOf(SPACE.base, space), asks, chosen }, space);
    expect(behaviour(0, 1, 0)).toBe(behaviour(0, 0, 0));
    expect(behaviour(1, 0, 0)).not.toBe(behaviour(0, 0, 0));
    expect(behaviour(0, 0, 1)).not.toBe(behaviour(0, 0, 0));
  });
});

describe('the front as a file', () => {
  it('has its rule sets by name, with figures and settings, and no policy that ships', () => {
    const asks = [[true, true, true, true], candidateOf(SPACE.base, SPACE).asks[1]];
    const candidate: Candidate = { ...candidateOf(SPACE.base, SPACE), asks, chosen: [2] };
    const entry = {
      policy: policyOf(candidate, SPACE, 'x'),
      settings: settingsOf(candidate, SPACE),
      trade: [12, 3400] as const,
      changes: changesOf(candidate, SPACE),
      text: '',
    };
    const front = [
      { ...entry, name: 'front-1', preset: '' },
      { ...entry, name: 'front-2', preset: 'msdn' },
    ];
    const figures = ['ipisPerThousand', 'dpcWait.p99'] as const;
    const result = { base: 'vista', figures, front } as unknown as TuneResult;
    const text = frontYaml(result, 'dpcbench tune it\u001b.yaml');
    expect(text).toContain('# ipisPerThousand 12, dpcWait.p99 3.40 µs.');
    expect(text).toContain("# With --set 'machine.tunables.maximumDpcQueueDepth=2'.");
    expect(text).not.toContain('\u001b');
    const policies = parsePolicies(text, 'front.yaml');
    expect(policies.map(({ name, other }) => [name, other.high.text])).toEqual([
      ['front-1', 'always'],
    ]);
  });
});

it('a winner is shown beside the base, which keeps its own settings', () => {
  const policy = { ...findPreset('vista')!, name: 'tuned-1' };
  const at = { nameOrPath: 'it.yaml', own: ['machine.tick=1ms'], file: 'f/p.yaml' };
  const see = (settings: string[]): string[] =>
    commandsToSee({ policy, settings }, 'vista', at).map((words) => words.join(' '));
  const run = 'dpcbench run it.yaml';
  expect(see([])).toEqual([
    `${run} --policy-file f/p.yaml --policy vista,tuned-1 --set machine.tick=1ms`,
  ]);
  expect(see(['machine.poll=1us'])).toEqual([
    `${run} --policy vista --set machine.tick=1ms --json vista.json`,
    `${run} --policy-file f/p.yaml --policy tuned-1 --set machine.tick=1ms ` +
      '--set machine.poll=1us --json tuned-1.json',
    'dpcbench compare vista.json tuned-1.json',
  ]);
});

describe('the search', () => {
  /** One figure counts the cells that ask, the other those that wait; tails are free. */
  const tradeOf = ({ asks, insert }: Candidate): [number, number] => {
    const all = asks.flat();
    const asking = all.filter((answer) => answer).length;
    return [asking, all.length - asking + (insert[1] === 'tail' ? 0 : 0.5)];
  };
  const search = async (budget: number, seed = 1): Promise<Tried[]> =>
    searchFront({
      budget,
      seed,
      space: SPACE,
      presets: PRESETS,
      evaluate: async (candidates) => candidates.map(tradeOf),
    });

  it('keeps to its budget, tries nothing twice and finds the whole front', async () => {
    const tried = await search(80);
    expect(tried).toHaveLength(80);
    const behaviours = tried.map(({ candidate }) => behaviourOf(candidate, SPACE));
    expect(new Set(behaviours).size).toBe(80);
    const found = new Set(tried.map(({ trade }) => trade!.join()));
    for (const asking of [0, 1, 2, 3, 4, 5]) expect(found).toContain(`${asking},${5 - asking}`);
  });

  it('is a function of its seed, and ends when nothing is left', async () => {
    expect(await search(40)).toEqual(await search(40));
    expect(await search(40, 2)).not.toEqual(await search(40));
    // 2^5 answers, 2 ends of 2 queues, at most 2 depths and 3 settings.
    const all = await search(5000);
    expect(all.length).toBeGreaterThan(150);
    expect(all.length).toBeLessThanOrEqual(32 * 4 * 2 * 3);
  });
});

it('finalists are the best in the middle of the front and its ends, whatever is 0', () => {
  const trades = [
    [0, 8],
    [1, 7],
    [2, 1],
    [6, 0],
  ] as const;
  const tried = trades.map((trade) => ({ trade, preset: '' }) as unknown as Tried);
  const found = finalistsOf(tried, [10, 10]).map(({ trade }) => trade);
  expect(found).toEqual([trades[2], trades[0], trades[3]]);
  const mirrored = trades.map(([a, b]) => ({ trade: [b, a], preset: '' }) as unknown as Tried);
  expect(finalistsOf(mirrored, [10, 10])[0].trade).toEqual([1, 2]);
  expect(finalistsOf(mirrored.slice(0, 1), [10, 0]).length).toBe(1);
});

describe('tune', () => {
  /** An idle processor polls all the time: an IPI to it tells what it finds by itself. */
  const TEXT = `machine: { processors: 2, tick: 1ms, poll: 1s }
sources:
  - { name: nic, irql: 5, isr: 1us, arrivals: { poisson: 50000/s },
      dpc: { target: 1, importance: high, service: { exponential: 4us } } }
`;
  let folder: string;
  let file: string;
  const tune = (name: string, ...args: string[]): Promise<Answer> =>
    runCli(['tune', file, '-n', '150k', '-o', join(folder, name), '-q', ...args]);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpcbench-tune-'));
    file = join(folder, 'polled.yaml');
    writeFileSync(file, TEXT);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds that nobody needs to be told, checks it, and writes it with its reason', async () => {
    const args = ['--budget', '14', '--rules-only', '--elsewhere', 'none'];
    const { code, out, err } = await tune('a', ...args);
    expect([code, err]).toEqual([EXIT.ok, '']);
    expect(out).toMatch(/tuned-1 beats vista here: ipisPerThousand \S+ -> 0,/);
    expect(out).toContain('It beats vista from the seeds 2, 3 and 4 as well.');
    expect(out).toMatch(/Here\s+it\s+does\s+what\s+nt52\s+does\./);
    for (const line of out.split('\n').slice(0, -4)) expect(line.length).toBeLessThanOrEqual(80);
    const path = join(folder, 'a', 'policies.yaml');
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/# vista: idle\. Without this ipisPerThousand 0 -> \S+,/);
    const [policy] = parsePolicies(text, path);
    expect([policy.name, conditionHolds(policy.other.high, FACT_IDLE | FACT_POLLING)]).toEqual([
      'tuned-1',
      false,
    ]);

    const journal = readFileSync(join(folder, 'a', 'tune.journal')).length;
    const again = await tune('a', ...args);
    expect(again.out).toBe(out);
    expect(readFileSync(join(folder, 'a', 'tune.journal'))).toHaveLength(journal);
  });

  it.each([
    [['--front', 'ipis'], /--front takes two figures/],
    [['--front', 'ipis,ipis'], /trades a figure against itself/],
    [['--front', 'ipis,dpcWait.max'], /this figure has no interval/],
    [['--front', 'ipis,dpcWat.p99'], /dpcWat/],
    [['-t', '1ms', '-n', '5'], /exclude each other/],
    [['--budget', '0'], /budget/],
  ])('%j is refused before anything is made', async (args, message) => {
    const { code, err, out } = await tune('b', ...args);
    expect([code, out]).toEqual([EXIT.usage, '']);
    expect(err).toMatch(message);
    expect(existsSync(join(folder, 'b'))).toBe(false);
  });

  it('is refused where there is nothing to compare by', async () => {
    const { code, err } = await runCli(['tune', file, '-n', '9k', '-o', join(folder, 'c'), '-q']);
    expect([code, existsSync(join(folder, 'c'))]).toEqual([EXIT.usage, false]);
    expect(err).toMatch(/is cut into \d shards?, too few to tune by \(simulate longer/);
  });
});
