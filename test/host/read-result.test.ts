import { describe, expect, it } from 'vitest';
import { readResult } from '../../src/export/read-result.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { resolveScenario } from '../../src/scenario/parse.js';

const scenario = resolveScenario({
  machine: { processors: 1 },
  sources: [{ name: 'a', irql: 5, isr: '1us', arrivals: { at: [5, 9] }, dpc: { service: '1us' } }],
  policies: ['vista'],
  until: { time: '20us' },
});
const document = await runBenchmark(scenario, { warmup: 'none' }, executeInProcess);

function refusal(text: string): string {
  try {
    readResult(text, 'x.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was read';
}

describe('a result out of a file', () => {
  it('may begin with a byte order mark', () => {
    expect(readResult(`\ufeff${JSON.stringify(document)}`, 'x.json')).toEqual(document);
    const wrong = `\ufeff${JSON.stringify({ ...document, warnings: 5 }, null, 1)}`;
    expect(refusal(wrong)).toMatch(/^x\.json:\d+:14: warnings: expected /);
  });

  it('is refused as of another version by at most 40 letters of it', () => {
    const of = (schema: unknown): string => refusal(JSON.stringify({ ...document, schema }));
    const name = `dpcbench-result/${'9'.repeat(24)}`;
    expect(of(name)).toContain(`x.json: schema: "${name}" is another version`);
    expect(of(`${name}9`)).toContain(`schema: "${name}…" is another version`);
    expect(of('other/1')).toContain('this is no result of dpcbench');
    expect(of(7)).toContain('this is no result of dpcbench');
  });

  it('is refused with its first five problems, each at its place', () => {
    const problems = (count: number): string[] => {
      const names = ['seed', 'shards', 'processors', 'durationNs', 'interrupts', 'kernelHash'];
      const meta: Record<string, unknown> = { ...document.meta };
      for (const name of names.slice(0, count)) meta[name] = [];
      return refusal(JSON.stringify({ ...document, meta }, null, 1)).split('\n');
    };
    expect(problems(1)).toEqual([expect.stringMatching(/^x\.json:\d+:11: meta\.seed: /)]);
    expect(problems(5)).toHaveLength(5);
    expect(problems(6)).toHaveLength(6);
    expect(problems(6)[5]).toBe('x.json: further problems, after these 5, are not shown');
  });

  it('is refused where it ends early, at that place', () => {
    expect(refusal('{"schema": ')).toMatch(/^x\.json:1:12: this is not JSON: /);
    expect(refusal('{"a": 1, "a": 2}')).not.toContain('this is not JSON');
  });
});
