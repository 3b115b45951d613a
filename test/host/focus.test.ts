import { describe, expect, it } from 'vitest';
import { CATALOG_NAMES, EXAMPLE_NAMES, loadCatalogScenario } from '../../src/disk/catalog.js';
import { sha256Hex } from '../../src/disk/sha256.js';
import { InputError } from '../../src/errors.js';
import { describeScenario, hashScenario } from '../../src/run/describe-scenario.js';
import { guessFocus } from '../../src/scenario/guess-focus.js';
import { parseScenario, resolveScenario } from '../../src/scenario/parse.js';
import type { Scenario } from '../../src/scenario/scenario.js';

const device = (name: string, dpc: object = {}): object => ({
  name,
  irql: 5,
  arrivals: { poisson: 1000 },
  dpc: { service: 1000, ...dpc },
});
const sources = [device('nic'), device('disk'), device('audio')];

function withFocus(focus: unknown): Scenario {
  return resolveScenario({ machine: { processors: 2 }, sources, focus });
}

function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems
      .map(({ line, column, path, message, hint }) =>
        `${line ?? ''}:${column ?? ''} ${path}: ${message} (${hint})`.trim(),
      )
      .join('\n');
  }
  return 'none';
}

describe('a focus', () => {
  it('is a source or several, and by default the p99 of their DPC latency', () => {
    expect(withFocus({ sources: 'audio' }).focus).toEqual({
      sources: ['audio'],
      against: [],
      latencies: ['dpcWait'],
      statistic: 'p99Ns',
      counters: [],
    });
    const { focus } = withFocus({ counter: ['ipis', 'drains'] });
    expect(focus).toMatchObject({ sources: [], latencies: [], counters: ['ipis', 'drains'] });
  });

  it('compares each source with one of its own, or all with the same', () => {
    const one = withFocus({ sources: ['nic', 'disk'], against: 'audio', statistic: 'p99.9' });
    expect(one.focus).toMatchObject({ against: ['audio', 'audio'], statistic: 'p999Ns' });
    const each = withFocus({ sources: ['nic', 'disk'], against: ['disk', 'audio'] });
    expect(each.focus?.against).toEqual(['disk', 'audio']);
  });

  it.each([
    [{ sources: 'audioo' }, 'there is no source "audioo" (did you mean audio?)'],
    [{ sources: ['nic', 'zzzzzz'] }, 'focus.sources[1]: there is no source "zzzzzz"'],
    [{ sources: 'nic', against: 'nic' }, '"nic" is compared with itself'],
    [{ against: 'nic' }, 'there are no sources to compare'],
    [{ sources: ['nic', 'disk', 'audio'], against: ['disk', 'nic'] }, 'one for each of the 3'],
    [{ latency: 'dpcWiat' }, 'did you mean dpcWait?'],
    [{ counter: 'IPIs' }, 'did you mean ipis?'],
    [{ statistic: 'p98' }, 'expected mean, p50, p90, p99, p99.9 or p99.99'],
    [{ sources: 7 }, 'expected the name of a source'],
    [{ source: 'nic' }, 'did you mean sources?'],
  ])('%j is refused', (focus, message) => {
    expect(problemOf(() => withFocus(focus))).toContain(message);
  });

  it('is refused at its place, beside what is wrong with a source', () => {
    const text = `sources:
  - { name: nic, irql: 99, arrivals: { poisson: 10 } }
focus:
  sources: [nic, wlan]
`;
    const said = problemOf(() => parseScenario(text, 'a.yaml'));
    expect(said).toContain('4:18 focus.sources[1]: there is no source "wlan"');
    expect(said).toContain('2:24 sources[0].irql');
    expect(said).not.toContain('"nic"');
  });

  it('changes nothing of what a scenario simulates, and so neither its hash', () => {
    const bare = describeScenario(withFocus(undefined), sha256Hex);
    const focused = describeScenario(
      withFocus({ sources: 'audio', latency: 'isrWait' }),
      sha256Hex,
    );
    expect(focused).toEqual(bare);
    expect(hashScenario(focused, sha256Hex)).toBe(hashScenario(bare, sha256Hex));
  });

  it('stands in every example', () => {
    const without = EXAMPLE_NAMES.filter((name) => loadCatalogScenario(name).focus === undefined);
    expect(without).toEqual([]);
  });
});

describe('a guessed focus', () => {
  const guess = (written: object[], policies: unknown[]): string[] =>
    guessFocus(resolveScenario({ machine: { processors: 4 }, sources: written, policies })).sources;

  it('is on the sources that a policy asks for differently', () => {
    const written = [
      device('here', { importance: 'high' }),
      device('there', { importance: 'high', target: 1 }),
      device('threaded', { importance: 'high', target: 1, threaded: true }),
    ];
    expect(guess(written, ['pre-vista', 'vista'])).toEqual(['there']);
    expect(guess(written, ['vista', 'vista-alike'].slice(0, 1))).toEqual([]);
    const tail = { name: 'tail', extends: 'vista', insert: { high: 'tail' } };
    expect(guess(written, ['vista', tail])).toEqual(['here', 'there']);
  });

  it('is on all where a policy drains differently, and on the machine where those are many', () => {
    const short = { name: 'short', extends: 'vista', drainLimit: 1 };
    const some = [device('a'), device('b')];
    expect(guess(some, ['vista', short])).toEqual(['a', 'b']);
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => device(name));
    expect(guess(many, ['vista', short])).toEqual([]);
  });

  it('is there for every scenario that ships, and names sources of it', () => {
    for (const name of CATALOG_NAMES) {
      const scenario = loadCatalogScenario(name);
      const known = scenario.sources.map((source) => source.name);
      expect(guessFocus(scenario).sources.filter((one) => !known.includes(one))).toEqual([]);
    }
  });
});
