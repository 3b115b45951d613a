import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadCatalogScenario } from '../../src/disk/catalog.js';
import type { ResultDocument } from '../../src/result/document.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { PolicyTotal } from '../../src/run/merge.js';
import { figureNames, FIRST_SHARDS } from '../../src/run/precision.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { PairedBootstrap } from '../../src/stats/bootstrap.js';
import {
  parseFigurePath,
  readFigure,
  relativeHalfWidth,
  type UnknownFigure,
} from '../../src/stats/figure-path.js';

const catalogued = loadCatalogScenario('w8');
const LIMIT = 24;
const SHARD_INTERRUPTS = 4_000;
const scenario = {
  ...catalogued,
  policies: catalogued.policies.slice(0, 2),
  until: { timeNs: null, interrupts: FIRST_SHARDS * SHARD_INTERRUPTS },
};
const [first, second] = scenario.policies.map(({ name }) => name);

/** Asks for more than the shards can give, so that there are several rounds. */
function runTo(figure: string): Promise<ResultDocument> {
  const precision = { figure, target: 1e-9, limit: LIMIT };
  const options = { precision, shards: FIRST_SHARDS, warmup: 'none' } as const;
  return runBenchmark(scenario, options, executeInProcess);
}

it('a figure that is not known is told a dozen of those that are', () => {
  const names = Array.from({ length: 13 }, (_, i) => `policy-number-${i}`);
  const known = (count: number): string => {
    const policies = names.slice(0, count);
    try {
      parseFigurePath('X.ipis', { policies, sources: [], counters: [] });
    } catch (error) {
      return (error as UnknownFigure).hint;
    }
    return '';
  };
  expect(known(12)).toBe(`there are ${names.slice(0, 12).join(', ')}`);
  expect(known(13)).toBe(`there are ${names.slice(0, 12).join(', ')}, …`);
});

describe('a run to a precision', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    `${second}.dpcWait.mean`,
    `${second}.dpcWait.p99`,
    `${first}.drains`,
    `${second}.dpcsPerThousand`,
    `${second}.ratio.dpcWait.p99`,
    `${second}.ratio.drains`,
  ])('reaches for %s what the result says of it', async (figure) => {
    const document = await runTo(figure);
    const path = parseFigurePath(figure, figureNames(scenario));
    expect(document.meta.shards).toBe(LIMIT);
    const reached = relativeHalfWidth(readFigure(document, path));
    expect(reached).toBeGreaterThan(0);
    expect(document.meta.precision?.reached).toBe(reached);
  });

  it('makes one result, and in each round compares one figure', async () => {
    const results = vi.spyOn(PolicyTotal.prototype, 'result');
    const rounds = vi.spyOn(PolicyTotal.prototype, 'machine');
    const drawn = vi.spyOn(PairedBootstrap.prototype, 'intervals');
    const { answer, comparisons } = await runTo(`${second}.ratio.dpcWait.p99`);
    expect(results).toHaveBeenCalledTimes(scenario.policies.length);
    // The result in the end looks at the machine once more.
    const roundCount = rounds.mock.calls.length / scenario.policies.length - 1;
    expect(roundCount).toBeGreaterThan(1);
    const compared = [
      ...Object.values(comparisons[0].perThousand),
      ...Object.values(comparisons[0].latency).flatMap((figures) => Object.values(figures)),
      ...answer!.figures.map(({ comparison }) => comparison),
    ].filter((figure) => (figure?.differenceInterval ?? null) !== null);
    expect(compared.length).toBeGreaterThan(10);
    expect(drawn).toHaveBeenCalledTimes(compared.length + roundCount);
  });
});
