import { describe, it } from 'vitest';
import { FACT_IDLE, FACT_OVER } from '../../src/policy/facts.js';
import { conditionHolds } from '../../src/policy/parse-condition.js';
import type { Policy } from '../../src/policy/policy.js';
import type { FigureComparison, ResultDocument } from '../../src/result/document.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { Trade } from '../../src/stats/pareto.js';
import type { Effects, Entry, TuneRunner } from '../../src/tune/carry-out-tune.js';
import { frontYaml, winnersYaml } from '../../src/tune/policy-file.js';
import { outcomeOf, tune, type TuneResult } from '../../src/tune/tune.js';
import { formatTune } from '../../src/tune/tune-text.js';
import { expectGolden } from './golden-file.js';

const SCENARIO = parseScenario(
  `name: invented
machine: { processors: 2 }
sources:
  - { name: nic, irql: 5, isr: 1us, arrivals: { poisson: 1k/s },
      moderation: { time: 20001ns }, dpc: { target: 1, service: 1us } }
  - { name: disk, irql: 6, isr: 1us, arrivals: { poisson: 1k/s },
      moderation: { time: 20us, count: 3 }, dpc: { target: 1, service: 1us } }
  - { name: bare, irql: 6, isr: 1us, arrivals: { poisson: 1k/s } }
  - { name: "usb hub", irql: 6, isr: 1us, arrivals: { poisson: 1k/s },
      moderation: { count: 3 }, dpc: { target: 1, service: 1us } }
`,
  'invented.yaml',
);

/** What the rules are asked in, and how much it costs to ask and to wait there. */
interface Place {
  target: 'current' | 'other';
  importance: 'low' | 'high';
  words: string[];
  bits: number;
  inserts: number;
  asking: number;
  waiting: number;
}

const place = (
  [target, importance]: readonly ['current' | 'other', 'low' | 'high'],
  [words, bits]: readonly [string[], number],
  [inserts, asking, waiting]: readonly [number, number, number],
): Place => ({ target, importance, words, bits, inserts, asking, waiting });

const OTHER = ['other', 'high'] as const;
const PLACES: Place[] = [
  place(OTHER, [[], 0], [500, 300, 5_000]),
  place(OTHER, [['idle'], FACT_IDLE], [900, 800, 3_000]),
  place(OTHER, [['idle', 'over'], FACT_IDLE | FACT_OVER], [40, 10, 20_000]),
  place(['other', 'low'], [['over'], FACT_OVER], [300, 1, 40_000]),
  place(['current', 'low'], [[], 0], [700, 0, 30_000]),
];

/** Answers as if it had simulated: what each of the places costs under the rules, and settings. */
class InventedRunner {
  readonly asked: string[] = [];

  constructor(
    private readonly costs: (entry: Entry, seed: number) => Trade | null,
    private readonly half = 0.001,
  ) {}

  survey(policies: readonly Policy[]): Promise<ResultDocument> {
    const decisions = PLACES.map(({ target, importance, words, inserts }) => {
      return { target, importance, facts: words, inserts, threaded: false };
    });
    const threaded = { ...decisions[0], facts: ['rare'], threaded: true };
    const results = [
      { decisions: null },
      { decisions: [...decisions, threaded] },
      { decisions: decisions.slice(0, 2) },
    ];
    this.asked.push(`a survey of ${policies.map(({ name }) => name).join(' ')}`);
    return Promise.resolve({ results } as unknown as ResultDocument);
  }

  trades(entries: readonly Entry[], seed: number): Promise<(Trade | null)[]> {
    this.asked.push(`${entries.length} trades from ${seed}`);
    return Promise.resolve(entries.map((entry) => this.costs(entry, seed)));
  }

  compare(first: Entry, others: readonly Entry[], seed: number): Promise<Effects[]> {
    const names = others.map(({ policy }) => policy.name).join(' ');
    this.asked.push(`${first.policy.name} against ${names} from ${seed}`);
    const from = this.costs(first, seed);
    const effects = others.map((other): Effects => {
      const to = this.costs(other, seed);
      if (from === null || to === null) return [null, null];
      return [compared(from[0], to[0], this.half), compared(from[1], to[1], this.half)];
    });
    return Promise.resolve(effects);
  }
}

/** With intervals of so much on both sides. */
function compared(first: number, other: number, half: number): FigureComparison {
  const difference = other - first;
  const ratio = first === 0 ? null : other / first;
  const reach = half * Math.max(first, other);
  const isApart = Math.abs(difference) > reach;
  const told = difference > 0 ? 'higher' : 'lower';
  return {
    first,
    other,
    difference,
    differenceInterval: { low: difference - reach, high: difference + reach },
    ratio,
    ratioInterval: ratio === null ? null : { low: ratio * (1 - half), high: ratio * (1 + half) },
    verdict: first === other ? 'same' : isApart ? told : 'indistinguishable',
  };
}

function costOf({ policy, settings }: Entry, places: readonly Place[] = PLACES): Trade {
  let [asking, waiting] = [0, 1_000];
  for (const one of places) {
    const isAsked = conditionHolds(policy[one.target][one.importance], one.bits);
    if (isAsked) asking += one.asking;
    else waiting += one.waiting;
  }
  const held = settings.filter((text) => text.includes('moderation')).length;
  return [asking * 0.9 ** held, waiting + (policy.insert.high === 'tail' ? 2 : 0) + 900 * held];
}

