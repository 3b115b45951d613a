import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { compare } from '../../src/index.js';
import { compareDocuments } from '../../src/stats/compare-documents.js';
import { evaluateRegression } from '../../src/stats/gate.js';
import type { ResultDocument } from '../../src/result/document.js';
import { type Answer, runCli } from './run-cli.js';

/** Enough for p99.9 under every policy: a regression is judged by it. */
const RUN = ['run', 'w8', '-n', '20k', '--quiet'];
let folder: string;
let text: string;

const dpcbench = (...args: string[]): Promise<Answer> => runCli(args);

const copy = (): ResultDocument => JSON.parse(text) as ResultDocument;

function write(name: string, document: ResultDocument): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

beforeAll(async () => {
  text = (await dpcbench(...RUN, '--json', '-')).out;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-compare-'));
  return () => rmSync(folder, { recursive: true });
});

describe('compareDocuments', () => {
  it('takes the nine figures of each policy', () => {
    const { figures, firstDifference } = compareDocuments(copy(), copy());
    expect(firstDifference).toBeNull();
    expect(figures.map(({ path }) => path.text).slice(9)).toEqual([
      'vista.ipisPerThousand',
      'vista.dpcWait.p50',
      'vista.dpcWait.p99',
      'vista.dpcWait.p99.9',
      'vista.dpcWait.max',
      'vista.interruptToDpc.p50',
      'vista.interruptToDpc.p99',
      'vista.interruptToDpc.p99.9',
      'vista.interruptToDpc.max',
    ]);
    for (const { before, now } of figures) expect(before).toBe(now);
    expect(figures.every(({ before }) => before !== null)).toBe(true);
  });

  it('finds the smallest difference in any simulated figure, and none in wall clock', () => {
    const other = copy();
    other.meta.host.wallSeconds += 1000;
    expect(compareDocuments(copy(), other).firstDifference).toBeNull();
    other.results[1].processors[2].counters.ticks += 1;
    expect(compareDocuments(copy(), other).firstDifference).toMatch(
      /^results\[1\]\.processors\[2\]\.counters\.ticks: \d+ against \d+$/,
    );
  });

  it.each<[string, (document: ResultDocument) => void, RegExp]>([
    ['rules', ({ meta }) => void (meta.versions.rules += 1), /differ in rules: \d+ against \d+/],
    ['seeds', ({ meta }) => void (meta.seed = 77), /seed: 1 against 77/],
    ['shards', ({ meta }) => void (meta.shards += 1), /shards: /],
    [
      'machines',
      ({ scenario }) => void (scenario.machine.costs.dispatchNs += 1),
      /scenario\.machine\.costs\.dispatchNs: \d+ against \d+/,
    ],
    [
      'truth tables',
      ({ scenario }) => void (scenario.policies[1].other.high.table = 'x'),
      /scenario\.policies\[1\]\.other\.high\.table: "[^"]+" against "x"/,
    ],
    [
      'sources',
      ({ scenario }) => void scenario.sources.push(scenario.sources[0]),
      /scenario\.sources: 16 entries against 17/,
    ],
    ['results', ({ results }) => void (results[1].policy = 'other'), /policies\[1\]: "vista"/],
  ])('refuses other %s and names the difference', (_, change, message) => {
    const other = copy();
    change(other);
    expect(() => compareDocuments(copy(), other)).toThrow(message);
  });

  it('does not mind prose', () => {
    const other = copy();
    other.scenario.name = 'renamed';
    other.scenario.question = 'Why?';
    other.scenario.policies[0].sentence = 'Said otherwise.';
    expect(compareDocuments(copy(), other).firstDifference).toBeNull();
  });

  it('survives a document nested deeper than any result', () => {
    const [a, b] = [copy(), copy()].map((document) => {
      const costs = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as never;
      document.scenario.machine.costs = costs;
      return document;
    });
    expect(() => compareDocuments(a, b)).toThrow(/a list against a list/);
  });
});

