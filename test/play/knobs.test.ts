import { describe, expect, it } from 'vitest';
import { loadScenario, scenarioSource } from '../../src/disk/load-scenario.js';
import {
  type Knob,
  knobsOf,
  knobWords,
  positionOf,
  valueAt,
  writtenValue,
} from '../../src/play/knobs.js';
import { WrittenText } from '../../src/play/written-text.js';
import { parseScenario } from '../../src/scenario/parse.js';

const fileOf = (name: string): string => (/^w\d+$/.test(name) ? `${name}.json` : `${name}.yaml`);

describe('the knobs of a scenario', () => {
  it.each(['default', 'remote-completion', 'low-importance-heavy', 'moderation', 'w1'])(
    'of %s each change what they name and nothing else',
    (name) => {
      const file = fileOf(name);
      const source = scenarioSource(name);
      const knobs = knobsOf(loadScenario(name), new WrittenText(file, source));
      expect(knobs.length).toBeGreaterThan(10);
      for (const knob of knobs) {
        const value =
          knob.kind === 'choice'
            ? knob.choices.find((each) => each !== knob.value)!
            : valueAt(knob, positionOf(knob, knob.value) > 500 ? 250 : 750);
        const text = new WrittenText(file, source).with(knob.path, writtenValue(knob, value));
        const turned = knobsOf(parseScenario(text, file), new WrittenText(file, text));
        const differing = turned.filter(({ id, value: now }) => {
          const before = knobs.find((each) => each.id === id)!.value;
          return typeof now === 'number'
            ? Math.abs(now - (before as number)) > 1e-6 * now
            : now !== before;
        });
        // An anchor's value is that of its aliases too.
        const shared = source.includes('<<:') ? differing.length : 1;
        expect([knob.id, differing.length]).toEqual([knob.id, shared]);
        expect(differing.map(({ id }) => id)).toContain(knob.id);
        if (knob.kind === 'choice') continue;
        const found = turned.find(({ id }) => id === knob.id)!.value as number;
        expect(found / (value as number)).toBeCloseTo(1, 3);
      }
    },
  );

  it('leave comments and layout alone', () => {
    const text = new WrittenText('x.yaml', scenarioSource('default'));
    const changed = text.with(['sources', 0, 'arrivals', 'poisson'], '50/s');
    expect(changed).toBe(scenarioSource('default').replace('poisson: 60000/s', 'poisson: 50/s'));
  });

  it('have places for every value between their ends, and 0 where a duration may be 0', () => {
    const knob = { least: 100, most: 1_000_000, unit: 'duration' } as const;
    expect(valueAt(knob, 0)).toBe(0);
    expect(valueAt(knob, 1)).toBe(100);
    expect(valueAt(knob, 1000)).toBe(1_000_000);
    for (let position = 1; position < 1000; position += 37) {
      expect(positionOf(knob, valueAt(knob, position)) - position).toBeLessThanOrEqual(3);
    }
  });

  it('offer the target that the text names, however many processors there are', () => {
    const text = `
machine: { processors: 512 }
sources:
  - { name: nic, irql: 5, processor: 0, isr: 1us, arrivals: { poisson: 1000/s },
      dpc: { target: 300, service: 1us } }
until: { interrupts: 10 }
`;
    const knobs = knobsOf(parseScenario(text, 'x.yaml'), new WrittenText('x.yaml', text));
    const target = knobs.find(({ label }) => label === 'target')!;
    if (target.kind !== 'choice') throw new Error('a target is chosen');
    expect(target.value).toBe('300');
    expect(target.choices.slice(-2)).toEqual(['63', '300']);
  });

  it.each([
    ['duration', 0, 0, '0 ns'],
    ['duration', 999, '999ns', '999 ns'],
    ['duration', 1_000, '1us', '1 µs'],
    ['duration', 1_500, '1500ns', '1.50 µs'],
    ['duration', 999_000, '999us', '999 µs'],
    ['duration', 3_000_000, '3ms', '3 ms'],
    ['count', 3_000_000, 3_000_000, '3,000,000'],
    ['rate', 2.5e6, '2500000/s', '2,500,000/s'],
    ['rate', 0.4, '0/s', '0/s'],
  ] as const)('write a %s of %d as %j, and read it as %s', (unit, value, written, words) => {
    expect(writtenValue({ kind: 'range', unit } as Knob, value)).toBe(written);
    expect(knobWords(unit, value)).toBe(words);
  });

  it('write a processor as a number, and a word as a word', () => {
    const choice = { kind: 'choice' } as Knob;
    expect(writtenValue(choice, '12')).toBe(12);
    expect(writtenValue(choice, 'round-robin')).toBe('round-robin');
  });

  it('stand at the left for 0, and at the ends for the least and the most', () => {
    const span = { least: 100, most: 10_000 };
    expect([0, 99, 100, 1_000, 10_000].map((value) => positionOf(span, value))).toEqual([
      0, 0, 1, 501, 1000,
    ]);
    const count = { ...span, unit: 'count' } as const;
    expect([-1, 0, 1, 500.5, 1000].map((at) => valueAt(count, at))).toEqual([
      100, 100, 100, 1_000, 10_000,
    ]);
    expect(valueAt({ least: 0.1, most: 10, unit: 'rate' }, 1)).toBe(1);
  });

  it('are of the first 24 sources', () => {
    const sources = Array.from(
      { length: 25 },
      (_, i) => `{ name: s${i}, irql: 5, isr: 1us, arrivals: { poisson: 50/s } }`,
    );
    const text = `{ machine: { processors: 1 }, policies: [vista], until: { time: 1ms },
      sources: [${sources.join(', ')}] }`;
    const knobs = knobsOf(parseScenario(text, 'x.yaml'), new WrittenText('x.yaml', text));
    const groups = new Set(knobs.map(({ group }) => group));
    expect([groups.has('s23'), groups.has('s24')]).toEqual([true, false]);
  });

  it('are of the arrivals that one number of the text says, and else of none', () => {
    const sources = (arrivals: string): string =>
      `{ machine: { processors: 1 }, policies: [vista], until: { time: 1ms }, sources: [
        { name: a, irql: 5, isr: 1us, arrivals: ${arrivals} } ] }`;
    const rateOf = (arrivals: string): unknown => {
      const [text, file] = [sources(arrivals), 'x.yaml'];
      const [first] = knobsOf(parseScenario(text, file), new WrittenText(file, text));
      return first.label === 'arrivals' ? [first.path.slice(2).join('.'), first.value] : null;
    };
    expect(rateOf('{ poisson: 50/s }')).toEqual(['arrivals.poisson', 50]);
    expect(rateOf('{ poisson: { rate: 50/s, start: 1us } }')).toEqual([
      'arrivals.poisson.rate',
      50,
    ]);
    expect(rateOf('{ periodic: { rate: 50/s } }')).toEqual(['arrivals.periodic.rate', 50]);
    expect(rateOf('{ periodic: { period: 20ms } }')).toBeNull();
    expect(rateOf('{ renewal: { gap: 20us } }')).toBeNull();
    expect(rateOf('{ renewal: { gap: { exponential: 20us } } }')).toBeNull();
    expect(rateOf('{ bursts: { on: 1ms, off: 1ms, rate: 50/s } }')).toEqual([
      'arrivals.bursts.rate',
      50,
    ]);
    expect(rateOf('{ bursts: { on: 1ms, off: 1ms, gap: 12us } }')).toBeNull();
  });
});

