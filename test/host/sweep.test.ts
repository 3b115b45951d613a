import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, InputError } from '../../src/errors.js';
import { pointsCsv } from '../../src/export/points.js';
import { formatSweep } from '../../src/export/sweep-table.js';
import { numericAxis } from '../../src/report/svg-axis.js';
import { renderSweep } from '../../src/report/render-sweep.js';
import type { SweepDocument } from '../../src/result/sweep-document.js';
import { shortPaths } from '../../src/result/short-path.js';
import { mainEffects } from '../../src/stats/main-effects.js';
import { paretoFront } from '../../src/stats/pareto.js';
import { designOf } from '../../src/sweep/design.js';
import { parseParameter } from '../../src/sweep/parameter.js';
import { inventedSweep } from '../fixtures/results/invented-sweep.js';
import { type Answer, runCli } from './run-cli.js';

describe('a parameter', () => {
  it.each([
    ['a=1,2,5', ['1', '2', '5']],
    ['a=1..4', ['1', '2', '3', '4']],
    ['a=1..64x4', ['1', '4', '16', '64']],
    ['a=0..1:0.25', ['0', '0.25', '0.5', '0.75', '1']],
    ['a=500ns..2us:500ns', ['500ns', '1000ns', '1500ns', '2000ns']],
    ['a=1ms..1s x10'.replace(' ', ''), ['1ms', '10ms', '100ms', '1000ms']],
    ['a=10k/s..30k/s:10k/s', ['10k/s', '20k/s', '30k/s']],
    ['a=[0, 1],{ exponential: 2us },x', ['[0, 1]', '{ exponential: 2us }', 'x']],
  ])('%s has the values %j', (text, values) => {
    expect(parseParameter(text).values).toEqual(values);
  });

  it('stands on an axis by its numbers, wide ranges by their logarithm', () => {
    expect(parseParameter('a=1us,2500ns')).toMatchObject({ numbers: [1000, 2500], unit: 'ns' });
    expect(parseParameter('a=1..64x2').isLog).toBe(true);
    expect(parseParameter('a=one,2')).toMatchObject({ numbers: null, unit: null });
  });

  it.each([
    ['a', /no parameter and its values/],
    ['a=', /a value is empty/],
    ['a=1,,2', /a value is empty/],
    ['a=5..1', /goes down/],
    ['a=1..1000000000', /1,000,000,000 values are too many/],
    ['a=0..8x2', /factors go up from above 0/],
    ['a=1..8:0', /the step is not above 0/],
    ['a=1us..2k/s', /no units of one kind/],
    ['a=1..x', /is no range/],
    ['a=1,1', /"1" stands twice/],
  ])('%s is refused', (text, message) => {
    expect(() => parseParameter(text)).toThrow(message);
  });
});

