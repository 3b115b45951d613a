import { expect, describe, it } from 'vitest';
import { loadCatalogScenario } from '../../src/disk/catalog.js';
import { formatComparison, formatGates } from '../../src/export/comparison.js';
import { formatExperiments } from '../../src/export/experiments.js';
import { formatExplanation } from '../../src/export/explanation.js';
import { formatFit } from '../../src/export/fit-table.js';
import { TextTable } from '../../src/export/text-table.js';
import { formatValidation } from '../../src/export/validation-table.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runExperiment } from '../../src/run/run-benchmark.js';
import { compareDocuments } from '../../src/stats/compare-documents.js';
import { compareResults } from '../../src/stats/compare-experiments.js';
import { explain } from '../../src/stats/explain.js';
import type { ExperimentResult } from '../../src/stats/compare-experiments.js';
import { fitRecording } from '../../src/study/fit-recording.js';
import { inventedRecording } from '../fixtures/recordings/invented-recording.js';
import { INVENTED_FIGURE } from '../fixtures/results/invented-validation.js';

const WIDTHS = [80, 70, 60] as const;

function simulate(ipiSendNs: number): Promise<ExperimentResult> {
  const { machine, ...scenario } = loadCatalogScenario('remote-completion');
  const costs = { ...machine.costs, ipiSendNs };
  const until = { timeNs: null, interrupts: 20_000 };
  const changed = { ...scenario, machine: { ...machine, costs }, until };
  return runExperiment(changed, { shards: 6, warmup: 'none' }, executeInProcess);
}

const [cheap, dear] = [await simulate(500), await simulate(5000)];

/** Every number of the narrow text stands in the wide one as it is. */
function expectWhole(narrow: string, wide: string): void {
  const numbers = new Set(wide.match(/[\d.,]*\d[\d.,]*/g));
  for (const number of narrow.match(/[\d.,]*\d[\d.,]*/g) ?? []) expect(numbers).toContain(number);
}

function expectFits(text: string, width: number): void {
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
}

describe('a table for a terminal', () => {
  const columns = [
    { width: 10, least: 4, rank: 0, align: 'left' },
    { width: 6, rank: 2 },
    { width: 6, rank: 1 },
    { width: 6, rank: 0 },
  ] as const;
  const cells = ['a-longer-name', '1', '22', '123456'];
  it.each([
    [40, 'a-longer-…      1     22 123456'],
    [31, 'a-longer-…      1     22 123456'],
    [27, 'a-lon…      1     22 123456'],
    [25, 'a-l…      1     22 123456'],
    [24, 'a-longer-…     22 123456'],
    [14, 'a-long… 123456'],
    [9, 'a… 123456'],
  ])('of %i columns shortens names, then leaves columns out, and cuts no number', (width, line) => {
    expect(new TextTable(columns, width).row(cells)).toBe(line);
  });
});

it.each([
  [20, ''],
  [21, '  and 1 more'],
])('of %i differences twenty are listed', (count, rest) => {
  const judged = compareResults(cheap, dear);
  if (judged.kind === 'documents') throw new Error('these are two experiments');
  const differences = Array.from({ length: count }, (_, i) => {
    return { path: `machine.costs.number${i}`, before: '1', now: '2' };
  });
  const text = formatExperiments(cheap.document, dear.document, { ...judged, differences });
  expect(text.match(/machine\.costs\.number/g)).toHaveLength(20);
  expect(text.split('\n').find((line) => / more$/.test(line)) ?? '').toBe(rest);
});

describe.each(WIDTHS)('at %i columns', (width) => {
  it('a comparison of two results fits, exact or not', () => {
    const { document } = cheap;
    const exact = compareDocuments(document, document);
    const text = formatComparison(document, document, exact, width);
    expectFits(text, width);
    expectWhole(text, formatComparison(document, document, exact));
    const judged = compareResults(cheap, dear);
    if (judged.kind === 'documents') throw new Error('these are two experiments');
    const said = formatExperiments(document, dear.document, judged, width);
    expectFits(said, width);
    expectWhole(said, formatExperiments(document, dear.document, judged));
    expectFits(formatExplanation(document, explain(document), width), width);
    const message = 'was 1.23 ms, is 2.46 ms, which is far more than the 5 % that are allowed here';
    const gate = { kind: 'threshold', name: 'vista.dpcWait.p99', status: 'fail', message } as const;
    expectFits(formatGates([gate], width), width);
  });

  it('a fit and a validation fit, with their verdicts', () => {
    const fitted = fitRecording(inventedRecording({ events: 3000 }));
    const text = formatFit(fitted, width);
    expectFits(text, width);
    expectWhole(text, formatFit(fitted));
    const validation = { interrupts: 1000, seed: 1, shards: 5, figures: [INVENTED_FIGURE] };
    const table = formatValidation({ schema: 'dpcbench-validation/1', ...validation }, width);
    expectFits(table, width);
    expect(table.split('\n')[1]).toMatch(/^Low if slow .* requests\/tick +10\.000 +12\.000 .*!$/);
  });
});

it('a fit leaves out the distance first where it is narrow, then the number of samples', () => {
  const fitted = fitRecording(inventedRecording({ events: 3000 }));
  const heads = Array.from({ length: 31 }, (_, i) => {
    const line = formatFit(fitted, 80 - i).split('\n')[2];
    return ['samples', 'KS'].filter((head) => line.includes(head)).join(' and ');
  });
  expect([...new Set(heads)]).toEqual(['samples and KS', 'samples', '']);
});