describe('evaluateRegression', () => {
  const statuses = (before: number | null, now: number | null, percent: number): string[] => {
    const [a, b] = [copy(), copy()];
    a.results[1].latency.dpcWait.p99Ns = before;
    b.results[1].latency.dpcWait.p99Ns = now;
    return evaluateRegression(compareDocuments(a, b), percent)
      .filter(({ status }) => status !== 'pass')
      .map(({ name, status }) => `${status} ${name}`);
  };

  it('is higher by more than what is allowed', () => {
    expect(statuses(1000, 1051, 5)).toEqual(['fail vista.dpcWait.p99 within +5 %']);
    expect(statuses(1000, 1050, 5)).toEqual([]);
    expect(statuses(100, 129, 29)).toEqual([]);
    expect(statuses(1000, 10, 5)).toEqual([]);
    expect(statuses(1000, 1001, 0)).toEqual(['fail vista.dpcWait.p99 within +0 %']);
    expect(statuses(0, 1, 500)).toEqual(['fail vista.dpcWait.p99 within +500 %']);
  });

  it('never passes without data on either side, or on both', () => {
    const noData = ['noData vista.dpcWait.p99 within +5 %'];
    expect(statuses(null, 1000, 5)).toEqual(noData);
    expect(statuses(1000, null, 5)).toEqual(noData);
    expect(statuses(null, null, 5)).toEqual(noData);
  });
});

