import { describe, expect, it } from 'vitest';
import {
  CELL_SUPPRESSED,
  CELL_THREADED,
  CELL_THREADED_SUPPRESSED,
  CELL_WORD_BITS,
  DECISION_BUCKETS,
} from '../../assembly/shared/abi.js';
import { FACTS } from '../../src/policy/facts.js';
import { IMPORTANCES, type Policy } from '../../src/policy/policy.js';
import { findPreset } from '../../src/policy/presets.js';
import type { CensusCell } from '../../src/result/census.js';
import type { Decision } from '../../src/result/decision-shape.js';
import { addWaits, decisionsOf } from '../../src/result/decisions.js';
import type { ResultDocument } from '../../src/result/document.js';
import { explain, explainDecisions } from '../../src/stats/explain.js';
import type { FitDocument } from '../../src/stats/fit.js';
import { countVerdicts, fitAnswer, fitNotes, fitSentences } from '../../src/stats/fit-sentence.js';
import { evaluateRegression, formatChange, formatValue } from '../../src/stats/gate.js';
import { expectGolden } from './golden-file.js';
import { Pick } from './pick.js';

const named = (name: string): Policy => findPreset(name)!;

function wait(pick: Pick, count: number): Decision['wait'] {
  const lowNs = [0, 64, 2048, 1 << 20];
  const counts = [count, pick.of(0, 1), pick.of(2, 40), 1].map((each) => Math.max(1, each));
  const of = addWaits([
    { lowNs, counts, sumNs: 100 * count, maxNs: 2_000_000 } as Decision['wait'],
  ]);
  return of;
}

function drawDecisions(pick: Pick): Decision[] {
  return (['current', 'other'] as const).flatMap((target) =>
    IMPORTANCES.flatMap((importance) =>
      pick.some(0, 1, 2, 3, 4, 5).flatMap((place): Decision[] => {
        const threaded = pick.of(false, false, false, false, true);
        const facts = threaded ? [] : FACTS.slice(0, place).map(({ word }) => word);
        const inserts = pick.of(0, 1, 20, 1500);
        const requests = ['none', 'local', 'ipi', 'suppressed'] as const;
        const request = pick.of(...requests);
        return [
          { target, importance, threaded, facts, request, inserts, wait: wait(pick, inserts) },
        ];
      }),
    ),
  );
}