describe('a design', () => {
  const of = (...sizes: number[]) => sizes.map((size, i) => parseParameter(`p${i}=0..${size - 1}`));
  const one = { policies: 1, sample: null, seed: 1 };

  it('is every combination, the last parameter first', () => {
    expect(designOf(of(2, 3), one)).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(designOf([], one)).toEqual([[]]);
  });

  it('or a Latin hypercube, in which each part of each range is met equally often', () => {
    const choices = designOf(of(20, 100), { ...one, sample: 20 });
    expect(choices).toHaveLength(20);
    expect(choices.map(([a]) => a).sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    const fifths = choices.map(([, b]) => Math.floor(b / 5)).sort((a, b) => a - b);
    expect(fifths).toEqual([...Array(20).keys()]);
    expect(designOf(of(20, 100), { ...one, sample: 20 })).toEqual(choices);
    expect(designOf(of(20, 100), { ...one, sample: 20, seed: 2 })).not.toEqual(choices);
    expect(designOf(of(2, 3), { ...one, sample: 100 })).toHaveLength(6);
  });

  it('of absurd size is refused with the number', () => {
    expect(() => designOf(of(1000, 1000), one)).toThrow(/^1,000,000 points: at most 100,000/);
    expect(() => designOf(of(100, 100), { ...one, policies: 20 })).toThrow(/^200,000 points/);
    expect(() => designOf(of(9999, 9999, 9999, 9999, 9999), one)).toThrow(/e\+20 points/);
  });
});

it('the front is what nothing beats, equal ones once', () => {
  const trades: ([number, number] | null)[] = [
    [3, 1],
    [1, 3],
    [2, 2],
    [2, 2],
    [3, 3],
    null,
    [1, 4],
  ];
  expect(paretoFront(trades)).toEqual([1, 2, 0]);
  expect(paretoFront([])).toEqual([]);
});

describe('sweep', () => {
  let folder: string;
  let file: string;
  const ARGS = ['-n', '4k', '--shards', '5', '--warmup', 'none'];
  const sweep = (name: string, ...args: string[]): Promise<Answer> =>
    runCli(['sweep', file, ...ARGS, '-o', join(folder, name), ...args]);
  const read = (name: string, what: string): string =>
    readFileSync(join(folder, name, what), 'utf8');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpcbench-sweep-'));
    file = join(folder, 'it.yaml');
    writeFileSync(
      file,
      `name: "<it>"
machine: { processors: 2, background: { busy: { exponential: 50us }, idle: 50us } }
sources:
  - { name: nic, irql: 5, isr: 2us, arrivals: { poisson: 50000/s },
      dpc: { target: 1, importance: high, service: 4us } }
policies: [pre-vista, vista]
`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes a table, a page and a short answer, the same from any number of workers', async () => {
    const params = ['--param', 'sources.nic.irql=4,5', '--param', 'machine.costs.dequeue=1us,9us'];
    const { code, out, err } = await sweep('a', ...params);
    expect([code, err]).toEqual([EXIT.ok, '']);
    expect(out).toMatch(
      /^<it>: 8 points over sources\.nic\.irql, machine\.costs\.dequeue, policy\n/,
    );
    expect(out).toMatch(/\n {2}costs\.dequeue +83\.6 µs at 1us to 86\.7 µs at 9us, about equal\n/);
    expect(out).toMatch(/\n {2}nic\.irql +nothing\n/);
    for (const line of out.split('\n').slice(0, -3)) expect(line.length).toBeLessThanOrEqual(80);
    const lines = read('a', 'points.csv').split('\r\n');
    expect(lines).toHaveLength(1 + 8 + 1);
    expect(lines[1]).toMatch(/^1,4,1us,pre-vista,\d/);
    const rows = read('a', 'points.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows[3].settings).toEqual({ 'sources.nic.irql': '4', 'machine.costs.dequeue': '9us' });

    await sweep('b', ...params, '--workers', '2');
    expect(read('b', 'points.csv')).toBe(read('a', 'points.csv'));

    // The command of a point gives the figures of the point.
    const words = rows[7].command.split(' ').slice(1);
    expect(words.slice(0, 6)).toEqual([
      'run',
      file,
      '--set',
      'sources.nic.irql=5',
      '--set',
      'machine.costs.dequeue=9us',
    ]);
    const repeated = JSON.parse((await runCli([...words, '--json', '-'])).out);
    const { latency } = repeated.results[1];
    expect(rows[7].figures['dpcWait.p99'].value).toBe(latency.dpcWait.p99Ns);
  });

  it('goes on where it was ended, and runs nothing twice', async () => {
    const params = ['--param', 'machine.costs.dequeue=1us,2us,3us', '-p', 'vista'];
    const stop = new AbortController();
    stop.abort();
    const args = ['sweep', file, ...ARGS, '-o', join(folder, 'c')];
    const ended = await runCli([...args, ...params], stop.signal);
    expect([ended.code, ended.out]).toEqual([EXIT.interrupted, '']);
    expect(ended.err).toMatch(/^Interrupted: \d finished parts? in .*the same command goes/);
    expect(existsSync(join(folder, 'c', 'points.csv'))).toBe(false);

    await runCli([...args, ...params]);
    const journal = read('c', 'sweep.journal').length;
    const first = read('c', 'points.csv');
    await runCli([...args, ...params]);
    expect(read('c', 'sweep.journal')).toHaveLength(journal);
    expect(read('c', 'points.csv')).toBe(first);
    // One value more is one part more.
    await runCli([...args, '--param', 'machine.costs.dequeue=1us,2us,3us,4us', '-p', 'vista']);
    const grown = read('c', 'sweep.journal').length - journal;
    expect(grown).toBeLessThan(journal / 2);
    expect(grown).toBeGreaterThan(0);
  });

  it('tells of points that are no scenarios, and refuses a sweep of nothing else', async () => {
    const { code, out } = await sweep('d', '--param', 'machine.processors=1,2');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/1 choice is no scenario; the first, #1:\n.*sources\[0\]\.dpc\.target/);
    expect(read('d', 'points.csv')).toContain('expected a processor');
    const none = await sweep('e', '--param', 'machine.procesors=1,2');
    expect([none.code, none.out]).toEqual([EXIT.usage, '']);
    expect(none.err).toMatch(/^--param machine\.procesors=1: .*did you mean processors\?/);
    expect(existsSync(join(folder, 'e'))).toBe(false);
  });

  it('adds shards at every point until it is known well enough under every policy', async () => {
    const goal = ['--precision', '10%', '--figure', 'dpcWait.mean', '--most-shards', '60'];
    const { code } = await sweep(
      'f',
      '--param',
      'policy=vista,pre-vista',
      ...goal.slice(0, 4),
      ...goal.slice(4),
    );
    expect(code).toBe(EXIT.ok);
    const rows = read('f', 'points.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ policy }) => policy)).toEqual(['vista', 'pre-vista']);
    for (const { figures } of rows) {
      const { value, low, high } = figures['dpcWait.mean'];
      expect((high - low) / 2 / value).toBeLessThanOrEqual(0.1);
    }
  });

  it.each([
    [[], /a sweep needs a --param/],
    [['--param', 'policy=vista', '-p', 'vista'], /say the same/],
    [['--param', 'machine.tick=1ms', '--param', 'machine.tick=2ms'], /stands twice/],
    [['--param', 'until.time=1s,2s'], /--time and --interrupts say when every point ends/],
    [['--param', 'policy=vist'], /no policy "vist".*did you mean vista/],
    [['--param', 'policy=vista', '--front', 'ipis'], /--front takes two figures/],
    [['--param', 'policy=vista', '--front', 'ipis,dpcWat.p99'], /--front dpcWat\.p99.*dpcWait/],
    ...['ipis,ipis', 'ipis,ipisPerThousand', 'dpcWait.p999,dpcWait.p99.9'].map(
      (front): [string[], RegExp] => [
        ['--param', 'policy=vista', '--front', front],
        /^--front \S+ trades a figure against itself \(name two figures/,
      ],
    ),
    [
      ['--param', 'policy=vista', '--precision', '0%'],
      /--precision <percent>' argument '0%' is invalid\. .*above 0 % and below 100 %/,
    ],
    [
      ['--param', 'machine.costs.clock=0..9999', '--param', 'machine.costs.dequeue=0..9999'],
      /^100,000,000 points: at most 100,000/,
    ],
  ])('%j is refused before anything is made', async (args, message) => {
    const { code, err, out } = await sweep('g', ...args);
    expect([code, out]).toEqual([EXIT.usage, '']);
    expect(err).toMatch(message);
    expect(existsSync(join(folder, 'g'))).toBe(false);
  });
});

describe('the page of a sweep', () => {
  const document = (sizes: number[], sampled = false): SweepDocument =>
    inventedSweep({
      params: sizes.map((size, i) => `m.<p${i}>=1..${size}`),
      ...(sampled ? { sample: 5 } : {}),
    });
  const page = (...args: Parameters<typeof document>): string =>
    renderSweep(document(...args), () => 'x');
  const count = (text: string, word: RegExp): number => [...text.matchAll(word)].length;

  it('draws lines over one parameter, heat maps over two, small multiples over more', () => {
    expect(count(page([5]), /class="l p/g)).toBe(2 * 2);
    expect(count(page([5]), /class="band p/g)).toBe(2 * 2);
    expect(count(page([3, 4]), /class="heat"/g)).toBe(2 * 2 * 12);
    expect(count(page([2, 3, 2]), /<figure>/g)).toBe(2 * 4);
    expect(count(page([9, 9], true), /<figure>/g)).toBe(2 * 2);
  });

  it('keeps an option on one line, and three digits of a figure', () => {
    const noted = document([2]);
    noted.points[0].note = 'No intervals; simulate at least 1600 ms (--time 1600ms).';
    noted.points[0].figures[0].value = 80.97;
    const html = renderSweep(noted, () => 'x');
    expect(html).toContain('(<span class="option">--time 1600ms</span>).');
    expect(html).toContain('>81.0 <small>');
    expect(html).not.toContain('>0 ns<');
  });

  it('leaves the blank before a unit out of a heat map where neighbours would touch', () => {
    // The longest text is "1.00 µs", the widest cells are those of three columns.
    const longest = (columns: number): string => {
      const texts = page([2, columns]).matchAll(/text-anchor="middle">([^<]*µs)</g);
      return [...texts].map(([, text]) => text).sort((a, b) => b.length - a.length)[0] ?? '';
    };
    expect(longest(3)).toMatch(/ µs$/);
    expect([7, 8, 9, 10, 11].map(longest).find((text) => /\dµs$/.test(text))).toBeDefined();
  });

  it('has an axis for more values than a call takes as arguments', () => {
    const values = Array.from({ length: 200_000 }, (_, i) => i + 1);
    const span = { unit: 'count', from: 0, to: 100, ticks: 4 } as const;
    for (const isLog of [false, true]) {
      const { at } = numericAxis(values, { ...span, isLog });
      expect(at(200_000)).toBeGreaterThan(90);
      expect(at(200_000)).toBeLessThan(100);
    }
  });

  it('leads from every dot to the command that repeats its point, without a script', () => {
    const html = page([5]);
    const targets = new Set([...html.matchAll(/href="#(p\d+)"/g)].map(([, id]) => id));
    expect(targets.size).toBe(9);

    // What has a report leads there, and so do both figures of its point.
    expect(html).toMatch(/<a href="reports\/a%20b\.html"><title>#1 a&amp;b/);
    for (const id of targets) expect(html).toContain(`<tr id="${id}">`);
    expect(html).toContain('dpcbench run &#39;&lt;x&gt;&#39;');
    expect(html).not.toContain('<script');
    expect(html).not.toMatch(/<it>|<p0>|a&b/);
  });

  it('has one axis for all charts of a figure', () => {
    const html = page([2, 3, 2]);
    const charts = [...html.matchAll(/<figure>.*?<\/figure>/gs)].map(([text]) => text);
    const ticks = charts.map((chart) =>
      [...chart.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text).join(),
    );
    expect(ticks).toHaveLength(8);
    expect(new Set(ticks).size).toBe(2);
  });

  it('of very many points is a page that opens', () => {
    const html = page([150, 100]);
    expect(html.length).toBeLessThan(5e6);
    expect(html).toContain('points.csv has all of them');
  });

  it('greys what is beaten, and says what moves what', () => {
    const sweep = document([4]);
    expect(
      count(
        renderSweep(sweep, () => ''),
        /class="d behind"/g,
      ),
    ).toBe(8 - 4);
    const [first] = mainEffects(sweep, 0);
    expect(first).toEqual({
      parameter: 'policy',
      least: { at: 'a&b', mean: 1.5 },
      most: { at: 'vista', mean: 11.5 },
    });
    expect(formatSweep(sweep)).toContain('1.50 at a&b to 11.5 at vista, 7.7x');
  });

  it('puts neighbouring values of a sample together, whose others are chance', () => {
    const sweep = inventedSweep({ params: ['a=1..90', 'b=1..50'], sample: 30 });
    // A figure that a alone moves: its own value, and a hundred more for one point of chance.
    for (const [i, { choice, figures }] of sweep.points.entries()) {
      figures[0].value = choice[0] + 1 + (i === 0 ? 100 : 0);
    }
    const [first, ...rest] = mainEffects(sweep, 0);
    expect(first.parameter).toBe('a');
    expect(first.least.at).toMatch(/^\d+–\d+$/);
    const [low, high] = [first.least, first.most].map(({ at }) => at.split('–').map(Number));
    expect(low[1]).toBeLessThan(high[0]);
    expect(low[0]).toBeLessThan(10);
    expect(high[1]).toBeGreaterThan(80);
    expect(first.most.mean - first.least.mean).toBeGreaterThan(40);
    for (const { least, most } of rest) expect(most.mean - least.mean).toBeLessThan(30);
  });

  it('shows no formula to a spreadsheet', () => {
    const sweep = document([2]);
    sweep.points[0].policy = '=1+1';
    expect(pointsCsv(sweep)).toContain(",'=1+1,");
    expect(() => parseParameter('')).toThrow(InputError);
  });
});

it('short paths tell parameters apart', () => {
  expect(
    shortPaths([
      'machine.processors',
      'machine.tunables.minimumDpcRate',
      'machine.costs.clock',
      'sources.a.dpc.budget',
      'sources.b.dpc.budget',
      'sources.nic.irql',
    ]),
  ).toEqual([
    'processors',
    'minimumDpcRate',
    'costs.clock',
    'a.dpc.budget',
    'b.dpc.budget',
    'nic.irql',
  ]);
  expect(shortPaths(['x', 'x'])).toEqual(['x', 'x']);
});