const FIGURES = ['ipisPerThousand', 'dpcWait.p99'] as const;
const runnerOf = (costs: (entry: Entry, seed: number) => Trade | null, half?: number): TuneRunner =>
  new InventedRunner(costs, half) as unknown as TuneRunner;

async function told(
  runner: TuneRunner,
  options: Partial<Parameters<typeof tune>[3]> = {},
): Promise<string> {
  const stages: string[] = [];
  const result = await tune(SCENARIO, runner, FIGURES, {
    budget: 60,
    seed: 5,
    rulesOnly: false,
    others: [],
    onProgress: ({ all, done, simulated }) => stages.push(`${done}/${all} ${simulated}`),
    onStage: (what) => stages.push(what),
    ...options,
  });
  return [
    ...(runner as unknown as InventedRunner).asked,
    ...stages,
    formatTune(result),
    winnersYaml(result, 'dpcbench tune invented.yaml'),
    frontYaml(result, 'dpcbench tune invented.yaml'),
  ].join('\n');
}

describe('as before is what a tuning finds, and how it is told', () => {
  it('where rules can be better than those of vista, with settings and without', async () => {
    const others = [
      ['better', ({ policy }: Entry): Trade => (policy.name === 'vista' ? [9, 9] : [4, 9])],
      ['worse', ({ policy }: Entry): Trade => (policy.name === 'vista' ? [4, 9] : [9, 9])],
      ['a trade', ({ policy }: Entry): Trade => (policy.name === 'vista' ? [4, 9] : [9, 4])],
      ['alike', (): Trade => [1000, 9]],
      ['almost alike', ({ policy }: Entry): Trade => [policy.name === 'vista' ? 1000 : 1005, 0]],
      ['unknown', (): null => null],
    ].map(([name, costs]) => {
      return { name: name as string, runner: () => runnerOf(costs as () => Trade | null) };
    });
    const texts = [
      await told(
        runnerOf((entry) => costOf(entry)),
        { others },
      ),
      await told(
        runnerOf((entry) => costOf(entry)),
        { rulesOnly: true, seed: 2, budget: 30 },
      ),
    ];
    expectGolden('searches/tuned.txt', texts.join('\n====\n'));
  });

  it('where they cannot, where chance chose, and where nothing has samples', async () => {
    const isBase = ({ policy }: Entry): boolean =>
      ['high', 'low'].every((importance) => {
        const own = policy.other[importance as 'high'];
        return conditionHolds(own, FACT_IDLE) && !conditionHolds(own, 0);
      });
    const texts = [
      await told(runnerOf(() => [10, 10])),
      await told(runnerOf((entry, seed) => (seed > 6 ? [5, 5] : costOf(entry)))),
      await told(
        runnerOf(() => null),
        { budget: 14 },
      ),
      await told(
        runnerOf((entry) => (isBase(entry) ? [100, 100] : costOf(entry))),
        { budget: 20 },
      ),
      await told(
        runnerOf((entry) => costOf(entry), 0.3),
        { budget: 40 },
      ),
    ];
    expectGolden('searches/not-tuned.txt', texts.join('\n====\n'));
  });

  it('where the front is long, or a figure is 0', () => {
    const change = { own: 'always', base: 'idle' };
    const changes = ['other.high', 'sources.nic.moderation', 'machine.poll', 'machinery'].map(
      (path) => ({ ...change, path }),
    );
    const effects: Effects[] = [
      [compared(0, 0, 0.1), compared(0, 50, 0.1)],
      [compared(50, 0, 0.1), null],
      [compared(1000, 999, 0.1), compared(1000, 2500, 0.01)],
    ];
    const winner = {
      policy: { name: 'tuned-1' },
      settings: ["sources.it's.fifo=3", 'machine.poll=2us'],
      preset: 'msdn',
      here: effects[2],
      reasons: changes.map((one, i) => ({ change: one, effects: effects[i % 3] })),
      seeds: [8, 9, 10].map((seed) => ({ seed })),
      elsewhere: [],
    };
    const entry = (i: number): unknown => {
      const text = `other.high: ${'idle or '.repeat(i)}over`;
      return { name: `front-${i}`, preset: i === 3 ? 'msdn' : '', trade: [i, 1e6 / 3 ** i], text };
    };
    const results = [16, 17].map((length) => ({
      scenario: 'it',
      figures: ['drains.count', 'isrWait.mean'],
      base: 'vista',
      baseTrade: length === 16 ? [3, 5] : null,
      tried: 1,
      cells: 1,
      front: Array.from({ length }, (_, i) => entry(i)),
      winners: [
        { ...winner, isHeld: true },
        { ...winner, isHeld: false, settings: [], preset: '' },
      ].slice(0, 17 - length + 1),
    }));
    const texts = results.map((result) => formatTune(result as unknown as TuneResult));
    expectGolden('searches/told.txt', texts.join('====\n'));
  });

  it('of two figures, what is better, worse, a trade, the same and not known', () => {
    const VALUES = [99, 99.4, 99.5, 100, 100.5, 100.6, 101, 0];
    const effects = [null, ...VALUES.map((value) => compared(100, value, 0.00001))];
    const lines = effects.flatMap((a) => {
      return effects.map((b) => `${a?.other} ${b?.other}: ${outcomeOf([a, b])}`);
    });
    expectGolden('searches/outcomes.txt', lines.join('\n') + '\n');
  });
});