describe('as before is told', () => {
  it('which rules made a difference, situation by situation', () => {
    const lines = Array.from({ length: 8 }, (_, seed) => {
      const pick = new Pick(seed);
      const pair = pick.of(['pre-vista', 'vista'], ['vista', 'nt52'], ['msdn', 'vista', 'nt52']);
      const counted = pair.map((name) => {
        return { policy: named(name), decisions: drawDecisions(pick) };
      });
      const { sentences, situations } = explainDecisions(counted);
      return [
        `# ${seed}: ${pair.join(' ')}`,
        ...sentences,
        ...situations.map(({ brief, differs, figures, words }) => {
          const told = figures.map(({ asks, inserts, ipis, local, rule, suppressed, wait }) => {
            const numbers = [inserts, local, ipis, suppressed, wait.count, wait.p50Ns, wait.p99Ns];
            return `${asks ? 'asks' : 'waits'} by ${rule} ${numbers.join(' ')}`;
          });
          return `${differs ? '* ' : ''}${words} (${brief}): ${told.join(' | ')}`;
        }),
      ].join('\n');
    });
    expectGolden('sentences/causes.txt', lines.join('\n') + '\n');
  });

  it('how well a recording is predicted', () => {
    const verdicts = ['met', 'missed', 'too few samples', 'too coarse'] as const;
    const lines = Array.from({ length: 16 }, (_, seed) => {
      const pick = new Pick(seed);
      const vectors = Array.from({ length: pick.of(1, 2, 3) }, (__, i) => {
        const percentiles = { p50Ns: 1000, p90Ns: 5000, p99Ns: 90_000 };
        const ratio = (): number => pick.of(0.5, 0.05, 1.2, 1.9949, 1.995, 3, 12.5);
        const verdict = (): (typeof verdicts)[number] => pick.of(...verdicts, 'met', 'missed');
        return {
          name: pick.of('softirq/', '') + ['NET_RX', 'TIMER', 'BLOCK'][i],
          before: { p50Ns: pick.of(null, 900), p90Ns: 5000, p99Ns: pick.of(null, 270_000) },
          recorded: percentiles,
          ratio: { p50Ns: ratio(), p90Ns: ratio(), p99Ns: ratio() },
          verdict: { p50Ns: verdict(), p90Ns: verdict(), p99Ns: verdict() },
        };
      });
      const entries = (): unknown[] =>
        Array.from({ length: pick.of(0, 1, 2) }, () => ({
          lateCount: pick.of(0, 0, 1, 2),
          entry: { count: pick.of(1, 700), maxNs: pick.of(10, 5_000_000) },
        }));
      const document = {
        meta: { spanNs: 3e9, halfNs: 1.2e9 },
        calibration: { afterRaise: entries(), afterHandler: entries(), beforeHandler: [] },
        vectors,
      } as unknown as FitDocument;
      return [
        `# ${seed} ${JSON.stringify(countVerdicts(document.vectors))}`,
        fitAnswer(document),
        ...fitSentences(document),
        fitNotes(document).length,
      ].join('\n');
    });
    expectGolden('sentences/fits.txt', lines.join('\n') + '\n');
  });

  it('by how much a figure has changed, and what a gate says of it', () => {
    const pairs = [
      [0, 0],
      [0, 1],
      [1, 0],
      [7, 7],
      [100, 100.4],
      [100, 129],
      [100, 129.1],
      [1000, 2],
      [3, 32.97],
      [3, 33],
      [1, 12_345],
      [1.5, 1.25],
      [1e15, 1e15 + 2],
    ] as const;
    const lines = pairs.flatMap(([before, now]) => {
      const values = (['ns', 'count', 'ratio'] as const).map((unit) => formatValue(now, unit));
      const paths = (['ns', 'count'] as const).map((unit) => ({ text: `vista.${unit}`, unit }));
      const difference = { low: now - before - 1, high: now - before + 1 };
      const estimates = [
        undefined,
        { difference, ratio: null, verdict: 'higher', isExact: false },
        { difference: null, ratio: null, verdict: 'unknown', isExact: false },
        { difference, ratio: null, verdict: 'same', isExact: false },
        { difference, ratio: null, verdict: 'higher', isExact: true },
      ] as const;
      const figures = paths.flatMap((path) =>
        estimates.map((estimate) => ({ path, before, now, estimate })),
      );
      const told = [0, 29].flatMap((percent) =>
        evaluateRegression({ figures: figures as never }, percent).map(
          ({ message, name, status }) => `  ${name}: ${status}, ${message}`,
        ),
      );
      return [`${before} ${now}: ${formatChange(before, now)} | ${values.join(' | ')}`, ...told];
    });
    const path = { text: 'vista.ipis', unit: 'count' };
    const missing = [
      { path, before: null, now: 1 },
      { path, before: 1, now: null },
      { path, before: null, now: null },
    ];
    const withheld = evaluateRegression({ figures: missing as never }, 5);
    const edges = [5, 5.5, 6, 4.9].map((low) => {
      const estimate = { difference: { low, high: 5.5 }, verdict: 'higher', isExact: false };
      const at = (percent: number): string =>
        evaluateRegression(
          { figures: [{ path, before: 100, now: 106, estimate }] as never },
          percent,
        )[0].status;
      return `from ${low} to 5.5: ${[5, 5.5, 6].map(at).join(' ')}`;
    });
    const said = withheld.map(({ message, status }) => `${status}: ${message}`);
    expectGolden('sentences/changes.txt', [...lines, ...said, ...edges].join('\n') + '\n');
  });
});

