import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LatencySummary, PolicyResult, ResultDocument } from '../../src/result/document.js';
import { runCli } from '../host/run-cli.js';
import { readVectors } from './read-vectors.js';
import type { Expectation, VectorSummary } from './read-vectors.js';

const vectors = readVectors();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-vectors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function summaryOf({ count, minNs, maxNs, sumNs }: LatencySummary): VectorSummary {
  return { count, min: minNs, max: maxNs, sum: sumNs };
}

function countersOf({ counters, latency }: PolicyResult): Expectation['counters'] {
  const { unserved: _, ...others } = counters;
  return {
    ...(others as Expectation['counters']),
    isrWait: summaryOf(latency.isrWait),
    dpcWait: summaryOf(latency.dpcWait),
    interruptToDpc: summaryOf(latency.interruptToDpc),
  };
}

describe.each(vectors)('$name', (vector) => {
  const { name, scenario } = vector;
  const written = (): string => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(scenario));
    return path;
  };

  it('is what run --json - prints', async () => {
    const { expected } = vector;
    const { code, out, err } = await runCli(['run', written(), '--json', '-']);
    expect([code, err]).toEqual([0, '']);
    const { results } = JSON.parse(out) as ResultDocument;
    expect(results.map(({ policy }) => policy)).toEqual(Object.keys(expected));
    for (const result of results) {
      expect(countersOf(result), result.policy).toEqual(expected[result.policy].counters);
      const keys = Object.keys(expected[result.policy].counters);
      expect(Object.keys(countersOf(result)), result.policy).toEqual(keys);
    }
  });

  it('is what trace prints, line by line', async () => {
    const path = written();
    for (const [policy, { events }] of Object.entries(vector.expected)) {
      const { code, out, err } = await runCli(['trace', path, '--policy', policy]);
      expect([code, err]).toEqual([0, '']);
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      expect(out === lines || out).toBe(true);
    }
  });
});
