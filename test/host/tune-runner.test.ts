import { describe, expect, it } from 'vitest';
import { PRESETS, findPreset } from '../../src/policy/presets.js';
import { FACTS } from '../../src/policy/facts.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { Space } from '../../src/tune/candidate.js';
import { TuneRunner, type Entry } from '../../src/tune/carry-out-tune.js';
import { searchFront } from '../../src/tune/search.js';
import { spaceOf } from '../../src/tune/space.js';

const written = (tick: string, interrupts: number): Scenario =>
  resolveScenario({
    name: 'tuned',
    machine: {
      processors: 2,
      tick,
      background: { busy: { exponential: '300us' }, idle: { exponential: '700us' } },
    },
    sources: [
      {
        name: 'nic',
        irql: 6,
        arrivals: { poisson: '20k/s' },
        dpc: { target: 1, importance: 'high', service: { exponential: '9us' } },
      },
    ],
    policies: ['vista'],
    until: { interrupts },
  });
const scenario = written('1ms', 50_000);
const other = written('2ms', 50_000);
const open = (settings: readonly string[]): Scenario => (settings.length === 0 ? scenario : other);
const [vista, before] = ['vista', 'pre-vista'].map((name) => findPreset(name)!);
const entry = (policy: typeof vista, ...settings: string[]): Entry => ({ policy, settings });
const SLOW = 'machine.tick=2ms';

describe('rule sets that are tuned', () => {
  const figures = ['ipisPerThousand', 'dpcWait.p99'] as const;

  it('have their figures in the order in which they were asked for', async () => {
    const runner = new TuneRunner({ figures, open, workers: 1 });
    const together = await runner.trades(
      [entry(vista), entry(vista, SLOW), entry(before), entry(before, SLOW)],
      3,
    );
    const slow = new TuneRunner({ figures, open: () => other, workers: 1 });
    const alone = await slow.trades([entry(vista), entry(before)], 3);
    expect([together[1], together[3]]).toEqual(alone);
    const asked = together.map((trade) => trade![0]);
    expect(asked[2]).toBeGreaterThan(asked[0]);
    expect(asked[3]).toBeGreaterThan(asked[1]);
    for (const trade of together) for (const figure of trade!) expect(figure).toBeGreaterThan(0);
    expect(new Set(together.map((trade) => trade!.join())).size).toBe(4);
  });

  it('are each compared with the first', async () => {
    const runner = new TuneRunner({ figures, open, workers: 1 });
    const entries = [entry(before), entry(vista, SLOW), entry(before)];
    const [own, others, same] = await runner.compare(entry(before), entries, 3);
    expect(own.map((effect) => effect!.verdict)).toEqual(['same', 'same']);
    expect(same).toEqual(own);
    expect(others[0]).toMatchObject({ verdict: 'lower' });
    expect(others[0]!.differenceInterval).not.toBeNull();
    const [trade] = await runner.trades([entry(before)], 3);
    expect(own.map((effect) => effect!.first)).toEqual(trade);
  });

  it('have none where one of the two lacks samples', async () => {
    const few = (...named: [string, string]) =>
      new TuneRunner({ figures: named, open: () => written('1ms', 50_000), workers: 1 });
    const trades = [
      await few('ipisPerThousand', 'dpcWait.p9999').trades([entry(vista)], 3),
      await few('dpcWait.p9999', 'ipisPerThousand').trades([entry(vista)], 3),
    ];
    expect(trades).toEqual([[null], [null]]);
  });

  it('are none where too few shards can be had to compare them', () => {
    const tiny = new RegExp('"tuned" is cut into \\d shards?, too few to tune by');
    expect(() => new TuneRunner({ figures, open: () => written('1ms', 40) })).toThrow(tiny);
    const unknown = ['ipisPerThousand', 'dpcWait.p98'] as const;
    expect(() => new TuneRunner({ figures: unknown, open })).toThrow(/p98/);
  });
});

it('a search tries each question answered by each single fact, and by its opposite', async () => {
  const facts = [0, ...FACTS.map(({ bit }) => bit)];
  const cells = facts.map((of, i) => ({ facts: of, inserts: 100 - i }));
  const space: Space = {
    questions: [{ target: 'other', importance: 'high', cells }],
    importances: [],
    settings: [],
    base: vista,
  };
  const tried = await searchFront({
    budget: 30,
    seed: 1,
    space,
    presets: PRESETS,
    evaluate: (candidates) => Promise.resolve(candidates.map(() => [1, 1] as const)),
  });
  const answers = new Set(tried.map(({ candidate }) => candidate.asks[0].join()));
  for (const { bit } of FACTS) {
    expect(answers).toContain(facts.map((set) => (set & bit) !== 0).join());
    expect(answers).toContain(facts.map((set) => (set & bit) === 0).join());
  }
});

it('moderation is searched for the first four devices with DPCs, in whole µs or in ns', () => {
  const device = (name: string, moderation?: object) => ({
    name,
    irql: 5,
    isr: '1us',
    arrivals: { poisson: '1k/s' },
    ...(moderation && { moderation }),
    dpc: { target: 0, service: '1us' },
  });
  const many = resolveScenario({
    sources: [
      { name: 'bare', irql: 5, isr: '1us', arrivals: { poisson: '1k/s' } },
      device('a', { time: '1us' }),
      device('b', { time: '1001ns' }),
      device('c', { count: 2 }),
      device('d', { time: '3ms', count: 5 }),
      device('e'),
    ],
  });
  const { settings } = spaceOf({ results: [] } as never, many, vista, false);
  const moderated = settings.filter(({ path }) => path.startsWith('sources'));
  expect(moderated.map(({ path, values, facts }) => [path, values[0], facts])).toEqual([
    ['sources.a.moderation', '{ time: 1us }', 0],
    ['sources.b.moderation', '{ time: 1001ns }', 0],
    ['sources.c.moderation', '{ count: 2 }', 0],
    ['sources.d.moderation', '{ time: 3000us, count: 5 }', 0],
  ]);
});
