import { describe, expect, it } from 'vitest';
import { loadScenario, scenarioSource } from '../../src/disk/load-scenario.js';
import { knobsOf, positionOf, valueAt, writtenValue } from '../../src/play/knobs.js';
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
});
