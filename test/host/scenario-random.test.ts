import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify as stringifyYaml } from 'yaml';
import { InputError, formatProblem } from '../../src/errors.js';
import { PRESET_NAMES } from '../../src/policy/presets.js';
import { canonicalJson } from '../../src/scenario/canonical.js';
import { parseScenario, resolveScenario } from '../../src/scenario/parse.js';
import { IMPORTANCES } from '../../src/policy/policy.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { anyText } from '../any-text.js';

/** A written core-form scenario, and what must come out of it, built side by side. */
interface Pair {
  written: Record<string, unknown>;
  resolved: object;
}

/** A duration as written, a number or with a unit, and its nanoseconds. */
const duration = fc
  .tuple(fc.integer({ min: 0, max: 4_000_000 }), fc.constantFrom(1, 1e3, 'us', 'ns'))
  .map(([count, unit]) => {
    if (unit === 'us') return { written: `${count / 1_000}us`, ns: count };
    if (unit === 'ns') return { written: `${count}ns`, ns: count };
    return { written: (count * (unit as number)) % 4e9, ns: (count * (unit as number)) % 4e9 };
  });

const constant = (ns: number): object => ({ kind: 'constant', ns });

function devicePair(name: string, processors: number): fc.Arbitrary<Pair> {
  return fc
    .record({
      irql: fc.integer({ min: 3, max: 12 }),
      processor: fc.array(fc.nat(processors - 1), { minLength: 1, maxLength: 4 }),
      isr: duration,
      fifo: fc.integer({ min: 1, max: 1_048_576 }),
      gaps: fc.array(fc.integer({ min: 0, max: 1e6 }), { maxLength: 20 }),
      importance: fc.constantFrom(...IMPORTANCES),
      target: fc.oneof(
        fc.constantFrom('current', 'round-robin'),
        fc.integer({ min: 0, max: processors - 1 }),
      ),
      objects: fc.constantFrom('one', 'per-processor'),
      service: duration,
      perItem: duration,
      budget: fc.nat(100),
    })
    .map(({ irql, processor, isr, fifo, gaps, service, perItem, ...dpc }) => {
      let now = 0;
      const at = gaps.map((gap) => (now += gap));
      return {
        written: {
          name,
          irql,
          processor: processor.length === 1 ? processor[0] : processor,
          isr: isr.written,
          fifo,
          arrivals: { at },
          dpc: { ...dpc, service: service.written, perItem: perItem.written },
        },
        resolved: {
          kind: 'device',
          name,
          irql,
          processors: processor,
          isr: constant(isr.ns),
          fifo,
          arrivals: { kind: 'at', atNs: at },
          dpc: { ...dpc, service: constant(service.ns), perItem: constant(perItem.ns) },
        },
      };
    });
}

function timerPair(name: string, processors: number): fc.Arbitrary<Pair> {
  return fc
    .tuple(fc.nat(processors - 1), fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), duration)
    .map(([processor, due, period, service]) => ({
      written: { name, timer: { due, period }, processor, service: service.written },
      resolved: {
        kind: 'timer',
        name,
        processor,
        dueNs: due,
        periodNs: period,
        service: constant(service.ns),
      },
    }));
}

const scenarioPair: fc.Arbitrary<Pair> = fc.integer({ min: 1, max: 16 }).chain((processors) =>
  fc
    .record({
      tick: fc.integer({ min: 1_000, max: 1e9 }),
      poll: duration,
      dynamicTick: fc.boolean(),
      busy: duration,
      sources: fc
        .array(fc.boolean(), { minLength: 1, maxLength: 5 })
        .chain((kinds) =>
          fc.tuple(
            ...kinds.map((isTimer, index) =>
              (isTimer ? timerPair : devicePair)(`source ${index}`, processors),
            ),
          ),
        ),
      policies: fc.uniqueArray(fc.constantFrom(...PRESET_NAMES), { minLength: 1 }),
      time: fc.integer({ min: 1, max: 1e15 }),
    })
    .map(({ tick, poll, dynamicTick, busy, sources, policies, time }): Pair => {
      const none = constant(0);
      const thread = { busy: constant(busy.ns), idle: constant(7), passive: none, dispatch: none };
      return {
        written: {
          name: 'random',
          machine: {
            processors,
            tick,
            poll: poll.written,
            dynamicTick,
            background: [{ busy: busy.written, idle: 7 }],
          },
          sources: sources.map((source) => source.written),
          policies,
          until: { time },
        },
        resolved: {
          name: 'random',
          question: '',
          machine: {
            processors,
            tickNs: tick,
            tickSkewNs: 0,
            dynamicTick,
            pollNs: poll.ns,
            ipi: 'dispatch',
            background: Array.from({ length: processors }, () => thread),
          },
          sources: sources.map((source) => source.resolved),
          policies: policies.map((name) => ({ name })),
          until: { timeNs: time, interrupts: null },
        },
      };
    }),
);

