import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';

const SCENARIO = `name: "<it>"
machine: { processors: 2, background: { busy: { exponential: 50us }, idle: 50us } }
sources:
  - { name: nic, irql: 5, isr: 2us, arrivals: { poisson: 50000/s },
      dpc: { target: 1, importance: high, service: 4us } }
`;
const PARAMETERS = ['--param', 'machine.costs.dequeue=1us,9us', '-p', 'vista'];

describe('reports of a sweep', () => {
  let folder: string;
  let file: string;
  const read = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
  const sweep = async (...args: string[]): Promise<string[]> => {
    const sizes = ['-n', '4k', '--shards', '5', '--warmup', 'none'];
    await runCli(['sweep', file, ...sizes, ...PARAMETERS, '-o', join(folder, 'r'), ...args]);
    const rows = read('r', 'points.ndjson').trim().split('\n');
    return rows.map((line) => JSON.parse(line).report);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpcbench-sweep-'));
    file = join(folder, 'it.yaml');
    writeFileSync(file, SCENARIO);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are written once, and the page leads to them', async () => {
    const reports = await sweep('--reports', 'all');
    expect(new Set(reports).size).toBe(2);
    for (const report of reports) {
      expect(read('r', 'index.html')).toContain(`href="${report}">report`);
      expect(read('r', report)).toContain('<title>&lt;it&gt;');
    }
    const written = statSync(join(folder, 'r', reports[0])).mtimeMs;
    await sweep('--reports', 'front');
    expect(statSync(join(folder, 'r', reports[0])).mtimeMs).toBe(written);
  });

  it('tell the longest wait, the run over time, and the command that tells more', async () => {
    const [, report] = await sweep('--reports', 'all');
    const html = read('r', report);
    expect(html).toContain('<ol class="causes">');
    expect(html).toContain('-over-time">');
    const told = /class="longest-wait">.*<code><bdi>([^<]*)<\/bdi><\/code>/.exec(html)?.[1] ?? '';
    expect(told).toMatch(/^dpcbench worst .*--set machine.costs.dequeue=9us --policy vista/);
    const again = await runCli(told.split(' ').slice(1));
    const [, wait, unit] =
      /<h3 class="longest">.*?<\/span> ([\d.,]+)\u00a0([µmn]?s)/s.exec(html) ?? [];
    expect(again.out).toContain(`${wait} ${unit}`);
  });
});
