import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import type { Problem } from '../../src/errors.js';
import { parseScenario, resolveScenario } from '../../src/scenario/parse.js';

function problems(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const places = (text: string, file: string): string[] =>
  problems(() => parseScenario(text, file)).map(
    ({ line, column, path }) => `${line}:${column} ${path}`,
  );

const messages = (value: unknown): string =>
  problems(() => resolveScenario(value))
    .map((one) => `${one.path}: ${one.message} ${one.hint}`)
    .join('\n');

const device = { name: 's', irql: 5, arrivals: { at: [1] } };

describe('problems come all at once, each with its place', () => {
  const expected = [
    'machine.procesors',
    'machine.tick',
    'sources[0].irql',
    'sources[0].arrivals.posson',
    'sources[0].dpc.importance',
    'policies[0]',
    'until',
  ];

  it('in JSON', () => {
    const text = `{
  "machine": { "procesors": 4, "tick": "0.1ns" },
  "sources": [
    { "name": "a", "irql": 13,
      "arrivals": { "posson": 3 },
      "dpc": { "importance": "urgent", "service": 1 } }
  ],
  "policies": ["vist"],
  "until": {}
}`;
    const at = ['2:16', '2:40', '4:28', '5:21', '6:30', '8:16', '9:12'];
    expect(places(text, 'a.json')).toEqual(expected.map((path, i) => `${at[i]} ${path}`));
  });

  it('in YAML', () => {
    const text = `machine:
  procesors: 4
  tick: 0.1ns
sources:
  - name: a
    irql: 13
    arrivals: { posson: 3 }
    dpc:
      importance: urgent
      service: 1
policies: [vist]
until: {}
`;
    const at = ['2:3', '3:9', '6:11', '7:17', '9:19', '11:12', '12:8'];
    expect(places(text, 'a.yml')).toEqual(expected.map((path, i) => `${at[i]} ${path}`));
  });

  it('in TOML', () => {
    const text = `policies = ["vist"]
until = {}
[machine]
procesors = 4
tick = "0.1ns"
[[sources]]
name = "a"
irql = 13
arrivals.posson = 3
[sources.dpc]
importance = "urgent"
service = 1
`;
    const at = ['1:13', '2:9', '4:1', '5:8', '8:8', '9:10', '11:14'];
    const inOrder = [...expected.slice(5), ...expected.slice(0, 5)];
    expect(places(text, 'a.toml')).toEqual(inOrder.map((path, i) => `${at[i]} ${path}`));
  });

  it('at the object that lacks a key, and in long lists', () => {
    expect(places('{"sources":[\n {"name":"a","irql":5}]}', 'a.json')).toEqual(['2:2 sources[0]']);
    const text = `sources:\n - name: a\n   irql: 5\n   arrivals: {at: [1,\n    2, x]}`;
    expect(places(text, 'a.yaml')).toEqual(['5:8 sources[0].arrivals.at[2]']);
    expect(places('[]', 'a.json')).toEqual(['1:1 ']);
    expect(places('', 'a.yaml')).toEqual(['1:1 ']);
  });

  it('says what was seen, what is allowed and the nearest known key', () => {
    const source = { ...device, irql: 2, fifoo: 3, dpc: { importance: 'hihg' } };
    const text = messages({ sources: [source] });
    expect(text).toContain('sources[0].irql: expected a whole number from 3 to 12, found 2');
    expect(text).toMatch(/fifoo: unknown key "fifoo"; allowed are name, .* did you mean fifo\?/);
    expect(text).toMatch(/expected low, .* or high, found "hihg" did you mean high\?/);
    expect(messages({ sources: [device], colour: 1 })).not.toMatch(/did you mean/);
  });

  it('ends after a hundred, and says so', () => {
    const sources = Array.from({ length: 4_096 }, (_, index) => ({
      ...device,
      name: `s${index}`,
      irql: 99,
    }));
    const found = problems(() => resolveScenario({ sources }));
    expect(found).toHaveLength(101);
    expect(found[100].message).toMatch(/further problems, after these 100/);
  });
});

describe('limits', () => {
  it.each<[object, RegExp]>([
    [{ machine: { processors: 0 } }, /machine\.processors: .*from 1 to 1,024, found 0/],
    [{ machine: { processors: 1_025 } }, /found 1025/],
    [{ machine: { processors: 2.5 } }, /found 2\.5/],
    [{ machine: { tick: 999 } }, /machine\.tick: .*from 1 µs/],
    [{ machine: { tick: '1000001s' } }, /machine\.tick: .*to 1,000,000 s/],
    [{ machine: { costs: { clock: '1.1s' } } }, /costs\.clock: .*to 1 s/],
    [{ machine: { tunables: { maximumDpcQueueDepth: 0 } } }, /from 1 to 1,000,000, found 0/],
    [{ machine: { tunables: { minimumDpcRate: 1e7 } } }, /from 0 to 1,000,000/],
    [{ machine: { ipi: 'x86' } }, /expected dispatch or ipi-level, found "x86"/],
    [{ machine: { dynamicTick: 1 } }, /expected true or false, found 1/],
    [
      { machine: { background: { busy: { histogram: { edges: [0, 1], weights: [1] } } } } },
      /busy and idle together last less than 1 ns/,
    ],
    [
      { machine: { background: { busy: 100, dispatch: { uniform: [0, 1] } } } },
      /passive and dispatch together last less than 1 ns/,
    ],
    [{ until: { interrupts: 0 } }, /until\.interrupts: .*found 0/],
    [{ until: { interrupts: '10m' } }, /until\.interrupts: .*"10m" is not .*10M/],
    [{ until: { interrupts: '2000G' } }, /until\.interrupts: .*found "2000G"/],
    [{ until: { time: 0 } }, /until\.time: .*from 1 ns/],
    [{ policies: [] }, /policies: expected a list of 1 to 64 items, found an empty list/],
    [{ policies: ['vista', 'vista'] }, /policies\[1\]: .*found that of item 0 again/],
    [{ policies: [{ name: 'vista' }] }, /policies\[0\]\.name: .*found that of the preset vista/],
    [{ policies: [{ name: 'a', extends: 'xp' }] }, /policies\[0\]\.extends/],
    [{ policies: [{ name: 'a', other: { high: 'idle &' } }] }, /other\.high: .*at column 6 "&"/],
    [{ policies: [{ name: 'a', drainLimit: -1 }] }, /drainLimit: .*found -1/],
    [{ name: 'a\nb' }, /name: .*without control characters/],
    [{ name: 'x'.repeat(201) }, /name: text of 1 to 200|expected text of 1 to 200/],
    [{ name: 5 }, /name: expected text/],
    [{ sources: [] }, /sources: expected a list of 1 to 4,096 items/],
  ])('%j', (change, message) => {
    expect(messages({ sources: [device], ...change })).toMatch(message);
  });

  it.each<[object, RegExp]>([
    [{ processor: 1 }, /\.processor: expected a processor's index from 0 to 0, found 1/],
    [{ processor: [0, -1] }, /sources\[0\]\.processor\[1\]/],
    [{ processor: [] }, /sources\[0\]\.processor: expected a list of 1/],
    [{ irql: 2 }, /from 3 to 12/],
    [{ fifo: 0 }, /from 1 to 1,048,576/],
    [{ isr: 4_000_000_001 }, /to 4 s/],
    [{ dpc: { service: 1, target: 1 } }, /dpc\.target: .*from 0 to 0, found 1/],
    [{ dpc: { service: 1, target: 'next' } }, /expected current or round-robin, found "next"/],
    [{ dpc: { service: 1, budget: 2e9 } }, /dpc\.budget/],
    [{ name: 'a@1' }, /name without @/],
    [{ name: 'KiTimerExpiration' }, /not KiTimerExpiration/],
    [{ name: '\u202e' }, /found "\\u\{202e\}"/],
    [{ timer: { period: 5 } }, /unknown key "irql"/],
  ])('a source with %j', (change, message) => {
    expect(messages({ sources: [{ ...device, ...change }] })).toMatch(message);
  });

  it('names are unique among sources, even beside another problem', () => {
    expect(messages({ sources: [device, { ...device, irql: 0 }] })).toMatch(
      /sources\[1\]\.irql[^]*sources\[1\]\.name: .*found that of item 0 again/,
    );
  });

  it('a scenario of timers alone needs a time to end', () => {
    const sources = [{ name: 't', timer: { period: 1 }, service: 1 }];
    expect(messages({ sources })).toMatch(/until: .*timers alone.*give until\.time/);
    expect(messages({ sources, until: { time: 1 } })).toBe('');
  });
});