describe('random valid scenarios', () => {
  it('resolve to what was written, from an object, JSON and YAML alike', () => {
    fc.assert(
      fc.property(scenarioPair, ({ written, resolved }) => {
        const scenario = resolveScenario(written);
        expect(scenario).toMatchObject(resolved);
        expect(parseScenario(JSON.stringify(written), 'a.json')).toEqual(scenario);
        expect(parseScenario(stringifyYaml(written), 'a.yaml')).toEqual(scenario);
      }),
      { numRuns: 60 },
    );
  });

  it('survive JSON and a structured clone', () => {
    fc.assert(
      fc.property(scenarioPair, ({ written }) => {
        const scenario = resolveScenario(written);
        const read = JSON.parse(JSON.stringify(scenario)) as Scenario;
        expect(read).toEqual(scenario);
        expect(canonicalJson(read)).toBe(canonicalJson(structuredClone(scenario)));
      }),
      { numRuns: 60 },
    );
  });

  it('are told apart by one changed leaf, which is the only problem', () => {
    fc.assert(
      fc.property(scenarioPair, fc.nat(4), ({ written }, place) => {
        const sources = written.sources as Record<string, unknown>[];
        const index = place % sources.length;
        const broken = structuredClone(written) as { sources: Record<string, unknown>[] };
        broken.sources[index].wrong = 1;
        const found = problemsOf(() => resolveScenario(broken));
        expect(found).toHaveLength(1);
        expect(found[0]).toContain(`sources[${index}].wrong`);
      }),
      { numRuns: 60 },
    );
  });
});

describe('random garbage', () => {
  const valid = JSON.stringify({
    machine: { processors: 2, background: { busy: 5 } },
    sources: [
      { name: 'a', irql: 5, arrivals: { poisson: '1kHz' }, dpc: { service: { exponential: 5 } } },
      { name: 't', timer: { period: '1ms' }, service: { mixture: [{ weight: 1, of: 5 }] } },
    ],
    policies: ['vista', { name: 'm', other: { high: 'idle or over' } }],
    until: { time: '1s' },
  });
  const files = fc.constantFrom('a.json', 'a.yaml', 'a.toml');

  it('as a value is refused with problems', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (value) => {
        expect(problemsOf(() => resolveScenario(value)).length).toBeGreaterThan(0);
      }),
    );
  });

  it('as text is refused with problems', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 200 }), files, (text, file) => {
        expect(problemsOf(() => parseScenario(text, file)).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('out of the signs of its format never ends in anything but problems', () => {
    const sign = fc.constantFrom(
      ...'{}[]:,"\'&*!#|>-?%@`=.\n\t \\\u0000',
      '<<',
      'sources',
      'name',
      '1',
      'null',
      '[[',
      '---',
    );
    const text = fc.array(sign, { maxLength: 60 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(text, files, (written, file) => {
        problemsOf(() => parseScenario(written, file));
      }),
      { numRuns: 2_000 },
    );
  });

  it('inside a valid file never ends in anything but problems', () => {
    const edit = fc.tuple(fc.nat(valid.length), fc.nat(8), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), files, (edits, file) => {
        let text = valid;
        for (const [at, count, inserted] of edits) {
          text = text.slice(0, at) + inserted + text.slice(at + count);
        }
        problemsOf(() => parseScenario(text, file));
      }),
      { numRuns: 1_000 },
    );
  });

  it('in the place of any value never ends in anything but problems', () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.string(),
      fc.constant(null),
      fc.boolean(),
      fc.object({ maxDepth: 1 }),
      fc.array(fc.integer()),
      fc.constantFrom(-0, 1e400, 2 ** 53, '9'.repeat(500), 'always', [[]]),
    );
    fc.assert(
      fc.property(fc.nat(1_000), leaf, (place, value) => {
        problemsOf(() => resolveScenario(replaced(JSON.parse(valid), place, value)));
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The problems as text; anything but an InputError goes on to fail the test. */
function problemsOf(run: () => unknown): string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    const texts = error.problems.map(formatProblem);
    // Nothing out of the input may steer a terminal.
    for (const text of texts) expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    return texts;
  }
}

/** The value with its n-th member, counted through all levels and around, replaced. */
function replaced(root: unknown, place: number, value: unknown): unknown {
  const members: [Record<string, unknown>, string][] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      members.push([node as Record<string, unknown>, key]);
      collect((node as Record<string, unknown>)[key]);
    }
  };
  collect(root);
  const [owner, key] = members[place % members.length];
  owner[key] = value;
  return root;
}