describe('a value that is set where nothing stands', () => {
  const set = (text: string, ...path: (string | number)[]): string =>
    new WrittenText('x.yaml', text).with(path, 7);

  it('makes what it stands in, also inside of what is merged from elsewhere', () => {
    expect(set('a: 1\n', 'b', 'c')).toBe('a: 1\nb:\n  c: 7\n');
    const merged = 'base: &b { x: { y: 1 } }\nuser: { <<: *b }\n';
    expect(set(merged, 'user', 'x', 'y')).toContain('user: { <<: *b, x: { y: 7 } }');
    expect(set(merged, 'user', 'x', 'z')).toContain('user: { <<: *b, x: { y: 1, z: 7 } }');
    expect(set(merged, 'user', 'x', 'z', 'w')).toContain('x: { y: 1, z: { w: 7 } } }');
    const deep = 'base: &b { x: { y: { z: 1 } } }\nuser: { <<: *b }\n';
    expect(set(deep, 'user', 'x', 'y', 'z')).toContain('user: { <<: *b, x: { y: { z: 7 } } }');
    expect(set(deep, 'user', 'x', 'y', 'w')).toContain('x: { y: { z: 1, w: 7 } } }');
  });

  it('keeps JSON what it is', () => {
    const text = new WrittenText('x.json', '{ "a": 1 }');
    expect(text.with(['a'], 'b')).toBe('{ "a": "b" }');
    expect(text.with(['a'], 2)).toBe('{ "a": 2 }');
    expect(JSON.parse(text.with(['c', 'd'], 2))).toEqual({ a: 1, c: { d: 2 } });
  });
});