describe('decisions that were counted', () => {
  const cell = (number: number, buckets: number[] = [], counts: number[] = []): CensusCell => ({
    cell: number,
    inserts: number,
    sumNs: 5n,
    maxNs: 9,
    buckets: Uint16Array.from(buckets),
    counts: Float64Array.from(counts),
  });

  it('are those of their cell: who was asked, in which state, and what came of it', () => {
    const facts = (1 << CELL_WORD_BITS) - 1;
    const of = (number: number, policy = 'vista'): string => {
      const [one] = decisionsOf([cell(number)], named(policy));
      const words = `${one.target} ${one.importance}${one.threaded ? ' threaded' : ''}`;
      return `${words}: ${one.request} [${one.facts.join(' ')}]`;
    };
    const conditions = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => i << CELL_WORD_BITS);
    expect([
      ...conditions.map((at) => of(at)),
      of(conditions[7] + 1),
      of(conditions[0] + facts),
      of(conditions[4] + CELL_SUPPRESSED),
      of(conditions[4] + CELL_SUPPRESSED, 'msdn'),
      of(conditions[6] + CELL_SUPPRESSED + 1),
      of(CELL_THREADED),
      of(CELL_THREADED + 5),
      of(CELL_THREADED + CELL_THREADED_SUPPRESSED + 2),
    ]).toMatchInlineSnapshot(`
      [
        "current low: none []",
        "current medium: local []",
        "current high: local []",
        "current mediumHigh: local []",
        "other low: none []",
        "other medium: none []",
        "other high: none []",
        "other mediumHigh: none []",
        "other mediumHigh: none [over]",
        "current low: local [over slow rare idle polling deep]",
        "other low: none []",
        "other low: none []",
        "other high: none [over]",
        "current low threaded: local []",
        "other medium threaded: ipi []",
        "current high threaded: suppressed []",
      ]
    `);
  });

  it('have waits in buckets of which the last has no end', () => {
    const [{ wait }] = decisionsOf(
      [cell(0, [0, 64, DECISION_BUCKETS - 2, DECISION_BUCKETS - 1], [500, 600, 700, 3_000])],
      named('vista'),
    );
    expect(wait).toMatchInlineSnapshot(`
      {
        "count": 4800,
        "counts": [
          500,
          600,
          700,
          3000,
        ],
        "lowNs": [
          0,
          2048,
          133143986176,
          135291469824,
        ],
        "maxNs": 9,
        "p50Ns": 9,
        "p99Ns": 9,
        "sumNs": 5,
      }
    `);
    const [one] = decisionsOf([cell(0, [0, 64], [30_000, 5])], named('vista'));
    expect([one.wait.p50Ns, one.wait.p99Ns]).toEqual([9, 9]);
    const far = { ...cell(0, [1, 64, 65], [30, 40_000, 30_000]), maxNs: 1e12 };
    const [other] = decisionsOf([far], named('vista'));
    expect(other.wait).toMatchInlineSnapshot(`
      {
        "count": 70030,
        "counts": [
          30,
          40000,
          30000,
        ],
        "lowNs": [
          32,
          2048,
          2112,
        ],
        "maxNs": 1000000000000,
        "p50Ns": 2111,
        "p99Ns": 2175,
        "sumNs": 5,
      }
    `);
  });

  it('add up, waits of one bucket together', () => {
    const parts = [
      { lowNs: [2048, 4096], counts: [1, 2], sumNs: 10, maxNs: 5000 },
      { lowNs: [0, 2048], counts: [3, 4], sumNs: 20, maxNs: 2100 },
    ] as Decision['wait'][];
    expect(addWaits(parts)).toMatchObject({
      count: 10,
      sumNs: 30,
      maxNs: 5000,
      lowNs: [0, 2048, 4096],
      counts: [3, 5, 2],
    });
    expect(addWaits([])).toEqual({
      count: 0,
      sumNs: 0,
      maxNs: 0,
      p50Ns: null,
      p99Ns: null,
      lowNs: [],
      counts: [],
    });
  });

  it('are missed where a result has none, or does not know the policy', () => {
    const decisions: Decision[] = [];
    const of = (results: unknown[]) =>
      explain({ results, scenario: { policies: [named('vista')] } } as unknown as ResultDocument);
    expect(of([{ policy: 'vista', decisions }])).toEqual({ situations: [], sentences: [] });
    expect(() => of([{ policy: 'vista', decisions: null }])).toThrow(
      /^the result counts no decisions of "vista"/,
    );
    expect(() => of([{ policy: 'msdn', decisions }])).toThrow(/of "msdn"/);
  });
});