describe('compare', () => {
  it('says that equal results are the same, within 80 columns', async () => {
    const a = write('a.json', copy());
    const { code, out, err } = await dpcbench('compare', a, a, '--fail-on-regression', '0%');
    expect([code, err]).toEqual([EXIT.ok, '']);
    expect(out).toContain('All simulated figures are the same.');
    expect(out).toContain('none of 18 figures is a regression');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('fails for a regression, for a threshold of the second, and without data', async () => {
    const slow = copy();
    slow.results[1].latency.dpcWait.maxNs *= 2;
    const [a, b] = [write('a.json', copy()), write('b.json', slow)];
    const junit = join(folder, 'j.xml');
    const worse = await dpcbench('compare', a, b, '--fail-on-regression', '5%', '--junit', junit);
    expect(worse.code).toBe(EXIT.regression);
    expect(worse.out).toMatch(/^FAIL +vista\.dpcWait\.max within \+5 %/m);
    expect(worse.out).toMatch(/dpcWait\.max .*\+100 %/);
    for (const line of worse.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(readFileSync(junit, 'utf8')).toContain('tests="18" failures="1" errors="0"');
    const better = await dpcbench('compare', b, a, '--fail-on-regression', '5%');
    expect(better.code).toBe(EXIT.ok);
    expect((await dpcbench('compare', a, b, '--fail-on-regression', '100%')).code).toBe(EXIT.ok);

    const { maxNs } = copy().results[1].latency.dpcWait;
    const gate = ['--fail-if', `vista.dpcWait.max > ${maxNs}`];
    expect((await dpcbench('compare', a, b, ...gate)).code).toBe(EXIT.threshold);
    expect((await dpcbench('compare', b, a, ...gate)).code).toBe(EXIT.ok);

    slow.results[1].latency.dpcWait.maxNs /= 2;
    slow.results[1].latency.dpcWait.p999Ns = null;
    const few = write('few.json', slow);
    const unknown = await dpcbench('compare', a, few, '--fail-on-regression', '5%');
    expect(unknown.code).toBe(EXIT.noData);
    expect(unknown.out).toMatch(/^NO DATA +vista\.dpcWait\.p99\.9/m);
  });

  it('takes IPIs for each thousand interrupts of either experiment', () => {
    const other = copy();
    other.meta.seed = 2;
    const [, { counters }] = other.results;
    Object.assign(counters, { arrivals: 16_000, ipis: 4_000 });
    const { figures } = compare(copy(), other);
    const ipis = figures.find(({ path }) => path.text === 'vista.ipisPerThousand');
    const { arrivals, ipis: before } = copy().results[1].counters;
    expect(ipis).toMatchObject({ before: (1_000 * before) / arrivals, now: 250 });
  });

  it('says what differs of other experiments, and refuses files that are none', async () => {
    const other = copy();
    other.meta.seed = 2;
    const [a, b] = [write('a.json', copy()), write('b.json', other)];
    const answer = await dpcbench('compare', a, b);
    expect([answer.code, answer.err]).toEqual([EXIT.ok, '']);
    expect(answer.out).toMatch(/What differs:\n {2}seed +1 -> 2\n/);
    expect((await dpcbench('compare', a, join(folder, 'none.json'))).code).toBe(EXIT.files);
    other.meta.versions.rules += 1;
    const refused = await dpcbench('compare', a, write('c.json', other));
    expect([refused.code, refused.out]).toEqual([EXIT.usage, '']);
    expect(refused.err).toMatch(/one follows version \d+ of the machine's rules/);
  });
});

describe('baselines', () => {
  const home = process.cwd();
  const place = join('.dpcbench', 'baselines');

  beforeEach(() => {
    process.chdir(folder);
    return () => process.chdir(home);
  });

  it('are saved whole, compared with exactly, and say what is the same', async () => {
    const saved = await dpcbench('run', 'w8', '-n', '20k', '--save-baseline', 'main');
    expect(saved.code).toBe(EXIT.ok);
    expect(saved.err).toContain(join(place, 'main.json'));
    expect(readdirSync(place)).toEqual(['main.json']);
    const kept = JSON.parse(readFileSync(join(place, 'main.json'), 'utf8')) as ResultDocument;
    expect(kept.results).toEqual(copy().results);

    const again = await dpcbench(...RUN, '--baseline', 'main', '--fail-on-regression', '0%');
    expect([again.code, again.err]).toEqual([EXIT.ok, '']);
    expect(again.out).toContain('All simulated figures are the same.');
  });

  it('fail a run that is worse, and then stay as they are', async () => {
    const better = copy();
    better.results[1].latency.interruptToDpc.p99Ns! /= 2;
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'main.json'), JSON.stringify(better));
    const gate = ['--baseline', 'main', '--fail-on-regression', '5%', '--save-baseline', 'main'];
    const answer = await dpcbench(...RUN, ...gate);
    expect(answer.code).toBe(EXIT.regression);
    expect(answer.out).toMatch(/^FAIL +vista\.interruptToDpc\.p99 within/m);
    expect(JSON.parse(readFileSync(join(place, 'main.json'), 'utf8'))).toEqual(better);
  });

  it('give no data, not a pass, when the runs are too short', async () => {
    const short = ['run', 'w8', '-n', '2000', '--quiet'];
    expect((await dpcbench(...short, '--save-baseline', 'short')).code).toBe(EXIT.ok);
    const gate = ['--baseline', 'short', '--fail-on-regression', '5%'];
    expect((await dpcbench(...short, ...gate)).code).toBe(EXIT.noData);
  });

  it.each([
    [['-n', '21k'], /until\.interrupts +20,000 -> 21,000/],
    [['--seed', '9'], /seed +1 -> 9/],
    [['--policy', 'vista'], /policies\.pre-vista +only before/],
  ])('say what differs of a run with %j', async (changed, message) => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'main.json'), text);
    const answer = await dpcbench(...RUN, ...changed, '--baseline', 'main');
    expect([answer.code, answer.err]).toEqual([EXIT.ok, '']);
    expect(answer.out).toMatch(message);
  });

  it('are refused before a run of policies that they do not have', async () => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'main.json'), text);
    const other = ['--policy', 'msdn,nt52', '--baseline', 'main'];
    const answer = await dpcbench(...RUN, ...other);
    expect([answer.code, answer.out]).toEqual([EXIT.usage, '']);
    expect(answer.err).toMatch(/no policy is in both/);
  });

  it('are refused before the run where they cannot be written', async () => {
    mkdirSync(join(place, 'main.json'), { recursive: true });
    const answer = await dpcbench(...RUN, '--save-baseline', 'main');
    expect([answer.code, answer.out]).toEqual([EXIT.files, '']);
    expect(answer.err).toContain(join(place, 'main.json'));
  });

  it('are missed with a way out', async () => {
    const answer = await dpcbench(...RUN, '--baseline', 'none');
    expect([answer.code, answer.out]).toEqual([EXIT.files, '']);
    expect(answer.err).toContain('--save-baseline none');
    expect(existsSync('.dpcbench')).toBe(false);
  });
});
